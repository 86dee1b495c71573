# SPDX-License-Identifier: Apache-2.0
"""What a person would ask of a cluster that has just come up, with the answers."""

import re
from collections.abc import Mapping
from typing import Any

from demo.display import Display
from demo.world import World

KINDS = "clusters,kubeadmcontrolplanes,machinedeployments,machines,scvmmproviders,scvmmclusters,scvmmmachines"
NODE_COLUMNS = "NAME:.metadata.name,VERSION:.status.nodeInfo.kubeletVersion,PROVIDER ID:.spec.providerID"
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


def ask(world: World, display: Display, cluster: str, machine: str) -> None:
    """Show the objects, one machine in detail, the nodes of the cluster, and the VMs that VMM has."""
    for arguments in (("get", KINDS), ("describe", "scvmmmachine", machine)):
        display.step(f"kubectl {' '.join(arguments)}")
        display.say(world.run_kubectl(*arguments).rstrip())
    command = ("get", "nodes", f"--output=custom-columns={NODE_COLUMNS}")
    display.step(f"kubectl --kubeconfig {cluster} {' '.join(command)}")
    display.say(world.run_kubectl(*command, kubeconfig=world.workload_kubeconfig(cluster)).rstrip())
    display.step("The VMs that VMM has now")
    show_vms(world, display)
    display.step(f"What the guest of {machine} did with its medium, which left its drive when the node had joined")
    show_guest(world, display, machine)


def show_guest(world: World, display: Display, machine: str) -> None:
    """The names of the files on the medium, and what the guest told on its console."""
    guest = next(vm["guest"] for vm in world.ask_simulator("/vms") if vm["Name"] == machine)
    display.say(f"files: {', '.join(guest['files'])}")
    for line in guest["log"]:
        display.say(line)


def show_vms(world: World, display: Display) -> None:
    """A table of the simulator's VMs."""
    vms = sorted(world.ask_simulator("/vms"), key=lambda vm: str(vm["Name"]))
    display.table((*VM_COLUMNS, *FURTHER_COLUMNS), [_vm_row(vm) for vm in vms])


def _vm_row(vm: Mapping[str, Any]) -> list[object]:
    addresses = [address for adapter in vm["VirtualNetworkAdapters"] for address in adapter["IPv4Addresses"]]
    owner = OWNER.search(vm["Description"] or "")
    plain = ["" if vm[key] is None else vm[key] for key in VM_COLUMNS.values()]
    return [*plain, ", ".join(addresses), owner.group(1) if owner else ""]
