# SPDX-License-Identifier: Apache-2.0
"""What all runs of a controller have in common: a private folder and the settings of Ansible, the same for each."""

from __future__ import annotations

import os
import shlex
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any, cast

from ansible_runner.config.runner import RunnerConfig

from capi_scvmm import private
from capi_scvmm.runs.collection import INSIDE

# A run has at most as many workers as hosts; the number is the same for all, because Ansible is loaded with it.
FORKS = 25
COMMAND = "ansible-playbook"
CLIENT = INSIDE / "plugins/plugin_utils/preload/client.py"
# With a fact cache in files each run would have a setting of its own; nothing gathers facts.
FACT_CACHE = "memory"


class Surroundings:
    """A folder of this process; *collections* is the folder above `ansible_collections`."""

    def __init__(self, collections: Path) -> None:
        self.collections = collections
        self.folder = private.make_folder()
        self.socket = self.folder / "preload.sock"
        # An ansible.cfg of the user or of /etc must not change what a run does.
        private.write_file(self.folder / "ansible.cfg", b"[defaults]\n")
        # Memory may be mounted so that no program can be started there.
        self._programs = private.make_folder(programs=True)
        _write_command(self._programs, collections, self.socket)

    def variables(self) -> dict[str, str]:
        """Set Ansible up for a fast start and for leaving nothing behind."""
        return {
            "PATH": os.pathsep.join([str(self._programs), str(_installed()), os.environ.get("PATH", os.defpath)]),
            "ANSIBLE_COLLECTIONS_PATH": str(self.collections),
            "ANSIBLE_HOME": str(self.folder / "home"),
            "ANSIBLE_LOCAL_TEMP": str(self.folder / "tmp"),
            "ANSIBLE_CONFIG": str(self.folder / "ansible.cfg"),
            "ANSIBLE_INVENTORY_ENABLED": "yaml",
            "ANSIBLE_FORKS": str(FORKS),
            "ANSIBLE_GATHERING": "explicit",
            "ANSIBLE_RETRY_FILES_ENABLED": "false",
            "ANSIBLE_DEPRECATION_WARNINGS": "false",
            "ANSIBLE_NOCOLOR": "true",
            "ANSIBLE_HOST_PATTERN_MISMATCH": "ignore",
            "PYTHONUNBUFFERED": "1",
        }

    def environment(self) -> Mapping[str, str]:
        """Give the environment that ansible-runner gives to a run, as far as it is the same for all runs."""
        config = cast(Any, RunnerConfig)(
            private_data_dir=str(self.folder / "settings"),
            playbook="none",
            envvars=self.variables(),
            fact_cache_type=FACT_CACHE,
            ident="run",
        )
        config.prepare_env()
        environment: dict[str, str] = config.env
        return environment

    def remove(self) -> None:
        """Remove the folders."""
        private.remove_folder(self.folder)
        private.remove_folder(self._programs)


def _installed() -> Path:
    return Path(sys.executable).parent


def _write_command(folder: Path, collections: Path, socket: Path) -> None:
    """Write the command that ansible-runner finds first; it falls back to the real one, which must exist."""
    real = _installed() / COMMAND
    if not real.is_file():
        return  # Ansible is installed elsewhere: the one on the PATH is used as it is.
    words = [sys.executable, "-I", "-S", str(collections / CLIENT), str(socket), str(real)]
    private.write_file(folder / COMMAND, f'#!/bin/sh\nexec {shlex.join(words)} "$@"\n'.encode())
    (folder / COMMAND).chmod(0o700)
