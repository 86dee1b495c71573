# SPDX-License-Identifier: Apache-2.0
"""Status of clusters and providers, and the smallest patch."""

from __future__ import annotations

from typing import Any

import pytest
from capi_scvmm.kinds import ControlPlaneEndpoint, ScvmmCluster, ScvmmProvider
from capi_scvmm.plan import Health
from capi_scvmm.status import server_events
from capi_scvmm.status.cluster import ClusterScope, Reachable, cluster_status
from capi_scvmm.status.patch import changed, same
from capi_scvmm.status.provider import provider_status

from .scopes import NOON

META = {"name": "east", "namespace": "prod", "uid": "u", "generation": 2}
ENDPOINT = {"controlPlaneEndpoint": {"host": "10.0.0.10", "port": 6443}}
THEIRS = ControlPlaneEndpoint(host="10.0.0.11", port=6443)
UNKNOWN = (Health.UNKNOWN, "", None, None, "")
ANSWERS = (Health.REACHABLE, "", "10.22", "EXAMPLE\\capi", "")


def a_cluster(meta: dict[str, Any] | None = None, **spec: Any) -> ScvmmCluster:
    """A ScvmmCluster as the API server gives it."""
    return ScvmmCluster.model_validate({"metadata": META | (meta or {}), "spec": spec})


def ready(patch: dict[str, Any]) -> tuple[str, str]:
    """Status and reason of Ready."""
    found = {c["type"]: c for c in patch["conditions"]}["Ready"]
    return found["status"], found["reason"]


@pytest.mark.contract(10)
def test_a_cluster_waits_for_owner_provider_and_endpoint() -> None:
    """Each with its reason; none of it is provisioned before."""
    alone = cluster_status(ClusterScope(a_cluster(**ENDPOINT), {}), NOON)
    assert ready(alone) == ("False", "WaitingForCluster")
    missing = ("ProviderNotFound", "There is none.")
    lost = cluster_status(ClusterScope(a_cluster(**ENDPOINT), {}, "east", provider_problem=missing), NOON)
    assert ready(lost) == ("False", "ProviderNotFound")
    bare = cluster_status(ClusterScope(a_cluster(), {}, "east"), NOON)
    assert ready(bare) == ("False", "WaitingForControlPlaneEndpoint")
    assert not any("initialization" in patch for patch in (alone, lost, bare))


@pytest.mark.contract(11, 13)
def test_an_endpoint_here_or_in_the_cluster_provisions_it() -> None:
    """Once, never back."""
    for scope in (
        ClusterScope(a_cluster(**ENDPOINT), {}, "east"),
        ClusterScope(a_cluster(), {}, "east", endpoint=THEIRS),
    ):
        patch = cluster_status(scope, NOON)
        assert patch["initialization"] == {"provisioned": True}
        assert ready(patch) == ("True", "Ready")
    known = {"initialization": {"provisioned": True}}
    assert "initialization" not in cluster_status(ClusterScope(a_cluster(), known, "east", endpoint=THEIRS), NOON)


@pytest.mark.contract(12)
def test_failure_domains_are_listed_as_cluster_api_wants_them() -> None:
    """By name, with where they are."""
    spec = ENDPOINT | {"failureDomains": {"west": {"controlPlane": True, "cloud": "c", "hostGroup": "g"}}}
    patch = cluster_status(ClusterScope(a_cluster(**spec), {}, "east"), NOON)
    assert patch["failureDomains"] == [
        {"name": "west", "controlPlane": True, "attributes": {"cloud": "c", "hostGroup": "g"}}
    ]


@pytest.mark.contract(16)
def test_a_paused_or_going_cluster_says_so() -> None:
    """Nothing else changes."""
    patch = cluster_status(ClusterScope(a_cluster(), {}, "east", paused_by="Cluster east"), NOON)
    assert [c["type"] for c in patch["conditions"]] == ["Paused"]
    going = a_cluster({"deletionTimestamp": "2026-11-23T11:59:00Z"}, **ENDPOINT)
    assert ready(cluster_status(ClusterScope(going, {}, "east"), NOON)) == ("False", "Deleting")


def test_fields_of_a_cluster_that_do_nothing_yet_are_named() -> None:
    """As for machines."""
    patch = cluster_status(ClusterScope(a_cluster(), {}, "east", later=["spec.x"]), NOON)
    found = {c["type"]: c for c in patch["conditions"]}["AllFieldsHonored"]
    assert "spec.x" in found["message"]


