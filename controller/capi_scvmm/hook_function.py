# SPDX-License-Identifier: Apache-2.0
"""A provider's AddVMSpec is asked what a hook would determine. Like a look at VMM it goes through the session."""

from __future__ import annotations

from capi_scvmm.add_vm_spec import taken, told
from capi_scvmm.errors import ErrorClass, VmmError
from capi_scvmm.gather import Look
from capi_scvmm.hooks import function_source
from capi_scvmm.kinds import InvalidField
from capi_scvmm.kinds.boot import BootFields
from capi_scvmm.session import NoAnswer, SaidNo


async def ask_function(look: Look, function: str) -> BootFields | VmmError:
    """Call *function* for a machine: what it determined, or why that cannot be had."""
    machine, vm, place, server = look.scope.machine, look.scope.vm, look.place, look.server
    assert vm is not None and place is not None, "the plan waits for them"
    assert server is not None and server.observer is not None, "without it nothing is known"
    try:
        answer = await server.observer.boot_fields(function, *told(machine, place, vm.name))
        return taken(answer.get("fields"), machine, place, vm.name, function_source(server.provider))
    except SaidNo as error:
        return error.error
    except NoAnswer as error:
        server.observer.doubt()
        return VmmError(str(error), ErrorClass.RETRY)
    except InvalidField as error:
        return VmmError(str(error))
