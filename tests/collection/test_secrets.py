# SPDX-License-Identifier: Apache-2.0
"""A planted password and a planted medium are found nowhere but where they belong."""

from __future__ import annotations

import base64
from pathlib import Path

import pytest
from scvmm_sim.simulator import Simulator

from .conftest import StartPipe
from .plays import Player, task, warm_variables
from .processes import all_arguments
from .surroundings import PASSWORD

from ansible_collections.capi.scvmm.plugins.plugin_utils.session.client import Client  # isort: skip

MEDIUM = b"planted-bootstrap-token-9f2b" * 40

pytestmark = pytest.mark.skipif(not Path("/proc/self/cmdline").exists(), reason="looks at processes through /proc")


def _traces() -> list[bytes]:
    """What a leak of the medium or the password would look like, as text or in base64 at any offset."""
    wanted = [PASSWORD.encode(), MEDIUM[:28]]
    for secret in (PASSWORD.encode(), MEDIUM[:28]):
        wanted += [base64.b64encode(b"x" * shift + secret)[4:-4] for shift in range(3)]
    return wanted


def _leaks(data: bytes) -> list[bytes]:
    return [trace for trace in _traces() if trace in data]


def test_secrets_are_in_no_argument_file_or_output(
    simulator: Simulator, runtime_dir: Path, tmp_path: Path, start_pipe: StartPipe
) -> None:
    """Process arguments, the runtime folder, all that Ansible prints with -vvvv, and its results."""
    pipe = start_pipe()
    pipe.result("connect")
    image = tmp_path / "secret.iso"
    image.write_bytes(MEDIUM)
    player = Player(tmp_path, runtime_dir, warm_variables(simulator.host, simulator.port))
    played = player.play(
        task("uploaded", "vm_media", state="present", src=str(image)),
        {**task("wrong", "vm_info"), "vars": {"ansible_port": 1}},
        {**task("odd", "vm_info"), "vars": {"scvmm_workers": 0}},
        arguments=("-vvvv", "--diff"),
    )
    assert played["uploaded"].result["changed"] is True
    assert _leaks(played.output.encode()) == []
    assert _leaks(repr(played.told).encode()) == []
    assert {pid: _leaks(text.encode()) for pid, text in all_arguments().items() if _leaks(text.encode())} == {}
    files = [path for path in runtime_dir.iterdir() if path.is_file()]
    assert files
    assert {path.name: _leaks(path.read_bytes()) for path in files if _leaks(path.read_bytes())} == {}
    assert any("secret.iso" in str(file) for file in simulator.library_files())
    player.play(task("removed", "vm_media", state="absent", file="secret.iso"))


def test_a_failing_call_does_not_log_its_request(client: Client, simulator: Simulator, runtime_dir: Path) -> None:
    """The log says which operation broke and why, never what it carried."""
    client.call("connect", {})
    simulator.add_fault({"operation": "media_present", "wire": "reset", "times": None})
    request = {"file": "x.iso", "content": MEDIUM.decode(), "sha256": "0" * 64}
    with pytest.raises(Exception, match="not reached"):
        client.call("media_present", request)
    (log,) = runtime_dir.glob("*.log")
    assert "media_present" in log.read_text()
    assert _leaks(log.read_bytes()) == []
