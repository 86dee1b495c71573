# SPDX-License-Identifier: Apache-2.0
"""A management cluster without machines: etcd, API server, garbage collector, and Cluster API when wanted."""

import functools
import shutil
import socket
import ssl
import urllib.error
import urllib.request
from collections.abc import Iterable
from contextlib import ExitStack
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from lightkube import Client
from lightkube.resources.admissionregistration_v1 import ValidatingWebhookConfiguration
from lightkube.resources.apiextensions_v1 import CustomResourceDefinition

from plane import cluster_api
from plane.apply import Document, Manifests, apply, install_crds
from plane.binaries import Binaries, ensure_binaries
from plane.certificates import Authority, service_account_key, write_private
from plane.errors import ServerUnusable, StartFailed
from plane.kubeconfig import check_server, client_for, existing_server, write_kubeconfig
from plane.managers import CORE, MANAGERS, Manager
from plane.processes import Processes

READY_SECONDS = 60.0
NEEDED_CRDS = {f"{kind}.cluster.x-k8s.io" for kind in ("clusters", "machines", "machinesets", "machinedeployments")}
SERVER = ("kube-controller-manager", "kube-apiserver", "etcd")
ATTEMPTS = 3  # a port that was free may be taken by somebody else before our process has it
CONTROLLERS = "garbage-collector-controller,namespace-controller,serviceaccount-controller"


class ManagementPlane:
    """One API server to test against, of our own or, when CAPI_SCVMM_KUBECONFIG says so, one that exists.

    `capi_core` runs Cluster API's core manager with its webhooks; without it only its CRDs are there. `kubeadm` runs
    the managers of the kubeadm bootstrap and control plane providers besides. What an existing server lacks of the core
    CRDs is installed there and stays; everything else that a plane starts goes with `stop`.
    """

    def __init__(self, capi_core: bool = False, kubeadm: bool = False) -> None:
        """Say what is wanted; `start` (or `with`) starts it."""
        self.managers: tuple[Manager, ...] = MANAGERS if kubeadm else (CORE,) if capi_core else ()
        self.kubeconfig = Path()
        self.binaries: Binaries | None = None
        self._processes: Processes | None = None
        self._manager_ready: dict[str, str] = {}

    @classmethod
    def running(cls, kubeconfig: Path, binaries: Binaries | None) -> Self:
        """A plane that another process started and will stop."""
        plane = cls()
        plane.kubeconfig, plane.binaries = kubeconfig, binaries
        return plane

    def __enter__(self) -> Self:
        """Start it."""
        self.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Stop it."""
        self.stop()

    @property
    def processes(self) -> Processes:
        """The processes of the plane; others that shall end with it may be started there."""
        if self._processes is None:
            self._processes = Processes()
        return self._processes

    @property
    def kubectl(self) -> Path | None:
        """A kubectl of the server's release, when the plane is our own."""
        return self.binaries.kubectl if self.binaries else None

    def start(self, wait_for_managers: bool = True) -> None:
        """Start everything and wait until it answers; PlaneError with the reason when that fails.

        Who has something else to start meanwhile can call `wait_for_managers` later.
        """
        existing = existing_server()
        if existing is not None:
            self._use(existing)
            return
        self.binaries = ensure_binaries()
        with ExitStack() as undo:
            undo.callback(self.stop)
            self._start_server(self.binaries)
            if self.managers:
                self._start_managers(self.binaries)
                if wait_for_managers:
                    self.wait_for_managers()
            else:
                self.install_crds(cluster_api.without_webhooks(self.binaries.manifests(CORE)))
            undo.pop_all()

    def wait_for_managers(self) -> None:
        """Wait until Cluster API's managers answer; those that somebody else runs are taken to do so."""
        for name, url in self._manager_ready.items():
            self.processes.wait(name, functools.partial(_answers, url), READY_SECONDS, "ready")

    def stop(self) -> None:
        """Stop what was started, remove its files; may be called again."""
        if self._processes is not None:
            self._processes.stop()
            self._processes = None

    def detach(self) -> int:
        """Leave everything running; return the process whose end (SIGTERM) ends and removes it all."""
        pid = self.processes.detach()
        self._processes = None
        return pid

    def client(self) -> Client:
        """A new lightkube client for an administrator."""
        return client_for(self.kubeconfig)

    def apply(self, manifests: Manifests, namespace: str | None = None) -> list[Any]:
        """Apply a file, a folder or documents server-side; documents that name no namespace go to *namespace*."""
        with self.client() as client:
            return apply(client, manifests, namespace)

    def install_crds(self, crds: Iterable[Document]) -> None:
        """Apply CRDs and wait until they are served."""
        with self.client() as client:
            install_crds(client, crds)

    def _use(self, kubeconfig: Path) -> None:
        self.kubeconfig = kubeconfig
        with check_server(kubeconfig) as client:
            present = {crd.metadata.name for crd in client.list(CustomResourceDefinition) if crd.metadata}
            webhooks = {each.metadata.name for each in client.list(ValidatingWebhookConfiguration) if each.metadata}
            missing = [manager.provider for manager in self.managers if manager.webhooks not in webhooks]
            if missing:
                raise ServerUnusable(
                    f"The API server of kubeconfig {kubeconfig} lacks of Cluster API: {', '.join(missing)}."
                    " Run `clusterctl init` there first."
                )
            if not present >= NEEDED_CRDS:
                crds = cluster_api.without_webhooks(ensure_binaries().manifests(CORE))
                install_crds(client, [crd for crd in crds if crd["metadata"]["name"] not in present])

    def _start_server(self, binaries: Binaries) -> None:
        for attempt in range(ATTEMPTS):
            try:
                return self._try_server(binaries)
            except StartFailed as failure:
                if attempt + 1 == ATTEMPTS or "address already in use" not in str(failure):
                    raise
                self._clear_server()

    def _clear_server(self) -> None:
        for name in SERVER:
            if name in self.processes.pids:
                self.processes.stop_one(name)
        shutil.rmtree(self.processes.folder / "etcd", ignore_errors=True)  # it remembers its old ports
        (self.processes.folder / "kubeconfig").unlink(missing_ok=True)

    def _try_server(self, binaries: Binaries) -> None:
        folder = self.processes.folder
        etcd, etcd_peer, port = free_ports(3)
        authority = self._write_certificates(folder)
        server = f"https://127.0.0.1:{port}"
        self.kubeconfig = write_kubeconfig(
            folder / "kubeconfig", server, authority.certificate, authority.administrator()
        )
        start, wait = self.processes.start, self.processes.wait
        start("etcd", [binaries.etcd, *_etcd_flags(folder, etcd, etcd_peer)])
        wait("etcd", lambda: _answers(f"http://127.0.0.1:{etcd}/readyz"), READY_SECONDS, "ready")
        start("kube-apiserver", [binaries.apiserver, *_apiserver_flags(folder, etcd, port)])
        wait("kube-apiserver", lambda: _answers(f"{server}/readyz", folder / "ca.crt"), READY_SECONDS, "ready")
        start("kube-controller-manager", [binaries.controller_manager, *_controller_manager_flags(self.kubeconfig)])

    @staticmethod
    def _write_certificates(folder: Path) -> Authority:
        authority = Authority()
        serving = authority.serving()
        files = {
            "ca.crt": authority.certificate,
            "tls.crt": serving.certificate,
            "tls.key": serving.key,
            "sa.key": service_account_key(),
        }
        for name, content in files.items():
            (folder / name).unlink(missing_ok=True)
            write_private(folder / name, content)
        return authority

    def _start_managers(self, binaries: Binaries) -> None:
        folder = self.processes.folder
        ports = free_ports(2 * len(self.managers))
        authority = (folder / "ca.crt").read_bytes()
        for manager, webhook, health in zip(self.managers, ports[::2], ports[1::2], strict=True):
            self.apply(cluster_api.with_webhooks_at(binaries.manifests(manager), webhook, authority))
            flags = manager.flags(self.kubeconfig, folder, webhook, health)
            self.processes.start(manager.name, [binaries.manager(manager), *flags])
            self._manager_ready[manager.name] = f"http://127.0.0.1:{health}/readyz"


