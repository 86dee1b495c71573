# SPDX-License-Identifier: Apache-2.0
"""Fabrics for the benchmarks: hosts with room for everybody, jobs as long as asked for."""

from __future__ import annotations

from typing import Any

USERNAME = "EXAMPLE\\capi"
PASSWORD = "bench-only"


def fabric(
    *,
    create: float = 0,
    change: float = 0,
    start: float = 0,
    address: float = 0,
    cmdlet_delay: float = 0,
) -> dict[str, Any]:
    """A fabric whose jobs take the given seconds; what is not named takes no time."""
    return {
        "server": {"name": "vmm.example.com", "version": "10.22.1287.0"},
        "users": [{"username": USERNAME, "password": PASSWORD}],
        "clouds": [{"name": "production", "host_groups": ["prod"]}],
        "host_groups": [
            {
                "name": "prod",
                "hosts": [
                    {"name": f"hv{number}.example.com", "cpus": 512, "memory_mb": 4_194_304} for number in range(4)
                ],
            }
        ],
        "hardware_profiles": [
            {"name": "k8s-small", "generation": 2, "cpu_count": 2, "memory_mb": 4096, "dvd": True},
        ],
        "operating_systems": ["Debian GNU/Linux 12 (64 bit)"],
        "vhds": [{"name": "debian-12.vhdx", "size_gb": 20, "operating_system": "Debian GNU/Linux 12 (64 bit)"}],
        "vm_networks": [
            {
                "name": "k8s",
                "subnets": [
                    {
                        "name": "k8s-10.20",
                        "cidr": "10.20.0.0/16",
                        "gateway": "10.20.0.1",
                        "dhcp": {"start": "10.20.1.1", "end": "10.20.200.254"},
                    }
                ],
            }
        ],
        "libraries": [{"server": "vmm.example.com", "share": "MSSCVMMLibrary"}],
        "job_seconds": {
            "create": create,
            "change": change,
            "start": start,
            "stop": 0,
            "remove": 0,
            "refresh": 0,
            "import": 0,
        },
        "guest": {"address_seconds": address, "shutdown_seconds": 0},
        "cmdlet_delay_seconds": cmdlet_delay,
    }
