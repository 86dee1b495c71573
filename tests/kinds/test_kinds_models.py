# SPDX-License-Identifier: Apache-2.0
"""The types that the controller reads, and what they derive."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone
from typing import Any

import pydantic
import pytest
from capi_scvmm.kinds import (
    Condition,
    Connection,
    ControlPlaneEndpoint,
    NetworkDevice,
    ScvmmCluster,
    ScvmmMachine,
    ScvmmMachineStatus,
    ScvmmProvider,
    later_fields,
)

from kinds.manifests import good, manifest


def a_provider(namespace: str = "infra", **spec: Any) -> ScvmmProvider:
    """A provider of the server vmm.example.com."""
    body = manifest("ScvmmProvider", spec)
    body["metadata"]["namespace"] = namespace
    return ScvmmProvider.model_validate(body)


def test_models_are_frozen() -> None:
    """What was read from the API server is not changed in passing."""
    machine = ScvmmMachine.model_validate(manifest("ScvmmMachine"))
    with pytest.raises(pydantic.ValidationError):
        machine.spec = machine.spec  # type: ignore[misc]


def test_unknown_fields_are_left_aside() -> None:
    """A newer CRD may have more fields than this controller knows."""
    machine = ScvmmMachine.model_validate(manifest("ScvmmMachine", {"fromTheFuture": 1}))
    assert machine.spec.vm_template == "t"


def test_empty_text_is_no_text() -> None:
    """The Go provider's client writes empty strings where a field is absent."""
    machine = ScvmmMachine.model_validate(manifest("ScvmmMachine", {"cloud": "", "hostGroup": "", "vmName": ""}))
    assert (machine.spec.cloud, machine.spec.host_group) == (None, None)
    assert machine.vm_name == "thing"


def test_name_of_the_vm() -> None:
    """spec.vmName, else the name of the object."""
    assert ScvmmMachine.model_validate(manifest("ScvmmMachine", {"vmName": "web-1"})).vm_name == "web-1"


def test_status_is_written_as_manifests_have_it() -> None:
    """camelCase, absent fields left out, times in UTC and whole seconds."""
    noon = datetime(2026, 11, 23, 13, 0, 0, 999, tzinfo=timezone(timedelta(hours=1)))
    ready = Condition(type="Ready", status="True", last_transition_time=noon)
    written = ScvmmMachineStatus(vm_id="7", bios_guid="8", creation_time=noon, conditions=(ready,)).to_dict()
    assert written == {
        "vmId": "7",
        "biosGuid": "8",
        "creationTime": "2026-11-23T12:00:00Z",
        "addresses": [],
        "networkDevices": [],
        "conditions": [
            {
                "type": "Ready",
                "status": "True",
                "reason": "",
                "message": "",
                "lastTransitionTime": "2026-11-23T12:00:00Z",
            }
        ],
    }
    assert ScvmmMachineStatus.model_validate(written).creation_time == datetime(2026, 11, 23, 12, tzinfo=UTC)


@pytest.mark.parametrize("kind", [ScvmmMachine, ScvmmCluster, ScvmmProvider])
def test_condition_is_found_by_type(kind: type[ScvmmMachine | ScvmmCluster | ScvmmProvider]) -> None:
    """The one of that type, or none."""
    ready = {"type": "Ready", "status": "False", "lastTransitionTime": "2026-11-23T12:00:00Z"}
    body = manifest(kind.__name__) | {"status": {"conditions": [ready]}}
    status = kind.model_validate(body).status
    found = status.condition("Ready")
    assert found is not None and found.status == "False"
    assert status.condition("Paused") is None


@pytest.mark.parametrize(
    ("device", "wants"),
    [
        ({}, True),
        ({"dhcp4": False}, False),
        ({"ipAddresses": ["10.0.0.5/24"]}, False),
        ({"ipAddresses": ["10.0.0.5/24"], "dhcp4": True}, True),
        ({"addressesFromPools": [{"kind": "InClusterIPPool", "name": "p"}]}, False),
        ({"staticIPAddressPools": ["p"]}, False),
        ({"dhcp6": True}, False),
    ],
)
def test_device_without_any_address_asks_dhcp(device: dict[str, Any], wants: bool) -> None:
    """A device gets its address from somewhere, unless the manifest says that it does not."""
    assert NetworkDevice.model_validate({"vmNetwork": "n", **device}).wants_dhcp4 is wants


