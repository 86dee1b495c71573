# SPDX-License-Identifier: Apache-2.0
"""The endpoint of a control plane, and the virtual address behind it: what follows from the specs. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from ipaddress import ip_address, ip_interface
from typing import Any

from capi_scvmm.backends import InvalidBackends, common, expanded
from capi_scvmm.kinds import (
    DEFAULT_ADVERT_MILLISECONDS,
    DEFAULT_ADVERT_MILLISECONDS_WITH_PASSWORD,
    ControlPlaneEndpoint,
    ControlPlaneLoadBalancer,
    Keepalived,
    PasswordRef,
    is_address,
    virtual_router_id,
)

KEEPALIVED, HAPROXY = "Keepalived", "HAProxy"
SHARING = (KEEPALIVED, HAPROXY)
"""The types with an address that keepalived holds: on the control-plane nodes, or on load balancers."""
ENDPOINT_PART = "control-plane-endpoint"
"""What the claim of the endpoint's address is for."""


@dataclass(frozen=True)
class Duty:
    """What a guest does for the endpoint: *variables* of roles; *password* names the Secret with that of VRRP."""

    variables: Mapping[str, Any]
    password: PasswordRef | None = None


@dataclass(frozen=True)
class VirtualAddress:
    """An address that keepalived holds for a cluster; *cluster* is namespace/name.

    *networks* are the VM networks that its machines are known to use; empty: not known.
    *settled* clusters were there first, and of others those that sort first by *age*.
    *backends*: the addresses to which its load balancers lead.
    """

    cluster: str
    provider: tuple[str, str] | None
    address: str
    router_id: int
    networks: frozenset[str] = frozenset()
    settled: bool = False
    age: tuple[str, str] = ("", "")
    backends: tuple[str, ...] = ()

    def yields_to(self, other: VirtualAddress) -> bool:
        """Whether both cannot be, and this one came later."""
        apart = bool(self.networks and other.networks) and not self.networks & other.networks
        if self.cluster == other.cluster or self.provider != other.provider or apart or self.settled:
            return False
        clash = self.router_id == other.router_id or self.address == other.address
        clash = clash or common(self.backends, other.backends) is not None
        return clash and (other.settled or other.age < self.age)


def endpoint_of(spec: Mapping[str, Any], owner_spec: Mapping[str, Any]) -> ControlPlaneEndpoint | None:
    """Give the endpoint that the ScvmmCluster names, else that of its Cluster; None: nobody named one."""
    for named in (spec.get("controlPlaneEndpoint"), owner_spec.get("controlPlaneEndpoint")):
        endpoint = ControlPlaneEndpoint.model_validate(named or {})
        if endpoint.given:
            return endpoint
    return None


def load_balancer_of(spec: Mapping[str, Any]) -> ControlPlaneLoadBalancer | None:
    """Read the load balancer that the spec of a ScvmmCluster asks for."""
    named = spec.get("controlPlaneLoadBalancer")
    return ControlPlaneLoadBalancer.model_validate(named) if named else None


def held_address(balancer: ControlPlaneLoadBalancer | None, endpoint: ControlPlaneEndpoint | None) -> str | None:
    """Give the address that keepalived is to hold; None: it holds none, or a name is all that is known."""
    if balancer is None or balancer.type not in SHARING:
        return None
    own = balancer.keepalived.address if balancer.keepalived is not None else None
    host = own or (endpoint.host if endpoint is not None else "")
    return host if is_address(host) else None


def router_id(balancer: ControlPlaneLoadBalancer, address: str) -> int:
    """Give the VRRP router id of the address."""
    given = balancer.keepalived.virtual_router_id if balancer.keepalived is not None else None
    return given or virtual_router_id(address)


def rival_of(own: VirtualAddress, others: Iterable[VirtualAddress]) -> VirtualAddress | None:
    """Find the cluster that has the router id or the address already."""
    return next((other for other in others if own.yields_to(other)), None)


def networks_of(specs: Sequence[Mapping[str, Any]]) -> frozenset[str]:
    """Name the VM networks of devices in specs of machines or failure domains."""
    devices = [device for spec in specs for device in (spec.get("networking") or {}).get("devices") or ()]
    return frozenset(str(device["vmNetwork"]).casefold() for device in devices if device.get("vmNetwork"))


def backends_of(balancer: ControlPlaneLoadBalancer | None) -> tuple[str, ...]:
    """List the addresses behind a load balancer of type HAProxy; none for what cannot be read."""
    try:
        return expanded(balancer.haproxy.backends) if balancer is not None and balancer.haproxy is not None else ()
    except InvalidBackends:
        return ()


def beside_backends(addresses: Sequence[str], backends: Sequence[str]) -> bool:
    """Whether a node has *addresses*, and load balancers with *backends* lead to none of them."""
    known = {ip_address(backend) for backend in backends}
    return bool(backends and addresses) and not any(ip_interface(one).ip in known for one in addresses)


def node_duty(spec: Mapping[str, Any], owner_spec: Mapping[str, Any]) -> Duty | None:
    """Tell what a control-plane node does for the endpoint; None: nothing, or the address is not known yet."""
    return _duty(spec, owner_spec) if _type(spec) == KEEPALIVED else None


def balancer_duty(spec: Mapping[str, Any], owner_spec: Mapping[str, Any]) -> Duty | None:
    """Tell what a load balancer does for the endpoint; None: the ScvmmCluster wants none, or something is missing."""
    balancer, duty = load_balancer_of(spec), _duty(spec, owner_spec)
    backends = backends_of(balancer)
    if balancer is None or balancer.haproxy is None or duty is None or not backends:
        return None
    told = {
        "haproxy_apiserver_backends": list(backends),
        "haproxy_apiserver_backend_port": balancer.haproxy.backend_port,
        "haproxy_apiserver_port": duty.variables["keepalived_vip_port"],
        "haproxy_apiserver_install": duty.variables["keepalived_vip_install"],
    }
    return replace(duty, variables={**duty.variables, **told})


def _type(spec: Mapping[str, Any]) -> str | None:
    return (spec.get("controlPlaneLoadBalancer") or {}).get("type")


def _duty(spec: Mapping[str, Any], owner_spec: Mapping[str, Any]) -> Duty | None:
    balancer, endpoint = load_balancer_of(spec), endpoint_of(spec, owner_spec)
    address = held_address(balancer, endpoint)
    if balancer is None or endpoint is None or address is None:
        return None
    password = balancer.keepalived.password_secret_ref if balancer.keepalived is not None else None
    return Duty(role_variables(balancer, address, endpoint.port), password)


def role_variables(balancer: ControlPlaneLoadBalancer, address: str, port: int) -> dict[str, Any]:
    """Make the variables of the role keepalived_vip, all but the password."""
    wished = balancer.keepalived or Keepalived()
    protected = wished.password_secret_ref is not None
    usual = DEFAULT_ADVERT_MILLISECONDS_WITH_PASSWORD if protected else DEFAULT_ADVERT_MILLISECONDS
    return {
        **({"keepalived_vip_version": 2} if protected else {}),
        "keepalived_vip_address": address,
        "keepalived_vip_port": port,
        "keepalived_vip_interface": wished.interface or "",
        "keepalived_vip_router_id": str(router_id(balancer, address)),
        "keepalived_vip_advert_interval": (wished.advert_interval_milliseconds or usual) / 1000,
        "keepalived_vip_unicast_peers": list(wished.unicast_peers),
        "keepalived_vip_install": wished.install_packages,
    }
