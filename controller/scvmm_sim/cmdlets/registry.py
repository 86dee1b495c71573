# SPDX-License-Identifier: Apache-2.0
"""Which function stands for which cmdlet."""

from __future__ import annotations

from scvmm_sim.cmdlets import (
    configuration,
    custom_property,
    disk,
    dvd,
    job,
    library,
    network_adapter,
    place,
    server,
    template,
    virtual_machine,
)
from scvmm_sim.cmdlets.call import Function

FUNCTIONS: dict[str, Function] = {
    **configuration.FUNCTIONS,
    **custom_property.FUNCTIONS,
    **disk.FUNCTIONS,
    **dvd.FUNCTIONS,
    **job.FUNCTIONS,
    **library.FUNCTIONS,
    **network_adapter.FUNCTIONS,
    **place.FUNCTIONS,
    **server.FUNCTIONS,
    **template.FUNCTIONS,
    **virtual_machine.FUNCTIONS,
}