@pytest.mark.parametrize(
    ("endpoint", "given"),
    [
        ({}, False),
        ({"host": "a", "port": 0}, False),
        ({"host": "", "port": 6443}, False),
        ({"host": "a", "port": 1}, True),
    ],
)
def test_endpoint_is_given_with_host_and_port(endpoint: dict[str, Any], given: bool) -> None:
    """An empty endpoint is none."""
    assert ControlPlaneEndpoint.model_validate(endpoint).given is given


@pytest.mark.parametrize(
    ("connection", "port"), [({}, 5985), ({"scheme": "https"}, 5986), ({"scheme": "https", "port": 443}, 443)]
)
def test_port_follows_the_scheme(connection: dict[str, Any], port: int) -> None:
    """WSMan listens on 5985 for http and 5986 for https."""
    assert Connection.model_validate(connection).effective_port == port


@pytest.mark.parametrize(
    ("spec", "hosts"),
    [
        ({}, ("vmm.example.com",)),
        ({"execHost": "old"}, ("old",)),
        ({"execHost": "old", "execHosts": ["new", "newer"]}, ("new", "newer")),
        ({"execHosts": [""]}, ("vmm.example.com",)),
    ],
)
def test_exec_hosts(spec: dict[str, Any], hosts: tuple[str, ...]) -> None:
    """Those of execHosts, else execHost, else the VMM server itself."""
    assert a_provider(**spec).spec.effective_exec_hosts == hosts


def test_provider_without_list_lets_everybody_in() -> None:
    """As the Go provider does."""
    assert a_provider().allows("anybody")


def test_provider_with_list_lets_in_those_and_its_own() -> None:
    """An empty list closes it for all others."""
    assert a_provider(allowedNamespaces=["team-a"]).allows("team-a")
    assert not a_provider(allowedNamespaces=["team-a"]).allows("team-b")
    assert a_provider(allowedNamespaces=[]).allows("infra")
    assert not a_provider(allowedNamespaces=[]).allows("team-a")


def by_name(kind: str, name: str) -> dict[str, Any]:
    """One of the good manifests."""
    return next(each for each in good() if (each["kind"], each["metadata"]["name"]) == (kind, name))


def test_later_fields_of_a_machine() -> None:
    """There are none any more."""
    machine = ScvmmMachine.model_validate(by_name("ScvmmMachine", "go-every-field"))
    assert later_fields(machine) == []


def test_nothing_of_our_own_comes_later() -> None:
    """What we added to the Go provider's fields is there."""
    machine = ScvmmMachine.model_validate(by_name("ScvmmMachine", "ours"))
    assert later_fields(machine) == []


def test_later_fields_of_a_provider() -> None:
    """What the Go provider had and ours has not yet."""
    provider = ScvmmProvider.model_validate(by_name("ScvmmProvider", "go-every-field"))
    assert later_fields(provider) == [
        "spec.keepAliveSeconds",
        "spec.env",
    ]


def test_later_fields_of_a_cluster() -> None:
    """There are none."""
    cluster = ScvmmCluster.model_validate(by_name("ScvmmCluster", "go-every-field"))
    assert later_fields(cluster) == []


def test_nothing_comes_later_for_what_is_not_set() -> None:
    """Absent, empty, false and zero ask for nothing."""
    asks_nothing = {"disks": [{"size": "1Gi"}], "fibreChannel": [], "vmOptions": {"enableNestedVirtualization": False}}
    assert later_fields(ScvmmMachine.model_validate(manifest("ScvmmMachine", asks_nothing))) == []
    assert later_fields(a_provider(execHosts=["one", "two"], keepAliveSeconds=0, env={})) == []
