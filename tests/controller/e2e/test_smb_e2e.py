# SPDX-License-Identifier: Apache-2.0
"""Media by SMB, end to end: a real Samba server serves the folder that the simulated library is made of."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from smb.samba import SHARE, USER, Samba, lacking, samba

from .world import World

FOLDER = f"\\\\localhost\\{SHARE}\\ISOs\\cloud-init"


@pytest.fixture
def server(tmp_path: Path) -> Iterator[Samba]:
    """A file server whose share is the library."""
    if lacking():
        pytest.skip(lacking())
    folder = tmp_path / "library"
    folder.mkdir()
    with samba(folder) as running:
        yield running


@pytest.fixture
def here(server: Samba, make_world: Callable[..., World]) -> World:
    """A world whose library is on the file server, and whose provider uploads there."""
    made = make_world(libraries=[{"server": "localhost", "share": SHARE, "path": str(server.folder)}])
    cloud_init = {"libraryShare": FOLDER, "upload": "smb", "smb": {"port": server.port, "encryption": "always"}}
    made.provider(cloudInit=cloud_init)
    made.bootstrap()
    return made


def test_a_guest_reads_what_the_controller_wrote_to_the_share(here: World, server: Samba) -> None:
    """With the provider's own credentials; the library is read again, the VM gets its copy, the file goes."""
    server.set_password(USER, here.sim.password)
    here.start()
    here.machine()
    here.until_true("node")
    (vm,) = here.vms()
    assert sorted(vm["guest"]["files"]) == ["meta-data", "network-config", "user-data"]
    assert [path.name for path in server.folder.rglob("*") if path.is_file()] == []
    imports = [job for job in here.sim.jobs() if job["CmdletName"] == "Import-SCLibraryPhysicalResource"]
    assert imports == []
    logs = "".join(controller.log.read_text() for controller in here.controllers)
    assert here.sim.password not in logs
    assert here.token not in logs


def test_a_password_that_the_file_server_refuses_is_tried_once(here: World, server: Samba) -> None:
    """The VMM server takes it; the condition names the file server, the account and who can mend it."""
    here.start()
    here.machine()
    told = here.until_reason("node", "BootstrapMediumAttached", "AttachFailed")
    assert "The file server localhost does not let EXAMPLE\\capi in: STATUS_LOGON_FAILURE" in told["message"]
    assert "Who can mend it: administrator of the account." in told["message"]
    here.until("another attempt", lambda: "Attempt 2" in here.condition("node", "BootstrapMediumAttached")["message"])
    assert server.log().count("NT_STATUS_WRONG_PASSWORD") == 1
    assert [vm["Status"] for vm in here.vms()] == ["PowerOff"]
