# SPDX-License-Identifier: Apache-2.0
"""`NodeProviderIDSet`: what became of the Node's provider id, when it did not come by itself."""

from __future__ import annotations

from capi_scvmm.conditions import Condition
from capi_scvmm.plan.node import NodeAnswer, NodeClaimed, NodeForeign, NodeMissing, NodeSet
from capi_scvmm.plan.scope import Scope

NODE = "NodeProviderIDSet"


def node_condition(scope: Scope) -> Condition | None:
    """Tell of the last look at the workload cluster; None while there was none, and once the Node has joined."""
    if scope.owner is not None and scope.owner.joined:
        return None
    if scope.node is None:
        return scope.recorded.conditions.get(NODE)
    return _told(scope.node.answer, f"Cluster {scope.cluster}", scope.recorded.provider_id or "scvmm://…")


def _told(answer: NodeAnswer, cluster: str, wanted: str) -> Condition:
    match answer:
        case NodeSet(name=name, by_us=True):
            return Condition(NODE, "True", "SetByController", f"Node {name} of {cluster} lacked it; it was set once.")
        case NodeSet(name=name):
            return Condition(NODE, "True", "SetByNode", f"Node {name} of {cluster} has it.")
        case NodeMissing(names=names):
            words = f"{cluster} has no Node {' or '.join(names)}: its guest has not joined. Look into the guest's "
            return Condition(NODE, "False", "NodeNotFound", words + "/var/log/cloud-init-output.log and its kubelet.")
        case NodeForeign(name=name, addresses=addresses):
            theirs = ", ".join(addresses) or "none"
            words = (
                f"Node {name} of {cluster} has the machine's name, but none of its addresses (the Node's: {theirs}): "
                "it is left alone. Delete that Node if it is an old one, or give the kubelet the right --node-ip."
            )
            return Condition(NODE, "False", "NodeOfAnother", words)
        case NodeClaimed(name=name, provider_id=provider_id):
            words = (
                f"Node {name} of {cluster} has the provider id {provider_id} instead of {wanted}, which nobody can "
                "change: take --provider-id out of the bootstrap configuration, delete the Node, restart its kubelet."
            )
            return Condition(NODE, "False", "OtherProviderID", words)
        case _:  # WorkloadUnusable
            words = f"{answer.message} The VM is not affected; it is tried again."
            return Condition(NODE, "False", answer.reason, words)
