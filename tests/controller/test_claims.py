# SPDX-License-Identifier: Apache-2.0
"""Claims are made once, read, and given back; whatever was cut off before."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field, replace

import pytest
from capi_scvmm.claims import Claims, ClaimsRefused, owner_of
from capi_scvmm.ipam import FINALIZER, Given, Owner, Wish, claim_name
from capi_scvmm.kube import IP_ADDRESS, IP_ADDRESS_CLAIM, MACHINE, Body, Kind
from capi_scvmm.objects import Objects
from capi_scvmm.store import Key, Store, refers_to_us
from lightkube import ApiError
from lightkube.models.meta_v1 import Status

from .fleet import MemoryKube, leap

FOUR, SIX = Wish("eth0", "InClusterIPPool", "four"), Wish("eth0", "InClusterIPPool", "six")
NODE = Key(MACHINE.kind, "ns", "node")


@dataclass
class Site:
    """An API server in memory with a machine, and claims on it; what is written reaches the store as by a watch."""

    kube: MemoryKube = field(default_factory=MemoryKube)
    store: Store = field(default_factory=Store)
    looks: list[Key] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.claims = Claims(Objects(self.kube, self.store, self.looks.append))
        self.kube.put(MACHINE, "node", {"metadata": {"uid": "u"}})

    @property
    def owner(self) -> Owner:
        """The machine."""
        return owner_of(MACHINE, self.kube.objects[MACHINE.kind, "node"], "east")

    def watch(self) -> None:
        """Tell the store what there is, and what is gone."""
        for key in list(self.store.keys(IP_ADDRESS_CLAIM)):
            if (IP_ADDRESS_CLAIM.kind, key.name) not in self.kube.objects:
                self.store.drop(IP_ADDRESS_CLAIM, self.store.get(IP_ADDRESS_CLAIM, "ns", key.name) or {})
        for body in self.there().values():
            self.looks += self.store.put(IP_ADDRESS_CLAIM, body)

    def there(self) -> dict[str, Body]:
        """The claims by name."""
        return {name: body for (kind, name), body in self.kube.objects.items() if kind == IP_ADDRESS_CLAIM.kind}

    def answer(self, wish: Wish, address: str, **more: object) -> None:
        """Do as an IPAM provider does."""
        name = claim_name(self.owner, wish)
        self.kube.put(IP_ADDRESS, name, {"spec": {"address": address, "prefix": 24, **more}})
        self.kube.put(IP_ADDRESS_CLAIM, name, {**self.there()[name], "status": {"addressRef": {"name": name}}})


@pytest.fixture
def site() -> Site:
    """A machine without claims."""
    return Site()


def test_claims_lead_to_addresses(site: Site) -> None:
    """Made once, however often it is asked for; the answer is read."""

    async def story() -> None:
        for _ in range(2):
            await site.claims.make(site.owner, [FOUR, SIX], protected=True)
        assert sorted(site.there()) == sorted(claim_name(site.owner, wish) for wish in (FOUR, SIX))
        site.answer(FOUR, "10.0.0.5", gateway="10.0.0.1")
        four, six = await site.claims.look(site.owner, [FOUR, SIX])
        assert four.given == Given("10.0.0.5/24", "10.0.0.1")
        assert six.exists and six.given is None
        site.watch()
        assert NODE in site.looks, "news of a claim are news for its owner"

    leap(story)


@pytest.mark.contract(52)
def test_claims_are_given_back_and_what_is_others_is_left(site: Site) -> None:
    """A protected claim goes when its owner says so; one with an IPAM provider's finalizer is not waited for."""

    async def story() -> None:
        await site.claims.make(site.owner, [FOUR, SIX], protected=True)
        held = claim_name(site.owner, SIX)
        body = site.there()[held]
        site.kube.put(
            IP_ADDRESS_CLAIM, held, {**body, "metadata": {**body["metadata"], "finalizers": ["ipam", FINALIZER]}}
        )
        site.watch()
        await site.claims.release(NODE, "somebody-else")
        assert len(site.there()) == 2
        for _ in range(2):
            await site.claims.release(NODE, "u")
            site.watch()
        assert list(site.there()) == [held]
        assert site.there()[held]["metadata"]["finalizers"] == ["ipam"]
        assert site.there()[held]["metadata"]["deletionTimestamp"]

    leap(story)


