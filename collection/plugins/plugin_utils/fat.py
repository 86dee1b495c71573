# SPDX-License-Identifier: GPL-3.0-or-later
"""Write a FAT12 or FAT16 volume with a few files in its root, as Microsoft's FAT specification describes it.

Pure: bytes in, bytes out. There is no date and no serial number but what follows from the content, so the same input
gives the same bytes. Nothing is ever deleted or changed in a volume that was written, so every file is one run of
clusters. Why this is not a library: docs/decisions/0016.
"""

from __future__ import annotations

import hashlib
import struct
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

SECTOR = 512
LABEL_LENGTH = 11
MEBIBYTE = 1024 * 1024

_ENTRY = 32
_CHARACTERS_OF_A_SLOT = 13
_READ_ONLY, _VOLUME_LABEL, _LONG_NAME = 0x01, 0x08, 0x0F
_LAST_SLOT = 0x40
_FIRST_CLUSTER = 2
_LEAST_FAT16 = 4085  # clusters; a volume with fewer is FAT12, whatever its boot sector says
_MOST_FAT16 = 65524
_MARGIN = 16  # clusters; drivers were seen to be off by a few at the border, so none is written near it
_DATE = (2000 - 1980) << 9 | 1 << 5 | 1  # 1 January 2000


class TooLarge(ValueError):
    """The files do not fit; `needed` and `room` are bytes, both in whole clusters."""

    def __init__(self, needed: int, room: int) -> None:
        super().__init__(f"{needed} bytes are needed and {room} are free")
        self.needed, self.room = needed, room


@dataclass(frozen=True)
class Geometry:
    """How a volume is laid out; all but `media` and `heads` are counts of sectors, `root_entries` of entries."""

    sectors: int
    sectors_per_cluster: int
    root_entries: int
    media: int
    sectors_per_track: int
    heads: int

    @property
    def root_sectors(self) -> int:
        """Sectors of the root folder."""
        return self.root_entries * _ENTRY // SECTOR

    @property
    def fat_sectors(self) -> int:
        """Sectors of one file allocation table, the fewest that hold an entry for every cluster."""
        size = 1
        while _table_bytes(self._clusters(size)) > size * SECTOR:
            size += 1
        return size

    @property
    def clusters(self) -> int:
        """Clusters for data."""
        return self._clusters(self.fat_sectors)

    @property
    def cluster_bytes(self) -> int:
        """Bytes of a cluster."""
        return self.sectors_per_cluster * SECTOR

    def _clusters(self, fat_sectors: int) -> int:
        return (self.sectors - 1 - 2 * fat_sectors - self.root_sectors) // self.sectors_per_cluster


FLOPPY = Geometry(2880, 1, 224, 0xF0, 18, 2)
"""The 3.5-inch floppy of 1.44 MB, the only one that Hyper-V takes."""


