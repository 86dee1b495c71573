# SPDX-License-Identifier: Apache-2.0
"""spec.metadata: keys that a machine adds to cloud-init's meta-data, and those that are not its to set."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from capi_scvmm.kinds.invalid import InvalidField
from capi_scvmm.kinds.rules import Extra, rule, rules

# cloud-init reads several of them with a dash or an underscore.
RESERVED = (
    "instance-id",
    "instance_id",
    "local-hostname",
    "local_hostname",
    "hostname",
    "provider-id",
    "provider_id",
)
_REMEDY = (
    "instance-id, local-hostname, hostname and provider-id are set by the controller: take them out of metadata, and "
    "set spec.hostname for another host name"
)
NOT_RESERVED: Extra = rules(
    rule(f"!self.exists(key, key in [{', '.join(repr(key) for key in RESERVED)}])", _REMEDY, forbidden=True)
)


def check_meta_data(metadata: Mapping[str, Any]) -> None:
    """Refuse keys that are not the machine's to set: InvalidField. An object may be older than the rule above."""
    for key in RESERVED:
        if key in metadata:
            raise InvalidField(f"spec.metadata[{key}]", metadata[key], f"{_REMEDY[0].upper()}{_REMEDY[1:]}.")
