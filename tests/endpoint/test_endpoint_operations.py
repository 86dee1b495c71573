# SPDX-License-Identifier: Apache-2.0
"""What the operations on an exec host do to it, in a real PowerShell; only what Windows alone has is stood in for."""

from __future__ import annotations

import hashlib
from typing import Any

import pytest

from .exec_host import ExecHost, Shell, powershell_module, sent

pytestmark = pytest.mark.pwsh

CONFIGURATION = b"""@{
    GUID = '6f0d3c55-27d3-4c8e-9d4f-0a4b0a5f8c21'
    RoleDefinitions = @{ 'EXAMPLE\\capi' = @{} }
}"""
FILES = {"CapiScvmm.psd1": b"@{}", "functions/a.ps1": b"function a { }", "CapiScvmm.pssc": CONFIGURATION}
FOLDER = "CapiScvmm/1.2.0/"
INSTALL: dict[str, Any] = {"version": "1.2.0", "files": sent(FILES)}


def _installed(files: dict[str, bytes] = FILES) -> dict[str, str]:
    return {FOLDER + path: hashlib.sha256(data).hexdigest() for path, data in sorted(files.items())}


def test_module_is_installed_once_and_verified_at_each_run(shell: Shell, host: ExecHost) -> None:
    """Check mode writes nothing; then all files are there; then nothing is left to do."""
    told = shell.result("endpoint_module", **INSTALL, check=True)
    assert (told["changed"], host.files()) == (True, {})
    done = shell.result("endpoint_module", **INSTALL)
    assert done["diff"] == told["diff"]
    assert host.files() == _installed()
    assert shell.result("endpoint_module", **INSTALL)["diff"] == []
    assert shell.result("endpoint_info")["module_versions"] == ["1.2.0"]


@pytest.mark.parametrize("tampering", ["changed", "added", "removed"])
def test_a_folder_that_was_tampered_with_is_replaced(shell: Shell, host: ExecHost, tampering: str) -> None:
    """What somebody changed, added or took away below the module's folder is named and put right."""
    shell.result("endpoint_module", **INSTALL)
    file = host.modules / FOLDER / ("functions/b.ps1" if tampering == "added" else "functions/a.ps1")
    if tampering == "removed":
        file.unlink()
    else:
        file.write_bytes(b"function a { 'evil' }")
    told = shell.result("endpoint_module", **INSTALL)
    assert [item["field"] for item in told["diff"]] == [file.relative_to(host.modules / FOLDER).as_posix()]
    assert host.files() == _installed()


def test_older_and_newer_versions_go(shell: Shell, host: ExecHost) -> None:
    """PowerShell loads the newest one: after a step back there must be no other."""
    shell.result("endpoint_module", **{**INSTALL, "version": "9.0.0"})
    told = shell.result("endpoint_module", **INSTALL)
    assert {"field": "version 9.0.0", "before": "installed", "after": None} in told["diff"]
    assert host.files() == _installed()


def test_what_a_killed_installation_left_is_cleared(shell: Shell, host: ExecHost) -> None:
    """Half-written folders lie beside the module, are no version of it, and go with the next installation."""
    left = host.modules / "CapiScvmm" / ".staged-0"
    left.mkdir(parents=True)
    (left / "half.ps1").write_text("half")
    assert shell.result("endpoint_info")["module_versions"] == []
    shell.result("endpoint_module", **INSTALL)
    assert host.files() == _installed()


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"path": "../evil.ps1"}, "relative path"),
        ({"path": "C:/evil.ps1"}, "relative path"),
        ({"path": "a/../../evil.ps1"}, "relative path"),
        ({"path": "/etc/evil"}, "relative path"),
        ({"sha256": "0" * 64}, "is not that of its content"),
    ],
)
def test_files_that_are_not_what_they_should_be_are_refused(
    shell: Shell, host: ExecHost, change: dict[str, str], said: str
) -> None:
    """A path that leaves the folder, or bytes that are not those of the hash: nothing is written."""
    files = [*sent({"a.ps1": b"a"}), {**sent({"b.ps1": b"b"})[0], **change}]
    error = shell.refusal("endpoint_module", version="1.2.0", files=files)
    assert (error["id"], said in error["message"]) == ("CapiScvmm.BadRequest", True)
    assert host.files() == {}


def test_quotas_are_raised_and_never_lowered(shell: Shell, host: ExecHost) -> None:
    """Only what is below the wish is set, once; numbers beyond 32 bits are read right."""
    wish = {"max_memory_per_shell_mb": 1024, "max_shells_per_user": 5, "max_concurrent_operations_per_user": 1500}
    low = [{"field": "max_memory_per_shell_mb", "before": 150, "after": 1024}]
    assert shell.result("endpoint_quota", quotas=wish, check=True) == {"changed": True, "diff": low}
    assert host.state["log"] == []
    assert shell.result("endpoint_quota", quotas=wish)["diff"] == low
    assert shell.result("endpoint_quota", quotas=wish)["diff"] == []
    assert host.state["log"] == ["set MaxMemoryPerShellMB 1024"]
    quotas = shell.result("endpoint_info")["quotas"]
    assert (quotas["max_concurrent_operations_per_user"], quotas["max_timeout_ms"]) == (4294967295, 60000)


