# SPDX-License-Identifier: Apache-2.0
"""The control plane of a guest: certificates and kubeconfigs by kubeadm's phases, and the real programs.

What stands on the medium is taken as it is; a copy of kubeadm's configuration says besides what differs from a machine
of its own: folders, and the address at which the guest's programs listen.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml
from plane.binaries import Binaries

from workload.api import Api
from workload.kubelet import Identity, Root
from workload.programs import Programs

CONFIG = "/run/kubeadm/kubeadm.yaml"
PKI = "/etc/kubernetes/pki"
CONTROLLERS = (
    "bootstrap-signer-controller",
    "token-cleaner-controller",
    "certificatesigningrequest-approving-controller",
    "certificatesigningrequest-signing-controller",
    "clusterrole-aggregation-controller",
    "garbage-collector-controller",
    "namespace-controller",
    "node-lifecycle-controller",
    "serviceaccount-controller",
)
CONTROL_PLANE_LABELS = (
    "node-role.kubernetes.io/control-plane",
    "node.kubernetes.io/exclude-from-external-load-balancers",
)
CLUSTER_ADMINS = "kubeadm:cluster-admins"

Document = dict[str, Any]


@dataclass(frozen=True)
class ControlPlane:
    """What one guest runs of a control plane."""

    root: Root
    binaries: Binaries
    identity: Identity
    programs: Programs

    @property
    def kubeconfig(self) -> Path:
        """The administrator's."""
        return self.root.path("/etc/kubernetes/admin.conf")

    def make_credentials(self, cluster: Mapping[str, Any], node: Mapping[str, Any]) -> None:
        """Make certificates and kubeconfigs by kubeadm, from the authorities that the medium brought.

        *cluster* is a ClusterConfiguration, *node* an InitConfiguration.
        """
        file = self.root.write("/run/kubeadm/edited.yaml", yaml.safe_dump_all(self._edited(cluster, node)).encode())
        self._phase("certs", "all", "--config", file)
        self._phase("kubeconfig", "all", "--config", file, "--kubeconfig-dir", self.kubeconfig.parent)
        # Those who ask the node's own API server.
        for name in ("controller-manager.conf", "kubelet.conf", "scheduler.conf"):
            file = self.kubeconfig.with_name(name)
            file.write_text(file.read_text().replace(f"//{self.identity.address}:", f"//{self.identity.here}:"))

    def start(self, etcd_members: Sequence[str], joins: bool, service_subnet: str) -> None:
        """Start etcd, kube-apiserver, kube-controller-manager and the kubelet's port-forwarding; wait for the API.

        *etcd_members* are all, each as NAME=URL. An etcd that has data goes on with it.
        """
        self.programs.start("etcd", [self.binaries.etcd, *self._etcd_flags(etcd_members, joins)])
        self.programs.start("kube-apiserver", [self.binaries.apiserver, *self._apiserver_flags(service_subnet)])
        forwarder = [
            f"--address={self.identity.here}",
            f"--tls-cert-file={self._pki('apiserver.crt')}",
            f"--tls-private-key-file={self._pki('apiserver.key')}",
            f"--client-ca-file={self._pki('ca.crt')}",
        ]
        self.programs.start("port-forwarder", [self.binaries.port_forwarder, *forwarder])
        # Its own API server, as long as nobody has made the administrator's group one of administrators.
        with self.api("super-admin.conf") as api:

            def ready() -> bool:
                self.programs.check("etcd")
                self.programs.check("kube-apiserver")
                return api.find("/api/v1/namespaces/kube-system") is not None

            self.programs.wait("the guest's API server", ready)
        self.programs.start(
            "kube-controller-manager", [self.binaries.controller_manager, *self._controller_manager_flags()]
        )

    def initialize(self) -> None:
        """Do what kubeadm does in a cluster that has just begun, with the configuration of the medium."""
        with self.api("super-admin.conf") as api:
            role = {"apiGroup": "rbac.authorization.k8s.io", "kind": "ClusterRole", "name": "cluster-admin"}
            group = {"apiGroup": "rbac.authorization.k8s.io", "kind": "Group", "name": CLUSTER_ADMINS}
            binding = {"metadata": {"name": CLUSTER_ADMINS}, "roleRef": role, "subjects": [group]}
            api.create("/apis/rbac.authorization.k8s.io/v1/clusterrolebindings", binding)
        more = ("--config", self.root.path(CONFIG), "--kubeconfig", self.kubeconfig)
        self._phase("upload-config", "all", *more)
        self._phase("bootstrap-token", *more)
        self._phase("addon", "all", *more)

    def mark(self, api: Api) -> None:
        """Label the Node as one of a control plane."""
        labels = dict.fromkeys(CONTROL_PLANE_LABELS, "")
        api.patch(f"/api/v1/nodes/{self.identity.name}", {"metadata": {"labels": labels}})

    def api(self, kubeconfig: str) -> Api:
        """The guest's own API server, by one of its kubeconfigs."""
        return Api.of(self.kubeconfig.with_name(kubeconfig), f"https://{self.identity.here}:6443")

    def _phase(self, *words: str | Path) -> None:
        self.programs.run("kubeadm", [self.binaries.kubeadm, "init", "phase", *words])

    def _edited(self, cluster: Mapping[str, Any], node: Mapping[str, Any]) -> list[Document]:
        here, address = self.identity.here, self.identity.address
        local = (cluster.get("etcd") or {}).get("local") or {}
        server = cluster.get("apiServer") or {}
        edited = {
            **cluster,
            "certificatesDir": str(self.root.path(PKI)),
            "apiServer": {**server, "certSANs": [*(server.get("certSANs") or []), here, address]},
            "etcd": {"local": {**local, **{f"{kind}CertSANs": [here] for kind in ("server", "peer")}}},
        }
        registration = {**(node.get("nodeRegistration") or {}), "criSocket": "unix:///run/containerd/containerd.sock"}
        own = {**node, "nodeRegistration": registration, "localAPIEndpoint": {"advertiseAddress": address}}
        return [edited, own]

    def _pki(self, name: str) -> Path:
        return self.root.path(f"{PKI}/{name}")

    def _etcd_flags(self, members: Sequence[str], joins: bool) -> list[str]:
        here = self.identity.here
        client, peer = f"https://{here}:2379", f"https://{here}:2380"
        return [
            f"--name={self.identity.name}",
            f"--data-dir={self.root.path('/var/lib/etcd')}",
            f"--listen-client-urls={client}",
            f"--advertise-client-urls={client}",
            f"--listen-peer-urls={peer}",
            f"--initial-advertise-peer-urls={peer}",
            f"--initial-cluster={','.join(members)}",
            f"--initial-cluster-state={'existing' if joins else 'new'}",
            "--client-cert-auth=true",
            f"--trusted-ca-file={self._pki('etcd/ca.crt')}",
            f"--cert-file={self._pki('etcd/server.crt')}",
            f"--key-file={self._pki('etcd/server.key')}",
            "--peer-client-cert-auth=true",
            f"--peer-trusted-ca-file={self._pki('etcd/ca.crt')}",
            f"--peer-cert-file={self._pki('etcd/peer.crt')}",
            f"--peer-key-file={self._pki('etcd/peer.key')}",
            "--unsafe-no-fsync",  # a guest whose plug is pulled keeps what this machine's kernel has
            "--log-level=warn",
        ]

    def _apiserver_flags(self, service_subnet: str) -> list[str]:
        here = self.identity.here
        return [
            f"--bind-address={here}",
            f"--advertise-address={self.identity.address}",
            "--secure-port=6443",
            "--endpoint-reconciler-type=none",
            "--allow-privileged=true",
            "--authorization-mode=Node,RBAC",
            "--enable-admission-plugins=NodeRestriction",
            "--enable-bootstrap-token-auth=true",
            f"--client-ca-file={self._pki('ca.crt')}",
            f"--etcd-servers=https://{here}:2379",
            f"--etcd-cafile={self._pki('etcd/ca.crt')}",
            f"--etcd-certfile={self._pki('apiserver-etcd-client.crt')}",
            f"--etcd-keyfile={self._pki('apiserver-etcd-client.key')}",
            f"--kubelet-client-certificate={self._pki('apiserver-kubelet-client.crt')}",
            f"--kubelet-client-key={self._pki('apiserver-kubelet-client.key')}",
            "--kubelet-preferred-address-types=ExternalIP",
            f"--proxy-client-cert-file={self._pki('front-proxy-client.crt')}",
            f"--proxy-client-key-file={self._pki('front-proxy-client.key')}",
            f"--requestheader-client-ca-file={self._pki('front-proxy-ca.crt')}",
            "--requestheader-allowed-names=front-proxy-client",
            "--requestheader-username-headers=X-Remote-User",
            "--requestheader-group-headers=X-Remote-Group",
            "--requestheader-extra-headers-prefix=X-Remote-Extra-",
            "--service-account-issuer=https://kubernetes.default.svc.cluster.local",
            f"--service-account-key-file={self._pki('sa.pub')}",
            f"--service-account-signing-key-file={self._pki('sa.key')}",
            f"--service-cluster-ip-range={service_subnet}",
            f"--tls-cert-file={self._pki('apiserver.crt')}",
            f"--tls-private-key-file={self._pki('apiserver.key')}",
        ]

    def _controller_manager_flags(self) -> list[str]:
        return [
            f"--kubeconfig={self.kubeconfig.with_name('controller-manager.conf')}",
            f"--controllers={','.join(CONTROLLERS)}",
            f"--client-ca-file={self._pki('ca.crt')}",
            f"--root-ca-file={self._pki('ca.crt')}",
            f"--cluster-signing-cert-file={self._pki('ca.crt')}",
            f"--cluster-signing-key-file={self._pki('ca.key')}",
            f"--service-account-private-key-file={self._pki('sa.key')}",
            "--use-service-account-credentials=true",
            "--leader-elect=true",
            # Sooner than the default of 50 s, so that nobody waits long for a lost node to be told.
            "--node-monitor-grace-period=20s",
            "--node-monitor-period=2s",
            "--secure-port=0",
        ]
