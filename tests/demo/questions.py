# SPDX-License-Identifier: Apache-2.0
"""What a person would ask of a cluster that has just come up, with the answers."""

import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from demo.display import Display
from demo.failure import DemoFailed
from demo.medium import read_medium
from demo.world import World

KINDS = "clusters,machinedeployments,machines,scvmmproviders,scvmmclusters,scvmmmachines"
SHOWN_FILES = ("meta-data", "network-config")  # user-data holds secrets in a real cluster
VM_COLUMNS = {
    "name": "Name",
    "status": "Status",
    "host": "HostName",
    "CPUs": "CPUCount",
    "MB": "Memory",
    "guest's name": "ComputerName",
}
FURTHER_COLUMNS = ("addresses", "owner in the mark")
OWNER = re.compile(r"^\[capi\.scvmm owner=(\S+) ", re.MULTILINE)


def ask(world: World, display: Display, machine: str) -> None:
    """Show the objects, one machine in detail, the VMs that VMM has, and the medium that machine's VM booted from."""
    for arguments in (("get", KINDS), ("describe", "scvmmmachine", machine)):
        display.step(f"kubectl {' '.join(arguments)}")
        display.say(world.run_kubectl(*arguments).rstrip())
    display.step("The VMs that VMM has now")
    show_vms(world, display)
    display.step(f"The medium that the VM of {machine} booted from")
    show_medium(world, display, machine)


def show_vms(world: World, display: Display) -> None:
    """A table of the simulator's VMs."""
    vms = sorted(world.ask_simulator("/vms"), key=lambda vm: str(vm["Name"]))
    display.table((*VM_COLUMNS, *FURTHER_COLUMNS), [_vm_row(vm) for vm in vms])


def show_medium(world: World, display: Display, machine: str) -> None:
    """The files on the medium of a machine, with the content of those that hold no secrets."""
    found = [medium for medium in world.ask_simulator("/media") if medium["vm"] == machine]
    if not found:
        raise DemoFailed(f"No drive of VM {machine} holds a medium.")
    files = read_medium(Path(found[0]["file"]))
    display.say(f"{found[0]['name']}, in the VM's own folder: the library's file went when the VM was started")
    display.table(("file", "bytes"), [(file.name, len(file.content)) for file in files])
    for file in files:
        if file.name in SHOWN_FILES:
            display.say(f"\n--- {file.name}\n{file.content.decode().rstrip()}")


def _vm_row(vm: Mapping[str, Any]) -> list[object]:
    addresses = [address for adapter in vm["VirtualNetworkAdapters"] for address in adapter["IPv4Addresses"]]
    owner = OWNER.search(vm["Description"] or "")
    plain = ["" if vm[key] is None else vm[key] for key in VM_COLUMNS.values()]
    return [*plain, ", ".join(addresses), owner.group(1) if owner else ""]
