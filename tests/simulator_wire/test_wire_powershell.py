# SPDX-License-Identifier: Apache-2.0
"""The engine powershell: real PowerShell processes behind the endpoint."""

from __future__ import annotations

import json
import os
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
import requests
import winrm
from pypsrp.exceptions import WSManFaultError
from pypsrp.powershell import PowerShell, RunspacePool
from pypsrp.shell import Process, SignalCode, WinRS
from scvmm_sim.calls import CallLog
from scvmm_sim.errors import CmdletError
from scvmm_sim.standin import MODULE_PATH
from scvmm_sim.wire.bridge import CmdletBridge
from scvmm_sim.wire.faults import NO_SUCH_SHELL
from scvmm_sim.wire.powershell import PowerShellEngine
from scvmm_sim.wire.server import WireServer

from .clients import MODULE, PASSWORD, PLAIN_USER, FakeFaults, FakeOperations, Wire, begin, call, finish, run_script

pytestmark = pytest.mark.pwsh

# A stand-in for the module's one function, small enough to see what it does.
FUNCTION = """
function global:Invoke-CapiScvmmOperation {
    param($Name, $Request)
    try {
        $server = Get-SCVMMServer -ComputerName vmm -ErrorAction Stop
        $result = @{ server = $server.Name; length = $Request.Length; name = $Name }
        [ordered]@{ ok = $true; result = $result } | ConvertTo-Json -Compress -Depth 5
    } catch {
        [ordered]@{ ok = $false; error = @{ message = $_.Exception.Message; id = $_.FullyQualifiedErrorId } } |
            ConvertTo-Json -Compress -Depth 5
    }
}
"""


@dataclass
class FakeVmm:
    """Stands at the cmdlet port."""

    seen: list[tuple[str, dict[str, Any], str | None]] = field(default_factory=list)

    def __call__(self, cmdlet: str, parameters: dict[str, Any], operation: str | None) -> tuple[list[Any], None]:
        self.seen.append((cmdlet, parameters, operation))
        if parameters.get("ComputerName") == "nowhere":
            raise CmdletError(1602, "no such server", "Name another.", "ReadError", cmdlet)
        return [{"_type": "ServerConnection", "ID": "1", "Name": "vmm.example.com"}], None


@dataclass
class PwshWire(Wire):
    """A wire in front of PowerShell."""

    vmm: FakeVmm
    calls: CallLog
    operation_errors: dict[str, CmdletError]


@pytest.fixture
def pwsh_wire(pwsh: Path) -> Iterator[PwshWire]:
    """A wire in front of PowerShell, with fakes below the cmdlets."""
    vmm, calls, faults = FakeVmm(), CallLog(), FakeFaults()
    errors: dict[str, CmdletError] = {}
    engine = PowerShellEngine(
        pwsh, MODULE_PATH, CmdletBridge(vmm), calls, faults, lambda operation, _: errors.pop(operation, None)
    )
    server = WireServer(engine, {"LAB\\vmm-admin": PASSWORD, PLAIN_USER: PASSWORD}, faults)
    server.start()
    try:
        yield PwshWire(server, FakeOperations(), faults, vmm, calls, errors)
    finally:
        server.close()


@pytest.mark.parametrize("auth", ["basic", "ntlm"])
def test_scripts_run(pwsh_wire: PwshWire, auth: str) -> None:
    """Scripts, errors of both kinds and text of any kind come through the relay."""
    with pwsh_wire.session(auth) as pool:
        assert run_script(pool, "1..3 | ConvertTo-Json -Compress").output == ["[1,2,3]"]
        mixed = run_script(pool, "Write-Error 'bé 🎉'; 'after'")
        assert (mixed.output, mixed.errors) == (["after"], ["bé 🎉"])
        thrown = run_script(pool, "throw 'stop here'; 'never'")
        assert (thrown.output, thrown.errors, thrown.failed) == ([], ["stop here"], True)


