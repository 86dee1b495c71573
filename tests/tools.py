# SPDX-License-Identifier: Apache-2.0
"""Programs that only tests need, without installing them: real cloud-init, readers of media that are not ours.

What is on PATH is taken. What is not comes from Debian's packages where there is apt: downloaded and unpacked, not
installed, into the user's cache folder, as any user. Programs with many dependencies come from a small Debian in that
folder (debian_root.py), built and used by root only. Where none of it can be done, the tests that need the program skip
and say so.

    python tests/tools.py setup     fetch what is missing
    python tests/tools.py           say what there is
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
import threading
import time
from dataclasses import dataclass, field
from pathlib import Path

import debian_root
from guests.image import DOMAIN_IMAGE, IMAGE

VERSION = "1"
"""Counted up when what is fetched changes: each version has a folder of its own."""

_PACKAGES = {
    "cloud-init": ["cloud-init"],
    "isoinfo": ["genisoimage", "libmagic1"],
    "bsdtar": ["libarchive-tools", "libarchive13"],
    "mcopy": ["mtools"],
    "fsck.fat": ["dosfstools"],
    "qemu-img": [
        "qemu-utils", "libaio1", "libffi8", "libglib2.0-0", "libgmp10", "libgnutls30", "libhogweed6", "libidn2-0",
        "libnettle8", "libnuma1", "libp11-kit0", "libpcre2-8-0", "libtasn1-6", "libunistring2", "liburing2",
    ],
}  # fmt: skip
_FOLDERS = ("usr/bin", "usr/sbin", "bin", "sbin")
_SYSTEM_FOLDERS = "/usr/sbin:/sbin"
"""Where programs are that may not be on the PATH of a user; fsck.fat is one."""
_PROGRAMS_OF_ROOT = {
    "systemd-container": ["systemd-nspawn"],
    "qemu-system-x86": ["qemu-system-x86_64"],
    "qemu-utils": ["qemu-img"],
    "e2fsprogs": ["mkfs.ext4"],
    "dosfstools": ["fsck.fat", "mkfs.fat"],
    "mtools": ["mcopy", "mdir", "minfo", "mtype", "mlabel"],
    "samba": ["smbd", "smbpasswd", "pdbedit", "samba-tool"],
    "smbclient": ["smbclient"],
    "netplan.io": ["netplan"],
    "iproute2": ["ip"],
    "dnsmasq-base": ["dnsmasq"],
    "openssh-client": ["ssh", "ssh-keygen", "scp", "sftp"],
    "libarchive-tools": ["bsdtar"],
    "mount": [],
}
TOOLS = debian_root.Root(
    "tools",
    "1",
    tuple(_PROGRAMS_OF_ROOT),
    programs=tuple(program for programs in _PROGRAMS_OF_ROOT.values() for program in programs),
)
# What cloud-init imports to check and convert; it runs with this very Python.
_PYTHON_PACKAGES = [
    "configobj>=5",
    "jinja2>=3",
    "jsonpatch>=1.32",
    "jsonschema>=4",
    "oauthlib>=3",
    "pyyaml>=6",
    "requests>=2.31",
]
_PATIENCE = 300


@dataclass(frozen=True)
class Tool:
    """A program and the environment that it needs."""

    command: list[str]
    environment: dict[str, str] = field(default_factory=dict)

    def run(self, *arguments: str | Path) -> subprocess.CompletedProcess[bytes]:
        """Run it with *arguments* and return what it said; bounded in time."""
        return subprocess.run(
            [*self.command, *map(str, arguments)],
            env={**os.environ, **self.environment},
            capture_output=True,
            timeout=60,
            check=False,
        )


def folder() -> Path:
    """Where the fetched programs are."""
    cache = os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache"
    return Path(cache) / "capi-scvmm" / f"tools-{VERSION}-py{sys.version_info[0]}.{sys.version_info[1]}"


def find(name: str) -> Tool | None:
    """The program *name*: from PATH, else as fetched, else from the Debian for tools, else None."""
    if on_path := _on_path(name):
        return Tool([on_path])
    root = folder() / name
    if not (root / ".complete").exists():
        in_debian = TOOLS.program(name)
        return Tool([str(in_debian)]) if in_debian else None
    if name == "cloud-init":
        path = os.pathsep.join([str(root / "python"), str(root / "usr/lib/python3/dist-packages")])
        return Tool([sys.executable, "-m", "cloudinit.cmd.main"], {"PYTHONPATH": path})
    libraries = os.pathsep.join(
        str(found.parent) for found in sorted([*root.glob("usr/lib/*/*.so.*"), *root.glob("lib/*/*.so.*")])
    )
    program = next(path for path in (root / folder / name for folder in _FOLDERS) if path.exists())
    return Tool([str(program)], {"LD_LIBRARY_PATH": libraries})


def _on_path(name: str) -> str | None:
    return shutil.which(name) or shutil.which(name, path=_SYSTEM_FOLDERS)


def iso_reader() -> tuple[str, Tool] | None:
    """The first reader of ISO images that there is, with its name."""
    for name in ("isoinfo", "bsdtar", "7z"):
        if tool := find(name):
            return name, tool
    return None


def _setup() -> None:
    """Fetch what is missing, and say in a line for each program what became of it."""
    for name in _PACKAGES:
        if find(name) is None:
            try:
                _fetch(name)
            except (OSError, subprocess.SubprocessError, _NotFetched) as error:
                print(f"{name}: not here and not fetched, its tests will be skipped: {_reason(error)}")
                continue
            finally:
                shutil.rmtree(folder() / "apt", ignore_errors=True)
        print(f"{name}: {_origin(name)}")
    builders = [threading.Thread(target=_build, args=(root,)) for root in (TOOLS, IMAGE, DOMAIN_IMAGE)]
    for builder in builders:
        builder.start()
    for builder in builders:
        builder.join()


def _build(root: debian_root.Root) -> None:
    """Build the root and say what became of it."""
    if not root.built() and os.geteuid() == 0:
        print(f"Debian for {root.name}: building it, some minutes and 400 MB, once", flush=True)
    begun = time.monotonic()
    try:
        root.build()
    except (debian_root.NotBuiltError, OSError) as error:
        print(f"Debian for {root.name}: not here and not built, its tests will be skipped: {error}")
    else:
        print(f"Debian for {root.name}: in {root.folder} ({time.monotonic() - begun:.0f} s)", flush=True)


class _NotFetched(Exception):
    """A program cannot be fetched on this machine."""


def _fetch(name: str) -> None:
    """Put the program into its folder, whole or not at all."""
    if not (shutil.which("apt-get") and shutil.which("dpkg-deb")):
        raise _NotFetched("there is no apt here")
    folder().mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=folder(), prefix=f".{name}-") as work:
        root = Path(work) / "root"
        for package in _download(_PACKAGES[name], Path(work)):
            _run(["dpkg-deb", "-x", str(package), str(root)])
        if name == "cloud-init":
            pip = [
                sys.executable,
                "-m",
                "pip",
                "install",
                "--quiet",
                "--disable-pip-version-check",
                "--no-warn-conflicts",
            ]
            _run([*pip, "--target", str(root / "python"), *_PYTHON_PACKAGES])
        (root / ".complete").touch()
        target = folder() / name
        shutil.rmtree(target, ignore_errors=True)
        root.rename(target)


def _download(packages: list[str], work: Path) -> list[Path]:
    """Download with the system's package lists; where there are none, with lists of our own."""
    options = ["-o", "APT::Sandbox::User=", "-q"]
    try:
        _run(["apt-get", *options, "download", *packages], work)
    except subprocess.CalledProcessError:
        state = folder() / "apt"
        (state / "lists/partial").mkdir(parents=True, exist_ok=True)
        (state / "archives/partial").mkdir(parents=True, exist_ok=True)
        options += ["-o", f"Dir::State::Lists={state}/lists", "-o", f"Dir::Cache={state}"]
        _run(["apt-get", *options, "update"], work)
        _run(["apt-get", *options, "download", *packages], work)
    return sorted(work.glob("*.deb"))


def _run(command: list[str], where: Path | None = None) -> None:
    subprocess.run(command, cwd=where, capture_output=True, text=True, timeout=_PATIENCE, check=True)


def _reason(error: Exception) -> str:
    """The last line that a program said, or what went wrong with starting it."""
    said = (error.stderr or "") if isinstance(error, subprocess.CalledProcessError) else ""
    return said.strip().splitlines()[-1] if said.strip() else str(error)


def _origin(name: str) -> str:
    if _on_path(name):
        return "on PATH"
    tool = find(name)
    return f"by {tool.command[0]}" if tool else "missing"


if __name__ == "__main__":
    if sys.argv[1:] == ["setup"]:
        _setup()
    elif not sys.argv[1:]:
        for tool_name in dict.fromkeys([*_PACKAGES, *TOOLS.programs]):
            print(f"{tool_name}: {_origin(tool_name)}")
        for image in (IMAGE, DOMAIN_IMAGE):
            print(f"Debian for {image.name}: {image.folder if image.built() else 'missing'}")
    else:
        sys.exit("usage: python tests/tools.py [setup]")
