# SPDX-License-Identifier: GPL-3.0-or-later
"""Wrap the bytes of a disk in a dynamic VHDX file, as Microsoft's open specification MS-VHDX describes it.

Pure: bytes in, bytes out. Every GUID follows from the content, so the same disk gives the same file. The log is empty,
and blocks of zeros take no room. Why this is not a library: docs/decisions/0016.
"""

from __future__ import annotations

import hashlib
import struct
import uuid

MEBIBYTE = 1024 * 1024
LEAST_MEBIBYTES = 4
"""The smallest disk that is written; Hyper-V makes none below 3 MiB."""

_KIBIBYTE = 1024
_CREATOR = "capi.scvmm"
_HEADER_SIZE, _TABLE_SIZE = 4 * _KIBIBYTE, 64 * _KIBIBYTE
_SECTOR, _PHYSICAL_SECTOR = 512, 4096
_BLOCK = MEBIBYTE
_BLOCK_IS_THERE = 6
_LOG, _BAT, _METADATA, _FIRST_BLOCK = 1, 2, 3, 4
"""Where things are, in MiB of the file; all of them are one MiB long."""

_BAT_REGION = uuid.UUID("2dc27766-f623-4200-9d64-115e9bfd4a08")
_METADATA_REGION = uuid.UUID("8b7ca206-4790-4b9a-b8fe-575f050f886e")
_FILE_PARAMETERS = uuid.UUID("caa16737-fa36-4d43-b3b6-33f0aa44e76b")
_VIRTUAL_DISK_SIZE = uuid.UUID("2fa54224-cd1b-4876-b211-5dbed83bf4b8")
_PAGE_83_DATA = uuid.UUID("beca12ab-b2e6-4523-93ef-c309e000c746")
_LOGICAL_SECTOR_SIZE = uuid.UUID("8141bf1d-a96f-4709-ba47-f233a8faab5f")
_PHYSICAL_SECTOR_SIZE = uuid.UUID("cda348c7-445d-4471-9cc9-e9885251c556")
_IS_REQUIRED, _IS_OF_THE_DISK = 4, 2


def vhdx(disk: bytes) -> bytes:
    """A VHDX file of the disk with these bytes, filled with zeros up to a whole MiB, and to LEAST_MEBIBYTES."""
    count = max(LEAST_MEBIBYTES, -(-len(disk) // _BLOCK))
    padded = disk.ljust(count * _BLOCK, b"\0")
    digest = hashlib.sha256(padded).digest()
    table, blocks = [], []
    nothing = bytes(_BLOCK)
    for start in range(0, len(padded), _BLOCK):
        block = padded[start : start + _BLOCK]
        if block == nothing:
            table.append(0)
        else:
            table.append((_FIRST_BLOCK + len(blocks)) << 20 | _BLOCK_IS_THERE)
            blocks.append(block)
    # No sector bitmaps in the table: they begin after 4096 blocks, and a disk without a parent does not use them.
    parts = [
        _headers(digest),
        bytes(MEBIBYTE),
        struct.pack(f"<{count}Q", *table).ljust(MEBIBYTE, b"\0"),
        _metadata(len(padded), _guid(digest, "disk")),
        *blocks,
    ]
    return b"".join(parts)


def _guid(digest: bytes, role: str) -> bytes:
    made = hashlib.sha256(digest + role.encode()).digest()[:16]
    return uuid.UUID(bytes=made, version=4).bytes_le


def _headers(digest: bytes) -> bytes:
    identifier = b"vhdxfile" + _CREATOR.encode("utf-16-le")
    regions = _regions()
    sections = {
        0: identifier,
        64: _header(1, digest),
        128: _header(2, digest),
        192: regions,
        256: regions,
    }
    image = bytearray(MEBIBYTE)
    for offset, section in sections.items():
        image[offset * _KIBIBYTE : offset * _KIBIBYTE + len(section)] = section
    return bytes(image)


def _header(sequence: int, digest: bytes) -> bytes:
    """One of the two headers; the one with the larger sequence number is current."""
    no_log = bytes(16)
    fields = struct.pack("<Q", sequence) + _guid(digest, "file") + _guid(digest, "data") + no_log
    fields += struct.pack("<HHIQ", 0, 1, MEBIBYTE, _LOG * MEBIBYTE)
    return _summed(b"head", fields, _HEADER_SIZE)


def _regions() -> bytes:
    entries = b"".join(
        region.bytes_le + struct.pack("<QII", place * MEBIBYTE, MEBIBYTE, 1)
        for region, place in ((_BAT_REGION, _BAT), (_METADATA_REGION, _METADATA))
    )
    return _summed(b"regi", struct.pack("<II", 2, 0) + entries, _TABLE_SIZE)


def _metadata(size: int, disk_id: bytes) -> bytes:
    items = (
        (_FILE_PARAMETERS, struct.pack("<II", _BLOCK, 0), _IS_REQUIRED),
        (_VIRTUAL_DISK_SIZE, struct.pack("<Q", size), _IS_REQUIRED | _IS_OF_THE_DISK),
        (_PAGE_83_DATA, disk_id, _IS_REQUIRED | _IS_OF_THE_DISK),
        (_LOGICAL_SECTOR_SIZE, struct.pack("<I", _SECTOR), _IS_REQUIRED | _IS_OF_THE_DISK),
        (_PHYSICAL_SECTOR_SIZE, struct.pack("<I", _PHYSICAL_SECTOR), _IS_REQUIRED | _IS_OF_THE_DISK),
    )
    table, values = b"metadata" + struct.pack("<HH20x", 0, len(items)), b""
    for name, value, flags in items:
        table += name.bytes_le + struct.pack("<IIII", _TABLE_SIZE + len(values), len(value), flags, 0)
        values += value
    return (table.ljust(_TABLE_SIZE, b"\0") + values).ljust(MEBIBYTE, b"\0")


def _summed(signature: bytes, fields: bytes, size: int) -> bytes:
    """A section with its checksum, which is that of the whole section with zeros in the checksum's place."""
    without = (signature + bytes(4) + fields).ljust(size, b"\0")
    return signature + struct.pack("<I", crc32c(without)) + without[8:]


def _crc_table() -> list[int]:
    table = []
    for byte in range(256):
        value = byte
        for _bit in range(8):
            value = value >> 1 ^ (0x82F63B78 if value & 1 else 0)
        table.append(value)
    return table


_CRC_TABLE = _crc_table()


def crc32c(data: bytes) -> int:
    """The checksum CRC-32C (Castagnoli) of *data*; zlib has another polynomial."""
    value = 0xFFFFFFFF
    for byte in data:
        value = _CRC_TABLE[(value ^ byte) & 0xFF] ^ value >> 8
    return value ^ 0xFFFFFFFF
