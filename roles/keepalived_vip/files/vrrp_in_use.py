# SPDX-License-Identifier: GPL-3.0-or-later
"""Tell whether somebody else on the network has a VRRP router id or a virtual address.

    vrrp_in_use.py ADDRESS ROUTER_ID INTERFACE SECONDS [PEER ...]

Ends with 0 when both are free, or when the address is with a host that advertises it under this router id or is a PEER;
else with 3 and a sentence. An empty INTERFACE is the one over which ADDRESS is reached. Needs root.
"""

from __future__ import annotations

import ipaddress
import json
import socket
import struct
import subprocess
import sys
import time

VRRP = 112
GROUPS = {4: "224.0.0.18", 6: "ff02::12"}
VERSIONS = (2, 3)


def main() -> int:
    """Listen, ask who has the address, compare."""
    address, router_id = ipaddress.ip_address(sys.argv[1]), int(sys.argv[2])
    interface, seconds = sys.argv[3] or _interface(address), float(sys.argv[4])
    peers = [ipaddress.ip_address(peer) for peer in sys.argv[5:]]
    with _listener(address.version, interface) as listener:
        for asked in (address, *peers):
            _ask_for(asked)
        adverts = _adverts(listener, address.version, seconds)
    ours = False
    for sender, number, addresses in adverts:
        if number != router_id:
            continue
        if address in addresses:
            ours = True
            continue
        held = " and ".join(map(str, addresses))
        return _refuse(
            f"{sender} uses VRRP router id {router_id} on {interface} for {held}: give this address another id, from 1 to 255."
        )
    holder = _holder(address)
    if holder and not ours and holder not in map(_holder, peers):
        return _refuse(
            f"{address} answers already: the host with MAC address {holder} has it. Take it away there, or choose another address."
        )
    return 0


def _refuse(message: str) -> int:
    print(message)
    return 3


def _ip(*arguments: str) -> list[dict[str, object]]:
    said = subprocess.run(["ip", "-json", *arguments], capture_output=True, text=True, check=False).stdout
    return [found for found in json.loads(said or "[]") if found]


def _interface(address: ipaddress.IPv4Address | ipaddress.IPv6Address) -> str:
    routes = _ip("route", "get", str(address))
    if not routes:
        sys.exit(
            f"This host has no route to {address}: name the interface, or give the host an address in that network."
        )
    return str(routes[0]["dev"])


def _listener(version: int, interface: str) -> socket.socket:
    family = socket.AF_INET if version == 4 else socket.AF_INET6
    listener = socket.socket(family, socket.SOCK_RAW, VRRP)
    index = socket.if_nametoindex(interface)
    group = socket.inet_pton(family, GROUPS[version])
    if version == 4:
        listener.setsockopt(socket.IPPROTO_IP, socket.IP_ADD_MEMBERSHIP, group + struct.pack("=4si", b"\0" * 4, index))
    else:
        listener.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_JOIN_GROUP, group + struct.pack("=I", index))
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_BINDTODEVICE, interface.encode())
    return listener


def _ask_for(address: ipaddress.IPv4Address | ipaddress.IPv6Address) -> None:
    """Make the kernel ask the network who has the address; what is sent does not matter."""
    family = socket.AF_INET if address.version == 4 else socket.AF_INET6
    with socket.socket(family, socket.SOCK_DGRAM) as asking:
        try:
            asking.sendto(b"", (str(address), 9))
        except OSError:
            return  # No way there: nobody can answer.


def _adverts(listener: socket.socket, version: int, seconds: float) -> list[tuple[str, int, list[object]]]:
    """Collect (sender, router id, addresses) of what is advertised."""
    found, end = [], time.monotonic() + seconds
    while (left := end - time.monotonic()) > 0:
        listener.settimeout(left)
        try:
            packet, sender = listener.recvfrom(4096)
        except TimeoutError:
            break
        if version == 4:
            packet = packet[(packet[0] & 15) * 4 :]
        if len(packet) < 8 or packet[0] >> 4 not in VERSIONS:
            continue
        size = 4 if version == 4 else 16
        places = range(8, min(8 + packet[3] * size, len(packet) - size + 1), size)
        found.append((sender[0], packet[1], [ipaddress.ip_address(packet[at : at + size]) for at in places]))
    return found


def _holder(address: ipaddress.IPv4Address | ipaddress.IPv6Address) -> str:
    """Give the MAC address of who answered for the address; empty: nobody, or this host itself."""
    found = [one for one in _ip("neighbour", "show", str(address)) if one.get("lladdr")]
    return str(found[0]["lladdr"]) if found else ""


if __name__ == "__main__":
    sys.exit(main())
