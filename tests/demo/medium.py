# SPDX-License-Identifier: Apache-2.0
"""Reads the medium that a VM booted from."""

import io
from dataclasses import dataclass
from pathlib import Path

import pycdlib


@dataclass(frozen=True)
class MediumFile:
    """One file of a medium."""

    name: str
    content: bytes


def read_medium(path: Path) -> list[MediumFile]:
    """All files in the top folder of an ISO image, by their Joliet names."""
    iso = pycdlib.PyCdlib()
    iso.open(str(path))
    try:
        entries = [entry for entry in iso.list_children(joliet_path="/") if entry and entry.is_file()]
        names = [entry.file_identifier().decode("utf-16-be") for entry in entries]
        return [MediumFile(name, _content(iso, name)) for name in sorted(names)]
    finally:
        iso.close()


def _content(iso: pycdlib.PyCdlib, name: str) -> bytes:
    buffer = io.BytesIO()
    iso.get_file_from_iso_fp(buffer, joliet_path=f"/{name}")
    return buffer.getvalue()
