# SPDX-License-Identifier: Apache-2.0
"""Persistent disks: from the pool to a VM, kept when it goes, with the next VM, and never with two."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from .world import World

FILTER = "cluster.x-k8s.io/watch-filter"
ROOT = {"vhDisk": "debian-12.vhdx"}
DATA = {"persistentDisk": {"pool": {"name": "data"}}}
FOLDER = r"D:\disks"
CLAIM = "scvmmpersistentdisk.infrastructure.cluster.x-k8s.io/claimed-by"
LOCATION = "scvmmpersistentdisk.infrastructure.cluster.x-k8s.io/location"
TAKEN = "scvmmmachine.infrastructure.cluster.x-k8s.io/persistent-disks"


def a_pool(here: World, most: int = 1, **spec: Any) -> None:
    """Create the pool data."""
    template = {"spec": {"path": FOLDER, "size": "2Gi", **spec}}
    here.create("ScvmmPersistentDiskPool", "data", {"maxDisks": most, "template": template})


def a_world(here: World) -> None:
    """Provider, bootstrap data and a controller."""
    here.provider()
    here.bootstrap()
    here.start()


def disk(here: World, name: str = "data-0") -> dict[str, Any]:
    """A disk as it is."""
    return here.get("ScvmmPersistentDisk", name) or {"metadata": {}}


def holder(here: World, name: str = "data-0") -> str | None:
    """The machine that a disk says has it."""
    claim = (disk(here, name)["metadata"].get("annotations") or {}).get(CLAIM)
    return claim.partition("/")[0] if claim else None


def files(here: World) -> dict[str, str]:
    """The files of persistent disks on hosts, with the VM that each was made for."""
    return {path: made for path, made in here.sim.vmm.disk_files().items() if path.startswith(FOLDER)}


def holders(here: World) -> dict[str, str]:
    """The VM that has each persistent disk's file; no file is with two."""
    found: dict[str, str] = {}
    for vm in here.vms():
        for drive in vm["VirtualDiskDrives"]:
            file = drive["VirtualHardDisk"]["Location"]
            if file.startswith(FOLDER):
                assert file not in found, f"{file} is with {found[file]} and with {vm['Name']}"
                found[file] = vm["Name"]
    return found


def test_disk_is_kept_over_machines_and_found_by_the_next_one(here: World) -> None:
    """The second machine waits, says for what, and gets the disk with what the first one wrote on it."""
    a_world(here)
    here.machine("old", disks=[ROOT, DATA])
    waits = here.until_reason("old", "DependenciesReady", "WaitingForPersistentDiskPool")
    assert "ScvmmPersistentDiskPool data" in waits["message"] and here.vms() == []
    a_pool(here)
    here.until_true("old")
    file = rf"{FOLDER}\data-0.vhdx"
    assert (holders(here), holder(here)) == ({file: "old"}, "old")
    status = disk(here)["status"]
    assert (status["machine"], status["vmHost"], status["path"]) == ("old", "hv1.example.com", FOLDER)
    here.machine("new", disks=[ROOT, DATA])
    waits = here.until_reason("new", "DependenciesReady", "NoPersistentDiskFree")
    assert "machines have 1 of its 1 disks (old)" in waits["message"] and "maxSurge 0" in waits["message"]
    here.until_reason("data", "Ready", "NoPersistentDiskFree", "ScvmmPersistentDiskPool")
    here.delete("ScvmmMachine", "old")
    here.until_true("new")
    here.until_gone("old")
    assert (holders(here), files(here)) == ({file: "new"}, {file: "old"})
    assert holder(here) == "new"
    here.delete("ScvmmMachine", "new")
    here.until_gone("new")
    here.until_reason("data-0", "Ready", "Free", "ScvmmPersistentDisk")
    assert (here.vms(), files(here)) == ([], {file: "old"})


def test_two_machines_have_two_disks_and_a_third_is_made_no_more(here: World) -> None:
    """Up to maxDisks new disks are made; a machine takes any free one."""
    a_world(here)
    a_pool(here, 2)
    for name in ("a", "b", "c"):
        here.machine(name, disks=[ROOT, DATA])
    here.until("two with disks", lambda: len(holders(here)) == 2)
    waiting = here.until(
        "one waits",
        lambda: next(
            (n for n in "abc" if here.condition(n, "DependenciesReady").get("reason") == "NoPersistentDiskFree"), None
        ),
    )
    first = next(name for name in "abc" if name != waiting)
    here.until_true(first)
    here.delete("ScvmmMachine", first)
    here.until_true(waiting)
    assert len(files(here)) == 2 and waiting in holders(here).values()


