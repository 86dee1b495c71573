# SPDX-License-Identifier: Apache-2.0
"""What a hook may determine of a machine before it boots: names, meta-data, and what its devices are told."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from ipaddress import ip_address, ip_interface, ip_network
from typing import Annotated, Any

from pydantic import Field, ValidationError

from capi_scvmm.kinds.guest_name import checked_hostname
from capi_scvmm.kinds.invalid import InvalidField
from capi_scvmm.kinds.model import AddressText, Model, Text, json_name
from capi_scvmm.kinds.networking import NetworkDevice, Route, SearchDomain
from capi_scvmm.kinds.rules import ATOMIC

FACT = "scvmm_boot"
# What the controller sets; a hook that could change it could make one machine pass for another.
RESERVED = ("instance-id", "local-hostname", "provider-id")


# Checked here and not by rules of the API server: they stand in status.
_Checked = Annotated[str, Field(max_length=64)]


class ConfigMapKey(Model):
    """A key of a ConfigMap."""

    name: str = Field(description="Name of the ConfigMap.", min_length=1, max_length=253)
    key: str = Field(
        default="tasks.yml",
        description="Key with a list of Ansible tasks, in YAML. Default: tasks.yml.",
        min_length=1,
        max_length=253,
    )


class Hook(Model):
    """Ansible tasks that determine what a machine is told at its first boot."""

    config_map_ref: ConfigMapKey = Field(description="The ConfigMap with the tasks.")


class BootDevice(Model):
    """What a hook determined for a device; each field replaces that of the machine."""

    ip_addresses: tuple[_Checked, ...] | None = Field(
        default=None,
        description="Addresses with prefix length, as 10.0.0.5/24.",
        max_length=32,
        json_schema_extra=ATOMIC,
    )
    gateway: AddressText = Field(default=None, description="IPv4 address of the default gateway.")
    gateway6: AddressText = Field(default=None, description="IPv6 address of the default gateway.")
    nameservers: tuple[_Checked, ...] | None = Field(
        default=None, description="IP addresses of DNS servers.", max_length=16, json_schema_extra=ATOMIC
    )
    search_domains: tuple[SearchDomain, ...] | None = Field(
        default=None, description="Domains to search.", max_length=32, json_schema_extra=ATOMIC
    )
    routes: tuple[Route, ...] | None = Field(
        default=None, description="Further static routes.", max_length=32, json_schema_extra=ATOMIC
    )
    mtu: int | None = Field(default=None, description="Largest packet of the device, in bytes.", ge=576, le=65535)
    dhcp4: bool | None = Field(default=None, description="Whether the guest asks DHCP for an IPv4 address.")
    dhcp6: bool | None = Field(default=None, description="Whether the guest asks DHCP for an IPv6 address.")

    def applied(self, device: NetworkDevice) -> NetworkDevice:
        """The device with what the hook determined."""
        given = {name: getattr(self, name) for name in type(self).model_fields}
        return device.model_copy(update={name: value for name, value in given.items() if value is not None})


class BootFields(Model):
    """What a hook determined."""

    hook: Text = Field(default=None, description="Namespace and name of the ConfigMap whose tasks determined it.")
    hostname: Text = Field(default=None, description="Host name of the guest.")
    metadata: dict[str, str] = Field(default_factory=dict, description="Further keys of cloud-init's meta-data.")
    devices: dict[str, BootDevice] = Field(
        default_factory=dict,
        description="Devices, by deviceName.",
        json_schema_extra={"maxProperties": 12},
    )


def read_boot(told: Any, hook: str, names: tuple[str, ...]) -> BootFields:
    """Read what the hook set as scvmm_boot for a machine with the devices *names*; InvalidField for what cannot be."""
    if not isinstance(told, Mapping):
        raise InvalidField(FACT, told, "Set it to a mapping with keys of: hostname, metadata, devices.")
    _known_keys(FACT, told, {"hostname", "metadata", "devices"})
    devices = told.get("devices") or {}
    if not isinstance(devices, Mapping):
        raise InvalidField(f"{FACT}.devices", devices, "Set it to a mapping from deviceName to fields.")
    for name, device in devices.items():
        path = f"{FACT}.devices.{name}"
        if name not in names:
            raise InvalidField(path, name, f"The machine has no such device. It has: {', '.join(names) or 'none'}.")
        if not isinstance(device, Mapping):
            raise InvalidField(path, device, "Set it to a mapping of fields, as ipAddresses.")
        _known_keys(path, device, {each for field in BootDevice.model_fields for each in (field, json_name(field))})
    try:
        boot = BootFields.model_validate({**told, "devices": devices, "hook": hook})
    except ValidationError as error:
        first = error.errors(include_url=False)[0]
        place = ".".join(str(part) for part in first["loc"])
        raise InvalidField(f"{FACT}.{place}", first["input"], f"{first['msg']}.") from None
    _check(boot)
    return boot


def _known_keys(path: str, told: Mapping[Any, Any], known: set[str]) -> None:
    for key in told:
        if key not in known:
            remedy = f"There is no such field. Known are: {', '.join(sorted(known))}."
            raise InvalidField(f"{path}.{key}", told[key], remedy)


def _check(boot: BootFields) -> None:
    if boot.hostname is not None:
        checked_hostname(boot.hostname, f"{FACT}.hostname")
    for key in RESERVED:
        if key in boot.metadata:
            raise InvalidField(f"{FACT}.metadata.{key}", boot.metadata[key], "The controller sets it: leave it out.")
    for name, device in boot.devices.items():
        path = f"{FACT}.devices.{name}"
        for address in device.ip_addresses or ():
            _parsed(f"{path}.ipAddresses", address, _with_prefix, "Write it like 10.0.0.5/24 or 2001:db8::5/64.")
        for field, version in (("gateway", 4), ("gateway6", 6)):
            gateway = getattr(device, field)
            if gateway and _parsed(f"{path}.{field}", gateway, ip_address, _WITHOUT_PREFIX).version != version:
                raise InvalidField(f"{path}.{field}", gateway, f"It is for IPv{version}.")
        for server in device.nameservers or ():
            _parsed(f"{path}.nameservers", server, ip_address, _WITHOUT_PREFIX)
        for route in device.routes or ():
            _parsed(f"{path}.routes.via", route.via, ip_address, _WITHOUT_PREFIX)
            if route.to != "default":
                _parsed(f"{path}.routes.to", route.to, ip_network, "Write a network, as 10.1.0.0/16, or default.")


_WITHOUT_PREFIX = "Write it like 10.0.0.1 or 2001:db8::1, without a prefix length."


def _with_prefix(text: str) -> Any:
    if "/" not in text:
        raise ValueError
    return ip_interface(text)


def _parsed(field: str, text: str, parse: Callable[[str], Any], remedy: str) -> Any:
    try:
        return parse(text)
    except ValueError:
        raise InvalidField(field, text, remedy) from None
