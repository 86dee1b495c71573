# SPDX-License-Identifier: Apache-2.0
"""VMs whose names come from a ScvmmNamePool, from the manifest to VMM and back."""

from __future__ import annotations

from typing import Any

from .world import World

FROM_POOL = {"vmNameFromPool": {"name": "web"}}
VM_NAME = "scvmmmachine.infrastructure.cluster.x-k8s.io/vm-name"


def a_pool(here: World, *ranges: dict[str, str]) -> None:
    """Create the pool web."""
    here.create("ScvmmNamePool", "web", {"vmNameRanges": list(ranges)})


def vm_names(here: World) -> list[str]:
    """Names of all VMs in VMM."""
    return sorted(vm["Name"] for vm in here.vms())


def pool_status(here: World) -> dict[str, Any]:
    """What the pool says."""
    return dict((here.get("ScvmmNamePool", "web") or {}).get("status") or {})


def taken(here: World, name: str) -> str | None:
    """The name that a machine carries."""
    return ((here.get("ScvmmMachine", name) or {})["metadata"].get("annotations") or {}).get(VM_NAME)


def test_names_are_taken_skipped_waited_for_and_given_back(here: World) -> None:
    """Whom the pool cannot serve waits and says so; what VMM uses is passed over; a free name finds its machine."""
    here.provider()
    here.bootstrap()
    here.start()
    here.machine("stranger", vmName="WEB-1")
    here.until_true("stranger", "VMCreated")
    here.machine("early", **FROM_POOL)
    waits = here.until_reason("early", "DependenciesReady", "WaitingForNamePool")
    assert "ScvmmNamePool web" in waits["message"] and taken(here, "early") is None
    a_pool(here, {"start": "web-1", "end": "web-2"})
    here.until_true("early")
    assert taken(here, "early") == "web-2" and vm_names(here) == ["WEB-1", "web-2"]
    assert (here.get("ScvmmMachine", "early") or {})["status"]["hostname"] == "web-2.example.com"
    here.machine("late", **FROM_POOL)
    empty = here.until_reason("late", "DependenciesReady", "NamePoolEmpty")
    assert "of 2 names machines have 1, 1 are in use in VMM for other VMs" in empty["message"]
    here.until_reason("web", "Ready", "NamePoolEmpty", "ScvmmNamePool")
    said = pool_status(here)
    assert said["counts"] == {"total": 2, "free": 0, "used": 1, "skipped": 1}
    assert "the name is in use in VMM" in said["skippedNames"]["web-1"]["reason"]
    assert "NamePoolEmpty" in here.events("late") and "NamePoolEmpty" in here.events("web")
    here.delete("ScvmmMachine", "early")
    here.until_true("late")
    assert taken(here, "late") == "web-2" and vm_names(here) == ["WEB-1", "web-2"]
    here.delete("ScvmmMachine", "late")
    here.until("all names back", lambda: pool_status(here)["vmNameOwners"] == {})
    here.until_true("web", scope="ScvmmNamePool")
