# SPDX-License-Identifier: Apache-2.0
"""Reads a VHDX file as Hyper-V does: checksums, regions, metadata, block table. It shares nothing with what writes
media."""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from pathlib import Path

KIB, MIB = 1024, 1024 * 1024
LARGEST_DISK = 512 * MIB
BLOCK_TABLE = "2DC27766-F623-4200-9D64-115E9BFD4A08"
METADATA = "8B7CA206-4790-4B9A-B8FE-575F050F886E"
FILE_PARAMETERS = "CAA16737-FA36-4D43-B3B6-33F0AA44E76B"
DISK_SIZE = "2FA54224-CD1B-4876-B211-5DBED83BF4B8"
DISK_ID = "BECA12AB-B2E6-4523-93EF-C309E000C746"
SECTOR_SIZE = "8141BF1D-A96F-4709-BA47-F233A8FAAB5F"
PHYSICAL_SECTOR_SIZE = "CDA348C7-445D-4471-9CC9-E9885251C556"
POLYNOMIAL = 0x1EDC6F41


class NoVhdxFile(Exception):
    """The file is no VHDX that Hyper-V would attach; the message says why."""


def disk_size(file: Path) -> int | None:
    """Bytes of the disk in a VHDX file; None when it is not one."""
    try:
        return _Vhdx(file.read_bytes()).size
    except (NoVhdxFile, OSError):
        return None


def disk_bytes(file: Path) -> bytes:
    """The whole disk in a VHDX file; raises NoVhdxFile."""
    return _Vhdx(file.read_bytes()).disk()


class _Vhdx:
    def __init__(self, data: bytes) -> None:
        self._data = data
        if data[:8] != b"vhdxfile" or len(data) % MIB:
            raise NoVhdxFile("it has no VHDX file identifier, or is not whole")
        self._check_headers()
        self._regions = dict(self._read_regions())
        items = dict(self._read_metadata())
        for wanted in (FILE_PARAMETERS, DISK_SIZE, DISK_ID, SECTOR_SIZE, PHYSICAL_SECTOR_SIZE):
            if wanted not in items:
                raise NoVhdxFile(f"its metadata has no item {wanted}")
        self._block = _number(items[FILE_PARAMETERS], 0, 4)
        self.size = _number(items[DISK_SIZE], 0, 8)
        sector = _number(items[SECTOR_SIZE], 0, 4)
        if sector not in (512, 4096) or self.size % sector or not 0 < self.size <= LARGEST_DISK:
            raise NoVhdxFile(f"a disk of {self.size} bytes in sectors of {sector} cannot be")
        if self._block % MIB or not MIB <= self._block <= 256 * MIB or _number(items[FILE_PARAMETERS], 4, 4) & 2:
            raise NoVhdxFile("its blocks are no whole MiB, or it has a parent")

    def disk(self) -> bytes:
        """All blocks in their order."""
        table = self._region(BLOCK_TABLE)
        ratio = 2**23 * 512 // self._block
        found = bytearray()
        for number in range(-(-self.size // self._block)):
            entry = _number(table, 8 * (number + number // ratio), 8)
            state, offset = entry & 7, (entry >> 20) * MIB
            if state in (0, 1, 2, 3):
                found += bytes(self._block)
            elif state == 6 and 0 < offset <= len(self._data) - self._block:
                found += self._data[offset : offset + self._block]
            else:
                raise NoVhdxFile(f"block {number} is in state {state} at {offset}")
        return bytes(found[: self.size])

    def _check_headers(self) -> None:
        """Two headers, of which at least one is whole; the log of the current one is empty."""
        good = [
            header
            for header in (self._data[64 * KIB : 68 * KIB], self._data[128 * KIB : 132 * KIB])
            if header[:4] == b"head" and _sum_is_right(header)
        ]
        if not good:
            raise NoVhdxFile("neither of its headers is whole")
        current = max(good, key=lambda header: _number(header, 8, 8))
        if any(current[48:64]):
            raise NoVhdxFile("its log is not empty")
        if _number(current, 66, 2) != 1:
            raise NoVhdxFile("its version is not 1")

    def _read_regions(self) -> Iterator[tuple[str, tuple[int, int]]]:
        tables = (self._data[192 * KIB : 256 * KIB], self._data[256 * KIB : 320 * KIB])
        good = [table for table in tables if table[:4] == b"regi" and _sum_is_right(table)]
        if not good:
            raise NoVhdxFile("neither of its region tables is whole")
        for number in range(_number(good[0], 8, 4)):
            entry = good[0][16 + 32 * number : 48 + 32 * number]
            offset, length = _number(entry, 16, 8), _number(entry, 24, 4)
            if offset % MIB or offset < MIB or length % MIB or offset + length > len(self._data):
                raise NoVhdxFile(f"a region lies at {offset}")
            yield _name(entry), (offset, length)

    def _region(self, name: str) -> bytes:
        if name not in self._regions:
            raise NoVhdxFile(f"it has no region {name}")
        offset, length = self._regions[name]
        return self._data[offset : offset + length]

    def _read_metadata(self) -> Iterator[tuple[str, bytes]]:
        region = self._region(METADATA)
        if region[:8] != b"metadata":
            raise NoVhdxFile("its metadata has no table")
        for number in range(_number(region, 10, 2)):
            entry = region[32 + 32 * number : 64 + 32 * number]
            offset, length = _number(entry, 16, 4), _number(entry, 20, 4)
            if offset < 64 * KIB or offset + length > len(region):
                raise NoVhdxFile(f"an item of its metadata lies at {offset}")
            yield _name(entry), region[offset : offset + length]


def _name(entry: bytes) -> str:
    return str(uuid.UUID(bytes_le=entry[:16])).upper()


def _number(data: bytes, offset: int, size: int) -> int:
    return int.from_bytes(data[offset : offset + size], "little")


def _sum_is_right(section: bytes) -> bool:
    """Whether a section has the CRC-32C that stands at its offset 4; it is taken with zeros there."""
    return _crc(section[:4] + bytes(4) + section[8:]) == _number(section, 4, 4)


def _reflected(value: int, bits: int) -> int:
    return int(f"{value:0{bits}b}"[::-1], 2)


def _shifted(byte: int) -> int:
    remainder = _reflected(byte, 8) << 24
    for _bit in range(8):
        remainder = (remainder << 1 ^ POLYNOMIAL if remainder & 0x80000000 else remainder << 1) & 0xFFFFFFFF
    return _reflected(remainder, 32)


_SHIFTED = tuple(_shifted(byte) for byte in range(256))


def _crc(data: bytes) -> int:
    value = 0xFFFFFFFF
    for byte in data:
        value = value >> 8 ^ _SHIFTED[value & 0xFF ^ byte]
    return value ^ 0xFFFFFFFF
