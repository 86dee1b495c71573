# SPDX-License-Identifier: GPL-3.0-or-later
"""Build cloud-init's NoCloud medium: a small ISO9660 image with the volume label ``cidata``.

Pure: bytes in, bytes out, nothing of Ansible. The same input gives the same bytes, whenever and wherever it is
built, so that the SHA-256 of an image says whether anything changed.
"""

from __future__ import annotations

import io
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from types import SimpleNamespace

try:
    import pycdlib
    import pycdlib.dates
    import pycdlib.headervd
    import pycdlib.pycdlib
    import pycdlib.utils
except ImportError as error:
    PYCDLIB_LACK: ImportError | None = error
else:
    PYCDLIB_LACK = None

LABEL = "cidata"
"""The label that cloud-init's NoCloud looks for (it takes ``CIDATA`` as well)."""

# ISO9660 level 1 knows upper case, digits, underscore and 8+3 characters only: cloud-init reads the long names.
_SHORT_NAMES = {
    "meta-data": "META_DAT.;1",
    "network-config": "NETWORK_.;1",
    "user-data": "USER_DAT.;1",
    "vendor-data": "VENDOR_D.;1",
}
_JOLIET_LEVEL_3 = 3
_READ_ONLY_FILE = 0o100400
_LABEL_CHARACTERS = frozenset("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_-")
_LABEL_LENGTH = 16  # what Joliet keeps: 32 bytes of UCS-2


class CidataError(ValueError):
    """What was asked for cannot become a cloud-init medium; the text says what and why."""


def build_image(files: dict[str, bytes], label: str = LABEL) -> bytes:
    """Return an ISO9660 image with Joliet and Rock Ridge that holds *files* (cloud-init's name → content)."""
    _check(files, label)
    if PYCDLIB_LACK:
        raise CidataError(f"the Python library pycdlib is missing ({PYCDLIB_LACK}): install it for {sys.executable}")
    with _fixed_clock():
        iso = pycdlib.PyCdlib()
        iso.new(interchange_level=1, vol_ident=label, joliet=_JOLIET_LEVEL_3, rock_ridge="1.09")
        for name, content in sorted(files.items()):
            iso.add_fp(
                io.BytesIO(content),
                len(content),
                f"/{_SHORT_NAMES[name]}",
                rr_name=name,
                joliet_path=f"/{name}",
                file_mode=_READ_ONLY_FILE,
            )
        image = io.BytesIO()
        iso.write_fp(image)
        iso.close()
    return image.getvalue()


def _check(files: dict[str, bytes], label: str) -> None:
    """Refuse what cloud-init could not read back."""
    unknown = sorted(set(files) - set(_SHORT_NAMES))
    if unknown:
        raise CidataError(f"a cloud-init medium has no file {unknown[0]!r}: it may hold {', '.join(_SHORT_NAMES)}")
    missing = [name for name in ("meta-data", "user-data") if name not in files]
    if missing:
        raise CidataError(
            f"a cloud-init medium without {missing[0]} is not read by cloud-init: give it, empty at least"
        )
    if not label or len(label) > _LABEL_LENGTH or not set(label) <= _LABEL_CHARACTERS:
        raise CidataError(
            f"label {label!r} is no volume label: use 1 to {_LABEL_LENGTH} letters, digits, '-' or '_' "
            f"(cloud-init looks for {LABEL})"
        )


_clock_lock = threading.Lock()


@contextmanager
def _fixed_clock() -> Iterator[None]:
    """Let pycdlib see 1 January 2000, 00:00 UTC: it takes no dates as arguments and asks the clock and zone instead."""
    instant = 946684800.0
    clock = SimpleNamespace(
        time=lambda: instant,
        localtime=time.gmtime,
        gmtime=time.gmtime,
        strftime=time.strftime,
    )
    modules = (pycdlib.dates, pycdlib.headervd, pycdlib.pycdlib, pycdlib.utils)
    with _clock_lock:
        for module in modules:
            module.time = clock
        try:
            yield
        finally:
            for module in modules:
                module.time = time
