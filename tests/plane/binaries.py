# SPDX-License-Identifier: Apache-2.0
"""The programs of the plane, built once from the Go module beside this file and kept in the user's cache folder.

One folder per state of our module's files and Go version. A build happens in a folder of its own that is renamed when
complete, under a lock, so a folder in the cache is always whole and two builders do not do the work twice.
"""

import fcntl
import hashlib
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from plane.cluster_api import Document, read_manifests
from plane.errors import BuildFailed, GoMissing
from plane.managers import MANAGERS, Manager

MODULE = Path(__file__).with_name("go")
LINKS = ("etcd", "kube-apiserver", "kube-controller-manager", "kubeadm", "kubectl", "port-forwarder")
CLUSTERCTL = "sigs.k8s.io/cluster-api/cmd/clusterctl"
BUILD_SECONDS = 1800
LAST_WORDS = 25
RECIPE = "3"  # raise it when what a build folder holds changes


@dataclass(frozen=True)
class Binaries:
    """A complete folder of programs and the Cluster API manifests that belong to them."""

    folder: Path

    @property
    def etcd(self) -> Path:
        """etcd."""
        return self.folder / "etcd"

    @property
    def apiserver(self) -> Path:
        """kube-apiserver."""
        return self.folder / "kube-apiserver"

    @property
    def controller_manager(self) -> Path:
        """kube-controller-manager."""
        return self.folder / "kube-controller-manager"

    @property
    def kubectl(self) -> Path:
        """The kubectl of the same release."""
        return self.folder / "kubectl"

    @property
    def kubeadm(self) -> Path:
        """The kubeadm of the same release."""
        return self.folder / "kubeadm"

    @property
    def port_forwarder(self) -> Path:
        """The one part of a kubelet that Cluster API calls."""
        return self.folder / "port-forwarder"

    @property
    def clusterctl(self) -> Path:
        """Cluster API's own command."""
        return self.folder / "clusterctl"

    def manager(self, manager: Manager) -> Path:
        """The program of one of Cluster API's managers."""
        return self.folder / manager.name

    def manifests(self, manager: Manager) -> list[Document]:
        """The CRDs and webhook configurations of one of Cluster API's managers."""
        documents: list[Document] = json.loads((self.folder / manager.manifests).read_text())
        return documents


def cache_folder() -> Path:
    """Where builds are kept: below XDG_CACHE_HOME, else ~/.cache."""
    base = os.environ.get("XDG_CACHE_HOME")
    return (Path(base) if base else Path.home() / ".cache") / "capi-scvmm"


def ensure_binaries() -> Binaries:
    """Find the programs in the cache, or build them (some minutes); GoMissing, BuildFailed."""
    go = shutil.which("go")
    if go is None:
        return _cached_without_go()
    target = cache_folder() / f"plane-{source_hash()}-{_go_version(go)}"
    if not target.exists():
        cache_folder().mkdir(parents=True, exist_ok=True)
        with _lock(cache_folder() / "plane.lock"):
            if not target.exists():
                _build_and_publish(go, target)
    return Binaries(target)


def source_hash() -> str:
    """A short hash over everything of ours that decides what a build holds."""
    digest = hashlib.sha256(RECIPE.encode())
    sources = [MODULE / "go.mod", MODULE / "go.sum", *sorted(MODULE.glob("cmd/**/*.go"))]
    for path in sources:
        digest.update(str(path.relative_to(MODULE)).encode() + b"\0" + path.read_bytes() + b"\0")
    return digest.hexdigest()[:16]


def _cached_without_go() -> Binaries:
    built = sorted(cache_folder().glob(f"plane-{source_hash()}-*"))
    if built:
        return Binaries(built[-1])
    raise GoMissing(
        "The management plane (etcd, kube-apiserver, Cluster API) is not built and Go is missing: install Go 1.21"
        " or later (it fetches the release it needs), or set CAPI_SCVMM_KUBECONFIG to an API server"
        " that may be used for tests."
    )


def _go_version(go: str) -> str:
    answer = subprocess.run(
        [go, "env", "GOVERSION"], cwd=MODULE, env=_environment(), capture_output=True, text=True, timeout=BUILD_SECONDS
    )
    if answer.returncode != 0:
        raise BuildFailed(
            f"Go cannot read the module {MODULE}: {answer.stderr.strip()}. Install the release it asks for."
        )
    return re.sub(r"[^a-zA-Z0-9.]", "_", answer.stdout.strip())


def _environment() -> Mapping[str, str]:
    return {**os.environ, "CGO_ENABLED": "0", "GOWORK": "off"}


@contextmanager
def _lock(path: Path) -> Iterator[None]:
    with path.open("w") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            _say("Waiting for another process that builds the management plane.")
            fcntl.flock(file, fcntl.LOCK_EX)
        yield


def _build_and_publish(go: str, target: Path) -> None:
    for left in target.parent.glob(".building-*"):  # we hold the lock: of a builder that was killed
        shutil.rmtree(left, ignore_errors=True)
    _say("Building etcd, kube-apiserver, kubectl, kubeadm and Cluster API from their Go modules: once, some minutes.")
    folder = Path(tempfile.mkdtemp(prefix=".building-", dir=target.parent))
    try:
        _build(go, folder)
        folder.rename(target)
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    _say(f"Built {target}.")


def _build(go: str, folder: Path) -> None:
    versions = module_versions()
    kubernetes = versions["k8s.io/kubernetes"]
    major, minor = kubernetes.removeprefix("v").split(".")[:2]
    stamp = "k8s.io/component-base/version.git"
    flags = f"-s -w -X {stamp}Version={kubernetes} -X {stamp}Major={major} -X {stamp}Minor={minor}"
    build = [go, "build", "-trimpath", "-ldflags"]
    _go([*build, flags, "-o", str(folder / "management-plane"), "./cmd/management-plane"])
    for name, package in (*((each.name, each.package) for each in MANAGERS), ("clusterctl", CLUSTERCTL)):
        _go([*build, "-s -w", "-o", str(folder / name), package])
    for name in LINKS:
        (folder / name).symlink_to("management-plane")
    source = Path(_go([go, "list", "-m", "-f", "{{.Dir}}", "sigs.k8s.io/cluster-api"]).strip())
    for manager in MANAGERS:
        documents = read_manifests(source / manager.folder / "config", manager.provider, manager.prefix)
        (folder / manager.manifests).write_text(json.dumps(documents))
    (folder / "versions.json").write_text(json.dumps(versions))


def module_versions() -> dict[str, str]:
    """The releases that go.mod asks for directly."""
    required = re.findall(r"^\s+(\S+) (v\S+)$", (MODULE / "go.mod").read_text(), re.MULTILINE)
    return dict(required)


def _go(command: list[str]) -> str:
    try:
        done = subprocess.run(
            command, cwd=MODULE, env=_environment(), capture_output=True, text=True, timeout=BUILD_SECONDS
        )
    except subprocess.TimeoutExpired as late:
        raise BuildFailed(f"go {command[1]} took longer than {BUILD_SECONDS} s: {' '.join(command[-2:])}") from late
    if done.returncode != 0:
        last = "\n  ".join(done.stderr.splitlines()[-LAST_WORDS:])
        raise BuildFailed(
            f"go {command[1]} of {command[-1]} failed. Is the module proxy (GOPROXY) reachable, the disk not full?"
            f"\n  {last}"
        )
    return done.stdout


def _say(text: str) -> None:
    print(text, file=sys.stderr, flush=True)
