# SPDX-License-Identifier: Apache-2.0
"""What all models have in common: frozen, camelCase in JSON, unknown keys ignored, empty strings read as absent."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Annotated, Any, Protocol

from pydantic import (
    AwareDatetime,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    GetJsonSchemaHandler,
    PlainSerializer,
)
from pydantic.alias_generators import to_camel
from pydantic.json_schema import JsonSchemaValue
from pydantic_core import CoreSchema

# Where a schema under construction keeps the note of Later.
LATER_KEY = "x-later"
LATER_TEXT = "Accepted; takes effect in a later release."

_JSON_NAMES = {
    "provider_id": "providerID",
    "storage_qos_policy": "storageQoSPolicy",
    "virtual_router_id": "virtualRouterID",
    "virtual_san": "virtualSAN",
    "static_ip_address_pools": "staticIPAddressPools",
    "address_from_static_ip_address_pool": "addressFromStaticIPAddressPool",
}


def json_name(name: str) -> str:
    """The name of a Python field in a manifest."""
    return _JSON_NAMES.get(name) or to_camel(name)


class Model(BaseModel):
    """Base of everything that is read from or written to a manifest."""

    model_config = ConfigDict(
        alias_generator=json_name,
        validate_by_name=True,
        validate_by_alias=True,
        frozen=True,
        extra="ignore",
    )

    def to_dict(self) -> dict[str, Any]:
        """The JSON form: camelCase keys, absent fields left out, times as UTC text in whole seconds."""
        return self.model_dump(mode="json", by_alias=True, exclude_none=True)


class _Applies(Protocol):
    def __call__(self, value: Any, /) -> bool: ...


def _is_set(value: Any) -> bool:
    return value is not None and value is not False and value != () and value != {} and value != 0


@dataclass(frozen=True)
class Later:
    """Marks a field that is accepted now and whose behaviour comes with a later release.

    *applies* says for which values that is so, *note* what the documentation of the field says about it.
    """

    note: str = LATER_TEXT
    applies: _Applies = _is_set

    def __get_pydantic_json_schema__(self, core_schema: CoreSchema, handler: GetJsonSchemaHandler) -> JsonSchemaValue:
        """Hand the note over to the one who makes the CRD."""
        return {**handler(core_schema), LATER_KEY: self.note}


def _absent_when_empty(value: Any) -> Any:
    return None if value == "" else value


def _whole_seconds(value: datetime) -> str:
    return value.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


# An empty string in a manifest means the same as no field at all.
EMPTY_IS_ABSENT = BeforeValidator(_absent_when_empty)
Text = Annotated[str | None, Field(max_length=256), EMPTY_IS_ABSENT]
HostText = Annotated[str | None, Field(max_length=253), EMPTY_IS_ABSENT]
AddressText = Annotated[str | None, Field(max_length=64), EMPTY_IS_ABSENT]
LongText = Annotated[str | None, Field(max_length=4096), EMPTY_IS_ABSENT]
# Certificates of a whole company, in PEM.
PemText = Annotated[str | None, Field(max_length=65536), EMPTY_IS_ABSENT]
Time = Annotated[AwareDatetime, PlainSerializer(_whole_seconds, return_type=str, when_used="json")]
