# SPDX-License-Identifier: Apache-2.0
"""Addresses out of IPAM pools, with Cluster API's own CRDs and an IPAM provider of a few lines."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

import pytest
from lightkube import ApiError
from lightkube.generic_resource import create_namespaced_resource
from lightkube.types import PatchType

from .world import World

GROUP = "ipam.cluster.x-k8s.io"
CLAIM = create_namespaced_resource(GROUP, "v1beta2", "IPAddressClaim", "ipaddressclaims")
ADDRESS = create_namespaced_resource(GROUP, "v1beta2", "IPAddress", "ipaddresses")
PROTECTION = "ipam.example.com/release"


@dataclass
class Ipam:
    """Answers claims from *pools*: pool name to (address, prefix, gateway); an unknown pool is refused."""

    here: World
    pools: dict[str, tuple[str, int, str | None]]
    given: list[str] = field(default_factory=list)
    ended: threading.Event = field(default_factory=threading.Event)

    def claims(self) -> dict[str, dict[str, Any]]:
        """The claims in the namespace, by pool."""
        found = [item.to_dict() for item in self.here.client.list(CLAIM, namespace=self.here.namespace)]
        return {item["spec"]["poolRef"]["name"]: item for item in found}

    def run(self) -> None:
        """Serve until *ended*."""
        while not self.ended.wait(0.05):
            for pool, claim in self.claims().items():
                try:
                    self._serve(pool, claim)
                except ApiError as error:
                    if error.status.code not in (404, 409):
                        raise

    def _serve(self, pool: str, claim: dict[str, Any]) -> None:
        name = claim["metadata"]["name"]
        if claim["metadata"].get("deletionTimestamp"):
            others = [one for one in claim["metadata"].get("finalizers") or () if one != PROTECTION]
            if not others:  # Nobody uses the address any more.
                self._patch(CLAIM, name, {"metadata": {"finalizers": None}})
        elif pool not in self.pools:
            told = {"type": "Ready", "status": "False", "reason": "PoolExhausted", "message": f"pool {pool} is empty"}
            told["lastTransitionTime"] = "2026-11-23T12:00:00Z"
            self._patch(CLAIM.Status, name, {"status": {"conditions": [told]}})
        elif not (claim.get("status") or {}).get("addressRef"):
            address, prefix, gateway = self.pools[pool]
            finalizers = [*(claim["metadata"].get("finalizers") or ()), PROTECTION]
            self._patch(CLAIM, name, {"metadata": {"finalizers": finalizers}})
            spec = {
                "address": address,
                "prefix": prefix,
                "claimRef": {"name": name},
                "poolRef": claim["spec"]["poolRef"],
                **({"gateway": gateway} if gateway else {}),
            }
            body = {"metadata": {"name": name, "namespace": self.here.namespace}, "spec": spec}
            self.here.client.create(ADDRESS(body))
            self._patch(CLAIM.Status, name, {"status": {"addressRef": {"name": name}}})
            self.given.append(address)

    def _patch(self, resource: Any, name: str, patch: dict[str, Any]) -> None:
        self.here.client.patch(resource, name, patch, namespace=self.here.namespace, patch_type=PatchType.MERGE)


@contextmanager
def ipam(here: World, **pools: tuple[str, int, str | None]) -> Iterator[Ipam]:
    """An IPAM provider for the world's namespace."""
    made = Ipam(here, pools)
    thread = threading.Thread(target=made.run)
    thread.start()
    try:
        yield made
    finally:
        made.ended.set()
        thread.join()


def networking(*pools: str, **device: Any) -> dict[str, Any]:
    """One device that wants an address of each pool."""
    references = [{"apiGroup": GROUP, "kind": "InClusterIPPool", "name": pool} for pool in pools]
    return {
        "domain": "example.com",
        "devices": [{"deviceName": "eth0", "vmNetwork": "k8s", "addressesFromPools": references, **device}],
    }


@pytest.mark.contract(50, 51, 52)
def test_a_guest_has_the_addresses_that_pools_gave(here: World) -> None:
    """IPv4 and IPv6 by two claims; a controller that is killed finds them again; they go after the VM."""
    here.provider()
    here.bootstrap()
    here.cluster()
    here.start().kill()
    here.start()
    here.node(networking=networking("four", "six"))
    here.until_reason("node", "DependenciesReady", "WaitingForIPAddress")
    assert "InClusterIPPool four" in here.condition("node", "Ready")["message"]
    here.controllers[-1].kill()
    names = sorted(item.metadata.name for item in here.client.list(CLAIM, namespace=here.namespace))
    with ipam(here, four=("10.20.0.5", 16, "10.20.0.1"), six=("2001:db8::5", 64, None)) as provider:
        here.until("both addresses", lambda: len(provider.given) == 2)
        here.start()
        here.until_true("node")
        claims = provider.claims()
        assert sorted(claim["metadata"]["name"] for claim in claims.values()) == names and len(names) == 2
        machine = here.get("ScvmmMachine", "node") or {}
        (reference,) = claims["four"]["metadata"]["ownerReferences"]
        assert (reference["kind"], reference["uid"]) == ("ScvmmMachine", machine["metadata"]["uid"])
        assert (reference["controller"], reference["blockOwnerDeletion"]) == (True, True)
        assert claims["six"]["spec"]["clusterName"] == "east"
        (device,) = machine["status"]["networkDevices"]
        assert [(one["address"], one["origin"]) for one in device["addresses"]] == [
            ("10.20.0.5/16", "IPAddressClaim"),
            ("2001:db8::5/64", "IPAddressClaim"),
        ]
        assert device["gateways"] == ["10.20.0.1"]
        assert "ipAddresses" not in machine["spec"]["networking"]["devices"][0]
        (vm,) = here.vms()
        assert {"10.20.0.5", "2001:db8::5"} <= {one for each in vm["guest"]["addresses"].values() for one in each}
        here.client.delete(CLAIM, claims["four"]["metadata"]["name"], namespace=here.namespace)
        here.stays("the claim of a VM that runs", lambda: len(provider.claims()) == 2, 1.0)
        here.delete("ScvmmMachine", "node")
        here.until_gone("node")
        assert here.vms() == []
        here.until("no claims", lambda: not provider.claims())


@pytest.mark.contract(51)
def test_what_a_pool_says_is_in_the_condition(here: World) -> None:
    """A pool that is empty, then two that do not fit together; once they do, the machine boots."""
    here.provider()
    here.bootstrap()
    here.start()
    with ipam(here, six=("2001:db8::5", 64, None)) as provider:
        here.machine(networking=networking("four", "six"))
        here.until_reason("node", "DependenciesReady", "IPAddressRefused")
        assert "PoolExhausted: pool four is empty" in here.condition("node", "Ready")["message"]
        provider.pools["four"] = ("10.20.0.5", 16, None)
        found = here.until_reason("node", "DependenciesReady", "InvalidNetwork")
        assert "has no gateway" in found["message"] and "spec.networking is fixed" in found["message"]
        assert here.vm_started() == 0
        here.delete("ScvmmMachine", "node")
        here.until_gone("node")
        here.until("no claims", lambda: not provider.claims())
