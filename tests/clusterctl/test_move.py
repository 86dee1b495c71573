# SPDX-License-Identifier: Apache-2.0
"""`clusterctl init`, `describe` and `move` between two management clusters, with a controller on each (contract 45)."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from controller.e2e.test_addresses_e2e import CLAIM, ipam, networking
from controller.e2e.test_persistent_disks_e2e import DATA, ROOT, a_pool, files, holder, holders
from controller.e2e.world import World, owner_of, world
from lightkube import Client
from lightkube.resources.core_v1 import Namespace
from plane import ManagementPlane
from plane.binaries import Binaries
from plane.namespaces import fresh_namespace

from .command import Clusterctl
from .management import a_clusterctl_for_management, initialise

LOOKS = {"connect", "session_hosts", "vm_info", "job_info", "media_absent"}
"""Operations that change nothing of a VM: the last one sees to it that the library holds no medium any more."""
MOVE = {"metadata": {"labels": {"clusterctl.cluster.x-k8s.io/move": ""}}}
FOUR = ("10.20.0.7", 16, "10.20.0.1")


@dataclass(frozen=True)
class Two:
    """A namespace in two management clusters, and one VMM server for both."""

    clusterctl: Clusterctl
    source: World
    target: World

    def changes(self) -> tuple[list[str], list[str]]:
        """The operations so far that were more than a look, and the cmdlets whose jobs were not the library's own."""
        operations = [call["name"] for call in self.source.sim.calls() if call["name"] not in LOOKS]
        cmdlets = [str(job["CmdletName"]) for job in self.source.sim.jobs()]
        return operations, [cmdlet for cmdlet in cmdlets if cmdlet != "Read-SCLibraryShare"]


@pytest.fixture
def two(plane: ManagementPlane, plane_binaries: Binaries, tmp_path: Path) -> Iterator[Two]:
    """Two management clusters, both initialised by clusterctl; no controller of Cluster API runs."""
    clusterctl = a_clusterctl_for_management(plane_binaries, tmp_path)
    target = ManagementPlane()
    with ExitStack() as stack, ThreadPoolExecutor() as pool:
        stack.callback(target.stop)
        initialised = pool.submit(initialise, clusterctl, plane)
        target.start()
        initialise(clusterctl, target)
        initialised.result()
        one, other = stack.enter_context(plane.client()), stack.enter_context(target.client())
        worlds = stack.enter_context(_worlds(one, other, plane, target))
        yield Two(clusterctl, *worlds)


@contextmanager
def _worlds(
    one: Client, other: Client, source: ManagementPlane, target: ManagementPlane
) -> Iterator[tuple[World, World]]:
    with ExitStack() as stack:
        namespace = stack.enter_context(fresh_namespace(one, "moved"))
        first = stack.enter_context(world(one, namespace, source.kubeconfig))
        other.create(Namespace.from_dict({"metadata": {"name": namespace}}))
        # A short path: sockets lie in it.
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="world-")))
        (folder / "tmp").mkdir()
        second = World(other, namespace, target.kubeconfig, first.sim, folder)
        try:
            yield first, second
        finally:
            for controller in second.controllers:
                if controller.process.poll() is None:
                    controller.kill()


def _joined(here: World, *machines: str) -> None:
    """Say of Cluster and Machines what Cluster API's controllers would, who do not run here."""
    initialised = {
        "type": "ControlPlaneInitialized",
        "status": "True",
        "reason": "Initialized",
        "message": "",
        "lastTransitionTime": "2026-11-23T12:00:00Z",
    }
    status = {"initialization": {"infrastructureProvisioned": True}, "conditions": [initialised]}
    here.patch("Cluster", "east", {"status": status}, status=True)
    reference = owner_of(here.get("Cluster", "east") or {}, "Cluster")
    owner = {key: value for key, value in reference.items() if key != "controller"}
    for name in machines:
        here.patch("Machine", name, {"metadata": {"ownerReferences": [owner]}})
        here.patch("Machine", name, {"status": {"nodeRef": {"name": name}}}, status=True)


def _identity(here: World, name: str) -> tuple[str, str]:
    body = here.get("ScvmmMachine", name) or {}
    return body["spec"]["providerID"], body["status"]["id"]


def _uid(here: World, kind: str, name: str) -> str:
    return str((here.get(kind, name) or {})["metadata"]["uid"])


