# SPDX-License-Identifier: Apache-2.0
"""Addresses of VMM's pools for endpoints: asked for once, noted before, given back; nobody waits for a run."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from capi_scvmm.connection import Connection
from capi_scvmm.errors import VmmError
from capi_scvmm.kube import CLUSTER, Body
from capi_scvmm.objects import Objects
from capi_scvmm.outcomes import Done, Lost, Outcome, Refused
from capi_scvmm.provider import Server
from capi_scvmm.runs.batch import Batcher
from capi_scvmm.runs.port import Host, Playbook, Report
from capi_scvmm.store import Key, Store
from capi_scvmm.vmm_addresses import RETRY_SECONDS, VIP_UID, Granted, Missing, VmmAddresses

from .fleet import MemoryKube, leap

EAST = Key(CLUSTER.kind, "ns", "east")
WAY: dict[str, Any] = {
    "host": "vmm",
    "port": 5985,
    "scheme": "http",
    "path": "wsman",
    "username": "capi",
    "password": "secret",
}
SERVER = Server(
    connection=Connection(
        **WAY, authentication="ntlm", encryption="auto", certificate_validation=True, vmm_server="vmm"
    )
)
NO_SECRET = Server(("CredentialsMissing", "No Secret."))
GRANTED = Done(steps={"capi.scvmm.vip": {"vip": {"address": "10.0.0.100/24", "pool": "nodes"}}})


@dataclass
class Runner:
    """Notes what it is asked for, and answers with the next of *outcomes*."""

    outcomes: list[Outcome]
    asked: list[dict[str, Any]] = field(default_factory=list)

    async def run(self, playbook: Playbook, connection: Connection, hosts: Sequence[Host], report: Report) -> None:
        """See Runner."""
        assert playbook is Playbook.VIP
        for host in hosts:
            self.asked.append(dict(host.variables))
            report(host.name, self.outcomes.pop(0))


class Case:
    """A ScvmmCluster, and a runner that answers."""

    def __init__(self, *outcomes: Outcome, **annotations: str) -> None:
        self.kube, self.store, self.runner = MemoryKube(), Store(), Runner(list(outcomes))
        self.looks: list[Key] = []
        self.store.put(CLUSTER, self.kube.put(CLUSTER, "east", {"metadata": {"annotations": annotations}, "spec": {}}))
        objects = Objects(self.kube, self.store, lambda _: None)
        self.addresses = VmmAddresses(objects, Batcher(self.runner), self.looks.append)

    @property
    def body(self) -> Body:
        """The ScvmmCluster as it is."""
        return self.kube.objects[CLUSTER.kind, "east"]

    async def claim(self, server: Server | None = SERVER) -> Granted | Missing:
        """Ask, and let what is under way end."""
        answer = await self.addresses.claim(EAST, self.body, server, "ns/vmm", "nodes")
        await asyncio.sleep(1)
        return answer

    async def release(self, server: Server | None = SERVER) -> str | None:
        """Ask for the end, and let what is under way end."""
        answer = self.addresses.release(EAST, self.body, server, "ns/vmm")
        await asyncio.sleep(1)
        return answer


def test_an_address_is_granted_once() -> None:
    """Whose it is, is written down before; the look that its end asks for finds it."""
    case = Case(GRANTED)

    async def story() -> None:
        first = await case.claim()
        assert isinstance(first, Missing) and first.reason == "WaitingForIPAddress" and "pool nodes" in first.message
        assert case.looks == [EAST]
        assert await case.claim() == await case.claim() == Granted("10.0.0.100")

    leap(story)
    assert case.body["metadata"]["annotations"] == {VIP_UID: "uid-east"}
    wish = {"uid": "uid-east", "owner": "ns/east", "pool": "nodes"}
    assert case.runner.asked == [{"scvmm_vip": wish, "scvmm_vip_state": "present"}]


def test_a_refusal_is_told_and_tried_again_later() -> None:
    """In VMM's words; not with each look."""
    full = Refused(VmmError("Address pool nodes has no free virtual address.", number=13216))
    case = Case(full, Lost("The run died."), GRANTED)

    async def story() -> None:
        await case.claim()
        refused = await case.claim()
        assert isinstance(refused, Missing) and refused.reason == "IPAddressRefused"
        assert "no free virtual address" in refused.message
        await case.claim()
        assert len(case.runner.asked) == 1
        await asyncio.sleep(RETRY_SECONDS)
        await case.claim()
        lost = await case.claim()
        assert isinstance(lost, Missing) and lost.reason == "WaitingForIPAddress" and "died" in lost.message
        await asyncio.sleep(RETRY_SECONDS)
        await case.claim()
        assert await case.claim() == Granted("10.0.0.100")

    leap(story)


def test_an_address_is_given_back_under_the_uid_that_it_was_granted_for() -> None:
    """A cluster that was moved has another uid of its own, and the annotation of before."""
    case = Case(Done(), **{VIP_UID: "uid-before"})

    async def story() -> None:
        assert await case.release() == "The address of the endpoint is given back to VMM."
        assert await case.release() is None

    leap(story)
    assert case.runner.asked == [{"scvmm_vip": {"uid": "uid-before"}, "scvmm_vip_state": "absent"}]


def test_a_cluster_that_asked_for_none_gives_none_back() -> None:
    """Nor needs a VMM server for that."""
    case = Case()
    assert leap(lambda: case.release(None)) is None


def test_without_a_server_it_is_said_what_is_missing() -> None:
    """And asked again as soon as there is one."""
    case = Case(GRANTED)

    async def story() -> None:
        for server, word in (
            (None, "ScvmmProvider ns/vmm"),
            (NO_SECRET, "No Secret"),
        ):
            answer = await case.claim(server)
            assert isinstance(answer, Missing) and word in answer.message
        await case.claim()
        assert isinstance(await case.claim(), Granted)
        await case.addresses.stop()

    leap(story)
