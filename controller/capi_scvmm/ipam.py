# SPDX-License-Identifier: Apache-2.0
"""Addresses out of IPAM pools, by Cluster API's contract: what is claimed, and where a claim stands. Pure."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping
from dataclasses import dataclass
from ipaddress import ip_address, ip_interface
from typing import Any

DEFAULT_GROUP = "ipam.cluster.x-k8s.io"
FINALIZER = "scvmm-address-in-use.infrastructure.cluster.x-k8s.io"
LABELS = ("cluster.x-k8s.io/cluster-name", "cluster.x-k8s.io/watch-filter")
# 253 characters, less the digest, the part and what joins them.
_LONGEST_OWNER, _LONGEST_PART, _DIGEST = 200, 30, 16


@dataclass(frozen=True)
class Owner:
    """The object that an address is for; *cluster* names its Cluster."""

    api_version: str
    kind: str
    namespace: str
    name: str
    uid: str
    labels: Mapping[str, str]
    cluster: str | None = None


@dataclass(frozen=True)
class Wish:
    """One address for the *part* of an object (a device, the endpoint) from a pool in the object's namespace."""

    part: str
    kind: str
    name: str
    group: str = DEFAULT_GROUP

    @property
    def pool(self) -> str:
        """Kind and name of the pool, for people."""
        return f"{self.kind} {self.name}"


@dataclass(frozen=True)
class Given:
    """An address that a pool gave, with its prefix length, as in 10.0.0.5/24; *gateway* is the pool's."""

    address: str
    gateway: str | None = None


@dataclass(frozen=True)
class Claim:
    """Where the claim for a wish stands: not there, waiting (with *problem*: reason and words), or *given*."""

    name: str
    wish: Wish
    exists: bool = False
    given: Given | None = None
    problem: tuple[str, str] | None = None


def claim_name(owner: Owner, wish: Wish) -> str:
    """Name the claim: the same for the same owner, part and pool, another one for each other."""
    words = "\n".join((owner.kind, owner.name, wish.part, wish.group, wish.kind, wish.name))
    digest = hashlib.sha256(words.encode()).hexdigest()[:_DIGEST]
    part = re.sub(r"[^a-z0-9]+", "-", wish.part.lower())[:_LONGEST_PART].strip("-")
    return "-".join(word for word in (owner.name[:_LONGEST_OWNER].rstrip("-."), part, digest) if word)


def claim_body(owner: Owner, wish: Wish, *, protected: bool) -> dict[str, Any]:
    """Write the claim; a *protected* one stays until the owner says that nobody uses the address any more."""
    metadata: dict[str, Any] = {
        "name": claim_name(owner, wish),
        "namespace": owner.namespace,
        "labels": {key: owner.labels[key] for key in LABELS if key in owner.labels},
        "ownerReferences": [
            {
                "apiVersion": owner.api_version,
                "kind": owner.kind,
                "name": owner.name,
                "uid": owner.uid,
                "controller": True,
                "blockOwnerDeletion": True,
            }
        ],
    }
    if owner.cluster:
        metadata["labels"][LABELS[0]] = owner.cluster
    if protected:
        metadata["finalizers"] = [FINALIZER]
    spec: dict[str, Any] = {"poolRef": {"apiGroup": wish.group, "kind": wish.kind, "name": wish.name}}
    if owner.cluster:
        spec["clusterName"] = owner.cluster
    return {"metadata": metadata, "spec": spec}


def owned_by(body: Mapping[str, Any], uid: str) -> bool:
    """Whether an object is controlled by the one with *uid*."""
    return any(
        reference.get("controller") and reference.get("uid") == uid
        for reference in body["metadata"].get("ownerReferences") or ()
    )


def read_claim(owner: Owner, wish: Wish, body: Mapping[str, Any] | None) -> Claim:
    """Tell where a claim stands, but for the address that it refers to (`address_of` names it, `read_address`)."""
    name = claim_name(owner, wish)
    if body is None:
        return Claim(name, wish)
    if body["metadata"].get("deletionTimestamp"):
        words = f"{wish.part}: IPAddressClaim {name} is being deleted; when it is gone it is made anew."
        return Claim(name, wish, exists=True, problem=("WaitingForIPAddress", words))
    if not owned_by(body, owner.uid):
        return Claim(name, wish)  # An earlier object of this name left it behind: making ours removes it.
    since = body["metadata"].get("creationTimestamp") or "a moment ago"
    waiting = f"{wish.part}: no address from {wish.pool} yet; IPAddressClaim {name} waits since {since}."
    refusal = _refusal(body.get("status") or {})
    if refusal is None:
        remedy = (
            f"An IPAM provider that serves {wish.kind} ({wish.group}) answers it: look at the pool and that provider."
        )
        return Claim(name, wish, exists=True, problem=("WaitingForIPAddress", f"{waiting} {remedy}"))
    return Claim(name, wish, exists=True, problem=("IPAddressRefused", f"{waiting} The IPAM provider says: {refusal}"))


def address_of(body: Mapping[str, Any] | None) -> str | None:
    """Name the IPAddress that a claim was answered with."""
    reference = ((body or {}).get("status") or {}).get("addressRef") or {}
    return reference.get("name") or None


def read_address(claim: Claim, name: str, body: Mapping[str, Any] | None) -> Claim:
    """Take the answer *name* into a claim; one that cannot be meant is its problem."""
    if body is None:
        words = f"{claim.wish.part}: IPAddressClaim {claim.name} names IPAddress {name}, which is not there yet."
        return Claim(claim.name, claim.wish, True, None, ("WaitingForIPAddress", words))
    spec = body.get("spec") or {}
    address, prefix, gateway = spec.get("address"), spec.get("prefix"), spec.get("gateway") or None
    try:
        interface = ip_interface(f"{ip_address(str(address))}/{prefix}")
        if gateway is not None and ip_address(gateway).version != interface.version:
            raise ValueError
    except ValueError:
        told = f"{address}/{prefix}" + (f" with gateway {gateway}" if gateway else "")
        words = (
            f"{claim.wish.part}: IPAddress {name} from {claim.wish.pool} is {told}, which is no address with its "
            "network: correct the pool, then delete the IPAddressClaim to ask again."
        )
        return Claim(claim.name, claim.wish, True, None, ("IPAddressInvalid", words))
    return Claim(claim.name, claim.wish, True, Given(str(interface), gateway))


def _refusal(status: Mapping[str, Any]) -> str | None:
    """What a condition of the claim says is wrong; older IPAM providers say it in Cluster API's older form."""
    older = ((status.get("deprecated") or {}).get("v1beta1") or {}).get("conditions")
    for condition in [*(status.get("conditions") or ()), *(older or ())]:
        if condition.get("status") == "False" and (condition.get("message") or condition.get("reason")):
            words = [condition.get("reason") or "", " ".join((condition.get("message") or "").split())[:1000]]
            return ": ".join(word for word in words if word).rstrip(".") + "."
    return None
