# SPDX-License-Identifier: Apache-2.0
"""The host name of a machine's guest."""

from __future__ import annotations

import re
from typing import Any

from capi_scvmm.kinds.guest_name import checked_hostname
from capi_scvmm.kinds.invalid import InvalidField
from capi_scvmm.kinds.networking import Networking
from capi_scvmm.kinds.scvmm_machine import ScvmmMachine
from capi_scvmm.kinds.user_template import render

_FIELD = "spec.hostname"
_EXPRESSION = re.compile(r"\{\{(-?)(.*?)(-?)\}\}", re.DOTALL)
_GO_PATH = re.compile(r"\.[A-Za-z_]\w*(\.[A-Za-z_]\w*)*")
_GO_ONLY = re.compile(r"^[.$]|\s\.[A-Za-z_]|^(?:if|range|with|define|template|block)\s|^(?:else|end)$|:=")
# The Go provider wrote its default into every machine; in manifests taken from there it still stands.
_GO_DEFAULT = r'{{ regexReplaceAll "\\..*$" .spec.vmName "" }}.{{ .spec.networking.domain }}'


def render_hostname(machine: ScvmmMachine, networking: Networking | None = None) -> str:
    """The host name that the guest gets: spec.hostname rendered, or the default; InvalidField when it is none.

    *networking* is that of the machine and its failure domain together; without it the machine's own is taken.
    """
    networking = networking or machine.spec.networking
    template = machine.spec.hostname
    if template is None or template == _GO_DEFAULT:
        return checked_hostname(
            _default(machine, networking), _FIELD, f"It is the default. Set {_FIELD} to a host name."
        )
    rendered = render(_as_jinja(template), _context(machine, networking), _FIELD, template)
    return checked_hostname(rendered, _FIELD, f"It is made from the template {template!r}. Change {_FIELD}.")


def _default(machine: ScvmmMachine, networking: Networking | None) -> str:
    name = machine.vm_name.partition(".")[0]
    return f"{name}.{networking.domain}" if networking and networking.domain else name


def _context(machine: ScvmmMachine, networking: Networking | None) -> dict[str, Any]:
    """The object as a manifest shows it, with the name and networks that the VM really has."""
    shown = machine.to_dict()
    shown["spec"]["vmName"] = machine.vm_name
    if networking:
        shown["spec"]["networking"] = networking.to_dict()
    return shown


def _as_jinja(template: str) -> str:
    return _EXPRESSION.sub(_jinja_expression, template)


def _jinja_expression(match: re.Match[str]) -> str:
    """Go's {{ .a.b }} is Jinja's {{ a.b }}; everything else that only Go has is refused."""
    before, inner, after = match.groups()
    expression = inner.strip()
    if _GO_PATH.fullmatch(expression):
        return f"{{{{{before} {expression[1:]} {after}}}}}"
    if _GO_ONLY.search(expression):
        raise InvalidField(
            _FIELD,
            match[0],
            "Of Go's templates only plain substitutions, as {{ .spec.vmName }}, are available. Write Jinja, as "
            "{{ spec.vmName | lower }} or {{ spec.vmName.split('.')[0] }}.",
        )
    return match[0]
