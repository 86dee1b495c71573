# SPDX-License-Identifier: Apache-2.0
"""The same modules over Ansible's own connections, with a real PowerShell behind the simulator."""

from __future__ import annotations

import base64
import os
import re
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from ansible.plugins.loader import shell_loader
from scvmm_sim.simulator import Simulator
from scvmm_sim.wire.pwsh import NoPowerShellError, find_pwsh

from . import every_operation
from .life import assert_briefly_lived, live_briefly
from .plays import Played, Player, task, warm_variables
from .processes import all_arguments
from .surroundings import FABRIC

from ansible_collections.capi.scvmm.plugins.plugin_utils import cold  # isort: skip

pytestmark = [pytest.mark.pwsh, pytest.mark.timeout(900)]

WAYS: dict[str, dict[str, Any]] = {
    "psrp": {
        "ansible_connection": "ansible.builtin.psrp",
        "ansible_psrp_protocol": "http",
        "ansible_psrp_auth": "ntlm",
    },
    "winrm": {
        "ansible_connection": "ansible.builtin.winrm",
        "ansible_winrm_scheme": "http",
        "ansible_winrm_transport": "ntlm",
    },
}
# Not that of other tests, which run at the same time: this one looks at the arguments of all processes.
PASSWORD = "planted-C0ld-41f9"
IMAGE_BYTES = 1_500_000
MARK = b"planted-bootstrap-token-4b7d"
# What two runs of the same tasks cannot have in common.
_VOLATILE = {"created", "modified", "started", "ended", "token"}


@pytest.fixture(scope="module", autouse=True)
def _powershell() -> None:
    try:
        find_pwsh()
    except NoPowerShellError as error:
        pytest.skip(str(error))


@contextmanager
def _simulator() -> Iterator[Simulator]:
    users = [{"username": "EXAMPLE\\capi", "password": PASSWORD}]
    with Simulator(fabric={**FABRIC, "users": users}, engine="powershell") as simulator:
        yield simulator


def _player(way: str, simulator: Simulator, runtime_dir: Path, folder: Path) -> Player:
    variables = {
        "ansible_host": simulator.host,
        "ansible_port": simulator.port,
        "ansible_user": "EXAMPLE\\capi",
        "ansible_password": PASSWORD,
        "scvmm_vmm_server": "vmm.example.com",
        **WAYS[way],
    }
    return Player(folder, runtime_dir, variables)