def test_two_controllers_never_give_one_disk_to_two_machines(here: World) -> None:
    """Both see the same free disks at the same moment; a claim that came second is not one."""
    here.provider()
    here.bootstrap()
    colours = {f"{colour}-{number}": colour for number in range(3) for colour in ("red", "blue")}
    for colour in ("red", "blue"):
        here.start("--watch-filter", colour)
    for name, colour in colours.items():
        here.machine(name, metadata={"labels": {FILTER: colour}}, disks=[ROOT, DATA])
        here.until_reason(name, "DependenciesReady", "WaitingForPersistentDiskPool")
    a_pool(here, 3)
    disks = {f"data-{number}" for number in range(3)}

    def ready() -> set[str]:
        return {name for name in colours if here.condition(name, "Ready").get("status") == "True"}

    first = here.until("three have a disk", lambda: found if len(found := ready()) == 3 else None)
    for name in colours.keys() - first:
        here.until_reason(name, "DependenciesReady", "NoPersistentDiskFree")
    assert {holder(here, name) for name in disks} == first == set(holders(here).values())
    for name in first:
        here.delete("ScvmmMachine", name)
    here.until("the others have them", lambda: ready() == colours.keys() - first)
    assert {holder(here, name) for name in disks} == colours.keys() - first == set(holders(here).values())


def test_machine_comes_to_the_host_of_its_disk(here: World) -> None:
    """The file lies on one host; a machine that may not be there says so in VMM's words."""
    a_world(here)
    a_pool(here)
    here.machine("old", disks=[ROOT, DATA], hostGroup="annex")
    here.until_true("old")
    assert disk(here)["status"]["vmHost"] == "hv2.example.com"
    here.delete("ScvmmMachine", "old")
    here.until_gone("old")
    here.machine("elsewhere", disks=[ROOT, DATA], hostGroup="prod")
    refused = here.until_reason("elsewhere", "VMCreated", "CreationRefused")
    assert "Host hv2.example.com is not in the chosen location" in refused["message"]
    here.delete("ScvmmMachine", "elsewhere")
    here.until_gone("elsewhere")
    here.machine("new", disks=[ROOT, DATA], hostGroup="All Hosts")
    here.until_true("new")
    assert here.vms()[0]["HostName"] == "hv2.example.com"


def test_disk_is_removed_only_when_told(here: World) -> None:
    """A disk in use stays, and says what it waits for; its file goes with the VM if it is to, and else stays."""
    a_world(here)
    a_pool(here, 2, reclaimPolicy="Delete")
    here.machine("one", disks=[ROOT, DATA, DATA])
    here.until_true("one")
    here.patch("ScvmmPersistentDisk", "data-1", {"spec": {"reclaimPolicy": "Retain"}})
    here.delete("ScvmmPersistentDiskPool", "data")
    for name in ("data-0", "data-1"):
        here.delete("ScvmmPersistentDisk", name)
        waits = here.until_reason(name, "Deleting", "InUse", "ScvmmPersistentDisk")
        assert "ScvmmMachine one has it" in waits["message"]
    here.stays("both files with the VM", lambda: len(holders(here)) == 2, 1.0)
    here.delete("ScvmmMachine", "one")
    here.until_gone("one")
    for name in ("data-0", "data-1"):
        here.until_gone(name, "ScvmmPersistentDisk")
    assert list(files(here)) == [rf"{FOLDER}\data-1.vhdx"]


def test_controller_that_is_killed_at_any_step_loses_no_disk(make_world: Callable[..., World]) -> None:
    """Between each two of: the claim, the machine's note, the VM, the disk on it, where it is, its removal."""
    here = make_world(create=1, change=1, start=1, stop=1, remove=1)
    a_world(here)
    a_pool(here)
    here.machine("old", disks=[ROOT, DATA])

    def annotation(name: str, key: str) -> bool:
        return key in ((here.get("ScvmmMachine", name) or {})["metadata"].get("annotations") or {})

    def located() -> bool:
        return LOCATION in (disk(here)["metadata"].get("annotations") or {})

    steps: list[tuple[str, Callable[[], bool]]] = [
        ("claim", lambda: holder(here) == "old"),
        ("note", lambda: annotation("old", TAKEN)),
        ("VM", lambda: bool(here.vms())),
        ("disk", lambda: bool(holders(here))),
        ("where it is", located),
    ]
    for what, come in steps:
        here.until(what, come)
        here.controllers[-1].kill()
        here.start()
    here.until_true("old")
    here.machine("new", disks=[ROOT, DATA])
    here.delete("ScvmmMachine", "old")
    here.until("disk off", lambda: not holders(here))
    here.controllers[-1].kill()
    here.start()
    here.until("next claim", lambda: holder(here) == "new")
    here.controllers[-1].kill()
    here.start()
    here.until_true("new")
    here.until_gone("old")
    file = rf"{FOLDER}\data-0.vhdx"
    assert (holders(here), files(here)) == ({file: "new"}, {file: "old"})
    assert [vm["Name"] for vm in here.vms()] == ["new"]
