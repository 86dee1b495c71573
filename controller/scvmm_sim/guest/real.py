# SPDX-License-Identifier: Apache-2.0
"""Real guests for the VMs of a world: each has a thread that does what is asked for, and tells what it sees inside."""

from __future__ import annotations

import contextlib
import ipaddress
import logging
import queue
import secrets
import shutil
import subprocess
import threading
import time
from collections.abc import Callable
from pathlib import Path

from scvmm_sim.fabric.model import Guest as GuestSettings
from scvmm_sim.guest.boot import attached_media, stop_running
from scvmm_sim.guest.medium import MediumProblem, medium_files
from scvmm_sim.hypervisor import (
    Container,
    Emulated,
    GuestAdapter,
    GuestPlan,
    HypervisorError,
    Network,
    Programs,
    QemuMachine,
    RunningGuest,
)
from scvmm_sim.state.records import NetworkRecord
from scvmm_sim.state.vm import VirtualMachine
from scvmm_sim.state.world import World

log = logging.getLogger(__name__)

REPORT_SECONDS = 1.0
BUTTON_SECONDS = 10.0
"""The power button is pressed again after that time, as a guest may have been too young to notice."""
_PROGRAMS = {
    "nspawn": ("systemd-nspawn", "bsdtar"),
    "qemu": ("qemu-system-x86_64", "qemu-img"),
}


GuestMaker = Callable[[World, VirtualMachine, Path], RunningGuest]
"""Makes the guest of a VM, with a folder of its own that is not there yet. Hold the world's lock to look at the VM."""


def found_guests(world: World, folder: Path, guests: GuestMaker | None = None) -> KeptGuests | None:
    """What starts guests that run something: those of *guests*, else of the kind that the fabric wants.

    Raises HypervisorError when this machine does not let us.
    """
    settings = world.fabric.guest
    if guests is not None:
        return KeptGuests(world, lambda vm: guests(world, vm, folder / vm.id))
    return None if settings.kind == "pretended" else HypervisorGuests(world, settings, folder)


class KeptGuests:
    """Guests that run something, each with a thread that keeps it; see `state.world.RealGuests`."""

    def __init__(self, world: World, made: Callable[[VirtualMachine], RunningGuest]) -> None:
        """*made* makes the guest of a VM when that is started first."""
        self._world, self._made = world, made
        self._keepers: dict[str, Keeper] = {}

    def start(self, vm: VirtualMachine) -> None:
        """Boot it with the media that are attached at that time."""
        self._keeper(vm).tell("start")

    def shut_down(self, vm: VirtualMachine) -> None:
        """Ask it to shut itself down; may be called again."""
        self._keeper(vm).tell("shut down")

    def is_off(self, vm: VirtualMachine) -> bool:
        """Whether nothing of it runs."""
        return self._keeper(vm).off.is_set()

    def turn_off(self, vm: VirtualMachine) -> None:
        """Pull its plug."""
        if vm.id in self._keepers:
            self._keepers[vm.id].tell("turn off")

    def remove(self, vm: VirtualMachine) -> None:
        """Remove all that it has written."""
        if keeper := self._keepers.get(vm.id):
            keeper.tell("remove")

    @property
    def namespace(self) -> str | None:
        """The file of the network namespace that they are in, if it is one of their own."""
        return None

    def running(self, vm_id: str) -> RunningGuest | None:
        """The guest of a VM, to look into; None when it never ran."""
        keeper = self._keepers.get(vm_id)
        return keeper.guest if keeper else None

    def close(self) -> None:
        """End all of them; returns when nothing is left."""
        for keeper in self._keepers.values():
            keeper.tell("remove")
        for keeper in self._keepers.values():
            keeper.join()

    def _keeper(self, vm: VirtualMachine) -> Keeper:
        keeper = self._keepers.get(vm.id)
        if keeper is None:
            keeper = self._keepers[vm.id] = Keeper(self._world, vm, self._made)
            keeper.start()
        return keeper


