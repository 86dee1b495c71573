# SPDX-License-Identifier: GPL-3.0-or-later
"""The ansible-playbook command in two halves: what is the same for every run, and the run.

The loading follows what ansible.cli.playbook and ansible.executor.playbook_executor of ansible-core 2.19 do at every
start. What they do again in a run finds everything done.
"""

from __future__ import annotations

import atexit
import gc
import os
import secrets
import signal
import sys
import tempfile
from pathlib import Path
from typing import NoReturn

from ansible import cli, constants
from ansible.cli import playbook
from ansible.executor import playbook_executor, task_queue_manager
from ansible.executor.process import worker
from ansible.plugins import loader
from ansible.utils import vars as ansible_vars
from ansible.utils.display import Display
from ansible.utils.path import cleanup_tmp_file

from .request import Request
from .templates import compile_beforehand

OURS = "ansible_collections"
PLUGINS = Path(__file__).parents[2]
# Imported here so that each run has them when it is forked.
LOADED = (playbook_executor, task_queue_manager, worker)


def load() -> None:
    """Do everything that does not depend on a run."""
    _forget_own_start()
    loader.init_plugin_loader()
    # A second time it only warns; each run would.
    cli.init_plugin_loader = lambda *_: None
    for plugins in (loader.connection_loader, loader.shell_loader, loader.become_loader, loader.callback_loader):
        list(plugins.all(class_only=True))
    for plugins in (loader.vars_loader, loader.filter_loader, loader.test_loader):
        list(plugins.all())
    loader.strategy_loader.get("ansible.builtin.free", class_only=True)
    loader.inventory_loader.get("ansible.builtin.yaml", class_only=True)
    loader.cache_loader.get("ansible.builtin.memory", class_only=True)
    loader.connection_loader.get("capi.scvmm.vmm", class_only=True)
    for action in sorted((PLUGINS / "action").glob("*.py")):
        found = loader.action_loader.get(f"capi.scvmm.{action.stem}", class_only=True)
        if hasattr(found, "load"):
            found.load()
    for described in sorted((PLUGINS / "filter").glob("*.yml")):
        loader.filter_loader.get(f"capi.scvmm.{described.stem}")
    compile_beforehand()
    # What is there now is there for ever: collections neither look at it nor write to its pages, which runs share.
    gc.collect()
    gc.freeze()


def run(request: Request) -> NoReturn:
    """Be the ansible-playbook that *request* is for; called in a fork of the server."""
    os.setsid()
    for number, descriptor in enumerate(request.streams):
        os.dup2(descriptor, number)
    request.close()
    os.chdir(request.folder)
    os.environb.clear()
    os.environb.update(request.environment)
    sys.argv[:] = [os.fsdecode(argument) for argument in request.arguments]
    # As ansible-runner starts programs; the others are as they were.
    signal.signal(signal.SIGHUP, signal.SIG_IGN)
    _start_anew()
    code: object = 1
    try:
        playbook.main(sys.argv[:])
    except SystemExit as leaving:
        code = leaving.code
    end(code)


def end(code: object) -> NoReturn:
    """End as Python would, without taking apart what the kernel frees at once."""
    atexit._run_exitfuncs()
    for stream in (sys.stdout, sys.stderr):
        try:
            stream.flush()
        except (OSError, ValueError):
            code = code or 120  # As Python does when nobody reads.
    os._exit(int(code or 0))  # type: ignore[call-overload]


def _forget_own_start() -> None:
    """Undo what `python -m` has imported of the collection and from where: Ansible's own importer does that."""
    for name in [name for name in sys.modules if name.split(".")[0] == OURS]:
        del sys.modules[name]
    # That entry is the first; where the collection lies beside the libraries there is one more, which is theirs.
    here = next((path for path in sys.path if path in ("", str(Path.cwd()))), None)
    if here is not None:
        sys.path.remove(here)


def _start_anew() -> None:
    """Make anew what Ansible makes once for a process: temporary folder, identifiers, width of the terminal."""
    parent = os.path.dirname(constants.DEFAULT_LOCAL_TMP)
    atexit.unregister(cleanup_tmp_file)  # That is for the server's folder.
    constants.DEFAULT_LOCAL_TMP = tempfile.mkdtemp(prefix=f"ansible-local-{os.getpid()}", dir=parent)
    atexit.register(cleanup_tmp_file, constants.DEFAULT_LOCAL_TMP, warn=True)
    ansible_vars.random_int = f"{secrets.randbelow(2**32):08x}"
    Display()._set_column_width()
    _aim_events()


def _aim_events() -> None:
    """Have ansible-runner's callback write events to this run's folder: it takes the folder in when it is loaded."""
    callback = loader.callback_loader.get(constants.DEFAULT_STDOUT_CALLBACK, class_only=True)
    module = sys.modules.get(getattr(callback, "__module__", ""))
    if hasattr(module, "IsolatedFileWrite"):
        module.event_context.cache = module.IsolatedFileWrite()
