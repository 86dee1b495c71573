# SPDX-License-Identifier: Apache-2.0
"""Placement: which host takes a VM, and why the others do not."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from scvmm_sim.state.hardware import Adapter
from scvmm_sim.state.records import GroupRecord, HostRecord, View


@dataclass(frozen=True)
class Rating:
    """A host's rating from 0 (impossible) to 5 stars, with the reasons of a zero."""

    host: HostRecord
    stars: float
    reasons: tuple[str, ...] = ()

    def view(self) -> View:
        """VMM's VMHostRating."""
        return {
            "_type": "VMHostRating",
            "ID": self.host.id,
            "Name": self.host.name,
            "VMHost": self.host.brief(),
            "Rating": self.stars,
            "RatingsExplanation": " ".join(self.reasons) or "The host meets all requirements.",
            "ZeroRatingReasonList": list(self.reasons),
        }


def hosts_below(groups: Iterable[GroupRecord], known: Iterable[HostRecord]) -> list[HostRecord]:
    """All hosts of *known* that are in one of *groups* or below it."""
    wanted = list(groups)
    return [host for host in known if host.group and any(group.contains(host.group) for group in wanted)]


def rate(host: HostRecord, cpu_count: int, memory_mb: int, adapters: Iterable[Adapter]) -> Rating:
    """Rate *host* for a VM of that size; more free memory gives more stars."""
    reasons: list[str] = []
    if memory_mb > host.free_memory_mb:
        reasons.append(
            f"The host {host.name} does not have enough memory: {memory_mb} MB are asked for "
            f"and {host.free_memory_mb} MB are free."
        )
    if cpu_count > host.cpus:
        reasons.append(f"The virtual machine has {cpu_count} processors and the host {host.name} has {host.cpus}.")
    for adapter in adapters:
        if adapter.network and host.vm_networks is not None and adapter.network.name not in host.vm_networks:
            reasons.append(f"The host {host.name} has no connection to the VM network {adapter.network.name}.")
    if reasons:
        return Rating(host, 0.0, tuple(reasons))
    return Rating(host, 1.0 + 4.0 * (host.free_memory_mb - memory_mb) / max(host.memory_mb, 1))


def best(ratings: Iterable[Rating]) -> HostRecord | None:
    """The host with the most stars, None when all have zero."""
    fitting = [rating for rating in ratings if rating.stars > 0]
    return max(fitting, key=lambda rating: rating.stars).host if fitting else None
