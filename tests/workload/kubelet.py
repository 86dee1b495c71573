# SPDX-License-Identifier: Apache-2.0
"""The kubelet of a guest as the cluster sees it: its arguments from systemd's drop-ins, its Node, its static pods."""

import re
import shlex
import subprocess
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from workload.api import Api

UNIT = "etc/systemd/system/kubelet.service.d"
# What kubeadm's package brings.
KUBEADM_DROP_IN = """\
[Service]
EnvironmentFile=-/var/lib/kubelet/kubeadm-flags.env
EnvironmentFile=-/etc/default/kubelet
"""
PATHS = re.compile(r"(?<![\w.])/(etc|run|usr|var)/")
COMMAND_SECONDS = 60.0
LEASES = "/apis/coordination.k8s.io/v1/namespaces/kube-node-lease/leases"
CONTROL_PLANE_PODS = ("etcd", "kube-apiserver", "kube-controller-manager", "kube-scheduler")


@dataclass(frozen=True)
class Identity:
    """What a kubelet tells of its node."""

    name: str
    address: str
    """The guest's own."""
    here: str
    """Where its programs listen."""
    version: str
    machine: str
    """The VM's id, as the firmware of the guest tells it."""
    taints: Sequence[Mapping[str, str]] = ()


class Root:
    """The folder that is / for the programs of a guest."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def path(self, path: str) -> Path:
        """Where an absolute path of the guest is."""
        return self.folder / path.lstrip("/")

    def write(self, path: str, content: bytes, mode: int = 0o600) -> Path:
        """Write a file; nobody but us enters the folder."""
        file = self.path(path)
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(content)
        file.chmod(mode)
        return file

    def inside(self, text: str) -> str:
        """A text in which absolute paths lead into this folder."""
        return PATHS.sub(rf"{self.folder}/\1/", text)

    def run_script(self, text: str, environment: Mapping[str, str] | None = None) -> None:
        """Run a shell script that means this folder's files when it says /etc; systemctl does nothing yet."""
        tools = self.path("/bin")
        tools.mkdir(parents=True, exist_ok=True)
        (tools / "systemctl").write_text("#!/bin/sh\n")
        (tools / "systemctl").chmod(0o755)
        self.run(["/bin/sh", "-c", self.inside(text)], {"PATH": f"{tools}:/usr/bin:/bin", **(environment or {})})

    def run(self, command: Sequence[str], environment: Mapping[str, str]) -> None:
        """Run a command; what it says is in the error."""
        subprocess.run(
            command,
            env=dict(environment),
            cwd=self.folder,
            check=True,
            capture_output=True,
            text=True,
            timeout=COMMAND_SECONDS,
            stdin=subprocess.DEVNULL,
        )


def kubelet_arguments(root: Root) -> list[str]:
    """Start the kubelet's unit as systemd does, up to the arguments that the kubelet would get."""
    root.write(f"{UNIT}/10-kubeadm.conf", KUBEADM_DROP_IN.encode())
    lines = [
        line for file in sorted(root.path(UNIT).glob("*.conf")) for line in _settings(root.inside(file.read_text()))
    ]
    files = [Path(value.lstrip("-")) for key, value in lines if key == "EnvironmentFile"]
    for command in (value for key, value in lines if key == "ExecStartPre"):
        root.run(shlex.split(command.lstrip("-")), {"PATH": "/usr/bin:/bin", **_environment(files)})
    known = _environment(files)
    return shlex.split(known.get("KUBELET_KUBEADM_ARGS", "")) + shlex.split(known.get("KUBELET_EXTRA_ARGS", ""))


def _now(micro: bool = False) -> str:
    return datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ" if micro else "%Y-%m-%dT%H:%M:%SZ")


def _settings(text: str) -> Iterable[tuple[str, str]]:
    for line in text.splitlines():
        key, found, value = line.strip().partition("=")
        if found and not key.startswith("#"):
            yield key, value


def _environment(files: Iterable[Path]) -> dict[str, str]:
    found: dict[str, str] = {}
    for file in files:
        for key, value in _settings(file.read_text()) if file.exists() else ():
            found[key] = "".join(shlex.split(value)) if value[:1] in "\"'" else value
    return found