def a_provider(meta: dict[str, Any] | None = None) -> ScvmmProvider:
    """A ScvmmProvider as the API server gives it."""
    return ScvmmProvider.model_validate({"metadata": META | (meta or {}), "spec": {"scvmmHost": "vmm.example.com"}})


def test_a_provider_says_whether_its_server_answers_and_who_we_are_there() -> None:
    """Version and user come from VMM."""
    patch = provider_status(a_provider(), {}, None, ANSWERS, [], 0, NOON)
    assert ready(patch) == ("True", "Ready")
    assert patch["vmmServer"] == {"version": "10.22", "user": "EXAMPLE\\capi"}
    assert patch["execHosts"] == [{"host": "vmm.example.com", "status": "OK", "message": ""}]


def test_a_provider_says_why_its_server_does_not_answer() -> None:
    """In its own words, also for the exec host."""
    silent = (Health.UNREACHABLE, "Connection refused.", None, None, "VMMUnreachable")
    patch = provider_status(a_provider(), {}, None, silent, [], 0, NOON)
    assert ready(patch) == ("False", "VMMUnreachable")
    assert patch["execHosts"][0]["message"] == "Connection refused."


def test_each_exec_host_says_whether_it_is_used() -> None:
    """The provider is ready while one of them answers; without details what is known of the server holds for all."""
    spec = {"scvmmHost": "vmm.example.com", "execHosts": ["exec1", "exec2"]}
    provider = ScvmmProvider.model_validate({"metadata": META, "spec": spec})
    hosts = [{"host": "exec1", "message": "no answer in time"}, {"host": "exec2", "message": ""}]
    patch = provider_status(provider, {}, None, ANSWERS, [], 0, NOON, hosts)
    assert ready(patch) == ("True", "Ready")
    assert patch["execHosts"] == [
        {"host": "exec1", "status": "Failed", "message": "no answer in time"},
        {"host": "exec2", "status": "OK", "message": ""},
    ]
    silent = (Health.UNREACHABLE, "No exec host answers.", None, None, "VMMUnreachable")
    told = provider_status(provider, {}, None, silent, [], 0, NOON)["execHosts"]
    assert [(host["status"], host["message"]) for host in told] == [("Failed", "No exec host answers.")] * 2


def test_a_provider_without_credentials_does_not_try() -> None:
    """What is missing is named."""
    unknown = (Health.UNKNOWN, "", None, None, "")
    patch = provider_status(a_provider(), {}, ("CredentialsMissing", "No password."), unknown, [], 0, NOON)
    assert ready(patch) == ("False", "CredentialsMissing")
    assert patch["execHosts"][0]["message"] == "No password."
    trying = provider_status(a_provider(), {}, None, unknown, [], 0, NOON)
    assert ready(trying) == ("Unknown", "Connecting")
    assert "execHosts" not in trying


def test_a_provider_in_use_says_why_it_does_not_go() -> None:
    """Its machines could not be deleted without it."""
    going = a_provider({"deletionTimestamp": "2026-11-23T11:59:00Z"})
    patch = provider_status(going, {}, None, ANSWERS, [], 3, NOON)
    found = {c["type"]: c for c in patch["conditions"]}["Deleting"]
    assert "3 machines" in found["message"]


def test_a_patch_holds_only_what_changes() -> None:
    """Order of conditions and of addresses means nothing; None asks for absence."""
    here = {"a": 1, "list": [{"type": "B"}, {"type": "A"}], "nested": {"x": 1, "more": 2}}
    wanted = {"a": 1, "b": None, "list": [{"type": "A"}, {"type": "B"}], "nested": {"x": 1}}
    assert changed(here, wanted) == {}
    assert changed(here, {"a": None}) == {"a": None}
    assert changed(here, {"nested": {"x": 2}}) == {"nested": {"x": 2}}
    assert not same(None, [{"type": "A"}])
    assert not same([{"type": "A"}], [])


def reachable(patch: dict[str, Any]) -> tuple[str, str, str] | None:
    """Status, reason and message of VMMReachable."""
    found = {c["type"]: c for c in patch["conditions"]}.get("VMMReachable")
    return (found["status"], found["reason"], found["message"]) if found else None


