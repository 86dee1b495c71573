# SPDX-License-Identifier: Apache-2.0
"""Quantities are read as Kubernetes reads them, and refused with a remedy."""

from __future__ import annotations

import pytest
from capi_scvmm.kinds import InvalidField, mebibytes, whole

GIBIBYTE = 1024**3


@pytest.mark.parametrize(
    ("text", "amount"),
    [
        ("4Gi", 4 * GIBIBYTE),
        ("+4Gi", 4 * GIBIBYTE),
        ("1.5Gi", 1610612736),
        (".5Gi", 536870912),
        ("5.", 5),
        ("40G", 40 * 10**9),
        ("5k", 5000),
        ("1e3", 1000),
        ("12E-1", 1),
        ("2E", 2 * 10**18),
        ("1Ei", 1024**6),
        ("0", 0),
        (2147483648, 2 * GIBIBYTE),
    ],
)
def test_whole_number_of_a_quantity(text: str | int, amount: int) -> None:
    """Units are powers of 1024 with i, powers of 1000 without; the rest of a division is dropped."""
    assert whole(text, "spec.memory") == amount


@pytest.mark.parametrize("text", ["", "4 Gi", "4gi", "-1Gi", "512m", "lots", "1e", "Gi", "4Gi\n", "1e9999"])
def test_what_is_no_quantity_is_refused_with_field_value_and_remedy(text: str) -> None:
    """The message names field, value and what to write."""
    with pytest.raises(InvalidField) as refusal:
        whole(text, "spec.disks[0].size")
    assert (refusal.value.field, refusal.value.value) == ("spec.disks[0].size", text)
    assert "spec.disks[0].size" in str(refusal.value) and "4Gi" in str(refusal.value)


def test_mebibytes_round_down() -> None:
    """VMM counts in MiB: what is beyond a whole one is not given."""
    assert mebibytes("4Gi", "spec.memory") == 4096
    assert mebibytes("1G", "spec.memory") == 953


def test_less_than_a_mebibyte_is_refused() -> None:
    """4096 without a unit is four thousand bytes, and MiB were meant."""
    with pytest.raises(InvalidField, match="less than 1 MiB"):
        mebibytes(4096, "spec.memory")
