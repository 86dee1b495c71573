# SPDX-License-Identifier: Apache-2.0
"""The VMM server itself, operating systems, availability sets."""

from __future__ import annotations

from scvmm_sim.cmdlets.call import Call, Function, Outcome
from scvmm_sim.state.records import ServerRecord, SystemRecord


def get_server(call: Call) -> Outcome:
    """Connect: the name must be the server's own, its first label, or mean this machine."""
    server = call.world.all(ServerRecord)[0]
    wanted = (call.bound.text("ComputerName") or "").casefold()
    own = server.name.casefold()
    if wanted not in (own, own.split(".")[0], "localhost", ".", "127.0.0.1"):
        raise call.error(
            1602,
            f"Unable to connect to the VMM management server {wanted}: this one is {server.name}.",
            "Check the server's name and that its service runs.",
        )
    return Outcome([server])


def get_operating_system(call: Call) -> Outcome:
    """Operating systems by id or all of them: there is no -Name."""
    return Outcome(call.picked(SystemRecord, None))


def get_availability_sets(call: Call) -> Outcome:
    """Names of availability sets."""
    return Outcome(list(call.world.fabric.availability_sets))


FUNCTIONS: dict[str, Function] = {
    "Get-SCVMMServer": get_server,
    "Get-SCOperatingSystem": get_operating_system,
    "Get-SCAvailabilitySetName": get_availability_sets,
}
