# SPDX-License-Identifier: Apache-2.0
"""The endpoint of a control plane: which address keepalived holds, and who may not have it."""

from __future__ import annotations

from base64 import b64encode
from dataclasses import replace
from typing import Any

import pytest
from capi_scvmm.bootstrap_data import vrrp_password
from capi_scvmm.endpoint import (
    VirtualAddress,
    balancer_duty,
    beside_backends,
    endpoint_of,
    held_address,
    load_balancer_of,
    networks_of,
    node_duty,
    rival_of,
    role_variables,
    router_id,
)
from capi_scvmm.kinds import ControlPlaneEndpoint, ControlPlaneLoadBalancer, PasswordRef, ScvmmCluster
from capi_scvmm.status.cluster import ClusterScope, cluster_status

from .scopes import NOON

ENDPOINT = {"host": "10.0.0.100", "port": 6443}
META = {"name": "east", "namespace": "prod", "uid": "u", "generation": 2}
KEEPALIVED = {"type": "Keepalived"}
OTHER = VirtualAddress("prod/west", ("ns", "vmm"), "10.0.0.101", 51, age=("2026-01-01", "a"))
OWN = VirtualAddress("prod/east", ("ns", "vmm"), "10.0.0.100", 51, age=("2026-01-02", "b"))


def balancer(**more: Any) -> ControlPlaneLoadBalancer:
    """A load balancer of type Keepalived."""
    return ControlPlaneLoadBalancer.model_validate({"type": "Keepalived", "keepalived": more})


def test_the_endpoint_is_that_of_the_infrastructure_else_that_of_the_cluster() -> None:
    """Half an endpoint is none."""
    other = {"host": "10.0.0.9", "port": 443}
    assert endpoint_of({"controlPlaneEndpoint": ENDPOINT}, {"controlPlaneEndpoint": other}) == ControlPlaneEndpoint(
        host="10.0.0.100", port=6443
    )
    found = endpoint_of({"controlPlaneEndpoint": {"host": "", "port": 0}}, {"controlPlaneEndpoint": other})
    assert found is not None and found.host == "10.0.0.9"
    assert endpoint_of({}, {}) is None


@pytest.mark.parametrize(
    ("spec", "host", "address"),
    [
        (KEEPALIVED, "10.0.0.100", "10.0.0.100"),
        (KEEPALIVED, "2001:db8::100", "2001:db8::100"),
        (KEEPALIVED, "api.example.com", None),
        (KEEPALIVED, None, None),
        ({"type": "Keepalived", "keepalived": {"address": "10.0.0.7"}}, "api.example.com", "10.0.0.7"),
        ({"type": "External"}, "10.0.0.100", None),
        (None, "10.0.0.100", None),
    ],
)
def test_keepalived_holds_the_endpoints_address_or_one_of_its_own(
    spec: dict[str, Any] | None, host: str | None, address: str | None
) -> None:
    """A name is no address."""
    endpoint = ControlPlaneEndpoint(host=host, port=6443) if host else None
    assert held_address(load_balancer_of({"controlPlaneLoadBalancer": spec}), endpoint) == address


def test_the_router_id_is_given_or_made_of_the_address() -> None:
    """As the role keepalived_vip makes it; never 0, which VRRP does not have."""
    assert router_id(balancer(virtualRouterID=7), "10.0.0.100") == 7
    assert router_id(ControlPlaneLoadBalancer(type="Keepalived"), "10.99.0.100") == 107
    assert all(1 <= router_id(balancer(), f"10.0.{a}.{b}") <= 255 for a in range(8) for b in range(256))


def test_a_machine_is_told_all_that_the_cluster_wants_of_keepalived() -> None:
    """With defaults for what it does not say."""
    told = role_variables(ControlPlaneLoadBalancer(type="Keepalived"), "10.99.0.100", 6443)
    assert told["keepalived_vip_router_id"] == "107"
    assert (told["keepalived_vip_advert_interval"], told["keepalived_vip_install"]) == (0.3, False)
    wished = balancer(
        interface="eth1", unicastPeers=["10.0.0.11"], advertIntervalMilliseconds=500, installPackages=True
    )
    told = role_variables(wished, "10.0.0.100", 8443)
    assert (told["keepalived_vip_interface"], told["keepalived_vip_port"]) == ("eth1", 8443)
    assert (told["keepalived_vip_unicast_peers"], told["keepalived_vip_advert_interval"]) == (["10.0.0.11"], 0.5)
    assert told["keepalived_vip_install"] is True


