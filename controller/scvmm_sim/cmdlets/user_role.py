# SPDX-License-Identifier: Apache-2.0
"""User roles: listed, made, changed, removed."""

from __future__ import annotations

from scvmm_sim.binder import Reference
from scvmm_sim.cmdlets.call import Call, Function, Outcome
from scvmm_sim.state.records import CloudRecord
from scvmm_sim.state.user_role import UserRoleRecord


def get_role(call: Call) -> Outcome:
    """User roles by id, name, profile, or all."""
    profile = call.bound.text("UserRoleProfile")
    return Outcome([role for role in call.picked(UserRoleRecord) if profile in (None, role.profile)])


def new_role(call: Call) -> Outcome:
    """A user role without members; a name is used once."""
    bound, world = call.bound, call.world
    name = bound.text("Name") or ""
    if any(role.name.casefold() == name.casefold() for role in world.all(UserRoleRecord)):
        raise call.error(1613, f"A user role with the name {name} already exists.", "Choose another name.")
    role = UserRoleRecord(
        world.new_id(), name, bound.text("UserRoleProfile") or "", bound.text("Description") or "", []
    )
    world.changed(world.add(role))
    return Outcome([role])


def set_role(call: Call) -> Outcome:
    """Add members and clouds; the permitted actions become those that are given."""
    values, world = call.bound.values, call.world
    role = call.given(UserRoleRecord, "UserRole")
    for member in values.get("AddMember") or ():
        if "\\" not in member:
            raise call.error(
                1605, f"{member} is no account that Active Directory has.", "Give accounts as DOMAIN\\name."
            )
        if member not in role.members:
            role.members.append(member)
    for reference in values.get("AddScope") or ():
        cloud = world.need(CloudRecord, reference.id if isinstance(reference, Reference) else None, call.cmdlet)
        if cloud not in role.clouds:
            role.clouds.append(cloud)
    if "Permission" in values:
        role.permissions = list(values["Permission"])
    role.data_path = call.bound.text("UserRoleDataPath") or role.data_path
    world.changed(role)
    return Outcome([role])


def remove_role(call: Call) -> Outcome:
    """Remove a user role."""
    role = call.given(UserRoleRecord, "UserRole")
    call.world.discard(role)
    call.world.changed()
    return Outcome()


FUNCTIONS: dict[str, Function] = {
    "Get-SCUserRole": get_role,
    "New-SCUserRole": new_role,
    "Set-SCUserRole": set_role,
    "Remove-SCUserRole": remove_role,
}
