# SPDX-License-Identifier: Apache-2.0
"""Clusters of the controller whose VMs really boot: the simulator's guests, and a client in their network."""

from __future__ import annotations

import json
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import Any

import pytest
from controller.e2e.world import World, world
from guests.real_site import guest_settings
from lightkube import Client
from plane import ManagementPlane
from scvmm_sim.errors import FabricError, SimulatorError
from scvmm_sim.hypervisor import HypervisorError, RunningGuest

from vip.control_plane import host_files

# No machine has a way to a network for documentation: where somebody answered, the controller would take no address.
NETWORK = "192.0.2.0/24"
GATEWAY = "192.0.2.1"
VIP = "192.0.2.100"
SECONDS = 150.0
_SUBNET = {
    "name": "nodes",
    "cidr": NETWORK,
    "gateway": GATEWAY,
    "dhcp": {"start": "192.0.2.150", "end": "192.0.2.199"},
}
_POOL = {
    "name": "k8s nodes",
    "vm_network": "k8s",
    "vm_subnet": "nodes",
    "cidr": NETWORK,
    "start": "192.0.2.50",
    "end": VIP,
    "vips": [VIP],
    "gateways": [GATEWAY],
}
FABRIC = {"vm_networks": [{"name": "k8s", "subnets": [_SUBNET]}], "static_ip_pools": [_POOL]}
_FIRST = """## template: jinja
#cloud-config
"""


@contextmanager
def real_world(plane: ManagementPlane, client: Client, namespace: str) -> Iterator[World]:
    """A world whose VMs are systemd-nspawn containers."""
    settings = guest_settings("nspawn")
    if settings is None:
        pytest.skip("real guests (nspawn): run `make tools` as root on a machine with apt")
    try:
        with world(client, namespace, plane.kubeconfig, guest=settings, more=FABRIC) as made:
            yield made
    except FabricError as error:
        pytest.skip(f"real guests (nspawn): {error}")


def bootstrap_data(address: str, certificate: str) -> str:
    """As kubeadm's: it needs the endpoint's address, and the API server comes only then."""
    files = [{"path": path, "content": text, "permissions": "0600"} for path, text in host_files(certificate).items()]
    host = f"[{address}]" if ":" in address else address
    told = {
        "write_files": files,
        "runcmd": [
            f"curl --silent --insecure --max-time 2 https://{host}:6443/ > /run/answer; echo $? > /run/reached",
            "systemctl enable --now apiserver",
        ],
    }
    return _FIRST + json.dumps(told)


class Guests:
    """The guests of a world's machines, and a client beside them."""

    def __init__(self, here: World, address: str) -> None:
        self.here, self.address = here, address

    def guest(self, name: str) -> RunningGuest:
        """The guest of a machine."""
        return self.here.sim.guest(next(vm["ID"] for vm in self.here.vms() if vm["Name"] == name))

    def run(self, name: str, command: str) -> str:
        """What a shell in a machine's guest says; empty while there is none."""
        with suppress(HypervisorError, SimulatorError, StopIteration):
            return self.guest(name).run("/bin/sh", "-c", f"{command}; true").strip()
        return ""

    def until_set_up(self, *names: str) -> None:
        """Wait until cloud-init is through in their guests, without an error."""
        for name in names:
            said = self.here.until(f"the end of cloud-init in {name}", lambda name=name: self._ended(name), SECONDS)
            assert "status: done" in said, said + self.run(name, "tail -n 40 /var/log/cloud-init-output.log")

    def _ended(self, name: str) -> str | None:
        said = self.run(name, "cloud-init status --long")
        return said if said and "status: running" not in said and "status: not run" not in said else None

    def holders(self, *names: str) -> list[str]:
        """Those that have the address now."""
        return [name for name in names if self.run(name, f"ip -oneline address show to {self.address}")]

    def until_one_holds(self, *names: str, seconds: float = SECONDS) -> str:
        """Wait until exactly one of them has the address."""
        found: list[str] = []

        def one() -> bool:
            found[:] = self.holders(*names)
            return len(found) == 1

        self.here.until(f"one of {', '.join(names)} has {self.address}", one, seconds)
        return found[0]

    def answer(self) -> str:
        """What a client in the guests' network gets from the address; empty: nobody serves it."""
        network = self.here.sim.guest_network
        assert network is not None
        host = f"[{self.address}]" if ":" in self.address else self.address
        command = ["curl", "--silent", "--insecure", "--noproxy", "*", "--max-time", "1", f"https://{host}:6443/"]
        ended = subprocess.run(["nsenter", f"--net={network}", *command], capture_output=True, text=True, check=False)
        return ended.stdout.strip()

    def until_served(self, by: set[str], seconds: float) -> float:
        """Wait until a client is served by one of these hosts; how long it took, in seconds."""
        begin = time.monotonic()
        self.here.until(f"a client is served by {', '.join(sorted(by))}", lambda: self.answer() in by, seconds)
        return time.monotonic() - begin


def told_anywhere(here: World, secret: str) -> list[str]:
    """Where the controller told a secret: its logs, all its objects, events."""
    found = [str(one.log) for one in here.controllers if secret in one.log.read_text(errors="replace")]
    for kind in ("ScvmmMachine", "ScvmmCluster", "ScvmmProvider"):
        found += [kind for item in here.objects(kind) if secret in json.dumps(item)]
    return found + [event for event in here.event_texts() if secret in event]


def spec_of(here: World, **more: Any) -> dict[str, Any]:
    """The spec of a machine of a cluster."""
    spec = {key: value for key, value in here.machine_spec().items() if key not in ("bootstrap", "providerRef")}
    return {**spec, **more}
