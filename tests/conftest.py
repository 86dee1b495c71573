# SPDX-License-Identifier: Apache-2.0
"""Fixtures for all tests that need an API server: a namespace of their own on one that all workers share."""

from collections.abc import Generator, Iterator
from typing import Any

import hypothesis
import pytest
from engine import ENGINE, EVERYTHING, ONLY_WITH_ALL, SIMULATED
from lightkube import Client
from plane import GoMissing, ManagementPlane
from plane.binaries import Binaries, ensure_binaries
from plane.kubeconfig import existing_server
from plane.namespaces import fresh_namespace, new_namespace
from preloaded import PRELOADED
from shared_planes import SharedPlanes, ask, started

# How long an example takes is a matter of what else the machine does: pytest-timeout ends what hangs.
hypothesis.settings.register_profile("any machine", deadline=None)
hypothesis.settings.load_profile("any machine")

PLANES = pytest.StashKey[SharedPlanes]()


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(
    item: pytest.Item, call: pytest.CallInfo[None]
) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Where there can be no plane, let all tests that need one be one line in the summary."""
    report = yield
    if call.excinfo is not None and isinstance(call.excinfo.value.__context__, GoMissing):
        report.longrepr = (__file__, 1, str(call.excinfo.value))
    return report


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """With a real PowerShell run what talks to VMM; the rest has nothing to do with it and was run natively."""
    if ENGINE == "native":
        return
    idle = [
        item
        for item in items
        if not SIMULATED & set(getattr(item, "fixturenames", ()))
        or (item.path.stem in ONLY_WITH_ALL and not EVERYTHING)
    ]
    config.hook.pytest_deselected(items=idle)
    items[:] = [item for item in items if item not in idle]


def pytest_configure(config: pytest.Config) -> None:
    """The process that was started, not a worker of its own, has the API servers."""
    if not hasattr(config, "workerinput"):
        config.stash[PLANES] = SharedPlanes()


@pytest.hookimpl(optionalhook=True)
def pytest_configure_node(node: Any) -> None:
    """Tell a worker where to ask for API servers."""
    node.workerinput["planes"] = node.config.stash[PLANES].address()


def pytest_unconfigure(config: pytest.Config) -> None:
    """Stop the API servers that tests have used."""
    if PLANES in config.stash:
        config.stash[PLANES].close()


def _running_plane(config: pytest.Config, kubeadm: bool = False) -> ManagementPlane:
    try:
        if PLANES in config.stash:
            return ManagementPlane.running(*config.stash[PLANES].running(kubeadm))
        return ManagementPlane.running(*ask(config.workerinput["planes"], kubeadm))  # type: ignore[attr-defined]
    except GoMissing as missing:
        pytest.skip(str(missing))


@pytest.fixture(scope="session", autouse=True)
def _nothing_warm_left() -> Iterator[None]:
    yield
    PRELOADED.close()


@pytest.fixture(scope="session")
def plane_binaries() -> Binaries:
    """The programs of a plane, for a test that starts one by itself."""
    try:
        return ensure_binaries()
    except GoMissing as missing:
        pytest.skip(str(missing))


@pytest.fixture(scope="session")
def plane(pytestconfig: pytest.Config) -> ManagementPlane:
    """An API server with Cluster API's CRDs and ours; no Cluster API controller runs."""
    return _running_plane(pytestconfig)


@pytest.fixture(scope="session")
def plane_with_kubeadm(pytestconfig: pytest.Config) -> ManagementPlane:
    """A second API server, on which Cluster API's core, kubeadm bootstrap and kubeadm control plane managers run."""
    return _running_plane(pytestconfig, kubeadm=True)


@pytest.fixture(scope="module")
def own_plane(plane_binaries: Binaries) -> Iterator[ManagementPlane]:
    """An API server as `plane` for one file whose tests concern the whole server."""
    made = started()
    yield made
    made.stop()


@pytest.fixture
def client(plane: ManagementPlane) -> Iterator[Client]:
    """An administrator's client for `plane`."""
    with plane.client() as client:
        yield client


@pytest.fixture
def namespace(client: Client) -> Iterator[str]:
    """A namespace of `plane` for this test alone.

    On a server of ours it stays, for all goes with the server: to delete one costs as much as a small test.
    """
    if existing_server() is None:
        yield new_namespace(client)
        return
    with fresh_namespace(client) as name:
        yield name


@pytest.fixture
def kubeadm_client(plane_with_kubeadm: ManagementPlane) -> Iterator[Client]:
    """An administrator's client for `plane_with_kubeadm`."""
    with plane_with_kubeadm.client() as client:
        yield client


@pytest.fixture
def kubeadm_namespace(kubeadm_client: Client) -> Iterator[str]:
    """A namespace of `plane_with_kubeadm` for this test alone."""
    with fresh_namespace(kubeadm_client) as name:
        yield name
