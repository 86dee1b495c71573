# SPDX-License-Identifier: Apache-2.0
"""From ansible-runner's events to outcomes, host by host. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from capi_scvmm.errors import VmmError
from capi_scvmm.outcomes import Done, Outcome, Refused, Unreachable
from capi_scvmm.runs.port import Playbook
from capi_scvmm.vm import Job, Vm

Steps = Mapping[str, Mapping[str, Any]]


class HostResults:
    """Collects the steps of the hosts of one run; `take` tells a host's outcome once it is known."""

    def __init__(self, playbook: Playbook) -> None:
        self._last = playbook.last_action
        self._steps: dict[str, dict[str, Mapping[str, Any]]] = {}

    def take(self, event: Mapping[str, Any]) -> tuple[str, Outcome] | None:
        """Read one event; the outcome of its host when this event decides it."""
        data = event.get("event_data") or {}
        host, action = data.get("host"), data.get("resolved_action") or data.get("task_action")
        if not host or not action:
            return None
        steps = self._steps.setdefault(host, {})
        result = data.get("res") or {}
        match event.get("event"):
            case "runner_on_unreachable":
                return host, Unreachable(message_of(result))
            case "runner_on_failed" if not data.get("ignore_errors"):
                return host, Refused(error_of(result), vm_of(steps))
            case "runner_on_ok":
                steps[action] = result
            case "runner_on_skipped":
                pass
            case _:
                return None
        return (host, done(steps)) if action == self._last else None


def done(steps: Steps) -> Done:
    """Make the outcome of a host that is through."""
    removal = steps.get("capi.scvmm.vm", {})
    state, job = removal.get("state"), Job.parse(removal.get("job"))
    gone = state == "gone" or (state == "removing" and job is not None and job.is_completed and not job.failed)
    media, removal = steps.get("capi.scvmm.vm_media"), steps.get("capi.scvmm.vm_power", {}).get("medium_removal") or {}
    # Of what vm_media does, only the removal from the library tells neither of a VM nor of a medium.
    cleared = media is not None and not media.get("vm") and not media.get("media")
    error = removal.get("error")
    return Done(
        vm=None if gone else vm_of(steps),
        vm_gone=gone,
        medium_gone=cleared or bool(removal.get("removed")),
        medium_error=VmmError.parse(error) if error else None,
        cancelling=state == "cancelling",
        steps=steps,
    )


def vm_of(steps: Steps) -> Vm | None:
    """Give the VM as the last step that told of it saw it."""
    found = None
    for result in steps.values():
        if result.get("vm"):
            found = Vm.parse(result["vm"])
            job = Job.parse(result.get("job"))
            # A step's own job is younger than what VMM showed on the VM a moment before.
            found = replace(found, job=job) if job is not None else found
    return found


def error_of(result: Mapping[str, Any]) -> VmmError:
    """Read a failed module's error; one that never got as far as VMM has only a message."""
    error = result.get("error")
    return VmmError.parse(error) if isinstance(error, Mapping) else VmmError(message_of(result))


def message_of(result: Mapping[str, Any]) -> str:
    """Take what a failed task says."""
    error = result.get("error")
    if isinstance(error, Mapping) and error.get("message"):
        return VmmError.parse(error).text
    return str(result.get("msg") or "the task failed without a message")
