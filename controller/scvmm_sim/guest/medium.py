# SPDX-License-Identifier: Apache-2.0
"""Reads a NoCloud medium as cloud-init does: an ISO9660 volume `cidata`, names from Rock Ridge or Joliet."""

from __future__ import annotations

import io
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

import pycdlib
import yaml
from pycdlib.pycdlibexception import PyCdlibException

LABEL = "cidata"
LARGEST_FILE = 16 * 1024 * 1024

View = Literal["rr_path", "joliet_path", "iso_path"]


class MediumProblem(Exception):
    """The medium cannot be used; the message says what is wrong with it."""


@dataclass(frozen=True)
class MediumContent:
    """Files of a medium and the two that the guest understands."""

    files: tuple[str, ...]
    meta_data: dict[str, Any]
    network_config: dict[str, Any] | None


def read_medium(file: Path) -> MediumContent:
    """Read the medium in *file*; raises MediumProblem with what cloud-init would stumble over."""
    files = _files(file)
    for name in ("meta-data", "user-data"):
        if name not in files:
            raise MediumProblem(f"the medium has no file {name}; it holds: {', '.join(sorted(files)) or 'nothing'}")
    meta_data = _mapping("meta-data", files["meta-data"])
    config = files.get("network-config")
    network = None if config is None else _mapping("network-config", config)
    if network is not None and network.get("version") != 2:
        raise MediumProblem(f"network-config has version {network.get('version')!r}; the guest understands version 2")
    return MediumContent(tuple(sorted(files)), meta_data, network)


def medium_files(file: Path) -> dict[str, bytes]:
    """All files of the medium in *file* by name; raises MediumProblem when cloud-init would not take it for one."""
    return _files(file)


def _files(file: Path) -> dict[str, bytes]:
    iso = pycdlib.PyCdlib()
    try:
        iso.open(str(file))
    except (PyCdlibException, OSError, ValueError, IndexError) as error:
        raise MediumProblem(f"the medium is no ISO9660 volume: {error}") from None
    try:
        label = iso.pvd.volume_identifier.decode("ascii", "replace").strip()
        if label.casefold() != LABEL:
            raise MediumProblem(f"the volume is labelled {label!r}; cloud-init looks for {LABEL!r}")
        view: View = "rr_path" if iso.has_rock_ridge() else "joliet_path" if iso.has_joliet() else "iso_path"
        return {name: _content(iso, view, name) for name in _names(iso, view)}
    except (PyCdlibException, OSError, ValueError) as error:
        raise MediumProblem(f"the medium cannot be read: {error}") from None
    finally:
        iso.close()


def _names(iso: pycdlib.PyCdlib, view: View) -> list[str]:
    names: list[str] = []
    for child in iso.list_children(**{view: "/"}):
        if child is None or not child.is_file():
            continue
        if view == "rr_path":
            names.append(child.rock_ridge.name().decode("utf-8"))
        elif view == "joliet_path":
            names.append(child.file_identifier().decode("utf-16_be").split(";")[0])
        else:
            names.append(child.file_identifier().decode("ascii").split(";")[0])
    return names


def _content(iso: pycdlib.PyCdlib, view: View, name: str) -> bytes:
    target = io.BytesIO()
    path = f"/{name};1" if view == "iso_path" else f"/{name}"
    iso.get_file_from_iso_fp(target, **{view: path})
    content = target.getvalue()
    if len(content) > LARGEST_FILE:
        raise MediumProblem(f"the file {name} is larger than {LARGEST_FILE} bytes")
    return content


def _mapping(name: str, content: bytes) -> dict[str, Any]:
    try:
        data = yaml.safe_load(content.decode("utf-8"))
    except UnicodeDecodeError:
        raise MediumProblem(f"{name} is not UTF-8 text") from None
    except yaml.YAMLError as error:
        # The problem without YAML's excerpt: a medium holds secrets.
        mark = getattr(error, "problem_mark", None)
        where = f" in line {mark.line + 1}" if mark else ""
        raise MediumProblem(f"{name} is not YAML{where}") from None
    if not isinstance(data, dict):
        raise MediumProblem(f"{name} is no block of keys and values")
    return data
