# SPDX-License-Identifier: Apache-2.0
"""What the table shows of a machine, derived from its ScvmmMachine and nothing else."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

SHORT_ID = 8


@dataclass(frozen=True)
class Row:
    """One machine at one moment."""

    machine: str
    stage: str
    vm: str
    address: str
    message: str
    provisioned: bool

    @property
    def line(self) -> str:
        """The row as one line of plain text."""
        known = "  ".join(part for part in (self.vm, self.address) if part)
        return f"{self.machine:<32} {self.stage:<24} {known}".rstrip()


def row(machine: Mapping[str, Any]) -> Row:
    """Derive the row of a ScvmmMachine."""
    status = machine.get("status") or {}
    ready: Mapping[str, Any] = next((c for c in status.get("conditions") or () if c["type"] == "Ready"), {})
    provisioned = bool((status.get("initialization") or {}).get("provisioned")) and ready.get("status") == "True"
    return Row(
        machine=_name(machine),
        stage="Provisioned" if provisioned else ready.get("reason") or "Seen",
        vm=_vm(status),
        address=_address(status),
        message=ready.get("message") or "The controller has not looked at it yet.",
        provisioned=provisioned,
    )


def _name(machine: Mapping[str, Any]) -> str:
    metadata = machine["metadata"]
    return str(metadata["name"] if isinstance(metadata, Mapping) else metadata.name)


def _vm(status: Mapping[str, Any]) -> str:
    parts = (status.get("id", "")[:SHORT_ID], status.get("vmStatus", ""))
    return " ".join(part for part in parts if part)


def _address(status: Mapping[str, Any]) -> str:
    internal = [a["address"] for a in status.get("addresses") or () if a["type"] in ("InternalIP", "ExternalIP")]
    return ", ".join(internal)
