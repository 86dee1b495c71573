# SPDX-License-Identifier: Apache-2.0
"""From a pydantic model to the structural schema that the API server wants."""

from __future__ import annotations

from typing import Any

from pydantic.fields import FieldInfo

from capi_scvmm.kinds.model import LATER_KEY, Later, Model

Schema = dict[str, Any]

_RULES = "x-kubernetes-validations"
# Nothing to fill in: the field is simply absent.
_NO_DEFAULTS: tuple[Any, ...] = (None, "", [])


def later_mark(field: FieldInfo) -> Later | None:
    """The mark of a field whose behaviour comes with a later release, or None."""
    return next((mark for mark in field.metadata if isinstance(mark, Later)), None)


def structural(model: type[Model]) -> Schema:
    """The structural schema of *model*: no references, no titles, no nulls, each field described."""
    generated = model.model_json_schema(by_alias=True)
    definitions: dict[str, Schema] = generated.pop("$defs", {})
    return _resolved(generated, definitions)


def _resolved(schema: Schema, definitions: dict[str, Schema]) -> Schema:
    merged = _without_null(_merged(schema, definitions), definitions)
    result: Schema = {key: value for key, value in merged.items() if key not in ("title", "default", LATER_KEY)}
    if LATER_KEY in merged:
        result["description"] = f"{merged['description']} {merged[LATER_KEY]}"
    if "default" in merged and merged["default"] not in _NO_DEFAULTS:
        result["default"] = merged["default"]
    if "const" in result:
        result["enum"] = [result.pop("const")]
    if "properties" in result:
        result["properties"] = {name: _resolved(value, definitions) for name, value in result["properties"].items()}
    if "items" in result:
        result["items"] = _resolved(result["items"], definitions)
    if isinstance(result.get("additionalProperties"), dict):
        result["additionalProperties"] = _resolved(result["additionalProperties"], definitions)
    if result.get("default") == {} and "properties" in result:
        result["default"] = _defaults(result["properties"])
    return result


def _defaults(properties: dict[str, Schema]) -> dict[str, Any]:
    """What an empty object becomes; the API server checks the default of an object before it fills in more."""
    return {name: value["default"] for name, value in properties.items() if "default" in value}


def _merged(schema: Schema, definitions: dict[str, Schema]) -> Schema:
    """Put the definition that *schema* refers to in its place; what stands beside the reference wins."""
    if "$ref" not in schema:
        return schema
    target = _merged(definitions[schema["$ref"].removeprefix("#/$defs/")], definitions)
    return _joined(target, {key: value for key, value in schema.items() if key != "$ref"})


def _without_null(schema: Schema, definitions: dict[str, Schema]) -> Schema:
    """An optional field is one that may be absent, not one that may be null."""
    choices = [choice for choice in schema.get("anyOf", []) if choice != {"type": "null"}]
    if len(choices) != 1:
        return schema
    outer = {key: value for key, value in schema.items() if key != "anyOf"}
    return _joined(_merged(choices[0], definitions), outer)


def _joined(inner: Schema, outer: Schema) -> Schema:
    joined = {**inner, **outer}
    if _RULES in inner and _RULES in outer:
        joined[_RULES] = [*inner[_RULES], *outer[_RULES]]
    return joined
