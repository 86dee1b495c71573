# SPDX-License-Identifier: Apache-2.0
"""Ansible's own sanity tests, on a copy of the collection that has real folders where the repository has links.

Some of these tests want a virtual environment with libraries that ansible-test pins. They are made once, by pip from
where this machine has its packages, and kept in the user's cache folder. A test whose environment cannot be made is
left out and named.

    python tests/release/sanity.py     run what can be run here, and name the rest
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from importlib.metadata import version
from importlib.util import find_spec
from pathlib import Path

if __package__:
    from .collection_tarball import stage
else:
    from collection_tarball import stage

PYTHON = f"{sys.version_info[0]}.{sys.version_info[1]}"
_NEVER = {"pslint": "PSScriptAnalyzer comes from PowerShell's gallery; tests/powershell checks our PowerShell instead"}
_SECONDS = 900


@dataclass(frozen=True)
class Report:
    """What came of the tests: *run*, *left_out* with the reason of each, and *findings*, a line each."""

    run: tuple[str, ...]
    left_out: dict[str, str]
    findings: tuple[str, ...]


def check() -> Report:
    """Run every sanity test that can be run on this machine."""
    home = home_folder()
    with _copy() as root:
        run, left_out = _choose(root, home)
        return Report(run, left_out, findings(root, home, run))


def findings(root: Path, home: Path, names: Sequence[str]) -> tuple[str, ...]:
    """What the tests *names* say of the collection at *root*, a line each."""
    chosen = [word for name in names for word in ("--test", name)]
    ended = _ansible_test(root, home, "--python", PYTHON, "--lint", *chosen)
    found = [line for line in ended.stdout.splitlines() if line.strip()]
    if ended.returncode and not found:
        found = ended.stderr.splitlines()[-20:]
    return tuple(found)


def left_out() -> dict[str, str]:
    """Names of the tests that cannot be run on this machine, with the reason of each."""
    with _copy() as root:
        return _choose(root, home_folder())[1]


@contextmanager
def _copy() -> Iterator[Path]:
    with tempfile.TemporaryDirectory(prefix="capi-sanity-") as folder:
        yield stage(Path(folder))


def _choose(root: Path, home: Path) -> tuple[tuple[str, ...], dict[str, str]]:
    """Which tests can be run, and which not with the reason; makes the environments that are missing."""
    names = _ansible_test(root, home, "--list-tests").stdout.split()
    reasons = {name: _NEVER.get(name) or _why_no_environment(root, home, name) for name in names}
    return tuple(name for name in names if not reasons[name]), {name: why for name, why in reasons.items() if why}


def _why_no_environment(root: Path, home: Path, name: str) -> str:
    """Why the environment that test *name* needs cannot be made, or nothing."""
    if not (_requirements() / f"sanity.{name}.txt").exists() or not _asks_for_libraries(root, name):
        return ""
    primed = _ansible_test(root, home, "--python", PYTHON, "--prime-venvs", "--test", name)
    if primed.returncode == 0:
        return ""
    told = [line for line in (primed.stdout + primed.stderr).splitlines() if re.match(r"ERROR|FATAL", line)]
    return told[0] if told else f"its libraries cannot be installed (exit code {primed.returncode})"


def _asks_for_libraries(root: Path, name: str) -> bool:
    """Whether the test would look at anything: changelogs are checked only where there are fragments."""
    return name != "changelog" or (root / "changelogs").exists()


def _requirements() -> Path:
    found = find_spec("ansible_test")
    if found is None or not found.submodule_search_locations:
        raise RuntimeError("ansible-test is not installed; run: make setup")
    return Path(found.submodule_search_locations[0]) / "_data" / "requirements"


def _ansible_test(root: Path, home: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    """Run ansible-test sanity; its messages go to stderr, in front of what --lint finds on stdout."""
    program = Path(sys.executable).with_name("ansible-test")
    return subprocess.run(
        [str(program), "sanity", "--color", "no", *arguments],
        cwd=root,
        env={"HOME": str(home), "PATH": os.environ["PATH"], "LC_ALL": "C.UTF-8"},
        capture_output=True,
        text=True,
        timeout=_SECONDS,
        check=False,
    )


def home_folder() -> Path:
    """The home folder that ansible-test gets: its environments are kept there and not in the user's own."""
    cache = os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache"
    home = Path(cache) / "capi-scvmm" / f"sanity-{version('ansible-core')}-py{PYTHON}"
    scripts = home / ".ansible" / "test" / "cache"
    scripts.mkdir(parents=True, exist_ok=True)
    # ansible-test would download a script that brings pip into its environments; Python has one.
    for pip in _pip_versions():
        (scripts / f"get_pip_{pip.replace('.', '_')}.py").write_text("import ensurepip\n\nensurepip.bootstrap()\n")
    _hand_on_pip_settings(home)
    return home


def _pip_versions() -> list[str]:
    """The versions of pip that this ansible-test names."""
    source = (_requirements().parents[1] / "_internal" / "python_requirements.py").read_text()
    return re.findall(r"pip='([\d.]+)'", source)


def _hand_on_pip_settings(home: Path) -> None:
    """Let pip find packages as it does for the user: by the user's files and by the environment."""
    own = Path.home() / ".config" / "pip"
    link = home / ".config" / "pip"
    if own.is_dir() and not link.exists():
        link.parent.mkdir(parents=True, exist_ok=True)
        link.symlink_to(own)
    settings = [
        f"{name.removeprefix('PIP_').lower().replace('_', '-')} = {value}"
        for name, value in os.environ.items()
        if name.startswith("PIP_") and name != "PIP_CONFIG_FILE"
    ]
    place = home / ".pip"
    shutil.rmtree(place, ignore_errors=True)
    place.mkdir(mode=0o700)
    (place / "pip.conf").write_text("\n".join(["[global]", *settings, ""]))


def main() -> int:
    """Print the findings and what was left out; the exit code says whether there were findings."""
    report = check()
    for finding in report.findings:
        print(finding)
    for name, reason in report.left_out.items():
        print(f"{name}: left out: {reason}", file=sys.stderr)
    print(f"{len(report.run)} sanity tests run, {len(report.findings)} findings", file=sys.stderr)
    return 1 if report.findings else 0


if __name__ == "__main__":
    raise SystemExit(main())