def _prepared(two: Two) -> list[str]:
    """A cluster with all that can be lost: names and disks of pools, addresses, a VM that is off, one on its own."""
    here = two.source
    here.provider()
    here.bootstrap()
    here.create("ScvmmNamePool", "web", {"vmNameRanges": [{"start": "web-01", "end": "web-05"}]})
    for kind, name in (("ScvmmProvider", "vmm"), ("Secret", "vmm-credentials"), ("Secret", "node-bootstrap")):
        here.patch(kind, name, MOVE)
    here.start()
    here.cluster()
    a_pool(here)
    here.node("node-1", vmNameFromPool={"name": "web"}, disks=[ROOT, DATA])
    here.node("node-2", networking=networking("four"))
    here.machine("alone", metadata=MOVE["metadata"])
    machines = ["node-1", "node-2", "alone"]
    for name in machines:
        here.until_true(name)
    _joined(here, "node-1", "node-2")
    for name in ("node-1", "node-2"):
        here.until_reason(name, "BootstrapMediumAttached", "Ejected")
    here.sim.vm_power_off("node-2")
    here.until_reason("node-2", "VMRunning", "VMPoweredOff")
    return machines


@pytest.mark.contract(40, 44, 45)
@pytest.mark.timeout(600)  # two management clusters, initialised one beside the other
def test_a_cluster_moves_and_nothing_is_done_to_its_vms(two: Two) -> None:
    """Machines, claims, owners of names and credentials are there again; VMM saw nothing but looks."""
    with ipam(two.source, four=FOUR):
        machines = _prepared(two)
    said = two.clusterctl.said(
        *("describe", "cluster", "east", "-n", two.source.namespace, "--show-conditions", "all", "--grouping=false"),
        *("--kubeconfig", str(two.source.kubeconfig)),
    )
    assert all(
        f"{word} {two.source.namespace}/" in said for word in ("Cluster", "ScvmmCluster", "Machine", "ScvmmMachine")
    )
    assert "VMPoweredOff" in said, "what keeps a machine from being Ready is told"
    before = {name: _identity(two.source, name) for name in machines}
    uids = {name: _uid(two.source, "ScvmmMachine", name) for name in machines}
    claims = {item.metadata.name: item.spec for item in two.source.client.list(CLAIM, namespace=two.source.namespace)}
    changes, vms, disks = two.changes(), two.source.vms(), holders(two.source)

    two.target.start()
    two.clusterctl.said(
        *("move", "-n", two.source.namespace, "--kubeconfig", str(two.source.kubeconfig)),
        *("--to-kubeconfig", str(two.target.kubeconfig)),
        seconds=120,
    )

    with ipam(two.target, four=FOUR):
        there = two.target
        for name in ("node-1", "alone"):
            there.until_true(name)
        there.until_reason("node-2", "VMRunning", "VMPoweredOff")
        there.until_true("vmm", scope="ScvmmProvider")
        assert {name: _identity(there, name) for name in machines} == before
        assert all(_uid(there, "ScvmmMachine", name) != uid for name, uid in uids.items())
        _claims_are_kept(there, claims)
        assert (holder(there), holders(there)) == ("node-1", disks)
        pool = there.until("owners of names", lambda: _owners(there))
        assert pool == {"web-01": f"node-1/{_uid(there, 'ScvmmMachine', 'node-1')}"}
        for kind, name in (("ScvmmMachine", "node-1"), ("ScvmmMachine", "alone"), ("Secret", "vmm-credentials")):
            assert two.source.get(kind, name) is None, f"{kind} {name} is left behind"
        there.stays("what was done to VMs", lambda: two.changes() == changes)
        assert [(vm["ID"], vm["Description"]) for vm in there.vms()] == [(vm["ID"], vm["Description"]) for vm in vms]

        # They are the target's now, to the end.
        for name in machines:
            there.delete("ScvmmMachine", name)
        for name in machines:
            there.until_gone(name)
        assert there.vms() == []
        assert there.media() == []
        there.until_reason("data-0", "Ready", "Free", "ScvmmPersistentDisk")
        assert set(files(there)) == set(disks)


def _owners(here: World) -> dict[str, str]:
    return ((here.get("ScvmmNamePool", "web") or {}).get("status") or {}).get("vmNameOwners") or {}


def _claims_are_kept(there: World, before: dict[str, Any]) -> None:
    """The claims have their names and pools, and belong to the machine that is there now."""
    found = {item.metadata.name: item for item in there.client.list(CLAIM, namespace=there.namespace)}
    assert {name: item.spec for name, item in found.items()} == before
    uid = _uid(there, "ScvmmMachine", "node-2")
    assert [owner.uid for item in found.values() for owner in item.metadata.ownerReferences] == [uid]
