# SPDX-License-Identifier: Apache-2.0
"""A hook determines a machine's name and addresses before its first boot: the example, with a real HTTP service."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import yaml
from lightkube.models.meta_v1 import ObjectMeta
from lightkube.resources.core_v1 import ConfigMap

from .world import REPOSITORY, World

EXAMPLE = REPOSITORY / "examples/networks/hook.yaml"
# Tasks of a hook start programs of their own.
LONG = 80.0
ANSWER = {
    "hostname": "rack7-node.example.com",
    "rack": "7",
    "addresses": ["10.20.0.77/16"],
    "gateway": "10.20.0.1",
    "nameservers": ["10.20.0.2"],
}


@dataclass
class Service:
    """An address service: *answer* is what it says, *asked* what it was asked."""

    answer: dict[str, Any] | None = None
    asked: list[tuple[str, dict[str, Any]]] = field(default_factory=list)
    url: str = ""


@contextmanager
def service() -> Iterator[Service]:
    """An HTTP service on loopback; without an answer it says 503."""
    made = Service()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
            made.asked.append((self.path, body))
            self.send_response(200 if made.answer is not None else 503)
            self.send_header("Content-Type", "application/json")
            self.end_headers()
            self.wfile.write(json.dumps(made.answer or {}).encode())

        def log_message(self, *_: Any) -> None:
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, args=(0.05,))
    thread.start()
    made.url = f"http://127.0.0.1:{server.server_address[1]}"
    try:
        yield made
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def example_tasks(here: World, url: str) -> None:
    """Apply the example's ConfigMap, with the address of our service."""
    example = next(d for d in yaml.safe_load_all(EXAMPLE.read_text("utf-8")) if d["kind"] == "ConfigMap")
    tasks = example["data"]["tasks.yml"].replace("http://addresses.example.com:8080", url)
    metadata = ObjectMeta(name=example["metadata"]["name"], namespace=here.namespace)
    here.client.create(ConfigMap(metadata=metadata, data={"tasks.yml": tasks}))


def test_a_hook_gives_name_and_addresses_once(here: World) -> None:
    """Missing tasks, a service in trouble, nonsense: each is said, and the VM does not boot."""
    here.provider(hook={"configMapRef": {"name": "ask-address-service"}})
    here.bootstrap()
    controller = here.start()
    device = {"deviceName": "eth0", "vmNetwork": "k8s", "dhcp4": False}
    here.machine(networking={"domain": "example.com", "devices": [device]})
    found = here.until_reason("node", "BootstrapMediumAttached", "HookFailed")
    assert f"ConfigMap {here.namespace}/ask-address-service, which does not exist: create it" in found["message"]
    with service() as addresses:
        example_tasks(here, addresses.url)

        def says(words: str) -> Any:
            return lambda: words in here.condition("node", "BootstrapMediumAttached").get("message", "")

        here.until("the service's trouble", says("HTTP Error 503"), LONG)
        addresses.answer = {**ANSWER, "gateway": "router"}
        here.until("nonsense", says("scvmm_boot.devices.eth0.gateway: 'router' cannot be used"), LONG)
        addresses.answer = {**ANSWER, "gateway": "10.99.0.1"}
        here.until_reason("node", "DependenciesReady", "InvalidNetwork", seconds=LONG)
        assert here.vm_started() == 0
        controller.kill()
    status = (here.get("ScvmmMachine", "node") or {})["status"]
    assert status["boot"]["hostname"] == "rack7-node.example.com", "what a hook determined outlives the controller"
    path, asked = addresses.asked[0]
    assert path == f"/machines/{here.namespace}/node" and len(asked["macs"]) == 1


def test_what_the_hook_said_reaches_the_guest(here: World) -> None:
    """Host name, meta-data, addresses; status says where they are from, the spec stays, nobody is asked again."""
    with service() as addresses:
        addresses.answer = ANSWER
        example_tasks(here, addresses.url)
        here.provider(hook={"configMapRef": {"name": "ask-address-service"}})
        here.bootstrap()
        controller = here.start()
        made = here.machine()
        here.until_reason("node", "Ready", "Ready", seconds=LONG)
        assert len(addresses.asked) == 1
        machine = here.get("ScvmmMachine", "node") or {}
        (device,) = machine["status"]["networkDevices"]
        source = f"{here.namespace}/ask-address-service"
        assert device["addresses"] == [{"address": "10.20.0.77/16", "origin": "Hook", "source": source}]
        assert device["nameservers"] == ["10.20.0.2"]
        assert machine["status"]["boot"]["metadata"] == {"rack": "7"}
        assert machine["spec"]["networking"] == made["spec"]["networking"]
        (vm,) = here.vms()
        assert [one for each in vm["guest"]["addresses"].values() for one in each] == ["10.20.0.77"]
        assert machine["status"]["hostname"] == "rack7-node.example.com"
        assert here.sim.password not in controller.log.read_text()


def test_a_machines_own_hook_needs_the_providers_word(here: World) -> None:
    """Its tasks would run with the controller's rights: without allowMachineHooks no VM is made."""
    here.provider()
    here.bootstrap()
    here.start()
    here.machine(hook={"configMapRef": {"name": "mine"}})
    found = here.until_reason("node", "DependenciesReady", "HookNotAllowed")
    assert "allowMachineHooks" in found["message"]
    assert here.vms() == []
    tasks = [{"ansible.builtin.set_fact": {"scvmm_boot": {"hostname": "{{ scvmm_machine.name }}-own"}}}]
    secrets = [{"ansible.builtin.assert": {"that": "ansible_password is undefined"}}]
    metadata = ObjectMeta(name="mine", namespace=here.namespace)
    here.client.create(ConfigMap(metadata=metadata, data={"tasks.yml": yaml.safe_dump([*secrets, *tasks])}))
    here.patch("ScvmmProvider", "vmm", {"spec": {"allowMachineHooks": True}})
    here.until_reason("node", "Ready", "Ready", seconds=LONG)
    assert (here.get("ScvmmMachine", "node") or {})["status"]["hostname"] == "node-own"