def test_operations_reach_the_cmdlets_by_the_bridge(pwsh_wire: PwshWire) -> None:
    """A function in the session calls VMM's cmdlets, which the simulator answers, knowing the operation they are in."""
    with pwsh_wire.session() as pool:
        assert run_script(pool, "Import-Module VirtualMachineManager\n" + FUNCTION).errors == []
        envelope = call(pool, "connect", {"name": "web-1", "content": "x" * 2_000_000})
        assert envelope["result"]["server"] == "vmm.example.com"
        assert envelope["result"]["length"] > 2_000_000
        failed = run_script(pool, "Get-SCVMMServer -ComputerName nowhere")
    assert failed.errors == ["no such server"]
    assert failed.error_ids[0].startswith("1602,")
    assert [(name, operation) for name, _, operation in pwsh_wire.vmm.seen] == [
        ("Get-SCVMMServer", "connect"),
        ("Get-SCVMMServer", None),
    ]


def test_operations_are_logged_without_content(pwsh_wire: PwshWire) -> None:
    """The relay sees which operations pass by and how they end, and keeps nothing of their content."""
    with pwsh_wire.session() as pool:
        run_script(pool, "Import-Module VirtualMachineManager\n" + FUNCTION)
        call(pool, "vm_info", {"name": "web-1", "content": "planted-secret"})
    (seen,) = pwsh_wire.calls.listed()
    assert (seen["name"], seen["object"], seen["ok"]) == ("vm_info", "web-1", True)
    assert seen["keys"] == ["content", "name"]
    assert seen["seconds"] > 0
    assert "planted-secret" not in json.dumps(seen)


def test_operation_fault_strikes_its_first_cmdlet(pwsh_wire: PwshWire) -> None:
    """A rule for the operation as a whole shows as the error of the next cmdlet, once."""
    with pwsh_wire.session() as pool:
        run_script(pool, "Import-Module VirtualMachineManager\n" + FUNCTION)
        pwsh_wire.operation_errors["vm_info"] = CmdletError(1620, "locked", "wait", cmdlet="Get-SCVMMServer")
        failed = call(pool, "vm_info")
        assert (failed["ok"], failed["error"]["message"]) == (False, "locked")
        assert failed["error"]["id"].startswith("1620,")
        assert call(pool, "vm_info")["ok"] is True


def test_wire_faults_strike_operations_in_powershell_too(pwsh_wire: PwshWire) -> None:
    """Reset and kill_shell do what they do with the native engine."""
    with pytest.raises(WSManFaultError), pwsh_wire.session() as pool:
        run_script(pool, "Import-Module VirtualMachineManager\n" + FUNCTION)
        pwsh_wire.faults.planned["vm_info"] = "reset"
        pipeline = begin(pool, "vm_info")
        with pytest.raises(requests.ConnectionError):
            pipeline.end_invoke()
        assert '"ok":true' in finish(pipeline).output[0]
        pwsh_wire.faults.planned["vm_info"] = "kill_shell"
        pipeline = begin(pool, "vm_info")
        time.sleep(1)
        with pytest.raises(WSManFaultError) as caught:
            begin(pool, "vm_info")
        assert caught.value.code == NO_SUCH_SHELL


def test_pools_side_by_side(pwsh_wire: PwshWire) -> None:
    """Three sessions have three processes; what one defines, another does not know."""

    def work(number: int) -> tuple[list[Any], list[Any]]:
        with pwsh_wire.session("ntlm" if number else "basic") as pool:
            run_script(pool, f"$global:mine = {number}")
            mine = [run_script(pool, "$mine").output[0] for _ in range(5)]
            return mine, run_script(pool, "$PID").output

    with ThreadPoolExecutor(3) as threads:
        answers = list(threads.map(work, range(3)))
    assert [mine for mine, _ in answers] == [[number] * 5 for number in range(3)]
    assert len({tuple(pids) for _, pids in answers}) == 3


def test_stop_and_killed_process(pwsh_wire: PwshWire) -> None:
    """A stopped pipeline leaves the pool usable; when the process dies, its client is told that the shell is gone."""
    with pytest.raises(WSManFaultError), pwsh_wire.session() as pool:
        pipeline = PowerShell(pool)
        pipeline.add_script("Start-Sleep 60")
        pipeline.begin_invoke()
        pipeline.stop()
        pid = int(run_script(pool, "$PID").output[0])
        pipeline = PowerShell(pool)
        pipeline.add_script("Start-Sleep 60")
        pipeline.begin_invoke()
        os.kill(pid, 9)
        with pytest.raises(WSManFaultError) as caught:
            pipeline.end_invoke()
        assert caught.value.code == NO_SUCH_SHELL


