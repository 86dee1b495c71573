# SPDX-License-Identifier: Apache-2.0
"""Every form of a medium is read back byte for byte by isoinfo or bsdtar, mtools, fsck.fat and qemu-img."""

from __future__ import annotations

import random
from pathlib import Path

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as some

from cloud_init.built import ReadImage
from cloud_init.media import FatReader, unwrapped

from ansible_collections.capi.scvmm.plugins.plugin_utils import fat, vhdx  # isort: skip
from ansible_collections.capi.scvmm.plugins.plugin_utils.cidata import CidataError, build_image, device_of  # isort: skip

FORMS = [
    ("dvd", "iso9660"),
    ("floppy", "vfat"),
    ("scsi", "iso9660"),
    ("scsi", "vfat"),
    ("ide", "iso9660"),
    ("ide", "vfat"),
]
SMALL = {"meta-data": b"instance-id: i-1\n", "user-data": b"", "network-config": b"version: 2\n", "vendor-data": b"x"}


def any_unicode(size: int) -> bytes:
    """UTF-8 text of *size* bytes in which every kind of code point occurs, from controls to the last plane."""
    chance = random.Random(size)
    points = chance.choices([*range(0x80), 0xE4, 0x3A9, 0x4E2D, 0xFEFF, 0xFFFD, 0x1F600, 0x10FFFD], k=size)
    return "".join(map(chr, points)).encode()[:size].decode(errors="ignore").encode().ljust(size, b"\n")


MEGABYTE = {**SMALL, "user-data": any_unicode(1_000_000)}


@pytest.fixture(scope="module")
def fat_reader() -> FatReader:
    """Reader of FAT volumes."""
    return FatReader()


def raw(image: bytes, folder: Path, device: str) -> Path:
    """A file with the volume that the guest sees in *image*."""
    path = folder / "volume"
    path.write_bytes(image)
    if device in ("scsi", "ide"):
        wrapped = path.rename(folder / "disk.vhdx")
        unwrapped(wrapped, path)
    return path


@pytest.mark.parametrize("files", [SMALL, MEGABYTE], ids=["small", "1 MB"])
@pytest.mark.parametrize(("device", "file_system"), FORMS)
def test_files_come_back_as_they_are(
    device: str, file_system: str, files: dict[str, bytes], read_image: ReadImage, fat_reader: FatReader, tmp_path: Path
) -> None:
    """Long names and every byte, whatever the drive and the file system."""
    volume = raw(build_image(files, "cidata", device, file_system), tmp_path, device)
    if file_system == "iso9660":
        assert {name: read_image.file(volume, name) for name in read_image.names(volume)} == files
        assert volume.read_bytes()[32808:32840].rstrip() == b"cidata"
    else:
        assert fat_reader.files(volume, tuple(files), tmp_path / "files") == files
        fat_reader.check(volume)


@pytest.mark.parametrize(("device", "file_system"), FORMS)
def test_the_same_files_are_the_same_bytes(device: str, file_system: str) -> None:
    """In whatever order they are given; and one other byte is another image."""
    image = build_image(SMALL, "cidata", device, file_system)
    assert build_image(dict(reversed(SMALL.items())), "cidata", device, file_system) == image
    assert build_image({**SMALL, "vendor-data": b"y"}, "cidata", device, file_system) != image


def clusters(count: int, mebibytes: int) -> int:
    """Bytes of user-data that leave *count* clusters of a disk of that size free, beside three small files."""
    return (fat.disk_geometry(mebibytes).clusters - 3 - count) * 2048


