# SPDX-License-Identifier: Apache-2.0
"""Every number of Cluster API's contract is shown by a test that names it."""

from __future__ import annotations

import subprocess
import sys

from contract.report import TESTS, claims, read_checklist


def test_every_number_is_claimed_by_a_test() -> None:
    """A number that no test names is not done."""
    assert [item.number for item in read_checklist() if item.number not in claims()] == []


def test_no_test_claims_a_number_that_there_is_not() -> None:
    """A slip of a digit would show something else."""
    assert set(claims()) <= {item.number for item in read_checklist()}


def test_the_command_prints_each_number_with_its_tests() -> None:
    """`make contract` is what a user of the report sees."""
    told = subprocess.run([sys.executable, "-m", "contract"], cwd=TESTS, capture_output=True, text=True, check=True)
    assert "  45  must    After a move nothing is missing" in told.stdout
    assert "tests/contract_tests/" not in told.stdout
    assert "not shown" not in told.stdout
