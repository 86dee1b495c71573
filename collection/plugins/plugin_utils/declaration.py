# SPDX-License-Identifier: GPL-3.0-or-later
"""A module as a table: its options, and the operation and request that they become. Pure, nothing of Ansible."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

Parameters = Mapping[str, Any]
Result = Mapping[str, Any]
BeforeAfter = tuple[dict[str, Any], dict[str, Any]]

COMMON_OPTIONS: dict[str, dict[str, Any]] = {"timeout": {"type": "float"}}


@dataclass(frozen=True)
class Operation:
    """One operation of docs/operations.md as a module uses it.

    *fields* are the options that go into the request under their own names; *required* and *one_of* are what it needs
    of them; *reads* says that it never changes anything; *change* tells what it has changed, for a diff.
    """

    name: str
    fields: tuple[str, ...]
    required: tuple[str, ...] = ()
    one_of: tuple[str, ...] = ()
    reads: bool = False
    change: Callable[[Parameters, Result], BeforeAfter] | None = None


@dataclass(frozen=True, eq=False)
class Declaration:
    """A module: *operations* by the value of its option `state`, or by None when it has but one."""

    options: dict[str, dict[str, Any]]
    operations: Mapping[str | None, Operation]
    constraints: dict[str, Any] = field(default_factory=dict)

    @property
    def argument_spec(self) -> dict[str, dict[str, Any]]:
        """All options as Ansible's argument specification."""
        return {**self.options, **COMMON_OPTIONS}

    def operation(self, parameters: Parameters) -> Operation:
        """The operation that *parameters* ask for."""
        return self.operations[
            parameters.get("state") if len(self.operations) > 1 or None not in self.operations else None
        ]


def missing(operation: Operation, parameters: Parameters) -> str | None:
    """What *operation* lacks, in words, or None."""
    for name in operation.required:
        if parameters.get(name) is None:
            return f"option {name} is missing; {operation.name} needs it"
    if operation.one_of and all(parameters.get(name) is None for name in operation.one_of):
        return f"one of the options {', '.join(operation.one_of)} is missing; {operation.name} needs it"
    return None


def request_of(operation: Operation, parameters: Parameters, check: bool) -> dict[str, Any]:
    """The request: options that were given, nothing that is None."""
    request = {name: _pruned(parameters[name]) for name in operation.fields if parameters.get(name) is not None}
    if check and not operation.reads:
        request["check"] = True
    return request


def result_of(operation: Operation, parameters: Parameters, result: Result) -> dict[str, Any]:
    """The module's result: that of the operation, `changed`, and `diff` in Ansible's form for what can change."""
    told = {**result, "changed": not operation.reads and bool(result.get("changed"))}
    if operation.reads and "changed" in result:
        told["changed_since"] = bool(result["changed"])
    if not operation.reads:
        before, after = _difference(operation, parameters, result)
        told["diff"] = {"before": before, "after": after}
    return told


def _difference(operation: Operation, parameters: Parameters, result: Result) -> BeforeAfter:
    entries = result.get("diff")
    if isinstance(entries, list):
        return (
            {item["field"]: item.get("before") for item in entries},
            {item["field"]: item.get("after") for item in entries},
        )
    if result.get("changed") and operation.change is not None:
        return operation.change(parameters, result)
    return {}, {}


def _pruned(value: Any) -> Any:
    """*value* without members that are None: Ansible fills in all options of a list's items."""
    if isinstance(value, Mapping):
        return {name: _pruned(item) for name, item in value.items() if item is not None}
    if isinstance(value, (list, tuple)):
        return [_pruned(item) for item in value]
    return value
