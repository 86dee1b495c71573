# SPDX-License-Identifier: Apache-2.0
"""Where the collection capi.scvmm lies: named by the environment, installed with the wheel, or in this repository."""

from __future__ import annotations

import os
import sysconfig
from pathlib import Path

from capi_scvmm.errors import ControllerError

INSIDE = Path("ansible_collections/capi/scvmm")
VARIABLE = "CAPI_SCVMM_COLLECTIONS"


def collections_path() -> Path:
    """Find the folder above `ansible_collections`; raise ControllerError when there is none."""
    named = os.environ.get(VARIABLE)
    repository = Path(__file__).resolve().parents[3]
    tried = [Path(named)] if named else [Path(sysconfig.get_paths()["purelib"]), repository / "build"]
    for place in tried:
        if (place / INSIDE / "galaxy.yml").is_file() or (place / INSIDE / "MANIFEST.json").is_file():
            return place
    raise ControllerError(
        f"The Ansible collection capi.scvmm is not below {' or '.join(str(place) for place in tried)}. "
        f"Install the wheel of capi-scvmm, or set {VARIABLE} to the folder that holds ansible_collections/capi/scvmm."
    )
