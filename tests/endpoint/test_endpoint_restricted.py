# SPDX-License-Identifier: Apache-2.0
"""A session of the restricted configuration: our operations run in it, and nothing else does.

The files are the role's own, rendered, installed and found as on Windows; the session is a real PowerShell's,
restricted as they say (wire/restrict.ps1 tells how).
"""

from __future__ import annotations

import re
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from jinja2 import Environment, FileSystemLoader
from pypsrp.powershell import PowerShell, RunspacePool
from pypsrp.wsman import WSMan
from scvmm_sim.simulator import Simulator

from .exec_host import ADMINISTRATOR, PASSWORD, ROOT, ExecHost, Shell, powershell_module, sent

from ansible.plugins.filter.core import to_uuid  # isort: skip
from ansible_collections.capi.scvmm.plugins.plugin_utils.session.client import Client  # isort: skip
from ansible_collections.capi.scvmm.plugins.plugin_utils.session.options import Options  # isort: skip

pytestmark = [pytest.mark.pwsh, pytest.mark.timeout(300)]

TEMPLATES = ROOT / "roles" / "vmm_endpoint" / "templates"
RUN_AS = {
    "user": {},
    "virtual_account": {"vmm_endpoint_run_as": "virtual_account"},
    "managed_account": {
        "vmm_endpoint_run_as": "managed_account",
        "vmm_endpoint_managed_account": "EXAMPLE\\o'capi$",
    },
}


def rendered(name: str, **changes: Any) -> str:
    """A template of the role as Ansible renders it."""
    engine = Environment(  # PowerShell, not HTML; the templates quote by themselves
        loader=FileSystemLoader(TEMPLATES), trim_blocks=True, keep_trailing_newline=True
    )
    engine.filters["to_uuid"] = to_uuid
    variables = {
        "vmm_endpoint_configuration": "CapiScvmm",
        "vmm_endpoint_run_as": "user",
        "vmm_endpoint_users": ["EXAMPLE\\capi", "EXAMPLE\\Cluster O'Neill", "x' = 1; Invoke-Evil; 'y"],
        **changes,
    }
    return engine.get_template(name).render(variables)


def _files(**changes: Any) -> dict[str, bytes]:
    return {
        **powershell_module.installed_files(),
        "CapiScvmm.pssc": rendered("CapiScvmm.pssc.j2", **changes).encode(),
        "RoleCapabilities/CapiScvmm.psrc": rendered("CapiScvmm.psrc.j2").encode(),
    }


@pytest.mark.parametrize("run_as", RUN_AS)
def test_windows_takes_the_rendered_file(shell: Shell, host: ExecHost, run_as: str) -> None:
    """It is data to PowerShell's own parser, has only keys that PowerShell knows, and names stay names."""
    version = powershell_module.module_version()
    shell.result("endpoint_module", version=version, files=sent(_files(**RUN_AS[run_as])))
    shell.result("endpoint_configuration", name="CapiScvmm", version=version)
    registered = host.state["configurations"][1]
    assert (registered["SessionType"], registered["LanguageMode"]) == ("RestrictedRemoteServer", "NoLanguage")
    for user in ("EXAMPLE\\capi", "EXAMPLE\\Cluster O'Neill", "x' = 1; Invoke-Evil; 'y"):
        assert f"{user} AccessAllowed" in registered["Permission"]


@pytest.fixture(scope="module")
def simulator(pwsh: Path, shell: Shell, host: ExecHost) -> Iterator[Simulator]:
    """A VMM server whose exec host offers the configuration."""
    fabric = {
        "server": {"name": "vmm.example.com"},
        "users": [{"username": ADMINISTRATOR, "password": PASSWORD}],
        "host_groups": [
            {"name": "prod", "hosts": [{"name": "hv1", "cpus": 8, "memory_mb": 4096}]},
            {"name": "tiny", "hosts": [{"name": "hv2", "cpus": 1, "memory_mb": 512}]},
        ],
        "clouds": [
            {"name": name, "host_groups": [group]} for name, group in (("production", "prod"), ("tiny", "tiny"))
        ],
        "templates": [{"name": "debian", "generation": 2, "memory_mb": 1024, "dvd": True}],
        "libraries": [{"server": "vmm.example.com", "share": "MSSCVMMLibrary"}],
    }
    with pytest.MonkeyPatch.context() as context:
        for name, value in host.environment.items():
            context.setenv(name, value)
        with Simulator(fabric=fabric, engine="powershell") as simulator:
            yield simulator


@pytest.fixture(autouse=True)
def _prepared(request: pytest.FixtureRequest, shell: Shell, host: ExecHost) -> None:
    if "simulator" in request.fixturenames:
        version = powershell_module.module_version()
        shell.result("endpoint_module", version=version, files=sent(_files()))
        simulator: Simulator = request.getfixturevalue("simulator")
        simulator.register_configuration("CapiScvmm", host.modules / "CapiScvmm" / version / "CapiScvmm.pssc")


