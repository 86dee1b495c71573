# SPDX-License-Identifier: GPL-3.0-or-later
"""What the playbooks make of the variables that people set; pure, nothing of Ansible."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

_NOT_IN_MARK = re.compile(r"[\s\]]+")
_EXTENSIONS = {"floppy": ".vfd", "scsi": ".vhdx", "ide": ".vhdx"}
_NOT_IN_FILE = re.compile(r"[^A-Za-z0-9._-]+")


class InputError(ValueError):
    """A variable is missing or cannot be as given; the text names variable, value and remedy."""


def vm_options(vm: Any) -> dict[str, Any]:
    """Return the options of `capi.scvmm.vm` for a VM that is to be there, with a mark when none is given."""
    given = _mapping(vm)
    if not given.get("name"):
        raise InputError("scvmm_vm.name is missing. Set scvmm_vm to the options of the VM, with its name.")
    mark = _mark(given)
    return {**given, "owner": given.get("owner") or mark, "uid": given.get("uid") or mark}


def vm_identity(vm: Any) -> dict[str, Any]:
    """Return how modules find a VM that exists: its id and uid as given, else the uid that its name gives."""
    given = _mapping(vm)
    identity = {key: given[key] for key in ("id", "uid") if given.get(key)}
    if identity:
        return identity
    if not given.get("name"):
        raise InputError(
            "scvmm_vm does not say which VM. Set scvmm_vm.name, or scvmm_vm.id or scvmm_vm.uid for a VM "
            "that has another mark than ansible/<name>."
        )
    return {"uid": _mark(given)}


def vm_called(vm: Any) -> str:
    """Return what messages call the VM."""
    given = _mapping(vm)
    return "VM " + str(given.get("name") or given.get("uid") or given.get("id") or "without a name")


def medium_options(medium: Any, vm: Any) -> dict[str, Any]:
    """Return the options of `capi.scvmm.vm_media` for the VM's medium, with a file named after the VM when none is."""
    if medium is not None and not isinstance(medium, Mapping):
        raise InputError(
            f"scvmm_medium {medium!r} is no mapping. Give {{file, library_path, device, file_system}}, leave it "
            "out, or write false without quotes in a vars file when there is no medium."
        )
    given = {key: value for key, value in (medium or {}).items() if value is not None}
    if given.get("file"):
        return given
    name = _NOT_IN_FILE.sub("-", vm_called(vm).removeprefix("VM ")).strip("-.")
    return {**given, "file": f"cloud-init-{name}{_EXTENSIONS.get(given.get('device'), '.iso')}"}


def host_pattern(value: Any) -> Any:
    """Return scvmm_hosts, which hosts of the inventory to run for; all when it is not given."""
    if value is None:
        return "all"
    if not isinstance(value, (str, list)) or not value:
        raise InputError(f"scvmm_hosts {value!r} is no pattern of hosts. Give a name, a group or a list of them.")
    return value


def seconds(value: Any) -> int:
    """Return scvmm_wait as a number of seconds."""
    if isinstance(value, bool) or not re.fullmatch(r"\d{1,6}", str(value)):
        raise InputError(f"scvmm_wait {value!r} is no number of seconds. Give a whole number, 0 to wait for nothing.")
    return int(value)


def _mapping(vm: Any) -> Mapping[str, Any]:
    if vm is None:
        raise InputError("scvmm_vm is missing. Set it in a vars file (-e @vm.yml), with the VM's name at least.")
    if not isinstance(vm, Mapping):
        raise InputError(f"scvmm_vm {vm!r} is no mapping. Give keys and values, with the VM's name at least.")
    return vm


def _mark(given: Mapping[str, Any]) -> str:
    """The mark of a VM that a person names: neither white space nor a bracket may be in it."""
    return "ansible/" + _NOT_IN_MARK.sub("-", str(given["name"]))
