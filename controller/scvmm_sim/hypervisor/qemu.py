# SPDX-License-Identifier: Apache-2.0
"""A guest that is a QEMU machine: a kernel of its own, and drives in which the media really are."""

from __future__ import annotations

import contextlib
import ipaddress
import json
import shutil
import subprocess
import threading
from dataclasses import dataclass
from pathlib import Path

from scvmm_sim.hypervisor.agent import guest_agent, press_power_button, run_in_guest
from scvmm_sim.hypervisor.errors import HypervisorError
from scvmm_sim.hypervisor.network import Network
from scvmm_sim.hypervisor.plan import GuestPlan
from scvmm_sim.hypervisor.programs import Programs
from scvmm_sim.hypervisor.telling import TELL_NAME

# x86-64-v2; to emulate a newer one takes a quarter more time.
_PROCESSOR = "Nehalem"
_KERNEL_LINE = "root=/dev/vda rw console=ttyS0 net.ifnames=0 security=none quiet"


@dataclass(frozen=True)
class QemuMachine:
    """What QEMU machines have besides their plan: memory, and a kernel where the disk does not boot by itself."""

    memory_mb: int
    kernel: Path | None = None
    initrd: Path | None = None


class Emulated:
    """Starts the guest of a plan in QEMU, emulating the processor: some 60 s of one core a boot."""

    def __init__(self, plan: GuestPlan, machine: QemuMachine, network: Network, programs: Programs) -> None:
        """Nothing runs yet; its disk is a copy of the image that grows by what it writes."""
        self.plan, self._machine = plan, machine
        self._network, self._programs = network, programs
        self._process: subprocess.Popen[bytes] | None = None
        self._ports: list[str] = []
        self._talking = threading.Lock()
        """Held during a conversation with the agent: there is one line to it."""
        plan.folder.mkdir(parents=True, exist_ok=True)
        if not self._disk.exists():
            told = json.loads(programs.run("qemu-img", "info", "--output=json", str(plan.image)))
            base = ("-b", str(plan.image.resolve()), "-F", str(told["format"]))
            programs.run("qemu-img", "create", "-q", "-f", "qcow2", *base, str(self._disk))

    @property
    def console(self) -> Path:
        """What it wrote to its console."""
        return self.plan.folder / "console.log"

    @property
    def _disk(self) -> Path:
        return self.plan.folder / "disk.qcow2"

    @property
    def _agent(self) -> Path:
        return self.plan.folder / "agent.socket"

    @property
    def _qmp(self) -> Path:
        return self.plan.folder / "qmp.socket"

    def start(self, media: tuple[Path, ...] = ()) -> None:
        """Boot with *media* in a CD drive (.iso), a floppy drive (.vfd) or as SCSI disks (all others)."""
        self._drop_ports()
        for socket in (self._agent, self._qmp):
            socket.unlink(missing_ok=True)
        self._ports = [self._network.add_tap(adapter.bridge) for adapter in self.plan.adapters]
        command = [
            *(self._programs.find("qemu-system-x86_64"), "-accel", "tcg,thread=multi", "-cpu", _PROCESSOR),
            *("-nodefaults", "-display", "none", "-m", str(self._machine.memory_mb), "-smp", "1"),
            *("-serial", f"file:{_quoted(self.console)}", "-qmp", f"unix:{_quoted(self._qmp)},server=on,wait=off"),
            *("-device", "virtio-serial-pci"),
            *("-chardev", f"socket,id=agent,path={_quoted(self._agent)},server=on,wait=off"),
            *("-device", "virtserialport,chardev=agent,name=org.qemu.guest_agent.0"),
            *("-device", "virtio-rng-pci", "-device", "virtio-scsi-pci,id=scsi"),
            *("-drive", f"file={_quoted(self._disk)},format=qcow2,if=virtio"),
            *self._boot_options(),
            *(option for number, medium in enumerate(media) for option in _drive(number, medium)),
        ]
        for number, (port, adapter) in enumerate(zip(self._ports, self.plan.adapters, strict=True)):
            command += ["-netdev", f"tap,id=net{number},ifname={port},script=no,downscript=no"]
            command += ["-device", f"virtio-net-pci,netdev=net{number},mac={adapter.mac}"]
        with (self.plan.folder / "qemu.log").open("ab") as log:
            # What it writes to a disk that is a medium lies in a temporary file, which QEMU unlinks at once.
            self._process = self._programs.children.start(
                self._network.namespace.command(*command), folder=self.plan.folder, stdout=log, stderr=log
            )

    def shut_down(self) -> None:
        """Press its power button."""
        press_power_button(self._qmp)

    def wait_until_off(self, seconds: float) -> bool:
        """Whether it is off within *seconds*."""
        if self._process is None:
            return True
        with contextlib.suppress(subprocess.TimeoutExpired):
            self._process.wait(seconds)
        return self._process.poll() is not None

    def turn_off(self) -> None:
        """Pull its plug: it is off when this returns. May be called again."""
        if self._process is not None:
            self._programs.children.end(self._process)
            self._process = None
        self._drop_ports()

    def remove(self) -> None:
        """Turn it off and remove all that it has written."""
        self.turn_off()
        shutil.rmtree(self.plan.folder, ignore_errors=True)

    def run(self, *command: str) -> str:
        """Run a command that ends soon in it and return its output; the guest agent does it. Raises HypervisorError."""
        with self._talking:
            return run_in_guest(self._agent, command)

    def host_name(self) -> str:
        """The fully qualified name if it knows one, else its host name. Raises HypervisorError."""
        return self.run(*TELL_NAME).strip()

    def addresses(self) -> dict[str, tuple[str, ...]]:
        """The addresses that its devices have, by MAC address; without link-local ones. Raises HypervisorError."""
        with self._talking, guest_agent(self._agent) as talk:
            devices = talk.ask("guest-network-get-interfaces")
        macs = {adapter.mac.lower() for adapter in self.plan.adapters}
        return {
            mac: tuple(
                address["ip-address"]
                for address in device.get("ip-addresses", [])
                if not ipaddress.ip_address(address["ip-address"]).is_link_local
            )
            for device in devices
            if (mac := str(device.get("hardware-address", "")).lower()) in macs
        }

    def _boot_options(self) -> list[str]:
        machine = self._machine
        if machine.kernel is None or machine.initrd is None:
            return []
        return ["-kernel", str(machine.kernel), "-initrd", str(machine.initrd), "-append", _KERNEL_LINE]

    def _drop_ports(self) -> None:
        for port in self._ports:
            with contextlib.suppress(HypervisorError):
                self._network.remove_port(port)
        self._ports = []


def _drive(number: int, medium: Path) -> list[str]:
    """The drive that the medium's kind belongs into; the very file is in it, and is not written to."""
    name, file = f"medium{number}", _quoted(medium)
    match medium.suffix.lower():
        case ".iso":
            return ["-drive", f"file={file},format=raw,if=ide,media=cdrom,readonly=on"]
        case ".vfd":
            return ["-drive", f"file={file},format=raw,if=floppy,readonly=on"]
        case ".vhdx":
            drive = f"file={file},format=vhdx,if=none,id={name},snapshot=on"
        case _:
            drive = f"file={file},format=raw,if=none,id={name},snapshot=on"
    return ["-drive", drive, "-device", f"scsi-hd,bus=scsi.0,drive={name}"]


def _quoted(path: Path) -> str:
    """A path in one of QEMU's lists of options, where a comma is written twice."""
    return str(path).replace(",", ",,")
