# SPDX-License-Identifier: Apache-2.0
"""Prints each VRRP advert that is multicast on a network: monotonic time, sender, router id, priority.

adverts.py INTERFACE
"""

import socket
import struct
import sys
import time

with socket.socket(socket.AF_INET, socket.SOCK_RAW, 112) as listener:
    group = socket.inet_aton("224.0.0.18")
    index = socket.if_nametoindex(sys.argv[1])
    listener.setsockopt(socket.IPPROTO_IP, socket.IP_ADD_MEMBERSHIP, struct.pack("=4s4si", group, b"\0" * 4, index))
    print("listening", flush=True)
    while True:
        packet, (sender, _) = listener.recvfrom(2048)
        body = packet[(packet[0] & 15) * 4 :]
        print(f"{time.monotonic():.3f} {sender} {body[1]} {body[2]}", flush=True)
