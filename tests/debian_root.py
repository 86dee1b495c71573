# SPDX-License-Identifier: Apache-2.0
"""Small Debian systems in the user's cache, built once by mmdebstrap: for programs with many dependencies, for guests.

A root is there whole or not at all, and is built once however many ask for it at the same time. It needs root, apt and
dpkg; mmdebstrap itself is taken from PATH or, unpacked, from its package. Nothing is installed on this machine.
"""

from __future__ import annotations

import contextlib
import fcntl
import os
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

SUITE = "bookworm"
BUILD_SECONDS = 900
# What nobody reads here; a fifth of the size.
_LEFT_OUT = ["doc", "man", "locale", "info", "lintian"]
_ENTER = Path(__file__).with_name("enter_root.sh")


class NotBuiltError(Exception):
    """A root cannot be built on this machine; the message says why, in one line."""


@dataclass(frozen=True)
class Root:
    """A Debian system: name and version in the cache, packages, and what is done to it after their installation."""

    name: str
    version: str
    packages: tuple[str, ...]
    finish: str = ""
    """A shell script that runs outside of the new system, whose path is `$1`; what it leaves beside it is kept too."""
    programs: tuple[str, ...] = ()
    """What of it is offered to this machine (see enter_root.sh)."""

    @property
    def folder(self) -> Path:
        """Where it is: `root` is the system, `bin` has the programs that it offers."""
        return cache() / f"debian-{self.name}-{self.version}"

    @property
    def system(self) -> Path:
        """The system's own `/`. Nobody writes to it: guests run on copies or overlays."""
        return self.folder / "root"

    def program(self, name: str) -> Path | None:
        """A program of the system that runs on this machine; None when it is not there or we are not root."""
        path = self.folder / "bin" / name
        return path if path.exists() and os.geteuid() == 0 else None

    def built(self) -> bool:
        """Whether it is there."""
        return self.folder.exists()

    def build(self) -> None:
        """Build it unless it is there; waits for somebody else who builds it. Raises NotBuiltError."""
        if self.built():
            return
        if os.geteuid() != 0:
            raise NotBuiltError("only root can build and use it")
        if not (shutil.which("apt-get") and shutil.which("dpkg-deb")):
            raise NotBuiltError("there is no apt here")
        cache().mkdir(parents=True, exist_ok=True)
        with locked(cache() / f".debian-{self.name}.lock"):
            if self.built():
                return
            for abandoned in cache().glob(f".debian-{self.name}-*"):
                _remove(abandoned)
            work = Path(tempfile.mkdtemp(dir=cache(), prefix=f".debian-{self.name}-"))
            try:
                self._build_in(work)
                work.chmod(0o755)
                work.rename(self.folder)
            finally:
                _remove(work)

    def _build_in(self, work: Path) -> None:
        log = work / "build.log"
        mmdebstrap = _mmdebstrap(work)
        command = [
            *(str(mmdebstrap), "--mode=root", "--variant=apt", "--format=directory"),
            *("--aptopt=Apt::Install-Recommends false", "--aptopt=Acquire::Languages none"),
            *(f"--dpkgopt=path-exclude=/usr/share/{part}/*" for part in _LEFT_OUT),
            "--dpkgopt=force-unsafe-io",
            *(f"--aptopt={line}" for line in _apt_proxies()),
            *([f"--customize-hook={self.finish}"] if self.finish else []),
            f"--include={','.join(self.packages)}",
            *(SUITE, str(work / "root"), *_sources()),
        ]
        path = f"{mmdebstrap.parent}{os.pathsep}{os.environ['PATH']}{os.pathsep}/usr/sbin{os.pathsep}/sbin"
        _run_bounded(command, log, {"PATH": path, "LC_ALL": "C.UTF-8", "TMPDIR": str(work)})
        (work / "root/etc/resolv.conf").unlink(missing_ok=True)
        (work / "new").mkdir()
        (work / "bin").mkdir()
        for program in self.programs:
            shutil.copy(_ENTER, work / "bin" / program)
        shutil.rmtree(work / "mmdebstrap", ignore_errors=True)


