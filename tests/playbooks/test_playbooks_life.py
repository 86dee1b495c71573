# SPDX-License-Identifier: Apache-2.0
"""The four playbooks as a person runs them, with the example files: a VM comes, boots, is looked at, and goes."""

from __future__ import annotations

from scvmm_sim.simulator import Simulator

from playbooks.person import Person

VM = "vm.yml"
BOOT = ("vm.yml", "bootstrap.yml")


def test_create_makes_one_vm_and_shows_it(person: Person, sim: Simulator) -> None:
    """The VM is there when the playbook ends, off, with the default mark; a second run changes nothing."""
    first = person.runs("create", VM).well()
    assert first.changed == 1
    assert "VM web-1: PowerOff, on hv1.example.com, in cloud production" in first.said
    assert "mark owner=ansible/web-1 uid=ansible/web-1" in first.said
    again = person.runs("create", VM).well()
    assert again.changed == 0
    assert [vm["Name"] for vm in sim.vms()] == ["web-1"]


def test_an_address_is_granted_once_and_given_back(person: Person) -> None:
    """The same one is found by a second run."""
    first = person.runs("vip", "vip.yml").well()
    assert first.changed == 1 and "10.20.0.100/16 of pool k8s nodes is for ansible/east." in first.said
    assert person.runs("vip", "vip.yml").well().changed == 0
    gone = person.runs("vip", "vip.yml", scvmm_vip_state="absent").well()
    assert gone.changed == 1 and "No address for east-control-plane." in gone.said


def test_whole_life_of_a_vm(person: Person, sim: Simulator) -> None:
    """All four; the guest has read the medium; repeated runs change nothing; nothing is left."""
    person.runs("create", VM).well()

    booted = person.runs("bootstrap", *BOOT).well()
    assert booted.changed == 2  # medium, power; the image itself goes away with the run
    assert "VM web-1: Running" in booted.said
    assert "dvd holds cloud-init-web-1.iso" in booted.said
    assert list(sim.library.rglob("*.iso")) == []  # the VM has a copy of its own
    assert person.runs("bootstrap", *BOOT).well().changed == 0

    seen = person.runs("inspect", "inspect.yml").well()
    assert "10.20.0.21" in seen.said
    assert "guest calls itself web-1.example.com" in seen.said
    assert seen.changed == 0
    assert "VM web-1: Running" in person.runs("inspect").well().said

    ejected = person.runs("eject", VM).well()
    assert ejected.changed == 1
    assert "VM web-1 and the library hold the medium cloud-init-web-1.iso no more." in ejected.said
    assert [drive["ISO"] for vm in sim.vms() for drive in vm["VirtualDVDDrives"]] == [None]
    assert [vm["Status"] for vm in sim.vms()] == ["Running"]
    assert person.runs("eject", VM).well().changed == 0

    gone = person.runs("delete", "delete.yml").well()
    assert gone.changed == 2  # stopped, removed
    assert "VM web-1 is gone, with its files and its medium." in gone.said
    assert sim.vms() == []
    assert list(sim.library.rglob("*.iso")) == []
    assert person.runs("delete", "delete.yml").well().changed == 0


def test_create_completes_what_no_creation_can(person: Person, sim: Simulator) -> None:
    """A copy that is to be larger and limited is so when the playbook ends; later wishes are heard with update only."""
    wish = {
        "name": "web-2",
        "cloud": "production",
        "hardware_profile": "k8s-small",
        "disks": [{"vhd": "debian-12.vhdx", "size_mb": 40000, "iops_maximum": 500}],
    }
    assert person.runs("create", scvmm_vm=wish).well().changed == 2
    (vm,) = sim.vms()
    (disk,) = vm["VirtualDiskDrives"]
    assert (disk["VirtualHardDisk"]["MaximumSize"] // 1024**3, disk["IOPSMaximum"]) == (40, 500)
    more = {**wish, "cpu_count": 3}
    assert person.runs("create", scvmm_vm=more).well().changed == 0
    assert person.runs("create", scvmm_vm={**more, "update": "when_off"}).well().changed == 1
    assert [vm["CPUCount"] for vm in sim.vms()] == [3]
    assert person.runs("create", scvmm_vm={**more, "update": "when_off"}).well().changed == 0


def test_check_mode_changes_nothing(person: Person, sim: Simulator) -> None:
    """With --check each playbook says what it would do, and VMM stays as it is."""
    check = ("--check",)
    assert person.runs("create", VM, flags=check).well().changed == 1
    assert sim.vms() == []

    person.runs("create", VM).well()
    jobs = len(sim.jobs())
    assert person.runs("bootstrap", *BOOT, flags=check).well().changed == 2
    assert person.runs("delete", "delete.yml", flags=check).well().changed >= 1
    assert [vm["Status"] for vm in sim.vms()] == ["PowerOff"]
    # A refresh of the library only looks.
    assert {job["Name"] for job in sim.jobs()[jobs:]} <= {"Refresh library share"}
    assert list(sim.library.rglob("*.iso")) == []


def test_inspect_of_a_vm_that_is_not_there_says_so(person: Person) -> None:
    """The message names the VM and the way to see those that there are."""
    assert "VM web-1 is not there" in person.runs("inspect", "inspect.yml", scvmm_wait=1).fatal


def test_inspect_without_a_vm_shows_all_with_a_mark(person: Person) -> None:
    """No vars file is needed to look around."""
    assert "No VM carries a mark." in person.runs("inspect").well().said


def test_boot_without_a_medium(person: Person, sim: Simulator) -> None:
    """scvmm_medium false: the VM is started, and nothing is uploaded."""
    person.runs("create", VM).well()
    started = person.runs("bootstrap", VM, scvmm_medium=False).well()
    assert started.changed == 1
    assert [vm["Status"] for vm in sim.vms()] == ["Running"]
    assert list(sim.library.rglob("*.iso")) == []


def test_user_data_file_and_place_of_the_medium(person: Person, sim: Simulator) -> None:
    """A file for the user-data and a name of one's own for the medium."""
    person.runs("create", VM).well()
    given = sim.library.parent / "user-data"
    given.write_bytes(b"#!/bin/sh\r\necho {{ no template }}\n")
    medium = {"file": "mine.iso", "library_path": "ISOs\\people"}
    copy = given.with_name("copy.iso")
    booted = person.runs(
        "bootstrap", *BOOT, cloud_init_user_data_file=str(given), cloud_init_image=str(copy), scvmm_medium=medium
    ).well()
    assert "dvd holds mine.iso" in booted.said
    assert given.read_bytes() in copy.read_bytes()
    person.runs("delete", "delete.yml", scvmm_medium=medium, scvmm_stop_method="turn_off").well()
    assert list(sim.library.rglob("*.iso")) == []
