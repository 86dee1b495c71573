# SPDX-License-Identifier: Apache-2.0
"""What a run has come to, and whether it is worth beginning."""

from __future__ import annotations

import logging
import random
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from typing import assert_never

from capi_scvmm.errors import ErrorClass, VmmError
from capi_scvmm.gather import Look, Memory
from capi_scvmm.kinds import InvalidField
from capi_scvmm.kinds.boot import FACT, read_boot
from capi_scvmm.observe import LOGIN_REFUSED_ID, Observer, ServerState
from capi_scvmm.outcomes import Done, Lost, Outcome, Refused, Unreachable
from capi_scvmm.plan import Health, Stage
from capi_scvmm.plan.retry import RetryPolicy, after_failure
from capi_scvmm.vm import Vm

logger = logging.getLogger(__name__)

NAME_IN_USE_ID = "CapiScvmm.NameInUse"
WITHOUT_EFFECT = VmmError("VMM had nothing to do for it, and the VM is as before", ErrorClass.RETRY, attempts=3)


class Effects:
    """Takes in what runs have come to; *policy* says when what failed is tried again."""

    def __init__(self, policy: RetryPolicy) -> None:
        self._policy = policy

    def take(self, look: Look, stage: Stage, outcome: Outcome, memory: Memory) -> None:
        """Note what *outcome* tells, in the observer's view and in *memory*."""
        observer = look.server.observer if look.server is not None else None
        assert observer is not None, "without it nothing was done"
        observer.expect(memory.mark, False)
        match outcome:
            case Done():
                self._take_done(look, stage, outcome, memory, observer)
            case Refused():
                self._refused(look, observer, stage, outcome, memory)
            case Unreachable(message=message):
                observer.doubt()
                self.failed(look, stage, VmmError(message, ErrorClass.RETRY), memory)
            case Lost(message=message):
                self.failed(look, stage, VmmError(message, ErrorClass.RETRY), memory)
            case _:
                assert_never(outcome)

    def _take_done(self, look: Look, stage: Stage, outcome: Done, memory: Memory, observer: Observer) -> None:
        vm = outcome.vm
        if outcome.vm_gone:
            observer.take_gone(memory.mark)
        elif vm is not None:
            observer.take(vm)
            if vm.job is not None:
                memory.issued, memory.issued_for = vm.job.id, stage
            if without_effect(look, stage, vm):
                self.failed(look, stage, WITHOUT_EFFECT, memory)
        if stage is Stage.HOOK:
            self._take_boot(look, outcome, memory)
        if stage is Stage.COMPLETE:
            lacking = look.scope.unfinished
            memory.completions = memory.completions + 1 if memory.lacking == lacking else 1
            memory.lacking = lacking
        memory.medium_gone = memory.medium_gone or outcome.medium_gone
        if outcome.medium_error is not None:
            self.failed(look, Stage.CLEAR_LIBRARY, outcome.medium_error, memory)
        memory.stop_asked = memory.stop_asked or stage is Stage.STOP
        memory.cancel_asked = memory.cancel_asked or outcome.cancelling

    def _refused(self, look: Look, observer: Observer, stage: Stage, outcome: Refused, memory: Memory) -> None:
        error = outcome.error
        if error.id == LOGIN_REFUSED_ID:
            observer.refused(error)
        elif outcome.vm is not None:
            observer.take(outcome.vm)
        if error.id == NAME_IN_USE_ID and look.scope.naming is not None:
            # No failure of the machine: it gets another name at once.
            memory.name_refused = (look.scope.machine.vm_name, error.message)
            logger.info("%s: %s", look.scope.name, error.message)
            return
        self.failed(look, stage, error, memory)

    def _take_boot(self, look: Look, outcome: Done, memory: Memory) -> None:
        assert look.scope.hook is not None and look.place is not None, "only a machine with a hook asks one"
        names = tuple(device.device_name for device in look.place.networking.devices)
        told = outcome.steps.get("ansible.builtin.set_stats", {}).get("ansible_stats", {}).get("data", {}).get(FACT)
        try:
            memory.boot = read_boot(told, look.scope.hook.source, names)
        except InvalidField as error:
            self.failed(look, Stage.HOOK, VmmError(f"The hook in ConfigMap {look.scope.hook.source}: {error}"), memory)

    def failed(self, look: Look, stage: Stage, error: VmmError, memory: Memory) -> None:
        """Count a failure of *stage*: of the machine's own steps, or of an errand beside them."""
        beside = stage in (Stage.CLEAR_LIBRARY, Stage.EJECT)
        scope = replace(look.scope, attempt=memory.errands.get(stage) if beside else memory.attempt)
        jitter = random.random()  # noqa: S311 - no secret hangs on it
        failed = after_failure(scope, stage, error, datetime.now(UTC), self._policy, jitter)
        if beside:
            memory.errands[stage] = failed
        else:
            memory.attempt = failed
        logger.warning("%s: %s failed: %s", scope.name, stage, error.text)


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
