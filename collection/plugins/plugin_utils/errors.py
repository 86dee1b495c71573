# SPDX-License-Identifier: GPL-3.0-or-later
"""What an error means for whoever asked: one table from VMM's error numbers and our own ids to a class and a remedy.

Classes:

    retry           passes by itself: try again soon, a little later each time
    infrastructure  somebody must mend something outside of the request: report, try again slowly
    final           the request cannot succeed as it is: report, do not try again unchanged
    unreachable     nobody knows what happened: look before doing it again

Numbers and their meaning come from Microsoft's reference of VMM error codes and from programs that drive VMM.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

RETRY, INFRASTRUCTURE, FINAL, UNREACHABLE = "retry", "infrastructure", "final", "unreachable"


@dataclass(frozen=True)
class Meaning:
    """Class and remedy of an error."""

    kind: str
    remedy: str


_LOCKED = Meaning(RETRY, "Another job holds the object: wait for it.")
_AGENT = Meaning(
    RETRY, "VMM has lost a host's agent: it usually comes back; otherwise check the host and its VMM agent."
)
_SERVER = Meaning(RETRY, "The VMM server does not answer: check its service and the way to it (TCP 8100, WinRM).")
_DATABASE = Meaning(RETRY, "VMM's database is busy: wait.")
_IN_USE = Meaning(RETRY, "The object is in use: wait, or end what uses it.")
_RIGHTS = Meaning(FINAL, "Give the account the right in VMM (user role, scope, quota), or use another account.")
_PATH = Meaning(FINAL, "Correct the path or share, and check that it may be written.")

_NUMBERS: dict[int, Meaning] = {
    406: _RIGHTS,
    421: _RIGHTS,
    640: Meaning(RETRY, "Turn the VM off first (vm_power with state off)."),
    801: Meaning(
        RETRY, "The object is gone or not yet known to VMM: look again, and correct the name or id if it stays so."
    ),
    802: _IN_USE,
    1602: _SERVER,
    1604: _RIGHTS,
    2409: _PATH,
    2602: _LOCKED,
    2604: _DATABASE,
    2605: _DATABASE,
    2606: _LOCKED,
    2906: _PATH,
    2910: _PATH,
    2911: Meaning(INFRASTRUCTURE, "Free resources on the hosts, or place the VM elsewhere."),
    2912: _AGENT,
    2915: _AGENT,
    2916: _AGENT,
    2917: _PATH,
    2927: _AGENT,
    2931: _AGENT,
    10632: Meaning(FINAL, "Put the disk or drive on a bus that the VM's generation has (generation 2: SCSI only)."),
    12416: Meaning(
        FINAL, "A parameter is wrong, often the name of an object that does not exist: correct the request."
    ),
    12700: Meaning(RETRY, "The host could not do it: read the nested error; it may pass."),
    12710: _RIGHTS,
    12711: Meaning(FINAL, "The cluster resource is missing: repair the cluster and refresh it in VMM."),
    13926: Meaning(RETRY, "A refresh gave a warning: look again."),
    20506: _SERVER,
    23007: Meaning(RETRY, "The limit of simultaneous migrations is reached: wait."),
    23234: Meaning(RETRY, "A refresh gave a warning: look again."),
    25310: Meaning(RETRY, "VMM's process for this user did not start: wait."),
}

_ACCESS_DENIED = "0x80070005"
_HOST_DENIES = Meaning(
    FINAL, "The host is denied access: give it the right, or constrained delegation for files on a share."
)

_IDS: dict[str, Meaning] = {
    "CapiScvmm.BadRequest": Meaning(FINAL, "Correct the field that the message names."),
    "CapiScvmm.UnknownOperation": Meaning(FINAL, "Bring collection and PowerShell module to the same version."),
    "CapiScvmm.NotFound": Meaning(FINAL, "Create the object in VMM or correct its name."),
    "CapiScvmm.Ambiguous": Meaning(FINAL, "Name the object by its full path, or rename one of them in VMM."),
    "CapiScvmm.NotOurs": Meaning(FINAL, "The VM belongs to another owner: correct id or uid."),
    "CapiScvmm.NoPlacement": Meaning(
        INFRASTRUCTURE, "Free resources where the message says, or place the VM elsewhere."
    ),
    "CapiScvmm.Busy": Meaning(RETRY, "Another session is creating this VM: wait, then look again."),
    "CapiScvmm.BadOptions": Meaning(FINAL, "Correct the option that the message names."),
    "CapiScvmm.LoginRefused": Meaning(
        INFRASTRUCTURE,
        "Correct user and password, unlock the account, and see that it may use PowerShell remoting there.",
    ),
    "CapiScvmm.EndpointUnfit": Meaning(
        INFRASTRUCTURE, "Correct port, path and configuration, or the endpoint's set-up."
    ),
    "CapiScvmm.Unreachable": Meaning(
        UNREACHABLE, "Check that the exec host runs and that its WinRM port is open from here."
    ),
    "CapiScvmm.TimedOut": Meaning(
        UNREACHABLE, "Look what has become of it, then ask again, with more time if need be."
    ),
    "CapiScvmm.SessionFailed": Meaning(UNREACHABLE, "See the broker's log in the runtime folder."),
}

# PowerShell's own ids, without the class name behind the comma.
_POWERSHELL_IDS: dict[str, Meaning] = {
    "Modules_ModuleNotFound": Meaning(INFRASTRUCTURE, "Install the VMM console on the exec host."),
    "CommandNotFoundException": Meaning(INFRASTRUCTURE, "Install the VMM console on the exec host, in VMM's version."),
}

_UNKNOWN = Meaning(INFRASTRUCTURE, "This error is not in our table: follow VMM's own words.")


_SHAPE: dict[str, Any] = {
    "number": None,
    "id": None,
    "category": None,
    "message": "",
    "recommended_action": None,
    "operation": None,
    "object": None,
}


def meaning(number: int | None, identity: str | None = None, message: str = "") -> Meaning:
    """The meaning of VMM's error *number*, or without one of our own id *identity*."""
    if number == 12700 and _ACCESS_DENIED in message.lower():
        return _HOST_DENIES
    if number is not None:
        return _NUMBERS.get(number, _UNKNOWN)
    known = _IDS.get(identity or "") or _POWERSHELL_IDS.get((identity or "").partition(",")[0])
    return known or _UNKNOWN


