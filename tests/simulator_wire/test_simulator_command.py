# SPDX-License-Identifier: Apache-2.0
"""The command scvmm-sim as a process: what it prints, how it ends, and what it leaves behind (nothing)."""

from __future__ import annotations

import json
import os
import selectors
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from pypsrp.powershell import RunspacePool
from pypsrp.wsman import WSMan

from .clients import run_script

ROOT = Path(__file__).parents[2]
FABRIC = """
users: [{username: admin, password: planted-password}]
host_groups: [{name: prod, hosts: [{name: hv1, cpus: 8, memory_mb: 32768}]}]
"""


def _environment(folder: Path) -> dict[str, str]:
    kept = {key: value for key, value in os.environ.items() if key != "SCVMM_SIM_CONTROL"}
    return {**kept, "PYTHONPATH": str(ROOT / "controller"), "TMPDIR": str(folder)}


def _command(folder: Path, *arguments: str, stdin: str = "") -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "scvmm_sim", *arguments],
        env=_environment(folder),
        input=stdin,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


@pytest.fixture
def fabric(tmp_path: Path) -> Path:
    """A fabric file."""
    path = tmp_path / "fabric.yml"
    path.write_text(FABRIC, encoding="utf-8")
    return path


@contextmanager
def _serving(fabric: Path, *arguments: str) -> Iterator[tuple[subprocess.Popen[str], dict[str, Any], Path]]:
    """Run serve with a temporary folder of its own; yields the process, its ready line and that folder."""
    folder = fabric.parent / "tmp"
    folder.mkdir()
    log = fabric.parent / "log"
    with log.open("w") as errors:
        process = subprocess.Popen(
            [sys.executable, "-m", "scvmm_sim", "serve", "--fabric", str(fabric), *arguments],
            env=_environment(folder),
            stdout=subprocess.PIPE,
            stderr=errors,
            text=True,
        )
    try:
        assert process.stdout is not None
        with selectors.DefaultSelector() as selector:
            selector.register(process.stdout, selectors.EVENT_READ)
            assert selector.select(timeout=60), "no ready line"
        line = process.stdout.readline()
        assert line, log.read_text(encoding="utf-8")
        yield process, json.loads(line), folder
    finally:
        process.kill()
        process.wait()
        if process.stdout is not None:
            process.stdout.close()


def _pool(ready: dict[str, Any]) -> RunspacePool:
    wsman = WSMan(
        ready["host"],
        port=ready["port"],
        username="admin",
        password="planted-password",
        ssl=False,
        auth="ntlm",
        no_proxy=True,
    )
    pool = RunspacePool(wsman)
    pool.open()
    return pool


def _gone(pid: int) -> bool:
    deadline = time.monotonic() + 15
    while Path(f"/proc/{pid}").exists():
        if Path(f"/proc/{pid}/stat").read_text(encoding="utf-8").split(") ")[1].startswith("Z"):
            return True
        if time.monotonic() > deadline:
            return False
        time.sleep(0.1)
    return True


@pytest.mark.parametrize("stop", [signal.SIGTERM, signal.SIGINT])
def test_serve_is_ready_and_ends_cleanly(fabric: Path, stop: signal.Signals) -> None:
    """One ready line, an open session or not, and after the signal exit status 0, no file and no password left."""
    with _serving(fabric, "--log-level", "debug") as (process, ready, folder):
        assert ready["ready"] is True
        assert ready["control_url"].startswith("http://127.0.0.1:")
        assert "password" not in ready
        run_script(_pool(ready), "secret-in-a-script")
        process.send_signal(stop)
        assert process.wait(30) == 0
        assert process.stdout is not None
        assert process.stdout.read() == ""
        assert list(folder.iterdir()) == []
    log = (fabric.parent / "log").read_text(encoding="utf-8")
    assert "ending on" in log
    assert "planted-password" not in log
    assert "secret-in-a-script" not in log
    assert "Traceback" not in log


@pytest.mark.parametrize("stop", [signal.SIGTERM, signal.SIGKILL])
def test_powershell_processes_end_with_the_simulator(fabric: Path, pwsh: Path, stop: signal.Signals) -> None:
    """Sessions' processes never outlive the simulator, not even when it is killed."""
    with _serving(fabric, "--engine", "powershell") as (process, ready, _):
        pool = _pool(ready)
        pid = int(run_script(pool, "$PID").output[0])
        assert Path(f"/proc/{pid}").exists()
        process.send_signal(stop)
        process.wait(30)
        assert _gone(pid)


def test_https_with_the_authority_of_the_ready_line(fabric: Path) -> None:
    """The ready line names the HTTPS port and the certificate that vouches for it."""
    with _serving(fabric, "--https-port", "0") as (_, ready, _folder):
        wsman = WSMan(
            "127.0.0.1",
            port=ready["https_port"],
            username="admin",
            password="planted-password",
            auth="basic",
            cert_validation=ready["ca_certificate"],
            no_proxy=True,
        )
        with RunspacePool(wsman) as pool:
            assert pool.get_available_runspaces() == 1