def disk_geometry(mebibytes: int) -> Geometry:
    """The layout of a disk without partitions, with clusters of 2 KiB."""
    return Geometry(mebibytes * MEBIBYTE // SECTOR, 4, 512, 0xF8, 63, 255)


def disk_volume(files: Mapping[str, bytes], label: str, least_mebibytes: int = 4) -> bytes:
    """A FAT volume for a disk, in whole MiB and as small as the files allow; raises TooLarge above some 127 MiB."""
    needed = sum(-(-len(content) // 2048) for content in files.values())
    mebibytes = max(least_mebibytes, needed * 2048 // MEBIBYTE)
    while True:
        geometry = disk_geometry(mebibytes)
        if geometry.clusters > _MOST_FAT16 - _MARGIN:
            room = disk_geometry(mebibytes - 1).clusters * 2048
            raise TooLarge(needed * 2048, room)
        if geometry.clusters >= needed and abs(geometry.clusters - _LEAST_FAT16) > _MARGIN:
            return volume(files, label, geometry)
        mebibytes += 1


def volume(files: Mapping[str, bytes], label: str, geometry: Geometry) -> bytes:
    """A FAT volume of that layout; raises TooLarge when the files do not fit."""
    per_cluster = geometry.cluster_bytes
    counts = {name: -(-len(content) // per_cluster) for name, content in sorted(files.items())}
    needed = sum(counts.values())
    if needed > geometry.clusters:
        raise TooLarge(needed * per_cluster, geometry.clusters * per_cluster)
    wide = geometry.clusters >= _LEAST_FAT16
    chain = [0xFF00 | geometry.media, 0xFFFF]
    root = [_entry(label.ljust(LABEL_LENGTH).encode("ascii"), _VOLUME_LABEL, 0, 0)]
    data = bytearray()
    for number, (name, count) in enumerate(counts.items(), start=1):
        content = files[name]
        first = _FIRST_CLUSTER + len(data) // per_cluster
        chain += [*range(first + 1, first + count), 0xFFFF] if count else []
        root += [*_slots(name, number), _entry(_short(name, number), _READ_ONLY, first if count else 0, len(content))]
        data += content.ljust(count * per_cluster, b"\0")
    table = (_wide if wide else _narrow)(chain).ljust(geometry.fat_sectors * SECTOR, b"\0")
    folder = b"".join(root).ljust(geometry.root_sectors * SECTOR, b"\0")
    serial = hashlib.sha256(folder + data).digest()[:4]
    image = _boot_sector(geometry, label, serial, wide) + table + table + folder + bytes(data)
    return image.ljust(geometry.sectors * SECTOR, b"\0")


def _table_bytes(clusters: int) -> int:
    entries = clusters + _FIRST_CLUSTER
    return entries * 2 if clusters >= _LEAST_FAT16 else -(-entries * 3 // 2)


def _wide(chain: list[int]) -> bytes:
    return struct.pack(f"<{len(chain)}H", *chain)


def _narrow(chain: list[int]) -> bytes:
    """Entries of 12 bits, two in three bytes."""
    even = chain if len(chain) % 2 == 0 else [*chain, 0]
    pairs = zip(even[::2], even[1::2], strict=True)
    return b"".join(((low & 0xFFF) | (high & 0xFFF) << 12).to_bytes(3, "little") for low, high in pairs)


def _boot_sector(geometry: Geometry, label: str, serial: bytes, wide: bool) -> bytes:
    small = geometry.sectors if geometry.sectors < 0x10000 else 0
    fields = struct.pack(
        "<3s8sHBHBHHBHHHIIBBB4s11s8s",
        b"\xeb\x3c\x90",
        b"MSWIN4.1",  # what the specification recommends: some drivers look at it
        SECTOR,
        geometry.sectors_per_cluster,
        1,
        2,
        geometry.root_entries,
        small,
        geometry.media,
        geometry.fat_sectors,
        geometry.sectors_per_track,
        geometry.heads,
        0,
        0 if small else geometry.sectors,
        0x00 if geometry.media == FLOPPY.media else 0x80,
        0,
        0x29,
        serial,
        label.ljust(LABEL_LENGTH).encode("ascii"),
        b"FAT16   " if wide else b"FAT12   ",
    )
    # It is never booted from; a firmware that tries all the same goes on with the next device.
    return (fields + b"\xcd\x18\xf4\xeb\xfd").ljust(SECTOR - 2, b"\0") + b"\x55\xaa"


def _entry(short: bytes, attributes: int, cluster: int, size: int) -> bytes:
    return struct.pack("<11sBBBHHHHHHHI", short, attributes, 0, 0, 0, _DATE, _DATE, 0, 0, _DATE, cluster, size)


def _short(name: str, number: int) -> bytes:
    """The name of 8+3 characters that every file has besides its own; the number keeps them apart."""
    stem = "".join(character for character in name.upper() if character.isalnum() and character.isascii())
    tail = f"~{number}"
    return (stem[: 8 - len(tail)] + tail).ljust(11).encode("ascii")


def _slots(name: str, number: int) -> Iterator[bytes]:
    """The entries with the long name, which stand before the file's own entry, the name's end first."""
    checksum = 0
    for byte in _short(name, number):
        checksum = ((checksum >> 1 | (checksum & 1) << 7) + byte) & 0xFF
    text = name.encode("utf-16-le")
    size = 2 * _CHARACTERS_OF_A_SLOT
    pieces = [text[start : start + size] for start in range(0, len(text), size)]
    for order in range(len(pieces), 0, -1):
        piece = pieces[order - 1]
        if len(piece) < size:
            piece = (piece + b"\0\0").ljust(size, b"\xff")
        last = _LAST_SLOT if order == len(pieces) else 0
        yield struct.pack(
            "<B10sBBB12sH4s", order | last, piece[:10], _LONG_NAME, 0, checksum, piece[10:22], 0, piece[22:]
        )
