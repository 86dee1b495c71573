# SPDX-License-Identifier: Apache-2.0
"""Which function stands for which cmdlet."""

from __future__ import annotations

from scvmm_sim.cmdlets import (
    address_pool,
    checkpoint,
    configuration,
    custom_property,
    disk,
    disk_change,
    disk_removal,
    dvd,
    floppy,
    job,
    library,
    network_adapter,
    place,
    server,
    storage,
    template,
    user_role,
    virtual_machine,
)
from scvmm_sim.cmdlets.call import Function

FUNCTIONS: dict[str, Function] = {
    **checkpoint.FUNCTIONS,
    **address_pool.FUNCTIONS,
    **configuration.FUNCTIONS,
    **custom_property.FUNCTIONS,
    **disk.FUNCTIONS,
    **disk_change.FUNCTIONS,
    **disk_removal.FUNCTIONS,
    **dvd.FUNCTIONS,
    **floppy.FUNCTIONS,
    **job.FUNCTIONS,
    **library.FUNCTIONS,
    **network_adapter.FUNCTIONS,
    **place.FUNCTIONS,
    **server.FUNCTIONS,
    **storage.FUNCTIONS,
    **template.FUNCTIONS,
    **user_role.FUNCTIONS,
    **virtual_machine.FUNCTIONS,
}
