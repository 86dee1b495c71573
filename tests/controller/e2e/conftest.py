# SPDX-License-Identifier: Apache-2.0
"""Fixtures of the end-to-end tests."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from typing import Any

import pytest
from lightkube import Client
from plane import ManagementPlane

from .world import World, world


@pytest.fixture
def make_world(plane: ManagementPlane, client: Client, namespace: str) -> Iterator[Callable[..., World]]:
    """Makes the world of this test; arguments are the seconds that jobs take."""
    with ExitStack() as stack:

        def make(**jobs: Any) -> World:
            return stack.enter_context(world(client, namespace, plane.kubeconfig, **jobs))

        yield make


@pytest.fixture
def here(make_world: Callable[..., World]) -> World:
    """A world in which jobs take no time."""
    return make_world()