def test_a_deleted_claim_is_protected_until_its_owner_lets_go(site: Site) -> None:
    """Somebody deletes it while the VM runs: no other VM may get the address meanwhile."""

    async def story() -> None:
        await site.claims.make(site.owner, [FOUR], protected=True)
        (name,) = site.there()
        await site.kube.delete(IP_ADDRESS_CLAIM, "ns", name)
        assert list(site.there()) == [name]
        site.watch()
        await site.claims.release(NODE, "u")
        assert site.there() == {}

    leap(story)


def test_claims_of_an_owner_that_is_gone_are_given_back(site: Site) -> None:
    """Somebody removed its finalizer by hand; while it is there nothing is touched, whatever the store knows."""

    async def story() -> None:
        await site.claims.release_orphans(MACHINE, NODE)
        await site.claims.make(site.owner, [FOUR], protected=True)
        site.watch()
        await site.claims.release_orphans(MACHINE, NODE)
        assert len(site.there()) == 1
        site.kube.objects.pop((MACHINE.kind, "node"))
        await site.claims.release_orphans(MACHINE, NODE)
        assert site.there() == {}

    leap(story)


def test_an_earlier_owners_claim_makes_way(site: Site) -> None:
    """The same name, another machine: the old claim goes, then the new one is made."""

    async def story() -> None:
        await site.claims.make(replace(site.owner, uid="older"), [FOUR], protected=True)
        await site.claims.make(site.owner, [FOUR], protected=True)
        site.watch()
        assert site.there() == {}
        await site.claims.make(site.owner, [FOUR], protected=True)
        (claim,) = await site.claims.look(site.owner, [FOUR])
        assert claim.exists

    leap(story)


def test_claims_of_others_are_nothing_to_us() -> None:
    """Other infrastructure providers use the same kind."""
    owner = {"kind": "VSphereVM", "name": "a"}
    assert not refers_to_us({"metadata": {"name": "c", "namespace": "ns", "ownerReferences": [owner]}})
    assert refers_to_us(
        {"metadata": {"name": "c", "namespace": "ns", "ownerReferences": [{**owner, "kind": MACHINE.kind}]}}
    )


@dataclass
class RefusingKube(MemoryKube):
    """An API server that refuses IPAddressClaims with *code*."""

    code: int = 403

    async def get(self, kind: Kind, namespace: str, name: str) -> Body | None:
        """See Kube."""
        if kind is IP_ADDRESS_CLAIM and self.code != 404:
            raise self._error()
        return await super().get(kind, namespace, name)

    async def create(self, kind: Kind, namespace: str, body: Body) -> bool:
        """See Kube."""
        raise self._error()

    async def delete(self, kind: Kind, namespace: str, name: str) -> None:
        """See Kube."""
        raise self._error()

    def _error(self) -> ApiError:
        return ApiError(status=Status(code=self.code, message="claims are forbidden"))


@pytest.mark.parametrize(("code", "remedy"), [(404, "Install Cluster API's core"), (403, "deploy/rbac.yaml")])
def test_a_refusal_says_who_can_mend_it(code: int, remedy: str) -> None:
    """No CRDs, or no rights: one sentence, and no machine is lost over it."""
    site = Site(RefusingKube(code=code))
    with pytest.raises(ClaimsRefused, match=remedy):
        asyncio.run(site.claims.make(site.owner, [FOUR], protected=True))
    if code == 404:
        (claim,) = asyncio.run(site.claims.look(site.owner, [FOUR]))
        assert not claim.exists
    else:
        with pytest.raises(ClaimsRefused, match="claims are forbidden"):
            asyncio.run(site.claims.look(site.owner, [FOUR]))
    site.store.put(
        IP_ADDRESS_CLAIM,
        {
            "metadata": {
                "name": "c",
                "namespace": "ns",
                "ownerReferences": [{"kind": MACHINE.kind, "name": "node", "uid": "u", "controller": True}],
            }
        },
    )
    with pytest.raises(ClaimsRefused, match="cannot be given back"):
        asyncio.run(site.claims.release(NODE, "u"))
