# SPDX-License-Identifier: Apache-2.0
"""From a request to an envelope: which function does which operation, and errors as data."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from scvmm_sim.cmdlets import Vmm
from scvmm_sim.cmdlets.vmm import current_operation
from scvmm_sim.errors import CmdletError
from scvmm_sim.operations import (
    absent,
    blueprints,
    boot_fields,
    checkpoint,
    disk,
    drives,
    info,
    job_info,
    mark,
    media,
    power,
    present,
    repair,
    vip,
)
from scvmm_sim.operations.failed import dismissed_failure
from scvmm_sim.operations.failure import shape_failure
from scvmm_sim.operations.fields import Fields, OperationError
from scvmm_sim.operations.session import Session

MODULE_VERSION = "0.1.0"

Handler = Callable[[Session, Fields], dict[str, Any]]


def connect(session: Session, request: Fields) -> dict[str, Any]:
    """Make the VMM server the default of this session."""
    wanted = request.need_text("vmm_server")
    credential = None
    if user := request.text("vmm_username"):
        password = request.need_text("vmm_password")
        credential = {"_type": "PSCredential", "UserName": user, "Password": password}
    server = session.one("Get-SCVMMServer", ComputerName=wanted, SetAsDefault=True, Credential=credential)
    return {
        "vmm_server": server["FullyQualifiedDomainName"],
        "version": server["ProductVersion"],
        "user": server["UserName"],
        "module_version": MODULE_VERSION,
    }


HANDLERS: dict[str, Handler] = {
    "connect": connect,
    "vm_info": info.vm_info,
    "hardware_info": blueprints.hardware_info,
    "boot_fields": boot_fields.boot_fields,
    "vm_present": present.vm_present,
    "vm_absent": absent.vm_absent,
    "vm_power": power.vm_power,
    "vm_checkpoint": checkpoint.vm_checkpoint,
    "vm_checkpoint_info": checkpoint.vm_checkpoint_info,
    "vm_disk": disk.vm_disk,
    "vm_mark": mark.vm_mark,
    "vm_repair": repair.vm_repair,
    "vm_refresh": repair.vm_refresh,
    "media_present": media.media_present,
    "media_attached": drives.media_attached,
    "media_ejected": drives.media_ejected,
    "media_absent": media.media_absent,
    "job_info": job_info.job_info,
    "vip": vip.vip,
}


class Operations:
    """Answers operations as the PowerShell module CapiScvmm does; may be called from many threads."""

    def __init__(self, vmm: Vmm) -> None:
        self.vmm = vmm
        self._session = Session(vmm)

    def call(self, name: str, request: dict[str, Any]) -> dict[str, Any]:
        """The envelope that docs/operations.md describes; a failed operation is an envelope too, never an exception.

        What the envelope holds is shared with other answers: it is to be read only.
        """
        remembered = current_operation.set(name)
        forgotten = dismissed_failure.set(None)
        try:
            self._suffer(name, request)
            handler = HANDLERS.get(name)
            if handler is None:
                raise OperationError(
                    "CapiScvmm.UnknownOperation",
                    f"There is no operation '{name}'. See docs/operations.md for those there are.",
                )
            result = handler(self._session, Fields(request))
            failure = dismissed_failure.get()
            return {"ok": True, "result": result if failure is None else {**result, "dismissed": failure}}
        except (CmdletError, OperationError) as error:
            return {"ok": False, "error": shape_failure(error, name, request)}
        finally:
            dismissed_failure.reset(forgotten)
            current_operation.reset(remembered)

    def _suffer(self, name: str, request: dict[str, Any]) -> None:
        faults = self.vmm.faults
        names = _vm_names(self.vmm, request) if faults.names_objects else ()
        effect = faults.at_operation(name, *names)
        self.vmm.clock.sleep(effect.delay)
        if effect.error is not None:
            error = effect.error
            raise CmdletError(error.number, error.message, error.recommended_action, cmdlet="Invoke-CapiScvmmOperation")


def _vm_names(vmm: Vmm, request: dict[str, Any]) -> tuple[str, ...]:
    """Names of the VMs that a request is about."""
    if not isinstance(request, dict):
        return ()
    name = request.get("name")
    keys = [request[key] for key in ("id", "uid") if isinstance(request.get(key), str)]
    return (*([name] if isinstance(name, str) else []), *(vmm.vm_names(*keys) if keys else ()))
