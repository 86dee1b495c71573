# SPDX-License-Identifier: Apache-2.0
"""What a VM is made of and how it is mended, by a real PowerShell: which cmdlets are called, in which order."""

from __future__ import annotations

import copy
import hashlib
import json
import re
from pathlib import Path
from typing import Any

import pytest
from scvmm_sim.cmdlets import Vmm
from scvmm_sim.standin import generate

from .shell import Bridge, Shell, powershell_module
from .small_site import FABRIC, wish, wish_from_profile


def _temporary(vmm: Vmm) -> list[str]:
    names = [template["Name"] for template in vmm.call("Get-SCVMTemplate", {}).objects]
    return [name for name in names if name.startswith("capi.scvmm temporary")]


def test_no_function_is_defined_twice() -> None:
    """The files are one module: of two functions of one name the later would silently win."""
    text = powershell_module.module_text()
    names = re.findall(r"^function ([A-Za-z-]+)", text, re.MULTILINE)
    assert names and sorted(names) == sorted(set(names))


def test_fibre_channel_is_added_to_the_vm_not_to_the_template(shell: Shell, bridge: Bridge) -> None:
    """After placement, in the creation's own job group, on a virtual SAN: no template is named in the call."""
    bridge.calls.clear()
    adapters = [{"classification": "fast", "virtual_san": "fabric-a"}]
    made = shell.result("vm_present", wish("fibre", fibre_channel=adapters))
    names = bridge.names()
    place = names.index("New-SCVirtualFibreChannelAdapter")
    assert names.index("Update-SCVMConfiguration") < place < names.index("New-SCVirtualMachine")
    calls = dict(bridge.calls)
    given = calls["New-SCVirtualFibreChannelAdapter"]
    assert given["JobGroup"] == calls["New-SCVirtualMachine"]["JobGroup"]
    assert not {"VMTemplate", "HardwareProfile"} & given.keys()
    assert made["vm"]["fibre_channel"] == adapters


def test_changes_are_one_job_group_that_set_scvirtualmachine_ends(shell: Shell, bridge: Bridge) -> None:
    """Adapter, limit and size are held back with it and run as one job; custom properties are set at once."""
    first = wish_from_profile("group")
    shell.result("vm_present", first)
    bridge.calls.clear()
    second = {
        **first,
        "cpu_count": 4,
        "custom_properties": {"team": "red"},
        "disks": [{"vhd": "ubuntu.vhdx", "size_mb": 20000, "iops_maximum": 50}, first["disks"][1]],
        "network_adapters": [{"vm_network": "lan", "static_ip_pools": ["lan four"]}],
        "update": "when_off",
    }
    done = shell.result("vm_present", second)
    changes = [(name, given) for name, given in bridge.calls if not name.startswith("Get-")]
    assert [name for name, _ in changes] == [
        "Set-SCCustomPropertyValue",
        "Set-SCVirtualNetworkAdapter",
        "Set-SCVirtualDiskDrive",
        "Expand-SCVirtualDiskDrive",
        "Set-SCVirtualMachine",
    ]
    assert len({given["JobGroup"] for _, given in changes[1:]}) == 1
    assert dict(changes)["Set-SCVirtualNetworkAdapter"]["MACAddress"] == "00:00:00:00:00:00"
    assert dict(changes)["Expand-SCVirtualDiskDrive"]["VirtualHardDiskSizeGB"] == 20
    assert (done["changed"], done["drift"], done["job"]["status"]) == (True, [], "Completed")
    again = shell.result("vm_present", second)
    assert (again["changed"], again["drift"], again["job"]) == (False, [], None)
    (vm,) = shell.result("vm_info", {"uids": ["group"]})["vms"]
    (address,) = vm["network_adapters"][0]["static_addresses"]
    assert (address["pool"], address["gateways"], address["nameservers"]) == ("lan four", ["10.0.0.1"], ["10.0.0.2"])
    assert vm["custom_properties"] == {"team": "red"}


def test_looking_at_many_vms_asks_for_static_addresses_only(shell: Shell, bridge: Bridge) -> None:
    """The bulk call tells all else; a VM without a static address costs no call, one that did not change no second."""
    shell.result("vm_info", {"marked": True})
    bridge.calls.clear()
    shell.result("vm_info", {"marked": True})
    assert bridge.names() == ["Get-SCVirtualMachine"]


