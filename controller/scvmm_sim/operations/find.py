# SPDX-License-Identifier: Apache-2.0
"""Finding VMs by id or mark, never by name; and other objects by their exact name."""

from __future__ import annotations

from scvmm_sim.errors import CmdletError
from scvmm_sim.operations.fields import BAD_REQUEST, Fields, OperationError
from scvmm_sim.operations.session import Object, Session
from scvmm_sim.operations.shapes import split_description


def find_vm(session: Session, request: Fields) -> Object | None:
    """The VM that a request means: by VMM's id, else by the uid in the mark."""
    vm_id, uid = request.guid("id"), request.text("uid")
    if not vm_id and not uid:
        raise OperationError(BAD_REQUEST, "Fields 'id' and 'uid' are missing. Give at least one of them.")
    vm = vm_by_id(session, vm_id) if vm_id else None
    if vm is not None and uid:
        marked = split_description(vm["Description"]).uid
        if marked and marked != uid:
            raise OperationError(
                "CapiScvmm.NotOurs",
                f"VM {vm['Name']} ({vm_id}) carries the uid '{marked}', not '{uid}': it belongs to somebody else. "
                "Correct the id.",
            )
    if vm is None and uid:
        vm = vm_by_uid(session, uid)
    return vm


def need_vm(session: Session, request: Fields) -> Object:
    """As find_vm; a VM that is not there is an error."""
    vm = find_vm(session, request)
    if vm is None:
        message = f"There is no VM with id '{request.guid('id') or ''}' or uid '{request.text('uid') or ''}'."
        raise OperationError(
            "CapiScvmm.NotFound", f"{message} It was removed, or never created.", category="ObjectNotFound"
        )
    return vm


def vm_by_id(session: Session, vm_id: str) -> Object | None:
    """The VM with VMM's object id. VMM says "not found" with nothing, or with error 801."""
    try:
        found = session.all("Get-SCVirtualMachine", ID=vm_id)
    except CmdletError as error:
        if error.number == 801:
            return None
        raise
    return next((vm for vm in found if vm["ID"] == vm_id), None)


def vm_by_uid(session: Session, uid: str) -> Object | None:
    """The VM whose mark has the uid. VMM cannot search descriptions, so all are looked through."""
    needle = f" uid={uid}]"
    found = [
        vm
        for vm in session.all("Get-SCVirtualMachine")
        if needle in vm["Description"] and split_description(vm["Description"]).uid == uid
    ]
    if len(found) > 1:
        listed = ", ".join(f"{vm['Name']} ({vm['ID']})" for vm in found)
        raise OperationError(
            "CapiScvmm.Ambiguous",
            f"Several VMs carry the uid '{uid}': {listed}. Remove the mark from all but one of them.",
        )
    return found[0] if found else None


def named(items: list[Object], kind: str, name: str) -> Object:
    """The one object that has the name, compared here because VMM's -Name takes wildcards."""
    found = [item for item in items if str(item["Name"]).casefold() == name.casefold()]
    if len(found) == 1:
        return found[0]
    if not found:
        raise OperationError(
            "CapiScvmm.NotFound",
            f"There is no {kind} '{name}' in VMM, or this user may not see it. Correct the name or create it.",
            category="ObjectNotFound",
        )
    listed = ", ".join(str(item.get("Path") or item.get("SharePath") or item["ID"]) for item in found)
    raise OperationError(
        "CapiScvmm.Ambiguous",
        f"Several objects of kind {kind} have the name '{name}': {listed}. "
        "Give one of them another name, or its path where a path is taken.",
    )


def host_group(session: Session, name: str) -> Object:
    """The host group with the name or, when the text has a backslash, with the path."""
    known = session.all("Get-SCVMHostGroup")
    if "\\" in name:
        found = [group for group in known if group["Path"].casefold() == name.casefold()]
        if len(found) == 1:
            return found[0]
    return named(known, "host group", name)
