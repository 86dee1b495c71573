# SPDX-License-Identifier: Apache-2.0
"""The parts of Kubernetes' object metadata that the controller reads."""

from __future__ import annotations

from pydantic import Field

from capi_scvmm.kinds.model import Model, Time
from capi_scvmm.kinds.rules import ATOMIC


class OwnerReference(Model):
    """An object that owns this one."""

    api_version: str = Field(default="", description="API group and version of the owner.")
    kind: str = Field(default="", description="Kind of the owner.")
    name: str = Field(default="", description="Name of the owner, in the same namespace.")
    uid: str = Field(default="", description="UID of the owner.")
    controller: bool = Field(default=False, description="Whether the owner is the managing controller.")


class ObjectMeta(Model):
    """Name, identity, labels and life of an object."""

    name: str = Field(default="", description="Name of the object.")
    namespace: str = Field(default="", description="Namespace of the object.")
    uid: str = Field(default="", description="Identity of the object; another one when it is created again.")
    generation: int = Field(default=0, description="Grows with every change of the spec.")
    resource_version: str = Field(default="", description="Changes with every write of the object.")
    creation_timestamp: Time | None = Field(default=None, description="When the object was created.")
    deletion_timestamp: Time | None = Field(default=None, description="When the deletion was asked for.")
    labels: dict[str, str] = Field(default_factory=dict, description="Labels.")
    annotations: dict[str, str] = Field(default_factory=dict, description="Annotations.")
    finalizers: tuple[str, ...] = Field(default=(), description="Names of those who still have to clean up.")
    owner_references: tuple[OwnerReference, ...] = Field(
        default=(), description="Owners of the object.", json_schema_extra=ATOMIC
    )


class TemplateMeta(Model):
    """Labels and annotations that objects made from a template get."""

    labels: dict[str, str] = Field(default_factory=dict, description="Labels that each object made from it gets.")
    annotations: dict[str, str] = Field(
        default_factory=dict, description="Annotations that each object made from it gets."
    )
