# SPDX-License-Identifier: Apache-2.0
"""What a VM is made of, and how a VM that exists is mended: do, read back, do again."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from typing import Any

import pytest

from .site import Object, Site

POOLS = [
    {"name": "four", "vm_network": "k8s", "vm_subnet": "nodes", "cidr": "10.20.0.0/24", "start": "10.20.0.10",
     "end": "10.20.0.11", "gateways": ["10.20.0.1"], "dns_servers": ["10.20.0.2"]},
    {"name": "six", "vm_network": "k8s", "vm_subnet": "nodes", "cidr": "2001:db8::/64", "start": "2001:db8::10",
     "end": "2001:db8::1f", "gateways": ["2001:db8::1"]},
]  # fmt: skip
STORAGE: dict[str, Any] = {
    "storage_qos_policies": ["gold"],
    "storage_fabric_classifications": ["fast"],
    "static_ip_pools": POOLS,
    "host_groups": [
        {"name": "prod", "hosts": [
            {"name": "hv1", "cpus": 16, "memory_mb": 65536, "cluster": "cl1", "virtual_sans": ["san-a"]},
        ]},
        {"name": "edge", "hosts": [{"name": "hv2", "cpus": 16, "memory_mb": 65536, "virtual_sans": ["san-a"]}]},
    ],
}  # fmt: skip
WISH: dict[str, Any] = {"owner": "ns/web", "uid": "uid-1", "name": "web", "cloud": "production", "template": "debian"}
BARE: dict[str, Any] = {
    "owner": "ns/bare",
    "uid": "uid-2",
    "name": "bare",
    "cloud": "production",
    "hardware_profile": "hw",
    "disks": [{"vhd": "debian.vhdx"}],
}


@pytest.fixture
def stocked(make_site: Callable[..., Site]) -> Site:
    """A site with address pools, policies and fibre channel."""
    return make_site(**STORAGE)


def present(site: Site, wish: dict[str, Any], **more: Any) -> Object:
    """Call vm_present and let its job end."""
    result = site.answer("vm_present", **{**wish, **more})
    site.clock.advance(11)
    return result


def info(site: Site, uid: str) -> Object:
    """The VM with that uid as vm_info shows it."""
    (found,) = site.answer("vm_info", uids=[uid])["vms"]
    assert isinstance(found, dict)
    return found


def fields(entries: list[Object]) -> dict[str, str | None]:
    """Fields of a drift or diff, with what mends them."""
    return {entry["field"]: entry.get("mend") for entry in entries}


def mended(site: Site, wish: dict[str, Any], update: str = "when_off") -> Object:
    """Check, do, and do again: the check tells what is done, and the second time there is nothing to do."""
    told = site.answer("vm_present", **wish, update=update, check=True)
    done = present(site, wish, update=update)
    assert (told["changed"], told["diff"]) == (done["changed"], done["diff"])
    again = present(site, wish, update=update)
    assert (again["changed"], again["diff"]) == (False, [])
    return done


def test_disks_are_limited_and_expanded_after_the_creation(stocked: Site) -> None:
    """New and copied disks, dynamic and fixed; a policy at once, a limit and a larger copy with update."""
    wish = {
        **BARE,
        "disks": [
            {"vhd": "debian.vhdx", "size_mb": 20000, "volume_type": "Boot", "iops_maximum": 100},
            {"size_mb": 1000, "dynamic": False, "storage_qos_policy": "GOLD"},
            {"size_mb": 2000},
        ],
    }
    present(stocked, wish)
    made = info(stocked, "uid-2")["disks"]
    assert [disk["name"] for disk in made] == ["bare-disk-0.vhdx", "bare-disk-1.vhdx", "bare-disk-2.vhdx"]
    assert [disk["dynamic"] for disk in made] == [True, False, True]
    assert [disk["volume_type"] for disk in made] == ["Boot", "None", "None"]
    assert [disk["storage_qos_policy"] for disk in made] == [None, "gold", None]
    assert fields(present(stocked, wish)["drift"]) == {"disks[0].size_mb": "off", "disks[0].iops_maximum": "now"}
    mended(stocked, wish)
    after = info(stocked, "uid-2")["disks"]
    # Whole GiB: 20 of them, not 20000 MiB.
    assert [(disk["size_mb"], disk["iops_maximum"]) for disk in after] == [(20480, 100), (1000, None), (2000, None)]


def test_a_disk_is_never_made_smaller(stocked: Site) -> None:
    """It is told, and no update changes it."""
    present(stocked, BARE)
    result = present(stocked, {**BARE, "disks": [{"vhd": "debian.vhdx", "size_mb": 5000}]}, update="always")
    assert (result["changed"], fields(result["drift"])) == (False, {"disks[0].size_mb": "never"})


def test_static_pools_give_addresses_of_both_families(stocked: Site) -> None:
    """Each adapter has one of each pool, with what its guest must know; they are free again with the VM."""
    adapter = {"vm_network": "k8s", "static_ip_pools": ["four", "six"]}
    for number in range(2):
        wish = {**WISH, "uid": f"uid-{number}", "name": f"web-{number}", "network_adapters": [adapter]}
        present(stocked, wish)
        assert info(stocked, f"uid-{number}")["network_adapters"][0]["static_addresses"] == []
        mended(stocked, wish)
    (first,) = info(stocked, "uid-0")["network_adapters"]
    assert first["mac_address_type"] == "static"
    assert first["static_addresses"] == [
        {"address": "10.20.0.10/24", "pool": "four", "gateways": ["10.20.0.1"], "nameservers": ["10.20.0.2"]},
        {"address": "2001:db8::10/64", "pool": "six", "gateways": ["2001:db8::1"], "nameservers": []},
    ]
    wish = {**WISH, "network_adapters": [adapter], "uid": "uid-3"}
    present(stocked, wish)
    assert "no free address" in stocked.failure("vm_present", **wish, update="when_off")["message"]
    stocked.answer("vm_absent", uid="uid-0")
    stocked.clock.advance(11)
    mended(stocked, wish)
    assert info(stocked, "uid-3")["network_adapters"][0]["static_addresses"][0]["address"] == "10.20.0.10/24"


def test_adapters_have_the_mac_address_that_is_asked_for(site: Site) -> None:
    """In the template's slot and in a further one, however it is written; another one only while the VM is off."""
    wish = {
        **WISH,
        "network_adapters": [
            {"vm_network": "k8s", "mac_address": "00-15-5D-AA-00-01"},
            {"vm_network": "lab", "mac_address": "00:15:5d:aa:00:02"},
        ],
    }
    present(site, wish)
    adapters = info(site, "uid-1")["network_adapters"]
    assert [(a["mac_address"], a["mac_address_type"]) for a in adapters] == [
        ("00:15:5d:aa:00:01", "static"),
        ("00:15:5d:aa:00:02", "static"),
    ]
    assert present(site, wish)["drift"] == []
    other = {**wish, "network_adapters": [{"vm_network": "lab", "mac_address": "00:15:5d:aa:00:03"}]}
    site.run("Start-SCVirtualMachine", VM=site.vm(info(site, "uid-1")["id"]))
    result = present(site, other, update="always")
    assert fields(result["diff"]) == {"network_adapters[0].vm_network": None}
    assert fields(result["drift"]) == {"network_adapters[0].mac_address": "off"}


