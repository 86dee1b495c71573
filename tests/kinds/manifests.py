# SPDX-License-Identifier: Apache-2.0
"""The manifests of these tests, and kubectl to bring them to the API server as a person would."""

from __future__ import annotations

import copy
import json
import shutil
import subprocess
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml
from plane import ManagementPlane

Document = dict[str, Any]

FOLDER = Path(__file__).parent
EXAMPLES = Path(__file__).parents[2] / "examples"
API_VERSION = "infrastructure.cluster.x-k8s.io/v1alpha1"
LEAST: Mapping[str, Document] = {
    "ScvmmProvider": {"scvmmHost": "vmm.example.com"},
    "ScvmmCluster": {},
    "ScvmmClusterTemplate": {"template": {}},
    "ScvmmMachine": {"vmTemplate": "t"},
    "ScvmmRemediation": {},
    "ScvmmRemediationTemplate": {"template": {}},
    "ScvmmNamePool": {"vmNameRanges": []},
    "ScvmmPersistentDisk": {"size": "1Gi"},
    "ScvmmPersistentDiskPool": {"template": {"spec": {"size": "1Gi"}}},
    "ScvmmMachineTemplate": {"template": {"spec": {"vmTemplate": "t"}}},
}
PATIENCE_SECONDS = 60


def good() -> list[Document]:
    """Manifests that every API server must take, in whatever namespace."""
    folders = (
        FOLDER / "good",
        EXAMPLES / "endpoint",
        EXAMPLES / "bootstrap",
        EXAMPLES / "media",
        EXAMPLES / "adoption",
    )
    files = [file for folder in folders for file in sorted(folder.glob("*.yaml"))]
    documents = [document for file in files for document in yaml.safe_load_all(file.read_text())]
    for document in documents:
        document["metadata"].pop("namespace", None)
    return documents


def bad() -> list[Document]:
    """Entries of bad.yaml."""
    entries: list[Document] = yaml.safe_load((FOLDER / "bad.yaml").read_text())
    return entries


def manifest(kind: str, spec: Document | None = None, name: str = "thing") -> Document:
    """The least manifest of *kind* with *spec* merged into it (null takes a key out)."""
    return {
        "apiVersion": API_VERSION,
        "kind": kind,
        "metadata": {"name": name},
        "spec": merged(LEAST[kind], spec or {}),
    }


def merged(base: Mapping[str, Any], change: Mapping[str, Any]) -> Document:
    """A JSON merge patch."""
    result = copy.deepcopy(dict(base))
    for key, value in change.items():
        if value is None:
            result.pop(key, None)
        elif isinstance(value, dict) and isinstance(result.get(key), dict):
            result[key] = merged(result[key], value)
        else:
            result[key] = value
    return result


@dataclass(frozen=True)
class Answer:
    """What kubectl said."""

    code: int
    out: str
    error: str

    @property
    def document(self) -> Document:
        """The object that it printed."""
        assert self.code == 0, self.error
        printed: Document = json.loads(self.out)
        return printed


@dataclass(frozen=True)
class Kubectl:
    """kubectl as administrator of a plane, in one namespace."""

    program: str
    kubeconfig: Path
    namespace: str

    def __call__(self, *arguments: str, document: Document | None = None) -> Answer:
        """Run it; *document* goes to its standard input."""
        done = subprocess.run(
            [self.program, f"--kubeconfig={self.kubeconfig}", f"--namespace={self.namespace}", *arguments],
            input=json.dumps(document) if document else None,
            capture_output=True,
            text=True,
            timeout=PATIENCE_SECONDS,
            check=False,
        )
        return Answer(done.returncode, done.stdout, done.stderr)

    def apply(self, document: Document, *arguments: str) -> Answer:
        """kubectl apply, which lets no unknown field pass; prints the object."""
        return self("apply", "-f", "-", "-o", "json", *arguments, document=document)

    def patch_status(self, kind: str, name: str, status: Document) -> Answer:
        """Write into the status, as the controller does."""
        patch = json.dumps({"status": status})
        return self("patch", kind, name, "--subresource=status", "--type=merge", "-o", "json", "-p", patch)

    def patch(self, kind: str, name: str, spec: Document) -> Answer:
        """Change the spec by a merge patch."""
        return self("patch", kind, name, "--type=merge", "-o", "json", "-p", json.dumps({"spec": spec}))


def kubectl_for(plane: ManagementPlane, namespace: str) -> Kubectl:
    """The plane's own kubectl, else the one on the path."""
    program = str(plane.kubectl or shutil.which("kubectl") or "kubectl")
    return Kubectl(program, plane.kubeconfig, namespace)
