# SPDX-License-Identifier: Apache-2.0
"""One table says what an error means: class and remedy."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest

from . import surroundings  # noqa: F401  # puts the collection on the path

from ansible_collections.capi.scvmm.plugins.plugin_utils import error_page, error_table, errors  # isort: skip
from ansible_collections.capi.scvmm.plugins.plugin_utils.session import failures  # isort: skip


@pytest.mark.parametrize(
    ("numbers", "kind"),
    [
        ((2602, 2606, 1602, 20506, 2916, 2931, 2927, 2915, 2912, 2604, 2605, 23007, 25310, 801, 802, 640), "retry"),
        ((1730, 12700, 13926, 23234), "retry"),
        ((2911, 20413), "infrastructure"),
        ((406, 421, 1604, 12710, 2409, 2906, 2910, 2917, 12416, 10632, 12711), "final"),
    ],
)
def test_numbers_of_vmm_have_a_class_and_a_remedy(numbers: tuple[int, ...], kind: str) -> None:
    """Locks, lost agents and a busy database pass; resources must be added; rights and wrong parameters stay."""
    for number in numbers:
        explained = errors.explain({"number": number, "message": "m"})
        assert explained["class"] == kind, number
        assert explained["remedy"], number
        assert error_table.NUMBERS[number].who, number


@pytest.mark.parametrize(
    ("number", "attempts"), [(802, 1), (801, 1), (2912, 3), (12700, 3), (640, 3), (2606, None), (2911, None)]
)
def test_what_may_pass_and_may_not_says_after_how_many_attempts_it_is_reported(number: int, attempts: int) -> None:
    """An object in use is worth one more attempt, a host's failure a few; a lock is waited for as long as it lasts."""
    assert errors.explain({"number": number, "message": "m"})["attempts"] == attempts


@pytest.mark.parametrize(
    ("message", "kind"),
    [
        ("A Hyper-V job failed: Access is denied (0x80070005).", "final"),
        ("A Hyper-V job failed: The semaphore timeout period has expired (0x80070079).", "retry"),
        ("There is not enough space on the disk (0x80070070).", "infrastructure"),
        ("Failed (0x80004005): not enough memory (0x8007000E).", "infrastructure"),
        ("No code at all.", "retry"),
    ],
)
def test_a_host_operation_is_judged_by_its_nested_error(message: str, kind: str) -> None:
    """12700 wraps whatever the host said: denied access stays, anything else may pass."""
    assert errors.explain({"number": 12700, "message": message})["class"] == kind


@pytest.mark.parametrize(
    ("identity", "kind"),
    [
        ("CapiScvmm.BadRequest", "final"),
        ("CapiScvmm.UnknownOperation", "final"),
        ("CapiScvmm.NotFound", "final"),
        ("CapiScvmm.Ambiguous", "final"),
        ("CapiScvmm.NotOurs", "final"),
        ("CapiScvmm.NoPlacement", "infrastructure"),
        ("CapiScvmm.Busy", "retry"),
        ("CapiScvmm.LoginRefused", "infrastructure"),
        ("CapiScvmm.Unreachable", "unreachable"),
        ("CapiScvmm.TimedOut", "unreachable"),
        ("Modules_ModuleNotFound,Microsoft.PowerShell.Commands.ImportModuleCommand", "infrastructure"),
    ],
)
def test_our_own_ids_have_a_class(identity: str, kind: str) -> None:
    """An error without VMM's number is known by its id."""
    assert errors.explain({"number": None, "id": identity, "message": "m"})["class"] == kind


def test_every_failure_of_a_session_is_in_the_table() -> None:
    """No failure that a session can raise falls through to the meaning of unknown errors."""
    kinds = [failures.SessionFailure, *failures.SessionFailure.__subclasses__()]
    unknown = errors.meaning(None, "no such id")
    assert [kind for kind in kinds if errors.meaning(None, kind.id) == unknown] == []


def test_an_unknown_number_keeps_the_words_of_vmm() -> None:
    """What the table does not know is reported as VMM said it, and tried again slowly."""
    error = {"number": 99999, "message": "The flux is out of tune.", "recommended_action": "Tune the flux."}
    explained = errors.explain(error)
    assert explained["class"] == "infrastructure"
    assert explained["number"] == 99999
    assert explained["who"] is None
    assert "The flux is out of tune (VMM error 99999). Tune the flux." in errors.sentence(explained)


