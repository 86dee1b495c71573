# SPDX-License-Identifier: GPL-3.0-or-later
"""Action ``capi.scvmm.vm``: a virtual machine that is there, or is gone."""

from __future__ import annotations

from ..plugin_utils.declaration import BeforeAfter, Declaration, Operation, Parameters, Result
from ..plugin_utils.operation_action import OperationAction

_TEXT = {"type": "str"}
_COUNT = {"type": "int"}
_FLAG = {"type": "bool"}

_OPTIONS = {
    "state": {"type": "str", "choices": ["present", "absent"], "default": "present"},
    "id": _TEXT,
    "uid": _TEXT,
    "owner": _TEXT,
    "name": _TEXT,
    "unique_name": _FLAG,
    "cloud": _TEXT,
    "host_group": _TEXT,
    "host": _TEXT,
    "host_cluster": _TEXT,
    "template": _TEXT,
    "hardware_profile": _TEXT,
    "generation": {"type": "int", "choices": [1, 2]},
    "cpu_count": _COUNT,
    "memory_mb": _COUNT,
    "dynamic_memory": {
        "type": "dict",
        "options": {"minimum_mb": _COUNT, "maximum_mb": _COUNT, "buffer_percent": _COUNT},
    },
    "operating_system": _TEXT,
    "disks": {
        "type": "list",
        "elements": "dict",
        "options": {
            "size_mb": _COUNT,
            "dynamic": {"type": "bool", "default": True},
            "vhd": _TEXT,
            "file": _TEXT,
            "path": _TEXT,
            "existing": _FLAG,
            "volume_type": {"type": "str", "choices": ["Boot", "System", "BootAndSystem", "None"]},
            "iops_maximum": _COUNT,
            "storage_qos_policy": _TEXT,
        },
    },
    "network_adapters": {
        "type": "list",
        "elements": "dict",
        "options": {
            "vm_network": _TEXT,
            "vm_subnet": _TEXT,
            "mac_address": _TEXT,
            "static_ip_pools": {"type": "list", "elements": "str"},
        },
    },
    "fibre_channel": {
        "type": "list",
        "elements": "dict",
        "options": {"classification": _TEXT, "virtual_san": _TEXT},
    },
    "availability_set": _TEXT,
    "description": _TEXT,
    "start_action": {
        "type": "str",
        "choices": ["NeverAutoTurnOnVM", "AlwaysAutoTurnOnVM", "TurnOnVMIfRunningWhenVSStopped"],
    },
    "stop_action": {"type": "str", "choices": ["SaveVM", "TurnOffVM", "ShutdownGuestOS"]},
    "checkpoint_type": {"type": "str", "choices": ["Disabled", "Production", "ProductionOnly", "Standard"]},
    "cpu_limit_for_migration": _FLAG,
    "cpu_limit_functionality": _FLAG,
    "enable_nested_virtualization": _FLAG,
    "tag": _TEXT,
    "custom_properties": {"type": "dict"},
    "keep_disks": {"type": "list", "elements": "str"},
    "keep_if_there": _FLAG,
    "update": {"type": "str", "choices": ["never", "when_off", "always"]},
}


def _removal(parameters: Parameters, result: Result) -> BeforeAfter:
    vm = result.get("vm") or {}
    return {"name": vm.get("name"), "id": vm.get("id"), "status": vm.get("status")}, {}


class ActionModule(OperationAction):
    """Start the creation, a change or the removal of a VM."""

    declaration = Declaration(
        options=_OPTIONS,
        operations={
            "present": Operation(
                "vm_present",
                fields=tuple(name for name in _OPTIONS if name not in ("state", "keep_disks", "keep_if_there")),
                required=("owner", "uid", "name"),
            ),
            "absent": Operation(
                "vm_absent", fields=("id", "uid", "keep_disks", "keep_if_there"), one_of=("id", "uid"), change=_removal
            ),
        },
    )