def register(api: Api, identity: Identity, arguments: Sequence[str]) -> None:
    """Make the Node, as its own kubelet, and say that it is ready."""
    given = dict(argument.lstrip("-").split("=", 1) for argument in arguments if "=" in argument)
    labels = {"kubernetes.io/hostname": identity.name, "kubernetes.io/os": "linux", "kubernetes.io/arch": "amd64"}
    labels |= dict(pair.split("=", 1) for pair in given.get("node-labels", "").split(",") if pair)
    spec: dict[str, Any] = {"taints": [dict(taint) for taint in identity.taints]}
    if "provider-id" in given:
        spec["providerID"] = given["provider-id"]
    metadata = {"name": identity.name, "labels": labels}
    api.create("/api/v1/nodes", {"metadata": metadata, "spec": spec})
    lease = {"holderIdentity": identity.name, "leaseDurationSeconds": 40, "renewTime": _now(micro=True)}
    api.create(LEASES, {"metadata": {"name": identity.name, "namespace": "kube-node-lease"}, "spec": lease})
    tell_status(api, identity)


def beat(api: Api, identity: Identity) -> None:
    """Say that the node is alive; the cluster counts one that does not for some time as lost."""
    api.patch(f"{LEASES}/{identity.name}", {"spec": {"renewTime": _now(micro=True)}})
    node = api.get(f"/api/v1/nodes/{identity.name}")
    ready = (each["status"] for each in node["status"].get("conditions") or () if each["type"] == "Ready")
    if next(ready, None) != "True":
        tell_status(api, identity)


def tell_status(api: Api, identity: Identity) -> None:
    """Say that the node is ready, and what and where it is."""
    now = _now()
    times = {"lastHeartbeatTime": now, "lastTransitionTime": now}
    conditions = [
        {
            "type": kind,
            "status": status,
            "reason": "Simulated",
            "message": "A simulated one.",
            **times,
        }
        for kind, status in (("Ready", "True"), *((f"{what}Pressure", "False") for what in ("Memory", "Disk", "PID")))
    ]
    quantity = {"cpu": "2", "memory": "4Gi", "pods": "110", "ephemeral-storage": "20Gi"}
    info = dict.fromkeys(("bootID", "kernelVersion", "systemUUID", "machineID"), identity.machine)
    info |= {"osImage": "simulated", "operatingSystem": "linux", "architecture": "amd64"}
    info |= {
        "kubeletVersion": identity.version,
        "kubeProxyVersion": "",
        "containerRuntimeVersion": "containerd://2.0.0",
    }
    status = {
        "conditions": conditions,
        # The API server of the cluster reaches the kubelet where it listens; everybody else knows the guest's address.
        "addresses": [
            {"type": "InternalIP", "address": identity.address},
            {"type": "ExternalIP", "address": identity.here},
            {"type": "Hostname", "address": identity.name},
        ],
        "capacity": quantity,
        "allocatable": quantity,
        "daemonEndpoints": {"kubeletEndpoint": {"Port": 10250}},
        "nodeInfo": info,
    }
    api.patch(f"/api/v1/nodes/{identity.name}/status", {"status": status})


def show_static_pods(api: Api, identity: Identity, client_url: str) -> None:
    """Let the cluster see the static pods of a control plane, as a kubelet mirrors them."""
    node = api.get(f"/api/v1/nodes/{identity.name}")
    owner = {
        "apiVersion": "v1",
        "kind": "Node",
        "name": identity.name,
        "uid": node["metadata"]["uid"],
        "controller": True,
    }
    now = _now()
    for component in CONTROL_PLANE_PODS:
        name = f"{component}-{identity.name}"
        annotations = {f"kubernetes.io/config.{key}": name for key in ("mirror", "hash", "seen")}
        annotations["kubernetes.io/config.source"] = "file"
        if component == "etcd":
            annotations["kubeadm.kubernetes.io/etcd.advertise-client-urls"] = client_url
        if component == "kube-apiserver":
            annotations["kubeadm.kubernetes.io/kube-apiserver.advertise-address.endpoint"] = f"{identity.address}:6443"
        metadata = {
            "name": name,
            "namespace": "kube-system",
            "labels": {"component": component, "tier": "control-plane"},
            "annotations": annotations,
            "ownerReferences": [owner],
        }
        container = {"name": component, "image": f"registry.k8s.io/{component}:{identity.version}"}
        spec = {
            "nodeName": identity.name,
            "hostNetwork": True,
            "priorityClassName": "system-node-critical",
            "containers": [container],
            "tolerations": [{"operator": "Exists", "effect": "NoExecute"}],
        }
        path = "/api/v1/namespaces/kube-system/pods"
        api.create(path, {"metadata": metadata, "spec": spec})
        conditions = [
            {"type": kind, "status": "True", "lastTransitionTime": now}
            for kind in ("Initialized", "ContainersReady", "PodScheduled", "Ready")
        ]
        status = {"phase": "Running", "conditions": conditions, "hostIP": identity.here, "podIP": identity.here}
        api.patch(f"{path}/{name}/status", {"status": {**status, "startTime": now}})
