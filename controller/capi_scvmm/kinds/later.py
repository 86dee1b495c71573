# SPDX-License-Identifier: Apache-2.0
"""Which fields of an object are set although their behaviour comes with a later release."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from capi_scvmm.kinds.model import Model, json_name
from capi_scvmm.kinds.schema import later_mark
from capi_scvmm.kinds.scvmm_cluster import ScvmmCluster
from capi_scvmm.kinds.scvmm_machine import ScvmmMachine
from capi_scvmm.kinds.scvmm_provider import ScvmmProvider


def later_fields(thing: ScvmmMachine | ScvmmCluster | ScvmmProvider) -> list[str]:
    """Paths, as spec.disks[0].persistentDisk, of the fields that are accepted but do nothing yet."""
    return list(_marked(thing.spec, "spec"))


def _marked(value: object, path: str) -> Iterator[str]:
    if isinstance(value, Model):
        for name, part, applies in _fields(value):
            if applies:
                yield f"{path}.{name}"
            else:
                yield from _marked(part, f"{path}.{name}")
    elif isinstance(value, tuple):
        for index, part in enumerate(value):
            yield from _marked(part, f"{path}[{index}]")
    elif isinstance(value, Mapping):
        for key, part in value.items():
            yield from _marked(part, f"{path}[{key}]")


def _fields(model: Model) -> Iterator[tuple[str, Any, bool]]:
    """JSON name, value, and whether that value comes later, of each field."""
    for name, field in type(model).model_fields.items():
        value = getattr(model, name)
        mark = later_mark(field)
        yield json_name(name), value, mark is not None and mark.applies(value)
