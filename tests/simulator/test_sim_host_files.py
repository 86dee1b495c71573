# SPDX-License-Identifier: Apache-2.0
"""Disks that are kept apart from their VM: made where one wants them, kept, and given to the next VM."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from .site import Object, Site

GROUPS = [
    {
        "name": "prod",
        "hosts": [
            {"name": "hv1", "cpus": 16, "memory_mb": 32768},
            {"name": "hv3", "cpus": 16, "memory_mb": 65536, "cluster": "cl1"},
            {"name": "hv4", "cpus": 16, "memory_mb": 16384, "cluster": "cl1"},
        ],
    },
    {"name": "edge", "hosts": [{"name": "hv2", "cpus": 4, "memory_mb": 8192}]},
]
SHARED = r"C:\ClusterStorage\Volume1"


@pytest.fixture
def site(make_site: Callable[..., Site]) -> Site:
    """Hosts of which two are in a cluster."""
    return make_site(host_groups=GROUPS)


def wish(uid: str = "one", **more: Any) -> Object:
    """A VM by the name of its uid."""
    return {"owner": f"ns/{uid}", "uid": uid, "name": uid, "cloud": "production", "template": "debian", **more}


def disk(**more: Any) -> Object:
    """A disk with a file of its own."""
    return {"file": "data-0.vhdx", "path": r"D:\disks", "size_mb": 2048, **more}


def present(site: Site, request: Object, **more: Any) -> Object:
    """Ask for a VM, and let the job end."""
    answer = site.answer("vm_present", **request, **more)
    site.clock.advance(11)
    return answer


def vm_of(site: Site, uid: str) -> Object:
    """The VM as vm_info shows it."""
    (shown,) = site.answer("vm_info", uids=[uid])["vms"]
    assert isinstance(shown, dict)
    return shown


def own(site: Site, uid: str) -> Object | None:
    """The disk with a file of its own that a VM has."""
    return next((one for one in vm_of(site, uid)["disks"] if one["name"] == "data-0.vhdx"), None)


def kept(site: Site, uid: str, **more: Any) -> None:
    """Remove a VM and keep the disk."""
    for _ in range(2):
        site.answer("vm_absent", uid=uid, keep_disks=["data-0.vhdx"], **more)
        site.clock.advance(5)
    assert site.answer("vm_info", uids=[uid])["vms"] == []


def test_disk_with_a_file_of_its_own_comes_after_the_creation(site: Site) -> None:
    """A failed creation is removed with its files, and must not have this one; the first completion makes it."""
    present(site, wish(disks=[disk()]))
    (missing,) = [one for one in present(site, wish(disks=[disk()]))["drift"] if one["field"] == "disks[0]"]
    assert (own(site, "one"), missing["before"], missing["mend"]) == (None, None, "off")
    looked = present(site, wish(disks=[disk()]), update="when_off", check=True)
    assert (looked["changed"], own(site, "one")) == (True, None)
    made = present(site, wish(disks=[disk()]), update="when_off")
    assert [one["field"] for one in made["diff"]] == ["disks[0]"] == [one["field"] for one in looked["diff"]]
    found = own(site, "one")
    assert found is not None
    assert (found["path"], found["size_mb"], found["bus_type"]) == (r"D:\disks", 2048, "SCSI")
    again = present(site, wish(disks=[disk()]), update="when_off")
    assert (again["changed"], again["drift"]) == (False, [])


@pytest.mark.parametrize("lenient", [False, True])
def test_kept_disk_is_given_to_the_next_vm_on_its_host(site: Site, lenient: bool) -> None:
    """It is the same file, with the size that it had, and VMM is told on which host it lies."""
    present(site, wish(host="hv3", disks=[disk(path=SHARED)]))
    present(site, wish(host="hv3", disks=[disk(path=SHARED)]), update="when_off")
    kept(site, "one", **({"keep_if_there": True} if lenient else {}))
    second = wish("two", host="hv3", disks=[disk(path=SHARED, existing=True, size_mb=4096)])
    present(site, second)
    present(site, second, update="when_off")
    found = own(site, "two")
    assert found is not None and (found["size_mb"], vm_of(site, "two")["host"]) == (2048, "hv3")
    assert site.vmm.disk_files()[rf"{SHARED}\data-0.vhdx"] == "one"
    assert site.vmm.kept_files() == []
    grown = present(site, second, update="when_off")
    assert [one["field"] for one in grown["diff"]] == ["disks[0].size_mb"]
    assert (own(site, "two") or {})["size_mb"] == 4096


def test_file_of_a_shared_volume_is_reached_from_every_host_of_the_cluster(site: Site) -> None:
    """The host with most free memory takes the VM; when it has none left, another one of the cluster."""
    present(site, wish(host_cluster="cl1", disks=[disk(path=SHARED)], memory_mb=60000))
    present(site, wish(host_cluster="cl1", disks=[disk(path=SHARED)], memory_mb=60000), update="when_off")
    assert (vm_of(site, "one")["host"], vm_of(site, "one")["host_cluster"]) == ("hv3", "cl1")
    site.answer("vm_disk", uid="one", state="absent", disk="data-0", keep_file=True)
    site.clock.advance(3)
    second = wish("two", host_cluster="CL1", disks=[disk(path=SHARED, existing=True)], memory_mb=8192)
    present(site, second)
    present(site, second, update="when_off")
    assert vm_of(site, "two")["host"] == "hv4"
    assert own(site, "two") is not None


def test_placement_says_why_the_host_of_a_disk_cannot_take_the_vm(site: Site) -> None:
    """Too little memory there; not where the VM may be; not known at all."""
    bare = {"template": None, "hardware_profile": "hw", "disks": [{"vhd": "debian.vhdx"}], "memory_mb": 20000}
    told = site.failure("vm_present", **wish(host="hv4", **bare))
    assert told["id"] == "CapiScvmm.NoPlacement" and "host hv4 does not have enough memory" in told["message"]
    told = site.failure("vm_present", **wish(host="hv2"))
    assert "Host hv2 is not in the chosen location" in told["message"]
    assert site.failure("vm_present", **wish(host="hv9"))["id"] == "CapiScvmm.NotFound"
    assert "host cluster 'cl9'" in site.failure("vm_present", **wish(host_cluster="cl9"))["message"]
    assert site.failure("vm_present", **wish(host="hv1", host_cluster="cl1"))["id"] == "CapiScvmm.BadRequest"


def test_file_that_another_vm_has_or_that_is_not_there_is_refused(site: Site) -> None:
    """Two VMs never have one file; a file that is there already is not overwritten."""
    present(site, wish(host="hv1"))
    present(site, wish("two", host="hv1"))
    one = {"uid": "one", "state": "present", "disk": "data-0", "path": r"D:\disks"}
    assert site.failure("vm_disk", **one, existing=True)["number"] == 2904
    site.answer("vm_disk", **one, size_mb=1024)
    site.clock.advance(3)
    two = {**one, "uid": "two"}
    assert site.failure("vm_disk", **two, existing=True)["number"] == 12700
    assert site.failure("vm_disk", **two, size_mb=1024)["number"] == 12416
    site.answer("vm_disk", uid="one", state="absent", disk="data-0", keep_file=True)
    site.clock.advance(3)
    assert site.failure("vm_disk", **two, size_mb=1024)["number"] == 12416
    looked = site.answer("vm_disk", **two, existing=True, check=True)
    assert {one["field"] for one in looked["diff"]} == {"disk", "path", "existing"}
    assert site.answer("vm_disk", **two, existing=True)["changed"]
    site.clock.advance(3)
    assert not site.answer("vm_disk", **two, existing=True)["changed"]
    moved = site.answer("vm_disk", **{**two, "path": r"E:\disks"}, existing=True)
    assert [(one["field"], one["before"]) for one in moved["drift"]] == [("path", r"D:\disks")]


def test_names_that_the_vm_has_no_disk_of_may_be_listed_to_be_safe(site: Site) -> None:
    """Whoever cannot know yet whether a disk hangs on the VM names it all the same, and it is kept if it does."""
    present(site, wish())
    refused = site.failure("vm_absent", uid="one", keep_disks=["data-0.vhdx"])
    assert refused["id"] == "CapiScvmm.NotFound"
    answer = site.answer("vm_absent", uid="one", keep_disks=["data-0.vhdx"], keep_if_there=True)
    assert answer["state"] == "removing"


def test_disks_of_a_vm_with_checkpoints_are_never_taken_for_absent(site: Site) -> None:
    """A checkpoint gives the files other names: the removal is refused instead of taking the data along."""
    present(site, wish(disks=[disk()]))
    present(site, wish(disks=[disk()]), update="when_off")
    site.answer("vm_checkpoint", uid="one", state="present", checkpoint="before")
    site.clock.advance(5)
    for name in ("data-0.vhdx", "other"):
        refused = site.failure("vm_absent", uid="one", keep_disks=[name], keep_if_there=True)
        assert refused["id"] == "CapiScvmm.HasCheckpoints"


@pytest.mark.parametrize(
    ("wrong", "told"),
    [
        ({"path": r"D:\disks"}, "'disks[0].file' is missing"),
        ({"file": "a/b", "size_mb": 5}, "Give a file name"),
        ({"file": "a", "existing": True}, "'disks[0].path' is missing"),
        ({"file": "a", "path": "disks", "size_mb": 5}, r"Give a folder on the host like D:\disks"),
        ({"file": "a", "path": "D:\\", "size_mb": 5}, "Give a folder on the host"),
        ({"file": "a", "path": r"D:\a*", "size_mb": 5}, "Give a folder on the host"),
        ({"file": "a", "vhd": "debian.vhdx"}, "'disks[0].vhd' and 'disks[0].file' exclude each other"),
        ({"file": "a", "path": r"D:\disks"}, "'disks[0].size_mb' is missing"),
    ],
)
def test_wrong_file_is_told_with_field_and_remedy(site: Site, wrong: Object, told: str) -> None:
    """Before anything is looked up."""
    refused = site.failure("vm_present", **wish(disks=[wrong]))
    assert refused["id"] == "CapiScvmm.BadRequest" and told in refused["message"]
