# SPDX-License-Identifier: Apache-2.0
"""What real cloud-init makes of user-data, without a boot: run as a program, by a Python that has cloud-init.

    python real_user_data.py FOLDER < user-data

FOLDER takes what cloud-init writes. Out comes JSON: the merged cloud-config, scripts, boothooks, warnings. Nothing of
the user-data is run: a handler that only notes them stands in for the one that runs boothooks.
"""

from __future__ import annotations

import json
import logging
import sys
from pathlib import Path
from typing import Any

import yaml
from cloudinit import stages, util
from cloudinit.handlers import Handler
from cloudinit.handlers.boot_hook import BootHookPartHandler
from cloudinit.settings import PER_ALWAYS, PER_INSTANCE
from cloudinit.sources.DataSourceNoCloud import DataSourceNoCloud

META_DATA = {"instance-id": "1b2c-vm-id", "local-hostname": "web-1.example.com", "provider-id": "scvmm://1b2c-vm-id"}


class Noted(Handler):
    """Notes boothooks."""

    prefixes = ("#cloud-boothook",)

    def __init__(self) -> None:
        super().__init__(PER_ALWAYS)
        self.found: dict[str, str] = {}

    def handle_part(self, data: Any, ctype: str, filename: str, payload: str, frequency: str) -> None:
        """Take a part the way the real one does, up to where it would run it."""
        if payload:
            text = util.strip_prefix_suffix(util.dos2unix(payload), prefix="#cloud-boothook")
            self.found[filename] = text.lstrip()


class Warnings(logging.Handler):
    """Keeps what is logged from warnings on."""

    def __init__(self) -> None:
        super().__init__(logging.WARNING)
        self.texts: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        """Keep the text."""
        self.texts.append(record.getMessage())


def main(folder: Path, user_data: bytes) -> dict[str, Any]:
    """Handle *user_data* as the init stage does."""
    warnings = Warnings()
    logging.getLogger().addHandler(warnings)
    init = stages.Init()
    init._cfg = {
        "system_info": {
            "distro": "debian",
            "paths": {"cloud_dir": str(folder / "cloud"), "run_dir": str(folder / "run")},
        }
    }
    source = DataSourceNoCloud(init.cfg, init.distro, init.paths)
    source.metadata, source.userdata_raw, source.seed = META_DATA, user_data, "/dev/sr0"
    init.datasource = init.paths.datasource = source
    instance = Path(init.paths.cloud_dir) / "instances" / META_DATA["instance-id"]
    (instance / "scripts").mkdir(parents=True)
    (Path(init.paths.cloud_dir) / "instance").symlink_to(instance)
    Path(init.paths.run_dir).mkdir()
    source.persist_instance_data()
    noted = Noted()
    handlers = [one for one in init._default_userdata_handlers() if not isinstance(one, BootHookPartHandler)]
    init._do_handlers(source.get_userdata(True), [*handlers, noted], PER_INSTANCE)
    merged = instance / "cloud-config.txt"
    return {
        "cloud_config": yaml.safe_load(merged.read_text()) if merged.exists() else None,
        "scripts": {path.name: path.read_text() for path in sorted((instance / "scripts").iterdir()) if path.is_file()},
        "boothooks": noted.found,
        "warnings": warnings.texts,
    }


if __name__ == "__main__":
    print(json.dumps(main(Path(sys.argv[1]), sys.stdin.buffer.read())))
