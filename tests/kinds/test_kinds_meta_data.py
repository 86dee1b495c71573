# SPDX-License-Identifier: Apache-2.0
"""Keys of spec.metadata that are not the machine's to set."""

from __future__ import annotations

import pytest
from capi_scvmm.kinds import InvalidField, check_meta_data
from capi_scvmm.kinds.meta_data import RESERVED


@pytest.mark.parametrize("key", RESERVED)
def test_what_the_controller_sets_is_refused(key: str) -> None:
    """Also on an object that is older than the rule: the message names key, value and remedy."""
    with pytest.raises(InvalidField, match="take them out of metadata") as refusal:
        check_meta_data({"site": "north", key: "mine"})
    assert f"spec.metadata[{key}]: 'mine'" in str(refusal.value) and "spec.hostname" in str(refusal.value)


def test_other_keys_are_free() -> None:
    """Whatever templates in user-data need."""
    check_meta_data({"site": "north", "public-hostname": "x"})