def test_a_number_counts_more_than_an_id() -> None:
    """PowerShell's id of a VMM error holds the number as well; the number decides."""
    assert errors.explain({"number": 2606, "id": "2606,Microsoft.X", "message": "m"})["class"] == "retry"


def test_an_error_always_has_all_fields() -> None:
    """Whoever reads an error finds every field, null where there is nothing."""
    fields = {
        "number", "id", "category", "message", "recommended_action", "operation", "object", "class", "remedy", "who",
        "attempts",
    }  # fmt: skip
    assert fields <= errors.explain({}).keys()


def test_a_sentence_names_operation_object_obstacle_and_remedy() -> None:
    """People get one line that says what was wanted of what, what hinders it, and what helps."""
    explained = errors.explain(
        {"number": 2606, "message": "web-1 is locked.", "operation": "vm_power", "object": "VM web-1"}
    )
    assert errors.sentence(explained) == (
        "vm_power of VM web-1: web-1 is locked (VMM error 2606). Another job holds the object: wait for it."
    )


def _job(error: dict[str, Any] | None) -> dict[str, Any]:
    return {"id": "j", "status": "Failed", "is_completed": True, "error": error}


def test_errors_of_jobs_are_explained_wherever_they_are() -> None:
    """A failed job carries class and remedy, in a list, in a VM, or on its own; nothing else is touched."""
    result = {
        "job": _job({"number": 2911, "message": "m"}),
        "jobs": [_job({"number": 421, "message": "m"}), _job(None)],
        "vms": [{"name": "a", "job": _job({"number": None, "message": "m"})}],
        "error": {"number": 1},
    }
    told = errors.explain_jobs(result)
    assert told["job"]["error"]["class"] == "infrastructure"
    assert [job["error"] and job["error"]["class"] for job in told["jobs"]] == ["final", None]
    assert told["vms"][0]["job"]["error"]["class"] == "infrastructure"
    assert told["error"] == {"number": 1}


ROOT = Path(__file__).parents[2]


def test_the_page_of_errors_is_current() -> None:
    """It is made of the table; after a change run the command that its first lines name."""
    assert (ROOT / "docs" / "errors.md").read_text() == error_page.document()


def test_the_page_shows_every_error_of_the_table() -> None:
    """Administrators find each number and id, with who can mend it."""
    page = error_page.document()
    for name, meaning in [*error_table.NUMBERS.items(), *error_table.IDS.items(), *error_table.HRESULTS.items()]:
        (row,) = re.findall(rf"^\| {name} \|.*$", page, re.MULTILINE)
        assert meaning.remedy in row
        assert meaning.who and meaning.who in row


# The remote half, and the simulator's answers that mirror it, may know that there is nothing (docs/operations.md).
KNOWS_NOTHING_THERE = {"801", "2409", "2906", "2910", "2917"}
NOT_OFF = {"power.ps1": {"640"}, "power.py": {"640"}}
DECIDING = ("collection", "controller/capi_scvmm", "controller/scvmm_sim/operations", "playbooks", "roles")


def test_nothing_else_decides_by_number() -> None:
    """Outside of the table no code names a number of VMM, but for what says that there is nothing."""
    known = "|".join(str(number) for number in error_table.NUMBERS)
    found = []
    for path in [path for folder in DECIDING for path in sorted((ROOT / folder).rglob("*"))]:
        if path.suffix not in (".py", ".ps1", ".yml") or path.name.startswith("error_") or "modules" in path.parts:
            continue
        code = re.sub(r"^\s*#.*$|<#.*?#>|\"\"\".*?\"\"\"", "", path.read_text(), flags=re.MULTILINE | re.DOTALL)
        remote = path.suffix == ".ps1" or "operations" in path.parts
        allowed = (KNOWS_NOTHING_THERE if remote else set()) | NOT_OFF.get(path.name, set())
        found += [
            f"{path}: {number}" for number in re.findall(rf"(?<![\w.])({known})(?!\w)", code) if number not in allowed
        ]
    assert found == []
