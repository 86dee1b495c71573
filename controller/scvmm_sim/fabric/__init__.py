# SPDX-License-Identifier: Apache-2.0
"""The fabric: what the simulated VMM server has, from YAML to checked, immutable objects."""

from __future__ import annotations

from scvmm_sim.fabric.load import load_fabric, parse_setting
from scvmm_sim.fabric.model import (
    Cloud,
    Fabric,
    FaultRule,
    Guest,
    HardwareProfile,
    Host,
    HostGroup,
    JobSeconds,
    Library,
    RuleError,
    Server,
    Subnet,
    Template,
    TemplateAdapter,
    User,
    Vhd,
    VmNetwork,
)

__all__ = [
    "Cloud",
    "Fabric",
    "FaultRule",
    "Guest",
    "HardwareProfile",
    "Host",
    "HostGroup",
    "JobSeconds",
    "Library",
    "RuleError",
    "Server",
    "Subnet",
    "Template",
    "TemplateAdapter",
    "User",
    "Vhd",
    "VmNetwork",
    "load_fabric",
    "parse_setting",
]
