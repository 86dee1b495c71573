# SPDX-License-Identifier: Apache-2.0
"""The cache of binaries: built once and whole. A stand-in takes the place of the compiler."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

TESTS = Path(__file__).parents[1]
# Notes each build, takes its time, and writes what `-o` asks for.
GO = """\
#!/bin/sh
case "$1" in
env) echo "${FAKE_GO_VERSION:-go1.99}" ;;
list) echo "$FAKE_GO/module" ;;
build)
  echo build >> "$FAKE_GO/builds"
  sleep 0.5
  while [ "$1" != -o ]; do shift; done
  echo program > "$2" ;;
esac
"""
MANAGERS = {"capi-core", "capi-kubeadm-bootstrap", "capi-kubeadm-control-plane"}
BUILDS_PER_PLANE = 5  # the servers and kubeadm in one program, Cluster API's managers, and clusterctl


@pytest.fixture
def environment(tmp_path: Path) -> dict[str, str]:
    """A cache of its own and a `go` that is none."""
    go = tmp_path / "bin" / "go"
    go.parent.mkdir()
    go.write_text(GO)
    go.chmod(0o755)
    for manager in ("core", "bootstrap/kubeadm", "controlplane/kubeadm"):
        webhooks = tmp_path / "module" / manager / "config" / "webhook"
        webhooks.mkdir(parents=True)
        (webhooks / "manifests.yaml").write_text("")
    return {
        **os.environ,
        "FAKE_GO": str(tmp_path),
        "PATH": f"{go.parent}{os.pathsep}{os.environ['PATH']}",
        "PYTHONPATH": str(TESTS),
        "XDG_CACHE_HOME": str(tmp_path / "cache"),
    }


def start_build(environment: dict[str, str]) -> subprocess.Popen[str]:
    """`python -m plane build`."""
    command = [sys.executable, "-m", "plane", "build"]
    return subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)


def finished(process: subprocess.Popen[str]) -> str:
    """The folder that a build named."""
    output, errors = process.communicate(timeout=60)
    assert process.returncode == 0, errors
    return output.strip()


def builds(environment: dict[str, str]) -> int:
    """How often the compiler was called."""
    return len((Path(environment["FAKE_GO"]) / "builds").read_text().splitlines())


def test_two_builders_build_once(environment: dict[str, str]) -> None:
    """The second waits for the first and takes what it made."""
    folders = {finished(each) for each in [start_build(environment), start_build(environment)]}
    assert len(folders) == 1
    assert builds(environment) == BUILDS_PER_PLANE
    [folder] = [Path(each) for each in folders]
    links = {"etcd", "kube-apiserver", "kube-controller-manager", "kubeadm", "kubectl", "port-forwarder"}
    manifests = {f"{manager}.json" for manager in MANAGERS}
    files = {"management-plane", "clusterctl", "versions.json", *MANAGERS, *manifests}
    assert {path.name for path in folder.iterdir()} == links | files


def test_what_is_built_is_not_built_again_and_needs_no_go(environment: dict[str, str]) -> None:
    """The cache answers, also on a machine without Go."""
    folder = finished(start_build(environment))
    assert finished(start_build(environment)) == folder
    assert finished(start_build({**environment, "PATH": str(TESTS)})) == folder
    assert builds(environment) == BUILDS_PER_PLANE


def test_another_go_builds_anew(environment: dict[str, str]) -> None:
    """Binaries of another compiler are other binaries."""
    first = finished(start_build(environment))
    second = finished(start_build({**environment, "FAKE_GO_VERSION": "go1.100"}))
    assert first != second and builds(environment) == 2 * BUILDS_PER_PLANE


def test_killed_builder_leaves_nothing_in_the_way(environment: dict[str, str]) -> None:
    """A builder killed half-way is no obstacle, and what it left is removed by the next."""
    killed = start_build(environment)
    assert killed.stderr and killed.stderr.readline()  # it says that it builds
    killed.kill()
    killed.communicate(timeout=60)
    folder = Path(finished(start_build(environment)))
    assert {path.name for path in folder.parent.iterdir()} == {folder.name, "plane.lock"}