def test_control_commands(fabric: Path, tmp_path: Path) -> None:
    """Every command reaches the running simulator by --control or the environment."""
    with _serving(fabric) as (_, ready, _folder):
        url = ready["control_url"]

        def run(*arguments: str, stdin: str = "") -> str:
            done = _command(tmp_path, *arguments, "--control", url, stdin=stdin)
            assert (done.returncode, done.stderr) == (0, "")
            return done.stdout

        for kind, first in (("vms", "name"), ("jobs", "name"), ("calls", "started"), ("library", "path")):
            assert run(kind).startswith(first)
            assert isinstance(json.loads(run(kind, "--json")), list)
        added = run("fault", "add", '{"operation": "vm_info", "delay": 1}').strip()
        assert run("fault", "add", "-", stdin='{"operation": "vm_power", "wire": "503"}').strip() != added
        assert [rule["operation"] for rule in json.loads(run("fault", "list", "--json"))] == ["vm_info", "vm_power"]
        run("fault", "clear", added)
        assert len(json.loads(run("fault", "list", "--json"))) == 1
        run("fault", "clear")
        assert json.loads(run("fault", "list", "--json")) == []
        run("durations", "create=20", "start=0.5")
        refused = _command(tmp_path, "vm", "off", "nope", "--control", url)
        assert (refused.returncode, refused.stdout) == (1, "")
        assert "no VM 'nope'" in refused.stderr


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        ([], "COMMAND"),
        (["sreve"], "invalid choice: 'sreve'"),
        (["serve"], "--fabric"),
        (["serve", "--fabric", "/nowhere/f.yml"], "/nowhere/f.yml cannot be read"),
        (["serve", "--fabric", "FABRIC", "--port", "70000"], "'70000' is not a port"),
        (["serve", "--fabric", "FABRIC", "--engine", "perl"], "'perl'"),
        (["serve", "--fabric", "FABRIC", "--host", "192.0.2.1"], "cannot listen"),
        (["serve", "--fabric", "FABRIC", "--certificate", "x.pem"], "--https-port"),
        (["serve", "--fabric", "FABRIC", "--https-port", "0", "--certificate", "/nowhere/x.pem"], "/nowhere/x.pem"),
        (["serve", "--fabric", "FABRIC", "--idle-seconds", "-1"], "seconds above 0"),
        (["vms"], "SCVMM_SIM_CONTROL"),
        (["vms", "--control", "ftp://x"], "not a URL"),
        (["fault", "add", "{", "--control", "http://127.0.0.1:9"], "not JSON"),
        (["fault", "add", "[]", "--control", "http://127.0.0.1:9"], "not a JSON object"),
        (["durations", "create", "--control", "http://127.0.0.1:9"], "create=20"),
    ],
)
def test_wrong_use_ends_in_one_line(fabric: Path, tmp_path: Path, arguments: list[str], told: str) -> None:
    """A wrong flag or value ends with status 2 and one line on stderr that names it; nothing on stdout."""
    done = _command(tmp_path, *[str(fabric) if word == "FABRIC" else word for word in arguments])
    assert done.returncode == 2
    assert done.stdout == ""
    assert told in done.stderr
    assert len(done.stderr.splitlines()) == 1


def test_wrong_fabric_names_file_and_key(tmp_path: Path) -> None:
    """A mistake in the fabric is told with file, key and remedy, without a traceback."""
    bad = tmp_path / "bad.yml"
    bad.write_text("host_grups: []\n", encoding="utf-8")
    done = _command(tmp_path, "serve", "--fabric", str(bad))
    assert done.returncode == 2
    assert str(bad) in done.stderr
    assert "host_grups" in done.stderr
    assert "Traceback" not in done.stderr


def test_no_powershell_is_told(fabric: Path, tmp_path: Path) -> None:
    """Engine powershell without one says where it looked and what to do, whatever $PWSH says."""
    from scvmm_sim.wire.pwsh import NoPowerShellError, find_pwsh

    before = {key: os.environ.get(key) for key in ("PATH", "PWSH")}
    os.environ["PATH"] = str(tmp_path)
    os.environ["PWSH"] = str(tmp_path / "none")
    try:
        found = find_pwsh()
    except NoPowerShellError as error:
        assert "Install PowerShell" in str(error)
        assert str(tmp_path / "none") in str(error)
    else:
        assert found.name == "pwsh"
        assert ROOT.parent in found.parents
    finally:
        for key, value in before.items():
            if value is None:
                os.environ.pop(key, None)
            else:
                os.environ[key] = value


def test_no_simulator_is_told(tmp_path: Path) -> None:
    """When nothing answers at the URL the message says so, with status 1."""
    done = _command(tmp_path, "vms", "--control", "http://127.0.0.1:9")
    assert done.returncode == 1
    assert "no simulator answers" in done.stderr


def test_help_explains_every_command(tmp_path: Path) -> None:
    """--help of the command and of each subcommand tells what it does."""
    top = _command(tmp_path, "--help").stdout
    for command in ("serve", "vms", "jobs", "calls", "library", "fault", "vm", "durations"):
        assert command in top
    serve = _command(tmp_path, "serve", "--help").stdout
    for flag in ("--fabric", "--engine", "--host", "--port", "--https-port", "--control-port", "--library"):
        assert flag in serve
