# SPDX-License-Identifier: GPL-3.0-or-later
"""The files of a config drive for a guest that reads Ignition; pure, nothing of Ansible.

Ignition takes its config from `openstack/latest/user_data` as it is. Afterburn makes `AFTERBURN_OPENSTACK_*` of
`meta_data.json`, cloud-init's data source ConfigDrive reads both.
"""

from __future__ import annotations

import json

import yaml

from .cidata import CidataError

_NAMES = {"instance-id": "uuid", "local-hostname": "hostname"}


def config_drive_files(meta_data: str, user_data: bytes) -> dict[str, bytes]:
    """Return the files for *user_data* and cloud-init's *meta_data*, whose further keys become `meta`."""
    try:
        known = yaml.safe_load(meta_data) or {}
    except yaml.YAMLError:
        raise CidataError("meta_data is not YAML: give keys and values") from None
    if not isinstance(known, dict):
        raise CidataError("meta_data is no mapping: give keys and values")
    told = {theirs: str(known[ours]) for ours, theirs in _NAMES.items() if ours in known}
    if "hostname" in told:
        told["name"] = told["hostname"].split(".")[0]
    told["meta"] = {str(key): str(value) for key, value in known.items() if key not in _NAMES}
    return {
        "openstack/latest/meta_data.json": json.dumps(told, indent=2, sort_keys=True).encode() + b"\n",
        "openstack/latest/user_data": user_data,
    }
