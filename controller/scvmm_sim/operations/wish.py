# SPDX-License-Identifier: Apache-2.0
"""The request of vm_present, read and checked before anything is looked up."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

from scvmm_sim.operations.fields import BAD_REQUEST, Fields, OperationError
from scvmm_sim.operations.host_file import apart
from scvmm_sim.operations.mark import check_markable

START_ACTIONS = ("NeverAutoTurnOnVM", "AlwaysAutoTurnOnVM", "TurnOnVMIfRunningWhenVSStopped")
STOP_ACTIONS = ("SaveVM", "TurnOffVM", "ShutdownGuestOS")
CHECKPOINT_TYPES = ("Disabled", "Production", "ProductionOnly", "Standard")
UPDATES = ("never", "when_off", "always")
VOLUME_TYPES = ("None", "Boot", "System", "BootAndSystem")
TEXTS = (
    "cloud",
    "host_group",
    "template",
    "hardware_profile",
    "operating_system",
    "availability_set",
    "description",
    "tag",
    "host",
    "host_cluster",
)


@dataclass(frozen=True)
class Wish:
    """What VM is wanted: `fields` holds what the request says, None for what it leaves open."""

    owner: str
    uid: str
    name: str
    fields: dict[str, Any]
    check: bool
    update: str
    unique_name: bool = False

    def __getitem__(self, field: str) -> Any:
        return self.fields.get(field)

    def told(self) -> dict[str, Any]:
        """All that is asked for, for the diff of a creation."""
        everything = {"owner": self.owner, "uid": self.uid, "name": self.name, **self.fields}
        return {name: value for name, value in everything.items() if value is not None and value != []}


def read_wish(request: Fields) -> Wish:
    """Read and check the request; raises OperationError for a wrong field."""
    owner, uid, name = (request.need_text(field) for field in ("owner", "uid", "name"))
    for field, value in (("owner", owner), ("uid", uid)):
        check_markable(request, field, value)
    request.guid("id")
    fields: dict[str, Any] = {field: request.text(field) for field in TEXTS}
    if fields["host"] and fields["host_cluster"]:
        raise OperationError(BAD_REQUEST, "Fields 'host' and 'host_cluster' exclude each other. Give one of them.")
    fields["generation"] = request.integer("generation", 1, 2)
    fields["cpu_count"] = request.integer("cpu_count", 1, 240)
    fields["memory_mb"] = request.integer("memory_mb", 32)
    fields["dynamic_memory"] = _memory(request.inner("dynamic_memory"))
    fields["disks"] = [_disk(disk, f"disks[{place}].") for place, disk in enumerate(request.objects("disks"))]
    fields["network_adapters"] = [_adapter(adapter) for adapter in request.objects("network_adapters")]
    fields["start_action"] = request.text("start_action", allowed=START_ACTIONS)
    fields["stop_action"] = request.text("stop_action", allowed=STOP_ACTIONS)
    fields["checkpoint_type"] = request.text("checkpoint_type", allowed=CHECKPOINT_TYPES)
    fields["cpu_limit_for_migration"] = request.flag("cpu_limit_for_migration")
    fields["cpu_limit_functionality"] = request.flag("cpu_limit_functionality")
    fields["enable_nested_virtualization"] = request.flag("enable_nested_virtualization")
    fields["custom_properties"] = request.mapping("custom_properties")
    fields["fibre_channel"] = [
        {"classification": adapter.text("classification"), "virtual_san": adapter.text("virtual_san")}
        for adapter in request.objects("fibre_channel")
    ]
    update = request.text("update", "never", allowed=UPDATES) or "never"
    unique = bool(request.flag("unique_name", False))
    return Wish(owner, uid, name, fields, bool(request.flag("check", False)), update, unique)


def check_complete(wish: Wish) -> None:
    """A VM that is to be made needs a place and something to be made of."""
    if not wish["cloud"] and not wish["host_group"]:
        raise OperationError(BAD_REQUEST, "Fields 'cloud' and 'host_group' are missing. Give at least one of them.")
    if not wish["template"] and not wish["hardware_profile"]:
        raise OperationError(BAD_REQUEST, "Fields 'template' and 'hardware_profile' are missing. Give one of them.")


def _memory(given: Fields | None) -> dict[str, int | None] | None:
    if given is None:
        return None
    return {
        "minimum_mb": given.integer("minimum_mb", 32),
        "maximum_mb": given.integer("maximum_mb", 32),
        "buffer_percent": given.integer("buffer_percent", 5, 2000),
    }


def _disk(given: Fields, prefix: str) -> dict[str, Any]:
    disk: dict[str, Any] = {
        "size_mb": given.integer("size_mb", 1, 67108864),
        "dynamic": given.flag("dynamic", True),
        "vhd": given.text("vhd"),
        "volume_type": given.text("volume_type", allowed=VOLUME_TYPES),
        "iops_maximum": given.integer("iops_maximum", 1),
        "storage_qos_policy": given.text("storage_qos_policy"),
    }
    disk |= apart(given, prefix)
    if disk["vhd"] and disk.get("file"):
        raise OperationError(
            BAD_REQUEST, f"Fields '{prefix}vhd' and '{prefix}file' exclude each other. Give one of them."
        )
    if not disk["vhd"] and not disk["size_mb"] and not disk.get("existing"):
        raise OperationError(BAD_REQUEST, f"Field '{prefix}size_mb' is missing. Give it, or a vhd of the library.")
    return disk


def _adapter(given: Fields) -> dict[str, Any]:
    adapter: dict[str, Any] = {"vm_network": given.need_text("vm_network"), "vm_subnet": given.text("vm_subnet")}
    mac = given.text("mac_address")
    if mac is not None:
        if not re.fullmatch(r"[0-9A-Fa-f]{2}([:-][0-9A-Fa-f]{2}){5}", mac):
            raise given.wrong("mac_address", "six bytes like 00:15:5d:01:02:03")
        mac = mac.replace("-", ":").lower()
    return {**adapter, "mac_address": mac, "static_ip_pools": given.texts("static_ip_pools")}
