# SPDX-License-Identifier: GPL-3.0-or-later
"""The templates of our playbooks and roles, compiled once instead of anew for each task of each host.

Ansible compiles a template each time that it is evaluated, in a process that is forked for one task: near half of the
work of a task with fifteen of them. Compiled in the process that is forked from, they are there already. Whatever is
not known beforehand is compiled as ever.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from types import CodeType
from typing import Any

import yaml
from ansible._internal._templating import _jinja_bits
from ansible.template import Templar

ROOT = Path(__file__).parents[3]
"""The collection's folder: its playbooks and roles are beside its plugins."""


def compile_beforehand() -> None:
    """Keep what is compiled from now on, and compile our own."""
    environment = _jinja_bits.AnsibleEnvironment
    options = _jinja_bits._TEMPLATE_OVERRIDE_FIELD_NAMES
    context = _jinja_bits._TemplateCompileContext
    compile_anew = environment.compile
    compiled: dict[tuple[Any, ...], CodeType] = {}

    def compile_once(self: Any, source: Any, *arguments: Any, **keywords: Any) -> CodeType:
        if arguments or keywords or not isinstance(source, str):
            return compile_anew(self, source, *arguments, **keywords)
        current = context.current(optional=True)
        # All that the code depends on, as Ansible's own cache of lexers has it.
        key = (str(source), current and current.escape_backslashes, *(getattr(self, name) for name in options))
        if key not in compiled:
            compiled[key] = compile_anew(self, source)
        return compiled[key]

    environment.compile = compile_once
    used = Templar()._engine.environment
    for template in sorted(set(_templates())):
        with context(escape_backslashes=True):
            used.compile(template)


def _templates() -> Iterator[str]:
    for pattern in ("playbooks/*.yml", "playbooks/vars/*.yml", "roles/*/tasks/*.yml", "roles/*/defaults/*.yml"):
        for path in ROOT.glob(pattern):
            yield from _texts(yaml.safe_load(path.read_text()))


def _texts(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        if "{{" in value:
            yield value
    elif isinstance(value, dict):
        for part in value.values():
            yield from _texts(part)
    elif isinstance(value, list):
        for part in value:
            yield from _texts(part)
