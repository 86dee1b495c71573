# SPDX-License-Identifier: Apache-2.0
"""AddVMSpec of a provider's extraFunctions: what it is told, and what is taken of its answer."""

from __future__ import annotations

import json
from typing import Any

import pytest
from capi_scvmm.add_vm_spec import taken, told
from capi_scvmm.hooks import function_of, hook_state
from capi_scvmm.kinds import InvalidField, ScvmmMachine, ScvmmProvider, later_fields
from capi_scvmm.kinds.boot import BootFields
from capi_scvmm.request import Placement, placement

from .scopes import a_machine

SOURCE = "prod/vmm (AddVMSpec)"


def the_machine() -> tuple[ScvmmMachine, Placement]:
    """A machine with two devices, and where it goes."""
    devices = [{"deviceName": "eth0", "vmNetwork": "k8s"}, {"deviceName": "eth1", "vmNetwork": "storage"}]
    machine = a_machine(networking={"domain": "example.com", "devices": devices}, metadata={"site": "north"})
    return machine, placement(machine, None, {}, None)


def a_provider(**functions: str) -> ScvmmProvider:
    """A provider with functions."""
    body = {"metadata": {"name": "vmm", "namespace": "prod"}, "spec": {"scvmmHost": "v", "extraFunctions": functions}}
    return ScvmmProvider.model_validate(body)


def answered(answer: Any) -> BootFields:
    """What is taken of an answer."""
    return taken(answer, *the_machine(), "vm-1", SOURCE)


def test_it_is_told_the_spec_as_it_takes_effect_and_the_metadata() -> None:
    """As JSON texts: the name of the VM, the networks, the labels."""
    spec, metadata = (json.loads(text) for text in told(*the_machine(), "vm-1"))
    assert (spec["vmName"], spec["networking"]["devices"][1]["vmNetwork"]) == ("vm-1", "storage")
    assert (metadata["name"], metadata["namespace"]) == ("node", "prod")


def test_addresses_names_and_meta_data_are_taken() -> None:
    """By device; a device without a name is eth0, as in manifests."""
    devices = [
        {"vmNetwork": "k8s", "ipAddresses": ["10.0.0.5/24"], "gateway": "10.0.0.1", "nameservers": ["10.0.0.2"]},
        {"deviceName": "eth1", "searchDomains": ["example.com"], "gateway": ""},
    ]
    spec = {"hostname": "web-1.example.com", "metadata": {"rack": "7"}, "networking": {"devices": devices}}
    boot = answered({"spec": spec})
    assert (boot.hook, boot.hostname, boot.metadata) == (SOURCE, "web-1.example.com", {"rack": "7"})
    assert boot.devices["eth0"].ip_addresses == ("10.0.0.5/24",) and boot.devices["eth0"].gateway == "10.0.0.1"
    assert boot.devices["eth1"].search_domains == ("example.com",)
    assert answered(spec) == boot


@pytest.mark.parametrize("answer", [None, {}, {"spec": {"cpuCount": 0, "tag": ""}}])
def test_empty_fields_change_nothing(answer: Any) -> None:
    """As in the Go provider, whose own function returns the spec as it is."""
    assert answered(answer) == BootFields(hook=SOURCE)
    same, _metadata = told(*the_machine(), "vm-1")
    assert answered({"spec": json.loads(same)}) == BootFields(hook=SOURCE)


@pytest.mark.parametrize(
    ("answer", "words"),
    [
        ("text", "Return an object"),
        ({"spec": {"cpuCount": 8}}, "only hostname, metadata and networking.devices"),
        ({"spec": {"networking": {"devices": "eth0"}}}, "Return a list of devices"),
        ({"spec": {"networking": {"devices": ["eth0"]}}}, "objects with deviceName"),
        ({"spec": {"networking": {"devices": [{"deviceName": "eth7", "gateway": "10.0.0.1"}]}}}, "no such device"),
        ({"spec": {"networking": {"devices": [{"ipAddresses": ["10.0.0.5"]}]}}}, "10.0.0.5/24"),
        ({"spec": {"metadata": {"instance-id": "x"}}}, "The controller sets it"),
    ],
)
def test_what_cannot_be_is_refused(answer: Any, words: str) -> None:
    """With field and remedy: a machine must not boot otherwise than its function says."""
    with pytest.raises(InvalidField, match=words):
        answered(answer)


def test_networking_that_is_no_object_names_no_device() -> None:
    """Only devices can be determined of it."""
    assert answered({"networking": "x"}).devices == {}


def test_the_function_does_what_a_hook_does_where_none_is_named() -> None:
    """A hook of the machine or provider outranks it; other functions are told to do nothing yet."""
    machine, _place = the_machine()
    state = hook_state(machine, a_provider(AddVMSpec="param($spec, $metadata)"), None)
    assert state is not None and (state.source, state.trouble) == (SOURCE, None)
    assert hook_state(machine, a_provider(Other="x"), None) is None
    assert function_of(None) is None
    assert later_fields(a_provider(AddVMSpec="x")) == []
    assert later_fields(a_provider(AddVMSpec="x", CreateVM="y")) == ["spec.extraFunctions"]
