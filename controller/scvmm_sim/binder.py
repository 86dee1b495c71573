# SPDX-License-Identifier: Apache-2.0
"""PowerShell's parameter binder for VMM's cmdlets: refuses what a real VMM server would refuse.

The facts (parameter sets, types, enums, aliases) are in `cmdlet_data.json`; what is not there does not exist. A cmdlet
that VMM has and the simulator does not is refused with an error that says so.
"""

from __future__ import annotations

import json
import re
import uuid
from _collections_abc import dict_items
from dataclasses import dataclass, field
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Any

from scvmm_sim.errors import CmdletError
from scvmm_sim.object_types import classes

DATA_FILE = Path(__file__).parent / "cmdlet_data.json"
NAMES_FILE = Path(__file__).parent / "cmdlet_names.txt"
"""Names of all cmdlets of VMM, also those whose interface is not kept; one a line."""

INTEGERS = {
    "Byte": (0, 255),
    "UInt16": (0, 2**16 - 1),
    "Int32": (-(2**31), 2**31 - 1),
    "UInt32": (0, 2**32 - 1),
    "Int64": (-(2**63), 2**63 - 1),
    "UInt64": (0, 2**64 - 1),
}
PLAIN_TYPES = {*INTEGERS, "Boolean", "DateTime", "Decimal", "Guid", "String", "String[]", "SwitchParameter"}
"""Types whose values are no objects of VMM."""


@dataclass(frozen=True)
class Reference:
    """A VMM object given as a parameter."""

    type_name: str
    id: str


class Values(dict[str, Any]):
    """Values of parameters by name, which remember what was looked at: what nobody looks at is not simulated."""

    def __init__(self, values: dict[str, Any]) -> None:
        super().__init__(values)
        self.seen: set[str] = set()

    def __getitem__(self, name: str) -> Any:
        self.seen.add(name)
        return super().__getitem__(name)

    def __contains__(self, name: object) -> bool:
        self.seen.add(str(name))
        return super().__contains__(name)

    def get(self, name: str, default: Any = None) -> Any:
        """Value of the parameter *name*."""
        self.seen.add(name)
        return super().get(name, default)

    def items(self) -> dict_items[str, Any]:
        """All names and values."""
        self.seen.update(self)
        return super().items()

    def unseen(self) -> set[str]:
        """Names of the parameters that nobody has looked at."""
        return set(super().keys()) - self.seen


@dataclass(frozen=True)
class Credential:
    """A PSCredential given as a parameter."""

    username: str
    password: str = field(repr=False)


@dataclass(frozen=True)
class Bound:
    """A cmdlet call whose parameters have been accepted."""

    cmdlet: str
    values: Values
    sets: tuple[str, ...] = field(default_factory=tuple)

    def text(self, name: str) -> str | None:
        """Value of a text, enum or id parameter."""
        value = self.values.get(name)
        return None if value is None else str(value)

    def integer(self, name: str) -> int | None:
        """Value of a number parameter."""
        value = self.values.get(name)
        return None if value is None else int(value)

    def flag(self, name: str) -> bool:
        """Whether a switch or Boolean is given and true."""
        return bool(self.values.get(name))

    def reference(self, name: str) -> Reference | None:
        """Value of an object parameter."""
        value = self.values.get(name)
        return value if isinstance(value, Reference) else None


@dataclass(frozen=True)
class _Parameter:
    name: str
    type: str
    values: tuple[str, ...]


@dataclass(frozen=True)
class _Cmdlet:
    name: str
    sets: dict[str, dict[str, bool]]
    parameters: dict[str, _Parameter]
    spelled: dict[str, str]


@cache
def _cmdlets() -> dict[str, _Cmdlet]:
    data = json.loads(DATA_FILE.read_text(encoding="utf-8"))
    return {name.casefold(): _cmdlet(name, facts) for name, facts in data.items()}


