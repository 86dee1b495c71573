# SPDX-License-Identifier: Apache-2.0
"""A Kerberos realm of a test's own: MIT's KDC on loopback, with everything that it keeps in one folder."""

from __future__ import annotations

import fcntl
import os
import secrets
import shutil
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from .processes import wait_until

REALM = "EXAMPLE.COM"
# pypsrp asks a ticket for the computer, which every Windows host of a domain has; other clients name the service.
SERVICES = tuple(f"{service}/localhost@{REALM}" for service in ("host", "HTTP", "WSMAN"))
LIBRARIES = ("gssapi==1.12.0", "krb5==0.10.0", "decorator==5.3.1")
"""What pypsrp's extra kerberos brings, and what these need."""

_PROGRAMS = ("krb5kdc", "kdb5_util", "kadmin.local", "kinit")
_BUILDERS = ("krb5-config", "gcc")
_BUILD_SECONDS = 900
_SECONDS = 30
_TRIES = 3


class NoKerberos(Exception):
    """The Python libraries cannot be had; the message says why."""


def lacking() -> str:
    """What this machine lacks for a realm and what to install, or nothing."""
    missing = [name for name in (*_PROGRAMS, *_BUILDERS) if _program(name) is None]
    if not missing:
        return ""
    return (
        f"Kerberos is not tried: {', '.join(missing)} missing. "
        "Install krb5-kdc, krb5-admin-server, krb5-user, libkrb5-dev and gcc"
    )


def libraries() -> Path:
    """A folder for PYTHONPATH with the Python libraries for Kerberos, built once and kept in the user's cache.

    Raises NoKerberos.
    """
    cache = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "capi-scvmm"
    cache.mkdir(parents=True, exist_ok=True)
    versions = "-".join(name.replace("==", "-") for name in LIBRARIES)
    folder = cache / f"kerberos-{versions}-py{sys.version_info[0]}.{sys.version_info[1]}"
    with (cache / "kerberos.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not folder.exists():
            _build(folder)
    return folder


def _build(folder: Path) -> None:
    unfinished = folder.with_suffix(".new")
    shutil.rmtree(unfinished, ignore_errors=True)
    made = subprocess.run(
        [sys.executable, "-m", "pip", "install", "--quiet", "--no-deps", "--target", str(unfinished), *LIBRARIES],
        capture_output=True,
        text=True,
        timeout=_BUILD_SECONDS,
        check=False,
    )
    if made.returncode:
        told = made.stderr.strip().splitlines()
        raise NoKerberos(
            f"Kerberos is not tried: pip cannot install {', '.join(LIBRARIES)}: {told[-1] if told else ''}"
        )
    unfinished.rename(folder)


def _program(name: str) -> str | None:
    # Debian puts servers where an ordinary user's PATH does not lead.
    return shutil.which(name, path=f"{os.environ['PATH']}{os.pathsep}/usr/sbin{os.pathsep}/sbin")


@dataclass(frozen=True)
class Realm:
    """A running realm; *variables* is the environment that leads Kerberos' libraries to it."""

    folder: Path
    variables: dict[str, str]

    @property
    def keytab(self) -> Path:
        """The keys of the services."""
        return self.folder / "services.keytab"

    def ticket(self, user: str, password: str) -> Path:
        """Let *user* log on as people do; the file holds the ticket."""
        cache = self.folder / f"ticket-{secrets.token_hex(4)}"
        self.run("kinit", "-c", f"FILE:{cache}", f"{user}@{REALM}", stdin=f"{password}\n")
        return cache

    def run(self, name: str, *arguments: str, stdin: str = "") -> str:
        """Run one of Kerberos' programs; what it says when all is well."""
        program = _program(name)
        assert program is not None
        ended = subprocess.run(
            [program, *arguments],
            input=stdin,
            env={**os.environ, **self.variables},
            capture_output=True,
            text=True,
            timeout=_SECONDS,
            check=False,
        )
        assert ended.returncode == 0, f"{name}: {ended.stderr}"
        return ended.stdout


@contextmanager
def realm(folder: Path, users: dict[str, str]) -> Iterator[Realm]:
    """A realm in *folder* with *users* (password by name) and a service on localhost."""
    made = Realm(
        folder,
        {
            "KRB5_CONFIG": str(folder / "krb5.conf"),
            "KRB5_KDC_PROFILE": str(folder / "kdc.conf"),
            "KRB5RCACHEDIR": str(folder),
            "KRB5CCNAME": f"FILE:{folder / 'no-ticket'}",
        },
    )
    _configure(folder, _free_port())
    made.run("kdb5_util", "create", "-s", "-r", REALM, "-P", secrets.token_hex(16))
    lines = [f"add_principal -pw {password} {name}@{REALM}" for name, password in users.items()]
    lines += [f"add_principal -randkey {service}" for service in SERVICES]
    lines += [f"ktadd -k {made.keytab} {service}" for service in SERVICES]
    made.run("kadmin.local", "-r", REALM, stdin="\n".join([*lines, "quit", ""]))
    assert made.keytab.exists(), "kadmin.local has written no keytab"
    process = _start(made)
    try:
        yield made
    finally:
        process.kill()
        process.wait()


def _start(made: Realm) -> subprocess.Popen[bytes]:
    """The KDC, once it answers; its port may be taken between the choice and the start, then another one is tried."""
    program = _program("krb5kdc")
    assert program is not None
    for _ in range(_TRIES):
        port = _free_port()
        _configure(made.folder, port)
        with (made.folder / "kdc.out").open("wb") as told:
            process = subprocess.Popen(
                [program, "-n", "-r", REALM],
                stdin=subprocess.DEVNULL,
                stdout=told,
                stderr=told,
                env={**os.environ, **made.variables},
            )
        wait_until(lambda: process.poll() is not None or _answers(port))  # noqa: B023  # used up within the round
        if process.poll() is None:
            return process
    raise AssertionError(f"krb5kdc does not run: {(made.folder / 'kdc.out').read_text()}")


def _answers(port: int) -> bool:
    try:
        socket.create_connection(("127.0.0.1", port), timeout=1).close()
    except OSError:
        return False
    return True


def _free_port() -> int:
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return int(one.getsockname()[1])


def _configure(folder: Path, port: int) -> None:
    """The settings of clients and KDC: TCP only, no name is asked of DNS."""
    (folder / "krb5.conf").write_text(f"""[libdefaults]
    default_realm = {REALM}
    dns_lookup_kdc = false
    dns_lookup_realm = false
    dns_canonicalize_hostname = false
    qualify_shortname = ""
    rdns = false
    udp_preference_limit = 1
[realms]
    {REALM} = {{
        kdc = 127.0.0.1:{port}
    }}
    NOWHERE.EXAMPLE.COM = {{
        kdc = 127.0.0.1:1
    }}
[domain_realm]
    localhost = {REALM}
[logging]
    kdc = FILE:{folder / "kdc.log"}
""")
    (folder / "kdc.conf").write_text(f"""[kdcdefaults]
    kdc_listen = ""
    kdc_tcp_listen = 127.0.0.1:{port}
[realms]
    {REALM} = {{
        database_name = {folder / "principal"}
        key_stash_file = {folder / "stash"}
        acl_file = {folder / "acl"}
        max_life = 1h
    }}
""")
