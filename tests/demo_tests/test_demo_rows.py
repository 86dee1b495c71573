# SPDX-License-Identifier: Apache-2.0
"""What the table of the demonstration says about a machine."""

from typing import Any

from demo.rows import row
from demo.world import ready_line


def machine(**status: Any) -> dict[str, Any]:
    """A ScvmmMachine with this status."""
    return {"metadata": {"name": "web"}, "status": status}


def ready(status: str, reason: str, message: str = "") -> dict[str, Any]:
    """A Ready condition."""
    return {"type": "Ready", "status": status, "reason": reason, "message": message}


def test_machine_without_status_was_only_seen() -> None:
    """Before the controller says anything the table says that."""
    assert row({"metadata": {"name": "web"}}).line == "web                              Seen"


def test_stage_is_the_reason_why_it_is_not_ready() -> None:
    """The table speaks the words of the Ready condition."""
    seen = row(machine(conditions=[ready("False", "WaitingForBootstrapData", "no secret")]))
    assert (seen.stage, seen.message, seen.provisioned) == ("WaitingForBootstrapData", "no secret", False)


def test_provisioned_machine_shows_vm_and_address() -> None:
    """Provisioned is what status.initialization and Ready say together."""
    addresses = [{"type": "Hostname", "address": "web.example.com"}, {"type": "InternalIP", "address": "10.20.0.10"}]
    status = {
        "id": "01234567-89ab",
        "vmStatus": "Running",
        "addresses": addresses,
        "initialization": {"provisioned": True},
    }
    seen = row(machine(conditions=[ready("True", "Ready")], **status))
    assert (seen.stage, seen.vm, seen.address) == ("Provisioned", "01234567 Running", "10.20.0.10")
    assert seen.provisioned


def test_machine_that_was_provisioned_and_goes_is_not_shown_as_provisioned() -> None:
    """status.initialization never goes back; Ready does."""
    seen = row(machine(conditions=[ready("False", "ShuttingDown")], initialization={"provisioned": True}))
    assert (seen.stage, seen.provisioned) == ("ShuttingDown", False)


def test_ready_line_is_found_among_others() -> None:
    """The simulator may write other lines, and a line may be half written."""
    assert ready_line(["a log line", '{"other": 1}', '{"ready": true, "port": 5']) == {}
    assert ready_line(['{"level": "info"}', '{"ready": true, "port": 5985}'])["port"] == 5985
