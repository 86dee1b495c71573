# SPDX-License-Identifier: Apache-2.0
"""Variables in, parts of the medium out: each folder of pairs/ is a case, read back from the image that was built."""

from __future__ import annotations

import stat
from pathlib import Path

import pytest

from cloud_init.built import PAIRS, PLAY, ReadImage, parts_of, run_play

CASES = sorted(path.name for path in PAIRS.iterdir())


@pytest.mark.parametrize("case", CASES)
def test_medium_holds_the_expected_parts_and_nothing_else(case: str, images: Path, read_image: ReadImage) -> None:
    """Each part is, byte for byte, what the case's folder says; no other part is on the medium."""
    image = images / f"{case}.iso"
    expected = parts_of(case)
    assert read_image.names(image) == set(expected)
    for name, path in expected.items():
        assert read_image.file(image, name) == path.read_bytes(), name


def test_user_data_file_goes_in_byte_for_byte(images: Path, read_image: ReadImage) -> None:
    """Line ends, braces and bytes that are no text arrive as they are."""
    assert read_image.file(images / "file.iso", "user-data") == (PAIRS / "file" / "given").read_bytes()


def test_image_is_for_its_owner_only(images: Path) -> None:
    """The medium holds secrets: nobody else may read it."""
    assert {stat.S_IMODE(path.stat().st_mode) for path in images.glob("*.iso")} == {0o600}


def test_image_is_labelled_cidata_in_both_descriptors(images: Path) -> None:
    """cloud-init finds the medium by its label, in ISO9660 as in Joliet."""
    sector = 2048
    content = (images / "plain.iso").read_bytes()
    primary, joliet = content[16 * sector : 17 * sector], content[17 * sector : 18 * sector]
    assert primary[40:72].rstrip() == b"cidata"
    assert joliet[40:72].decode("utf-16-be").rstrip() == "cidata"


def test_second_run_changes_nothing(images: Path) -> None:
    """The same variables give the same bytes: the role says ok, and the files stay as they are."""
    before = {path.name: path.read_bytes() for path in images.glob("*.iso")}
    ended = run_play(PLAY, CASES, images, "-e", f"out={images}", "-e", f"pairs={PAIRS}")
    assert ended.returncode == 0, ended.stdout
    assert "changed=1" not in ended.stdout
    assert before == {path.name: path.read_bytes() for path in images.glob("*.iso")}


def test_check_mode_writes_nothing_but_tells(images: Path, tmp_path: Path) -> None:
    """--check says that the image would change, and leaves no file."""
    ended = run_play(PLAY, ["plain"], tmp_path, "--check", "-e", f"out={tmp_path}", "-e", f"pairs={PAIRS}")
    assert ended.returncode == 0, ended.stdout
    assert "changed=1" in ended.stdout
    assert not list(tmp_path.glob("*.iso"))
