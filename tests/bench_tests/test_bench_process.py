# SPDX-License-Identifier: Apache-2.0
"""The benchmarks end when they are told to, with all that they have started."""

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest
from left_behind import processes_of, wait_until

REPOSITORY = Path(__file__).parents[2]
ENDING_SECONDS = 60


@pytest.fixture
def temporary(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A short path, for sockets are made below it."""
    return tmp_path_factory.mktemp("b")


def start(temporary: Path, section: str) -> subprocess.Popen[str]:
    """Begin to measure one section."""
    paths = os.pathsep.join(str(REPOSITORY / name) for name in ("tests", "controller"))
    variables = os.environ | {
        "PYTHONPATH": paths,
        "PATH": f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}",
        "TMPDIR": str(temporary),
        "ANSIBLE_COLLECTIONS_PATH": str(REPOSITORY / "build"),
    }
    command = [sys.executable, "-m", "bench", "--only", section]
    return subprocess.Popen(command, env=variables, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)


def end(bench: subprocess.Popen[str], temporary: Path, number: signal.Signals) -> None:
    """Signal, and see that nothing is left."""
    bench.send_signal(number)
    _, told = bench.communicate(timeout=ENDING_SECONDS)
    assert (bench.returncode, told.strip().splitlines()[-1:]) == (128 + number, ["bench: ended by a signal"]), told
    wait_until(lambda: processes_of(temporary) == [], f"left behind: {processes_of(temporary)}", 30)


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT], ids=lambda number: number.name)
def test_a_signal_ends_the_server_and_the_sessions(temporary: Path, number: signal.Signals) -> None:
    """While calls are measured: simulator, pipe and broker end with it."""
    bench = start(temporary, "session")
    try:
        wait_until(lambda: any("launch.py" in line for line in processes_of(temporary)), "no session was opened")
        end(bench, temporary, number)
    finally:
        bench.kill()


def test_a_signal_ends_a_run_of_ansible(temporary: Path) -> None:
    """ansible-runner takes the signals over while it runs, and must not keep them."""
    bench = start(temporary, "runs")
    try:
        wait_until(lambda: any("ansible-playbook" in line for line in processes_of(temporary)), "nothing was run")
        end(bench, temporary, signal.SIGTERM)
    finally:
        bench.kill()


@pytest.mark.timeout(300)
@pytest.mark.usefixtures("plane_binaries")
def test_a_signal_ends_the_management_plane(temporary: Path) -> None:
    """API server, etcd, controller and simulator end with it."""
    bench = start(temporary, "one")
    try:
        wait_until(lambda: any("capi_scvmm run" in line for line in processes_of(temporary)), "no controller", 200)
        end(bench, temporary, signal.SIGTERM)
    finally:
        bench.kill()
