# SPDX-License-Identifier: Apache-2.0
"""Put the collection into the wheel, where ansible-core looks by itself (docs/decisions/0003)."""

from __future__ import annotations

from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface

PLACE = "ansible_collections/capi/scvmm/"
PARTS = {
    "galaxy.yml": "galaxy.yml",
    "collection/plugins": "plugins",
    "collection/meta": "meta",
    "collection/README.md": "README.md",
    "collection/COPYING": "COPYING",
    "CHANGELOG.md": "CHANGELOG.md",
    "playbooks": "playbooks",
    "roles": "roles",
}


class CollectionInWheel(BuildHookInterface):  # type: ignore[type-arg]
    """A real wheel carries the collection; an editable install must not, for its copy would go stale."""

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Add the collection's parts unless *version* is "editable"."""
        if version != "editable":
            build_data["force_include"].update({source: PLACE + target for source, target in PARTS.items()})
