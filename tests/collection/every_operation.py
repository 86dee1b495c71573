# SPDX-License-Identifier: Apache-2.0
"""Tasks for every operation of every module, made from the declarations: a module that is new is among them."""

from __future__ import annotations

import base64
import gzip
import importlib
import pkgutil
from collections.abc import Iterator
from typing import Any

from .life import UID, WISH
from .plays import task

import ansible_collections.capi.scvmm.plugins.action as actions  # isort: skip
from ansible_collections.capi.scvmm.plugins.plugin_utils.declaration import Declaration, Operation  # isort: skip
from ansible_collections.capi.scvmm.plugins.plugin_utils.endpoint_action import EndpointAction  # isort: skip
from ansible_collections.capi.scvmm.plugins.plugin_utils.operation_action import OperationAction  # isort: skip

VALUES: dict[str, Any] = {
    "uid": UID,
    "owner": WISH["owner"],
    "name": WISH["name"],
    "file": "small.iso",
    "content": base64.b64encode(gzip.compress(b"a small medium", mtime=0)).decode(),
    "uids": [UID],
    "ids": ["5b3c4c5e-5f0e-4a5b-9a0a-1f6f3c0f8d99"],
}
"""What an option that is needed gets when its type does not tell enough; it is about the VM of life.py."""
_OF_TYPE: dict[str, Any] = {"str": "some", "int": 1, "float": 1.0, "bool": True, "list": ["some"], "dict": {}}


def declarations() -> dict[str, Declaration]:
    """The declaration of every module that calls an operation on VMM."""
    found = {}
    for item in pkgutil.iter_modules(actions.__path__):
        action = importlib.import_module(f"{actions.__name__}.{item.name}").ActionModule
        if issubclass(action, OperationAction) and not issubclass(action, EndpointAction):
            found[item.name] = action.declaration
    return found


def checks() -> dict[str, dict[str, Any]]:
    """A task in check mode for every operation, by a name that tells module, operation and state."""
    return {
        name: task(name, module, check=True, **_options(table, state, operation))
        for module, table in declarations().items()
        for state, operation in table.operations.items()
        for name in (f"{module} {operation.name} {state or ''}".strip(),)
    }


def _options(table: Declaration, state: str | None, operation: Operation) -> dict[str, Any]:
    """The options without which the operation is not accepted."""
    needed = {name for name, option in table.options.items() if option.get("required")}
    needed |= set(operation.required)
    needed |= {name for name in operation.one_of if name in VALUES}
    if operation.one_of and not needed & set(operation.one_of):
        needed.add(operation.one_of[0])
    needed |= set(_constrained(table, state, needed))
    if operation.reads and not needed:
        needed = set(operation.fields) & VALUES.keys()  # not asked for anything, it tells nothing
    given = {name: _value(name, table.options[name]) for name in sorted(needed) if name in table.options}
    return {**given, "state": state} if state is not None else given


def _constrained(table: Declaration, state: str | None, needed: set[str]) -> Iterator[str]:
    """What the constraints ask for besides: of alternatives the first."""
    for names in table.constraints.get("required_one_of", ()):
        if not needed & set(names):
            yield names[0]
    for option, value, names, *any_of in table.constraints.get("required_if", ()):
        if option == "state" and value == state and not (any_of and any_of[0] and needed & set(names)):
            yield from names[:1] if any_of and any_of[0] else names


def _value(name: str, option: dict[str, Any]) -> Any:
    if name in VALUES:
        return VALUES[name]
    return option["choices"][0] if option.get("choices") else _OF_TYPE[option["type"]]