def cache() -> Path:
    """The folder of this project in the user's cache."""
    return Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "capi-scvmm"


@contextlib.contextmanager
def locked(path: Path) -> Iterator[None]:
    """Hold the lock, which the kernel takes from whoever dies."""
    with path.open("w") as lock:
        deadline = time.monotonic() + BUILD_SECONDS
        while True:
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
                break
            except BlockingIOError:
                if time.monotonic() > deadline:
                    raise NotBuiltError(f"somebody else has been building it for {BUILD_SECONDS} s") from None
                time.sleep(0.5)
        yield


def _mmdebstrap(work: Path) -> Path:
    if found := shutil.which("mmdebstrap"):
        return Path(found)
    target = work / "mmdebstrap"
    target.mkdir()
    try:
        _run(["apt-get", "-o", "APT::Sandbox::User=", "-q", "download", "mmdebstrap"], target)
    except NotBuiltError:
        lists = ["-o", f"Dir::State::Lists={target}/lists", "-o", f"Dir::Cache={target}/cache"]
        for folder in ("lists/partial", "cache/archives/partial"):
            (target / folder).mkdir(parents=True)
        _run(["apt-get", *lists, "-o", "APT::Sandbox::User=", "-q", "update"], target)
        _run(["apt-get", *lists, "-o", "APT::Sandbox::User=", "-q", "download", "mmdebstrap"], target)
    for package in target.glob("*.deb"):
        _run(["dpkg-deb", "-x", str(package), str(target)], target)
    return target / "usr/bin/mmdebstrap"


def _sources() -> list[str]:
    """Where this machine's apt has the suite from, as lines of sources.list; mmdebstrap's own default otherwise."""
    said = _run(["apt-get", "indextargets", "--format", "$(REPO_URI) $(RELEASE) $(COMPONENT) $(LABEL)"], Path("/"))
    lines = set()
    for target in said.splitlines():
        uri, release, component, label = [*target.split(maxsplit=3), "", "", "", ""][:4]
        if release.split("-")[0] == SUITE and component == "main" and label.startswith("Debian"):
            lines.add(f"deb {uri} {release} main")
    return sorted(lines) if any(f" {SUITE} " in line for line in lines) else []


def _apt_proxies() -> list[str]:
    said = _run(["apt-config", "dump", "--format", "%F %v%n", "Acquire"], Path("/"))
    wanted = ("Acquire::http::Proxy ", "Acquire::https::Proxy ")
    return [f'{name} "{value}"' for name, _, value in (line.partition(" ") for line in said.splitlines()
            if line.startswith(wanted)) if value]  # fmt: skip


def _run(command: list[str], where: Path) -> str:
    try:
        ended = subprocess.run(command, cwd=where, capture_output=True, text=True, timeout=120, check=False)
    except (OSError, subprocess.TimeoutExpired) as error:
        raise NotBuiltError(f"{command[0]}: {error}") from error
    if ended.returncode:
        raise NotBuiltError(f"{command[0]}: {(ended.stderr.strip().splitlines() or ['it failed'])[-1]}")
    return ended.stdout


def _run_bounded(command: list[str], log: Path, environment: dict[str, str]) -> None:
    """Run what forks; end all of it when it takes too long or we are interrupted."""
    with log.open("wb") as output:
        process = subprocess.Popen(
            command,
            env={**os.environ, **environment},
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
        try:
            code = process.wait(BUILD_SECONDS)
        except subprocess.TimeoutExpired:
            raise NotBuiltError(f"it was not ready after {BUILD_SECONDS} s") from None
        finally:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGKILL)
            process.wait()
    if code:
        lines = [line for line in log.read_text(errors="replace").splitlines() if line.startswith(("E:", "W:"))]
        raise NotBuiltError(f"mmdebstrap ended with {code}: {(lines or ['see its output'])[0]}")


def _remove(folder: Path) -> None:
    """Remove what a build left, unless something is still mounted in it: then nothing of it is touched."""
    mounted = Path("/proc/self/mounts").read_text()
    if f" {folder}/" not in mounted:
        shutil.rmtree(folder, ignore_errors=True)
