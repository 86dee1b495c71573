# SPDX-License-Identifier: Apache-2.0
"""The VMM server itself, operating systems, availability sets."""

from __future__ import annotations

import hmac
from dataclasses import replace

from scvmm_sim.binder import Credential
from scvmm_sim.cmdlets.call import Call, Function, Outcome
from scvmm_sim.errors import CmdletError
from scvmm_sim.state.records import ServerRecord, SystemRecord


def get_server(call: Call) -> Outcome:
    """Connect: the name must be the server's own, its first label, or mean this machine; the user must be known."""
    server = call.world.all(ServerRecord)[0]
    wanted = (call.bound.text("ComputerName") or "").casefold()
    own = server.name.casefold()
    if wanted not in (own, own.split(".")[0], "localhost", ".", "127.0.0.1"):
        raise call.error(
            1602,
            f"Unable to connect to the VMM management server {wanted}: this one is {server.name}.",
            "Check the server's name and that its service runs.",
        )
    credential = call.bound.values.get("Credential")
    if isinstance(credential, Credential):
        if not _is_known(call, credential):
            raise _refused(call, f"The credentials provided have insufficient privileges on {server.name}.")
        return Outcome([replace(server, user=credential.username)])
    if call.world.fabric.server.needs_credential:
        raise _refused(
            call, f"The user of this session cannot be shown to {server.name}, and no credentials are given."
        )
    return Outcome([server])


def _is_known(call: Call, credential: Credential) -> bool:
    return any(
        user.username.casefold() == credential.username.casefold()
        and hmac.compare_digest(user.password.get_secret_value().encode(), credential.password.encode())
        for user in call.world.fabric.users
    )


def _refused(call: Call, message: str) -> CmdletError:
    action = "Check that the account has a role in VMM and that the console's host may use it."
    return call.error(1604, f"You cannot contact the VMM management server. {message}", action)


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