def _cmdlet(name: str, facts: dict[str, Any]) -> _Cmdlet:
    sets: dict[str, dict[str, bool]] = {}
    parameters: dict[str, _Parameter] = {}
    spelled: dict[str, str] = {}
    for set_name, members in facts["parameterSets"].items():
        sets[set_name] = {member["name"]: bool(member.get("mandatory")) for member in members}
        for member in members:
            more = facts["parameters"].get(member["name"]) or {}
            parameters[member["name"]] = _Parameter(member["name"], member["type"], tuple(more.get("values", ())))
            for spelling in (member["name"], *more.get("aliases", ())):
                spelled[spelling.casefold()] = member["name"]
    return _Cmdlet(name, sets, parameters, spelled)


@cache
def _names() -> dict[str, str]:
    return {name.casefold(): name for name in NAMES_FILE.read_text(encoding="utf-8").split()}


def known_cmdlets() -> list[str]:
    """Names of all cmdlets that the data knows."""
    return [cmdlet.name for cmdlet in _cmdlets().values()]


def bind(cmdlet: str, parameters: dict[str, Any]) -> Bound:
    """Accept a call or raise the CmdletError that PowerShell's binder would."""
    facts = _cmdlets().get(cmdlet.casefold())
    if facts is None and cmdlet.casefold() in _names():
        text = f"The simulator knows that VMM has {_names()[cmdlet.casefold()]}, and does not know the cmdlet yet."
        raise _refusal("ScvmmSim.CmdletNotKnown", text, _names()[cmdlet.casefold()], category="NotImplemented")
    if facts is None:
        raise _refusal(
            "CommandNotFoundException", f"The term '{cmdlet}' is not recognized as a name of a cmdlet.", cmdlet
        )
    values: dict[str, Any] = {}
    for spelling, value in parameters.items():
        name = facts.spelled.get(spelling.casefold())
        if name is None:
            text = f"A parameter cannot be found that matches parameter name '{spelling}'."
            raise _refusal("NamedParameterNotFound", text, facts.name)
        if name in values:
            text = f"Cannot bind parameter because parameter '{name}' is specified more than once."
            raise _refusal("ParameterAlreadyBound", text, facts.name)
        values[name] = _convert(facts, facts.parameters[name], value)
    sets = _choose_sets(facts, set(values))
    for name, value in values.items():
        if value is None:
            _refuse_null(facts, facts.parameters[name])
    return Bound(facts.name, Values(values), sets)


def _choose_sets(facts: _Cmdlet, given: set[str]) -> tuple[str, ...]:
    fitting = {name: members for name, members in facts.sets.items() if given <= members.keys()}
    if not fitting:
        text = f"Parameter set cannot be resolved using the specified named parameters: {', '.join(sorted(given))}."
        raise _refusal("AmbiguousParameterSet", text, facts.name)
    missing = {
        name: sorted(p for p, needed in members.items() if needed and p not in given)
        for name, members in fitting.items()
    }
    complete = tuple(name for name, lacking in missing.items() if not lacking)
    if not complete:
        fewest = min(missing.values(), key=len)
        text = f"Cannot process command because of one or more missing mandatory parameters: {' '.join(fewest)}."
        raise _refusal("MissingMandatoryParameter", text, facts.name)
    return complete


def _refuse_null(facts: _Cmdlet, parameter: _Parameter) -> None:
    """PowerShell refuses null for what is mandatory in some set; for other objects VMM does, with 12416."""
    needed = any(members.get(parameter.name) for members in facts.sets.values())
    if needed or parameter.values or parameter.type in PLAIN_TYPES:
        text = f"Cannot bind argument to parameter '{parameter.name}' because it is null."
        raise _refusal("ParameterArgumentValidationErrorNullNotAllowed", text, facts.name)
    raise CmdletError(
        12416, f"The parameter {parameter.name} of {facts.name} is null.", "Give an object.", cmdlet=facts.name
    )


def _refusal(error_id: str, message: str, cmdlet: str, category: str = "InvalidArgument") -> CmdletError:
    return CmdletError(None, message, "Correct the call.", category=category, cmdlet=cmdlet, error_id=error_id)


