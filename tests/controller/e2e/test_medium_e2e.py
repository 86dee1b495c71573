# SPDX-License-Identifier: Apache-2.0
"""The way of a medium out: of the library when the VM starts, of the drive when the Node has joined."""

from __future__ import annotations

from typing import Any

from .world import World


def drives(here: World) -> list[Any]:
    """What the DVD drives of the one VM hold."""
    (vm,) = here.vms()
    return [drive["ISO"] for drive in vm["VirtualDVDDrives"]]


def test_the_medium_goes_once_the_node_has_joined(here: World) -> None:
    """Cluster API says so in the Machine's status; the VM runs on, and its deletion has nothing left to remove."""
    here.provider()
    here.bootstrap()
    here.cluster()
    here.patch("ScvmmCluster", "east", {"status": {"initialization": {"provisioned": True}}}, status=True)
    here.start()
    here.node()
    here.until_true("node")
    assert here.media() == []
    assert "medium" not in (here.get("ScvmmMachine", "node") or {})["status"]
    here.stays("the medium", lambda: any(drives(here)), 1.0)
    here.patch("Machine", "node", {"status": {"nodeRef": {"name": "node"}}}, status=True)
    here.until_reason("node", "BootstrapMediumAttached", "Ejected")
    assert not any(drives(here))
    assert [vm["Status"] for vm in here.vms()] == ["Running"]
    assert here.condition("node", "Ready")["status"] == "True"
    here.until("its event", lambda: "MediumEjected" in here.events("node"))
    here.delete("ScvmmMachine", "node")
    here.until_gone("node")
    assert "RemovingMedium" not in here.events("node")


def test_a_medium_that_cannot_be_got_rid_of_says_why_and_blocks_nothing(here: World) -> None:
    """A machine that stands alone: its time is over at once, and neither VMM nor the library does what is wanted."""
    here.provider(cloudInit={"ejectAfterSeconds": 0})
    here.bootstrap()
    here.sim.add_fault({"cmdlet": "Remove-SCISO", "times": 1, "error": {"number": 802, "message": "The ISO is held."}})
    here.sim.add_fault(
        {
            "cmdlet": "Set-SCVirtualDVDDrive",
            "skip": 1,
            "times": 1,
            "job_error": {"number": 2912, "message": "No agent."},
        }
    )
    here.start()
    here.machine()
    here.until_true("node")
    here.until_reason("node", "BootstrapMediumAttached", "Ejected")
    here.until("both warnings", lambda: {"LeftInLibrary", "EjectFailed"} <= set(here.events("node")))
    assert here.media() == []
    assert not any(drives(here))
    here.until_true("node")


def test_a_controller_killed_at_any_point_leaves_no_medium(here: World) -> None:
    """One that dies between the start and the note about it: the next one looks once more."""
    here.provider(cloudInit={"ejectAfterSeconds": 0})
    here.bootstrap()
    first = here.start()
    here.machine()
    here.until("the start", lambda: [vm for vm in here.vms() if vm["Status"] != "PowerOff" and vm["VirtualDVDDrives"]])
    first.kill()
    here.start()
    here.until_reason("node", "BootstrapMediumAttached", "Ejected")
    here.until("a status without medium", lambda: "medium" not in (here.get("ScvmmMachine", "node") or {})["status"])
    assert here.media() == []
    assert not any(drives(here))
