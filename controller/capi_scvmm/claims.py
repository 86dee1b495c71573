# SPDX-License-Identifier: Apache-2.0
"""IPAddressClaims of any object of ours: made, read, and given back when nobody uses the address any more."""

from __future__ import annotations

import logging
from collections.abc import Mapping, Sequence
from typing import Any

from lightkube import ApiError

from capi_scvmm.go_provider import CLAIM_FINALIZER
from capi_scvmm.ipam import (
    FINALIZER,
    Claim,
    Owner,
    Wish,
    address_of,
    claim_body,
    claim_name,
    owned_by,
    read_address,
    read_claim,
)
from capi_scvmm.kube import IP_ADDRESS, IP_ADDRESS_CLAIM, Body, Kind
from capi_scvmm.objects import Objects
from capi_scvmm.store import CLUSTER_NAME, Key

logger = logging.getLogger(__name__)


class ClaimsRefused(Exception):
    """The API server takes no claims; the words say why, and who can mend it."""


class Claims:
    """The claims of ScvmmMachines and ScvmmClusters. Every call may be repeated; one cut off loses nothing."""

    def __init__(self, objects: Objects) -> None:
        self._objects = objects

    async def look(self, owner: Owner, wishes: Sequence[Wish]) -> tuple[Claim, ...]:
        """Tell where the claim for each wish stands; raise ClaimsRefused when that cannot be read."""
        try:
            return tuple([await self._look(owner, wish) for wish in wishes])
        except ApiError as error:
            raise ClaimsRefused(_refusal("read", owner, error)) from error

    async def make(self, owner: Owner, wishes: Sequence[Wish], *, protected: bool) -> None:
        """Make the claims that are missing; raise ClaimsRefused when the API server does not take one.

        A *protected* claim has a finalizer of ours: whoever deletes it, its address stays reserved until `release`.
        """
        for wish in wishes:
            try:
                await self._make(owner, wish, protected)
            except ApiError as error:
                raise ClaimsRefused(_refusal("made", owner, error)) from error

    async def release(self, owner: Key, uid: str) -> None:
        """Delete the claims of the object with *uid*, and lift their protection.

        An IPAM provider's own finalizer is not waited for: the address is in its hands from here on.
        """
        for key, body in self._known(owner):
            if owned_by(body, uid):
                await self._release(key, body)

    async def release_orphans(self, kind: Kind, owner: Key) -> None:
        """Give back what objects of this name left that are gone for good, as when somebody removed their finalizer."""
        known = self._known(owner)
        if not known:
            return
        there = await self._objects.kube.get(kind, owner.namespace, owner.name)
        for key, body in known:
            if there is None or not owned_by(body, there["metadata"]["uid"]):
                await self._release(key, body)

    def _known(self, owner: Key) -> list[tuple[Key, Body]]:
        store = self._objects.store
        claims = [key for key in store.referrers(owner) if key.kind == IP_ADDRESS_CLAIM.kind]
        found = [(key, store.get(IP_ADDRESS_CLAIM, key.namespace, key.name)) for key in claims]
        return [(key, body) for key, body in found if body is not None]

    async def _look(self, owner: Owner, wish: Wish) -> Claim:
        body = await self._objects.find(IP_ADDRESS_CLAIM, owner.namespace, claim_name(owner, wish))
        claim = read_claim(owner, wish, body)
        answer = address_of(body)
        if answer is None or not owned_by(body or {"metadata": {}}, owner.uid):
            return claim
        return read_address(claim, answer, await self._objects.kube.get(IP_ADDRESS, owner.namespace, answer))

    async def _make(self, owner: Owner, wish: Wish, protected: bool) -> None:
        body = claim_body(owner, wish, protected=protected)
        if await self._objects.kube.create(IP_ADDRESS_CLAIM, owner.namespace, body):
            logger.info("%s %s: claimed an address of %s for %s", owner.kind, owner.name, wish.pool, wish.part)
            return
        name = body["metadata"]["name"]
        there = await self._objects.kube.get(IP_ADDRESS_CLAIM, owner.namespace, name)
        if there is not None and not owned_by(there, owner.uid):
            # The object that it was for has our name, so it is gone.
            await self._release(Key(IP_ADDRESS_CLAIM.kind, owner.namespace, name), there)

    async def _release(self, key: Key, body: Body) -> None:
        try:
            if not body["metadata"].get("deletionTimestamp"):
                await self._objects.kube.delete(IP_ADDRESS_CLAIM, key.namespace, key.name)
            for finalizer in (CLAIM_FINALIZER, FINALIZER):
                await self._objects.set_finalizer(IP_ADDRESS_CLAIM, body, finalizer, False)
        except ApiError as error:
            raise ClaimsRefused(f"IPAddressClaim {key.name} cannot be given back: {_words(error)}") from error


def owner_of(kind: Kind, body: Mapping[str, Any], cluster: str | None) -> Owner:
    """Make an owner of an object of the API server."""
    metadata = body["metadata"]
    labels = metadata.get("labels") or {}
    return Owner(
        f"{kind.group}/{kind.version}",
        kind.kind,
        metadata["namespace"],
        metadata["name"],
        metadata["uid"],
        labels,
        cluster or labels.get(CLUSTER_NAME),
    )


def _refusal(wish: str, owner: Owner, error: ApiError) -> str:
    if error.status.code == 404:
        return (
            f"IPAddressClaims for {owner.kind} {owner.name} cannot be {wish}: this cluster does not know them. Install "
            "Cluster API's core and an IPAM provider, or take addressesFromPools out."
        )
    return f"IPAddressClaims for {owner.kind} {owner.name} cannot be {wish}: {_words(error)}"


def _words(error: ApiError) -> str:
    words = " ".join(str(error.status.message or error).split())[:1000].rstrip(".")
    may = " Give the controller the rights of controller/deploy/rbac.yaml." if error.status.code == 403 else ""
    return f"the API server says: {words}.{may}"
