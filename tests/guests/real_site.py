# SPDX-License-Identifier: Apache-2.0
"""Simulated VMM servers whose guests really boot."""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import tools
from scvmm_sim.clock import SystemClock
from scvmm_sim.cmdlets import Vmm
from scvmm_sim.hypervisor import RunningGuest
from scvmm_sim.operations import Operations
from simulator.site import Object, Site, fabric

from guests.image import IMAGE, disk, kernel


def guest_settings(kind: str) -> dict[str, Any] | None:
    """The fabric's `guest` for real guests of a kind; None where there can be none."""
    if not IMAGE.built() or not tools.TOOLS.built():
        return None
    programs = {"programs": str(tools.TOOLS.folder / "bin")}
    if kind == "nspawn":
        return {"kind": kind, "image": str(IMAGE.system), **programs}
    mkfs = tools.find("mkfs.ext4")
    if mkfs is None:
        return None
    files = dict(zip(("kernel", "initrd"), map(str, kernel()), strict=True))
    return {"kind": kind, "image": str(disk(mkfs.command)), **files, **programs}


class RealSite(Site):
    """A VMM server with ways to do things; time is real, and so are its guests."""

    def __init__(self, library: Path, guest: dict[str, Any]) -> None:
        """A server whose guests are as *guest* says."""
        self.real_clock = SystemClock()
        self.vmm = Vmm(fabric(guest=guest, job_seconds={}), library, self.real_clock)
        self.operations = Operations(self.vmm)

    def made_vm(self, name: str = "web") -> tuple[Object, str]:
        """A VM that is off, and the MAC address of its adapter."""
        vm = self.vm(self.new_vm(name)["ID"])
        return vm, str(vm["VirtualNetworkAdapters"][0]["MACAddress"]).lower()

    def inside(self, vm: Object) -> RunningGuest:
        """The guest of a VM."""
        found = self.vmm.guest(vm["ID"])
        assert found is not None
        return found

    def until(self, vm: Object, true: Callable[[Object], object], what: str, seconds: float) -> Object:
        """Refresh the VM until it is as wanted; the VM as VMM shows it then."""
        deadline = time.monotonic() + seconds
        while True:
            seen = self.one("Read-SCVirtualMachine", VM=vm)
            if true(seen):
                return seen
            assert time.monotonic() < deadline, f"{what}: not within {seconds} s: {self.guest(vm['ID'])}"
            time.sleep(0.3)

    def until_addressed(self, vm: Object, seconds: float) -> Object:
        """Wait until VMM has heard of an address."""
        return self.until(vm, lambda seen: seen["VirtualNetworkAdapters"][0]["IPv4Addresses"], "an address", seconds)

    def until_set_up(self, vm: Object, seconds: float) -> str:
        """Wait until cloud-init has ended; what it says of itself."""
        deadline = time.monotonic() + seconds
        while True:
            said = self.inside(vm).run("/bin/sh", "-c", "cloud-init status --long; true")
            if "status: running" not in said and "status: not run" not in said:
                return said
            assert time.monotonic() < deadline, f"cloud-init has not ended within {seconds} s: {said}"
            time.sleep(0.3)