def test_addresses_that_vmm_would_not_tell_are_asked_for_again(shell: Shell, vmm: Vmm) -> None:
    """A look at VMs does not fail for want of them, and what it lacked is not taken for the truth."""
    adapters = [{"vm_network": "lan", "static_ip_pools": ["lan six"]}]
    for _ in range(2):
        vm_id = shell.result("vm_present", wish("told", network_adapters=adapters, update="when_off"))["vm"]["id"]
    vmm.call("Set-SCVirtualMachine", {"VM": {"_type": "VM", "ID": vm_id}, "Tag": "changed"})
    vmm.add_fault({"cmdlet": "Get-SCIPAddress", "error": {"number": 2605, "message": "busy"}})

    def told() -> list[str]:
        (vm,) = shell.result("vm_info", {"ids": [vm_id]})["vms"]
        return [one["pool"] for one in vm["network_adapters"][0]["static_addresses"]]

    assert (told(), told()) == ([], ["lan six"])


def test_template_that_could_not_be_removed_goes_with_the_next_call(shell: Shell, vmm: Vmm) -> None:
    """The creation's own result is not hidden by it."""
    vmm.add_fault({"cmdlet": "Remove-SCVMTemplate", "error": {"number": 2606, "message": "locked"}})
    assert shell.result("vm_present", wish_from_profile("locked"))["created"]
    digest = hashlib.sha256(b"locked").hexdigest()[:32]
    assert _temporary(vmm) == [f"capi.scvmm temporary {digest}"]
    assert not shell.result("vm_present", wish_from_profile("locked"))["changed"]
    assert _temporary(vmm) == []


def test_template_of_a_session_that_died_goes_with_the_next_call(
    shell: Shell, vmm: Vmm, pwsh: Path, bridge: Bridge, tmp_path: Path
) -> None:
    """PowerShell is killed between New-SCVMTemplate and New-SCVirtualMachine: one VM, and no template, come of it."""
    dying = Shell(pwsh, bridge, tmp_path)
    dying.result("connect", {"vmm_server": "vmm.example.com"})
    vmm.add_fault({"cmdlet": "Update-SCVMConfiguration", "delay": 2})
    bridge.calls.clear()
    dying.send("vm_present", wish_from_profile("died"))
    bridge.wait_for("Update-SCVMConfiguration")
    dying.process.kill()
    dying.close()
    assert len(_temporary(vmm)) == 1
    assert shell.result("vm_present", wish_from_profile("died"))["created"]
    assert _temporary(vmm) == []
    assert len([vm for vm in vmm.vms() if vm["Name"] == "vm-died"]) == 1


@pytest.fixture
def old_server(pwsh: Path, tmp_path: Path) -> Any:
    """A shell of a server with VMM 2016, whose cmdlets do not know nested virtualization."""
    cmdlets = json.loads(generate.DATA_FILE.read_text(encoding="utf-8"))
    for facts in cmdlets.values():
        for name, members in facts["parameterSets"].items():
            facts["parameterSets"][name] = [m for m in members if m["name"] != "EnableNestedVirtualization"]
    folder = tmp_path / "modules" / "VirtualMachineManager"
    folder.mkdir(parents=True)
    for file in generate.MODULE_FOLDER.iterdir():
        (folder / file.name).write_text(file.read_text(encoding="utf-8"), encoding="utf-8")
    names = generate.NAMES_FILE.read_text(encoding="utf-8").split()
    for name, text in generate.module_files(cmdlets, names).items():
        (folder / name).write_text(text, encoding="utf-8")
    fabric = {**copy.deepcopy(FABRIC), "server": {"name": "vmm.example.com", "version": "4.0.2413.0"}}
    vmm = Vmm(fabric, library=tmp_path / "library")
    bridge = Bridge(vmm)
    shell = Shell(pwsh, bridge, tmp_path, modules=folder.parent)
    shell.result("connect", {"vmm_server": "vmm.example.com"})
    yield shell
    shell.close()
    bridge.close()
    vmm.close()


def test_nested_virtualization_is_refused_by_a_server_that_has_none(old_server: Shell, shell: Shell) -> None:
    """The command's own parameters tell; a newer server takes it, an older one still makes the VM without."""
    error = old_server.error("vm_present", wish("nest", enable_nested_virtualization=True))
    assert error["id"] == "CapiScvmm.BadRequest"
    assert "this VMM server does not know nested virtualization: it came with VMM 2019" in error["message"]
    made = old_server.result("vm_present", wish("nest", enable_nested_virtualization=False))
    assert made["created"] and made["vm"]["enable_nested_virtualization"] is None
    newer = shell.result("vm_present", wish("nest", enable_nested_virtualization=True))
    assert newer["vm"]["enable_nested_virtualization"] is True
