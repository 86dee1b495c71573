# SPDX-License-Identifier: Apache-2.0
"""The endpoint's address out of a static pool of VMM, from claim to end, whatever becomes of controllers."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from .world import World

SUBNET = {"name": "nodes", "cidr": "192.0.2.0/24", "gateway": "192.0.2.1"}
POOL = {
    "name": "k8s nodes",
    "vm_network": "k8s",
    "vm_subnet": "nodes",
    "cidr": "192.0.2.0/24",
    "start": "192.0.2.50",
    "end": "192.0.2.101",
    # No machine has a way to a network for documentation: where somebody answers, an address is not taken.
    "vips": ["192.0.2.100", "192.0.2.101"],
}
PARTS = {"vm_networks": [{"name": "k8s", "subnets": [SUBNET]}], "static_ip_pools": [POOL]}
BALANCER = {"type": "External", "addressFromStaticIPAddressPool": "k8s nodes"}


def _granted(here: World) -> list[tuple[str, str]]:
    """Address and description of what VMM has granted."""
    objects: list[dict[str, Any]] = here.sim.vmm.call("Get-SCIPAddress", {"All": True}).objects
    return [(one["Address"], one["Description"]) for one in objects]


def test_an_endpoint_gets_one_address_of_vmm_and_gives_it_back(make_world: Callable[..., World]) -> None:
    """A controller that is killed while VMM grants it leaves none behind: the next one finds it by its mark."""
    here = make_world(more=PARTS)
    here.provider()
    first = here.start()
    here.cluster(endpoint=False, controlPlaneLoadBalancer=BALANCER)
    here.until_called("vip")
    first.kill()
    here.start()
    here.until_true("east", scope="ScvmmCluster")
    cluster = here.get("ScvmmCluster", "east") or {}
    assert cluster["spec"]["controlPlaneEndpoint"] == {"host": "192.0.2.100", "port": 6443}
    uid = cluster["metadata"]["uid"]
    assert _granted(here) == [("192.0.2.100", f"[capi.scvmm owner={here.namespace}/east uid={uid}]")]

    here.delete("ScvmmCluster", "east")
    here.until_gone("east", "ScvmmCluster")
    assert _granted(here) == []
