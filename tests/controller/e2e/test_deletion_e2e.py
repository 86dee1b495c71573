# SPDX-License-Identifier: Apache-2.0
"""Deletion, whatever is gone already or still under way."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from .world import World


@pytest.mark.contract(25, 26)
def test_deletion_needs_nothing_of_the_cluster(here: World) -> None:
    """Machine, Cluster, ScvmmCluster and bootstrap data are gone: the VM goes all the same, by the copied provider."""
    here.provider()
    here.bootstrap()
    here.cluster()
    here.start()
    here.node()
    here.until_true("node")
    here.drop("Machine", "node")
    here.drop("Cluster", "east")
    here.drop("ScvmmCluster", "east")
    here.drop("Secret", "node-bootstrap")
    here.delete("ScvmmMachine", "node")
    here.until_gone("node")
    assert (here.vms(), here.media()) == ([], [])


def test_deletion_of_what_waits_is_quick(here: World) -> None:
    """Nothing was created: no provider is needed to let it go."""
    here.start()
    here.machine()
    here.until_reason("node", "DependenciesReady", "ProviderNotFound")
    here.delete("ScvmmMachine", "node")
    here.until_gone("node")


def test_a_vm_that_is_gone_already_is_no_obstacle(here: World) -> None:
    """Its medium is removed all the same."""
    here.provider()
    here.bootstrap()
    here.start()
    here.machine()
    here.until_true("node")
    here.sim.vm_delete("node")
    here.delete("ScvmmMachine", "node")
    here.until_gone("node")
    assert here.media() == []


def test_a_provider_goes_after_its_machines(here: World) -> None:
    """Its finalizer waits for them, and its status says so."""
    here.provider()
    here.bootstrap()
    here.start()
    here.machine()
    here.until_true("node")
    here.delete("ScvmmProvider", "vmm")
    here.until_reason("vmm", "Deleting", "InUse", "ScvmmProvider")
    here.delete("ScvmmMachine", "node")
    here.until_gone("node")
    here.until_gone("vmm", "ScvmmProvider")
    assert here.vms() == []


def test_without_its_provider_a_vm_keeps_the_finalizer_and_says_how_to_go_on(here: World) -> None:
    """Torn out by force: the machine waits, and goes on when it is put back."""
    here.provider()
    here.bootstrap()
    here.start()
    here.machine()
    here.until_true("node")
    here.drop("ScvmmProvider", "vmm")
    here.until_reason("node", "DependenciesReady", "ProviderNotFound")
    here.delete("ScvmmMachine", "node")
    message = here.until_reason("node", "Deleting", "ProviderNotFound")["message"]
    assert "Put it back" in message
    assert "remove the finalizer by hand" in message
    assert len(here.vms()) == 1
    here.provider()
    here.until_gone("node")
    assert here.vms() == []


def test_without_credentials_a_vm_keeps_the_finalizer(here: World) -> None:
    """Both the Secret that is gone and the way on are named."""
    here.provider()
    here.bootstrap()
    here.start()
    here.machine()
    here.until_true("node")
    here.delete("Secret", "vmm-credentials")
    here.until_reason("node", "DependenciesReady", "CredentialsMissing")
    here.delete("ScvmmMachine", "node")
    assert "vmm-credentials" in here.until_reason("node", "Deleting", "CredentialsMissing")["message"]
    here.secret("vmm-credentials", username=here.sim.username, password=here.sim.password)
    here.until_gone("node")
    assert here.vms() == []


def test_a_creation_under_way_is_cancelled(make_world: Callable[..., World]) -> None:
    """Nobody waits ten minutes for a VM that nobody wants, and none is left behind."""
    here = make_world(create=600)
    here.provider()
    here.bootstrap()
    here.start()
    here.machine()
    here.until("the creation job", lambda: [vm for vm in here.vms() if vm["Status"] == "UnderCreation"])
    here.delete("ScvmmMachine", "node")
    here.until_gone("node")
    assert here.vms() == []


def test_a_deletion_before_the_creation_is_known_leaves_nothing(make_world: Callable[..., World]) -> None:
    """The machine is deleted while the very call that creates its VM is under way."""
    here = make_world(create=600)
    here.sim.add_fault({"operation": "vm_present", "delay": 1.5})
    here.provider()
    here.bootstrap()
    here.start()
    here.machine()
    here.until_called("vm_present")
    here.delete("ScvmmMachine", "node")
    here.until_gone("node")
    assert here.vms() == []


def test_a_guest_that_does_not_shut_down_is_turned_off_in_time(here: World) -> None:
    """The guest is asked first; spec.guestShutdownTimeout later the VM is turned off, also over a restart."""
    here.sim.add_fault({"operation": "vm_power", "object": "node", "times": None, "ignore_shutdown": True})
    here.provider()
    here.bootstrap()
    controller = here.start()
    here.machine(guestShutdownTimeout=4)
    here.until_true("node")
    here.delete("ScvmmMachine", "node")
    here.until_reason("node", "Deleting", "ShuttingDown")
    controller.kill()
    here.start()
    here.until_gone("node")
    assert here.vms() == []
    here.until("its event", lambda: "TurningOff" in here.events("node"))


@pytest.mark.parametrize("operation", ["vm_power", "vm_absent", "media_absent"])
@pytest.mark.contract(26)
def test_an_error_keeps_the_finalizer_and_says_why(here: World, operation: str) -> None:
    """When it is mended, the deletion goes on by itself."""
    here.provider()
    here.bootstrap()
    here.start()
    here.machine_to_delete(with_medium_in_library=operation == "media_absent")
    error = {"number": 2606, "message": "The object is locked by another job.", "recommended_action": "Wait."}
    here.sim.add_fault({"operation": operation, "times": None, "error": error})
    here.delete("ScvmmMachine", "node")
    here.until("the error", lambda: "locked" in here.condition("node", "Deleting").get("message", ""))
    assert here.get("ScvmmMachine", "node") is not None
    here.sim.clear_faults()
    here.until_gone("node")
    assert (here.vms(), here.media()) == ([], [])