def test_a_further_adapter_is_added_while_the_vm_is_off(site: Site) -> None:
    """It takes the next slot and a MAC address."""
    present(site, WISH)
    wish = {**WISH, "network_adapters": [{"vm_network": "k8s"}, {"vm_network": "lab"}]}
    mended(site, wish)
    adapters = info(site, "uid-1")["network_adapters"]
    assert [(a["slot"], a["vm_network"]) for a in adapters] == [(0, "k8s"), (1, "lab")]
    assert len({a["mac_address"] for a in adapters}) == 2


@pytest.mark.parametrize(("group", "host"), [("prod", "hv1"), ("edge", "hv2")])
def test_fibre_channel_is_of_the_vms_own_host(stocked: Site, group: str, host: str) -> None:
    """Hosts of a cluster and standalone ones have virtual SANs of one name; the shared template stays as it was."""
    before = stocked.one("Get-SCVMTemplate", Name="plain")
    wish = {
        **WISH,
        "template": "plain",
        "cloud": None,
        "host_group": group,
        "fibre_channel": [{"classification": "fast", "virtual_san": "SAN-A"}],
    }
    present(stocked, wish)
    vm = info(stocked, "uid-1")
    assert (vm["host"], vm["fibre_channel"]) == (host, [{"classification": "fast", "virtual_san": "san-a"}])
    (adapter,) = stocked.run("Get-SCVirtualFibreChannelAdapter", VM=stocked.vm(vm["id"])).objects
    sans = stocked.run("Get-SCVMHostFibreChannelVirtualSAN").objects
    assert [s["VMHost"]["Name"] for s in sans if s["ID"] == adapter["VirtualFibreChannelSAN"]["ID"]] == [host]
    assert stocked.one("Get-SCVMTemplate", Name="plain") == before
    assert present(stocked, wish)["drift"] == []
    drift = present(stocked, {**wish, "fibre_channel": [{}, {"classification": "fast"}]}, update="always")["drift"]
    assert fields(drift) == {"fibre_channel[1]": "never"}


