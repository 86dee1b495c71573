# SPDX-License-Identifier: Apache-2.0
"""Persistent disks and their pools as models: files, places, claims, selectors, and what a machine carries."""

from __future__ import annotations

from typing import Any

import pytest
from capi_scvmm.kinds import (
    CLAIM,
    LOCATION,
    POOL,
    DiskClaim,
    DiskLocation,
    ScvmmPersistentDisk,
    ScvmmPersistentDiskPool,
)
from capi_scvmm.kinds.taken_disks import TAKEN_DISKS, TakenDisk, read_taken, write_taken


def a_disk(annotations: dict[str, str] | None = None, **spec: Any) -> ScvmmPersistentDisk:
    """The disk data-1."""
    metadata = {"name": "data-1", "annotations": annotations or {}}
    return ScvmmPersistentDisk.model_validate({"metadata": metadata, "spec": {"size": "1Gi", **spec}})


def a_pool(**spec: Any) -> ScvmmPersistentDiskPool:
    """The pool data."""
    return ScvmmPersistentDiskPool.model_validate({"metadata": {"name": "data", "namespace": "prod"}, "spec": spec})


@pytest.mark.parametrize(
    ("filename", "file"),
    [(None, "data-1.vhdx"), ("", "data-1.vhdx"), ("one", "one.vhdx"), ("one.VHD", "one.VHD"), ("a.b", "a.b.vhdx")],
)
def test_file_is_called_as_the_disk_unless_it_is_named(filename: str | None, file: str) -> None:
    """With the extension that it has, or .vhdx."""
    assert a_disk(filename=filename).file == file


def test_claim_is_read_as_it_was_written() -> None:
    """Anything else claims nothing."""
    claim = DiskClaim("web-1", "u-1", 2)
    assert a_disk({CLAIM: claim.text}).claim == claim
    for text in ("", "web-1", "web-1/u-1", "web-1/u-1/x", "a/b/c/1"):
        assert a_disk({CLAIM: text}).claim is None


def test_location_is_read_as_it_was_written() -> None:
    """What somebody else wrote there says nothing."""
    where = DiskLocation("hv1", "cl1", r"D:\disks", "infra/vmm")
    assert a_disk({LOCATION: where.text}).location == where
    assert DiskLocation("hv1").text == '{"host": "hv1"}'
    for text in ("", "null", "[]", "{"):
        assert a_disk({LOCATION: text}).location is None


@pytest.mark.parametrize(
    ("where", "bound"),
    [
        (DiskLocation("hv1", "cl1", r"D:\disks"), ("host", "hv1")),
        (DiskLocation("hv1", "cl1", r"c:\clusterstorage\volume1"), ("host_cluster", "cl1")),
        (DiskLocation("hv1", None, r"C:\ClusterStorage\Volume1"), ("host", "hv1")),
        (DiskLocation("hv1", "cl1", r"\\files\disks"), None),
        (DiskLocation(None, None, r"D:\disks"), None),
        (DiskLocation("hv1", "cl1", None), ("host", "hv1")),
    ],
)
def test_file_binds_its_vm_to_what_reaches_it(where: DiskLocation, bound: tuple[str, str] | None) -> None:
    """Its host; the hosts of a cluster for what they share; nothing for a share."""
    assert where.binds_to == bound


def test_place_and_provider_are_those_of_the_file_once_there_is_one() -> None:
    """Before, what the spec says."""
    reference = {"name": "vmm", "namespace": "infra"}
    new = a_disk(path=r"D:\disks", vmHost="hv1", providerRef=reference)
    assert (new.place, new.there, new.provider) == (DiskLocation("hv1", None, r"D:\disks"), False, "infra/vmm")
    moved = DiskLocation("hv2", None, r"E:\disks", "infra/other")
    made = a_disk({LOCATION: moved.text}, path=r"D:\disks", vmHost="hv1")
    assert (made.place, made.there, made.provider) == (moved, True, "infra/other")
    assert a_disk().provider is None
    assert a_disk(existing=True, path=r"D:\disks").there


def test_pool_has_what_it_made_and_what_its_selector_means() -> None:
    """An empty selector means nothing; all its conditions hold together."""
    assert a_pool(template={"spec": {"size": "1Gi"}}).has({POOL: "data"})
    assert not a_pool(template={"spec": {"size": "1Gi"}}).has({POOL: "other"})
    assert not a_pool(selector={}).has({"a": "b"})
    assert a_pool(selector={"matchLabels": {"a": "b"}}).has({"a": "b", "c": "d"})
    assert not a_pool(selector={"matchLabels": {"a": "b"}}).has({"a": "x"})
    cases = (
        ("In", ["b"], {"a": "b"}, {"a": "c"}),
        ("NotIn", ["b"], {"a": "c"}, {"a": "b"}),
        ("Exists", [], {"a": "b"}, {}),
        ("DoesNotExist", [], {}, {"a": "b"}),
    )
    for operator, values, good, bad in cases:
        pool = a_pool(selector={"matchExpressions": [{"key": "a", "operator": operator, "values": values}]})
        assert (pool.has(good), pool.has(bad)) == (True, False)


def test_disk_of_a_pool_is_made_of_its_template_with_a_number() -> None:
    """Labels and annotations too, and the pool's own label."""
    template = {
        "metadata": {"labels": {"a": "b"}, "annotations": {"c": "d"}},
        "spec": {"size": "1Gi", "filename": "disk %d of data.vhdx", "path": r"D:\disks"},
    }
    body = a_pool(template=template).body(7)
    assert body["metadata"] == {
        "name": "data-7",
        "namespace": "prod",
        "labels": {"a": "b", POOL: "data"},
        "annotations": {"c": "d"},
    }
    assert body["spec"]["filename"] == "disk 7 of data.vhdx"
    assert (body["spec"]["path"], body["spec"]["size"]) == (r"D:\disks", "1Gi")
    assert a_pool(template={"spec": {"size": "1Gi"}}).body(0)["spec"]["filename"] == "data-0"


def test_machine_carries_its_disks_by_place() -> None:
    """What makes no sense is not there."""
    taken = {1: TakenDisk("data-1", "data-1.vhdx"), 10: TakenDisk("log-0", "log.vhdx")}
    assert read_taken({TAKEN_DISKS: write_taken(taken)}) == taken
    for text in ("", "{", "[]", '{"x": {"disk": "a", "file": "b"}}', '{"1": "a"}', '{"1": {"disk": "a"}}'):
        assert read_taken({TAKEN_DISKS: text}) == {}
    assert read_taken({}) == {}
