# SPDX-License-Identifier: Apache-2.0
"""`Ready`: the sum of the other conditions, in the words of the first that does not hold."""

from __future__ import annotations

from collections.abc import Mapping

from capi_scvmm.conditions import Condition

# In the order in which a machine comes by them. AllFieldsHonored is no obstacle: the VM works without these fields.
STAGES = ("DependenciesReady", "VMCreated", "BootstrapMediumAttached", "VMRunning", "AddressesReported")


def summarize(conditions: Mapping[str, Condition]) -> Condition:
    """Ready is True when all stages are; otherwise it repeats the first obstacle."""
    deleting = conditions.get("Deleting")
    if deleting is not None:
        return Condition("Ready", "False", deleting.reason, deleting.message)
    created = conditions["VMCreated"]
    if created.reason == "VMDeleted":
        return Condition("Ready", "False", created.reason, created.message)
    for name in STAGES:
        condition = conditions[name]
        if condition.status != "True":
            return Condition("Ready", "False", condition.reason, condition.message)
    return Condition("Ready", "True", "Ready")