@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(size=some.integers(0, 9 * fat.MEBIBYTE))
@example(size=clusters(0, 4))  # to the last cluster of the smallest disk
@example(size=clusters(0, 4) + 1)
@example(size=clusters(0, 7))  # the last size that is FAT12
@example(size=clusters(0, 7) + 1)
@example(size=clusters(0, 9))
@example(size=2047)
@example(size=2048)
@example(size=2049)
def test_files_of_any_size_come_back(
    size: int, fat_reader: FatReader, tmp_path_factory: pytest.TempPathFactory
) -> None:
    """Around the borders of clusters, of disks, of FAT12 and FAT16; fsck.fat finds nothing to say."""
    folder = tmp_path_factory.mktemp("volume")
    files = {**SMALL, "user-data": random.Random(size).randbytes(size)}
    volume = folder / "volume"
    volume.write_bytes(fat.disk_volume(files, "cidata"))
    said = fat_reader.check(volume)
    assert fat_reader.files(volume, tuple(files), folder / "files") == files
    large = volume.stat().st_size >= 9 * fat.MEBIBYTE
    assert ("16 bit entries" in said, "12 bit entries" in said) == (large, not large)


def test_no_disk_is_near_the_border_of_fat12() -> None:
    """Drivers were seen to take FAT12 for FAT16 there: the one size at the border is left out."""
    sizes = {mebibytes: fat.disk_geometry(mebibytes).clusters for mebibytes in range(4, 128)}
    assert [mebibytes for mebibytes, found in sizes.items() if abs(found - 4085) <= 16] == [8]


def test_a_floppy_holds_what_fits_and_not_a_byte_more(fat_reader: FatReader, tmp_path: Path) -> None:
    """2847 clusters of 512 bytes; what is larger is refused with size, room and remedy."""
    files = {"meta-data": b"a", "user-data": bytes(2846 * 512)}
    volume = raw(build_image(files, "cidata", "floppy"), tmp_path, "floppy")
    assert fat_reader.files(volume, tuple(files), tmp_path / "files") == files
    assert len(volume.read_bytes()) == 1_474_560
    with pytest.raises(CidataError, match="take 1458176 bytes, and a floppy medium with vfat has room for 1457664"):
        build_image({**files, "user-data": bytes(2846 * 512 + 1)}, "cidata", "floppy")


def test_more_than_a_disk_can_hold_is_refused() -> None:
    """FAT16 with small clusters ends at 127 MiB; nobody bootstraps with that much."""
    with pytest.raises(CidataError, match="scsi medium with vfat has room for"):
        build_image({"meta-data": b"", "user-data": bytes(140 * 1024 * 1024)}, "cidata", "scsi", "vfat")


@pytest.mark.parametrize(("device", "file_system"), [("dvd", "vfat"), ("floppy", "iso9660")])
def test_what_does_not_go_together_is_refused(device: str, file_system: str) -> None:
    """A DVD is ISO9660, a floppy disk FAT."""
    with pytest.raises(CidataError, match=f"a {device} medium is .*, and not {file_system}"):
        build_image(SMALL, "cidata", device, file_system)


def test_a_label_of_vfat_has_eleven_characters() -> None:
    """One more would be cut off, and cloud-init would look for another."""
    build_image(SMALL, "a" * 11, "floppy")
    with pytest.raises(CidataError, match="use 1 to 11 letters"):
        build_image(SMALL, "a" * 12, "floppy")


def test_the_extension_says_which_drive() -> None:
    """As vm_media chooses when nobody says."""
    assert [device_of(name) for name in ("a.iso", "A.VFD", "a.vhdx", "a.txt")] == ["dvd", "floppy", "scsi", None]


def test_crc32c_is_that_of_the_specification() -> None:
    """The check value that RFC 3720 gives for the nine digits."""
    assert vhdx.crc32c(b"123456789") == 0xE3069283


def test_zeros_take_no_room_in_a_vhdx(tmp_path: Path) -> None:
    """A disk of 64 MiB with one byte in its last block is a file of 5 MiB."""
    disk = bytes(64 * fat.MEBIBYTE - 1) + b"x"
    file = tmp_path / "sparse.vhdx"
    file.write_bytes(vhdx.vhdx(disk))
    assert file.stat().st_size == 5 * fat.MEBIBYTE
    assert unwrapped(file, tmp_path / "raw") == disk