def test_a_password_means_version_2_and_its_seconds() -> None:
    """The password itself is no such variable: it is read when the medium is made."""
    wished = balancer(passwordSecretRef={"name": "vrrp"})
    told = role_variables(wished, "10.0.0.100", 6443)
    assert (told["keepalived_vip_version"], told["keepalived_vip_advert_interval"]) == (2, 1.0)
    spec = {"controlPlaneEndpoint": ENDPOINT, "controlPlaneLoadBalancer": wished.to_dict()}
    duty = node_duty(spec, {})
    assert duty is not None and duty.password == PasswordRef(name="vrrp", key="password")
    assert "keepalived_vip_version" not in role_variables(balancer(), "10.0.0.100", 6443)


def test_an_address_without_an_ipv4_form_goes_without_password() -> None:
    """VRRP version 2 has no IPv6; the pool's address may be one, where no rule of the API server looks."""
    spec = {"controlPlaneLoadBalancer": balancer(passwordSecretRef={"name": "vrrp"}).to_dict()}
    given = ControlPlaneEndpoint(host="2001:db8::100", port=6443)
    assert told(scope(spec, endpoint=given))[1] == "PasswordNeedsIPv4"
    assert told(scope(spec, endpoint=ControlPlaneEndpoint(host="10.0.0.7", port=6443)))[1] == "Known"


def test_a_load_balancer_is_told_its_backends_too() -> None:
    """And a control-plane node behind load balancers nothing at all."""
    haproxy = {"machineTemplateRef": {"name": "lb"}, "backends": ["10.0.0.11-10.0.0.12"], "backendPort": 7443}
    wished = {"type": "HAProxy", "haproxy": haproxy, "keepalived": {"installPackages": True}}
    spec = {"controlPlaneEndpoint": ENDPOINT, "controlPlaneLoadBalancer": wished}
    duty = balancer_duty(spec, {})
    assert duty is not None and duty.variables["keepalived_vip_address"] == "10.0.0.100"
    assert duty.variables["haproxy_apiserver_backends"] == ["10.0.0.11", "10.0.0.12"]
    assert (duty.variables["haproxy_apiserver_port"], duty.variables["haproxy_apiserver_backend_port"]) == (6443, 7443)
    assert duty.variables["haproxy_apiserver_install"] is True
    assert node_duty(spec, {}) is None and balancer_duty({**spec, "controlPlaneEndpoint": None}, {}) is None
    assert balancer_duty({"controlPlaneEndpoint": ENDPOINT, "controlPlaneLoadBalancer": KEEPALIVED}, {}) is None
    wrong = {**wished, "haproxy": {**haproxy, "backends": ["10.0.0.9-10.0.0.1"]}}
    assert balancer_duty({**spec, "controlPlaneLoadBalancer": wrong}, {}) is None


def test_a_node_is_behind_load_balancers_with_any_of_its_addresses() -> None:
    """One whose addresses are not known yet may be."""
    backends = ("10.0.0.11", "2001:db8::b")
    assert beside_backends(["10.0.0.12/24", "2001:db8::c/64"], backends)
    assert not beside_backends(["10.0.0.12/24", "2001:db8::b/64"], backends)
    assert not beside_backends([], backends) and not beside_backends(["10.0.0.12/24"], ())


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (None, "VRRPPasswordNotFound"),
        ({}, "VRRPPasswordInvalid"),
        ({"other": "s3cret"}, "VRRPPasswordInvalid"),
        ({"password": "muchtoolong"}, "VRRPPasswordInvalid"),
        ({"password": "a b"}, "VRRPPasswordInvalid"),
        ({"password": "a#b"}, "VRRPPasswordInvalid"),
        ({"password": "p\u00e4ss"}, "VRRPPasswordInvalid"),
    ],
)
def test_a_password_that_keepalived_would_misread_is_refused(data: dict[str, str] | None, reason: str) -> None:
    """And never repeated."""
    secret = (
        None if data is None else {"data": {key: b64encode(value.encode()).decode() for key, value in data.items()}}
    )
    found = vrrp_password(secret, "prod/vrrp", "password")
    assert not isinstance(found, str) and found[0] == reason and "prod/vrrp" in found[1]
    assert not any(value in found[1] for value in (data or {}).values())


def test_a_password_is_one_line() -> None:
    """A file often ends with one more; what is no text at all is refused."""
    assert vrrp_password({"data": {"k": b64encode(b"s3cret\n").decode()}}, "prod/vrrp", "k") == "s3cret"
    assert vrrp_password({"data": {"k": "%"}}, "prod/vrrp", "k")[0] == "VRRPPasswordInvalid"


