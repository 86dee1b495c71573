# SPDX-License-Identifier: Apache-2.0
"""How a guest is asked, from inside, what it has."""

from __future__ import annotations

import ipaddress
import json

TELL_NAME = ("/bin/sh", "-c", "hostname --fqdn 2>/dev/null || hostname")
"""The fully qualified name if it knows one, as Hyper-V's key-value pairs have it, else its host name."""


def read_addresses(listed: str) -> dict[str, tuple[str, ...]]:
    """What `ip -json address` tells: addresses by MAC address (lower case), without loopback and link-local ones."""
    found: dict[str, tuple[str, ...]] = {}
    for device in json.loads(listed):
        if device.get("link_type") != "ether":
            continue
        addresses = [entry["local"] for entry in device.get("addr_info", []) if "local" in entry]
        found[str(device["address"]).lower()] = tuple(
            address for address in addresses if not ipaddress.ip_address(address).is_link_local
        )
    return found
