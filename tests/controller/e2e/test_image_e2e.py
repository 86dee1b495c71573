# SPDX-License-Identifier: Apache-2.0
"""The Containerfile, built by buildah, and a controller that runs from the image and nothing else.

Its base image is made here from Debian's packages: the builder asks no registry.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from debian_root import NotBuiltError, Root

from .test_pod_e2e import comes_and_goes, no_lease, plane, pod
from .world import REPOSITORY, World

BASE = Root("image-base", "1", ("ca-certificates",))
CERTIFICATES = ("/etc/ssl/certs", "/usr/share/ca-certificates", "/usr/local/share/ca-certificates")
__all__ = ["no_lease", "plane"]


@pytest.fixture(scope="module")
def image(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """The root of the image, built from a release of this repository."""
    if os.geteuid() != 0 or not shutil.which("buildah"):
        pytest.skip("an image is built by root, with buildah (Debian: apt-get install buildah)")
    try:
        BASE.build()
    except NotBuiltError as reason:
        pytest.skip(f"no base image can be made: {reason}")
    folder = tmp_path_factory.mktemp("image")
    _release(folder / "context")

    def buildah(*arguments: str) -> str:
        command = ["buildah", "--root", str(folder / "store"), "--runroot", str(folder / "run"), *arguments]
        environment = {**os.environ, "STORAGE_DRIVER": "vfs", "BUILDAH_ISOLATION": "chroot"}
        done = subprocess.run(
            command, env=environment, cwd=folder / "context", capture_output=True, text=True, timeout=600, check=False
        )
        assert done.returncode == 0, f"{arguments[0]}: {done.stdout[-2000:]}{done.stderr[-2000:]}"
        return done.stdout.strip()

    base = buildah("from", "scratch")
    buildah("add", "--quiet", base, str(BASE.system), "/")
    buildah("commit", "--quiet", base, "docker.io/library/debian:bookworm-slim")
    # This machine's certificates: what it reaches packages through is no part of the image.
    trust = [f"--volume={path}:{path}:ro" for path in CERTIFICATES if Path(path).is_dir()]
    trust += [f"--env=PIP_CERT={os.environ['PIP_CERT']}"] if "PIP_CERT" in os.environ else []
    buildah("build", "--pull-never", "--network=host", *trust, "--tag=capi-scvmm:test", "--file=Containerfile", ".")
    container = buildah("from", "--pull-never", "localhost/capi-scvmm:test")
    try:
        yield Path(buildah("mount", container))
    finally:
        buildah("umount", container)


def _release(context: Path) -> None:
    """What `make release` puts where the Containerfile looks, beside the Containerfile."""
    target = context / "dist/release"
    target.mkdir(parents=True)
    for name in ("Containerfile", ".containerignore"):
        shutil.copy(REPOSITORY / name, context / name)
    for command in (
        [str(REPOSITORY / "tests/release/requirements.py"), str(target / "requirements.txt")],
        ["-m", "build", "--wheel", "--no-isolation", "--outdir", str(target), str(REPOSITORY)],
    ):
        subprocess.run([sys.executable, *command], check=True, capture_output=True, timeout=180)


@pytest.mark.timeout(1200)
def test_a_pod_of_the_image_does_all_its_work(image: Path, here: World) -> None:
    """A machine comes and goes, with the image's own Python, Ansible and collection, and tini as process 1."""
    made = pod(here, image)
    comes_and_goes(here, made)
    assert not list((image / "opt/capi-scvmm/bin").glob("pip*"))
