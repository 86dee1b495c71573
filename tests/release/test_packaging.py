# SPDX-License-Identifier: Apache-2.0
"""What is shipped is whole: the collection's tarball, the wheel, and a clean environment with nothing but the wheel."""

from __future__ import annotations

import hashlib
import json
import os
import subprocess
import sys
import tarfile
import tempfile
import zipfile
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

import pytest
import yaml
from left_behind import wait_until

from .collection_tarball import REPOSITORY, build

FABRIC = REPOSITORY / "examples" / "fabric.yml"
IN_WHEEL = "ansible_collections/capi/scvmm/"
BOOTSTRAP = ("bootstrap", ["vm.yml", "bootstrap.yml"])
MADE_BY_GALAXY = {"MANIFEST.json", "FILES.json", "galaxy.yml"}


@pytest.fixture(scope="module")
def tarball(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The release tarball, built anew."""
    return build(tmp_path_factory.mktemp("tarball"))


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The wheel, built anew."""
    output = tmp_path_factory.mktemp("wheel")
    subprocess.run(
        [sys.executable, "-m", "build", "--wheel", "--no-isolation", "--outdir", str(output), str(REPOSITORY)],
        check=True,
        capture_output=True,
        timeout=120,
    )
    (found,) = output.glob("*.whl")
    return found


def tracked(folder: str) -> set[str]:
    """Files below *folder* that git knows, relative to it; what is not tracked cannot be shipped by a clean clone."""
    listed = subprocess.run(
        ["git", "ls-files", "-z", folder], cwd=REPOSITORY, check=True, capture_output=True, text=True
    ).stdout
    return {str(Path(name).relative_to(folder)) for name in listed.split("\0") if name}


def contents_of_tarball(tarball: Path) -> dict[str, str]:
    """Map each file in the tarball to its SHA-256."""
    with tarfile.open(tarball) as archive:
        return {
            member.name: hashlib.sha256(archive.extractfile(member).read()).hexdigest()  # type: ignore[union-attr]
            for member in archive.getmembers()
            if member.isfile()
        }


def contents_of_wheel(wheel: Path) -> dict[str, str]:
    """Map each of the collection's files in the wheel to its SHA-256."""
    with zipfile.ZipFile(wheel) as archive:
        return {
            name.removeprefix(IN_WHEEL): hashlib.sha256(archive.read(name)).hexdigest()
            for name in archive.namelist()
            if name.startswith(IN_WHEEL)
        }


def test_tarball_has_every_plugin_playbook_and_role_file(tarball: Path) -> None:
    """Each tracked file of the collection is in the tarball."""
    names = set(contents_of_tarball(tarball))
    for folder, place in (
        ("collection/plugins", "plugins"),
        ("collection/meta", "meta"),
        ("playbooks", "playbooks"),
        ("roles", "roles"),
    ):
        files = tracked(folder)
        assert files, f"git tracks nothing below {folder}"
        assert {f"{place}/{name}" for name in files} <= names


def test_tarball_has_no_links(tarball: Path) -> None:
    """A link would dangle where the tarball is installed."""
    with tarfile.open(tarball) as archive:
        assert [member.name for member in archive.getmembers() if member.issym() or member.islnk()] == []


def test_wheel_and_tarball_hold_the_same_collection(tarball: Path, wheel: Path) -> None:
    """Operators and the controller run the same code."""
    from_tarball = {name: digest for name, digest in contents_of_tarball(tarball).items() if name not in MADE_BY_GALAXY}
    from_wheel = {name: digest for name, digest in contents_of_wheel(wheel).items() if name not in MADE_BY_GALAXY}
    assert from_wheel == from_tarball


def test_version_is_the_same_everywhere(tarball: Path, wheel: Path) -> None:
    """galaxy.yml and pyproject.toml name one version."""
    with tarfile.open(tarball) as archive:
        manifest = json.load(archive.extractfile("MANIFEST.json"))  # type: ignore[arg-type]
    assert wheel.name.split("-")[1] == manifest["collection_info"]["version"]


def test_constraints_name_no_host_and_pin_everything_with_hashes() -> None:
    """Set-up must work from any registry, and only with the very files that were tested."""
    text = (REPOSITORY / "constraints.txt").read_text()
    assert "://" not in text
    for requirement in text.replace("\\\n", " ").splitlines():
        assert "==" in requirement and "--hash=sha256:" in requirement, requirement[:80]


@pytest.fixture(scope="module")
def clean_environment(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A virtual environment's bin folder with the wheel and what it depends on, and nothing else."""
    folder = tmp_path_factory.mktemp("clean") / "venv"
    subprocess.run([sys.executable, "-m", "venv", str(folder)], check=True, timeout=120)
    pins = folder / "pins.txt"
    pins.write_text(without_hashes((REPOSITORY / "constraints.txt").read_text()))
    subprocess.run(
        [
            *(str(folder / "bin/python"), "-m", "pip", "install", "--quiet", "--no-compile"),
            f"--constraint={pins}",
            str(wheel),
        ],
        check=True,
        timeout=600,
    )
    return folder / "bin"


def without_hashes(constraints: str) -> str:
    """pip refuses a constraint with hashes for a wheel on disk, which has none: keep the versions."""
    lines = (line.split(" \\")[0] for line in constraints.splitlines() if not line.lstrip().startswith("--hash"))
    return "\n".join(lines) + "\n"


@pytest.mark.timeout(900)
def test_playbooks_run_from_nothing_but_the_wheel(clean_environment: Path) -> None:
    """`ansible-playbook capi.scvmm.NAME` makes, boots, shows and removes a VM; no search path is set."""
    # A short path: the path of a Unix socket has 107 characters at most.
    with tempfile.TemporaryDirectory(prefix="capi-") as folder:
        run_playbooks(clean_environment, Path(folder))


def run_playbooks(clean_environment: Path, tmp_path: Path) -> None:
    """Run the four playbooks with the example vars files against a simulator from the same environment."""
    environment = {"PATH": f"{clean_environment}:{os.environ['PATH']}", "HOME": str(tmp_path), "LC_ALL": "C.UTF-8"}
    environment["CAPI_SCVMM_RUNTIME_DIR"] = str(tmp_path / "run")
    environment["SCVMM_PASSWORD"] = yaml.safe_load(FABRIC.read_text())["users"][0]["password"]
    simulator = subprocess.Popen(
        ["scvmm-sim", "serve", "--fabric", str(FABRIC)],
        env=environment,
        executable=str(clean_environment / "scvmm-sim"),
        stdout=subprocess.PIPE,
        text=True,
    )
    with ExitStack() as stack:
        stack.callback(lambda: simulator.wait(timeout=20))
        stack.callback(simulator.terminate)
        assert simulator.stdout is not None
        ready = json.loads(simulator.stdout.readline())
        place = {
            "ansible_host": ready["host"],
            "ansible_port": ready["port"],
            "scvmm_scheme": "http",
            "ansible_user": ready["username"],
        }
        command = [str(clean_environment / "ansible-playbook")]
        for started_by, playbook, variables in (
            (command, "create", ["vm.yml"]),
            # As controllers run it.
            (stack.enter_context(loaded_beforehand(clean_environment, tmp_path, environment)), *BOOTSTRAP),
            (command, *BOOTSTRAP),
            (command, "inspect", ["inspect.yml"]),
            (command, "delete", ["delete.yml"]),
        ):
            done = subprocess.run(
                [
                    *started_by,
                    f"capi.scvmm.{playbook}",
                    "-i",
                    str(REPOSITORY / "examples/playbooks/inventory.yml"),
                    *(word for name in variables for word in ("-e", f"@{REPOSITORY}/examples/playbooks/{name}")),
                    "-e",
                    json.dumps(place),
                ],
                env=environment,
                cwd=tmp_path,
                capture_output=True,
                text=True,
                timeout=180,
                check=False,
            )
            assert done.returncode == 0, f"{playbook}: {done.stdout}{done.stderr}"
    assert simulator.returncode == 0


@contextmanager
def loaded_beforehand(programs: Path, folder: Path, environment: dict[str, str]) -> Iterator[list[str]]:
    """The command that plays in a process of the clean environment in which Ansible is loaded already."""
    [site] = programs.parent.glob("lib/python3*/site-packages")
    preload = "ansible_collections.capi.scvmm.plugins.plugin_utils.preload"
    (folder / "preload").mkdir(mode=0o700)
    address = folder / "preload" / "socket"
    command = [str(programs / "python"), "-m", f"{preload}.server", str(address)]
    server = subprocess.Popen(command, stdin=subprocess.PIPE, env=environment, cwd=site)
    with server:
        wait_until(lambda: address.exists() or server.poll() is not None, "Ansible is loaded")
        assert server.poll() is None, "the process with Ansible loaded ended"
        client = site / f"{preload.replace('.', '/')}/client.py"
        without = "/bin/false"  # what the client starts when the server does not play
        yield [str(programs / "python"), "-I", "-S", str(client), str(address), without]
        assert server.stdin is not None
        server.stdin.close()
