# SPDX-License-Identifier: Apache-2.0
"""Options of a session are checked before anything is tried, and a wrong one is named with its remedy."""

from __future__ import annotations

import json
from typing import Any

import pytest

from . import surroundings  # noqa: F401  # puts the collection on the path

from ansible_collections.capi.scvmm.plugins.plugin_utils.session.failures import OptionsInvalid  # isort: skip
from ansible_collections.capi.scvmm.plugins.plugin_utils.session.options import Options  # isort: skip

GOOD: dict[str, Any] = {"host": "vmm.example.com", "username": "EXAMPLE\\capi", "password": "s3cret-word"}


def test_https_and_negotiate_are_what_one_gets_without_asking() -> None:
    """The defaults are those that are safe."""
    options = Options.of(GOOD)
    assert (options.scheme, options.port, options.authentication, options.certificate_validation) == (
        "https", 5986, "negotiate", True,
    )  # fmt: skip
    assert options.endpoint == "https://vmm.example.com:5986/wsman"


def test_the_port_follows_the_scheme() -> None:
    """WinRM listens on 5985 without TLS."""
    assert Options.of({**GOOD, "scheme": "http"}).port == 5985


def test_texts_that_mean_numbers_and_truth_are_taken() -> None:
    """Inventories often give numbers and truth values as texts."""
    options = Options.of({**GOOD, "port": "15986", "certificate_validation": "no", "workers": "2"})
    assert (options.port, options.certificate_validation, options.workers) == (15986, False, 2)


def test_an_ipv6_address_goes_into_brackets() -> None:
    """The endpoint is a URL that can be used as it is shown."""
    assert Options.of({**GOOD, "host": "2001:db8::1"}).endpoint == "https://[2001:db8::1]:5986/wsman"


def test_several_hosts_each_have_their_port() -> None:
    """An entry without a port has that of the option port, or the scheme's."""
    hosts = ["exec1:15986", "exec2", "[2001:db8::1]:25986", "2001:db8::2"]
    targets = Options.of({**GOOD, "hosts": hosts}).targets
    assert [(target.host, target.port) for target in targets] == [
        ("exec1", 15986), ("exec2", 5986), ("2001:db8::1", 25986), ("2001:db8::2", 5986),
    ]  # fmt: skip
    assert Options.of({**GOOD, "hosts": "exec1, exec2", "port": 999}).targets[1].port == 999


def test_one_host_is_one_session_however_it_is_written() -> None:
    """Who names the host as a list of one shares the broker of those who name it as host."""
    assert Options.of({**GOOD, "hosts": ["vmm.example.com:5986"]}) == Options.of(GOOD)


def test_options_are_the_same_after_a_journey() -> None:
    """The broker is handed what the client has."""
    options = Options.of({**GOOD, "hosts": ["a", "b:1"], "vmm_username": "v", "vmm_password": "w"})
    assert Options.of(json.loads(json.dumps(options.as_dict()))) == options


def test_a_fingerprint_is_taken_as_tools_print_it() -> None:
    """With colons and in capitals, or without."""
    options = Options.of({**GOOD, "certificate_fingerprint": ":".join(["AB"] * 32)})
    assert options.certificate_fingerprint == "ab" * 32


def test_the_password_is_not_part_of_what_is_shown() -> None:
    """Options in a message or a trace never show the password."""
    assert GOOD["password"] not in repr(Options.of(GOOD))


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ({"host": ""}, "option host is missing"),
        ({"host": "https://vmm"}, "option host is 'https://vmm'; give a host name or an address only"),
        ({"host": "user@vmm"}, "option host"),
        ({"host": "vmm\n"}, "control character"),
        ({"hots": "vmm"}, "option hots is unknown; known are authentication"),
        ({"port": 0}, "option port is 0; use a whole number from 1 to 65535"),
        ({"port": 70000}, "option port is 70000"),
        ({"port": "abc"}, "option port is 'abc'; use a whole number"),
        ({"port": True}, "option port is True"),
        ({"port": 5985.5}, "option port is 5985.5"),
        ({"workers": 0}, "option workers is 0; use a whole number from 1 to 32"),
        ({"idle_seconds": -1}, "option idle_seconds is -1"),
        ({"scheme": "ftp"}, "option scheme is 'ftp'; use one of http, https"),
        ({"authentication": "digest"}, "use one of basic, ntlm, negotiate, kerberos, certificate"),
        ({"encryption": "maybe"}, "use one of auto, always, never"),
        ({"certificate_validation": "perhaps"}, "option certificate_validation is 'perhaps'; use true or false"),
        ({"authentication": "ntlm", "password": ""}, "set username and password"),
        ({"authentication": "basic", "scheme": "http"}, "sends the password readable"),
        ({"authentication": "basic", "encryption": "always"}, "which basic cannot do"),
        ({"authentication": "certificate"}, "set certificate_pem and certificate_key_pem"),
        ({"authentication": "certificate", "scheme": "http"}, "needs scheme https"),
        ({"ca_cert": "/nowhere/ca.pem"}, "option ca_cert is '/nowhere/ca.pem'; there is no such file"),
        ({"operation_timeout": 30, "read_timeout": 30}, "it must be above operation_timeout"),
        ({"username": ["a"]}, "option username must be a text"),
        ({"hosts": 3}, "option hosts is 3; give a list of host or host:port"),
        ({"hosts": ["a", "b:c"]}, "option hosts holds 'b:c'; write host, host:port or [address]:port"),
        ({"hosts": ["a:99999"]}, "option port is 99999"),
        ({"hosts": [f"h{number}" for number in range(17)]}, "option hosts has 17 entries; give 16 at most"),
        ({"vmm_username": "EXAMPLE\\vmm"}, "option vmm_password is missing"),
        ({"vmm_password": "s3cret-word"}, "option vmm_username is missing"),
        ({"certificate_fingerprint": "ab:cd"}, "give the SHA-256 of the certificate"),
        ({"certificate_fingerprint": "ab" * 32, "scheme": "http"}, "is for scheme https"),
    ],
)
def test_a_wrong_option_is_named_with_its_value_and_a_remedy(change: dict[str, Any], told: str) -> None:
    """Each wrong value ends in one message that says what to change."""
    with pytest.raises(OptionsInvalid) as caught:
        Options.of({**GOOD, **change})
    assert told in caught.value.message


def test_a_wrong_password_value_is_not_shown() -> None:
    """A password that is no text is refused without being repeated."""
    with pytest.raises(OptionsInvalid) as caught:
        Options.of({**GOOD, "password": {"secret": "s3cret-word"}})
    assert "s3cret-word" not in caught.value.message
