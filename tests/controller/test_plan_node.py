# SPDX-License-Identifier: Apache-2.0
"""When the workload cluster is asked for a machine's Node, what is done about it, and what status says then."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from capi_scvmm.plan import Owner, Scope, Settled, WaitForAddresses
from capi_scvmm.plan.node import (
    NodeAnswer,
    NodeClaimed,
    NodeForeign,
    NodeMissing,
    NodeSet,
    NodeTry,
    SetProviderId,
    WorkloadUnusable,
    judge,
    next_try,
    node_look_at,
    node_names,
)
from capi_scvmm.status import status
from capi_scvmm.status.node import node_condition

from .scopes import NOON, a_vm, recorded, running, seconds

ID = "scvmm://bbbbbbbb-0000-0000-0000-000000000002"


def late(**more: Any) -> Scope:
    """A provisioned machine whose guest reported its address at noon and whose Node has not joined."""
    scope = running(cluster="east", vm=a_vm("Running", addresses=("10.0.0.5",), computer_name="Node.Example.COM"))
    condition = replace(scope.recorded.conditions["VMRunning"], type="AddressesReported", status="True", since=NOON)
    known = replace(
        scope.recorded, provisioned=True, conditions={**scope.recorded.conditions, "AddressesReported": condition}
    )
    return replace(scope, recorded=known, **more)


def test_a_node_has_two_minutes_to_come_by_itself() -> None:
    """Counted from the guest's first address; then the cluster is asked, later and later, until it is set."""
    assert node_look_at(late(), Settled()) == NOON + seconds(120)
    tried = next_try(NodeMissing(("node",)), None, NOON)
    assert (tried.tries, tried.retry_at) == (1, NOON + seconds(30))
    assert node_look_at(late(node=tried), Settled()) == NOON + seconds(30)
    assert next_try(NodeMissing(("node",)), tried, NOON).retry_at == NOON + seconds(60)
    assert next_try(NodeMissing(("node",)), replace(tried, tries=50), NOON).retry_at == NOON + seconds(600)
    assert node_look_at(late(node=replace(tried, answer=NodeSet("node", True))), Settled()) is None


def test_nobody_is_asked_for_a_node_that_joined_or_cannot_have() -> None:
    """The API of a workload cluster is not burdened without need."""
    assert node_look_at(late(owner=Owner("node", joined=True)), Settled()) is None
    assert node_look_at(late(owner=None), Settled()) is None
    assert node_look_at(late(cluster=None), Settled()) is None
    assert node_look_at(late(), WaitForAddresses()) is None
    assert node_look_at(running(cluster="east"), Settled()) is None
    scope = late()
    told = scope.recorded.conditions["AddressesReported"]
    for unknown in (replace(told, status="False"), replace(told, since=None)):
        known = replace(scope.recorded, conditions={"AddressesReported": unknown})
        assert node_look_at(replace(scope, recorded=known), Settled()) is None


def test_a_node_is_called_as_its_guest() -> None:
    """Kubernetes knows small letters; the kubelet takes the whole name or its first part."""
    assert node_names(late()) == ("node.example.com", "node")
    assert node_names(late(vm=None)) == ()
    assert node_names(replace(late(vm=None), recorded=recorded(body={"hostname": "node"}))) == ("node",)


def a_node(provider_id: str = "", *addresses: str) -> dict[str, Any]:
    """A Node with addresses, and its name among them as kubelets list it."""
    told = [{"type": "InternalIP", "address": one} for one in addresses]
    return {
        "metadata": {"name": "node", "resourceVersion": "7"},
        "spec": {"providerID": provider_id},
        "status": {"addresses": [*told, {"type": "Hostname", "address": "node"}]},
    }


@pytest.mark.parametrize(
    ("node", "judged"),
    [
        (a_node("", "10.0.0.5"), SetProviderId("node", "7")),
        (a_node("", "2001:0db8::0:5", "10.0.0.9"), SetProviderId("node", "7")),
        (a_node(ID, "10.0.0.5"), NodeSet("node", False)),
        (a_node("other://1", "10.0.0.5"), NodeClaimed("node", "other://1")),
        (a_node("", "10.0.0.6"), NodeForeign("node", ("10.0.0.6",))),
        ({"metadata": {"name": "node"}}, NodeForeign("node", ())),
    ],
)
def test_only_the_machines_own_node_is_marked(node: dict[str, Any], judged: NodeAnswer | SetProviderId) -> None:
    """Name and an address must be the machine's; a provider id that is there stays."""
    assert judge(node, ID, ("10.0.0.5", "2001:db8::5")) == judged


@pytest.mark.parametrize(
    ("answer", "shown", "reason", "words"),
    [
        (NodeSet("node", True), "True", "SetByController", "it was set once"),
        (NodeSet("node", False), "True", "SetByNode", "has it"),
        (NodeMissing(("node", "n")), "False", "NodeNotFound", "no Node node or n: its guest has not joined"),
        (NodeForeign("node", ()), "False", "NodeOfAnother", "(the Node's: none): it is left alone"),
        (NodeForeign("node", ("10.0.0.6",)), "False", "NodeOfAnother", "(the Node's: 10.0.0.6)"),
        (NodeClaimed("node", "other://1"), "False", "OtherProviderID", "other://1 instead of scvmm://"),
        (WorkloadUnusable("KubeconfigNotFound", "No."), "False", "KubeconfigNotFound", "No. The VM is not affected"),
    ],
)
def test_what_was_found_is_a_condition_of_its_own(answer: NodeAnswer, shown: str, reason: str, words: str) -> None:
    """It says who can mend it, and Ready does not depend on it."""
    scope = late(node=NodeTry(answer, 1, NOON))
    condition = node_condition(scope)
    assert condition is not None
    assert (condition.status, condition.reason) == (shown, reason)
    assert (words in condition.message and "east" in condition.message) or reason == "KubeconfigNotFound"
    patch = status(scope, Settled(), NOON).status
    assert patch is not None
    conditions = {one["type"]: one["status"] for one in patch["conditions"]}
    assert conditions["NodeProviderIDSet"] == shown
    assert conditions["Ready"] == "True"


def test_without_a_look_there_is_no_such_condition_and_a_known_one_stays_until_the_node_has_joined() -> None:
    """A machine whose Node comes by itself costs no patch; a restarted controller keeps what was said."""
    assert node_condition(late()) is None
    known = node_condition(late(node=NodeTry(NodeSet("node", True), 1, NOON)))
    assert known is not None
    scope = late()
    scope = replace(scope, recorded=replace(scope.recorded, conditions={known.type: known}))
    assert node_condition(scope) == known
    assert node_condition(replace(scope, owner=Owner("node", joined=True))) is None
