# SPDX-License-Identifier: Apache-2.0
"""Write what clusterctl and kubectl install: a folder of one version, as clusterctl expects a provider's repository.

Usage: ``python tests/release/clusterctl_release.py OUTPUT_FOLDER [IMAGE]``
"""

from __future__ import annotations

import shutil
import sys
import tomllib
from pathlib import Path
from typing import Any

import yaml
from plane.cluster_api import load_documents

REPOSITORY = Path(__file__).resolve().parents[2]
DEPLOY = REPOSITORY / "controller" / "deploy"
CRDS = REPOSITORY / "controller" / "crds"
TEMPLATES = REPOSITORY / "templates"
PROVIDER = "infrastructure-scvmm"
LABEL = "cluster.x-k8s.io/provider"
COMPONENTS = "infrastructure-components.yaml"
# The C one is ten times as fast, and CRDs are large.
DUMPER = getattr(yaml, "CSafeDumper", yaml.SafeDumper)
Document = dict[str, Any]


def version() -> str:
    """The version that pyproject.toml names, as a tag."""
    return "v" + str(tomllib.loads((REPOSITORY / "pyproject.toml").read_text("utf-8"))["project"]["version"])


def default_image() -> str:
    """The image as a local build names it; it must be pushed to where the cluster's nodes can have it from."""
    return f"localhost/capi-scvmm:{version()}"


def components(image: str | None = None) -> list[Document]:
    """All objects in the order in which they can be applied, each with the provider's label."""
    files = [DEPLOY / "namespace.yaml", *sorted(CRDS.glob("*.yaml")), *sorted((CRDS / "policies").glob("*.yaml"))]
    files += [DEPLOY / "rbac.yaml", DEPLOY / "deployment.yaml"]
    found = [_labelled(document) for path in files for document in load_documents(path)]
    for document in found:
        if document["kind"] == "Deployment":
            (manager,) = document["spec"]["template"]["spec"]["containers"]
            manager["image"] = image or default_image()
    return found


def write(output: Path, image: str | None = None) -> Path:
    """Write the folder of this version below *output*, anew; return it."""
    folder = output / PROVIDER / version()
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    shutil.copy(DEPLOY / "metadata.yaml", folder / "metadata.yaml")
    text = yaml.dump_all(
        components(image), Dumper=DUMPER, sort_keys=False, width=120, allow_unicode=True, explicit_start=True
    )
    (folder / COMPONENTS).write_text("# SPDX-License-Identifier: Apache-2.0\n" + text, encoding="utf-8")
    for template in sorted(TEMPLATES.glob("*.yaml")):
        shutil.copy(template, folder / template.name)
    return folder


def _labelled(document: Document) -> Document:
    metadata = document["metadata"]
    metadata["labels"] = {LABEL: PROVIDER, **(metadata.get("labels") or {})}
    return document


def main() -> int:
    """Write below the folder that the command line names, and print where."""
    if len(sys.argv) not in (2, 3):
        print("usage: clusterctl_release.py OUTPUT_FOLDER [IMAGE]", file=sys.stderr)
        return 2
    print(write(Path(sys.argv[1]), sys.argv[2] if len(sys.argv) == 3 else None))
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
