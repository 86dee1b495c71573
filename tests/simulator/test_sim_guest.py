# SPDX-License-Identifier: Apache-2.0
"""A started VM reads the medium that is really attached, as cloud-init would."""

from __future__ import annotations

import pytest

from .site import Object, Site, build_iso, packed, seed, static


def boot(site: Site, content: bytes | None, name: str = "web") -> Object:
    """Create a VM, attach *content* as medium, start it, wait for its address, refresh; the VM as VMM shows it then."""
    vm = site.ready_vm(name)
    if content is not None:
        site.answer("media_attached", id=vm["ID"], file=f"{name}.iso", **packed(content))
        site.clock.advance(2)
    site.run("Start-SCVirtualMachine", VM=vm)
    site.clock.advance(5)
    return site.one("Read-SCVirtualMachine", VM=vm)


def addresses(vm: Object) -> list[str]:
    """Addresses of the first adapter as VMM shows them."""
    adapter = vm["VirtualNetworkAdapters"][0]
    return [*adapter["IPv4Addresses"], *adapter["IPv6Addresses"]]


NEXT_MAC = "00:15:5d:00:00:01"


def test_guest_takes_name_and_static_addresses_from_its_medium(site: Site) -> None:
    """local-hostname from meta-data, addresses from network-config, matched by MAC address."""
    network = static(NEXT_MAC, "10.20.0.7/24", "2001:db8::7/64")
    vm = boot(site, build_iso(seed("cp-1.example.com", network)))
    assert vm["ComputerName"] == "cp-1.example.com"
    assert addresses(vm) == ["10.20.0.7", "2001:db8::7"]
    assert site.guest(vm["ID"])["files"] == ["meta-data", "network-config", "user-data"]


@pytest.mark.parametrize(("rock_ridge", "joliet"), [(True, False), (False, True), (True, True)])
def test_names_come_from_rock_ridge_or_joliet(site: Site, rock_ridge: bool, joliet: bool) -> None:
    """Plain ISO9660 has no hyphen; either extension brings it."""
    vm = boot(site, build_iso(seed("n.test"), rock_ridge=rock_ridge, joliet=joliet))
    assert vm["ComputerName"] == "n.test"


def test_medium_without_network_config_means_dhcp(site: Site) -> None:
    """The subnet's range hands out addresses."""
    vm = boot(site, build_iso(seed("n.test")))
    assert (vm["ComputerName"], addresses(vm)) == ("n.test", ["10.20.0.100"])


def test_dhcp_in_network_config(site: Site) -> None:
    """dhcp4 for the adapter that the MAC address means."""
    network = f'version: 2\nethernets:\n  e:\n    match: {{macaddress: "{NEXT_MAC.upper()}"}}\n    dhcp4: true\n'
    assert addresses(boot(site, build_iso(seed("n.test", network)))) == ["10.20.0.100"]


def test_adapter_that_network_config_does_not_match_has_no_address(site: Site) -> None:
    """What a wrong MAC address does to a real guest; its log says so."""
    vm = boot(site, build_iso(seed("n.test", static("00:15:5d:ff:ff:ff", "10.20.0.7/24"))))
    assert (vm["ComputerName"], addresses(vm)) == ("n.test", [])
    assert any("00:15:5d:ff:ff:ff" in line for line in site.guest(vm["ID"])["log"])


def test_match_by_device_name_misses_the_device(site: Site) -> None:
    """The device's name in the guest is not known beforehand."""
    vm = boot(site, build_iso(seed("n.test", "version: 2\nethernets:\n  eth0:\n    dhcp4: true\n")))
    assert addresses(vm) == []
    assert any("no match.macaddress" in line for line in site.guest(vm["ID"])["log"])


BROKEN = {
    "no volume": b"this is no ISO9660 volume" * 4000,
    "another label": build_iso(seed(), label="config"),
    "no meta-data": build_iso({"user-data": b"#cloud-config\n"}),
    "no user-data": build_iso({"meta-data": b"local-hostname: x\n"}),
    "plain names": build_iso(seed(), rock_ridge=False, joliet=False),
    "meta-data is no YAML": build_iso({**seed(), "meta-data": b"a: [secret-token"}),
    "meta-data is a list": build_iso({**seed(), "meta-data": b"- a\n"}),
    "network-config version 1": build_iso(seed("n.test", "version: 1\nconfig: []\n")),
}