@pytest.fixture
def client(simulator: Simulator) -> Iterator[Client]:
    """Our own session, through its broker, to the restricted configuration."""
    options = {
        "host": simulator.host,
        "port": simulator.port,
        "scheme": "http",
        "username": ADMINISTRATOR,
        "password": PASSWORD,
        "authentication": "ntlm",
        "vmm_server": "vmm.example.com",
        "configuration": "CapiScvmm",
        "idle_seconds": 30,
        "workers": 1,
    }
    with tempfile.TemporaryDirectory(prefix="capi-rt-") as folder:  # pytest's own are too long for a socket
        client = Client(Options.of(options), Path(folder))
        yield client
        client.ask("end")
        client.close()


def _wish(name: str, **fields: Any) -> dict[str, Any]:
    return {
        "owner": f"ns/{name}",
        "uid": f"uid-{name}",
        "name": name,
        "cloud": "production",
        "template": "debian",
    } | fields


def test_our_session_lives_in_it(client: Client, simulator: Simulator) -> None:
    """Every step of a VM's life, with the installed module; sending it as text is refused, and that is no obstacle."""
    connected = client.call("connect", {}).envelope()
    assert connected["result"]["module_version"] == powershell_module.module_version()
    made = client.call("vm_present", _wish("web-1")).envelope()
    assert made["ok"], made
    assert client.call("vm_power", {"uid": "uid-web-1", "state": "running"}).envelope()["result"]["changed"] is True
    seen = client.call("vm_info", {"uids": ["uid-web-1"]}).envelope()["result"]["vms"]
    assert [(vm["name"], vm["status"]) for vm in seen] == [("web-1", "Running")]
    assert client.call("vm_present", _wish("big", cloud="tiny")).envelope()["error"]["id"] == "CapiScvmm.NoPlacement"
    off = {"uid": "uid-web-1", "state": "off", "method": "turn_off"}
    assert client.call("vm_power", off).envelope()["result"]["changed"] is True
    assert client.call("vm_absent", {"uid": "uid-web-1"}).envelope()["ok"] is True
    assert simulator.vms() == []


@pytest.fixture(scope="module")
def pool(simulator: Simulator, shell: Shell, host: ExecHost) -> Iterator[RunspacePool]:
    """A session that somebody opens with a program of his own."""
    version = powershell_module.module_version()
    shell.result("endpoint_module", version=version, files=sent(_files()))
    simulator.register_configuration("CapiScvmm", host.modules / "CapiScvmm" / version / "CapiScvmm.pssc")
    wsman = WSMan(
        simulator.host, port=simulator.port, ssl=False, auth="ntlm", username=ADMINISTRATOR, password=PASSWORD
    )
    with wsman, RunspacePool(wsman, configuration_name="CapiScvmm") as pool:
        yield pool


def _ran(shell: PowerShell) -> tuple[list[Any], str]:
    output = shell.invoke()
    said = " ".join(str(error) for error in shell.streams.error)
    shell.close()
    return list(output), said


def test_our_command_is_the_one_that_can_be_seen(pool: RunspacePool) -> None:
    """Besides PowerShell's own four restricted commands."""
    output, _ = _ran(PowerShell(pool).add_cmdlet("Get-Command"))
    names = {str(item.adapted_properties.get("Name") or item) for item in output}
    assert names == {"Get-Command", "Invoke-CapiScvmmOperation", "Measure-Object", "Out-Default", "Select-Object"}


@pytest.mark.parametrize(
    "script",
    [
        "1 + 1",
        "$env:Path",
        "Invoke-CapiScvmmOperation -Name connect -Request '{}'; Get-SCVirtualMachine",
        "& { Get-SCVirtualMachine }",
        "[System.IO.File]::ReadAllText('/etc/hostname')",
        "function Get-Evil { 1 }",
        "$ExecutionContext.SessionState.LanguageMode = 'FullLanguage'",
    ],
)
def test_script_text_is_refused(pool: RunspacePool, script: str) -> None:
    """There is no language in the session: not a variable, not an expression, no second command."""
    output, said = _ran(PowerShell(pool).add_script(script))
    assert output == []
    assert re.search("not supported by this runspace|not allowed|restricted|is not recognized", said), said


@pytest.mark.parametrize(
    "command",
    [
        "Get-SCVirtualMachine", "Remove-SCVirtualMachine", "Get-ChildItem", "Import-Module", "New-Object",
        "Invoke-Expression", "Get-CapiVmInfo", "ls", "cat", "/bin/ls", "/bin/sh", "pwsh", "CapiScvmm\\Get-CapiVmInfo",
        "VirtualMachineManager\\Get-SCVirtualMachine", "Microsoft.PowerShell.Core\\Import-Module",
    ],
)  # fmt: skip
def test_unlisted_commands_and_programs_are_refused(pool: RunspacePool, command: str) -> None:
    """VMM's cmdlets, PowerShell's own, functions inside our module, native programs: none can be called."""
    output, said = _ran(PowerShell(pool).add_cmdlet(command))
    assert output == []
    assert "is not recognized" in said, said


def test_arguments_stay_data(pool: RunspacePool) -> None:
    """A request that looks like code comes back as the value that was wrong."""
    request = '{"names": "$(Get-SCVirtualMachine); `whoami`"}'
    shell = PowerShell(pool).add_cmdlet("Invoke-CapiScvmmOperation")
    output, said = _ran(shell.add_parameter("Name", "vm_info").add_parameter("Request", request))
    assert said == ""
    assert "$(Get-SCVirtualMachine); `whoami`" in output[0]