def explain(error: Mapping[str, Any]) -> dict[str, Any]:
    """*error* as an operation or a session gave it, in full shape, with `class` and `remedy`."""
    found = meaning(error.get("number"), error.get("id"), str(error.get("message") or ""))
    return {**_SHAPE, **error, "class": found.kind, "remedy": found.remedy}


def explain_jobs(result: Mapping[str, Any]) -> dict[str, Any]:
    """*result* with `class` and `remedy` in the error of every job that it holds."""
    return {name: _explained(value) for name, value in result.items()}


def _explained(value: Any) -> Any:
    if isinstance(value, list):
        return [_explained(item) for item in value]
    if not isinstance(value, Mapping):
        return value
    held = {name: _explained(item) for name, item in value.items()}
    # A job is known by its shape: nothing else has both of these.
    if "is_completed" in held and isinstance(held.get("error"), dict):
        found = meaning(held["error"].get("number"), None, str(held["error"].get("message") or ""))
        held["error"] = {**held["error"], "class": found.kind, "remedy": found.remedy}
    return held


def sentence(error: Mapping[str, Any]) -> str:
    """An explained *error* for people: the object, the obstacle, the remedy."""
    head = " of ".join(str(error[name]) for name in ("operation", "object") if error.get(name))
    number = f" (VMM error {error['number']})" if error.get("number") is not None else ""
    parts = [str(error.get("message") or "no message").strip().rstrip(".") + number + "."]
    for name in ("recommended_action", "remedy"):
        text = str(error.get(name) or "").strip()
        if text and text not in parts:
            parts.append(text)
    return f"{head}: {' '.join(parts)}" if head else " ".join(parts)