@pytest.mark.parametrize("content", BROKEN.values(), ids=BROKEN.keys())
def test_broken_medium_boots_with_defaults_and_says_why(site: Site, content: bytes) -> None:
    """DHCP and the name localhost; the control API tells what went wrong, without the medium's content."""
    vm = boot(site, content)
    assert (vm["ComputerName"], addresses(vm)) == ("localhost", ["10.20.0.100"])
    log = site.guest(vm["ID"])["log"]
    assert any(line.startswith("cloud-init: web.iso:") for line in log)
    assert "secret-token" not in "".join(log)


def test_vm_without_medium_boots_with_defaults(site: Site) -> None:
    """Nothing attached is no error of the guest."""
    vm = boot(site, None)
    assert (vm["ComputerName"], addresses(vm)) == ("localhost", ["10.20.0.100"])


def test_vmm_knows_addresses_only_after_a_refresh(site: Site) -> None:
    """The guest has its address after five seconds; VMM hears of it when the VM is read from its host."""
    vm = site.ready_vm()
    site.run("Start-SCVirtualMachine", VM=vm)
    site.run("Read-SCVirtualMachine", VM=vm)
    assert addresses(site.vm(vm["ID"])) == []
    site.clock.advance(5)
    assert addresses(site.vm(vm["ID"])) == []
    site.run("Read-SCVirtualMachine", VM=vm)
    assert addresses(site.vm(vm["ID"])) == ["10.20.0.100"]


def test_late_look_sees_what_happened_in_between(site: Site) -> None:
    """The start ended after three seconds and the address came five later, however late somebody looks."""
    vm = site.ready_vm()
    site.run("Start-SCVirtualMachine", VM=vm, RunAsynchronously=True)
    site.clock.advance(3 + 5)
    site.run("Read-SCVirtualMachine", VM=vm)
    assert addresses(site.vm(vm["ID"])) == ["10.20.0.100"]


def test_stopped_guest_has_no_addresses_and_boots_anew(site: Site) -> None:
    """A second boot reads the medium again; steps of the first boot do not reach into it."""
    vm = boot(site, build_iso(seed("a.test")))
    site.run("Stop-SCVirtualMachine", VM=vm, Force=True)
    assert addresses(site.vm(vm["ID"])) == []
    site.run("Start-SCVirtualMachine", VM=vm)
    site.run("Stop-SCVirtualMachine", VM=vm, Force=True)
    site.run("Start-SCVirtualMachine", VM=vm)
    site.clock.advance(4)
    assert site.guest(vm["ID"])["host_name"] is None
    site.clock.advance(1)
    assert site.guest(vm["ID"])["host_name"] == "a.test"
    assert site.guest(vm["ID"])["boots"] == 3


def test_dhcp_range_runs_out_and_addresses_come_back(site: Site) -> None:
    """Three addresses for four guests; a removed VM gives its own back."""
    vms = [boot(site, None, f"vm-{number}") for number in range(4)]
    assert [addresses(vm) for vm in vms] == [["10.20.0.100"], ["10.20.0.101"], ["10.20.0.102"], []]
    assert any("no free address" in line for line in site.guest(vms[3]["ID"])["log"])
    site.vmm.vm_delete(vms[1]["ID"])
    assert addresses(boot(site, None, "late")) == ["10.20.0.101"]


def test_copy_in_the_vm_outlives_the_library_file(site: Site) -> None:
    """Set-SCVirtualDVDDrive copies: once attached, the medium may leave the library."""
    vm = site.ready_vm()
    site.answer("media_attached", id=vm["ID"], file="web.iso", **packed(build_iso(seed("kept.test"))))
    site.clock.advance(2)
    assert site.answer("media_absent", file="web.iso")["changed"]
    assert site.vmm.library_files() == []
    site.run("Start-SCVirtualMachine", VM=vm)
    site.clock.advance(5)
    assert site.one("Read-SCVirtualMachine", VM=vm)["ComputerName"] == "kept.test"
