# SPDX-License-Identifier: Apache-2.0
"""The lab keeps what it promises: hosts that start, reboot, lose their network and their power, and leave nothing."""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest
from left_behind import processes_of, wait_until

from guests.lab import Host, Lab, lab

KILLED = """
import sys, time
from guests.lab import lab
with lab() as made:
    host = made.start("web-1", ["10.88.0.11/24"])
    print(made.folder, host.sh("readlink /proc/self/ns/pid").strip(), flush=True)
    time.sleep(600)
"""


def _pings(lab: Lab, host: Host) -> bool:
    ended = subprocess.run(host.ssh_command("true"), capture_output=True, timeout=60, check=False)
    return ended.returncode == 0


def test_a_host_is_reached_by_ssh_survives_its_reboot_and_keeps_what_it_wrote(a_lab: Lab) -> None:
    """All that a role's test does to a host."""
    host = a_lab.start("web-1", ["10.88.0.11/24"], gateway="10.88.0.1")
    host.wait_for_ssh()
    assert host.ssh("hostname").strip() == "web-1"
    assert host.container.addresses() == {host.mac: ("10.88.0.11",)}
    host.sh("echo kept > /root/kept; ip address add 10.88.0.99/24 dev eth0")

    host.reboot()
    host.wait_for_ssh()
    assert host.ssh("cat /root/kept").strip() == "kept"
    assert host.container.addresses() == {host.mac: ("10.88.0.11",)}, "what was not configured is gone"

    host.link_down()
    assert not _pings(a_lab, host)
    host.link_up()
    host.wait_for_ssh()

    host.kill()
    assert not host.container.running
    host.start()
    host.wait_for_ssh()
    host.shut_down()
    assert not host.container.running


def test_a_host_with_a_seed_is_set_up_by_cloud_init(a_lab: Lab) -> None:
    """Name, address and files come from the seed; the lab's key may log in."""
    mac = "02:ca:91:00:77:01"
    network = f"version: 2\nethernets:\n  nic:\n    match: {{macaddress: '{mac}'}}\n    addresses: [10.88.0.12/24]\n"
    seed = {
        "meta-data": "instance-id: i-1\nlocal-hostname: node-1\n",
        "user-data": "#cloud-config\nwrite_files: [{path: /root/written, content: yes-it-is}]\n",
        "network-config": network,
    }
    host = a_lab.start("node-1", ["10.88.0.12/24"], seed=seed, mac=mac)
    host.wait_for_ssh()
    assert host.ssh("hostname; cat /root/written").split() == ["node-1", "yes-it-is"]


def test_labs_do_not_see_each_other(a_lab: Lab) -> None:
    """The same addresses may be used in any number of labs at once."""
    first = a_lab.start("first", ["10.88.0.11/24"])
    with lab() as other:
        second = other.start("second", ["10.88.0.11/24"])
        first.wait_for_ssh()
        second.wait_for_ssh()
        assert (first.ssh("hostname").strip(), second.ssh("hostname").strip()) == ("first", "second")


@pytest.mark.usefixtures("a_lab")
def test_a_lab_whose_test_is_killed_leaves_no_process_and_its_folder_goes_with_the_next() -> None:
    """No namespace, bridge, mount or guest outlives the process that made it."""
    with subprocess.Popen(
        [sys.executable, "-c", KILLED],
        stdout=subprocess.PIPE,
        text=True,
        env={**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)},
    ) as process:
        assert process.stdout
        told, inside = process.stdout.readline().split()
        folder = Path(told)
        assert processes_of(folder) and _processes_in(inside), "the guest runs"
        os.kill(process.pid, signal.SIGKILL)
    wait_until(lambda: not processes_of(folder) and not _processes_in(inside), "the guest has ended")
    with lab():
        assert not folder.exists()


def _processes_in(namespace: str) -> list[str]:
    """The processes in a PID namespace, by what `readlink` says of it."""
    found = []
    for process in Path("/proc").iterdir():
        with contextlib.suppress(OSError):
            if process.name.isdigit() and str((process / "ns/pid").readlink()) == namespace:
                found.append(process.name)
    return found