class HypervisorGuests(KeptGuests):
    """The real guests of a world, on bridges that stand for its VM networks."""

    def __init__(self, world: World, settings: GuestSettings, folder: Path) -> None:
        """Make the networks; no guest runs yet. Raises HypervisorError."""
        super().__init__(world, self._plan)
        self._settings, self._folder = settings, folder
        answered = any(subnet.dhcp for network in world.fabric.vm_networks for subnet in network.subnets)
        programs = (*_PROGRAMS[settings.kind], *(["dnsmasq"] if answered else []))
        self._programs = Programs(Path(settings.programs) if settings.programs else None, *programs)
        try:
            self.network = Network(self._programs)
            self._bridges = {network.id: self._bridge(n, network) for n, network in enumerate(world.all(NetworkRecord))}
        except BaseException:
            self._programs.close()
            raise

    @property
    def namespace(self) -> str:
        """The file of the network namespace that they are in."""
        return self.network.namespace.path

    def close(self) -> None:
        """End all of them; returns when nothing is left."""
        super().close()
        self.network.close()
        self._programs.close()
        shutil.rmtree(self._folder, ignore_errors=True)

    def _plan(self, vm: VirtualMachine) -> RunningGuest:
        adapters = tuple(
            GuestAdapter(adapter.mac.lower(), self._bridges[adapter.network.id] if adapter.network else None)
            for adapter in vm.adapters
        )
        settings = self._settings
        # Names of containers are known to the whole machine, and simulators of one seed give the same ids.
        plan = GuestPlan(
            f"vm-{vm.id}-{secrets.token_hex(4)}", Path(settings.image or ""), self._folder / vm.id, adapters
        )
        if settings.kind == "nspawn":
            return Container(plan, self.network, self._programs)
        kernel, initrd = (Path(path) if path else None for path in (settings.kernel, settings.initrd))
        return Emulated(plan, QemuMachine(settings.memory_mb, kernel, initrd), self.network, self._programs)

    def _bridge(self, number: int, network: NetworkRecord) -> str:
        """A bridge on which the gateways of the VM network's subnets are, and their DHCP service."""
        name = f"net{number}"
        subnets = [record.subnet for record in network.subnets if record.subnet]
        gateways = [f"{s.gateway}/{s.cidr.split('/')[1]}" for s in subnets if s.gateway]
        ranges = []
        for subnet in subnets:
            if subnet.dhcp:
                width = ipaddress.ip_network(subnet.cidr)
                width_text = str(width.netmask) if width.version == 4 else str(width.prefixlen)
                ranges.append(f"--dhcp-range={subnet.dhcp.start},{subnet.dhcp.end},{width_text},1h")
        self.network.add_bridge(name, gateways)
        if ranges:
            service = [self._programs.find("dnsmasq"), "--keep-in-foreground", "--conf-file=/dev/null", "--port=0"]
            service += [
                "--user=root",
                "--leasefile-ro",
                "--dhcp-authoritative",
                "--bind-interfaces",
                f"--interface={name}",
            ]
            self._programs.children.start(
                self.network.namespace.command(*service, "--pid-file", *ranges), stderr=subprocess.DEVNULL
            )
        return name


def _names(media: list[tuple[str, Path]]) -> list[str]:
    """Names of the files that the guest finds on the first medium that is one."""
    for _name, file in media:
        with contextlib.suppress(MediumProblem):
            return list(medium_files(file))
    return []


class Keeper(threading.Thread):
    """Does what one VM's guest is told to, in order, and lets the world know what the guest has."""

    def __init__(self, world: World, vm: VirtualMachine, made: Callable[[VirtualMachine], RunningGuest]) -> None:
        """*made* makes the guest when it is started first."""
        super().__init__(name=f"guest of {vm.name}", daemon=True)
        self._world, self._vm, self._made = world, vm, made
        self._told: queue.Queue[str] = queue.Queue()
        self._pressed = 0.0
        self.guest: RunningGuest | None = None
        self.off = threading.Event()
        self.off.set()

    def tell(self, what: str) -> None:
        """Have it done: start, shut down, turn off, remove."""
        if what == "start":
            self.off.clear()
        self._told.put(what)

    def run(self) -> None:
        """Do what is told, and report in between while the guest runs."""
        while True:
            try:
                what = self._told.get(timeout=None if self.off.is_set() else REPORT_SECONDS)
            except queue.Empty:
                what = "report"
            try:
                self._do(what)
            except HypervisorError as error:
                self._failed(what, error)
            if what == "remove":
                return

    def _do(self, what: str) -> None:
        match what:
            case "start":
                self._start()
            case "shut down":
                self._press_power_button()
            case "turn off":
                if self.guest is not None:
                    self.guest.turn_off()
                self.off.set()
            case "remove":
                if self.guest is not None:
                    self.guest.remove()
                self.off.set()
            case _:
                self._report()

    def _start(self) -> None:
        with self._world.lock:
            vm = self._vm
            media = attached_media(vm)
            vm.guest.log = ["a guest is started"]
            vm.guest.log.append(f"attached: {', '.join(name for name, _file in media) or 'no medium'}")
            vm.guest.files = []
        if self.guest is None:
            self.guest = self._made(self._vm)
        self.guest.turn_off()
        self.guest.start(tuple(file for _name, file in media))
        with self._world.lock:
            self._vm.guest.files = sorted(_names(media))

    def _press_power_button(self) -> None:
        if self.guest is None or self.guest.wait_until_off(0):
            self.off.set()
        elif time.monotonic() - self._pressed > BUTTON_SECONDS:
            self._pressed = time.monotonic()
            self.guest.shut_down()

    def _report(self) -> None:
        """Let the world know name and addresses as they are inside, or that the guest has powered itself off."""
        if self.guest is None:
            return
        if self.guest.wait_until_off(0):
            self._went_off("the guest has powered off")
            return
        name, addresses = self.guest.host_name(), self.guest.addresses()
        with self._world.lock:
            if not self._told.empty():  # it is turned off, perhaps: what it had a moment ago does not count
                return
            guest = self._vm.guest
            guest.host_name = name
            guest.addresses = {a.id: addresses.get(a.mac.lower(), ()) for a in self._vm.adapters}
            if guest.addressed_at is None and any(guest.addresses.values()):
                guest.addressed_at = self._world.clock.moment(self._world.clock.now()).timestamp()

    def _failed(self, what: str, error: HypervisorError) -> None:
        if what == "report":  # it is booting, or has no agent (yet)
            return
        log.error("VM %s: its guest: %s: %s", self._vm.name, what, error)
        with self._world.lock:
            self._vm.guest.log.append(str(error))
        if what == "start":
            self._went_off("the guest could not be started")

    def _went_off(self, why: str) -> None:
        self.off.set()
        with self._world.open():
            vm = self._vm
            vm.guest.log.append(why)
            if vm.status != "Running":  # a job on it sees to the rest
                return
            stop_running(self._world, vm)
            vm.status = vm.resting = "PowerOff"
            self._world.changed(vm)