def test_closed_pool_ends_its_process(pwsh_wire: PwshWire) -> None:
    """No process is left when a session is closed."""
    with pwsh_wire.session() as pool:
        pid = int(run_script(pool, "$PID").output[0])
        assert Path(f"/proc/{pid}").exists()
    assert not Path(f"/proc/{pid}").exists()


def test_bridge_hears_only_sessions(pwsh_wire: PwshWire) -> None:
    """Without a session's token, or with one of a session that is closed, the bridge answers nothing."""
    with pwsh_wire.session() as pool:
        url, token = run_script(pool, "$env:SCVMM_SIM_BRIDGE_URL; $env:SCVMM_SIM_BRIDGE_TOKEN").output
        body = {"cmdlet": "Get-SCVMMServer", "parameters": {}}
        assert requests.post(f"{url}/cmdlet", json=body, headers={"token": token}, timeout=10).status_code == 200
        assert requests.post(f"{url}/cmdlet", json=body, headers={"token": "x"}, timeout=10).status_code == 403
        assert requests.post(f"{url}/cmdlet", data=b"[", headers={"token": token}, timeout=10).status_code == 400
    assert requests.post(f"{url}/cmdlet", json=body, headers={"token": token}, timeout=10).status_code == 403


def test_winrs_runs_powershell_commands(pwsh_wire: PwshWire) -> None:
    """pywinrm runs an encoded command: output, errors and exit code arrive."""
    url = f"http://127.0.0.1:{pwsh_wire.server.port}/wsman"
    session = winrm.Session(url, auth=(PLAIN_USER, PASSWORD), transport="ntlm", message_encryption="always")
    ran = session.run_ps("[Console]::Error.WriteLine('oh'); 'hé'; exit 4")
    assert (ran.status_code, ran.std_out.decode().strip()) == (4, "hé")
    assert b"oh" in ran.std_err


def test_winrs_takes_input_and_is_stopped(pwsh_wire: PwshWire) -> None:
    """Standard input reaches the command; ctrl_c ends one that would run on."""
    with WinRS(pwsh_wire.wsman()) as shell:
        reader = Process(
            shell,
            "powershell.exe -NoProfile -ExecutionPolicy Unrestricted -Command "
            "\"'got ' + [Console]::In.ReadToEnd(); exit 3\"",
        )
        reader.begin_invoke()
        reader.send(b"hello")
        reader.end_invoke()
        assert (reader.rc, reader.stdout.strip()) == (3, b"got hello")
        sleeper = Process(shell, "powershell -NoProfile -Command Start-Sleep 60")
        sleeper.begin_invoke()
        sleeper.signal(SignalCode.CTRL_C)
        sleeper.end_invoke()
        assert sleeper.rc != 0


def test_winrs_has_no_cmd(pwsh_wire: PwshWire) -> None:
    """Other commands end as cmd.exe ends for an unknown one, with the reason."""
    with WinRS(pwsh_wire.wsman()) as shell:
        command = Process(shell, "dir C:\\")
        command.invoke()
    assert command.rc == 9009
    assert b"only 'powershell" in command.stderr


def test_module_line_is_just_text_to_powershell(pwsh_wire: PwshWire) -> None:
    """The module's text is run as a script, as on Windows."""
    with pwsh_wire.session() as pool:
        assert run_script(pool, f"{MODULE} | Import-Module -Global\n'done'").output == ["done"]


def test_powershell_that_does_not_start_is_told() -> None:
    """A program that is no PowerShell ends the opening of a session with a fault that says so, and leaves nothing."""
    faults = FakeFaults()
    engine = PowerShellEngine(
        Path("/bin/false"), MODULE_PATH, CmdletBridge(FakeVmm()), CallLog(), faults, lambda *_: None
    )
    server = WireServer(engine, {PLAIN_USER: PASSWORD}, faults)
    server.start()
    try:
        wire = Wire(server, FakeOperations(), faults)
        with pytest.raises(WSManFaultError, match="PowerShell process"):
            RunspacePool(wire.wsman(username=PLAIN_USER)).open()
        assert server.shells == 0
    finally:
        server.close()
