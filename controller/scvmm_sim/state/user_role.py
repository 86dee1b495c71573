# SPDX-License-Identifier: Apache-2.0
"""User roles of VMM: who may do what, where. The simulator keeps them and does not enforce them."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import ClassVar

from scvmm_sim.state.records import CloudRecord, Record, View


@dataclass(eq=False)
class UserRoleRecord(Record):
    """A user role with its members, clouds and permitted actions."""

    type_name: ClassVar[str] = "UserRole"
    profile: str = "SelfServiceUser"
    description: str = ""
    members: list[str] = field(default_factory=list)
    clouds: list[CloudRecord] = field(default_factory=list)
    permissions: list[str] = field(default_factory=list)
    data_path: str | None = None

    def brief(self) -> View:
        """The role; one for self service is of a class of its own."""
        kind = "SelfServiceUserRole" if self.profile == "SelfServiceUser" else self.type_name
        return {**super().brief(), "_type": kind}

    def view(self) -> View:
        """VMM's UserRole."""
        return {
            **self.brief(),
            "Description": self.description,
            "Profile": self.profile,
            "UserRoleProfile": self.profile,
            "Members": [{"Name": member} for member in self.members],
            "Cloud": [cloud.brief() for cloud in self.clouds],
            "Permission": list(self.permissions),
            "UserRoleDataPath": self.data_path,
        }
