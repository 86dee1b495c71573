# SPDX-License-Identifier: GPL-3.0-or-later
"""Put parts of our own beside the user-data that somebody else wrote, in one MIME message; pure, nothing of Ansible.

The given user-data is never edited: cloud-init takes the same bytes out of its part. Facts are those of cloud-init's
`user_data.py` and `handlers`: what has `mime-version:` in its first 4096 bytes is a message, the
type of a part named `text/x-not-multipart` is found by its first line, as that of user-data which stands alone.
"""

from __future__ import annotations

import base64
import gzip
import hashlib
import io
import re
import zlib
from collections.abc import Sequence
from dataclasses import dataclass

AS_IF_ALONE = "text/x-not-multipart"
"""The type of a part whose real type cloud-init finds by its first line."""

TYPES = (
    "text/cloud-boothook",
    "text/cloud-config",
    "text/cloud-config-archive",
    "text/cloud-config-jsonp",
    "text/jinja2",
    "text/part-handler",
    "text/x-include-once-url",
    "text/x-include-url",
    "text/x-shellscript",
    "text/x-shellscript-per-boot",
    "text/x-shellscript-per-instance",
    "text/x-shellscript-per-once",
)
"""What cloud-init knows to handle."""

BEFORE = "dict(no_replace,recurse_list)+list(prepend)+str()"
"""Our lists stand before those of earlier parts, whose other values win: what kubeadm needs is there before it runs."""

LONGEST_UNPACKED = 32 * 1024 * 1024
_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,63}\Z")
_MERGE = re.compile(r"[a-z_]+\([a-z_, ]*\)(\+[a-z_]+\([a-z_, ]*\))*\Z")
_GZIP = b"\x1f\x8b"
_LOOKS_AT = 4096


class PartError(ValueError):
    """A part cannot be as given; the text names it and says what to do."""


@dataclass(frozen=True)
class Part:
    """One part; *type* None: cloud-init finds it by the first line; *merge_how*: its way to merge a cloud-config."""

    name: str
    content: bytes
    type: str | None = None
    merge_how: str | None = None


def composed(given: bytes, parts: Sequence[Part]) -> bytes:
    """Return user-data of *given* followed by *parts*; *given* as it is when there are none. The same each time."""
    if not parts:
        return given
    _check(parts)
    given = _unpacked(given)
    pieces = [_first(given)] if given.strip() else []
    pieces += [_piece(part) for part in parts]
    boundary = _boundary(pieces)
    head = f'Content-Type: multipart/mixed; boundary="{boundary}"\nMIME-Version: 1.0\n\n'
    line = f"--{boundary}\n".encode()
    return head.encode() + b"".join(line + piece + b"\n" for piece in pieces) + f"--{boundary}--\n".encode()


def _check(parts: Sequence[Part]) -> None:
    seen = set()
    for part in parts:
        if not _NAME.match(part.name):
            raise PartError(f"part {part.name!r} has no usable name: give 1 to 64 letters, digits, '.', '_' or '-'")
        if part.name in seen:
            raise PartError(f"there are two parts {part.name!r}: give each one a name of its own")
        seen.add(part.name)
        if part.type is not None and part.type not in TYPES:
            raise PartError(f"part {part.name!r} has the type {part.type!r}: use one of {', '.join(TYPES)}, or none")
        if part.merge_how is not None and not _MERGE.match(part.merge_how):
            raise PartError(
                f"part {part.name!r} has the merge_how {part.merge_how!r}: write it as {BEFORE}, cloud-init's own words"
            )
        if not part.content.strip():
            raise PartError(f"part {part.name!r} is empty: give it content, or leave it out")


def _unpacked(given: bytes) -> bytes:
    """Take off gzip: cloud-init does so with user-data that stands alone, but breaks what is not ASCII in a part."""
    if not given.startswith(_GZIP):
        return given
    try:
        with gzip.GzipFile(fileobj=io.BytesIO(given)) as packed:
            found = packed.read(LONGEST_UNPACKED + 1)
    except (OSError, EOFError, zlib.error):
        raise PartError("the user-data begins like gzip and cannot be unpacked: give it whole, or unpacked") from None
    if len(found) > LONGEST_UNPACKED:
        raise PartError(f"the user-data is longer than {LONGEST_UNPACKED} bytes when it is unpacked: make it shorter")
    return found


def _first(given: bytes) -> bytes:
    """The given user-data as the first piece: a message stays one, with its own headers; anything else is wrapped."""
    if b"mime-version:" in given[:_LOOKS_AT].lower():
        return given
    return _wrapped(("Content-Type: " + AS_IF_ALONE,), given)


def _piece(part: Part) -> bytes:
    headers = [
        f"Content-Type: {part.type or AS_IF_ALONE}",
        f'Content-Disposition: attachment; filename="{part.name}"',
        f"Merge-Type: {part.merge_how or BEFORE}",
    ]
    return _wrapped(headers, part.content)


def _wrapped(headers: Sequence[str], content: bytes) -> bytes:
    # Neither cloud-init's parser nor anything on the way changes base64: bytes arrive as they are, whatever they are.
    lines = "\n".join([*headers, "Content-Transfer-Encoding: base64"])
    return f"{lines}\n\n".encode() + base64.encodebytes(content)


def _boundary(pieces: Sequence[bytes]) -> str:
    """A line that is in none of the pieces, and that depends on nothing but them."""
    whole = b"\n".join(pieces)
    digest = hashlib.sha256(whole).hexdigest()[:32]
    while f"=={digest}==".encode() in whole:
        digest = hashlib.sha256(digest.encode()).hexdigest()[:32]
    return f"=={digest}=="
