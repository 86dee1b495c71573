# SPDX-License-Identifier: Apache-2.0
"""Memory, Fibre Channel and further options of a VM."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from capi_scvmm.kinds.model import LongText, Model, Text
from capi_scvmm.kinds.quantity import Memory
from capi_scvmm.kinds.rules import rule, rules

StartAction = Literal["NeverAutoTurnOnVM", "AlwaysAutoTurnOnVM", "TurnOnVMIfRunningWhenVSStopped"]
StopAction = Literal["ShutdownGuestOS", "TurnOffVM", "SaveVM"]
CheckpointType = Literal["Disabled", "Production", "ProductionOnly", "Standard"]


class DynamicMemory(Model):
    """Bounds between which the host gives memory to the VM as it needs it."""

    model_config = {
        "json_schema_extra": rules(
            rule(
                "!isQuantity(string(self.minimum)) || !isQuantity(string(self.maximum)) || "
                "quantity(string(self.minimum)).compareTo(quantity(string(self.maximum))) <= 0",
                "dynamicMemory: minimum is larger than maximum: lower minimum or raise maximum",
                field=".minimum",
            )
        )
    }

    minimum: Memory = Field(description="Least memory of the VM, as 1Gi; whole MiB are used.")
    maximum: Memory = Field(description="Most memory of the VM, as 8Gi; whole MiB are used.")
    buffer_percentage: int | None = Field(
        default=None,
        description="Memory kept in reserve for the VM, in percent of what it uses (5 to 2000). Default: the host's.",
        ge=5,
        le=2000,
    )


class FibreChannel(Model):
    """A virtual Fibre Channel adapter."""

    storage_fabric_classification: Text = Field(
        default=None, description="Name of the storage fabric classification in VMM."
    )
    virtual_san: Text = Field(default=None, description="Name of the virtual SAN on the host.")


class VmOptions(Model):
    """How the host treats the VM."""

    description: LongText = Field(
        default=None,
        description="Description of the VM in VMM. A line that says which machine owns the VM is added to it.",
    )
    start_action: StartAction | None = Field(
        default=None,
        description="What happens with the VM when its host starts: NeverAutoTurnOnVM, AlwaysAutoTurnOnVM or "
        "TurnOnVMIfRunningWhenVSStopped. Default: VMM's.",
    )
    stop_action: StopAction | None = Field(
        default=None,
        description="What happens with the VM when its host stops: ShutdownGuestOS, TurnOffVM or SaveVM. Default: "
        "VMM's.",
    )
    cpu_limit_for_migration: bool | None = Field(
        default=None,
        description="Whether the guest sees only CPU features that allow migration to another processor version.",
    )
    cpu_limit_functionality: bool | None = Field(
        default=None,
        description="Whether the guest sees only the CPU features that old operating systems can run with.",
    )
    enable_nested_virtualization: bool | None = Field(
        default=None, description="Whether the guest can run virtual machines itself. True needs VMM 2019 or later."
    )
    checkpoint_type: CheckpointType = Field(
        default="Standard",
        description="Which checkpoints of the VM can be made: Disabled, Production (else Standard), ProductionOnly or "
        "Standard. Default: Standard.",
    )
