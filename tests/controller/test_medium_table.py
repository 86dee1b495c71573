# SPDX-License-Identifier: Apache-2.0
"""The controller's table of media, the collection's, and the one in the documentation say the same."""

from __future__ import annotations

import re
import sys
from pathlib import Path

import pytest
from capi_scvmm.medium import DRIVES, Form, names_of

ROOT = Path(__file__).parents[2]
sys.path.insert(0, str(ROOT / "build"))

from ansible_collections.capi.scvmm.plugins.plugin_utils.cidata import FORMS  # noqa: E402


def test_controller_and_collection_agree() -> None:
    """Drives, file systems (the usual one first) and extensions."""
    assert {name: (drive.file_systems, drive.extension) for name, drive in DRIVES.items()} == {
        name: (form.file_systems, form.extension) for name, form in FORMS.items()
    }


@pytest.mark.parametrize("device", DRIVES)
@pytest.mark.parametrize("file_system", ["iso9660", "vfat"])
def test_the_documentation_agrees(device: str, file_system: str) -> None:
    """A row for each combination: file, generation 1, generation 2."""
    page = (ROOT / "docs" / "bootstrapping.md").read_text(encoding="utf-8")
    row = re.search(rf"^\| {device} \| {file_system} \| (.+?) \| (yes|no) \| (yes|no) \|", page, re.MULTILINE)
    assert row is not None
    taken = Form.wished(device, file_system).file_system == file_system
    fits = [taken and Form(device, file_system).misfit(generation) is None for generation in (1, 2)]
    assert [answer == "yes" for answer in row.groups()[1:]] == fits
    assert (row[1] == f"`{DRIVES[device].extension}`") == any(fits)


@pytest.mark.parametrize(
    ("device", "file_system", "made"),
    [
        ("dvd", "vfat", "iso9660"),
        ("floppy", "iso9660", "vfat"),
        ("floppy", "vfat", "vfat"),
        ("scsi", "iso9660", "iso9660"),
        ("ide", "vfat", "vfat"),
    ],
)
def test_the_drive_decides_where_it_leaves_no_choice(device: str, file_system: str, made: str) -> None:
    """Either of the two may be left to its default, and what comes of it is something that the guest reads."""
    assert Form.wished(device, file_system) == Form(device, made)


def test_names_of_media() -> None:
    """Each once."""
    assert names_of("u") == ("capi-u.iso", "capi-u.vfd", "capi-u.vhdx")
