# SPDX-License-Identifier: Apache-2.0
"""Addresses out of IPAM pools: what is claimed, and what is read of the answers."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from capi_scvmm.ipam import (
    FINALIZER,
    Given,
    Owner,
    Wish,
    address_of,
    claim_body,
    claim_name,
    read_address,
    read_claim,
)

GROUP = "infrastructure.cluster.x-k8s.io"
NODE = Owner(f"{GROUP}/v1alpha1", "ScvmmMachine", "prod", "node", "uid-node", {}, "east")
FOUR = Wish("eth0", "InClusterIPPool", "four")


def a_claim(**status: Any) -> dict[str, Any]:
    """The claim for FOUR as the API server has it."""
    body = claim_body(NODE, FOUR, protected=True)
    body["metadata"]["creationTimestamp"] = "2026-11-23T12:00:00Z"
    return {**body, "status": status}


@pytest.mark.contract(44, 50)
def test_a_claim_says_whose_it_is_and_from_where() -> None:
    """Cluster API's contract: controller, blockOwnerDeletion, cluster, pool; the watch filter comes along."""
    owner = replace(NODE, labels={"cluster.x-k8s.io/watch-filter": "a", "mine": "b"})
    assert claim_body(owner, FOUR, protected=True) == {
        "metadata": {
            "name": claim_name(NODE, FOUR),
            "namespace": "prod",
            "labels": {"cluster.x-k8s.io/cluster-name": "east", "cluster.x-k8s.io/watch-filter": "a"},
            "ownerReferences": [
                {
                    "apiVersion": f"{GROUP}/v1alpha1",
                    "kind": "ScvmmMachine",
                    "name": "node",
                    "uid": "uid-node",
                    "controller": True,
                    "blockOwnerDeletion": True,
                }
            ],
            "finalizers": [FINALIZER],
        },
        "spec": {
            "clusterName": "east",
            "poolRef": {"apiGroup": "ipam.cluster.x-k8s.io", "kind": "InClusterIPPool", "name": "four"},
        },
    }


def test_without_a_cluster_a_claim_names_none() -> None:
    """A machine that stands alone."""
    body = claim_body(replace(NODE, cluster=None), FOUR, protected=False)
    assert "clusterName" not in body["spec"]
    assert body["metadata"]["labels"] == {}
    assert "finalizers" not in body["metadata"]


@pytest.mark.contract(50)
def test_names_of_claims_are_the_same_each_time_and_tell_all_apart() -> None:
    """Whatever the names are made of: a restarted controller finds its claims, and two never share one."""
    owners = [NODE, replace(NODE, name="node-eth0"), replace(NODE, kind="ScvmmCluster"), replace(NODE, name="n" * 253)]
    wishes = [
        FOUR,
        replace(FOUR, part="eth1"),
        replace(FOUR, kind="GlobalInClusterIPPool"),
        replace(FOUR, group="x.io"),
    ]
    wishes += [replace(FOUR, part="Eth_0.5"), replace(FOUR, part="_"), replace(FOUR, name="x" * 253)]
    names = [claim_name(owner, wish) for owner in owners for wish in wishes]
    assert len(set(names)) == len(names)
    assert names == [claim_name(owner, wish) for owner in owners for wish in wishes]
    for name in names:
        assert len(name) <= 253
        assert all(label and label.strip("-") == label for label in name.split("."))
        assert name == name.lower() and "_" not in name
    assert claim_name(NODE, FOUR).startswith("node-eth0-")


def test_a_claim_that_waits_tells_for_what_from_where_and_since_when() -> None:
    """The user knows which pool to look at."""
    assert read_claim(NODE, FOUR, None).exists is False
    claim = read_claim(NODE, FOUR, a_claim())
    assert claim.exists and claim.given is None and claim.problem is not None
    reason, words = claim.problem
    assert reason == "WaitingForIPAddress"
    for word in ("eth0", "InClusterIPPool four", claim_name(NODE, FOUR), "since 2026-11-23T12:00:00Z"):
        assert word in words


@pytest.mark.parametrize("older", [False, True])
def test_what_the_ipam_provider_says_is_shown(older: bool) -> None:
    """Also where it speaks Cluster API's older form."""
    told = [{"type": "Ready", "status": "False", "reason": "PoolExhausted", "message": "no free\naddress."}]
    status = {"deprecated": {"v1beta1": {"conditions": told}}} if older else {"conditions": told}
    reason, words = read_claim(NODE, FOUR, a_claim(**status)).problem or ("", "")
    assert reason == "IPAddressRefused"
    assert words.endswith("The IPAM provider says: PoolExhausted: no free address.")
    fine = a_claim(conditions=[{"type": "Ready", "status": "False"}, {"type": "Ready", "status": "True"}])
    assert (read_claim(NODE, FOUR, fine).problem or ("",))[0] == "WaitingForIPAddress"


def test_a_claim_of_an_earlier_object_is_not_ours() -> None:
    """Another uid: it has to go first."""
    foreign = a_claim(addressRef={"name": "a"})
    foreign["metadata"]["ownerReferences"][0]["uid"] = "older"
    assert read_claim(NODE, FOUR, foreign).exists is False
    foreign["metadata"]["deletionTimestamp"] = "2026-11-23T12:00:00Z"
    claim = read_claim(NODE, FOUR, foreign)
    assert claim.exists and "made anew" in (claim.problem or ("", ""))[1]


def test_the_answer_is_an_address_with_its_network() -> None:
    """Whatever form an IPv6 address is written in."""
    body = a_claim(addressRef={"name": "answer"})
    assert address_of(body) == "answer"
    assert address_of(a_claim()) is None and address_of(None) is None
    claim = read_claim(NODE, FOUR, body)

    def answer(**spec: Any) -> Any:
        return read_address(claim, "answer", {"spec": spec})

    assert answer(address="10.0.0.5", prefix=24, gateway="10.0.0.1").given == Given("10.0.0.5/24", "10.0.0.1")
    assert answer(address="2001:DB8::0005", prefix=64, gateway="").given == Given("2001:db8::5/64", None)
    assert answer(address="10.0.0.5", prefix=24).problem is None
    assert (read_address(claim, "answer", None).problem or ("",))[0] == "WaitingForIPAddress"


@pytest.mark.parametrize(
    "spec",
    [
        {},
        {"address": "10.0.0.5"},
        {"address": "10.0.0.5", "prefix": 33},
        {"address": "10.0.0.500", "prefix": 24},
        {"address": "10.0.0.5", "prefix": 24, "gateway": "router"},
        {"address": "10.0.0.5", "prefix": 24, "gateway": "2001:db8::1"},
    ],
)
def test_an_answer_that_cannot_be_meant_is_said(spec: dict[str, Any]) -> None:
    """The pool is wrong, and only its owner can mend it."""
    claim = read_claim(NODE, FOUR, a_claim())
    reason, words = read_address(claim, "answer", {"spec": spec}).problem or ("", "")
    assert reason == "IPAddressInvalid"
    assert "IPAddress answer from InClusterIPPool four" in words and "correct the pool" in words
