# SPDX-License-Identifier: Apache-2.0
"""What a guest is given for its first boot, and the Node that comes of it, end to end."""

from __future__ import annotations

import json

from .world import World

JOIN = {"domain": "corp.example.com", "credentialsSecretRef": {"name": "join"}}


def test_a_guest_that_reads_ignition_gets_a_config_drive(here: World) -> None:
    """What it cannot be told is said before a VM is made; without that it boots and reports its name."""
    here.provider()
    here.start()
    here.secret("node-bootstrap", value=json.dumps({"ignition": {"version": "3.4.0"}}), format="ignition")
    here.secret("join", username="joiner", password=here.token)
    here.machine("member", domainJoin=JOIN)
    said = here.until_reason("member", "DependenciesReady", "IgnitionCannotCarry")
    assert "spec.domainJoin" in said["message"]
    assert here.vms() == []
    here.machine()
    here.until_true("node")
    (vm,) = here.vms()
    assert sorted(vm["guest"]["files"]) == ["openstack/latest/meta_data.json", "openstack/latest/user_data"]
    assert (here.get("ScvmmMachine", "node") or {})["status"]["hostname"] == "node.example.com"


def test_credentials_of_a_domain_are_waited_for_and_told_to_nobody(here: World) -> None:
    """Missing, wrong, right; and neither log, status nor event has them."""
    here.provider()
    here.bootstrap()
    controller = here.start()
    here.machine(domainJoin=JOIN)
    said = here.until_reason("node", "DependenciesReady", "DomainCredentialsNotFound")
    assert f"Secret {here.namespace}/join" in said["message"]
    here.secret("join", username="joiner")
    here.until_reason("node", "DependenciesReady", "DomainCredentialsInvalid")
    here.delete("Secret", "join")
    here.secret("join", username="joiner", password=here.token)
    here.until_true("node")
    assert here.token not in controller.log.read_text() + json.dumps(here.get("ScvmmMachine", "node"))
