# SPDX-License-Identifier: Apache-2.0
"""Storage that VMs are given: QoS policies, fabric classifications, virtual SANs and fibre channel adapters."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from scvmm_sim.state.records import HostRecord, Record, View


@dataclass(eq=False)
class QosRecord(Record):
    """A storage QoS policy."""

    type_name: ClassVar[str] = "StorageQoSPolicy"


@dataclass(eq=False)
class ClassificationRecord(Record):
    """A storage fabric classification."""

    type_name: ClassVar[str] = "StorageFabricClassification"


@dataclass(eq=False)
class SanRecord(Record):
    """A virtual SAN of one host; hosts may have SANs of one name."""

    type_name: ClassVar[str] = "HostFibreChannelVirtualSAN"
    host: HostRecord | None = None

    def view(self) -> View:
        """VMM's HostFibreChannelVirtualSAN."""
        return {**self.brief(), "VMHost": self.host.brief() if self.host else None}


@dataclass(eq=False)
class FibreAdapter(Record):
    """A virtual fibre channel adapter of a VM."""

    type_name: ClassVar[str] = "VirtualFibreChannelAdapter"
    kept_for: ClassVar[str] = "virtual machine"
    classification: ClassificationRecord | None = None
    san: SanRecord | None = None

    def view(self) -> View:
        """VMM's VirtualFibreChannelAdapter."""
        return {
            **self.brief(),
            "StorageFabricClassification": self.classification.brief() if self.classification else None,
            "VirtualFibreChannelSAN": self.san.brief() if self.san else None,
        }
