# SPDX-License-Identifier: Apache-2.0
"""How a guest becomes a node: the commands of its medium, above all `kubeadm init` and `kubeadm join`."""

import base64
import contextlib
import json
import re
import ssl
import threading
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from typing import Any

import httpx2
import yaml
from plane.binaries import Binaries

from workload.api import Api, Refused
from workload.control_plane import CONFIG, PKI, ControlPlane
from workload.discovery import discover, request_certificate
from workload.kubelet import Identity, Root, beat, kubelet_arguments, register, show_static_pods
from workload.network import Network
from workload.programs import GuestFailed, Programs

JOIN_CONFIG = "/run/kubeadm/kubeadm-join-config.yaml"
KUBELET_CONFIG = "/etc/kubernetes/kubelet.conf"
SENTINEL = "/run/cluster-api/bootstrap-success.complete"
KEEPALIVED = "/usr/libexec/keepalived-vip/keepalived.conf"
MEMORY = "/var/lib/simulated-node.json"
SHARED = re.compile(r"virtual_ipaddress\s*{\s*([^\s/]+)/")
CONTROL_PLANE_TAINT = {"key": "node-role.kubernetes.io/control-plane", "effect": "NoSchedule"}
BEAT_SECONDS = 4.0
KUBEADM_CONFIG = "/api/v1/namespaces/kube-system/configmaps/kubeadm-config"


@dataclass(frozen=True)
class Memory:
    """What a guest that starts again must know."""

    identity: Identity
    control_plane: bool = False
    service_subnet: str = ""