def test_several_adapters_on_standalone_hosts_and_on_clusters(stocked: Site) -> None:
    """VM networks are found for both: they are not looked for by way of a host cluster."""
    adapters = [{"vm_network": "k8s", "vm_subnet": "nodes"}, {"vm_network": "lab"}]
    for number, group in enumerate(("prod", "All Hosts\\edge")):
        wish = {**WISH, "uid": f"uid-{number}", "cloud": None, "host_group": group, "network_adapters": adapters}
        present(stocked, wish)
        vm = info(stocked, f"uid-{number}")
        assert [(a["vm_network"], a["vm_subnet"]) for a in vm["network_adapters"]] == [("k8s", "nodes"), ("lab", None)]
        assert present(stocked, wish)["drift"] == []


def test_host_groups_of_one_name_are_listed(make_site: Callable[..., Site]) -> None:
    """The name alone is ambiguous, and both paths are told; a path is not."""
    hosts = [{"name": "hv1", "cpus": 4, "memory_mb": 9000}]
    site = make_site(
        host_groups=[
            {"name": "east"},
            {"name": "west"},
            {"name": "k8s", "parent": "east", "hosts": hosts},
            {"name": "k8s", "parent": "west"},
        ],
        clouds=[],
    )
    wish = {**WISH, "cloud": None}
    error = site.failure("vm_present", **wish, host_group="K8s")
    assert error["id"] == "CapiScvmm.Ambiguous"
    assert "All Hosts\\east\\k8s, All Hosts\\west\\k8s" in error["message"]
    present(site, wish, host_group="all hosts\\east\\k8s")
    assert info(site, "uid-1")["host_group"] == "All Hosts\\east\\k8s"
    assert present(site, wish, host_group="east")["drift"] == []
    assert fields(present(site, wish, host_group="west")["drift"]) == {"host_group": "never"}


@pytest.mark.parametrize("version", ["4.0.2413.0", "10.19.1013.0"])
def test_nested_virtualization_needs_vmm_2019(make_site: Callable[..., Site], version: str) -> None:
    """A server before it refuses in clear words; without the wish nothing is said of it."""
    site = make_site(server={"name": "vmm.test", "version": version})
    wish = {**WISH, "enable_nested_virtualization": True}
    if version.startswith("4."):
        error = site.failure("vm_present", **wish)
        assert error["id"] == "CapiScvmm.BadRequest" and "it came with VMM 2019" in error["message"]
        assert site.vmm.jobs() == []
        present(site, {**WISH, "enable_nested_virtualization": False})
        assert info(site, "uid-1")["enable_nested_virtualization"] is None
        assert fields(present(site, wish, update="always")["drift"]) == {"enable_nested_virtualization": "never"}
        return
    present(site, wish)
    assert info(site, "uid-1")["enable_nested_virtualization"] is True
    mended(site, {**WISH, "enable_nested_virtualization": False})
    assert info(site, "uid-1")["enable_nested_virtualization"] is False


