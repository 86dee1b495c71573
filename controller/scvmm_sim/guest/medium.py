# SPDX-License-Identifier: Apache-2.0
"""Reads a medium as its guest does: a volume that is ISO9660, names from Rock Ridge or Joliet, or FAT.

`cidata` is NoCloud's, for cloud-init; `config-2` a config drive, for Ignition and Afterburn. The volume is an ISO
image, the image of a floppy disk, or lies without partitions on the disk in a VHDX file.
"""

from __future__ import annotations

import hashlib
import io
import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

import pycdlib
import yaml
from pycdlib.pycdlibexception import PyCdlibException

from scvmm_sim.guest.fat_volume import NoFatVolume, read_volume
from scvmm_sim.guest.vhdx_file import NoVhdxFile, disk_bytes

LABEL = "cidata"
CONFIG_DRIVE_LABEL = "config-2"
CONFIG_DRIVE_FILES = ("openstack/latest/meta_data.json", "openstack/latest/user_data")
LARGEST_FILE = 16 * 1024 * 1024
_MAGIC_AT = 16 * 2048 + 1

View = Literal["rr_path", "joliet_path", "iso_path"]


class MediumProblem(Exception):
    """The medium cannot be used; the message says what is wrong with it."""


@dataclass(frozen=True)
class MediumContent:
    """Files of a medium and the two that the guest understands."""

    files: tuple[str, ...]
    digests: dict[str, str]
    """SHA-256 of each file, in hexadecimal."""
    meta_data: dict[str, Any]
    network_config: dict[str, Any] | None


def read_medium(file: Path) -> MediumContent:
    """Read the medium in *file*; raises MediumProblem with what cloud-init would stumble over."""
    files = _files(file, (LABEL, CONFIG_DRIVE_LABEL))
    digests = {name: hashlib.sha256(content).hexdigest() for name, content in sorted(files.items())}
    if CONFIG_DRIVE_FILES[1] in files:
        return MediumContent(tuple(digests), digests, _told_by_config_drive(files), None)
    for name in ("meta-data", "user-data"):
        if name not in files:
            raise MediumProblem(f"the medium has no file {name}; it holds: {', '.join(sorted(files)) or 'nothing'}")
    meta_data = _mapping("meta-data", files["meta-data"])
    config = files.get("network-config")
    network = None if config is None else _mapping("network-config", config)
    if network is not None and network.get("version") != 2:
        raise MediumProblem(f"network-config has version {network.get('version')!r}; the guest understands version 2")
    return MediumContent(tuple(digests), digests, meta_data, network)


def medium_files(file: Path) -> dict[str, bytes]:
    """All files of the medium in *file* by name; raises MediumProblem when cloud-init would not take it for one."""
    return _files(file, (LABEL,))


def _told_by_config_drive(files: dict[str, bytes]) -> dict[str, Any]:
    """What Afterburn takes from a config drive, by cloud-init's names; Ignition must be able to read its part."""
    meta, config = (_json(name, files[name]) for name in CONFIG_DRIVE_FILES)
    if not isinstance((config.get("ignition") or {}).get("version"), str):
        raise MediumProblem("user_data is no Ignition config: it has no ignition.version")
    return {"instance-id": meta.get("uuid"), "local-hostname": meta.get("hostname")}


def _json(name: str, content: bytes) -> dict[str, Any]:
    try:
        data = json.loads(content)
    except ValueError:
        raise MediumProblem(f"{name} is not JSON") from None
    if not isinstance(data, dict):
        raise MediumProblem(f"{name} is no JSON object")
    return data


def _files(file: Path, labels: tuple[str, ...]) -> dict[str, bytes]:
    try:
        image = disk_bytes(file) if file.suffix.lower() == ".vhdx" else file.read_bytes()
    except (NoVhdxFile, OSError) as error:
        raise MediumProblem(f"the disk cannot be read: {error}") from None
    floppy = file.suffix.lower() == ".vfd"
    iso = not floppy and image[_MAGIC_AT : _MAGIC_AT + 5] == b"CD001"
    return _iso_files(image, labels) if iso else _fat_files(image, labels)


def _check_label(label: str, labels: tuple[str, ...]) -> None:
    if label.casefold() not in labels:
        raise MediumProblem(f"the volume is labelled {label!r}; the guest looks for {' or '.join(map(repr, labels))}")


def _fat_files(image: bytes, labels: tuple[str, ...]) -> dict[str, bytes]:
    try:
        volume = read_volume(image)
    except NoFatVolume as problem:
        raise MediumProblem(f"the medium is no ISO9660 volume and no FAT volume: {problem}") from None
    _check_label(volume.label, labels)
    return volume.files


def _iso_files(image: bytes, labels: tuple[str, ...]) -> dict[str, bytes]:
    iso = pycdlib.PyCdlib()
    try:
        iso.open_fp(io.BytesIO(image))
    except (PyCdlibException, OSError, ValueError, IndexError) as error:
        raise MediumProblem(f"the medium is no ISO9660 volume: {error}") from None
    try:
        label = iso.pvd.volume_identifier.decode("ascii", "replace").strip()
        _check_label(label, labels)
        view: View = "rr_path" if iso.has_rock_ridge() else "joliet_path" if iso.has_joliet() else "iso_path"
        names = CONFIG_DRIVE_FILES if label.casefold() == CONFIG_DRIVE_LABEL else _names(iso, view)
        return {name: _content(iso, view, name) for name in names}
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