def test_a_server_that_refuses_is_told_from_one_that_is_silent() -> None:
    """The reason says which; the words say who can mend it and that the password is not tried on and on."""
    patches = [
        provider_status(a_provider(), {}, None, (Health.UNREACHABLE, "Words.", None, None, reason), [], 0, NOON)
        for reason in ("LoginRefused", "VMMRefuses", "VMMUnreachable")
    ]
    assert [ready(patch)[1] for patch in patches] == ["LoginRefused", "VMMRefuses", "VMMUnreachable"]
    told = [(reachable(patch) or ("", "", ""))[2] for patch in patches]
    assert "not tried again before the Secret" in told[0]
    assert "answers, and refuses: Words." in told[1]
    assert "does not answer: Words." in told[2]


def test_a_doubt_about_a_server_changes_nothing() -> None:
    """One broken connection is nobody's news."""
    known = provider_status(a_provider(), {}, None, ANSWERS, [], 0, NOON)
    assert provider_status(a_provider(), known, None, (Health.DOUBTED, *ANSWERS[1:]), [], 0, NOON) == {}


@pytest.mark.contract(14)
def test_a_cluster_repeats_whether_its_server_answers_and_stays_ready() -> None:
    """What cannot be asked for the moment is no reason to take a cluster down; what is not known changes nothing."""

    def at(health: Health, known: dict[str, Any]) -> dict[str, Any]:
        server = Reachable("prod/vmm", health, "LoginRefused", "Wrong password.")
        return cluster_status(ClusterScope(a_cluster(**ENDPOINT), known, "east", server=server), NOON)

    new = at(Health.UNKNOWN, {})
    assert reachable(new) is None
    fine = at(Health.REACHABLE, new)
    assert reachable(fine) == ("True", "Answers", "")
    assert at(Health.DOUBTED, {**new, **fine}) == {}
    silent = at(Health.UNREACHABLE, {**new, **fine})
    assert reachable(silent) == ("False", "LoginRefused", "ScvmmProvider prod/vmm: Wrong password.")
    assert ready(silent) == ("True", "Ready")


def test_events_tell_of_servers_that_fall_silent_and_come_back_once_each() -> None:
    """Another wording of the same outage is no event."""

    def at(health: Health, words: str, known: dict[str, Any]) -> dict[str, Any]:
        return provider_status(a_provider(), known, None, (health, words, None, None, "VMMUnreachable"), [], 0, NOON)

    def told(known: dict[str, Any], patch: dict[str, Any]) -> list[tuple[str, str, str]]:
        return [(event.kind, event.reason, event.message) for event in server_events(known, patch)]

    new = at(Health.UNKNOWN, "", {})
    assert told({}, new) == []
    fine = at(Health.REACHABLE, "", new)
    assert told(new, fine) == [("Normal", "VMMReachable", "The VMM server answers.")]
    silent = at(Health.UNREACHABLE, "reset", fine)
    ((kind, reason, message),) = told(fine, silent)
    assert (kind, reason) == ("Warning", "VMMUnreachable")
    assert message.endswith("reset")
    again = at(Health.UNREACHABLE, "no route", silent)
    assert (bool(again), told(silent, again)) == (True, [])
    assert told(again, at(Health.REACHABLE, "", again)) == [("Normal", "VMMReachable", "The VMM server answers again.")]
    assert server_events({}, {"execHosts": []}) == []


def test_events_tell_what_a_provider_or_a_cluster_lacks_and_when_it_is_ready() -> None:
    """Credentials that are missing; a provider that is not there; the endpoint that completes it."""
    lacking = provider_status(a_provider(), {}, ("CredentialsMissing", "No password."), UNKNOWN, [], 0, NOON)
    assert [event.reason for event in server_events({}, lacking)] == ["CredentialsMissing"]
    lost = cluster_status(ClusterScope(a_cluster(), {}, "east", provider_problem=("ProviderNotFound", "x")), NOON)
    assert [event.reason for event in server_events({}, lost)] == ["ProviderNotFound"]
    done = cluster_status(ClusterScope(a_cluster(**ENDPOINT), {}, "east"), NOON)
    assert [event.reason for event in server_events({}, done)] == ["Provisioned"]
    assert server_events(done, done) == []
