# SPDX-License-Identifier: Apache-2.0
"""What of a VM is not as it is asked for, and when it can be changed. It works on the shape "vm" alone."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from scvmm_sim.operations.host_file import is_called
from scvmm_sim.operations.wish import Wish

Shape = dict[str, Any]
Drift = dict[str, Any]

SETTINGS = {
    "name": "now",
    "description": "now",
    "tag": "now",
    "operating_system": "now",
    "start_action": "now",
    "checkpoint_type": "now",
    "stop_action": "off",
    "cpu_count": "off",
    "memory_mb": "off",
    "cpu_limit_for_migration": "off",
    "cpu_limit_functionality": "off",
    "enable_nested_virtualization": "off",
}


def compare_vm(shape: Shape, wish: Wish) -> list[Drift]:
    """Each difference with field, before, after, and mend: now, off (only while the VM is off) or never."""
    return [
        *_settings(shape, wish),
        *_place(shape, wish),
        *_memory(shape, wish),
        *(found for number in range(len(wish["disks"])) for found in _disk(shape, wish, number)),
        *(
            found
            for number, adapter in enumerate(wish["network_adapters"])
            for found in _adapter(shape, adapter, number)
        ),
        *_properties(shape, wish),
        *_fibre(shape, wish),
    ]


def _drift(field: str, before: Any, after: Any, mend: str) -> Drift:
    return {"field": field, "before": before, "after": after, "mend": mend}


def same_name(one: Any, other: Any) -> bool:
    """Whether two names mean one thing: VMM does not tell upper from lower case."""
    return str(one or "").casefold() == str(other or "").casefold()


def _settings(shape: Shape, wish: Wish) -> Iterator[Drift]:
    """The settings that are one value each. What VMM does not tell is not compared."""
    wished = {"name": wish.name, **wish.fields}
    for field, mend in SETTINGS.items():
        before, after = shape[field], wished[field]
        if after is None:
            continue
        if before is None:
            if field == "enable_nested_virtualization":
                # A server before VMM 2019: there is none, and none can be had.
                mend = "never"
                if not after:
                    continue
            elif field not in ("tag", "operating_system") or not after:
                continue
        elif before == after or (field == "operating_system" and same_name(before, after)):
            continue
        yield _drift(field, before, after, mend)


def _place(shape: Shape, wish: Wish) -> Iterator[Drift]:
    if wish["cloud"] and not same_name(shape["cloud"], wish["cloud"]):
        yield _drift("cloud", shape["cloud"], wish["cloud"], "never")
    path, group = str(shape["host_group"] or ""), str(wish["host_group"] or "")
    parts = path.casefold().split("\\")
    inside = path.casefold() == group.casefold() or path.casefold().startswith(group.casefold() + "\\")
    if group and path and not inside and group.casefold() not in parts:
        yield _drift("host_group", path, group, "never")
    for field in ("host", "host_cluster"):
        if wish[field] and not same_name(shape[field], wish[field]):
            yield _drift(field, shape[field], wish[field], "never")
    if wish["generation"] and not wish["template"] and shape["generation"] != wish["generation"]:
        yield _drift("generation", shape["generation"], wish["generation"], "never")
    sets = shape["availability_sets"]
    if wish["availability_set"] and (len(sets) != 1 or not same_name(sets[0], wish["availability_set"])):
        yield _drift("availability_set", sets, wish["availability_set"], "now")


def _memory(shape: Shape, wish: Wish) -> Iterator[Drift]:
    after = {name: value for name, value in (wish["dynamic_memory"] or {}).items() if value is not None}
    before = shape["dynamic_memory"]
    if wish["dynamic_memory"] is not None and (
        before is None or any(before[name] != value for name, value in after.items())
    ):
        yield _drift("dynamic_memory", before, after, "off")


def wished_disk(shape: Shape, wish: Wish, number: int) -> Shape | None:
    """The disk that a wished one became: its file is the one that is named, or has the number in its name."""
    file = wish["disks"][number].get("file")
    if file:
        return next((disk for disk in shape["disks"] if is_called(disk["name"] or "", file)), None)
    own = re.sub(r"[^A-Za-z0-9._-]", "_", wish.name) + f"-disk-{number}"
    found = [disk for disk in shape["disks"] if re.search(rf"-disk-{number}(\.[^.]*)?$", disk["name"] or "")]
    named = [disk for disk in found if same_name(re.sub(r"\.[^.]*$", "", disk["name"]), own)]
    return next(iter([*named, *found]), None)


def _disk(shape: Shape, wish: Wish, number: int) -> Iterator[Drift]:
    after, field = wish["disks"][number], f"disks[{number}]"
    before = wished_disk(shape, wish, number)
    if before is None:
        yield _drift(field, None, after, "off" if after.get("file") else "never")
        return
    if after.get("path") and not same_name(before["path"], after["path"]):
        yield _drift(f"{field}.path", before["path"], after["path"], "never")
    size = after["size_mb"]
    if size and before["size_mb"] < size:
        yield _drift(f"{field}.size_mb", before["size_mb"], size, "off")
    # VMM makes disks larger in whole GB: less than one more than what is asked for is as good.
    elif size and before["size_mb"] >= size + 1024:
        yield _drift(f"{field}.size_mb", before["size_mb"], size, "never")
    if not after["vhd"] and before["dynamic"] != after["dynamic"]:
        yield _drift(f"{field}.dynamic", before["dynamic"], after["dynamic"], "never")
    if after["iops_maximum"] and before["iops_maximum"] != after["iops_maximum"]:
        yield _drift(f"{field}.iops_maximum", before["iops_maximum"], after["iops_maximum"], "now")
    policy = after["storage_qos_policy"]
    if policy and not same_name(before["storage_qos_policy"], policy):
        yield _drift(f"{field}.storage_qos_policy", before["storage_qos_policy"], policy, "now")


def _adapter(shape: Shape, wish: Shape, number: int) -> Iterator[Drift]:
    field = f"network_adapters[{number}]"
    before = next((adapter for adapter in shape["network_adapters"] if adapter["slot"] == number), None)
    if before is None:
        yield _drift(field, None, wish["vm_network"], "off")
        return
    for name in ("vm_network", "vm_subnet"):
        if wish[name] and not same_name(before[name], wish[name]):
            yield _drift(f"{field}.{name}", before[name], wish[name], "now")
    if wish["mac_address"] and before["mac_address"] != wish["mac_address"]:
        yield _drift(f"{field}.mac_address", before["mac_address"], wish["mac_address"], "off")
    pools = [given["pool"] for given in before["static_addresses"]]
    if any(not any(same_name(pool, name) for pool in pools) for name in wish["static_ip_pools"]):
        yield _drift(f"{field}.static_ip_pools", pools, wish["static_ip_pools"], "off")


def _properties(shape: Shape, wish: Wish) -> Iterator[Drift]:
    """The custom properties that are asked for. One that has a value cannot be made empty."""
    for name, after in (wish["custom_properties"] or {}).items():
        before = next((value for key, value in shape["custom_properties"].items() if same_name(key, name)), None)
        if str(before or "") != str(after or ""):
            yield _drift(f"custom_properties.{name}", before, after, "now" if after else "never")


def _fibre(shape: Shape, wish: Wish) -> Iterator[Drift]:
    """The fibre channel adapters, which stay as they were made."""
    for number, after in enumerate(wish["fibre_channel"]):
        there = shape["fibre_channel"]
        before = there[number] if number < len(there) else None
        names = ("classification", "virtual_san")
        if before is None or any(after[name] and not same_name(before[name], after[name]) for name in names):
            yield _drift(f"fibre_channel[{number}]", before, after, "never")
