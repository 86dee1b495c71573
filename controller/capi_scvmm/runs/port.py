# SPDX-License-Identifier: Apache-2.0
"""The port between machines and runs: what a run is given, and what it tells."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import Enum
from typing import Any, Protocol

from capi_scvmm.connection import Connection
from capi_scvmm.guest_parts import Part
from capi_scvmm.outcomes import Outcome


class Playbook(Enum):
    """What a run plays: a playbook of the collection, and how much of it.

    *skip_tags* names tasks that are left out beforehand: one that is only skipped costs 20 ms of CPU a machine.
    *last_action* is the last task, which runs or is reported as skipped for every host: then the host is through.
    """

    CREATE = ("create", "wait", "capi.scvmm.vm")
    ADOPT = ("adopt", "wait", "capi.scvmm.vm_mark")
    HOOK = ("hook", "wait", "ansible.builtin.set_stats")
    ATTACH = ("bootstrap", "wait,start,vip", "capi.scvmm.vm_media")
    ATTACH_WITH_VIP = ("bootstrap", "wait,start", "capi.scvmm.vm_media")
    START = ("bootstrap", "wait,medium", "capi.scvmm.vm_power")
    EJECT = ("eject", "wait,library", "capi.scvmm.vm_media")
    CLEAR = ("eject", "wait,drive", "capi.scvmm.vm_media")
    REPAIR = ("repair", "wait", "capi.scvmm.vm_repair")
    SWITCH_OFF = ("power", "wait", "capi.scvmm.vm_power")
    STOP = ("delete", "wait", "capi.scvmm.vm_media")
    VIP = ("vip", "wait", "capi.scvmm.vip")
    REMOVE = ("delete", "wait,stop", "capi.scvmm.vm_media")

    def __init__(self, file: str, skip_tags: str, last_action: str) -> None:
        self.file = file
        self.skip_tags = skip_tags
        self.last_action = last_action

    @property
    def asks_vmm(self) -> bool:
        """Whether it needs the VMM server, and its credentials."""
        return self is not Playbook.HOOK


@dataclass(frozen=True)
class Host:
    """One machine in a run; *user_data*, each part, the tasks *hook* go into files, their paths into variables.

    *secrets* are variables, too, that no error may repeat.
    """

    name: str
    variables: Mapping[str, Any]
    user_data: bytes | None = field(default=None, repr=False)
    parts: Sequence[Part] = ()
    secrets: Mapping[str, str] = field(default_factory=dict, repr=False)
    hook: bytes | None = None


@dataclass(frozen=True)
class Lane:
    """What has to be the same for machines to share a run."""

    provider: str
    playbook: Playbook


Report = Callable[[str, Outcome], None]


class Runner(Protocol):
    """Runs playbooks. Each host gets exactly one outcome, as early as it is known; the call returns when all is over.

    Cancelling the call ends the run; hosts that were not through then get none.
    """

    async def run(self, playbook: Playbook, connection: Connection, hosts: Sequence[Host], report: Report) -> None:
        """Run *playbook* over *hosts* and report each host's outcome, in the event loop's thread."""
        ...
