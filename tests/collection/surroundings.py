# SPDX-License-Identifier: Apache-2.0
"""What the collection's tests stand in: where it is, how its programs are started, what the simulated server has."""

from __future__ import annotations

import json
import os
import queue
import subprocess
import sys
import threading
from collections.abc import Sequence
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[2]
BUILD = ROOT / "build"
LINK = BUILD / "ansible_collections" / "capi" / "scvmm"
if not LINK.exists():
    LINK.parent.mkdir(parents=True, exist_ok=True)
    LINK.symlink_to("../../..")
if str(BUILD) not in sys.path:
    sys.path.insert(0, str(BUILD))

PIPE = "ansible_collections.capi.scvmm.plugins.plugin_utils.session.pipe"
PASSWORD = "planted-Passw0rd-7c1e"  # searched for wherever it must not be
PATIENCE = 60.0

FABRIC: dict[str, Any] = {
    "server": {"name": "vmm.example.com", "version": "10.22.1287.0"},
    "users": [{"username": "EXAMPLE\\capi", "password": PASSWORD}, {"username": "capi", "password": PASSWORD}],
    "host_groups": [{"name": "prod", "hosts": [{"name": "hv1.example.com", "cpus": 64, "memory_mb": 1048576}]}],
    "clouds": [{"name": "production", "host_groups": ["prod"]}],
    "hardware_profiles": [{"name": "small", "generation": 2, "cpu_count": 2, "memory_mb": 2048, "dvd": True}],
    "templates": [
        {
            "name": "debian",
            "generation": 2,
            "cpu_count": 2,
            "memory_mb": 2048,
            "dvd": True,
            "operating_system": "Debian GNU/Linux 12 (64 bit)",
            "network_adapters": [{"vm_network": "servers"}],
        },
        {"name": "debian of generation 1", "generation": 1, "dvd": True},
    ],
    "operating_systems": ["Debian GNU/Linux 12 (64 bit)"],
    "vm_networks": [
        {
            "name": "servers",
            "subnets": [
                {
                    "name": "servers-1",
                    "cidr": "10.20.0.0/16",
                    "gateway": "10.20.0.1",
                    "dhcp": {"start": "10.20.100.1", "end": "10.20.100.250"},
                }
            ],
        }
    ],
    "static_ip_pools": [
        {
            "name": f"servers v{version}",
            "vm_network": "servers",
            "vm_subnet": "servers-1",
            "cidr": cidr,
            "start": start,
            "end": end,
        }
        for version, cidr, start, end in (
            (4, "10.20.0.0/16", "10.20.1.1", "10.20.1.9"),
            (6, "2001:db8::/64", "2001:db8::11", "2001:db8::19"),
        )
    ],
    "vhds": [{"name": "debian.vhdx", "size_gb": 10}],
    "custom_properties": ["team"],
    "storage_qos_policies": ["gold", "silver"],
    "storage_fabric_classifications": ["fast"],
    "libraries": [{"server": "vmm.example.com", "share": "MSSCVMMLibrary"}],
    "job_seconds": {"create": 0, "change": 0, "start": 0, "stop": 0, "remove": 0, "refresh": 0, "import": 0},
    "guest": {"address_seconds": 0, "shutdown_seconds": 0},
}


def environment(runtime_dir: Path, home: Path | None = None) -> dict[str, str]:
    """The environment of programs that use the collection."""
    return {
        **os.environ,
        "PYTHONPATH": str(BUILD),
        "ANSIBLE_COLLECTIONS_PATH": str(BUILD),
        "ANSIBLE_HOME": str(home or BUILD / "ansible-home-collection-tests"),
        "ANSIBLE_NOCOLOR": "1",
        "CAPI_SCVMM_RUNTIME_DIR": str(runtime_dir),
        "PATH": f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}",
    }


class PipeProcess:
    """The pipe as the controller runs it; answers are taken by id."""

    def __init__(
        self,
        options: dict[str, Any],
        runtime_dir: Path,
        variables: dict[str, str] | None = None,
        prefix: Sequence[str] = (),
    ) -> None:
        """*variables* come on top of the environment; *prefix* is a program that runs the pipe."""
        self.process = subprocess.Popen(
            [*prefix, sys.executable, "-m", PIPE],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            encoding="utf-8",
            env={**environment(runtime_dir), **(variables or {})},
        )
        self._answers: queue.Queue[dict[str, Any]] = queue.Queue()
        self._kept: dict[Any, dict[str, Any]] = {}
        self._count = 0
        threading.Thread(target=self._read, daemon=True).start()
        self.say({"options": options})

    def _read(self) -> None:
        assert self.process.stdout is not None
        for line in self.process.stdout:
            self._answers.put(json.loads(line))

    def say(self, message: dict[str, Any] | str) -> None:
        """Write one line."""
        assert self.process.stdin is not None
        line = message if isinstance(message, str) else json.dumps(message)
        self.process.stdin.write(line + "\n")
        self.process.stdin.flush()

    def send(self, operation: str, request: dict[str, Any] | None = None, timeout: float | None = 30) -> int:
        """Ask for an operation and return the id to wait for."""
        self._count += 1
        self.say({"id": self._count, "operation": operation, "request": request or {}, "timeout": timeout})
        return self._count

    def wait(self, number: int | None, seconds: float = PATIENCE) -> dict[str, Any]:
        """The answer with id *number*."""
        while number not in self._kept:
            answer = self._answers.get(timeout=seconds)
            self._kept[answer["id"]] = answer
        return self._kept.pop(number)

    def call(self, operation: str, request: dict[str, Any] | None = None, timeout: float | None = 30) -> dict[str, Any]:
        """Ask and wait for the answer."""
        return self.wait(self.send(operation, request, timeout))

    def result(self, operation: str, request: dict[str, Any] | None = None) -> dict[str, Any]:
        """Ask and return the result, which there must be."""
        answer = self.call(operation, request)
        assert answer["ok"], answer
        result = answer["result"]
        assert isinstance(result, dict)
        return result

    def end(self) -> int:
        """Close the input and return the exit code."""
        if self.process.stdin is not None and not self.process.stdin.closed:
            self.process.stdin.close()
        try:
            return self.process.wait(10)
        finally:
            self.process.kill()
            self.process.wait()
            for stream in (self.process.stdout, self.process.stderr):
                if stream is not None:
                    stream.close()