SETTINGS: dict[str, Any] = {
    "name": "renamed",
    "description": "new text",
    "tag": "blue",
    "operating_system": "Debian GNU/Linux 12 (64 bit)",
    "start_action": "AlwaysAutoTurnOnVM",
    "checkpoint_type": "Disabled",
    "availability_set": "spread",
    "custom_properties": {"team": "red"},
    "network_adapters": [{"vm_network": "lab"}],
    "stop_action": "ShutdownGuestOS",
    "cpu_count": 8,
    "memory_mb": 4096,
    "dynamic_memory": {"minimum_mb": 1024, "maximum_mb": 8192, "buffer_percent": 30},
    "cpu_limit_for_migration": True,
    "cpu_limit_functionality": True,
    "enable_nested_virtualization": True,
}
OFF = [*SETTINGS][9:]


@pytest.mark.parametrize("field", SETTINGS)
def test_each_setting_is_mended_when_asked_for(site: Site, field: str) -> None:
    """Not without update, not on a running VM when that needs it off, otherwise once."""
    present(site, WISH)
    wish = {**WISH, field: SETTINGS[field]}
    untouched = present(site, wish)
    assert not untouched["changed"] and len(untouched["drift"]) == 1
    assert untouched["drift"][0]["mend"] == ("off" if field in OFF else "now")
    assert untouched["drift"][0]["before"] != untouched["drift"][0]["after"]
    site.answer("vm_power", uid="uid-1", state="running")
    site.clock.advance(11)
    assert not present(site, wish, update="when_off")["changed"]
    assert present(site, wish)["drift"] == untouched["drift"]
    if field in OFF:
        assert not present(site, wish, update="always")["changed"]
        site.answer("vm_power", uid="uid-1", state="off", method="turn_off")
        site.clock.advance(11)
        mended(site, wish)
    else:
        mended(site, wish, "always")
    assert present(site, wish)["drift"] == []


def test_all_changes_are_one_job(site: Site) -> None:
    """Adapters, disks and settings of a job group end with Set-SCVirtualMachine; the mark stays."""
    present(site, BARE)
    jobs = len(site.vmm.jobs())
    wish = {
        **BARE,
        "cpu_count": 4,
        "description": "text",
        "disks": [{"vhd": "debian.vhdx", "size_mb": 30000, "iops_maximum": 9}],
        "network_adapters": [{"vm_network": "lab", "mac_address": "00:15:5d:00:00:99"}],
        "custom_properties": {"team": "red"},
    }
    result = site.answer("vm_present", **wish, update="when_off")
    assert result["job"]["status"] == "Running" and len(site.vmm.jobs()) == jobs + 1
    busy = site.answer("vm_present", **wish, update="when_off")
    assert (busy["changed"], busy["job"]["id"]) == (False, result["job"]["id"])
    site.clock.advance(11)
    assert site.answer("vm_present", **wish, update="when_off")["drift"] == []
    assert (info(site, "uid-2")["owner"], info(site, "uid-2")["description"]) == ("ns/bare", "text")


def test_a_change_that_failed_is_dismissed_and_tried_again(site: Site) -> None:
    """The VM stands as UpdateFailed; the next call with update clears that and starts the change anew."""
    present(site, WISH)
    wish = {**WISH, "cpu_count": 8}
    site.vmm.add_fault({"cmdlet": "Set-SCVirtualMachine", "job_error": {"number": 2912, "message": "agent away"}})
    present(site, wish, update="when_off")
    assert (info(site, "uid-1")["status"], info(site, "uid-1")["cpu_count"]) == ("UpdateFailed", 2)
    assert fields(present(site, wish)["drift"]) == {"cpu_count": "off"}
    assert info(site, "uid-1")["status"] == "UpdateFailed"
    mended(site, wish)
    assert (info(site, "uid-1")["status"], info(site, "uid-1")["cpu_count"]) == ("PowerOff", 8)


