# SPDX-License-Identifier: GPL-3.0-or-later
"""The table of errors: VMM's numbers, what hosts report inside them, and our own ids. Data only; errors.py reads it.

Classes:

    retry           passes by itself: try again soon, a little later each time
    infrastructure  somebody must mend something outside of the request: report, try again slowly
    final           the request cannot succeed as it is: report, do not try again unchanged
    unreachable     nobody knows what happened: look before doing it again

Numbers and their meaning come from Microsoft's reference of VMM error codes and support articles, and from programs
that drive VMM. `doubtful` marks what only one weak source says. docs/errors.md is made of this table.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

RETRY, INFRASTRUCTURE, FINAL, UNREACHABLE = "retry", "infrastructure", "final", "unreachable"

NOBODY = "nobody: it passes"
VMM = "VMM administrator"
HOSTS = "Hyper-V administrator"
STORAGE = "storage administrator"
NETWORK = "network administrator"
ACCOUNTS = "administrator of the account"
AUTHOR = "author of the request"
OPERATOR = "operator of Ansible or the controller"

ONCE, FEW = 1, 3


@dataclass(frozen=True)
class Meaning:
    """What an error means, its class, what helps and who can do that.

    *attempts*: how often an error of class retry is tried again soon; then it is reported and tried again slowly.
    None: for as long as it lasts.
    """

    what: str
    kind: str
    who: str
    remedy: str
    attempts: int | None = None
    doubtful: bool = False


_LOCKED = Meaning("The object is locked by another job.", RETRY, NOBODY, "Another job holds the object: wait for it.")
_SERVER = Meaning(
    "The VMM server, or WinRM on it, does not answer.",
    RETRY,
    VMM,
    "The VMM server does not answer: check its service and the way to it (TCP 8100, WinRM).",
)
_DATABASE = Meaning(
    "VMM's database is busy or out of reach.",
    RETRY,
    VMM,
    "VMM's database is busy: wait; when it lasts, check SQL Server.",
    doubtful=True,
)
_AGENT = Meaning(
    "VMM has lost the connection to a host's agent.",
    RETRY,
    HOSTS,
    "VMM has lost a host's agent: it usually comes back; otherwise check the host, its WinRM and its VMM agent.",
)
_RIGHTS = Meaning(
    "The account lacks a right in VMM or on a host.",
    FINAL,
    VMM,
    "Give the account the right in VMM (user role, scope, quota), or use another account.",
)
_PATH = Meaning(
    "A path or share is wrong, or may not be used.",
    FINAL,
    STORAGE,
    "Correct the path or share, and check that VMM may read and write it.",
)
_WARNING = Meaning("A refresh ended with a warning.", RETRY, NOBODY, "A refresh gave a warning: look again.")

NUMBERS: dict[int, Meaning] = {
    406: _RIGHTS,
    421: replace(
        _RIGHTS,
        what="VMM has no access to a host, or its agent's WS-Management is not set up.",
        who=HOSTS,
        remedy="Give VMM's account for the host administrative rights there, and check WinRM's configuration.",
    ),
    640: Meaning(
        "The VM has to be off for this.", RETRY, NOBODY, "Turn the VM off first (vm_power with state off).", FEW
    ),
    801: Meaning(
        "VMM cannot find the object. On removal: it is gone, and that is what was wanted.",
        RETRY,
        AUTHOR,
        "The object is gone or not yet known to VMM: look again, and correct the name or id if it stays so.",
        ONCE,
    ),
    802: Meaning(
        "The object is in use by something else.",
        RETRY,
        VMM,
        "The object is in use: wait, or end what uses it.",
        ONCE,
    ),
    1602: _SERVER,
    1604: replace(_RIGHTS, what="The account may not connect to the VMM server."),
    1730: Meaning(
        "The VM is not in a state in which this can be done.",
        RETRY,
        VMM,
        "Wait for what is under way; see the VM's status in VMM, and repair it there when a failed job is left.",
        FEW,
    ),
    2409: _PATH,
    2602: _LOCKED,
    2604: _DATABASE,
    2605: _DATABASE,
    2606: _LOCKED,
    2906: _PATH,
    2910: replace(_PATH, what="VMM may not use a file or folder on a server."),
    2911: Meaning(
        "The host has not enough resources.",
        INFRASTRUCTURE,
        HOSTS,
        "Free resources on the hosts, or place the VM elsewhere.",
    ),
    2912: replace(
        _AGENT,
        what="Internal error when contacting a host's agent.",
        remedy="It may pass; otherwise check WinRM and the VMM agent on the host, by the nested error.",
        attempts=FEW,
    ),
    2915: replace(_AGENT, what="WinRM on a host could not process VMM's request."),
    2916: _AGENT,
    2917: _PATH,
    2927: replace(_AGENT, what="A host's hardware management (WinRM) could not be contacted."),
    2931: _AGENT,
    10632: Meaning(
        "The disk or drive does not fit the bus.",
        FINAL,
        AUTHOR,
        "Put the disk or drive on a bus that the VM's generation has (generation 2: SCSI only).",
    ),
    12416: Meaning(
        "A parameter is wrong, often because an object of that name was not found.",
        FINAL,
        AUTHOR,
        "A parameter is wrong, often the name of an object that does not exist: correct the request.",
    ),
    12700: Meaning(
        "An operation on the host failed; the nested error says of what.",
        RETRY,
        HOSTS,
        "The host could not do it: read the nested error; it may pass.",
        FEW,
    ),
    12710: _RIGHTS,
    12711: Meaning(
        "A resource of the host cluster is missing.",
        FINAL,
        HOSTS,
        "The cluster resource is missing: repair the cluster and refresh it in VMM.",
    ),
    13926: _WARNING,
    20413: Meaning(
        "VMM's service met an unexpected error and wrote a report of it.",
        INFRASTRUCTURE,
        VMM,
        "See the report that the message names, and VMM's event log; update VMM if the error is known.",
    ),
    20506: _SERVER,
    23007: Meaning(
        "The limit of simultaneous migrations is reached.",
        RETRY,
        NOBODY,
        "The limit of simultaneous migrations is reached: wait.",
    ),
    23234: _WARNING,
    25310: Meaning(
        "VMM's process for this user did not connect in time.",
        RETRY,
        VMM,
        "VMM's process for this user did not start: wait; when it lasts, free memory on the VMM server.",
    ),
}

# A number that wraps whatever the host said: the nested HRESULT decides, where it is known.
WRAPPING = frozenset({12700})
_NO_MEMORY = Meaning(
    "The host has not enough memory or other resources.",
    INFRASTRUCTURE,
    HOSTS,
    "Free memory on the host, or place the VM elsewhere.",
)
_NO_FILE = Meaning(
    "A file or folder of the VM is not there.",
    INFRASTRUCTURE,
    STORAGE,
    "Bring the file back, or see that the host can reach its storage.",
)
HRESULTS: dict[str, Meaning] = {
    "0x80070002": _NO_FILE,
    "0x80070003": _NO_FILE,
    "0x80070005": Meaning(
        "The host is denied access.",
        FINAL,
        HOSTS,
        "The host is denied access: give it the right, or constrained delegation for files on a share.",
    ),
    "0x80070008": _NO_MEMORY,
    "0x8007000e": _NO_MEMORY,
    "0x80070020": Meaning(
        "A file of the VM is open elsewhere, for example in a backup.",
        RETRY,
        STORAGE,
        "A file is in use: wait for the backup or scan that holds it, or end it.",
        FEW,
    ),
    "0x80070070": Meaning(
        "The volume is full.", INFRASTRUCTURE, STORAGE, "Free space on the volume, or place the VM elsewhere."
    ),
    "0x800705aa": _NO_MEMORY,
}

_VERSIONS = "Bring collection and PowerShell module to the same version."
IDS: dict[str, Meaning] = {
    "CapiScvmm.BadRequest": Meaning(
        "A field of the request is missing or wrong.", FINAL, AUTHOR, "Correct the field that the message names."
    ),
    "CapiScvmm.UnknownOperation": Meaning(
        "The installed PowerShell module does not know the operation.", FINAL, OPERATOR, _VERSIONS
    ),
    "CapiScvmm.NotFound": Meaning(
        "VMM has no object of that name.", FINAL, AUTHOR, "Create the object in VMM or correct its name."
    ),
    "CapiScvmm.Ambiguous": Meaning(
        "Several objects in VMM have that name.",
        FINAL,
        AUTHOR,
        "Name the object by its full path, or rename one of them in VMM.",
    ),
    "CapiScvmm.NotOurs": Meaning(
        "The VM carries the mark of another owner.",
        FINAL,
        AUTHOR,
        "The VM belongs to another owner: correct id or uid.",
    ),
    "CapiScvmm.NameInUse": Meaning(
        "Another VM has the name, and the VM was to be created only under a name of its own (unique_name).",
        FINAL,
        AUTHOR,
        "Choose another name. A machine whose name comes from a ScvmmNamePool gets the next one by itself.",
    ),
    "CapiScvmm.NoPlacement": Meaning(
        "Placement rates every host with 0; the message lists VMM's reasons.",
        INFRASTRUCTURE,
        HOSTS,
        "Free resources where the message says, or place the VM elsewhere.",
    ),
    "CapiScvmm.HasCheckpoints": Meaning(
        "The VM has checkpoints, on whose files its disks hang.",
        FINAL,
        AUTHOR,
        "Remove the VM's checkpoints first (vm_checkpoint), or leave its disks as they are.",
    ),
    "CapiScvmm.Busy": Meaning(
        "Another session holds the lock of this VM.",
        RETRY,
        NOBODY,
        "Another session is creating this VM: wait, then look again.",
    ),
    "CapiScvmm.BadOptions": Meaning(
        "An option of the connection is missing or wrong.",
        FINAL,
        OPERATOR,
        "Correct the option that the message names.",
    ),
    "CapiScvmm.LoginRefused": Meaning(
        "The exec host does not accept user and password.",
        INFRASTRUCTURE,
        ACCOUNTS,
        "Correct user and password, unlock the account, and see that it may use PowerShell remoting there.",
    ),
    "CapiScvmm.EndpointUnfit": Meaning(
        "The exec host answers, but not to our operations.",
        INFRASTRUCTURE,
        VMM,
        "Correct port, path and configuration, or the endpoint's set-up.",
    ),
    "CapiScvmm.Unreachable": Meaning(
        "No connection to the exec host, or it broke.",
        UNREACHABLE,
        NETWORK,
        "Check that the exec host runs and that its WinRM port is open from here.",
    ),
    "CapiScvmm.TimedOut": Meaning(
        "No answer in time; what was done is not known.",
        UNREACHABLE,
        VMM,
        "Look what has become of it, then ask again, with more time if need be.",
    ),
    "CapiScvmm.LibraryMissing": Meaning(
        "The control node lacks a Python library that sessions need.",
        INFRASTRUCTURE,
        OPERATOR,
        "Install it for the Python that runs Ansible.",
    ),
    "CapiScvmm.ShareUnreachable": Meaning(
        "No connection to the file server of the library share, or it broke.",
        RETRY,
        NETWORK,
        "Check that the file server runs and that its SMB port is open from here.",
        FEW,
    ),
    "CapiScvmm.ShareLoginRefused": Meaning(
        "The file server of the library share does not accept user and password.",
        INFRASTRUCTURE,
        ACCOUNTS,
        "Correct user and password, unlock the account, and see that it may log in to the file server.",
    ),
    "CapiScvmm.ShareUnfit": Meaning(
        "The file server cannot sign or encrypt as is demanded.",
        FINAL,
        STORAGE,
        "Let the file server sign and encrypt SMB (version 3), let in no guests, or demand less.",
    ),
    "CapiScvmm.ShareMissing": Meaning(
        "The file server has no such share.",
        FINAL,
        STORAGE,
        "Correct the library path, or share the folder under that name.",
    ),
    "CapiScvmm.ShareDenied": Meaning(
        "The account may not write to the library share.",
        FINAL,
        STORAGE,
        "Give the account the right to change files there, in the share's and the folder's permissions.",
    ),
    "CapiScvmm.ShareFull": Meaning(
        "The volume of the library share, or the account's quota there, is full.",
        INFRASTRUCTURE,
        STORAGE,
        "Free space on the volume, or raise the quota.",
    ),
    "CapiScvmm.MediumInUse": Meaning(
        "Somebody holds the medium's file on the library share open.",
        RETRY,
        STORAGE,
        "Wait for the upload, backup or scan that holds the file, or end it.",
        FEW,
    ),
    "CapiScvmm.ShareTrouble": Meaning(
        "The file server of the library share refuses for a reason that is not in this table.",
        RETRY,
        STORAGE,
        "Look up the status that the message names in the file server's log.",
        FEW,
    ),
    "CapiScvmm.NotIndexed": Meaning(
        "A medium was written to the share, and VMM's library does not show it.",
        RETRY,
        VMM,
        "Refresh the library share in VMM, and see that the folder is on the share that VMM knows.",
        FEW,
    ),
    "CapiScvmm.Damaged": Meaning(
        "A file of the module is not what was written a moment before.",
        INFRASTRUCTURE,
        VMM,
        "Look for a program on the exec host that changes files there, such as a virus scanner.",
    ),
    "CapiScvmm.NotStarted": Meaning(
        "The exec host did not start the restart of WinRM.",
        INFRASTRUCTURE,
        VMM,
        "Restart the service WinRM on the exec host by hand.",
    ),
    "CapiScvmm.SessionFailed": Meaning(
        "The session broker failed.", UNREACHABLE, OPERATOR, "See the broker's log in the runtime folder."
    ),
}

# PowerShell's own ids, without the class name behind the comma.
POWERSHELL_IDS: dict[str, Meaning] = {
    "Modules_ModuleNotFound": Meaning(
        "The exec host has no VMM console.", INFRASTRUCTURE, VMM, "Install the VMM console on the exec host."
    ),
    "CommandNotFoundException": Meaning(
        "A VMM cmdlet is missing on the exec host.",
        INFRASTRUCTURE,
        VMM,
        "Install the VMM console on the exec host, in VMM's version.",
    ),
}

# VMM's own words are kept and shown; nobody is named, since nobody knows who it is.
UNKNOWN = Meaning("Not in this table.", INFRASTRUCTURE, "", "This error is not in our table: follow VMM's own words.")
