# SPDX-License-Identifier: Apache-2.0
"""clusterctl as a person runs it, with a repository of ours on the disk."""

from __future__ import annotations

import json
import os
import re
import subprocess
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml
from release.clusterctl_release import COMPONENTS, TEMPLATES, version, write

VERSION = version()
FLAVORS = sorted(
    path.stem.removeprefix("cluster-template").removeprefix("-") for path in TEMPLATES.glob("cluster-template*.yaml")
)
"""Names of flavors; the first one is empty, that of the template which is taken when nobody names one."""
ENVIRONMENT = {
    "SCVMM_CLOUD": "production",
    "SCVMM_HOST_GROUP": r"All Hosts\prod",
    "VM_TEMPLATE": "ubuntu-2404-k8s",
    "VM_NETWORK": "k8s",
    "NODE_DOMAIN": "k8s.example.com",
    "CONTROL_PLANE_ENDPOINT_HOST": "10.20.0.100",
    "ENDPOINT_POOL": "endpoints",
    "NODE_POOL": "nodes",
    "CONTROL_PLANE_POOL": "control-planes",
    "CONTROL_PLANE_ADDRESSES": "10.20.0.11-10.20.0.19",
    "NAMESERVER": "10.20.0.2",
    "USER_DATA_SECRET": "user-data",
    "SCVMM_HOST": "vmm.example.com",
    "SCVMM_USERNAME": r"EXAMPLE\capi",
    "SCVMM_PASSWORD": "planted",
}
"""A value for each variable that has no default."""
_VARIABLE = re.compile(r"^  - ([A-Z_]+)(?: +\(defaults to (.*)\))?$", re.MULTILINE)


@dataclass(frozen=True)
class Clusterctl:
    """clusterctl with a configuration of its own in *folder*."""

    program: Path
    folder: Path
    variables: Mapping[str, str] = field(default_factory=lambda: ENVIRONMENT)

    def __call__(self, *arguments: str, seconds: float = 60) -> subprocess.CompletedProcess[str]:
        """Run it; what it says is for the caller to judge."""
        environment = {
            "HOME": str(self.folder),
            "PATH": os.environ["PATH"],
            "XDG_CONFIG_HOME": str(self.folder),
            "CLUSTERCTL_DISABLE_VERSIONCHECK": "true",
            **self.variables,
        }
        command = [self.program, "--config", self.folder / "clusterctl.yaml", *arguments]
        return subprocess.run(
            command, env=environment, cwd=self.folder, capture_output=True, text=True, timeout=seconds, check=False
        )

    def said(self, *arguments: str, seconds: float = 60) -> str:
        """Run it, and give its output; it must succeed."""
        done = self(*arguments, seconds=seconds)
        assert done.returncode == 0, f"clusterctl {' '.join(arguments)}: {done.stderr}"
        return done.stdout

    def generate(self, flavor: str, *flags: str, name: str = "east", namespace: str = "team-a") -> list[dict[str, Any]]:
        """The objects of a flavor, out of the repository."""
        text = self.said(*self._generate(flavor, name, namespace), *flags)
        return [document for document in yaml.safe_load_all(text) if document]

    def variables_of(self, flavor: str) -> dict[str, str | None]:
        """The variables of a flavor and their defaults."""
        told = self.said(*self._generate(flavor, "east", "team-a"), "--list-variables")
        return {name: default.strip('"') or None for name, default in _VARIABLE.findall(told)}

    @staticmethod
    def _generate(flavor: str, name: str, namespace: str) -> list[str]:
        wanted = ["--flavor", flavor] if flavor else []
        place = ["--infrastructure", f"scvmm:{VERSION}", "--target-namespace", namespace]
        counts = ["--control-plane-machine-count", "1", "--worker-machine-count", "1"]
        return ["generate", "cluster", name, *place, "--kubernetes-version", "v1.36.3", *counts, *wanted]


def a_clusterctl(
    program: Path,
    folder: Path,
    others: Mapping[str, tuple[str, Path]] | None = None,
    settings: Mapping[str, Any] | None = None,
) -> Clusterctl:
    """A clusterctl that knows our provider as `make release` writes it, and *others* by name: type and components."""
    ours = ("InfrastructureProvider", write(folder) / COMPONENTS)
    known = {"scvmm": ours, **(others or {})}
    providers = [{"name": name, "type": kind, "url": str(url)} for name, (kind, url) in known.items()]
    (folder / "clusterctl.yaml").write_text(json.dumps({"providers": providers, **(settings or {})}))
    return Clusterctl(program, folder)