def test_more_memory_than_the_host_has_is_vmms_error(site: Site) -> None:
    """The host keeps count; nothing is changed."""
    present(site, WISH)
    error = site.failure("vm_present", **WISH, memory_mb=70000, update="when_off")
    assert (error["number"], info(site, "uid-1")["memory_mb"]) == (2911, 2048)


@pytest.mark.parametrize(
    ("wish", "reason"),
    [
        ({"memory_mb": 70000}, "does not have enough memory: 70000 MB are asked for"),
        ({"cpu_count": 20}, "has 20 processors and the host hv1 has 16"),
    ],
)
def test_placement_without_a_host_tells_vmms_reasons(site: Site, wish: dict[str, Any], reason: str) -> None:
    """What is asked for counts, not what the hardware profile has; nothing is left behind."""
    error = site.failure("vm_present", **{**BARE, **wish})
    assert error["id"] == "CapiScvmm.NoPlacement" and reason in error["message"]
    assert (temporary(site), site.answer("vm_info", uids=["uid-2"])["vms"], site.vmm.jobs()) == ([], [], [])


def temporary(site: Site) -> list[str]:
    """Names of temporary templates that are there."""
    names = [template["Name"] for template in site.run("Get-SCVMTemplate").objects]
    return [name for name in names if name.startswith("capi.scvmm temporary")]


def leave_behind(site: Site, uid: str) -> None:
    """A session that breaks after New-SCVMTemplate leaves its template."""
    digest = hashlib.sha256(uid.encode()).hexdigest()[:32]
    profile = next(p for p in site.run("Get-SCHardwareProfile").objects if p["Name"] == "hw")
    site.run(
        "New-SCVMTemplate",
        Name=f"capi.scvmm temporary {digest}",
        HardwareProfile=profile,
        JobGroup="0a000000-0000-4000-8000-000000000001",
    )


def test_temporary_template_of_a_broken_session_is_removed_by_the_next_call(site: Site) -> None:
    """Before the creation is tried again, and when the VM turns out to be there; not in check mode."""
    leave_behind(site, "uid-2")
    site.answer("vm_present", **BARE, check=True)
    assert len(temporary(site)) == 1
    present(site, BARE)
    assert temporary(site) == []
    leave_behind(site, "uid-2")
    present(site, BARE)
    assert temporary(site) == []


def test_temporary_templates_of_others_are_removed_when_they_are_old(site: Site) -> None:
    """A young one may belong to a creation that is under way."""
    leave_behind(site, "gone")
    present(site, BARE)
    assert len(temporary(site)) == 1
    site.clock.advance(3600)
    present(site, {**BARE, "uid": "uid-3"})
    assert temporary(site) == []


def test_failed_creation_job_leaves_no_template(site: Site) -> None:
    """The template is gone as soon as VMM has taken the job, whatever becomes of it."""
    site.vmm.add_fault({"cmdlet": "New-SCVirtualMachine", "job_error": {"number": 2912, "message": "x"}})
    present(site, BARE)
    assert (info(site, "uid-2")["status"], temporary(site)) == ("CreationFailed", [])
    result = present(site, {**BARE, "cpu_count": 4}, update="always")
    assert not result["changed"], "a VM whose creation failed can only be removed"


def test_token_tells_of_changed_settings(site: Site) -> None:
    """A long poll ends when somebody changes a tag, a property or a disk."""
    present(site, BARE)
    vm = site.vm(info(site, "uid-2")["id"])
    for cmdlet, parameters in (
        ("Set-SCVirtualMachine", {"VM": vm, "Tag": "x"}),
        ("Set-SCVirtualDiskDrive", {"VirtualDiskDrive": vm["VirtualDiskDrives"][0], "IOPSMaximum": 7}),
    ):
        token = site.answer("vm_info", marked=True)["token"]
        site.run(cmdlet, **parameters)
        assert site.answer("vm_info", marked=True)["token"] != token, cmdlet