@pytest.fixture(scope="module")
def image(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A medium far larger than any command line, which does not become smaller by compression."""
    path = tmp_path_factory.mktemp("media") / "web-1.iso"
    path.write_bytes(MARK * 40 + os.urandom(IMAGE_BYTES))
    return path


def _lived(player: Player, image: Path, simulator: Simulator) -> Played:
    """The whole life of a VM; in the middle of it every operation there is, in check mode."""
    failing = [
        task("refused", "vm_power", uid="nobody", state="running"),
        {**task("other", "vm_info"), "vars": {"scvmm_vmm_server": "other.example.com"}},
        {**task("away", "vm_info"), "vars": {"ansible_port": 1}},
    ]
    played = live_briefly(player, image, list(every_operation.checks().values()), failing)
    assert_briefly_lived(played, image, simulator)
    return played


@pytest.fixture(scope="module")
def warm(tmp_path_factory: pytest.TempPathFactory, image: Path) -> Played:
    """What the warm connection tells of the same tasks."""
    folder = tmp_path_factory.mktemp("w")
    runtime_dir = folder / "r"
    runtime_dir.mkdir(mode=0o700)
    with _simulator() as simulator:
        variables = {**warm_variables(simulator.host, simulator.port), "ansible_password": PASSWORD}
        return _lived(Player(folder, runtime_dir, variables), image, simulator)


def _told(played: Played) -> dict[str, Any]:
    """What each task told; each connection has its own words for an endpoint that is not there."""
    return {name: (told.kind, _steady(told.result)) for name, told in played.told.items() if name != "away"}


def _steady(value: Any) -> Any:
    if isinstance(value, dict):
        return {name: _steady(item) for name, item in value.items() if name not in _VOLATILE}
    return [_steady(item) for item in value] if isinstance(value, list) else value


class Watch:
    """Looks at the arguments of all processes while something runs."""

    def __init__(self) -> None:
        self.commands: set[str] = set()
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._look, daemon=True)

    def _look(self) -> None:
        while not self._over.wait(0.2):
            self.commands |= set(all_arguments().values())

    def __enter__(self) -> Watch:
        self._thread.start()
        return self

    def __exit__(self, *failure: object) -> None:
        self._over.set()
        self._thread.join()

    def scripts(self) -> list[str]:
        """What was given to PowerShell as encoded commands, decoded."""
        found = [re.search(r"-EncodedCommand ([A-Za-z0-9+/=]+)", command) for command in self.commands]
        return [base64.b64decode(match.group(1)).decode("utf-16-le") for match in found if match]


def _leaks(text: str) -> list[str]:
    """Traces of the password or the medium, readable or in base64 at any offset."""
    wanted = [PASSWORD, MARK.decode()]
    for secret in (PASSWORD.encode(), MARK):
        wanted += [base64.b64encode(b"x" * shift + secret)[4:-4].decode() for shift in range(3)]
    return [trace for trace in wanted if trace in text]


@pytest.mark.parametrize("way", WAYS)
def test_every_module_tells_the_same_as_warm(
    way: str, warm: Played, image: Path, runtime_dir: Path, tmp_path: Path
) -> None:
    """Every operation of every module: changes, check mode with its diff, errors as data. No broker is started."""
    with _simulator() as simulator, Watch() as watch:
        played = _lived(_player(way, simulator, runtime_dir, tmp_path), image, simulator)
    assert _told(played) == _told(warm)
    assert played["away"].kind == "unreachable"
    assert played["away"].result["error"]["class"] == "unreachable"
    assert list(runtime_dir.glob("*.sock")) == []
    assert _leaks(played.output + repr(played.told)) == []
    assert {command[:200] for command in watch.commands if _leaks(command)} == set()
    if way == "winrm":
        scripts = [script for script in watch.scripts() if "Invoke-CapiScvmmOperation" in script]
        assert scripts
        sent = [line for line in cold.SCRIPT.splitlines() if line.strip()]
        assert all(script.splitlines()[-len(sent) :] == sent for script in scripts)


def test_every_module_is_among_them(warm: Played) -> None:
    """No check was turned away by the option parser: each reached its operation, and was answered or refused there."""
    checks = every_operation.checks()
    assert {"vm_present", "vm_absent", "vm_power", "vm_info", "media_attached", "job_info"} <= {
        name.split()[1] for name in checks
    }
    turned_away = {
        name: warm[name].result.get("msg")
        for name in checks
        if warm[name].kind != "ok" and "error" not in warm[name].result
    }
    assert turned_away == {}


def test_failures_have_the_same_shape(warm: Played) -> None:
    """What the ways tell alike is right: refused by us, by VMM, and not reached at all."""
    assert warm["vm_power vm_power off"].kind == "ok"
    assert warm["refused"].result["error"]["id"] == "CapiScvmm.NotFound"
    assert warm["refused"].result["error"]["class"] == "final"
    assert warm["other"].result["error"]["number"] == 1602


@pytest.mark.parametrize("script", [cold.SCRIPT, cold.ENDPOINT_SCRIPT], ids=["operations", "exec host"])
def test_the_command_fits_into_a_command_line(script: str) -> None:
    """cmd.exe takes 8191 characters, and a quarter of it leaves room for whatever a connection puts around."""
    command = shell_loader.get("powershell")._encode_script(script, as_list=False, strict_mode=False, preserve_rc=False)
    assert len(command) < cold.LONGEST_COMMAND * 3 // 4


def test_what_varies_goes_on_standard_input_in_ascii() -> None:
    """Four lines: names and requests as JSON without line breaks, the module in base64; nothing else can be in them."""
    lines = cold.standard_input("vm_info", {"names": ["a\nb", "ü $(x)"]}, "vmm\n1").split(b"\n")
    assert lines[0] == b"vm_info"
    assert lines[1:3] == [b'{"vmm_server": "vmm\\n1"}', b'{"names": ["a\\nb", "\\u00fc $(x)"]}']
    assert b"Invoke-CapiScvmmOperation" in base64.b64decode(lines[3], validate=True)
    assert lines[4:] == [b""]


def test_an_answer_that_a_console_has_broken_is_read() -> None:
    """A console may wrap lines and put its own before and after."""
    answer = base64.b64encode(b'{"ok": true, "result": {"text": "' + b"x" * 300 + b'"}}').decode()
    broken = "\r\n".join(answer[start : start + 79] for start in range(0, len(answer), 79))
    told = f"WARNING: hello\r\ncapi.scvmm answer: {broken} capi.scvmm end\r\nbye\r\n".encode()
    assert cold.envelope_of(0, told, b"")["result"] == {"text": "x" * 300}


def test_an_answer_that_is_cut_off_is_none() -> None:
    """Half an answer is not taken for one: nobody knows what happened, and what was said instead is told."""
    with pytest.raises(Exception, match=r"no answer \(exit code 1\): it broke") as caught:
        cold.envelope_of(1, b"capi.scvmm answer: eyJvayI6", b"it broke")
    assert caught.value.happened == "unknown"


def test_a_connection_without_powershell_is_refused(runtime_dir: Path, tmp_path: Path) -> None:
    """The message names the connections that work."""
    told = Player(tmp_path, runtime_dir, {"ansible_connection": "local"}).play(task("look", "vm_info"))["look"]
    assert "runs no PowerShell. Set ansible_connection to capi.scvmm.vmm" in told.result["msg"]
