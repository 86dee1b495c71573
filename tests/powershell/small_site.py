# SPDX-License-Identifier: Apache-2.0
"""A small VMM site for these tests, and requests against it."""

from __future__ import annotations

import base64
import gzip
import hashlib
import io
import sys
from pathlib import Path
from typing import Any

import pycdlib

sys.path.insert(0, str(Path(__file__).parents[2] / "build"))
from ansible_collections.capi.scvmm.plugins.plugin_utils.cidata import build_image, device_of

FABRIC: dict[str, Any] = {
    "server": {"name": "vmm.example.com", "version": "10.22.1287.0"},
    "host_groups": [
        {
            "name": "prod",
            "hosts": [
                {
                    "name": "hv1.example.com",
                    "cpus": 64,
                    "memory_mb": 262144,
                    "cluster": "cl1.example.com",
                    "virtual_sans": ["fabric-a"],
                }
            ],
        },
        {"name": "tiny", "hosts": [{"name": "hv2.example.com", "cpus": 2, "memory_mb": 512}]},
        {"name": "east"},
        {"name": "edge", "parent": "prod"},
        {"name": "edge", "parent": "east"},
    ],
    "clouds": [
        {"name": "dev", "host_groups": ["prod"]},
        {"name": "dev [1]*", "host_groups": ["prod"]},
        {"name": "small", "host_groups": ["tiny"]},
    ],
    "templates": [
        {"name": "ubuntu", "generation": 2, "dvd": True, "network_adapters": [{"vm_network": None}]},
        {"name": "no-dvd", "generation": 2},
        {"name": "gen1", "generation": 1, "dvd": True},
    ],
    "hardware_profiles": [
        {"name": "linux2", "generation": 2, "dvd": True},
        {"name": "linux1", "generation": 1},
        {"name": "linux1 dvd", "generation": 1, "dvd": True},
    ],
    "vhds": [{"name": "ubuntu.vhdx", "size_gb": 10, "operating_system": "Ubuntu Linux 24.04 (64 bit)"}],
    "operating_systems": ["Ubuntu Linux 24.04 (64 bit)", "Other Linux (64 bit)"],
    "vm_networks": [
        {
            "name": "lan",
            "subnets": [
                {
                    "name": "lan-1",
                    "cidr": "10.0.0.0/24",
                    "gateway": "10.0.0.1",
                    "dhcp": {"start": "10.0.0.50", "end": "10.0.0.99"},
                }
            ],
        },
        {"name": "back", "subnets": [{"name": "a", "cidr": "10.1.0.0/24"}, {"name": "b", "cidr": "10.2.0.0/24"}]},
    ],
    "libraries": [
        {"server": "lib.example.com", "share": "archive", "view_only": True},
        {"server": "lib.example.com", "share": "media"},
    ],
    "custom_properties": ["team", "cost"],
    "static_ip_pools": [
        {
            "name": "lan four",
            "vm_network": "lan",
            "vm_subnet": "lan-1",
            "cidr": "10.0.0.0/24",
            "start": "10.0.0.10",
            "end": "10.0.0.21",
            "vips": ["10.0.0.20", "10.0.0.21"],
            "gateways": ["10.0.0.1"],
            "dns_servers": ["10.0.0.2"],
        },
        {
            "name": "lan six",
            "vm_network": "lan",
            "vm_subnet": "lan-1",
            "cidr": "2001:db8::/64",
            "start": "2001:db8::10",
            "end": "2001:db8::19",
            "gateways": ["2001:db8::1"],
        },
    ],
    "storage_qos_policies": ["gold", "silver"],
    "storage_fabric_classifications": ["fast"],
}


def wish(uid: str, **more: Any) -> dict[str, Any]:
    """A vm_present request for a VM made from a template."""
    return {
        "owner": f"ns/{uid}",
        "uid": uid,
        "name": f"vm-{uid}",
        "cloud": "dev",
        "template": "ubuntu",
        "cpu_count": 2,
        "memory_mb": 2048,
        "network_adapters": [{"vm_network": "lan"}],
        **more,
    }


def wish_from_profile(uid: str, **more: Any) -> dict[str, Any]:
    """A vm_present request for a VM made from a hardware profile and disks."""
    disks = [{"vhd": "ubuntu.vhdx"}, {"size_mb": 5120, "dynamic": False}]
    request = wish(uid, **{"hardware_profile": "linux2", "disks": disks, **more})
    del request["template"]
    return request


def cidata(host_name: str) -> bytes:
    """A cloud-init medium that names the host."""
    iso = pycdlib.PyCdlib()
    iso.new(interchange_level=3, joliet=3, rock_ridge="1.09", vol_ident="cidata")
    for number, (name, text) in enumerate(
        {"meta-data": f"local-hostname: {host_name}\n", "user-data": "#cloud-config\n"}.items()
    ):
        data = text.encode()
        iso.add_fp(io.BytesIO(data), len(data), f"/F{number}.;1", rr_name=name, joliet_path=f"/{name}")
    out = io.BytesIO()
    iso.write_fp(out)
    iso.close()
    return out.getvalue()


def image(file: str, host_name: str = "same") -> bytes:
    """A medium of ours for the drive that the extension of *file* means."""
    files = {"meta-data": f"local-hostname: {host_name}\n".encode(), "user-data": b"#cloud-config\n"}
    return build_image(files, device=device_of(file) or "dvd")


def upload(file: str, data: bytes, **more: Any) -> dict[str, Any]:
    """The media fields of a request that brings *data*."""
    content = base64.b64encode(gzip.compress(data)).decode()
    return {"file": file, "content": content, "sha256": hashlib.sha256(data).hexdigest(), **more}
