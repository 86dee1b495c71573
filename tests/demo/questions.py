# SPDX-License-Identifier: Apache-2.0
"""What a person would ask of a cluster that has just come up, with the answers."""

from collections.abc import Mapping
from typing import Any

from demo.display import Display
from demo.failure import DemoFailed
from demo.medium import read_medium
from demo.world import World

KINDS = "clusters,machinedeployments,machines,scvmmproviders,scvmmclusters,scvmmmachines"
SHOWN_FILES = ("meta-data", "network-config")  # user-data holds secrets in a real cluster
VM_COLUMNS = ("name", "status", "cloud", "host", "cpu_count", "memory_mb", "owner")


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
    vms = world.ask_simulator("/vms")
    rows = [
        [_cell(vm, column) for column in (*VM_COLUMNS, "addresses")] for vm in sorted(vms, key=lambda vm: vm["name"])
    ]
    display.table((*VM_COLUMNS, "addresses"), rows)


def show_medium(world: World, display: Display, machine: str) -> None:
    """The files on the medium of a machine, with the content of those that hold no secrets."""
    name = world.medium_of(machine)
    found = list(world.library.rglob(name))
    if not found:
        raise DemoFailed(f"The medium {name} of machine {machine} is not in the library {world.library}.")
    files = read_medium(found[0])
    display.table(("file", "bytes"), [(file.name, len(file.content)) for file in files], title=name)
    for file in files:
        if file.name in SHOWN_FILES:
            display.say(f"\n--- {file.name}\n{file.content.decode().rstrip()}")


def _cell(vm: Mapping[str, Any], column: str) -> str:
    if column == "addresses":
        addresses = [
            address for adapter in vm.get("network_adapters") or () for address in adapter.get("addresses") or ()
        ]
        return ", ".join(addresses)
    value = vm.get(column)
    return "" if value is None else str(value)
