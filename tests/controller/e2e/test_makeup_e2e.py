# SPDX-License-Identifier: Apache-2.0
"""A machine that asks for all that a VM can be made of, end to end."""

from __future__ import annotations

from .world import World


def test_a_machine_is_completed_before_it_boots(here: World) -> None:
    """Larger disk, limit and pool address are there at the first boot; the guest has the address of VMM's pool."""
    here.provider()
    here.bootstrap()
    here.start()
    device = {
        "deviceName": "eth0",
        "vmNetwork": "k8s",
        "macAddress": "00:15:5d:01:02:03",
        "staticIPAddressPools": ["k8s nodes"],
    }
    here.machine(
        disks=[
            {"vhDisk": "debian-12.vhdx", "size": "40Gi", "iopsMaximum": 500},
            {"size": "1Gi", "dynamic": False, "storageQoSPolicy": "gold"},
        ],
        networking={"domain": "example.com", "devices": [device]},
        fibreChannel=[{"storageFabricClassification": "fast"}],
        vmOptions={"enableNestedVirtualization": True, "stopAction": "ShutdownGuestOS"},
        customProperty={"team": "blue"},
        availabilitySet="spread",
        tag="k8s",
    )
    here.until_true("node")
    assert here.condition("node", "AllFieldsHonored")["status"] == "True"
    (vm,) = here.vms()
    disks = [(d["VirtualHardDisk"]["MaximumSize"] // 1024**2, d["IOPSMaximum"]) for d in vm["VirtualDiskDrives"]]
    assert disks == [(40960, 500), (1024, 0)]
    assert vm["VirtualDiskDrives"][1]["StorageQoSPolicy"]["Name"] == "gold"
    assert vm["VirtualFibreChannelAdapters"][0]["StorageFabricClassification"]["Name"] == "fast"
    assert (vm["EnableNestedVirtualization"], vm["StopAction"], vm["Tag"]) == (True, "ShutdownGuestOS", "k8s")
    assert (vm["CustomProperty"], vm["AvailabilitySetNames"]) == ({"team": "blue"}, ["spread"])
    assert vm["guest"]["addresses"] == {"00:15:5d:01:02:03": ["10.20.255.1"]}
    addresses = (here.get("ScvmmMachine", "node") or {})["status"]["addresses"]
    assert {"type": "InternalIP", "address": "10.20.255.1"} in addresses
    assert vm["guest"]["boots"] == 1
    changes = [job for job in here.sim.jobs() if job["CmdletName"] == "Set-SCVirtualMachine"]
    assert len(changes) == 1, "all of it is one job"


def test_a_change_that_fails_is_tried_again_before_the_vm_boots(here: World) -> None:
    """The failed job blocks nothing, and the VM does not start without what it was to have."""
    here.sim.add_fault(
        {"cmdlet": "Set-SCVirtualMachine", "times": 2, "job_error": {"number": 2912, "message": "agent away"}}
    )
    here.provider()
    here.bootstrap()
    here.start()
    here.machine(disks=[{"vhDisk": "debian-12.vhdx", "size": "40Gi"}])
    here.until_reason("node", "VMRunning", "CompletionFailed")
    assert here.vm_started() == 0
    here.until_true("node")
    (vm,) = here.vms()
    assert vm["VirtualDiskDrives"][0]["VirtualHardDisk"]["MaximumSize"] == 40 * 1024**3
    assert here.vm_started() == 1


def test_a_machine_that_runs_is_not_changed(here: World) -> None:
    """Somebody changes the VM in VMM, somebody else the spec: the controller surprises neither."""
    here.provider()
    here.bootstrap()
    here.start()
    here.machine()
    here.until_true("node")
    jobs = len(here.sim.jobs())
    here.patch("ScvmmMachine", "node", {"spec": {"cpuCount": 8, "tag": "new"}})
    here.stays("the VM", lambda: [vm["CPUCount"] for vm in here.vms()] == [2], 2.5)
    assert [job for job in here.sim.jobs()[jobs:] if job["CmdletName"] != "Read-SCVirtualMachine"] == []
