# SPDX-License-Identifier: Apache-2.0
"""A medium that is a disk, in a machine with a kernel of its own: FAT within VHDX, as Hyper-V is given it."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest
from scvmm_sim.hypervisor import Emulated, GuestAdapter, GuestPlan, HypervisorError, Network, Programs, QemuMachine

from guests.real_site import guest_settings

sys.path.insert(0, str(Path(__file__).parents[2] / "build"))
from ansible_collections.capi.scvmm.plugins.plugin_utils import fat, vhdx  # isort: skip

MAC = "00:15:5d:00:00:07"
NETWORK = f"version: 2\nethernets:\n  nic:\n    match: {{macaddress: '{MAC}'}}\n    addresses: [10.20.0.7/24]\n"
USER_DATA = "#cloud-config\nwrite_files: [{path: /root/written, content: 'from a disk ü'}]\n"


@pytest.fixture
def start(tmp_path: Path) -> Iterator[Callable[[Path], Emulated]]:
    """Starts a machine with a medium."""
    settings = guest_settings("qemu")
    if settings is None:
        pytest.skip("real guests (qemu): run `make tools` as root on a machine with apt")
    with ExitStack() as stack:
        try:
            programs = Programs(Path(settings["programs"]), "qemu-system-x86_64", "qemu-img")
            stack.callback(programs.close)
            network = Network(programs)
            stack.callback(network.close)
        except HypervisorError as error:
            pytest.skip(f"real guests (qemu): {error}")
        network.add_bridge("net0", ["10.20.0.1/24"])

        def start_with(medium: Path) -> Emulated:
            machine = QemuMachine(768, Path(settings["kernel"]), Path(settings["initrd"]))
            plan = GuestPlan("disk-reader", Path(settings["image"]), tmp_path / "guest", (GuestAdapter(MAC, "net0"),))
            made = Emulated(plan, machine, network, programs)
            stack.callback(made.remove)
            made.start((medium,))
            return made

        yield start_with


def _until(look: Callable[[], object], seconds: float, what: str, guest: Emulated) -> None:
    deadline = time.monotonic() + seconds
    while True:
        try:
            if look():
                return
        except HypervisorError:  # its agent does not run yet
            pass
        if time.monotonic() > deadline:
            console = guest.console.read_text(errors="replace")[-2000:] if guest.console.exists() else ""
            raise AssertionError(f"not within {seconds} s: {what}. Its console:\n{console}")
        time.sleep(0.5)


@pytest.mark.timeout(900)
def test_a_fat_volume_within_vhdx_is_found_by_its_label_on_a_scsi_disk(
    start: Callable[[Path], Emulated], tmp_path: Path
) -> None:
    """QEMU reads the VHDX natively, the guest's kernel the FAT volume in it; the medium is not written to."""
    files = {
        "meta-data": b"instance-id: i-9\nlocal-hostname: disk-reader\n",
        "user-data": USER_DATA.encode(),
        "network-config": NETWORK.encode(),
    }
    medium = tmp_path / "web.vhdx"
    content = vhdx.vhdx(fat.disk_volume(files, "CIDATA"))
    medium.write_bytes(content)
    guest = start(medium)
    _until(lambda: guest.addresses().get(MAC) == ("10.20.0.7",), 400, "its address", guest)
    _until(lambda: "running" not in guest.run("/bin/sh", "-c", "cloud-init status; true"), 400, "its set-up", guest)
    said = guest.run("/bin/sh", "-c", "cloud-init status --long; true")
    assert "status: done" in said and "DataSourceNoCloud [seed=/dev/sda]" in said, said
    assert guest.host_name() == "disk-reader"
    assert guest.run("/bin/cat", "/root/written") == "from a disk ü"
    guest.shut_down()
    assert guest.wait_until_off(120)
    assert medium.read_bytes() == content
