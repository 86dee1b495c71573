# SPDX-License-Identifier: Apache-2.0
"""Which VM is a machine's: by id, by mark, and after a move from another management cluster. No I/O."""

from __future__ import annotations

from typing import Protocol

from capi_scvmm.kinds import ScvmmMachine
from capi_scvmm.observe.view import Instance, Sight
from capi_scvmm.plan import Scope


class Sees(Protocol):
    """Whoever knows the VMs of a VMM server."""

    def sight(self, uid: str, vm_id: str | None, since: float, instance: Instance | None = None) -> Sight:
        """Tell what is known about a machine's VM, not older than *since* (seconds of one clock) if it is absent."""
        ...


def identify(sees: Sees, scope: Scope, since: float) -> tuple[Sight, ScvmmMachine]:
    """Find the VM of a machine, and give the machine with the uid by which that VM is known.

    In the cluster that a machine was moved to it has another uid, and no status. It brings along the note of its mark,
    which leads to its VM also while that is being created, and its provider id.
    """
    machine, known = scope.machine, scope.recorded.provider_id
    instance = (machine.owner, known) if known is not None else None
    sight = sees.sight(machine.mark, scope.known_id, since, instance)
    if machine.moved and sight.vm is not None and sight.vm.owner != machine.owner:
        # The note was made up: it leads to a VM of somebody else.
        machine = machine.marked(machine.metadata.uid)
        sight = sees.sight(machine.mark, scope.known_id, since, instance)
    vm = sight.vm
    if vm is not None and vm.uid and vm.owner == machine.owner:
        # Whatever became of the note, the VM says how it is known.
        machine = machine.marked(vm.uid)
    return sight, machine