def _unfit(facts: _Cmdlet, parameter: _Parameter, value: Any) -> CmdletError:
    # A text in the place of credentials may be a password: only its type is shown.
    known = repr(value) if parameter.type != "PSCredential" else f"a {type(value).__name__}"
    shown = known if not isinstance(value, dict) else f"an object of type {value.get('_type', 'unknown')}"
    text = f"Cannot bind parameter '{parameter.name}'. Cannot convert {shown} to type \"{parameter.type}\"."
    return _refusal("CannotConvertArgumentNoMessage", text, facts.name)


def _convert(facts: _Cmdlet, parameter: _Parameter, value: Any) -> Any:
    item_type = _item_type(parameter.type)
    if value is None:
        return None
    if item_type is None:
        return _convert_one(facts, parameter, parameter.type, value)
    items = value if isinstance(value, list) else [value]
    return [_convert_one(facts, parameter, item_type, item) for item in items]


def _item_type(type_name: str) -> str | None:
    """Type of the items of a list type, None for a type that is no list."""
    if type_name.endswith("[]"):
        return type_name[:-2]
    found = re.fullmatch(r"System\.Collections\.Generic\.List`1\[(?:.*\.)?(\w+)\]", type_name)
    return found.group(1) if found else None


def _convert_one(facts: _Cmdlet, parameter: _Parameter, type_name: str, value: Any) -> Any:
    if parameter.values:
        return _enum(facts, parameter, value)
    if type_name in INTEGERS:
        return _integer(facts, parameter, type_name, value)
    match type_name:
        case "String" | "VMStartAction" | "VMStopAction" | "VHDFormatType" | "BootDevice" | "CheckpointType":
            accepted = isinstance(value, (str, int, float))
            converted = str(value)
        case "SwitchParameter" | "Boolean":
            accepted = isinstance(value, bool) or (type_name == "Boolean" and value in (0, 1))
            converted = value
        case "Guid":
            return _guid(facts, parameter, value)
        case "DateTime":
            return _date(facts, parameter, value)
        case "Decimal":
            accepted = isinstance(value, (int, float))
            converted = value
        case _:
            return _reference(facts, parameter, type_name, value)
    if not accepted:
        raise _unfit(facts, parameter, value)
    return converted


def _enum(facts: _Cmdlet, parameter: _Parameter, value: Any) -> str:
    for allowed in parameter.values:
        if isinstance(value, str) and value.casefold() == allowed.casefold():
            return allowed
    text = (
        f"Cannot validate argument on parameter '{parameter.name}'. The argument {value!r} does not belong to the set "
        f'"{",".join(parameter.values)}".'
    )
    raise _refusal("ParameterArgumentValidationError", text, facts.name)


def _integer(facts: _Cmdlet, parameter: _Parameter, type_name: str, value: Any) -> int:
    low, high = INTEGERS[type_name]
    try:
        number = int(value) if isinstance(value, (int, str)) else round(value) if isinstance(value, float) else None
    except ValueError:
        number = None
    if number is None or not low <= number <= high:
        raise _unfit(facts, parameter, value)
    return number


def _guid(facts: _Cmdlet, parameter: _Parameter, value: Any) -> str:
    try:
        return str(uuid.UUID(value))
    except (ValueError, AttributeError, TypeError):
        raise _unfit(facts, parameter, value) from None


def _date(facts: _Cmdlet, parameter: _Parameter, value: Any) -> datetime:
    try:
        return datetime.fromisoformat(value)
    except (ValueError, TypeError):
        raise _unfit(facts, parameter, value) from None


def _reference(facts: _Cmdlet, parameter: _Parameter, type_name: str, value: Any) -> Any:
    if type_name == "PSCredential":
        if not isinstance(value, dict) or value.get("_type") != "PSCredential":
            raise _unfit(facts, parameter, value)
        return Credential(str(value.get("UserName")), str(value.get("Password")))
    if type_name in ("VMMCredential", "Dictionary"):
        return value
    if type_name.startswith("System.Collections.Generic.Dictionary"):
        return value
    kind, object_id = (value.get("_type"), value.get("ID")) if isinstance(value, dict) else (None, None)
    if isinstance(kind, str) and isinstance(object_id, str) and type_name in classes(kind):
        return Reference(kind, object_id.lower())
    raise _unfit(facts, parameter, value)
