# SPDX-License-Identifier: GPL-3.0-or-later
"""Filters that turn variables into the data of cloud-init's parts."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from ansible.errors import AnsibleFilterError
from ansible_collections.capi.scvmm.plugins.plugin_utils.meta_data import MetaDataError, meta_data
from ansible_collections.capi.scvmm.plugins.plugin_utils.network_config import NetworkConfigError, network_config_v2
from ansible_collections.capi.scvmm.plugins.plugin_utils.user_data import UserDataError, user_data


def _meta_data(
    hostname: str | None, instance_id: str | None, metadata: Mapping[str, Any] | None = None
) -> dict[str, Any]:
    try:
        return meta_data(hostname, instance_id, metadata)
    except MetaDataError as error:
        raise AnsibleFilterError(f"cloud-init meta-data: {error}") from None


def _network_config_v2(
    devices: Sequence[Mapping[str, Any]], adapters: Sequence[Mapping[str, Any]] | None = None
) -> dict[str, Any]:
    try:
        return network_config_v2(devices, adapters or ())
    except NetworkConfigError as error:
        raise AnsibleFilterError(f"cloud-init network-config: {error}") from None


def _user_data(lists: Mapping[str, Any], more: Any = None) -> dict[str, Any]:
    try:
        return user_data(lists, more)
    except UserDataError as error:
        raise AnsibleFilterError(f"cloud-init user-data: {error}") from None


class FilterModule:
    """What Ansible asks for the names of the filters."""

    def filters(self) -> dict[str, Callable[..., dict[str, Any]]]:
        """Name → function."""
        return {"meta_data": _meta_data, "network_config_v2": _network_config_v2, "user_data": _user_data}
