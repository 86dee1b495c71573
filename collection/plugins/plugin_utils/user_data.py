# SPDX-License-Identifier: GPL-3.0-or-later
"""Put together a cloud-config for people who set variables instead of writing one; pure, nothing of Ansible."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any


class UserDataError(ValueError):
    """The user-data cannot be as given; the text names variable, value and remedy."""


def user_data(lists: Mapping[str, Any], more: Any = None) -> dict[str, Any]:
    """Return the cloud-config of *lists* (key → list, empty ones left out) and the keys of *more*, which win."""
    for key, value in lists.items():
        if value is not None and not isinstance(value, (list, tuple)):
            raise UserDataError(f"cloud_init_{key} {value!r} is no list. Write it as a list: [{value}].")
    if more is not None and not isinstance(more, Mapping):
        raise UserDataError(
            f"cloud_init_user_data {more!r} is no mapping. Give cloud-config keys and values, or name a file with the "
            "whole text in cloud_init_user_data_file."
        )
    return {**{key: list(value) for key, value in lists.items() if value}, **(more or {})}
