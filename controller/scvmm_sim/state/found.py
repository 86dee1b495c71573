# SPDX-License-Identifier: Apache-2.0
"""Makes the world that a fabric describes."""

from __future__ import annotations

import ntpath
from pathlib import Path

from scvmm_sim.clock import Clock
from scvmm_sim.fabric.check import ROOT_GROUP, group_paths
from scvmm_sim.fabric.model import DEFAULT_OPERATING_SYSTEM, Fabric, HardwareProfile, Template
from scvmm_sim.state.address_pools import PoolRecord
from scvmm_sim.state.hardware import Adapter, Disk, Drive, ProfileRecord, TemplateRecord
from scvmm_sim.state.records import (
    CloudRecord,
    GroupRecord,
    HostRecord,
    LibraryServerRecord,
    NetworkRecord,
    PropertyRecord,
    ServerRecord,
    ShareRecord,
    SubnetRecord,
    SystemRecord,
    VhdRecord,
)
from scvmm_sim.state.storage import ClassificationRecord, QosRecord, SanRecord
from scvmm_sim.state.world import World


def found_world(fabric: Fabric, clock: Clock, library: Path, private: Path) -> World:
    """A world with all that *fabric* has; *library* holds the shares' files, *private* the VMs' own copies."""
    world = World(fabric, clock, library, private)
    user = fabric.users[0].username if fabric.users else ""
    world.add(ServerRecord(world.new_id(), fabric.server.name, fabric.server.version, user))
    _systems(world)
    _host_groups(world)
    _networks(world)
    for profile in fabric.hardware_profiles:
        world.add(_profile(world, profile))
    for template in fabric.templates:
        world.add(_template(world, template))
    for vhd in fabric.vhds:
        world.add(
            VhdRecord(
                world.new_id(),
                vhd.name,
                size_mb=vhd.size_gb * 1024,
                system=system_named(world, vhd.operating_system),
            )
        )
    for name in fabric.custom_properties:
        world.add(PropertyRecord(world.new_id(), name))
    _libraries(world)
    _storage(world)
    return world


def system_named(world: World, name: str) -> SystemRecord | None:
    """The operating system of that name."""
    return next((system for system in world.all(SystemRecord) if system.name.casefold() == name.casefold()), None)


def _systems(world: World) -> None:
    fabric = world.fabric
    names = [DEFAULT_OPERATING_SYSTEM, *fabric.operating_systems]
    names += [template.operating_system for template in fabric.templates] + [
        vhd.operating_system for vhd in fabric.vhds
    ]
    for name in dict.fromkeys(names):
        world.add(SystemRecord(world.new_id(), name))


def _host_groups(world: World) -> None:
    root = world.add(GroupRecord(world.new_id(), ROOT_GROUP, ROOT_GROUP))
    paths = group_paths(world.fabric)
    # Parents before children: a parent's path is shorter than those below it.
    for index, path in sorted(paths.items(), key=lambda item: item[1].count("\\")):
        described = world.fabric.host_groups[index]
        parent = next(group for group in world.all(GroupRecord) if group.path == ntpath.split(path)[0])
        group = world.add(GroupRecord(world.new_id(), described.name, path, parent))
        for host in described.hosts:
            reach = None if host.vm_networks is None else frozenset(host.vm_networks)
            record = HostRecord(world.new_id(), host.name, host.cpus, host.memory_mb, reach, group)
            record.cluster = host.cluster
            group.hosts.append(world.add(record))
            for san in host.virtual_sans:
                world.add(SanRecord(world.new_id(), san, record))
    for cloud in world.fabric.clouds:
        groups = [_group(world, name, root) for name in cloud.host_groups]
        world.add(CloudRecord(world.new_id(), cloud.name, groups))


def _group(world: World, name: str, root: GroupRecord) -> GroupRecord:
    wanted = name.casefold()
    known = world.all(GroupRecord)
    by_path = next((group for group in known if group.path.casefold() == wanted), None)
    return by_path or next((group for group in known if group.name.casefold() == wanted), root)


def _networks(world: World) -> None:
    for described in world.fabric.vm_networks:
        network = world.add(NetworkRecord(world.new_id(), described.name))
        for subnet in described.subnets:
            network.subnets.append(world.add(SubnetRecord(world.new_id(), subnet.name, subnet, network)))
    for pool in world.fabric.static_ip_pools:
        served = next(
            subnet
            for subnet in world.all(SubnetRecord)
            if subnet.name == pool.vm_subnet and subnet.network and subnet.network.name == pool.vm_network
        )
        world.add(PoolRecord(world.new_id(), pool.name, pool, served))


def _storage(world: World) -> None:
    for name in world.fabric.storage_qos_policies:
        world.add(QosRecord(world.new_id(), name))
    for name in world.fabric.storage_fabric_classifications:
        world.add(ClassificationRecord(world.new_id(), name))


def _profile(world: World, profile: HardwareProfile) -> ProfileRecord:
    return ProfileRecord(
        world.new_id(),
        profile.name,
        profile.generation,
        profile.cpu_count,
        profile.memory_mb,
        drives=[_drive(world, profile.generation)] if profile.dvd else [],
    )


def _drive(world: World, generation: int) -> Drive:
    # Generation 1 has its DVD on the second IDE channel, generation 2 behind the boot disk on SCSI.
    return Drive(world.new_id(), "DVD drive", bus=1 if generation == 1 else 0, lun=0 if generation == 1 else 1)


def _template(world: World, template: Template) -> TemplateRecord:
    record = TemplateRecord(world.new_id(), template.name, template.generation, template.cpu_count, template.memory_mb)
    record.system = system_named(world, template.operating_system)
    record.drives = [_drive(world, template.generation)] if template.dvd else []
    bus_type = "IDE" if template.generation == 1 else "SCSI"
    record.disks = [
        Disk(
            world.new_id(),
            f"{template.name}.vhdx",
            bus_type,
            size_mb=template.disk_gb * 1024,
            volume_type="BootAndSystem",
        )
    ]
    for slot, described in enumerate(template.network_adapters):
        adapter = Adapter(world.new_id(), f"{template.name} {slot}", slot)
        networks = [n for n in world.all(NetworkRecord) if n.name == described.vm_network]
        adapter.network = networks[0] if networks else None
        subnets = adapter.network.subnets if adapter.network else []
        adapter.subnet = next((s for s in subnets if described.vm_subnet in (None, s.name)), None)
        record.adapters.append(adapter)
    return record


def _libraries(world: World) -> None:
    for library in world.fabric.libraries:
        folder = Path(library.path) if library.path else world.library / library.server / library.share
        folder.mkdir(parents=True, exist_ok=True)
        if library.server not in [server.name for server in world.all(LibraryServerRecord)]:
            world.add(LibraryServerRecord(world.new_id(), library.server))
        world.add(
            ShareRecord(
                world.new_id(), library.share, library.server, folder, library.view_only, library.marked_for_deletion
            )
        )
