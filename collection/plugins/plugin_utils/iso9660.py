# SPDX-License-Identifier: GPL-3.0-or-later
"""Write an ISO9660 volume with Joliet and Rock Ridge that holds the files of a cloud-init medium.

Pure: bytes in, bytes out. The same input gives the same bytes, whenever and wherever it is built.
"""

from __future__ import annotations

import io
import sys
import threading
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from types import SimpleNamespace
from typing import Any

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

# ISO9660 level 1 knows upper case, digits, underscore and 8+3 characters only: cloud-init reads the long names.
_SHORT_NAMES = {
    "meta-data": "META_DAT.;1",
    "network-config": "NETWORK_.;1",
    "user-data": "USER_DAT.;1",
    "vendor-data": "VENDOR_D.;1",
    "openstack/latest/meta_data.json": "OPENSTAC/LATEST/META_DAT.JSO;1",
    "openstack/latest/user_data": "OPENSTAC/LATEST/USER_DAT.;1",
}
_JOLIET_LEVEL_3 = 3
_READ_ONLY_FILE = 0o100400
LABEL_LENGTH = 16
"""What Joliet keeps of a label: 32 bytes of UCS-2."""


class LibraryMissing(Exception):
    """The library that writes the volume cannot be imported; the text says which, and for which Python."""


def volume(files: Mapping[str, bytes], label: str) -> bytes:
    """Return an ISO9660 image that holds *files* (one of cloud-init's names → content); raises LibraryMissing."""
    if PYCDLIB_LACK:
        raise LibraryMissing(f"the Python library pycdlib is missing ({PYCDLIB_LACK}): install it for {sys.executable}")
    with _fixed_clock():
        iso = pycdlib.PyCdlib()
        iso.new(interchange_level=1, vol_ident=label, joliet=_JOLIET_LEVEL_3, rock_ridge="1.09")
        _add_folders(iso, files)
        for name, content in sorted(files.items()):
            iso.add_fp(
                io.BytesIO(content),
                len(content),
                f"/{_SHORT_NAMES[name]}",
                rr_name=name.rpartition("/")[2],
                joliet_path=f"/{name}",
                file_mode=_READ_ONLY_FILE,
            )
        image = io.BytesIO()
        iso.write_fp(image)
        iso.close()
    return image.getvalue()


def _add_folders(iso: Any, files: Mapping[str, bytes]) -> None:
    """Make the folders that *files* lie in, each after the one that it lies in."""
    pairs = {
        ("/".join(names[:depth]), "/".join(_SHORT_NAMES[name].split("/")[:depth]))
        for name in files
        for names in [name.split("/")]
        for depth in range(1, len(names))
    }
    for folder, short in sorted(pairs):
        iso.add_directory(f"/{short}", rr_name=folder.rpartition("/")[2], joliet_path=f"/{folder}")


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
