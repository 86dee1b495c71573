# SPDX-License-Identifier: Apache-2.0
"""A small VMM server for tests, with virtual time and media that are really built."""

from __future__ import annotations

import base64
import copy
import gzip
import hashlib
import io
from pathlib import Path
from typing import Any

import pycdlib
from scvmm_sim.clock import VirtualClock
from scvmm_sim.cmdlets import CmdletResult, Vmm
from scvmm_sim.operations import Operations

FABRIC: dict[str, Any] = {
    "server": {"name": "vmm.test"},
    "users": [{"username": "TEST\\capi", "password": "pw"}],
    "host_groups": [
        {"name": "prod", "hosts": [{"name": "hv1", "cpus": 16, "memory_mb": 65536}]},
        {"name": "edge", "hosts": [{"name": "hv2", "cpus": 4, "memory_mb": 8192, "vm_networks": ["lab"]}]},
    ],
    "clouds": [{"name": "production", "host_groups": ["prod"]}, {"name": "small", "host_groups": ["edge"]}],
    "hardware_profiles": [{"name": "hw", "cpu_count": 2, "memory_mb": 2048, "dvd": True}],
    "templates": [
        {
            "name": "debian",
            "cpu_count": 2,
            "memory_mb": 2048,
            "dvd": True,
            "network_adapters": [{"vm_network": "k8s"}],
        },
        {"name": "plain", "cpu_count": 1, "memory_mb": 1024},
    ],
    "vhds": [{"name": "debian.vhdx", "size_gb": 10}],
    "operating_systems": ["Debian GNU/Linux 12 (64 bit)"],
    "vm_networks": [
        {
            "name": "k8s",
            "subnets": [
                {
                    "name": "nodes",
                    "cidr": "10.20.0.0/24",
                    "gateway": "10.20.0.1",
                    "dhcp": {"start": "10.20.0.100", "end": "10.20.0.102"},
                }
            ],
        },
        {"name": "lab"},
    ],
    "libraries": [
        {"server": "lib", "share": "AAA", "view_only": True},
        {"server": "lib", "share": "Share"},
    ],
    "custom_properties": ["team"],
    "job_seconds": {"create": 10, "change": 2, "start": 3, "stop": 1, "remove": 4},
    "guest": {"address_seconds": 5, "shutdown_seconds": 7},
}

Object = dict[str, Any]


def fabric(**changes: Any) -> dict[str, Any]:
    """The test fabric with some top-level keys replaced."""
    return {**copy.deepcopy(FABRIC), **changes}


def ref(thing: Object) -> Object:
    """How an object is given to a cmdlet."""
    return {"_type": thing["_type"], "ID": thing["ID"]}


class Site:
    """A VMM server with short ways to do things."""

    def __init__(self, library: Path, **changes: Any) -> None:
        self.clock = VirtualClock()
        self.vmm = Vmm(fabric(**changes), library, self.clock)
        self.operations = Operations(self.vmm)
        self._number = 0

    def run(self, cmdlet: str, **parameters: Any) -> CmdletResult:
        """Call a cmdlet; objects become references."""
        given = {
            name: ref(value) if isinstance(value, dict) and "_type" in value else value
            for name, value in parameters.items()
        }
        return self.vmm.call(cmdlet, given)

    def one(self, cmdlet: str, **parameters: Any) -> Object:
        """The one object that a cmdlet writes."""
        (found,) = self.run(cmdlet, **parameters).objects
        assert isinstance(found, dict)
        return found

    def vm(self, vm_id: str) -> Object:
        """The VM as VMM shows it now."""
        return self.one("Get-SCVirtualMachine", ID=vm_id)

    def guest(self, vm_id: str) -> Object:
        """The guest of a VM, as the control API shows it."""
        (found,) = [vm["guest"] for vm in self.vmm.vms() if vm["ID"] == vm_id]
        assert isinstance(found, dict)
        return found

    def new_vm(self, name: str = "web", *, template: str = "debian", cloud: str = "production", **more: Any) -> Object:
        """Start the creation of a VM by cmdlets."""
        place = self.one("Get-SCCloud", Name=cloud)
        plan = self.one(
            "New-SCVMConfiguration", VMTemplate=self.one("Get-SCVMTemplate", Name=template), Name=name, Cloud=place
        )
        plan = self.one("Update-SCVMConfiguration", VMConfiguration=plan)
        return self.one(
            "New-SCVirtualMachine", Name=name, VMConfiguration=plan, Cloud=place, RunAsynchronously=True, **more
        )

    def ready_vm(self, name: str = "web", **more: Any) -> Object:
        """A VM whose creation is over."""
        made = self.new_vm(name, **more)
        self.clock.advance(11)
        return self.vm(made["ID"])

    def answer(self, operation: str, **request: Any) -> Object:
        """Result of an operation that must succeed."""
        envelope = self.operations.call(operation, request)
        assert envelope["ok"], envelope
        result = envelope["result"]
        assert isinstance(result, dict)
        return result

    def failure(self, operation: str, **request: Any) -> Object:
        """Error of an operation that must fail."""
        envelope = self.operations.call(operation, request)
        assert not envelope["ok"], envelope
        error = envelope["error"]
        assert isinstance(error, dict)
        return error


def build_iso(files: dict[str, bytes], *, label: str = "cidata", rock_ridge: bool = True, joliet: bool = True) -> bytes:
    """A real ISO9660 volume with *files* in its root."""
    iso = pycdlib.PyCdlib()
    iso.new(vol_ident=label, joliet=3 if joliet else None, rock_ridge="1.09" if rock_ridge else None)
    for number, (name, content) in enumerate(files.items()):
        names: dict[str, str] = {}
        if rock_ridge:
            names["rr_name"] = name
        if joliet:
            names["joliet_path"] = f"/{name}"
        iso.add_fp(io.BytesIO(content), len(content), f"/FILE{number}.;1", **names)
    target = io.BytesIO()
    iso.write_fp(target)
    iso.close()
    return target.getvalue()


def seed(host_name: str = "web.test", network: str | None = None) -> dict[str, bytes]:
    """Files of a NoCloud medium."""
    files = {
        "meta-data": f"instance-id: i-1\nlocal-hostname: {host_name}\n".encode(),
        "user-data": b"#cloud-config\n{}\n",
    }
    if network is not None:
        files["network-config"] = network.encode()
    return files


def static(mac: str, *addresses: str) -> str:
    """network-config version 2 that gives *addresses* to the adapter with that MAC address."""
    listed = ", ".join(f'"{address}"' for address in addresses)
    return f'version: 2\nethernets:\n  eth0:\n    match: {{macaddress: "{mac}"}}\n    addresses: [{listed}]\n'


def packed(content: bytes) -> dict[str, str]:
    """The request fields `content` and `sha256` of a medium."""
    text = base64.b64encode(gzip.compress(content)).decode()
    return {"content": text, "sha256": hashlib.sha256(content).hexdigest()}
