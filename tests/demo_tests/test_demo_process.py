# SPDX-License-Identifier: Apache-2.0
"""The demonstration as a person runs it: it ends well, or says why not, and leaves nothing behind either way."""

import os
import re
import signal
import subprocess
import sys
from pathlib import Path

import pytest
from left_behind import processes_of, wait_until

REPOSITORY = Path(__file__).parents[2]
DEMO_SECONDS = 600
STARTED = "kubectl apply -f examples/cluster"

pytestmark = [pytest.mark.timeout(2 * DEMO_SECONDS), pytest.mark.usefixtures("plane_binaries")]


def environment(temporary: Path, **more: str) -> dict[str, str]:
    """Variables for a demonstration whose temporary files we can look at."""
    paths = os.pathsep.join(str(REPOSITORY / name) for name in ("tests", "controller"))
    inherited = {name: value for name, value in os.environ.items() if name != "CAPI_SCVMM_KUBECONFIG"}
    return {**inherited, "PYTHONPATH": paths, "TMPDIR": str(temporary), "PYTHONUNBUFFERED": "1", **more}


@pytest.fixture
def temporary(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A short path, for sockets are made below it."""
    return tmp_path_factory.mktemp("d")


def demo(temporary: Path, *arguments: str, **more: str) -> subprocess.CompletedProcess[str]:
    """Run the demonstration to its end."""
    command = [sys.executable, "-m", "demo", *arguments]
    variables = environment(temporary, **more)
    return subprocess.run(command, env=variables, capture_output=True, text=True, timeout=DEMO_SECONDS)


def assert_nothing_left(temporary: Path) -> None:
    """No process, no file."""
    wait_until(lambda: not processes_of(temporary), f"processes end: {processes_of(temporary)}")
    wait_until(lambda: not any(temporary.iterdir()), "files go")


def test_whole_way_and_back(temporary: Path) -> None:
    """A cluster becomes Available, grows, is healed of a VM that was turned off, and goes: nothing is left."""
    done = demo(temporary)
    assert done.returncode == 0, done.stdout + done.stderr
    assert "Nothing: no VM" in done.stdout
    provisioned = set(re.findall(r"s  (demo-\S+) +Provisioned", done.stdout))
    gone = set(re.findall(r"s  (demo-\S+) +Gone", done.stdout))
    [victim] = re.findall(r"Somebody turns off the VM (\S+)", done.stdout)
    # Cluster API may replace a worker that goes before its MachineSet is gone: that one goes too.
    assert len(provisioned) == 4 and gone >= provisioned and victim in gone
    nodes = dict(re.findall(r"^(demo-\S+)\.k8s\.example\.com +v\S+ +(scvmm://\S+)$", done.stdout, re.MULTILINE))
    assert len(nodes) == 2 and set(nodes) < provisioned
    assert_nothing_left(temporary)


def test_kept_demonstration_can_be_used_and_ended(temporary: Path) -> None:
    """With --keep kubectl and ansible-playbook work as it says, and the named process takes everything along."""
    done = demo(temporary, "--keep")
    assert done.returncode == 0, done.stdout + done.stderr
    commands = done.stdout[done.stdout.index("export KUBECONFIG=") :]
    supervisor = int(re.findall(r"^kill (\d+)$", commands, re.MULTILINE)[0])
    try:
        lines = commands.splitlines()
        for said, shown in (
            ("export KUBECONFIG=", "demo-control-plane"),
            ("get nodes", "Ready"),
            ("inspect", "demo-w"),
        ):
            index = next(number for number, line in enumerate(lines) if said in line)
            script = "\n".join(lines[index : index + 2]) if said.startswith("export") else lines[index]
            answer = subprocess.run(["sh", "-ec", script], capture_output=True, text=True, timeout=120, cwd=temporary)
            assert answer.returncode == 0 and shown in answer.stdout, script + answer.stdout + answer.stderr
    finally:
        os.kill(supervisor, signal.SIGTERM)
    assert_nothing_left(temporary)


@pytest.mark.parametrize(("number", "code"), [(signal.SIGINT, 130), (signal.SIGTERM, 130), (signal.SIGKILL, -9)])
def test_interrupted_demonstration_leaves_nothing(temporary: Path, number: signal.Signals, code: int) -> None:
    """Ctrl-C, a polite kill and a rude one: everything that was started ends."""
    # Whoever runs the tests in the background has them start programs that do not hear Ctrl-C.
    command = ["env", "--default-signal=INT", sys.executable, "-m", "demo"]
    with subprocess.Popen(command, env=environment(temporary), stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout
        for line in process.stdout:
            if line.startswith(STARTED):
                break
        process.send_signal(number)
        process.stdout.read()
        assert process.wait(60) == code
    assert_nothing_left(temporary)


def test_what_goes_wrong_is_said(temporary: Path) -> None:
    """A demonstration that cannot start ends with a code that is not 0, and the reason."""
    done = demo(temporary, CAPI_SCVMM_KUBECONFIG=str(temporary / "none"))
    assert done.returncode == 1
    assert f"{temporary / 'none'} does not exist" in done.stderr and "Traceback" not in done.stderr
    assert_nothing_left(temporary)
