# SPDX-License-Identifier: Apache-2.0
"""kubectl for the tests of the kinds."""

from __future__ import annotations

import uuid
from collections.abc import Iterator

import pytest
from plane import ManagementPlane
from plane.namespaces import fresh_namespace

from kinds.manifests import Kubectl, kubectl_for


@pytest.fixture(scope="package")
def kubectl(plane: ManagementPlane) -> Iterator[Kubectl]:
    """kubectl in a namespace that the tests of the kinds share: each uses names of its own, or dry runs."""
    with plane.client() as client, fresh_namespace(client, "kinds") as namespace:
        yield kubectl_for(plane, namespace)


@pytest.fixture
def name() -> str:
    """A name for an object of this test alone."""
    return f"thing-{uuid.uuid4().hex[:8]}"