def free_ports(count: int) -> list[int]:
    """Loopback ports that nobody has at this moment, all different."""
    sockets = [socket.socket() for _ in range(count)]
    try:
        for each in sockets:
            each.bind(("127.0.0.1", 0))
        return [int(each.getsockname()[1]) for each in sockets]
    finally:
        for each in sockets:
            each.close()


def _answers(url: str, authority: Path | None = None) -> bool:
    context = ssl.create_default_context(cafile=str(authority)) if authority else None
    handlers: list[urllib.request.BaseHandler] = [urllib.request.ProxyHandler({})]  # never by way of a proxy
    if context:
        handlers.append(urllib.request.HTTPSHandler(context=context))
    try:
        with urllib.request.build_opener(*handlers).open(url, timeout=5) as response:
            return bool(response.status == 200)
    except (urllib.error.URLError, OSError):
        return False


def _etcd_flags(folder: Path, port: int, peer_port: int) -> list[str]:
    client, peer = f"http://127.0.0.1:{port}", f"http://127.0.0.1:{peer_port}"
    return [
        f"--data-dir={folder / 'etcd'}",
        f"--listen-client-urls={client}",
        f"--advertise-client-urls={client}",
        f"--listen-peer-urls={peer}",
        f"--initial-advertise-peer-urls={peer}",
        f"--initial-cluster=default={peer}",
        "--unsafe-no-fsync",  # the data does not outlive the process
        "--log-level=warn",
    ]


def _apiserver_flags(folder: Path, etcd_port: int, port: int) -> list[str]:
    return [
        f"--etcd-servers=http://127.0.0.1:{etcd_port}",
        "--bind-address=127.0.0.1",
        f"--secure-port={port}",
        "--advertise-address=127.0.0.1",
        "--endpoint-reconciler-type=none",  # the others refuse a loopback address
        f"--tls-cert-file={folder / 'tls.crt'}",
        f"--tls-private-key-file={folder / 'tls.key'}",
        f"--client-ca-file={folder / 'ca.crt'}",
        "--service-account-issuer=https://kubernetes.default.svc",
        f"--service-account-key-file={folder / 'sa.key'}",
        f"--service-account-signing-key-file={folder / 'sa.key'}",
        "--service-cluster-ip-range=10.0.0.0/24",
        "--authorization-mode=RBAC",
        # As OpenShift has it: who sets an owner that blocks deletion must have the right to the owner's finalizers.
        "--enable-admission-plugins=OwnerReferencesPermissionEnforcement",
    ]


def _controller_manager_flags(kubeconfig: Path) -> list[str]:
    # Without it the secrets of a deleted cluster stay, and a new cluster of that name takes them.
    return [
        f"--controllers={CONTROLLERS}",
        "--leader-elect=false",
        f"--kubeconfig={kubeconfig}",
        "--secure-port=0",
    ]
