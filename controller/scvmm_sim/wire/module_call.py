# SPDX-License-Identifier: Apache-2.0
"""How clients call the CapiScvmm module (docs/operations.md)."""

from __future__ import annotations

import json
from typing import Any

from scvmm_sim.wire.refusals import FUNCTION, bad_parameter

MODULE_LINE = "# capi.scvmm PowerShell module CapiScvmm"
"""First line of the module text that clients send once per pool."""


def request_of(parameters: list[tuple[str | None, Any]]) -> tuple[str, dict[str, Any]]:
    """Return operation name and request of a call's parameters, named or by position, or raise Refusal.

    A secret that came as a secure string is the request's vmm_password.
    """
    given: dict[str, Any] = {}
    positions = iter(("name", "request"))
    for key, value in parameters:
        name = (key.lstrip("-").rstrip(":") if key else next(positions, "")).lower()
        if name not in ("name", "request", "password"):
            raise bad_parameter(f"{FUNCTION} has no parameter '{key}': it takes Name, Request and Password.")
        given[name] = value
    operation = given.get("name")
    if not operation:
        raise bad_parameter(f"{FUNCTION} needs the parameter Name: the operation to run.")
    try:
        request = json.loads(str(given.get("request") or "{}"))
    except json.JSONDecodeError as error:
        raise bad_parameter(f"{FUNCTION}: parameter Request is not JSON ({error}).") from None
    if not isinstance(request, dict):
        raise bad_parameter(f"{FUNCTION}: parameter Request is not a JSON object.")
    if given.get("password") is not None:
        request = {**request, "vmm_password": given["password"]}
    return str(operation), request
