# SPDX-License-Identifier: Apache-2.0
"""ScvmmRemediation: a machine that a MachineHealthCheck finds unhealthy is power-cycled before it is replaced."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from capi_scvmm.kinds.conditions import Condition
from capi_scvmm.kinds.metadata import ObjectMeta, TemplateMeta
from capi_scvmm.kinds.model import Model, Time
from capi_scvmm.kinds.rules import EMPTY_OBJECT, map_by

StrategyType = Literal["PowerCycle"]
RemediationPhase = Literal["PowerCycling", "Waiting", "HandedOver"]


class RemediationStrategy(Model):
    """What is tried, how often, and how long each time."""

    type: StrategyType = Field(
        default="PowerCycle",
        description="What is tried: PowerCycle shuts the guest down, turns the VM off when the guest does not listen "
        "(guestShutdownTimeout of its machine), and starts it again. Default: PowerCycle.",
    )
    retry_limit: int = Field(
        default=1,
        description="How often it is tried before the owner of the Machine is asked to replace it. 0 asks at once. "
        "Default: 1.",
        ge=0,
        le=10,
    )
    timeout: int = Field(
        default=600,
        description="How long, after each power cycle, the Node may take to be healthy again, in seconds. A power "
        "cycle that VMM refuses may take as long. Default: 600.",
        ge=30,
        le=86400,
    )


class ScvmmRemediationSpec(Model):
    """How a machine is remedied."""

    strategy: RemediationStrategy = Field(
        default_factory=RemediationStrategy, description="What is tried.", json_schema_extra=EMPTY_OBJECT
    )


class ScvmmRemediationStatus(Model):
    """How far the remediation is."""

    phase: RemediationPhase | None = Field(
        default=None,
        description="PowerCycling, Waiting (for the Node to be healthy) or HandedOver (the owner of the Machine is "
        "asked to replace it).",
    )
    retry_count: int = Field(default=0, description="How many power cycles were begun.", ge=0)
    last_remediated: Time | None = Field(default=None, description="When the last power cycle was asked for.")
    conditions: tuple[Condition, ...] = Field(
        default=(),
        description="Remediating: what is being done, and what is waited for.",
        max_length=32,
        json_schema_extra=map_by("type"),
    )


class ScvmmRemediation(Model):
    """A remediation of the Machine of its name; the MachineHealthCheck that made it deletes it when that is healthy."""

    metadata: ObjectMeta = Field(description="Standard object metadata.")
    spec: ScvmmRemediationSpec = Field(
        default_factory=ScvmmRemediationSpec,
        description="How the machine is remedied.",
        json_schema_extra=EMPTY_OBJECT,
    )
    status: ScvmmRemediationStatus = Field(
        default_factory=ScvmmRemediationStatus, description="How far it is. Written by the controller."
    )


class ScvmmRemediationTemplateResource(Model):
    """The remediation that is made."""

    metadata: TemplateMeta | None = Field(default=None, description="Labels and annotations of the remediations.")
    spec: ScvmmRemediationSpec = Field(
        default_factory=ScvmmRemediationSpec, description="Spec of the remediations.", json_schema_extra=EMPTY_OBJECT
    )


class ScvmmRemediationTemplateSpec(Model):
    """Wraps the template."""

    template: ScvmmRemediationTemplateResource = Field(
        default_factory=ScvmmRemediationTemplateResource,
        description="What remediations are made from.",
        json_schema_extra=EMPTY_OBJECT,
    )


class ScvmmRemediationTemplateStatus(Model):
    """Nothing is reported about a remediation template."""


class ScvmmRemediationTemplate(Model):
    """What a MachineHealthCheck names in spec.remediation.templateRef."""

    metadata: ObjectMeta = Field(description="Standard object metadata.")
    spec: ScvmmRemediationTemplateSpec = Field(description="What remediations are made from.")
    status: ScvmmRemediationTemplateStatus = Field(
        default_factory=ScvmmRemediationTemplateStatus, description="Nothing is reported about a remediation template."
    )
