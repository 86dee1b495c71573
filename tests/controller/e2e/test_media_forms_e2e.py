# SPDX-License-Identifier: Apache-2.0
"""Media on other drives than a DVD, from the provider's setting to the guest and away again."""

from __future__ import annotations

from typing import Any

from .world import World

DISKS: list[dict[str, Any]] = [{"vhDisk": "debian-12.vhdx"}, {"size": "1Gi"}]


def disks(here: World) -> list[str]:
    """Files of the disks of the one VM."""
    (vm,) = here.vms()
    return sorted(disk["VirtualHardDisk"]["Name"] for disk in vm["VirtualDiskDrives"])


def test_a_drive_that_the_vm_has_not_is_told_and_another_one_taken(here: World) -> None:
    """Generation 2 has no floppy drive; corrected to SCSI, the guest boots from a FAT disk, which goes afterwards."""
    form = {"deviceType": "floppy", "fileSystem": "vfat", "ejectAfterSeconds": 0}
    here.provider(cloudInit=form)
    here.bootstrap()
    here.start()
    here.machine(disks=DISKS)
    told = here.until_reason("node", "DependenciesReady", "MediumDoesNotFit")
    assert "VMs of generation 2 have neither floppy nor IDE drives: set it to dvd or scsi" in told["message"]
    here.patch("ScvmmProvider", "vmm", {"spec": {"cloudInit": {"deviceType": "scsi"}}})
    here.until_true("node")
    here.until_reason("node", "BootstrapMediumAttached", "Ejected")
    (vm,) = here.vms()
    assert vm["guest"]["host_name"] == "node.example.com"
    assert disks(here) == ["node-disk-0.vhdx", "node-disk-1.vhdx"]
    assert here.media() == []
    assert here.condition("node", "AllFieldsHonored")["status"] == "True"


def test_a_medium_on_ide_stays_until_the_vm_is_off(here: World) -> None:
    """VMM takes it out of no VM that runs; that is told, and a provider that was changed meanwhile changes nothing."""
    here.provider(cloudInit={"deviceType": "ide", "ejectAfterSeconds": 0})
    here.bootstrap()
    here.start()
    here.machine(hardwareProfile="k8s-old")
    here.until_true("node")
    here.until_reason("node", "BootstrapMediumAttached", "EjectFailed")
    (vm,) = here.vms()
    uid = (here.get("ScvmmMachine", "node") or {})["metadata"]["uid"]
    assert vm["guest"]["host_name"] == "node.example.com"
    assert disks(here) == [f"capi-{uid}.cidata.vhdx", "node-disk-0.vhdx"]
    here.patch("ScvmmProvider", "vmm", {"spec": {"cloudInit": {"deviceType": "dvd"}}})
    here.sim.vm_power_off(vm["ID"])
    here.until_reason("node", "BootstrapMediumAttached", "Ejected")
    assert disks(here) == ["node-disk-0.vhdx"]
    assert here.media() == []
