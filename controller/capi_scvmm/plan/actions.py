# SPDX-License-Identifier: Apache-2.0
"""The closed union of what the plan can choose; `match` over it ends in `assert_never`.

Actions that lead to a run have a *stage*: the one whose failures hold them back.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Literal

from capi_scvmm.errors import VmmError
from capi_scvmm.vm import Job


class Stage(StrEnum):
    """A step of the way of a machine that VMM can refuse."""

    CLAIM = "claim"
    ADOPT = "adopt"
    CREATE = "create"
    COMPLETE = "complete"
    HOOK = "hook"
    MEDIUM = "medium"
    START = "start"
    REPAIR = "repair"
    STOP = "stop"
    TURN_OFF = "turn-off"
    REMOVE = "remove"
    REMOVE_MEDIUM = "remove-medium"
    CLEAR_LIBRARY = "clear-library"
    EJECT = "eject"


@dataclass(frozen=True)
class Ignore:
    """Somebody else looks after this object: not even its status is touched."""


@dataclass(frozen=True)
class Paused:
    """Nothing happens until *by* is no longer paused."""

    by: str


@dataclass(frozen=True)
class InFlight:
    """A run works on this machine; its outcome brings the next look."""

    stage: Stage


@dataclass(frozen=True)
class AddFinalizer:
    """Our finalizer goes in before anything exists that it has to guard."""


@dataclass(frozen=True)
class Wait:
    """Something else must happen first; *message* says what, and who can make it happen.

    *transient*: it is a matter of moments, and what status says of a machine that has come further stays.
    *untold*: nobody tells when it is over, so it is looked at again after a while.
    """

    reason: str
    message: str
    transient: bool = False
    untold: bool = False


@dataclass(frozen=True)
class Backoff:
    """The stage failed with *error*; it is tried again at *until*.

    *failures*: how often it failed so far, the last *times* of them with the same error.
    """

    stage: Stage
    error: VmmError
    until: datetime
    failures: int = 1
    times: int = 1


@dataclass(frozen=True)
class ClaimAddresses:
    """Ask IPAM pools for the addresses of the machine; they come while VMM builds the VM."""

    stage = Stage.CLAIM


@dataclass(frozen=True)
class TakeName:
    """Take a name from the pool, or note in machine and pool the one that the VM has."""


@dataclass(frozen=True)
class MarkVm:
    """Write the machine's mark into the description of a VM that exists; nothing else is done to it."""

    stage = Stage.ADOPT


@dataclass(frozen=True)
class TakeDisks:
    """Take persistent disks from their pools, and have the machine carry which they are."""


@dataclass(frozen=True)
class NoteDisks:
    """Note on persistent disks where their files are: VMM shows them with the VM, and only as long as it has them."""


@dataclass(frozen=True)
class CreateVm:
    """Start the job that builds the VM."""

    stage = Stage.CREATE


@dataclass(frozen=True)
class RetryCreation:
    """Remove what a failed creation left, so that it can be tried again."""

    error: VmmError
    stage = Stage.CREATE


@dataclass(frozen=True)
class CompleteVm:
    """Give a new VM, before its first start, what no creation can: larger disks, limits, addresses of VMM's pools."""

    stage = Stage.COMPLETE


@dataclass(frozen=True)
class AskHook:
    """Run the tasks that determine what the guest is told, once."""

    stage = Stage.HOOK


@dataclass(frozen=True)
class AttachMedium:
    """Build, upload and attach the medium."""

    stage = Stage.MEDIUM


@dataclass(frozen=True)
class StartVm:
    """Start the VM, once in its life."""

    stage = Stage.START


@dataclass(frozen=True)
class RepairVm:
    """Dismiss the job that failed on a VM which ran: behind the failure it runs, or is off. *error* is the job's."""

    error: VmmError
    stage = Stage.REPAIR


@dataclass(frozen=True)
class WaitForJob:
    """VMM works on the VM."""

    stage: Stage
    job: Job | None


@dataclass(frozen=True)
class WaitForAddresses:
    """The VM runs; its guest has not reported an address."""


@dataclass(frozen=True)
class ClearLibrary:
    """Remove the medium from the library although the VM lives: it has a copy of its own."""

    stage = Stage.CLEAR_LIBRARY


@dataclass(frozen=True)
class EjectMedium:
    """Take the medium out of the VM's drive: the guest has read it, and it holds secrets."""

    stage = Stage.EJECT


@dataclass(frozen=True)
class Settled:
    """Everything asked for is there."""


@dataclass(frozen=True)
class PoweredOff:
    """The VM ran once and does not run now: it stays as somebody left it. *status* is VMM's."""

    status: str


@dataclass(frozen=True)
class Vanished:
    """The VM was deleted behind our back; it is never created again."""


@dataclass(frozen=True)
class StopVm:
    """Ask the guest to shut down, or turn the VM off (*method* `shutdown` or `turn_off`)."""

    method: Literal["shutdown", "turn_off"]

    @property
    def stage(self) -> Stage:
        """A guest that refuses to shut down must not hold back turning off."""
        return Stage.STOP if self.method == "shutdown" else Stage.TURN_OFF


@dataclass(frozen=True)
class SwitchOff:
    """Shut the guest down, or turn the VM off, because a remediation asks for a power cycle (*method*)."""

    method: Literal["shutdown", "turn_off"]

    @property
    def stage(self) -> Stage:
        """A guest that refuses to shut down must not hold back turning off."""
        return Stage.STOP if self.method == "shutdown" else Stage.TURN_OFF


@dataclass(frozen=True)
class WaitForShutdown:
    """The guest was asked to shut down; at *until* it is turned off."""

    until: datetime


@dataclass(frozen=True)
class RemoveVm:
    """Remove the VM with its files; a creation that still runs is cancelled first (*cancelling*)."""

    cancelling: bool = False
    stage = Stage.REMOVE


@dataclass(frozen=True)
class RemoveMedium:
    """Remove the medium from the library: it holds secrets."""

    stage = Stage.REMOVE_MEDIUM


@dataclass(frozen=True)
class ReleaseFinalizer:
    """Nothing of this machine is left in VMM; the object may go. *message* says why it may."""

    message: str


Errand = ClearLibrary | EjectMedium
Run = (
    MarkVm
    | CreateVm
    | RetryCreation
    | CompleteVm
    | AttachMedium
    | StartVm
    | RepairVm
    | SwitchOff
    | StopVm
    | RemoveVm
    | RemoveMedium
    | Errand
)
Step = (
    AddFinalizer
    | Wait
    | ClaimAddresses
    | AskHook
    | TakeName
    | TakeDisks
    | NoteDisks
    | Run
    | WaitForJob
    | WaitForAddresses
    | Settled
    | PoweredOff
    | Vanished
    | WaitForShutdown
    | ReleaseFinalizer
)
Action = Ignore | Paused | InFlight | Backoff | Step