@pytest.mark.parametrize(
    ("own", "other", "yields"),
    [
        (OWN, OTHER, True),
        (OTHER, OWN, False),
        (OTHER, replace(OWN, settled=True), True),
        (replace(OWN, settled=True), OTHER, False),
        (OWN, OWN, False),
        (OWN, replace(OTHER, provider=("ns", "vmm2")), False),
        (OWN, replace(OTHER, router_id=52), False),
        (OWN, replace(OTHER, router_id=52, address="10.0.0.100"), True),
        (replace(OWN, networks=frozenset({"a"})), replace(OTHER, networks=frozenset({"b"})), False),
        (replace(OWN, networks=frozenset({"a"})), replace(OTHER, networks=frozenset({"a", "b"})), True),
        (replace(OWN, networks=frozenset({"a"})), OTHER, True),
    ],
)
def test_of_two_clusters_with_one_router_id_or_address_the_later_one_yields(
    own: VirtualAddress, other: VirtualAddress, yields: bool
) -> None:
    """Unless they are at different servers or known to be in different networks; one with machines never yields."""
    assert (rival_of(own, [other]) is other) is yields


def test_networks_are_those_of_all_devices() -> None:
    """VMM does not tell upper from lower case."""
    device = {"networking": {"devices": [{"vmNetwork": "K8s"}, {"deviceName": "eth1"}]}}
    assert networks_of([device, {}, {"networking": {}}]) == {"k8s"}


def scope(spec: dict[str, Any], **more: Any) -> ClusterScope:
    """A look at a cluster with an owner."""
    cluster = ScvmmCluster.model_validate({"metadata": META, "spec": spec})
    return ClusterScope(cluster, more.pop("recorded", {}), "east", **more)


def told(look: ClusterScope) -> tuple[str, str, str]:
    """Status, reason and words of the endpoint's condition; Ready never is better."""
    conditions = {c["type"]: c for c in cluster_status(look, NOON)["conditions"]}
    found = conditions["ControlPlaneEndpointReady"]
    assert conditions["Ready"]["status"] == found["status"]
    return found["status"], found["reason"], found["message"]


def test_a_free_address_is_taken() -> None:
    """The condition says which."""
    spec = {"controlPlaneEndpoint": ENDPOINT, "controlPlaneLoadBalancer": KEEPALIVED}
    assert told(scope(spec)) == ("True", "Known", "10.0.0.100 port 6443")
    assert cluster_status(scope(spec), NOON)["initialization"] == {"provisioned": True}


def test_an_address_that_answers_is_refused() -> None:
    """Who can mend it is said; a cluster that has machines goes on."""
    spec = {"controlPlaneEndpoint": ENDPOINT, "controlPlaneLoadBalancer": KEEPALIVED}
    status, reason, words = told(scope(spec, answers=True))
    assert (status, reason) == ("False", "AddressInUse")
    assert "10.0.0.100 port 6443" in words and "take the address off that host" in words
    running = scope(spec, answers=True, recorded={"initialization": {"provisioned": True}})
    assert told(running)[0] == "True"
    behind = {**spec, "controlPlaneEndpoint": {"host": "api.example.com", "port": 6443}}
    behind["controlPlaneLoadBalancer"] = {"type": "Keepalived", "keepalived": {"address": "10.0.0.7"}}
    assert "10.0.0.7 port 6443" in told(scope(behind, answers=True))[2]


def test_a_router_id_or_address_of_another_cluster_is_refused() -> None:
    """By name, with the field that mends it."""
    spec = {"controlPlaneEndpoint": ENDPOINT, "controlPlaneLoadBalancer": KEEPALIVED}
    status, reason, words = told(scope(spec, rival=OTHER))
    assert (status, reason) == ("False", "VirtualAddressInUse")
    assert "prod/west" in words and "virtualRouterID" in words
    _, _, words = told(scope(spec, rival=replace(OTHER, address="10.0.0.100")))
    assert "ScvmmCluster prod/west has the address 10.0.0.100" in words


def test_a_name_without_an_address_is_refused() -> None:
    """The Cluster may name one, where no rule of ours looks."""
    theirs = ControlPlaneEndpoint(host="api.example.com", port=6443)
    assert told(scope({"controlPlaneLoadBalancer": KEEPALIVED}, endpoint=theirs))[1] == "AddressNeeded"


def test_an_address_of_a_pool_is_waited_for_and_written() -> None:
    """Until then the claim says what it waits for."""
    waiting = ("WaitingForIPAddress", "No address yet.")
    assert told(scope({}, claim_problem=waiting)) == ("False", *waiting)
    given = ControlPlaneEndpoint(host="10.0.0.100", port=6443)
    conditions = {c["type"]: c for c in cluster_status(scope({}, claimed=given), NOON)["conditions"]}
    assert conditions["ControlPlaneEndpointReady"]["reason"] == "Claimed"
    busy = told(scope({"controlPlaneLoadBalancer": {"type": "External"}}, claimed=given, answers=True))
    assert busy[1] == "AddressInUse" and "10.0.0.100" in busy[2]
