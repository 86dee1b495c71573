# SPDX-License-Identifier: Apache-2.0
"""What cannot work is said in one message that names the thing and the remedy."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
from plane import ManagementPlane, PlaneError, StartFailed
from plane.processes import Processes

TESTS = Path(__file__).parents[1]
UNREACHABLE = """\
apiVersion: v1
kind: Config
clusters: [{name: a, cluster: {server: "http://127.0.0.1:1"}}]
users: [{name: a, user: {}}]
contexts: [{name: a, context: {cluster: a, user: a}}]
current-context: a
"""
NO_CONTEXT = UNREACHABLE.replace("current-context: a", "current-context: b")


def plane_command(*arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    """Run `python -m plane` with these variables set."""
    command = [sys.executable, "-m", "plane", *arguments]
    variables = {**os.environ, "PYTHONPATH": str(TESTS), **environment}
    return subprocess.run(command, env=variables, capture_output=True, text=True, timeout=120)


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (None, "does not exist"),
        ("", "is no usable kubeconfig"),
        ("{", "is no usable kubeconfig"),
        ("clusters: 3\ncontexts: []", "is no usable kubeconfig"),
        (NO_CONTEXT, "Context 'b' not found"),
        (UNREACHABLE.replace(", user: a}", "}"), "Missing user"),
        (UNREACHABLE, "does not answer"),
    ],
    ids=["missing", "empty", "no yaml", "wrong shape", "wrong context", "no user", "nobody there"],
)
def test_wrong_kubeconfig_is_explained(tmp_path: Path, content: str | None, words: str) -> None:
    """An existing server that cannot be used ends in one line that names the file and the reason."""
    path = tmp_path / "kubeconfig"
    if content is not None:
        path.write_text(content)
    done = plane_command("up", CAPI_SCVMM_KUBECONFIG=str(path))
    assert done.returncode == 1
    assert words in done.stderr and str(path) in done.stderr
    assert "Traceback" not in done.stderr and done.stdout == ""


def test_missing_go_is_explained(tmp_path: Path) -> None:
    """Without Go and without a cached build the message says what to install and what else would do."""
    done = plane_command("build", XDG_CACHE_HOME=str(tmp_path), PATH=str(tmp_path))
    assert done.returncode == 1
    assert "Go is missing" in done.stderr and "CAPI_SCVMM_KUBECONFIG" in done.stderr
    assert "Traceback" not in done.stderr


def test_failed_build_is_explained_and_leaves_nothing(tmp_path: Path) -> None:
    """What Go says last is shown; no half-built folder stays in the cache."""
    fake = tmp_path / "bin" / "go"
    fake.parent.mkdir()
    fake.write_text(
        '#!/bin/sh\n[ "$1" = env ] && { echo go1.99; exit 0; }\necho "no space left on device" >&2\nexit 1\n'
    )
    fake.chmod(0o755)
    cache = tmp_path / "cache"
    done = plane_command("build", XDG_CACHE_HOME=str(cache), PATH=f"{fake.parent}:{os.environ['PATH']}")
    assert done.returncode == 1
    assert "no space left on device" in done.stderr and "GOPROXY" in done.stderr
    assert [path.name for path in (cache / "capi-scvmm").iterdir()] == ["plane.lock"]


def test_process_that_ends_early_is_reported_with_its_last_words() -> None:
    """A process that cannot start its work fails the plane at once, with the reason it gave."""
    processes = Processes()
    try:
        processes.start("server", ["sh", "-c", "echo address already in use; exit 3"])
        with pytest.raises(StartFailed, match=r"(?s)server ended with code 3 before ready.*address already in use"):
            processes.wait("server", lambda: False, 20, "ready")
    finally:
        processes.stop()


def test_program_that_is_missing_is_reported() -> None:
    """A program that is not there is named."""
    processes = Processes()
    try:
        with pytest.raises(StartFailed, match=r"server could not be started: .*no-such-program"):
            processes.start("server", ["/no-such-program"])
    finally:
        processes.stop()


def test_unknown_kind_is_reported(plane: ManagementPlane, namespace: str) -> None:
    """A manifest of a kind that the server does not know is refused by name."""
    odd = {"apiVersion": "example.com/v1", "kind": "Odd", "metadata": {"name": "thing", "namespace": namespace}}
    with pytest.raises(PlaneError, match=r"Odd thing not applied: the server knows no Odd in example.com/v1"):
        plane.apply(odd)


def test_missing_manifest_is_reported(plane: ManagementPlane, tmp_path: Path) -> None:
    """A path that leads nowhere is named."""
    with pytest.raises(PlaneError, match=r"no\.yaml does not exist"):
        plane.apply(tmp_path / "no.yaml")
