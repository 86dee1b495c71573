# SPDX-License-Identifier: Apache-2.0
"""Guests for a simulator that become nodes of a real cluster: what cloud-init, kubeadm and the kubelet do in a VM.

A guest is told by the media that are attached when it starts and by nothing else. What it does stands in `console.log`
in its folder, and at the end of the `log` that the simulator's control API shows of it.
"""

import re
import shutil
import subprocess
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

import yaml
from plane.binaries import Binaries
from scvmm_sim.child_processes import ChildProcesses
from scvmm_sim.guest.medium import MediumProblem, medium_files
from scvmm_sim.guest.network import configured_addresses
from scvmm_sim.guest.real import GuestMaker
from scvmm_sim.hypervisor import HypervisorError
from scvmm_sim.state.vm import VirtualMachine
from scvmm_sim.state.world import World

from workload.discovery import Distrusted
from workload.kubelet import Identity, Root
from workload.network import Network
from workload.node import Node
from workload.programs import GuestFailed, GuestOff, Programs
from workload.user_data import NotUnderstood, read_user_data

VERSION = re.compile(r"v?(\d+\.\d+\.\d+)")
INSTANCE = "/var/lib/cloud/instance.yaml"
OFF_SECONDS = 30.0
FAILURES = (GuestFailed, NotUnderstood, MediumProblem, Distrusted, subprocess.SubprocessError, OSError)


def node_guests(network: Network, binaries: Binaries, version: str, children: ChildProcesses) -> GuestMaker:
    """What a Simulator takes as *guests*; *version* is the kubelet's where the name of a VM's disk tells none."""

    def make(world: World, vm: VirtualMachine, folder: Path) -> NodeGuest:
        return NodeGuest(world, vm, folder, network, binaries, version, children)

    return make


class NodeGuest:
    """The guest of one VM; see RunningGuest."""

    def __init__(
        self,
        world: World,
        vm: VirtualMachine,
        folder: Path,
        network: Network,
        binaries: Binaries,
        version: str,
        children: ChildProcesses,
    ) -> None:
        self._world, self._vm, self.folder = world, vm, folder
        self._network, self._binaries, self._children = network, binaries, children
        with world.lock:
            names = [disk.vhd or disk.name for disk in vm.disks]
        found = next((match for match in map(VERSION.search, names) if match), None)
        self._version = f"v{found.group(1)}" if found else version
        self._programs: Programs | None = None
        self._thread: threading.Thread | None = None
        self._name: str | None = None
        self._addresses: dict[str, tuple[str, ...]] = {}
        folder.mkdir(parents=True, mode=0o700)
        self.root = Root(folder / "root")

    def start(self, media: tuple[Path, ...], /) -> None:
        """Boot with these media attached; what it wrote earlier is there again."""
        self._programs = programs = Programs(self._children, self.folder)
        self._thread = threading.Thread(
            target=self._boot, args=(media, programs), name=f"node {self._vm.name}", daemon=True
        )
        self._thread.start()

    def shut_down(self) -> None:
        """Ask it to power off: its programs end."""
        self.turn_off()

    def wait_until_off(self, seconds: float) -> bool:
        """Whether it is off."""
        return self._programs is None or self._programs.stopped

    def turn_off(self) -> None:
        """Pull its plug: it is off when this returns."""
        if self._programs is not None:
            self._programs.stop()
        if self._thread is not None:
            self._thread.join(OFF_SECONDS)
        self._name, self._addresses = None, {}

    def remove(self) -> None:
        """Turn it off and remove all that it has written."""
        self.turn_off()
        shutil.rmtree(self.folder, ignore_errors=True)

    def run(self, *command: str) -> str:
        """It has no shell: its files are in `root`."""
        raise HypervisorError("This guest has no shell.")

    def host_name(self) -> str:
        """The name that it gave itself."""
        if self._name is None:
            raise HypervisorError("It is booting.")
        return self._name

    def addresses(self) -> dict[str, tuple[str, ...]]:
        """Its addresses by MAC address."""
        return self._addresses

    def _boot(self, media: tuple[Path, ...], programs: Programs) -> None:
        try:
            self._run(media, programs)
            self._tell("it is a node")
        except GuestOff:
            self._tell("it was turned off")
        except FAILURES as problem:
            words = getattr(problem, "stderr", None) or ""
            self._tell(f"failed: {problem} {words}".rstrip())

    def _run(self, media: tuple[Path, ...], programs: Programs) -> None:
        files = _first_medium(media, self._tell)
        known = self._known_instance()
        meta = yaml.safe_load(files["meta-data"]) if files else known.get("meta", {})
        network = files.get("network-config") if files else None
        config = yaml.safe_load(network) if network else known.get("network")
        identity = self._take_names(meta, config)
        node = Node(self.root, self._binaries, self._network, programs, identity)
        if not files or known.get("meta", {}).get("instance-id") == meta.get("instance-id"):
            if not node.start_again():
                raise GuestFailed("there is no medium, and nothing from an earlier boot")
            return
        self._remember_instance(meta, config)
        told = read_user_data(files["user-data"], meta)
        for script in told.boothooks:
            self.root.run_script(script)
        for file in told.files:
            self.root.write(file.path, file.content, file.mode)
        for number, command in enumerate(told.commands, 1):
            ran = node.run(command)
            # A command may hold a secret: it is told which one it was, not what it says.
            self._tell(
                f"command {number} of {len(told.commands)}: {'done' if ran else 'not one that makes a node; not run'}"
            )

    def _take_names(self, meta: dict[str, Any], config: dict[str, Any] | None) -> Identity:
        log: list[str] = []
        with self._world.lock:
            adapters = list(self._vm.adapters)
            found = configured_addresses(config, adapters, log)
        for line in log:
            self._tell(line)
        addresses = [address for each in found.values() for address in each if ":" not in address]
        if not addresses:
            raise GuestFailed("no adapter has an IPv4 address")
        self._addresses = {adapter.mac.lower(): found.get(adapter.id, ()) for adapter in adapters}
        self._name = str(meta.get("local-hostname") or "localhost")
        here = self._network.here(addresses[0])
        return Identity(self._name, addresses[0], here, self._version, self._vm.id)

    def _known_instance(self) -> dict[str, Any]:
        file = self.root.path(INSTANCE)
        known: dict[str, Any] = yaml.safe_load(file.read_text()) if file.exists() else {}
        return known

    def _remember_instance(self, meta: dict[str, Any], config: dict[str, Any] | None) -> None:
        self.root.write(INSTANCE, yaml.safe_dump({"meta": meta, "network": config}).encode())

    def _tell(self, what: str) -> None:
        with self._world.lock:
            self._vm.guest.log.append(f"node: {what}")
        if self.folder.exists():
            with (self.folder / "console.log").open("a") as console:
                console.write(f"{what}\n")


def _first_medium(media: tuple[Path, ...], tell: Callable[[str], None]) -> dict[str, bytes]:
    for medium in media:
        try:
            return medium_files(medium)
        except MediumProblem as problem:
            tell(f"{medium.name}: {problem}")
    return {}
