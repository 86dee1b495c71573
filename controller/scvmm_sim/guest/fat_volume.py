# SPDX-License-Identifier: Apache-2.0
"""Reads a FAT12 or FAT16 volume as Linux's driver does. It shares nothing with what writes media, so that it can err
in other places only."""

from __future__ import annotations

from dataclasses import dataclass

ENTRY = 32
DELETED, LABEL, FOLDER, LONG_NAME = 0xE5, 0x08, 0x10, 0x0F


class NoFatVolume(Exception):
    """The bytes are no FAT volume that could be mounted; the message says why."""


@dataclass(frozen=True)
class FatVolume:
    """Label, and the files of the root folder by their long names."""

    label: str
    files: dict[str, bytes]


def read_volume(image: bytes) -> FatVolume:
    """Read a whole volume; raises NoFatVolume."""
    if len(image) < 512 or image[510:512] != b"\x55\xaa":
        raise NoFatVolume("it has no boot sector")
    sector = _number(image, 11, 2)
    cluster_sectors, reserved, tables = image[13], _number(image, 14, 2), image[16]
    entries, table_sectors = _number(image, 17, 2), _number(image, 22, 2)
    total = _number(image, 19, 2) or _number(image, 32, 4)
    if sector not in (512, 1024, 2048, 4096) or not (cluster_sectors and reserved and tables and table_sectors):
        raise NoFatVolume("its boot sector makes no sense")
    if total * sector > len(image):
        raise NoFatVolume(f"it has {len(image)} bytes and says that it has {total * sector}")
    root_at = (reserved + tables * table_sectors) * sector
    data_at = root_at + -(-entries * ENTRY // sector) * sector
    clusters = (total * sector - data_at) // (cluster_sectors * sector)
    table = image[reserved * sector : (reserved + table_sectors) * sector]
    chains = _Chains(table, clusters, image[data_at:], cluster_sectors * sector)
    return _read_root(image[root_at : root_at + entries * ENTRY], chains)


@dataclass(frozen=True)
class _Chains:
    """Follows the chains of a file allocation table; the count of clusters decides how wide its entries are."""

    table: bytes
    clusters: int
    data: bytes
    size: int

    def content(self, first: int, length: int) -> bytes:
        """The bytes of the file that begins in cluster *first*."""
        found, cluster, seen = bytearray(), first, 0
        while len(found) < length:
            seen += 1
            if not 2 <= cluster < self.clusters + 2 or seen > self.clusters:
                raise NoFatVolume(f"a chain leads to cluster {cluster}")
            start = (cluster - 2) * self.size
            found += self.data[start : start + self.size]
            cluster = self._next(cluster)
        return bytes(found[:length])

    def _next(self, cluster: int) -> int:
        if self.clusters >= 4085:
            return _number(self.table, cluster * 2, 2)
        pair = _number(self.table, cluster + cluster // 2, 2)
        return pair >> 4 if cluster % 2 else pair & 0xFFF


def _read_root(root: bytes, chains: _Chains) -> FatVolume:
    label, files = "", {}
    pieces: dict[int, bytes] = {}
    for start in range(0, len(root), ENTRY):
        entry = root[start : start + ENTRY]
        attributes = entry[11]
        if entry[0] == 0:
            break
        if entry[0] == DELETED:
            pieces = {}
        elif attributes & 0x3F == LONG_NAME:
            pieces[entry[0] & 0x3F] = entry[1:11] + entry[14:26] + entry[28:32] + entry[13:14]
        elif attributes & LABEL:
            label, pieces = entry[:11].decode("ascii", "replace").rstrip(), {}
        else:
            if not attributes & FOLDER:
                name = _long_name(pieces, entry[:11]) or _short_name(entry)
                files[name] = chains.content(_number(entry, 26, 2), _number(entry, 28, 4))
            pieces = {}
    return FatVolume(label, files)


def _long_name(pieces: dict[int, bytes], short: bytes) -> str | None:
    """The long name, when its pieces are all there and belong to this file."""
    if not pieces or sorted(pieces) != list(range(1, len(pieces) + 1)):
        return None
    total = 0
    for byte in short:
        total = ((total & 1) * 128 + (total >> 1) + byte) % 256
    if any(piece[-1] != total for piece in pieces.values()):
        return None
    text = b"".join(pieces[number][:-1] for number in sorted(pieces)).decode("utf-16-le")
    return text.split("\0", 1)[0]


def _short_name(entry: bytes) -> str:
    """The name of 8+3 characters, in lower case as Linux shows it."""
    stem, extension = entry[:8].decode("ascii", "replace").rstrip(), entry[8:11].decode("ascii", "replace").rstrip()
    return (f"{stem}.{extension}" if extension else stem).lower()


def _number(data: bytes, offset: int, size: int) -> int:
    return int.from_bytes(data[offset : offset + size], "little")
