# SPDX-License-Identifier: Apache-2.0
"""Media in every form, read back by programs that have nothing to do with what wrote them."""

from __future__ import annotations

from pathlib import Path

import pytest
import tools


class FatReader:
    """Reads a FAT volume with mtools, and lets fsck.fat look for errors."""

    def __init__(self) -> None:
        found, checker = tools.find("mcopy"), tools.find("fsck.fat")
        if found is None or checker is None:
            pytest.skip("no mtools or fsck.fat here: install mtools and dosfstools, or run `make tools`")
        self._mcopy, self._fsck = found, checker

    def files(self, image: Path, names: tuple[str, ...], into: Path) -> dict[str, bytes]:
        """The files of these long names, and a failure when the volume holds others."""
        into.mkdir()
        ended = self._mcopy.run("-n", "-i", image, "::*", into)
        assert ended.returncode == 0, ended.stderr.decode()
        found = {path.name: path.read_bytes() for path in into.iterdir()}
        assert sorted(found) == sorted(names)
        return found

    def check(self, image: Path) -> str:
        """What fsck.fat says of a volume that it finds no error in."""
        ended = self._fsck.run("-v", "-n", image)
        assert ended.returncode == 0, ended.stdout.decode()
        return ended.stdout.decode()


def unwrapped(vhdx: Path, raw: Path) -> bytes:
    """The disk in a VHDX file, as qemu-img sees it, which also checks the file."""
    tool = tools.find("qemu-img")
    if tool is None:
        pytest.skip("no qemu-img here: install qemu-utils, or run `make tools`")
    checked = tool.run("check", "-f", "vhdx", vhdx)
    assert checked.returncode == 0 and b"No errors" in checked.stdout, checked.stdout + checked.stderr
    converted = tool.run("convert", "-f", "vhdx", "-O", "raw", vhdx, raw)
    assert converted.returncode == 0, converted.stderr.decode()
    return raw.read_bytes()
