# SPDX-License-Identifier: Apache-2.0
"""Guests of the simulator's VMs that really boot: what VMM shows of them is what they have."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest
from left_behind import processes_of, wait_until
from scvmm_sim.errors import CmdletError, FabricError
from scvmm_sim.fabric import load_fabric
from scvmm_sim.hypervisor import HypervisorError
from simulator.site import build_iso, fabric, packed

from guests.real_site import RealSite, guest_settings

USER_DATA = """## template: jinja
#cloud-config
write_files:
- path: /root/who
  content: "{{ ds.meta_data.instance_id }} {{ ds.meta_data.local_hostname }} ü\\n"
runcmd:
- [sh, -c, "echo ran > /root/ran"]
"""
NETWORK = """version: 2
ethernets:
  nic:
    match: {{macaddress: "{mac}"}}
    set-name: eth0
    addresses: ["10.20.0.7/24", "2001:db8::7/64"]
    routes: [{{to: default, via: 10.20.0.1}}, {{to: 192.0.2.0/24, via: 10.20.0.9}}]
    nameservers: {{addresses: [10.20.0.2], search: [example.com]}}
    mtu: 1400
"""


@pytest.fixture
def make_site(tmp_path: Path) -> Iterator[Callable[[str], RealSite]]:
    """Makes a VMM server with guests of a kind."""
    with ExitStack() as stack:

        def make(kind: str) -> RealSite:
            settings = guest_settings(kind)
            if settings is None:
                pytest.skip(f"real guests ({kind}): run `make tools` as root on a machine with apt")
            try:
                site = RealSite(tmp_path / "library", settings)
            except FabricError as error:
                pytest.skip(f"real guests ({kind}): {error}")
            stack.callback(site.vmm.close)
            return site

        yield make


def medium(mac: str) -> dict[str, str]:
    """An ISO image with all that a guest can be told."""
    files = {
        "meta-data": b"instance-id: i-77\nlocal-hostname: web\n",
        "user-data": USER_DATA.encode(),
        "network-config": NETWORK.format(mac=mac).encode(),
    }
    return packed(build_iso(files))


def test_a_container_takes_everything_from_its_medium_and_vmm_hears_it_from_inside(
    make_site: Callable[[str], RealSite],
) -> None:
    """Name, addresses, routes, DNS, MTU, files through Jinja; no errors of cloud-init; then a real shutdown."""
    site = make_site("nspawn")
    vm, mac = site.made_vm()
    site.answer("media_attached", id=vm["ID"], file="web.iso", **medium(mac))
    site.run("Start-SCVirtualMachine", VM=vm)
    seen = site.until_addressed(vm, 60)
    said = site.until_set_up(vm, 60)
    assert "status: done" in said and "DataSourceNoCloud" in said and "Error" not in said, said

    guest = site.inside(vm)
    assert guest.run("cat", "/etc/hostname").strip() == "web" == seen["ComputerName"]
    adapter = seen["VirtualNetworkAdapters"][0]
    assert (adapter["IPv4Addresses"], adapter["IPv6Addresses"]) == (["10.20.0.7"], ["2001:db8::7"])
    routes = guest.run("ip", "route")
    assert "default via 10.20.0.1 dev eth0" in routes and "192.0.2.0/24 via 10.20.0.9" in routes
    assert "mtu 1400" in guest.run("ip", "link", "show", "eth0")
    links = guest.run("sh", "-c", "cat /run/systemd/netif/links/*")
    assert "DNS=10.20.0.2" in links and "DOMAINS=example.com" in links
    assert guest.run("cat", "/root/who") == "i-77 web ü\n"
    assert guest.run("cat", "/root/ran") == "ran\n"
    assert site.guest(vm["ID"])["files"] == ["meta-data", "network-config", "user-data"]

    # An address that somebody gives it inside is one that VMM shows: nothing is what we think we told it.
    guest.run("ip", "address", "add", "10.20.0.99/24", "dev", "eth0")
    site.until(vm, lambda v: "10.20.0.99" in v["VirtualNetworkAdapters"][0]["IPv4Addresses"], "the new address", 15)

    site.run("Stop-SCVirtualMachine", VM=vm, Shutdown=True)
    assert site.vm(vm["ID"])["Status"] == "PowerOff"
    with pytest.raises(HypervisorError, match="does not run"):
        guest.run("true")


def test_a_guest_may_ask_dhcp_and_one_that_powers_itself_off_is_off_for_vmm(
    make_site: Callable[[str], RealSite],
) -> None:
    """The subnet's DHCP range is really served; what a guest does by itself shows."""
    site = make_site("nspawn")
    vm, mac = site.made_vm()
    network = f'version: 2\nethernets:\n  nic:\n    match: {{macaddress: "{mac}"}}\n    dhcp4: true\n'
    files = {
        "meta-data": b"instance-id: i-1\n",
        "user-data": b"#cloud-config\n{}\n",
        "network-config": network.encode(),
    }
    site.answer("media_attached", id=vm["ID"], file="web.iso", **packed(build_iso(files)))
    site.run("Start-SCVirtualMachine", VM=vm)
    seen = site.until_addressed(vm, 60)
    assert seen["VirtualNetworkAdapters"][0]["IPv4Addresses"][0] in ("10.20.0.100", "10.20.0.101", "10.20.0.102")
    with pytest.raises(CmdletError, match="cannot be paused"):
        site.run("Suspend-SCVirtualMachine", VM=vm)
    site.inside(vm).run("systemctl", "--no-block", "poweroff")
    site.until(vm, lambda v: v["Status"] == "PowerOff", "off", 60)
    site.run("Remove-SCVirtualMachine", VM=vm)


