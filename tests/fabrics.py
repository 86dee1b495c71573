# SPDX-License-Identifier: Apache-2.0
"""The simulated site that tests and benchmarks of machines share: everything but its users and hosts."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

JOBS = ("create", "change", "start", "stop", "remove", "refresh", "import")


def site(
    password: str, host_groups: Mapping[str, list[dict[str, Any]]], seconds: Mapping[str, float]
) -> dict[str, Any]:
    """Give a fabric of one user, with *host_groups* (name to hosts) in one cloud.

    *seconds* says how long kinds of jobs, `address` and `shutdown` take; what it does not name takes no time.
    """
    system = "Debian GNU/Linux 12 (64 bit)"
    subnet = {
        "name": "k8s-10.20",
        "cidr": "10.20.0.0/16",
        "gateway": "10.20.0.1",
        "dhcp": {"start": "10.20.1.1", "end": "10.20.200.254"},
    }
    return {
        "server": {"name": "vmm.example.com", "version": "10.22.1287.0"},
        "users": [{"username": "EXAMPLE\\capi", "password": password}],
        "clouds": [{"name": "production", "host_groups": list(host_groups)}],
        "host_groups": [{"name": name, "hosts": hosts} for name, hosts in host_groups.items()],
        "hardware_profiles": [
            {"name": "k8s-small", "generation": 2, "cpu_count": 2, "memory_mb": 4096, "dvd": True},
            {"name": "k8s-old", "generation": 1, "cpu_count": 2, "memory_mb": 4096, "dvd": True},
        ],
        "operating_systems": [system],
        "vhds": [{"name": "debian-12.vhdx", "size_gb": 20, "operating_system": system}],
        "vm_networks": [{"name": "k8s", "subnets": [subnet]}],
        "static_ip_pools": [
            {
                "name": "k8s nodes",
                "vm_network": "k8s",
                "vm_subnet": "k8s-10.20",
                "cidr": "10.20.0.0/16",
                "start": "10.20.255.1",
                "end": "10.20.255.101",
                "vips": ["10.20.255.100", "10.20.255.101"],
                "gateways": ["10.20.0.1"],
                "dns_servers": ["10.20.0.2"],
            }
        ],
        "storage_qos_policies": ["gold"],
        "storage_fabric_classifications": ["fast"],
        "custom_properties": ["team"],
        "libraries": [{"server": "vmm.example.com", "share": "MSSCVMMLibrary"}],
        "job_seconds": {kind: seconds.get(kind, 0) for kind in JOBS},
        "guest": {"address_seconds": seconds.get("address", 0), "shutdown_seconds": seconds.get("shutdown", 0)},
    }
