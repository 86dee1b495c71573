# SPDX-License-Identifier: GPL-3.0-or-later
"""Build cloud-init's NoCloud medium: a small volume with the label ``cidata``, as the drive takes it that it is for.

Pure: bytes in, bytes out, nothing of Ansible. The same input gives the same bytes, whenever and wherever it is
built, so that the SHA-256 of an image says whether anything changed.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from . import fat, iso9660
from .vhdx import LEAST_MEBIBYTES, vhdx

LABEL = "cidata"
"""The label that cloud-init's NoCloud looks for (it takes ``CIDATA`` as well)."""

CONFIG_DRIVE_LABEL = "config-2"
"""The label of a config drive, as OpenStack gives it to guests and as Ignition looks for it."""

CONFIG_DRIVE_FILES = ("openstack/latest/meta_data.json", "openstack/latest/user_data")
FILES = ("meta-data", "network-config", "user-data", "vendor-data")
FILE_SYSTEMS = ("iso9660", "vfat")


@dataclass(frozen=True)
class Form:
    """What a kind of drive takes: file systems (the usual one first), and the extension of the image's file."""

    file_systems: tuple[str, ...]
    extension: str


FORMS = {
    "dvd": Form(("iso9660",), ".iso"),
    "floppy": Form(("vfat",), ".vfd"),
    "scsi": Form(FILE_SYSTEMS, ".vhdx"),
    "ide": Form(FILE_SYSTEMS, ".vhdx"),
}
"""Device → form. The controller has the same table; a test holds the two against each other."""

_LABEL_CHARACTERS = frozenset("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_-")


class CidataError(ValueError):
    """What was asked for cannot become a cloud-init medium; the text says what and why."""


def build_image(
    files: Mapping[str, bytes], label: str = LABEL, device: str = "dvd", file_system: str | None = None
) -> bytes:
    """Return the image of a medium with *files* (cloud-init's name → content) for a drive of the kind *device*.

    Without *file_system* it is the usual one of the device. Raises CidataError.
    """
    file_system = _file_system(device, file_system)
    _check(files, label, iso9660.LABEL_LENGTH if file_system == "iso9660" else fat.LABEL_LENGTH)
    try:
        if device == "floppy":
            return fat.volume(files, label, fat.FLOPPY)
        volume = iso9660.volume(files, label) if file_system == "iso9660" else _disk(files, label)
    except iso9660.LibraryMissing as error:
        raise CidataError(str(error)) from None
    except fat.TooLarge as error:
        remedy = "Put it on a DVD or a SCSI disk" if device == "floppy" else "Put less on it"
        raise CidataError(
            f"meta-data, user-data and the other files take {error.needed} bytes, and a {device} medium with vfat has "
            f"room for {error.room}. {remedy}"
        ) from None
    return volume if device == "dvd" else vhdx(volume)


def build_config_drive(
    files: Mapping[str, bytes], label: str = CONFIG_DRIVE_LABEL, device: str = "dvd", file_system: str | None = None
) -> bytes:
    """Return the image of a config drive with *files* (CONFIG_DRIVE_FILES → content), which Ignition reads.

    Raises CidataError. Only ISO9660: that is what OpenStack's are too, unless somebody asks for something else.
    """
    if device == "floppy" or file_system == "vfat":
        raise CidataError("a config drive is iso9660, on a DVD, SCSI or IDE device: take one of them")
    _check_label(label, iso9660.LABEL_LENGTH)
    try:
        volume = iso9660.volume(files, label)
    except iso9660.LibraryMissing as error:
        raise CidataError(str(error)) from None
    return volume if device == "dvd" else vhdx(volume)


def device_of(file: str) -> str | None:
    """The kind of drive that a file of that name goes into, by its extension: dvd, floppy or scsi."""
    return next((device for device, form in FORMS.items() if file.lower().endswith(form.extension)), None)


def _disk(files: Mapping[str, bytes], label: str) -> bytes:
    return fat.disk_volume(files, label, LEAST_MEBIBYTES)


def _file_system(device: str, wanted: str | None) -> str:
    form = FORMS[device]
    if wanted is None:
        return form.file_systems[0]
    if wanted not in form.file_systems:
        raise CidataError(f"a {device} medium is {form.file_systems[0]}, and not {wanted}; scsi and ide take both")
    return wanted


def _check(files: Mapping[str, bytes], label: str, length: int) -> None:
    """Refuse what cloud-init could not read back."""
    unknown = sorted(set(files) - set(FILES))
    if unknown:
        raise CidataError(f"a cloud-init medium has no file {unknown[0]!r}: it may hold {', '.join(FILES)}")
    missing = [name for name in ("meta-data", "user-data") if name not in files]
    if missing:
        raise CidataError(
            f"a cloud-init medium without {missing[0]} is not read by cloud-init: give it, empty at least"
        )
    _check_label(label, length)


def _check_label(label: str, length: int) -> None:
    if not label or len(label) > length or not set(label) <= _LABEL_CHARACTERS:
        raise CidataError(
            f"label {label!r} is no volume label: use 1 to {length} letters, digits, '-' or '_' "
            f"(cloud-init looks for {LABEL}, Ignition for {CONFIG_DRIVE_LABEL})"
        )
