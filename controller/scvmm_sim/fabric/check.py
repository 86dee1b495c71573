# SPDX-License-Identifier: Apache-2.0
"""Checks of a fabric that need the whole of it: names that must be unique, and names that must exist."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from scvmm_sim.fabric.model import Fabric, Template, VmNetwork

ROOT_GROUP = "All Hosts"


def reference_mistakes(fabric: Fabric) -> list[str]:
    """Every wrong reference and double name in *fabric*, each as one message with key, value and remedy."""
    return [
        *_double_names(fabric),
        *_host_group_mistakes(fabric),
        *_cloud_mistakes(fabric),
        *_network_mistakes(fabric),
        *_vm_mistakes(fabric),
    ]


def group_paths(fabric: Fabric) -> dict[int, str]:
    """Path of each host group (`All Hosts\\prod`) by index in the file; without those that lead not to the root."""
    paths: dict[int, str] = {}
    for _round in fabric.host_groups:
        for index, group in enumerate(fabric.host_groups):
            parent = _parent_path(group.parent, paths.values())
            if index not in paths and parent is not None:
                paths[index] = f"{parent}\\{group.name}"
    return paths


def _parent_path(parent: str, known: Iterable[str]) -> str | None:
    if parent.casefold() == ROOT_GROUP.casefold():
        return ROOT_GROUP
    return next((path for path in known if _named(path, parent)), None)


def _named(path: str, name: str) -> bool:
    return path.casefold() == name.casefold() or path.rsplit("\\", 1)[-1].casefold() == name.casefold()


def _double_names(fabric: Fabric) -> Iterator[str]:
    paths = group_paths(fabric)
    named = {
        "clouds": [c.name for c in fabric.clouds],
        "hardware_profiles": [p.name for p in fabric.hardware_profiles],
        "templates": [t.name for t in fabric.templates],
        "vhds": [v.name for v in fabric.vhds],
        "vm_networks": [n.name for n in fabric.vm_networks],
        "static_ip_pools": [pool.name for pool in fabric.static_ip_pools],
        "storage_qos_policies": list(fabric.storage_qos_policies),
        "storage_fabric_classifications": list(fabric.storage_fabric_classifications),
        "libraries": [f"\\\\{library.server}\\{library.share}" for library in fabric.libraries],
        "users": [u.username for u in fabric.users],
        "host_groups": [paths[index] for index in sorted(paths)],
        "hosts": [host.name for group in fabric.host_groups for host in group.hosts],
        "operating_systems": list(fabric.operating_systems),
    }
    for key, names in named.items():
        seen: set[str] = set()
        for name in names:
            if name.casefold() in seen:
                yield f"{key}: {name!r} is there twice. Give each its own name."
            seen.add(name.casefold())


def _host_group_mistakes(fabric: Fabric) -> Iterator[str]:
    paths = group_paths(fabric)
    for index, group in enumerate(fabric.host_groups):
        key = f"host_groups[{index}]"
        if "\\" in group.name:
            yield f"{key}.name: {group.name!r} holds a backslash. Write the name alone and its branch as parent."
        if index not in paths:
            yield (
                f"{key}.parent: {group.parent!r} is not a host group, or is below this one. "
                "Name one of host_groups, or leave parent out for the root."
            )
        for number, host in enumerate(group.hosts):
            for network in host.vm_networks or []:
                yield from _unknown(
                    f"{key}.hosts[{number}].vm_networks", network, "vm_networks", _network_names(fabric)
                )


def _cloud_mistakes(fabric: Fabric) -> Iterator[str]:
    known = [ROOT_GROUP, *group_paths(fabric).values()]
    for index, cloud in enumerate(fabric.clouds):
        for name in cloud.host_groups:
            matches = [path for path in known if _named(path, name)]
            key = f"clouds[{index}].host_groups"
            if not matches:
                yield from _unknown(key, name, "host_groups", known)
            elif len(matches) > 1 and name not in matches:
                yield f"{key}: {name!r} names several host groups ({', '.join(matches)}). Write the path of one."


def _vm_mistakes(fabric: Fabric) -> Iterator[str]:
    for number, vm in enumerate(fabric.vms):
        yield from _unknown(f"vms[{number}].template", vm.template, "templates", [t.name for t in fabric.templates])
        yield from _unknown(f"vms[{number}].cloud", vm.cloud, "clouds", [c.name for c in fabric.clouds])


def _network_mistakes(fabric: Fabric) -> Iterator[str]:
    for index, template in enumerate(fabric.templates):
        yield from _adapter_mistakes(f"templates[{index}]", template, fabric.vm_networks)
    for index, pool in enumerate(fabric.static_ip_pools):
        found = [network for network in fabric.vm_networks if network.name == pool.vm_network]
        key = f"static_ip_pools[{index}]"
        if not found:
            yield from _unknown(f"{key}.vm_network", pool.vm_network, "vm_networks", _network_names(fabric))
        else:
            names = [subnet.name for subnet in found[0].subnets]
            yield from _unknown(f"{key}.vm_subnet", pool.vm_subnet, "its subnets", names)


def _adapter_mistakes(key: str, template: Template, networks: list[VmNetwork]) -> Iterator[str]:
    for number, adapter in enumerate(template.network_adapters):
        where = f"{key}.network_adapters[{number}]"
        if adapter.vm_network is None:
            if adapter.vm_subnet is not None:
                yield f"{where}.vm_subnet: {adapter.vm_subnet!r} stands without a vm_network. Add vm_network."
            continue
        found = [n for n in networks if n.name == adapter.vm_network]
        if not found:
            yield from _unknown(f"{where}.vm_network", adapter.vm_network, "vm_networks", [n.name for n in networks])
        elif adapter.vm_subnet is not None:
            yield from _unknown(
                f"{where}.vm_subnet", adapter.vm_subnet, "its subnets", [s.name for s in found[0].subnets]
            )


def _network_names(fabric: Fabric) -> list[str]:
    return [network.name for network in fabric.vm_networks]


def _unknown(key: str, value: str, where: str, known: list[str]) -> Iterator[str]:
    if value not in known:
        yield f"{key}: {value!r} is not one of {where}. Write one of: {', '.join(known) or '(none is there: add it)'}."