class Node:
    """What runs in one guest between its start and its end."""

    def __init__(
        self, root: Root, binaries: Binaries, network: Network, programs: Programs, identity: Identity
    ) -> None:
        self.root, self.binaries, self.network, self.programs = root, binaries, network, programs
        self.identity = identity

    def run(self, command: str) -> bool:
        """Run one command of the medium; False: it is none of those that make a node, and was not run."""
        if "keepalived-vip/start" in command:
            self.keep_address()
        elif "kubeadm init" in command:
            self.init()
        elif "kubeadm join" in command:
            self.join()
        else:
            return False
        return True

    def start_again(self) -> bool:
        """Go on as before the guest was turned off; False when it was no node then."""
        file = self.root.path(MEMORY)
        if not file.exists():
            return False
        kept = json.loads(file.read_text())
        memory = Memory(**{**kept, "identity": Identity(**kept["identity"])})
        # An image does not change its version, and a name is for life; the address may be another one.
        self.identity = replace(memory.identity, address=self.identity.address, here=self.identity.here)
        if self.root.path(KEEPALIVED).exists():
            self.keep_address()
        if memory.control_plane:
            self._control_plane.start([], True, memory.service_subnet)
        self._register()
        return True

    def keep_address(self) -> None:
        """Take part in holding the address that keepalived's configuration names, and wait until somebody has it."""
        found = SHARED.search(self.root.path(KEEPALIVED).read_text())
        if found is None:
            raise GuestFailed("keepalived.conf has no virtual_ipaddress")
        address = found.group(1)
        self.network.take_part(address, self.identity.here, lambda: not self.programs.stopped)
        self.programs.wait(f"{address} on some host", lambda: self.network.holder(address))

    def init(self) -> None:
        """The first node of a cluster."""
        cluster, node = self._documents(CONFIG, "ClusterConfiguration", "InitConfiguration")
        self._take_registration(node, default_taints=[CONTROL_PLANE_TAINT])
        plane = self._control_plane
        plane.make_credentials(cluster, node)
        subnet = _service_subnet(cluster)
        plane.start([self._etcd_member], False, subnet)
        self._remember(subnet)
        plane.initialize()
        self._register()
        self._finish()

    def join(self) -> None:
        """One more node of a cluster, found through its endpoint by the token on the medium."""
        [config] = self._documents(JOIN_CONFIG, "JoinConfiguration")
        is_control_plane = "controlPlane" in config
        self._take_registration(config, [CONTROL_PLANE_TAINT] if is_control_plane else [])
        bootstrap, authority = discover(config["discovery"], self.programs.wait)
        with bootstrap:
            certificate, key = request_certificate(bootstrap, self.identity.name, self.programs.wait)
            if is_control_plane:
                self._join_control_plane(config, bootstrap)
            else:
                self._remember(None)
        endpoint = config["discovery"]["bootstrapToken"]["apiServerEndpoint"]
        self._write_kubelet_config(endpoint, authority, certificate, key)
        self._register()
        self._finish()

    def _join_control_plane(self, config: Mapping[str, Any], bootstrap: Api) -> None:
        data = self.programs.wait("kubeadm-config", lambda: bootstrap.get(KUBEADM_CONFIG)["data"])
        cluster = yaml.safe_load(data["ClusterConfiguration"])
        node = {
            "apiVersion": config["apiVersion"],
            "kind": "InitConfiguration",
            "nodeRegistration": config["nodeRegistration"],
        }
        plane = self._control_plane
        plane.make_credentials(cluster, node)
        subnet = _service_subnet(cluster)
        with Api.of(plane.kubeconfig) as api:
            members = self.programs.wait("a member of etcd that takes a new one", lambda: self._added_to_etcd(api))
        self._remember(subnet)
        plane.start(members, True, subnet)

    def _added_to_etcd(self, api: Api) -> list[str]:
        """Make this guest's etcd known to the others; all members, this one too."""
        pods = api.get("/api/v1/namespaces/kube-system/pods", labelSelector="component=etcd")["items"]
        urls = [pod["metadata"]["annotations"]["kubeadm.kubernetes.io/etcd.advertise-client-urls"] for pod in pods]
        context = ssl.create_default_context(cafile=str(self.root.path(f"{PKI}/etcd/ca.crt")))
        context.load_cert_chain(self.root.path(f"{PKI}/etcd/peer.crt"), self.root.path(f"{PKI}/etcd/peer.key"))
        peer = f"https://{self.identity.here}:2380"
        problem: httpx2.HTTPError | None = None
        for url in urls:
            try:
                with httpx2.Client(base_url=url, verify=context, timeout=10, trust_env=False) as etcd:
                    known = _post(etcd, "/v3/cluster/member/list", {})["members"]
                    if not any(peer in member["peerURLs"] for member in known):
                        known = _post(etcd, "/v3/cluster/member/add", {"peerURLs": [peer]})["members"]
                    named = {member["peerURLs"][0]: member.get("name") or self.identity.name for member in known}
                    return [f"{name}={url}" for url, name in named.items()]
            except httpx2.HTTPError as error:
                problem = error
        raise problem or OSError("there is no etcd pod")

    def _write_kubelet_config(self, endpoint: str, authority: str, certificate: str, key: str) -> None:
        name, encoded = "default", _base64
        content = {
            "clusters": [
                {
                    "name": name,
                    "cluster": {"server": f"https://{endpoint}", "certificate-authority-data": encoded(authority)},
                }
            ],
            "users": [
                {
                    "name": name,
                    "user": {"client-certificate-data": encoded(certificate), "client-key-data": encoded(key)},
                }
            ],
        }
        self.root.write(KUBELET_CONFIG, yaml.safe_dump(content).encode())

    def _register(self) -> None:
        """Start the kubelet, as far as the cluster sees it."""
        arguments = kubelet_arguments(self.root)
        with Api.of(self.root.path(KUBELET_CONFIG)) as api:

            def registered() -> bool:
                register(api, self.identity, arguments)
                return True

            self.programs.wait(f"Node {self.identity.name}", registered)
            if self._is_control_plane:
                with Api.of(self._control_plane.kubeconfig) as administrator:
                    self._control_plane.mark(administrator)
                show_static_pods(api, self.identity, f"https://{self.identity.here}:2379")
        threading.Thread(target=self._beat, name=f"kubelet {self.identity.name}", daemon=True).start()

    def _beat(self) -> None:
        """Say every few seconds that the node is alive, until its plug is pulled."""
        with Api.of(self.root.path(KUBELET_CONFIG)) as api:
            while not self.programs.wait_until_stopped(BEAT_SECONDS):
                with contextlib.suppress(httpx2.HTTPError, Refused):
                    beat(api, self.identity)

    def _take_registration(self, config: Mapping[str, Any], default_taints: Sequence[Mapping[str, str]]) -> None:
        """Name, taints and arguments of the kubelet, as kubeadm takes them from its configuration."""
        registration = config.get("nodeRegistration") or {}
        taints = registration.get("taints")
        name = str(registration.get("name") or self.identity.name)
        self.identity = replace(self.identity, name=name, taints=default_taints if taints is None else taints)
        arguments = registration.get("kubeletExtraArgs") or []
        words = " ".join(f"--{each['name']}={each['value']}" for each in arguments)
        self.root.write("/var/lib/kubelet/kubeadm-flags.env", f'KUBELET_KUBEADM_ARGS="{words}"\n'.encode())

    def _documents(self, path: str, *kinds: str) -> list[dict[str, Any]]:
        file = self.root.path(path)
        if not file.exists():
            raise GuestFailed(f"the medium brought no {path}")
        found = {document["kind"]: document for document in yaml.safe_load_all(file.read_text()) if document}
        return [found[kind] for kind in kinds]

    def _remember(self, service_subnet: str | None) -> None:
        memory = Memory(self.identity, service_subnet is not None, service_subnet or "")
        self.root.write(MEMORY, json.dumps(asdict(memory)).encode())

    def _finish(self) -> None:
        self.root.write(SENTINEL, b"success\n")

    @property
    def _is_control_plane(self) -> bool:
        return self._control_plane.kubeconfig.exists()

    @property
    def _control_plane(self) -> ControlPlane:
        return ControlPlane(self.root, self.binaries, self.identity, self.programs)

    @property
    def _etcd_member(self) -> str:
        return f"{self.identity.name}=https://{self.identity.here}:2380"


def _service_subnet(cluster: Mapping[str, Any]) -> str:
    return str((cluster.get("networking") or {}).get("serviceSubnet") or "10.96.0.0/12")


def _post(client: httpx2.Client, path: str, body: Mapping[str, Any]) -> dict[str, Any]:
    answer = client.post(path, json=body)
    answer.raise_for_status()
    found: dict[str, Any] = answer.json()
    return found


def _base64(text: str) -> str:
    return base64.b64encode(text.encode()).decode()
