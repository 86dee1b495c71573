# SPDX-License-Identifier: Apache-2.0
"""From a fabric file to a Fabric; every mistake becomes one line that names file, key, value and remedy."""

from __future__ import annotations

import difflib
from collections.abc import Mapping
from pathlib import Path
from typing import Any, TypeVar

import yaml
from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from scvmm_sim.errors import FabricError
from scvmm_sim.fabric.check import reference_mistakes
from scvmm_sim.fabric.model import Fabric, FaultRule, JobSeconds

Model = TypeVar("Model", bound=BaseModel)

REMEDIES = {
    "missing": "Add it",
    "int_type": "Write a whole number without quotes",
    "float_type": "Write a number without quotes",
    "string_type": "Write text; numbers and dates need quotes here",
    "bool_type": "Write true or false",
    "list_type": "Write a list, each item on a line of its own after '- '",
    "model_type": "Write a block of 'key: value' lines",
    "dict_type": "Write a block of 'key: value' lines",
    "string_too_short": "Write at least one character",
    "too_short": "Give at least one item",
}


def load_fabric(source: Mapping[str, Any] | Path | str) -> Fabric:
    """Read and check a fabric from a YAML file or from the same data as a mapping; raises FabricError."""
    if isinstance(source, Mapping):
        return _checked("fabric", dict(source))
    path = Path(source)
    try:
        data = yaml.safe_load(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise FabricError(
            f"fabric {path} cannot be read: {error.strerror or error}. Give the path of a YAML file."
        ) from None
    except UnicodeDecodeError:
        raise FabricError(f"fabric {path} is not UTF-8 text. Save it as UTF-8.") from None
    except yaml.YAMLError as error:
        raise FabricError(f"fabric {path} is not YAML: {_yaml_problem(error)}. Mend that line.") from None
    if not isinstance(data, dict):
        raise FabricError(
            f"fabric {path}: the file holds {_shown(data)} where a block of 'key: value' lines is needed. "
            "Start from examples/fabric.yml."
        )
    return _checked(f"fabric {path}", data)


def _checked(where: str, data: dict[Any, Any]) -> Fabric:
    fabric = _parsed(Fabric, where, data)
    mistakes = reference_mistakes(fabric)
    if mistakes:
        raise FabricError("\n".join(f"{where}: {mistake}" for mistake in mistakes))
    return fabric


def parse_setting(kind: type[Model], data: object, where: str) -> Model:
    """Check one fault rule or set of durations given while the simulator runs; raises FabricError."""
    if not isinstance(data, Mapping):
        raise FabricError(f"{where}: {_shown(data)} is not a block of keys and values. Give an object.")
    return _parsed(kind, where, dict(data))


def _parsed(kind: type[Model], where: str, data: dict[Any, Any]) -> Model:
    odd = [key for key in data if not isinstance(key, str)]
    if odd:
        raise FabricError(f"{where}: key {odd[0]!r} is not text. Keys are words; put it in quotes or remove it.")
    try:
        return kind.model_validate(data)
    except ValidationError as error:
        lines = [f"{where}: {_explained(detail, kind)}" for detail in error.errors(include_url=False)]
        raise FabricError("\n".join(lines)) from None


def _yaml_problem(error: yaml.YAMLError) -> str:
    if isinstance(error, yaml.MarkedYAMLError) and error.problem_mark is not None:
        return f"line {error.problem_mark.line + 1}, column {error.problem_mark.column + 1}: {error.problem}"
    return str(error).splitlines()[0]


def _key(location: tuple[int | str, ...]) -> str:
    text = ""
    for part in location:
        text += f"[{part}]" if isinstance(part, int) else (f".{part}" if text else part)
    return text or "(top level)"


def _shown(value: object) -> str:
    if isinstance(value, dict):
        return "a block of keys and values"
    if isinstance(value, list):
        return "a list"
    if value is None:
        return "nothing"
    text = repr(value)
    return text if len(text) <= 60 else text[:57] + "..."


def _explained(detail: ErrorDetails, kind: type[BaseModel]) -> str:
    key = _key(detail["loc"])
    problem = detail["type"]
    if problem == "extra_forbidden":
        return _unknown_key(key, detail, kind)
    if problem == "missing":
        return f"{key} is missing. Add it."
    if "password" in key:
        return f"{key}: the value is not usable. Write the password as text in quotes."
    if problem == "value_error":
        # A rule of our own; its message already names value and remedy.
        return f"{key}: {detail['msg'].removeprefix('Value error, ')}."
    remedy = REMEDIES.get(problem, detail["msg"].replace("Input should be", "Write a value that is"))
    return f"{key}: {_shown(detail['input'])} is not valid here. {remedy}."


def _unknown_key(key: str, detail: ErrorDetails, kind: type[BaseModel]) -> str:
    known = _known_keys(kind, detail["loc"][:-1])
    wrong = str(detail["loc"][-1])
    near = difflib.get_close_matches(wrong, known, n=1)
    advice = f"Did you mean {near[0]}?" if near else f"Known here: {', '.join(known)}."
    return f"{key}: there is no such key (value {_shown(detail['input'])}). {advice}"


def _known_keys(kind: type[BaseModel], location: tuple[int | str, ...]) -> list[str]:
    """Follow *location* through the models and name the keys that are allowed there."""
    model: type[BaseModel] = kind
    for part in location:
        if isinstance(part, int):
            continue
        for name, field in model.model_fields.items():
            if part in (name, field.alias):
                model = _model_in(field.annotation) or model
    return [field.alias or name for name, field in model.model_fields.items()]


def _model_in(annotation: Any) -> type[BaseModel] | None:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return annotation
    for argument in getattr(annotation, "__args__", ()):
        found = _model_in(argument)
        if found:
            return found
    return None


def fault_rule(data: object, where: str = "fault rule") -> FaultRule:
    """Check a fault rule that is given while the simulator runs."""
    return data if isinstance(data, FaultRule) else parse_setting(FaultRule, data, where)


def changed_durations(current: JobSeconds, changes: object) -> JobSeconds:
    """*current* with *changes* (kind to seconds) in it; kinds that are not named stay."""
    if not isinstance(changes, Mapping):
        raise FabricError(
            f"durations: {_shown(changes)} is not a block of keys and values. Give for example create: 2."
        )
    merged = {**current.model_dump(by_alias=True), **changes}
    return parse_setting(JobSeconds, merged, "durations")
