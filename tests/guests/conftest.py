# SPDX-License-Identifier: Apache-2.0
"""What the tests with real guests share."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from guests.lab import Lab, NoLabError, lab


@pytest.fixture
def a_lab() -> Iterator[Lab]:
    """A bridge on which hosts can be started; its own side has 10.88.0.1/24."""
    try:
        with lab() as made:
            yield made
    except NoLabError as missing:
        pytest.skip(f"real guests: {missing}")
