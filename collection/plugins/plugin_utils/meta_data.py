# SPDX-License-Identifier: GPL-3.0-or-later
"""Put together cloud-init's meta-data; pure, nothing of Ansible."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

_HOST_NAME = re.compile(r"(?!-)[A-Za-z0-9-]{1,63}(?<!-)(\.(?!-)[A-Za-z0-9-]{1,63}(?<!-))*\Z")
_LONGEST_HOST_NAME = 253
_OURS = ("instance-id", "local-hostname")


class MetaDataError(ValueError):
    """The meta-data cannot be as given; the text names field, value and remedy."""


def meta_data(
    hostname: str | None, instance_id: str | None, metadata: Mapping[str, Any] | None = None
) -> dict[str, Any]:
    """Return the meta-data of one instance: its two names and whatever *metadata* adds."""
    if hostname is None:
        raise MetaDataError(
            "cloud_init_hostname is missing. Set it to the guest's host name, with or without its domain."
        )
    if not isinstance(hostname, str) or len(hostname) > _LONGEST_HOST_NAME or not _HOST_NAME.match(hostname):
        raise MetaDataError(
            f"hostname {hostname!r} is no host name. Use labels of 1 to 63 letters, digits and '-', joined by dots."
        )
    if not isinstance(instance_id, str) or not instance_id.strip():
        raise MetaDataError(f"instance_id {instance_id!r} is no text. Give a text that no other instance has.")
    if not isinstance(metadata or {}, Mapping):
        raise MetaDataError(f"metadata {metadata!r} is no mapping. Give keys and values.")
    for key in metadata or {}:
        if key in _OURS:
            raise MetaDataError(
                f"metadata.{key} is set by itself. Use cloud_init_hostname and cloud_init_instance_id for it."
            )
    return {"instance-id": instance_id, "local-hostname": hostname, **(metadata or {})}