@pytest.mark.parametrize(("quotas", "said"), [({"max_luck": 7}, "max_luck"), ({"max_timeout_ms": "long"}, "long")])
def test_a_wrong_quota_is_named(shell: Shell, quotas: dict[str, Any], said: str) -> None:
    """One clear message with what was wrong."""
    assert said in shell.refusal("endpoint_quota", quotas=quotas)["message"]


def test_registration_waits_for_one_restart(shell: Shell, host: ExecHost) -> None:
    """Registered once; a restart is pending until it was done; the same again changes nothing."""
    shell.result("endpoint_module", **INSTALL)
    wish = {"name": "CapiScvmm", "version": "1.2.0"}
    assert shell.result("endpoint_configuration", **wish, check=True)["changed"] is True
    assert host.registered == ["Microsoft.PowerShell"]
    done = shell.result("endpoint_configuration", **wish)
    assert (done["changed"], done["restart_pending"]) == (True, True)
    assert shell.result("endpoint_configuration", **wish)["changed"] is False
    assert shell.result("endpoint_restart", check=True)["changed"] is True
    assert host.state["log"] == ["register CapiScvmm"]
    assert shell.result("endpoint_restart")["changed"] is True
    assert shell.result("endpoint_restart")["changed"] is False
    assert [entry.partition(" ")[0] for entry in host.state["log"]] == ["register", "start"]
    assert shell.result("endpoint_info")["configuration"]["max_shells_per_user"] == "60"


def test_a_changed_file_or_limit_is_registered_anew(shell: Shell, host: ExecHost) -> None:
    """The registration follows the installed file and the number of shells; removing it leaves others alone."""
    shell.result("endpoint_module", **INSTALL)
    wish = {"name": "CapiScvmm", "version": "1.2.0"}
    shell.result("endpoint_configuration", **wish)
    assert shell.result("endpoint_configuration", **wish, max_shells_per_user=7)["changed"] is True
    files = {**FILES, "CapiScvmm.pssc": CONFIGURATION.replace(b"capi'", b"other'")}
    shell.result("endpoint_module", version="1.2.0", files=sent(files))
    assert shell.result("endpoint_configuration", **wish, max_shells_per_user=7)["changed"] is True
    assert "EXAMPLE\\other" in shell.result("endpoint_info")["configuration"]["permission"]
    assert shell.result("endpoint_configuration", name="CapiScvmm", state="absent")["changed"] is True
    assert shell.result("endpoint_configuration", name="CapiScvmm", state="absent")["changed"] is False
    assert host.registered == ["Microsoft.PowerShell"]


@pytest.mark.parametrize("name", ["Microsoft.PowerShell", "two words", "..\\up"])
def test_names_of_others_are_refused(shell: Shell, name: str) -> None:
    """Microsoft's own configurations are not for us to touch."""
    error = shell.refusal("endpoint_configuration", name=name, state="absent")
    assert error["id"] == "CapiScvmm.BadRequest"


def test_a_file_that_windows_refuses_leaves_a_clear_error(shell: Shell, host: ExecHost) -> None:
    """Text that is no data file comes back as an error with Windows' words."""
    shell.result("endpoint_module", version="1.2.0", files=sent({**FILES, "CapiScvmm.pssc": b"@{ Nonsense = 1 }"}))
    error = shell.refusal("endpoint_configuration", name="CapiScvmm", version="1.2.0")
    assert "Nonsense" in error["message"]
    assert host.registered == ["Microsoft.PowerShell"]


def test_who_is_no_administrator_is_told(shell: Shell, host: ExecHost) -> None:
    """Windows' refusal is an error like any other, with the host's name."""
    host.state = {**host.state, "denied": True}
    error = shell.refusal("endpoint_info")
    assert "Run as administrator" in error["message"]
    assert error["object"].startswith("exec host ")


def test_absence_is_reached_once(shell: Shell, host: ExecHost) -> None:
    """The module goes with all its versions, and being gone is no error."""
    shell.result("endpoint_module", **INSTALL)
    assert shell.result("endpoint_module", state="absent", check=True)["changed"] is True
    assert host.files() == _installed()
    assert shell.result("endpoint_module", state="absent")["changed"] is True
    assert shell.result("endpoint_module", state="absent")["changed"] is False
    assert host.files() == {}


def test_what_is_installed_is_what_the_collection_holds(shell: Shell, host: ExecHost) -> None:
    """The real module arrives byte for byte."""
    files = powershell_module.installed_files()
    shell.result("endpoint_module", version=powershell_module.module_version(), files=sent(files))
    root = powershell_module.MODULE_FOLDER
    there = {path.relative_to(root).as_posix() for path in root.rglob("*") if path.is_file()}
    assert set(files) == there
    assert set(host.files()) == {f"CapiScvmm/{powershell_module.module_version()}/{path}" for path in there}
