# SPDX-License-Identifier: Apache-2.0
"""ScvmmPersistentDiskPool: persistent disks of which each machine that asks gets one."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any, Literal

from pydantic import Field

from capi_scvmm.kinds.conditions import Condition
from capi_scvmm.kinds.metadata import ObjectMeta, TemplateMeta
from capi_scvmm.kinds.model import EMPTY_IS_ABSENT, Model
from capi_scvmm.kinds.rules import ATOMIC, map_by, rule, rules
from capi_scvmm.kinds.scvmm_persistent_disk import POOL, PersistentDiskFields

NUMBER = "%d"


class LabelRequirement(Model):
    """A condition on one label."""

    key: str = Field(description="Key of the label.", min_length=1, max_length=317)
    operator: Literal["In", "NotIn", "Exists", "DoesNotExist"] = Field(
        description="In, NotIn: the label has, or has not, one of values. Exists, DoesNotExist: it is there or not."
    )
    values: tuple[Annotated[str, Field(max_length=63)], ...] = Field(
        default=(), description="Values for In and NotIn.", max_length=64, json_schema_extra=ATOMIC
    )

    def matches(self, labels: Mapping[str, str]) -> bool:
        """Whether *labels* meet the condition."""
        value = labels.get(self.key)
        match self.operator:
            case "In":
                return value in self.values
            case "NotIn":
                return value not in self.values
            case "Exists":
                return value is not None
            case _:
                return value is None


class LabelSelector(Model):
    """Which disks are meant, by their labels; all conditions together. An empty one means none."""

    match_labels: dict[str, str] = Field(default_factory=dict, description="Labels with their values.")
    match_expressions: tuple[LabelRequirement, ...] = Field(
        default=(), description="Further conditions.", max_length=32, json_schema_extra=ATOMIC
    )

    def matches(self, labels: Mapping[str, str]) -> bool:
        """Whether an object with *labels* is meant."""
        if not self.match_labels and not self.match_expressions:
            return False
        plain = all(labels.get(key) == value for key, value in self.match_labels.items())
        return plain and all(one.matches(labels) for one in self.match_expressions)


class PersistentDiskTemplateSpec(PersistentDiskFields):
    """The disks that are made."""

    filename: Annotated[str | None, Field(max_length=80), EMPTY_IS_ABSENT] = Field(
        default=None,
        description="Name of each disk's file; %d in it stands for the number of the disk. Default: the name of the "
        "pool, a dash, and the number.",
        json_schema_extra=rules(
            rule(
                "self == '' || self.matches('^([A-Za-z0-9]|%d)([A-Za-z0-9 ._-]|%d)*$')",
                "filename is the name of a file without a path: write letters, digits, blanks and . _ -, and %d for "
                "the number of the disk",
            ),
            rule(
                "self == '' || self.contains('%d')",
                "filename needs %d, the number of the disk: without it all disks would have one file; as data-%d",
            ),
        ),
    )


class PersistentDiskTemplate(Model):
    """What disks are made from."""

    metadata: TemplateMeta | None = Field(default=None, description="Labels and annotations of the disks.")
    spec: PersistentDiskTemplateSpec = Field(
        description="The disks that are made. A change is for disks that are made later."
    )


class ScvmmPersistentDiskPoolSpec(Model):
    """Which disks there are."""

    model_config = {
        "json_schema_extra": rules(
            rule(
                "has(self.template) || has(self.selector)",
                "a pool makes disks from template, or has those that selector means: add one of them",
            )
        )
    }

    max_disks: int = Field(
        default=0,
        description="How many disks the pool may have at most; machines beyond that wait. 0: no limit. Default: 0.",
        ge=0,
        le=2147483647,
    )
    selector: LabelSelector | None = Field(
        default=None,
        description="Labels of further ScvmmPersistentDisks of this namespace that belong to the pool. Those that the "
        "pool has made belong to it anyway.",
    )
    template: PersistentDiskTemplate | None = Field(
        default=None, description="What a new disk is made from when no disk is free. Without it none is made."
    )


class DiskCounts(Model):
    """How many disks there are, and what became of them."""

    total: int = Field(default=0, description="Disks of the pool.")
    free: int = Field(default=0, description="Disks that a machine can have.")
    used: int = Field(default=0, description="Disks that machines have.")


class ScvmmPersistentDiskPoolStatus(Model):
    """How many disks there are."""

    counts: DiskCounts | None = Field(default=None, description="How many disks there are, and what became of them.")
    conditions: tuple[Condition, ...] = Field(
        default=(),
        description="Ready: whether a machine can get a disk, a free one or a new one.",
        max_length=32,
        json_schema_extra=map_by("type"),
    )


class ScvmmPersistentDiskPool(Model):
    """Persistent disks of which each machine that refers to the pool gets one, and no two the same."""

    metadata: ObjectMeta = Field(description="Standard object metadata.")
    spec: ScvmmPersistentDiskPoolSpec = Field(description="Which disks there are.")
    status: ScvmmPersistentDiskPoolStatus = Field(
        default_factory=ScvmmPersistentDiskPoolStatus,
        description="How many disks there are. Written by the controller.",
    )

    def has(self, labels: Mapping[str, str]) -> bool:
        """Whether a disk with *labels* is one of the pool."""
        meant = self.spec.selector is not None and self.spec.selector.matches(labels)
        return meant or labels.get(POOL) == self.metadata.name

    def body(self, number: int) -> dict[str, Any]:
        """The disk with a *number*, as the API server is asked to make it; the pool must have a template."""
        template = self.spec.template
        assert template is not None, "without a template the pool makes no disks"
        name = f"{self.metadata.name}-{number}"
        spec = template.spec.to_dict()
        spec["filename"] = (template.spec.filename or f"{self.metadata.name}-{NUMBER}").replace(NUMBER, str(number))
        meta = template.metadata or TemplateMeta()
        return {
            "metadata": {
                "name": name,
                "namespace": self.metadata.namespace,
                "labels": {**meta.labels, POOL: self.metadata.name},
                "annotations": dict(meta.annotations),
            },
            "spec": spec,
        }
