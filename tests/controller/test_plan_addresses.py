# SPDX-License-Identifier: Apache-2.0
"""Addresses of IPAM pools are asked for before the VM is made, and waited for before its medium is."""

from __future__ import annotations

from dataclasses import replace

from capi_scvmm.ipam import Claim, Given, Wish
from capi_scvmm.kinds.boot import BootFields
from capi_scvmm.plan import (
    AskHook,
    AttachMedium,
    Backoff,
    Bootstrap,
    ClaimAddresses,
    CreateVm,
    HookState,
    Scope,
    Stage,
    StartVm,
    Wait,
    plan,
)
from capi_scvmm.status import status

from .scopes import NOON, a_machine, a_scope, an_attempt, created, going

MISSING = Claim("node-eth0", Wish("eth0", "InClusterIPPool", "four"))
WAITING = replace(MISSING, exists=True, problem=("WaitingForIPAddress", "eth0: no address from four yet."))
GIVEN = replace(MISSING, exists=True, given=Given("10.0.0.5/24"))
TROUBLE = ("InvalidNetwork", "device eth0 gets different gateways.")


def dependencies(scope: Scope) -> tuple[str, str, str]:
    """Status, reason and message of DependenciesReady."""
    patch = status(scope, plan(scope, NOON), NOON)
    assert patch.status is not None
    (found,) = [c for c in patch.status["conditions"] if c["type"] == "DependenciesReady"]
    return found["status"], found["reason"], found["message"]


def test_what_is_missing_is_claimed_before_anything_is_made() -> None:
    """The IPAM provider works while VMM builds the VM."""
    scope = a_scope(claims=(WAITING, MISSING))
    assert plan(scope, NOON) == ClaimAddresses()
    assert status(scope, ClaimAddresses(), NOON).empty
    assert plan(a_scope(claims=(WAITING,)), NOON) == CreateVm()


def test_the_medium_waits_for_the_addresses() -> None:
    """The condition says which claim, from which pool; nobody tells of an IPAddress, so it is looked at again."""
    scope = created(claims=(GIVEN, WAITING))
    assert plan(scope, NOON) == Wait("WaitingForIPAddress", "eth0: no address from four yet.", untold=True)
    assert dependencies(scope) == ("False", "WaitingForIPAddress", "eth0: no address from four yet.")
    assert plan(created(claims=(GIVEN,)), NOON) == AttachMedium()


def test_a_vm_without_medium_waits_for_them_too() -> None:
    """Its guest has the address from somewhere else; it must be known that the address is its own."""
    scope = created(claims=(WAITING,), bootstrap=Bootstrap(False))
    assert isinstance(plan(scope, NOON), Wait)
    assert plan(replace(scope, claims=()), NOON) == StartVm()


def test_a_network_that_cannot_work_is_not_booted() -> None:
    """Found when the pools had answered."""
    assert plan(created(claims=(GIVEN,), network_trouble=TROUBLE), NOON) == Wait(*TROUBLE, untold=True)


def test_a_refused_claim_is_told_and_tried_again() -> None:
    """Before there is a VM that would lack its address."""
    scope = a_scope(claims=(MISSING,), attempt=an_attempt(Stage.CLAIM))
    assert isinstance(plan(scope, NOON), Backoff)
    state, reason, message = dependencies(scope)
    assert (state, reason) == ("False", "IPAddressClaimsRefused")
    assert message.startswith("VM node not given addresses of its pools: host group prod has")


def test_claims_that_cannot_be_read_are_told() -> None:
    """The controller lacks the right to."""
    scope = a_scope(claims_trouble=("IPAddressClaimsRefused", "no rights"))
    assert plan(scope, NOON) == Wait("IPAddressClaimsRefused", "no rights", untold=True)


def test_a_deletion_does_not_ask_for_addresses() -> None:
    """Nor wait for any."""
    assert not isinstance(plan(going(claims=(MISSING,)), NOON), ClaimAddresses | Wait)


def test_status_shows_the_devices_once_they_are_told_to_the_guest() -> None:
    """In the patch that is written then anyway."""
    devices = ({"deviceName": "eth0", "addresses": [{"address": "10.0.0.5/24", "origin": "IPAddressClaim"}]},)
    scope = created(claims=(GIVEN,), networks=devices)
    patch = status(scope, plan(scope, NOON), NOON)
    assert patch.status is not None and patch.status["networkDevices"] == [dict(devices[0])]
    waiting = replace(scope, claims=(WAITING,))
    patch = status(waiting, plan(waiting, NOON), NOON)
    assert patch.status is not None and "networkDevices" not in patch.status


def test_a_machine_keeps_its_own_words() -> None:
    """Results are in status; the spec is not touched by any of it."""
    scope = created(claims=(GIVEN,), machine=a_machine())
    assert status(scope, plan(scope, NOON), NOON).provider_id is None


def test_the_hook_is_asked_once_when_all_else_is_known() -> None:
    """After the pools, before the medium; what it said is in status at once."""
    hook = HookState("vmm/hook")
    assert plan(created(claims=(WAITING,), hook=hook), NOON) == Wait(*(WAITING.problem or ("", "")), untold=True)
    scope = created(hook=hook)
    assert plan(scope, NOON) == AskHook()
    assert medium(scope)[:2] == ("False", "AskingHook") and "hook vmm/hook" in medium(scope)[2]
    told = created(hook=replace(hook, fields=BootFields(hook="vmm/hook", hostname="web-1")))
    assert plan(told, NOON) == AttachMedium()
    patch = status(told, plan(told, NOON), NOON)
    assert patch.status is not None and patch.status["boot"]["hostname"] == "web-1"


def test_a_hook_that_fails_is_told_and_asked_again() -> None:
    """In the words of its tasks; the VM does not boot without it."""
    scope = created(hook=HookState("vmm/hook"), attempt=an_attempt(Stage.HOOK))
    assert isinstance(plan(scope, NOON), Backoff)
    assert medium(scope)[:2] == ("False", "HookFailed")
    assert medium(scope)[2].startswith("VM node not told its boot fields by its hook: host group prod has")


def test_a_hook_that_may_not_be_asked_is_told() -> None:
    """The provider can allow it later."""
    scope = created(hook=HookState("ns/mine", trouble=("HookNotAllowed", "not allowed")))
    assert plan(scope, NOON) == Wait("HookNotAllowed", "not allowed", untold=True)


def medium(scope: Scope) -> tuple[str, str, str]:
    """Status, reason and message of BootstrapMediumAttached."""
    patch = status(scope, plan(scope, NOON), NOON)
    assert patch.status is not None
    (found,) = [c for c in patch.status["conditions"] if c["type"] == "BootstrapMediumAttached"]
    return found["status"], found["reason"], found["message"]
