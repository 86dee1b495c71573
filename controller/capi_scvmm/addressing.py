# SPDX-License-Identifier: Apache-2.0
"""Gathers where the addresses of a machine are from, while they still matter: until its VM has booted."""

from __future__ import annotations

from dataclasses import replace

from capi_scvmm import networks
from capi_scvmm.claims import Claims, ClaimsRefused, owner_of
from capi_scvmm.kinds import Networking
from capi_scvmm.kinds.boot import BootFields
from capi_scvmm.kube import MACHINE, Body
from capi_scvmm.networks import Device, NetworkProblem
from capi_scvmm.plan import Scope
from capi_scvmm.plan.life import being_created, has_medium, runs
from capi_scvmm.request import Placement


class Addressing:
    """Adds claims, and what is wrong with the devices, to a scope."""

    def __init__(self, claims: Claims) -> None:
        self._claims = claims

    async def gather(self, scope: Scope, body: Body, place: Placement | None) -> tuple[Scope, tuple[Device, ...]]:
        """Give the scope with claims and troubles, and the devices as far as they are known."""
        if place is None or not _matters(scope):
            return scope, ()
        wishes = networks.wishes(place.networking)
        if wishes and scope.has_finalizer:
            try:
                claims = await self._claims.look(owner_of(MACHINE, body, scope.cluster), wishes)
            except ClaimsRefused as error:
                return replace(scope, claims_trouble=("IPAddressClaimsRefused", str(error))), ()
            scope = replace(scope, claims=claims)
        return _checked(scope, place)


def _matters(scope: Scope) -> bool:
    """Whether what the guest will be told may still change, and is asked for in this look."""
    if scope.deleting or scope.recorded.ran_once or scope.in_flight is not None or has_medium(scope) or runs(scope):
        return False
    return scope.vm is None or not (being_created(scope) or scope.vm.busy)


def _checked(scope: Scope, place: Placement) -> tuple[Scope, tuple[Device, ...]]:
    adapters = scope.vm.network_adapters if scope.vm is not None else ()
    fields = scope.hook.fields if scope.hook is not None else None
    networking = _hooked(place.networking, fields)
    devices = networks.determined(networking, adapters, scope.claims, place.devices_from, _given_by(fields))
    if scope.hook is not None and fields is None:
        return scope, devices  # The hook may mend what looks wrong before.
    claimed = all(claim.given is not None for claim in scope.claims)
    pooled = any(device.static_ip_address_pools for device in networking.devices)
    try:
        networks.check(devices, complete=claimed and (scope.vm is not None or not pooled))
    except NetworkProblem as problem:
        words = f"{scope.name}: {problem}"
        if scope.vm is None:
            return replace(scope, invalid=("InvalidNetwork", words)), devices
        words += " The VM exists, so spec.networking is fixed: correct the pool, or replace the machine by a new one."
        return replace(scope, network_trouble=("InvalidNetwork", words)), devices
    return replace(scope, networks=tuple(networks.status_devices(devices))), devices


def _hooked(networking: Networking, fields: BootFields | None) -> Networking:
    """The devices with what the hook determined for them."""
    if fields is None:
        return networking
    given = (fields.devices.get(device.device_name) for device in networking.devices)
    devices = tuple(f.applied(d) if f is not None else d for d, f in zip(networking.devices, given, strict=True))
    return networking.model_copy(update={"devices": devices})


def _given_by(fields: BootFields | None) -> dict[str, str]:
    """The devices whose addresses the hook gave, and its name."""
    devices = fields.devices.items() if fields is not None else ()
    return {name: (fields.hook if fields else "") or "" for name, device in devices if device.ip_addresses is not None}
