# SPDX-License-Identifier: Apache-2.0
"""Build the collection's release tarball from a copy that has real folders where the repository has links.

Usage: ``python tests/release/collection_tarball.py OUTPUT_FOLDER``
"""

from __future__ import annotations

import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

REPOSITORY = Path(__file__).resolve().parents[2]

# What the collection consists of: its place in the collection, and where the repository keeps it.
PARTS = {
    "galaxy.yml": "galaxy.yml",
    "collection/README.md": "collection/README.md",
    "COPYING": "collection/COPYING",
    "CHANGELOG.md": "CHANGELOG.md",
    "plugins": "collection/plugins",
    "meta": "collection/meta",
    "playbooks": "playbooks",
    "roles": "roles",
}


def stage(folder: Path) -> Path:
    """Copy the collection into *folder* without links and compiled files; return the copy's root."""
    root = folder / "ansible_collections" / "capi" / "scvmm"
    root.mkdir(parents=True)
    for target, source in PARTS.items():
        place = root / target
        place.parent.mkdir(parents=True, exist_ok=True)
        origin = REPOSITORY / source
        if origin.is_dir():
            shutil.copytree(origin, place, symlinks=False, ignore=shutil.ignore_patterns("__pycache__", "*.pyc"))
        else:
            shutil.copy2(origin, place)
    # ansible-galaxy reads the README that galaxy.yml names from the collection's root.
    galaxy = root / "galaxy.yml"
    galaxy.write_text(galaxy.read_text().replace("readme: collection/README.md", "readme: README.md"))
    shutil.move(root / "collection" / "README.md", root / "README.md")
    (root / "collection").rmdir()
    return root


def build(output: Path) -> Path:
    """Build the tarball into *output* and return its path."""
    output.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix="capi-scvmm-collection-") as temporary:
        root = stage(Path(temporary))
        done = subprocess.run(
            [
                str(Path(sys.executable).with_name("ansible-galaxy")),
                "collection",
                "build",
                "--force",
                "--output-path",
                str(output.resolve()),
            ],
            cwd=root,
            capture_output=True,
            text=True,
            timeout=120,
            check=False,
        )
    if done.returncode != 0:
        raise RuntimeError(f"ansible-galaxy collection build failed: {done.stdout}{done.stderr}")
    return Path(done.stdout.strip().rsplit(" at ", 1)[1])


def main() -> int:
    """Build into the folder that the command line names and print the tarball's path."""
    if len(sys.argv) != 2:
        print("usage: collection_tarball.py OUTPUT_FOLDER", file=sys.stderr)
        return 2
    print(build(Path(sys.argv[1])))
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
