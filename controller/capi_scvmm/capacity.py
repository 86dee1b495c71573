# SPDX-License-Identifier: Apache-2.0
"""What a node made from a ScvmmMachineTemplate offers, known before there is one: for autoscaling from zero. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from capi_scvmm.conditions import Condition
from capi_scvmm.kinds import InvalidField, ScvmmMachineSpec
from capi_scvmm.kinds.quantity import mebibytes

CONDITION = "CapacityKnown"
# VMM manages Hyper-V on x64 hosts only.
ARCHITECTURE = "amd64"


@dataclass(frozen=True)
class Blueprint:
    """Processors and memory (MiB) of a VM template or hardware profile in VMM."""

    cpu_count: int
    memory_mb: int
    operating_system: str | None = None


@dataclass(frozen=True)
class Blueprints:
    """All of a VMM server, by name in small letters, as VMM compares them."""

    templates: Mapping[str, Blueprint] = field(default_factory=dict)
    hardware_profiles: Mapping[str, Blueprint] = field(default_factory=dict)

    @classmethod
    def parse(cls, told: Mapping[str, Any]) -> Blueprints:
        """Read the answer of the operation hardware_info; a name that is there twice tells nothing."""
        return cls(_unique(told.get("templates") or ()), _unique(told.get("hardware_profiles") or ()))


@dataclass(frozen=True)
class Offer:
    """What goes into status: *capacity*, *node_info*, and the *condition* that says whether that is all."""

    capacity: Mapping[str, str]
    node_info: Mapping[str, str]
    condition: Condition


def lacks_hardware(spec: ScvmmMachineSpec) -> bool:
    """Whether the spec leaves processors or memory to VMM."""
    return not spec.cpu_count or spec.memory is None


def offer(spec: ScvmmMachineSpec, known: Blueprints | None, trouble: tuple[str, str] | None) -> Offer:
    """Work out what a node offers; *known* is None, and *trouble* (reason, message) says why, when VMM told nothing."""
    found, source = _blueprint(spec, known)
    capacity: dict[str, str] = {}
    cpus = spec.cpu_count or (found.cpu_count if found is not None else 0)
    if cpus:
        capacity["cpu"] = str(cpus)
    memory = _size(spec.memory) or (found.memory_mb if found is not None else 0)
    if memory:
        capacity["memory"] = f"{memory}Mi"
    disk = _size(spec.disks[0].size) if spec.disks and spec.disks[0].size is not None else 0
    if disk:
        capacity["ephemeral-storage"] = f"{disk}Mi"
    system = spec.operating_system or (found.operating_system if found is not None else None) or ""
    node_info = {
        "architecture": ARCHITECTURE,
        "operatingSystem": "windows" if system.casefold().startswith(("windows", "microsoft windows")) else "linux",
    }
    return Offer(capacity, node_info, _condition(capacity, known, trouble, source))


def _condition(
    capacity: Mapping[str, str], known: Blueprints | None, trouble: tuple[str, str] | None, source: str
) -> Condition:
    if {"cpu", "memory"} <= capacity.keys():
        return Condition(CONDITION, "True", "Known")
    remedy = "Set cpuCount and memory in the template, or say it by annotations of the MachineDeployment."
    if known is None:
        reason, words = trouble or ("LookingAtVMM", "VMM has not told yet.")
        return Condition(CONDITION, "False", reason, f"{words} {remedy}")
    words = f"{source} is not in VMM, is there more than once, or its user may not see it: correct the name. {remedy}"
    return Condition(CONDITION, "False", "HardwareNotFound", words[:1].upper() + words[1:])


def _blueprint(spec: ScvmmMachineSpec, known: Blueprints | None) -> tuple[Blueprint | None, str]:
    """Find what the VM is made from: a VM template outranks a hardware profile, as when it is created."""
    if spec.vm_template:
        source = f"VM template {spec.vm_template}"
        return (known.templates.get(spec.vm_template.casefold()) if known is not None else None), source
    source = f"hardware profile {spec.hardware_profile or '(none)'}"
    name = (spec.hardware_profile or "").casefold()
    return (known.hardware_profiles.get(name) if known is not None else None), source


def _size(text: str | None) -> int:
    try:
        return mebibytes(text, "size") if text is not None else 0
    except InvalidField:
        return 0  # Its machines say so.


def _unique(told: Any) -> dict[str, Blueprint]:
    names = [str(one["name"]).casefold() for one in told]
    return {
        name: Blueprint(int(one["cpu_count"]), int(one["memory_mb"]), one.get("operating_system"))
        for name, one in zip(names, told, strict=True)
        if names.count(name) == 1
    }
