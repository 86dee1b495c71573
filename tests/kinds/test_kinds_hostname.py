# SPDX-License-Identifier: Apache-2.0
"""The guest's host name: its default, its templates, and what is refused."""

from __future__ import annotations

from typing import Any

import pytest
from capi_scvmm.kinds import InvalidField, Networking, ScvmmMachine, render_hostname


def a_machine(hostname: str | None = None, domain: str | None = "example.com", **spec: Any) -> ScvmmMachine:
    """A machine called web-1."""
    networking = {"networking": {"domain": domain}} if domain is not None else {}
    body = {"metadata": {"name": "web-1", "labels": {"tier": "gold"}}, "spec": {**networking, **spec}}
    if hostname is not None:
        body["spec"]["hostname"] = hostname
    return ScvmmMachine.model_validate(body)


def test_default_is_name_and_domain() -> None:
    """Without a template the guest is called as its VM is, in the domain of its networks."""
    assert render_hostname(a_machine()) == "web-1.example.com"
    assert render_hostname(a_machine(vmName="db-7.old.example.org")) == "db-7.example.com"


def test_default_without_domain_is_the_name_alone() -> None:
    """No domain, no dot."""
    assert render_hostname(a_machine(domain=None)) == "web-1"
    assert render_hostname(a_machine(domain="")) == "web-1"


def test_networking_of_the_failure_domain_counts() -> None:
    """The domain may come from the failure domain: for the default and for a template."""
    placed = Networking(domain="north.example.com")
    assert render_hostname(a_machine(domain=None), placed) == "web-1.north.example.com"
    template = "{{ .metadata.name }}.{{ .spec.networking.domain }}"
    assert render_hostname(a_machine(template, domain=None), placed) == "web-1.north.example.com"


def test_template_needs_no_networking() -> None:
    """A machine without networks has a name all the same."""
    assert render_hostname(a_machine("{{ .metadata.name }}", domain=None)) == "web-1"


def test_default_of_the_go_provider_is_ours() -> None:
    """It wrote its default into every machine; such a manifest means the same here."""
    theirs = r'{{ regexReplaceAll "\\..*$" .spec.vmName "" }}.{{ .spec.networking.domain }}'
    assert render_hostname(a_machine(theirs, vmName="db-7.x")) == "db-7.example.com"


@pytest.mark.parametrize(
    ("template", "name"),
    [
        ("fixed.example.org", "fixed.example.org"),
        ("{{ .metadata.name }}.{{ .spec.networking.domain }}", "web-1.example.com"),
        ("{{.spec.vmName}}", "web-1"),
        ("{{- .spec.vmName -}}", "web-1"),
        ("{{ metadata.name }}", "web-1"),
        ("{{ metadata.labels.tier | upper }}-1", "GOLD-1"),
        ("{{ spec.vmName.split('-')[0] }}", "web"),
        ("{{ spec.vmName | replace('-', '') }}", "web1"),
        ("{{ spec.tag | default('x') }}", "x"),
        ("{{ spec.memory }}", "4Gi"),
        ("{{ status.hostname | default(spec.memory) }}", "4Gi"),
    ],
)
def test_template(template: str, name: str) -> None:
    """Jinja over the object, and Go's plain substitutions."""
    assert render_hostname(a_machine(template, memory="4Gi")) == name


@pytest.mark.parametrize(
    "template",
    [
        '{{ regexReplaceAll "a" .spec.vmName "b" }}',
        "{{ lower .spec.vmName }}",
        "{{ .spec.vmName | lower }}",
        "{{ range .spec.disks }}x{{ end }}",
        "{{ $name := .spec.vmName }}",
        "{{ if true }}x{{ end }}",
    ],
)
def test_functions_of_go_are_refused(template: str) -> None:
    """A machine must not silently get another name than there."""
    with pytest.raises(InvalidField, match="Of Go's templates only plain substitutions") as refusal:
        render_hostname(a_machine(template))
    assert refusal.value.field == "spec.hostname"
    assert "{{ spec.vmName | lower }}" in str(refusal.value)


@pytest.mark.parametrize(
    ("template", "why"),
    [
        ("{{ .spec.nowhere }}", "nowhere"),
        ("{{ spec.vmName", "no Jinja template"),
        ("{{ spec.vmName | shout }}", "No filter named 'shout'"),
        ("{% for x in spec %}x{% endfor %}", "only expressions"),
        ("{{ 'a' * 1000000000 }}", r"operator \* is not available"),
        ("{{ 9 ** 99999999 }}", r"operator \*\* is not available"),
        ("{{ '%1000000000d' % 1 }}", "operator % is not available"),
        ("{{ spec.vmName.center(1000000000) }}", "nothing can be called"),
        ("{{ '{:>1000000000}'.format('x') }}", "nothing can be called"),
        ("{{ spec.__class__.__mro__ }}", "unsafe"),
        ("{{ range(9) }}", "nothing can be called"),
        ("{{ 'a' | replace('', 'aaaaaaaaaaaaaaaaaaaaa') | replace('a', '" + "a" * 300 + "') }}", "longer than 4096"),
        ("{{ 1 / 0 }}", "division by zero"),
        ("{{ metadata.name | replace(1, 2) }}", "must be str"),
    ],
)
def test_template_that_cannot_be_rendered(template: str, why: str) -> None:
    """The error shows what the user wrote, says what is wrong, and what there is instead."""
    with pytest.raises(InvalidField, match=why) as refusal:
        render_hostname(a_machine(template))
    assert refusal.value.value == template


@pytest.mark.parametrize("template", ["web 1", "web_1", "-web", "a..b", "a" * 64, ".".join(["a" * 60] * 5), "{{ '' }}"])
def test_what_is_no_host_name_is_refused(template: str) -> None:
    """DNS allows letters, digits and dashes, in parts of 63."""
    with pytest.raises(InvalidField, match="A host name has letters, digits and dashes"):
        render_hostname(a_machine(template))


def test_default_that_is_no_host_name_says_how_to_set_one() -> None:
    """VMM allows names that DNS does not."""
    with pytest.raises(InvalidField, match=r"Set spec\.hostname to a host name"):
        render_hostname(a_machine(vmName="my web server"))
