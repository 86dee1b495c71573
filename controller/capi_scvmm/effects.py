# SPDX-License-Identifier: Apache-2.0
"""What a run has come to, and whether it is worth beginning."""

from __future__ import annotations

from collections.abc import Callable

from capi_scvmm.gather import Look
from capi_scvmm.observe import Observer, ServerState
from capi_scvmm.plan import Health, Stage
from capi_scvmm.vm import Vm


def without_effect(look: Look, stage: Stage, told: Vm) -> bool:
    """Tell that a step had nothing to do, and would be chosen again: at once, and then for ever.

    Asking a guest again that was asked before the controller started is the one step that may be so.
    """
    known = look.scope.vm
    if known is None or stage is Stage.STOP:
        return False
    return (known.status, known.media, known.job) == (told.status, told.media, told.job)


def obstacle_of(observer: Observer | None) -> Callable[[], str | None]:
    """Tell a run that waits for its turn why its VMM server need not be asked any more."""

    def obstacle() -> str | None:
        state = observer.state if observer is not None else ServerState()
        fine = state.health is Health.REACHABLE
        return None if fine else f"The VMM server fell silent before this was tried. {state.message}".strip()

    return obstacle
