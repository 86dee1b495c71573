# SPDX-License-Identifier: Apache-2.0
"""A module's arguments become the request of docs/operations.md, and its result becomes Ansible's."""

from __future__ import annotations

import importlib
from typing import Any

import pytest
import yaml
from ansible.module_utils.common.arg_spec import ArgumentSpecValidator

from .surroundings import ROOT

from ansible_collections.capi.scvmm.plugins.plugin_utils.declaration import (  # isort: skip
    Declaration,
    missing,
    request_of,
    result_of,
)

MODULES = (
    "vm", "vm_checkpoint", "vm_checkpoint_info", "vm_disk", "vm_info", "vm_power", "vm_media", "vm_refresh",
    "vm_mark", "vm_repair", "job_info", "vip",
)  # fmt: skip


def declaration(module: str) -> Declaration:
    """The table of *module*."""
    action = importlib.import_module(f"ansible_collections.capi.scvmm.plugins.action.{module}")
    found: Declaration = action.ActionModule.declaration
    return found


def request(module: str, arguments: dict[str, Any], check: bool = False) -> tuple[str, dict[str, Any]]:
    """Operation and request that *arguments* become."""
    table = declaration(module)
    checked = ArgumentSpecValidator(table.argument_spec, **table.constraints).validate(arguments)
    assert not checked.error_messages
    operation = table.operation(checked.validated_parameters)
    return operation.name, request_of(operation, checked.validated_parameters, check)


@pytest.mark.parametrize(
    ("module", "arguments", "operation", "fields"),
    [
        (
            "vm",
            {"owner": "ns/a", "uid": "u", "name": "a", "cpu_count": "4", "disks": [{"size_mb": 10}], "id": None},
            "vm_present",
            {"owner": "ns/a", "uid": "u", "name": "a", "cpu_count": 4, "disks": [{"size_mb": 10, "dynamic": True}]},
        ),
        ("vm", {"state": "absent", "uid": "u", "name": "a", "cloud": "c"}, "vm_absent", {"uid": "u"}),
        ("vm_power", {"state": "off", "id": "i", "method": "turn_off"}, "vm_power",
         {"state": "off", "id": "i", "method": "turn_off"}),
        ("vm_power", {"state": "running", "id": "i", "method": "shutdown"}, "vm_power",
         {"state": "running", "id": "i"}),
        ("vm_media", {"state": "ejected", "id": "i"}, "media_ejected", {"id": "i"}),
        ("vm_media", {"state": "absent", "file": "f", "id": "i"}, "media_absent", {"file": "f"}),
        ("vm_media", {"state": "attached", "uid": "u", "file": "f", "device": "dvd"}, "media_attached",
         {"uid": "u", "file": "f", "device": "dvd"}),
        ("vm_info", {"names": "a,b", "wait_seconds": 3}, "vm_info",
         {"names": ["a", "b"], "wait_seconds": 3.0, "marked": False}),
        ("job_info", {"ids": ["j"]}, "job_info", {"ids": ["j"]}),
    ],
)  # fmt: skip
def test_arguments_become_the_operations_fields(
    module: str, arguments: dict[str, Any], operation: str, fields: dict[str, Any]
) -> None:
    """Same names, right types, nothing that was not given, nothing that the operation does not have."""
    assert request(module, arguments) == (operation, fields)


@pytest.mark.parametrize("module", ["vm", "vm_power", "vm_media"])
def test_check_mode_goes_along_where_something_can_change(module: str) -> None:
    """The operation itself knows what would change."""
    arguments = {
        "vm": {"owner": "o", "uid": "u", "name": "n"},
        "vm_power": {"id": "i", "state": "off"},
        "vm_media": {"state": "ejected", "id": "i"},
    }[module]
    assert request(module, arguments, check=True)[1]["check"] is True
    assert "check" not in request(module, arguments)[1]


def test_looking_is_the_same_in_check_mode() -> None:
    """An operation that changes nothing has no check."""
    assert "check" not in request("vm_info", {}, check=True)[1]


@pytest.mark.parametrize(
    ("module", "parameters", "told"),
    [
        ("vm", {"state": "present", "owner": "o", "uid": "u"}, "option name is missing"),
        ("vm", {"state": "absent"}, "one of the options id, uid is missing"),
        ("vm_power", {"state": "off"}, "one of the options id, uid is missing"),
        ("vm_media", {"state": "absent"}, "option file is missing"),
        ("vm_media", {"state": "attached", "file": "f"}, "one of the options id, uid is missing"),
    ],
)
def test_what_an_operation_needs_is_named(module: str, parameters: dict[str, Any], told: str) -> None:
    """Nothing is sent that cannot succeed; the message names option and operation."""
    assert told in str(missing(declaration(module).operation(parameters), parameters))


def test_differences_become_before_and_after() -> None:
    """Ansible shows a diff from two dictionaries."""
    operation = declaration("vm").operations["present"]
    told = result_of(operation, {}, {"changed": True, "diff": [{"field": "cpu_count", "before": 2, "after": 4}]})
    assert (told["diff"], told["changed"]) == ({"before": {"cpu_count": 2}, "after": {"cpu_count": 4}}, True)


def test_what_changed_nothing_has_an_empty_diff() -> None:
    """A second run shows no difference."""
    operation = declaration("vm_power").operations["off"]
    assert result_of(operation, {"state": "off"}, {"changed": False})["diff"] == {"before": {}, "after": {}}


def test_seeing_a_change_is_not_making_one() -> None:
    """A long poll that ended because something is different has changed nothing itself."""
    operation = declaration("vm_info").operations[None]
    told = result_of(operation, {}, {"changed": True, "vms": []})
    assert (told["changed"], told["changed_since"], "diff" in told) == (False, True, False)


@pytest.mark.parametrize("module", MODULES)
def test_documented_options_are_those_that_are_taken(module: str) -> None:
    """What ansible-doc shows and what the module takes are the same: names, types, choices, defaults."""
    documented = yaml.safe_load((ROOT / f"collection/plugins/modules/{module}.yml").read_text())["DOCUMENTATION"]
    taken = declaration(module).options
    assert _shape(documented["options"], "suboptions") == _shape(taken, "options")


def _shape(options: dict[str, Any], nested: str) -> dict[str, Any]:
    kept = ("type", "choices", "default", "required", "elements")
    return {
        name: {
            **{key: about[key] for key in kept if about.get(key) not in (None, False) or key == "default" in about},
            "nested": _shape(about.get(nested) or {}, nested),
        }
        for name, about in options.items()
    }


def test_all_modules_are_in_the_action_group() -> None:
    """module_defaults of group/capi.scvmm.scvmm reach every module."""
    groups = yaml.safe_load((ROOT / "collection/meta/runtime.yml").read_text())["action_groups"]
    assert sorted(groups["scvmm"]) == sorted(MODULES)