@pytest.mark.timeout(900)
def test_an_emulated_machine_finds_its_medium_by_its_label_in_a_cd_drive(make_site: Callable[[str], RealSite]) -> None:
    """A kernel of its own reads the very image that was attached, and its agent tells VMM what it has."""
    site = make_site("qemu")
    vm, mac = site.made_vm()
    site.answer("media_attached", id=vm["ID"], file="web.iso", **medium(mac))
    site.run("Start-SCVirtualMachine", VM=vm)
    seen = site.until_addressed(vm, 400)
    said = site.until_set_up(vm, 300)
    assert "status: done" in said and "DataSourceNoCloud [seed=/dev/sr0]" in said, said
    assert seen["VirtualNetworkAdapters"][0]["IPv4Addresses"] == ["10.20.0.7"]
    assert seen["ComputerName"] == "web"
    assert site.inside(vm).run("/bin/cat", "/root/who") == "i-77 web ü\n"
    site.run("Stop-SCVirtualMachine", VM=vm, Shutdown=True)
    assert site.vm(vm["ID"])["Status"] == "PowerOff"


KILLED = """
import sys, time
from pathlib import Path
from guests.real_site import RealSite, guest_settings
site = RealSite(Path(sys.argv[1]) / "library", guest_settings("nspawn"))
vm, mac = site.made_vm()
site.run("Start-SCVirtualMachine", VM=vm)
while not site.guest(vm["ID"])["host_name"]:
    time.sleep(0.1)
print(site.inside(vm).plan.folder, flush=True)
time.sleep(600)
"""


def test_guests_end_with_a_simulator_that_is_killed(make_site: Callable[[str], RealSite], tmp_path: Path) -> None:
    """The kernel ends them: nothing is left that would have to be looked for."""
    make_site("nspawn").vmm.close()
    process = subprocess.Popen(
        [sys.executable, "-c", KILLED, str(tmp_path)],
        stdout=subprocess.PIPE,
        text=True,
        env={**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)},
    )
    try:
        assert process.stdout
        folder = Path(process.stdout.readline().strip())
        assert any("nspawn" in line for line in processes_of(folder))
    finally:
        process.kill()
        process.communicate()
    wait_until(lambda: not processes_of(folder), "the guest has ended")
    shutil.rmtree(folder.parents[1])


@pytest.mark.parametrize(
    ("guest", "words"),
    [
        ({"kind": "nspawn"}, ["guest", "kind nspawn needs an image", "folder of a Linux system"]),
        ({"kind": "qemu", "image": "/nowhere.raw"}, ["image /nowhere.raw is no file here", "give the path"]),
        ({"kind": "nspawn", "image": "/nowhere"}, ["image /nowhere is no folder here"]),
        ({"image": "/"}, ["image does not go with kind pretended", "choose another kind"]),
        ({"kind": "nspawn", "image": "/", "kernel": "/x"}, ["kernel does not go with kind nspawn"]),
        ({"kind": "nspawn", "image": "/", "address_seconds": 1.0}, ["address_seconds does not go with kind nspawn"]),
        ({"kind": "vmware"}, ["guest.kind", "'vmware'"]),
    ],
)
def test_a_wrong_guest_in_a_fabric_is_one_clear_line(guest: dict[str, object], words: list[str]) -> None:
    """What is wrong, with which value, and what to do."""
    with pytest.raises(FabricError) as refused:
        load_fabric(fabric(guest=guest))
    for word in words:
        assert word in str(refused.value)
    assert len(str(refused.value).splitlines()) == 1
