# SPDX-License-Identifier: Apache-2.0
"""The operation vip: a virtual address of a static pool, granted once for a uid and found again by its mark."""

from __future__ import annotations

import ipaddress
from typing import Any

from scvmm_sim.operations.fields import Fields, OperationError
from scvmm_sim.operations.find import named
from scvmm_sim.operations.mark import check_markable
from scvmm_sim.operations.session import Object, Session
from scvmm_sim.operations.shapes import join_description, split_description


def vip(session: Session, request: Fields) -> dict[str, Any]:
    """Have an address granted, or revoked."""
    uid = request.need_text("uid")
    state = request.text("state", "present", allowed=("present", "absent"))
    pool = request.need_text("pool") if state == "present" else request.text("pool")
    owner = request.need_text("owner") if state == "present" else request.text("owner")
    check = bool(request.flag("check", False))
    for field, value in (("owner", owner), ("uid", uid)):
        check_markable(request, field, value)
    with session.named_lock(f"CapiScvmm-vip {uid}") as taken:
        if not taken:
            words = (
                f"Another session on this host has been creating the address with uid '{uid}' for a minute. "
                "Look again later."
            )
            raise OperationError("CapiScvmm.Busy", words, category="ResourceBusy")
        there = _granted(session, uid)
        if state == "absent":
            return _revoke(session, there, check)
        if there:
            return {"changed": False, "vip": _shape(there[0])}
        found = named(session.all("Get-SCStaticIPAddressPool"), "static IP address pool", pool or "")
        if check:
            return {"changed": True, "vip": None}
        made = session.one(
            "Grant-SCIPAddress",
            StaticIPAddressPool=found,
            GrantToObjectType="VIP",
            Description=join_description("", owner or "", uid),
            ExplicitRevokeRequired=True,
        )
        return {"changed": True, "vip": _shape(made)}


def _granted(session: Session, uid: str) -> list[Object]:
    """The addresses whose mark has the uid, lowest first. Normally one; two exec hosts at once might make two."""
    found = [
        address
        for address in session.all("Get-SCIPAddress", All=True)
        if split_description(address["Description"]).uid == uid
    ]
    return sorted(found, key=lambda address: ipaddress.ip_address(address["Address"]).packed)


def _revoke(session: Session, there: list[Object], check: bool) -> dict[str, Any]:
    for address in there if not check else []:
        session.run("Revoke-SCIPAddress", AllocatedIPAddress=address, ReturnToPool=True)
    return {"changed": bool(there), "vip": _shape(there[0]) if there else None}


def _shape(address: Object) -> dict[str, Any]:
    pool = address["AllocatingAddressPool"]
    return {
        "address": f"{address['Address']}/{pool['Subnet'].split('/')[-1]}",
        "pool": pool["Name"],
        "gateways": [gateway["IPAddress"] for gateway in pool["DefaultGateways"]],
        "nameservers": list(pool["DNSServers"]),
    }
