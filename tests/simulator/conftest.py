# SPDX-License-Identifier: Apache-2.0
"""Fixtures of the simulator's tests."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from .site import Site


@pytest.fixture
def make_site(tmp_path: Path) -> Iterator[Callable[..., Site]]:
    """Makes sites whose fabric differs in some top-level keys."""
    made: list[Site] = []

    def make(**changes: Any) -> Site:
        made.append(Site(tmp_path / f"library-{len(made)}", **changes))
        return made[-1]

    yield make
    for site in made:
        site.vmm.close()


@pytest.fixture
def site(make_site: Callable[..., Site]) -> Site:
    """A site with the test fabric."""
    return make_site()
