# SPDX-License-Identifier: Apache-2.0
"""Print the files of a cloud-init medium as JSON: `python tests/read_medium.py IMAGE`."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import tools
from cloud_init.built import ReadImage

if __name__ == "__main__":
    found = tools.iso_reader()
    if found is None:
        sys.exit("no reader of ISO images here: run `make tools`")
    image = Path(sys.argv[1])
    reader = ReadImage(*found)
    print(json.dumps({name: reader.file(image, name).decode() for name in sorted(reader.names(image))}))
