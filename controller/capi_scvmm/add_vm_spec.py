# SPDX-License-Identifier: Apache-2.0
"""AddVMSpec, a function of a provider's extraFunctions: what it is told, and what is taken of its answer. Pure."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from capi_scvmm.kinds import InvalidField, ScvmmMachine
from capi_scvmm.kinds.boot import BootFields, read_boot
from capi_scvmm.request import Placement

FIELD = "AddVMSpec"
TAKEN = ("ipAddresses", "gateway", "nameservers", "searchDomains")


def told(machine: ScvmmMachine, place: Placement, vm_name: str) -> tuple[str, str]:
    """Make its two arguments, JSON texts: the spec as it takes effect, and the metadata."""
    spec = _spec(machine, place, vm_name)
    return json.dumps(spec), json.dumps(machine.metadata.model_dump(mode="json", by_alias=True, exclude_none=True))


def taken(answer: Any, machine: ScvmmMachine, place: Placement, vm_name: str, source: str) -> BootFields:
    """Read what it returned: `spec` (or the fields of one) with what it changes; InvalidField for what cannot be.

    Fields that are empty, or as they were, change nothing, as in the Go provider.
    """
    if answer is None:
        return BootFields(hook=source)
    if not isinstance(answer, Mapping):
        raise InvalidField(FIELD, answer, "Return an object with the fields of spec that it determines.")
    given = answer.get("spec") if isinstance(answer.get("spec"), Mapping) else answer
    assert isinstance(given, Mapping)
    before = _spec(machine, place, vm_name)
    changed = {key: value for key, value in given.items() if value and value != before.get(key)}
    for key in changed:
        if key not in ("hostname", "metadata", "networking"):
            remedy = "Before the first boot only hostname, metadata and networking.devices can be determined."
            raise InvalidField(f"{FIELD}.spec.{key}", changed[key], remedy)
    names = tuple(device.device_name for device in place.networking.devices)
    boot = {key: changed[key] for key in ("hostname", "metadata") if key in changed}
    devices = _devices(changed.get("networking") or {})
    return read_boot({**boot, **({"devices": devices} if devices else {})}, source, names)


def _devices(networking: Any) -> dict[str, dict[str, Any]]:
    devices = networking.get("devices") if isinstance(networking, Mapping) else None
    if devices is not None and not isinstance(devices, list):
        raise InvalidField(f"{FIELD}.spec.networking.devices", devices, "Return a list of devices.")
    found = {}
    for device in devices or ():
        if not isinstance(device, Mapping):
            raise InvalidField(f"{FIELD}.spec.networking.devices", device, "Return objects with deviceName.")
        fields = {name: device[name] for name in TAKEN if device.get(name)}
        if fields:
            found[str(device.get("deviceName") or "eth0")] = fields
    return found


def _spec(machine: ScvmmMachine, place: Placement, vm_name: str) -> dict[str, Any]:
    spec: dict[str, Any] = machine.to_dict()["spec"]
    networking = place.networking.to_dict()
    return {**spec, "vmName": vm_name, "networking": networking, "cloud": place.cloud, "hostGroup": place.host_group}
