# SPDX-License-Identifier: Apache-2.0
"""How a provider's spec becomes the way to its VMM server, the same for the pipe and for playbooks."""

from typing import Any

from capi_scvmm.connection import Connection
from capi_scvmm.kinds import ScvmmProvider


def way(**spec: Any) -> Connection:
    """The connection of a provider with *spec*."""
    provider = ScvmmProvider.model_validate(
        {"metadata": {"name": "p", "namespace": "n"}, "spec": {"scvmmHost": "vmm.example.com", **spec}}
    )
    return Connection.of(provider, "EXAMPLE\\capi", "planted-secret", "")


def test_the_vmm_server_itself_needs_no_second_login() -> None:
    """It asks itself, and is given no credentials to show."""
    connection = way()
    assert (connection.host, connection.vmm_server, connection.hosts) == ("vmm.example.com", "localhost", ())
    assert (connection.vmm_username, connection.vmm_password) == ("", "")


def test_another_exec_host_is_given_credentials_for_vmm() -> None:
    """Windows passes no login on to a second server."""
    connection = way(execHosts=["exec1.example.com"])
    assert (connection.host, connection.vmm_server) == ("exec1.example.com", "vmm.example.com")
    assert (connection.vmm_username, connection.vmm_password) == ("EXAMPLE\\capi", "planted-secret")


def test_several_exec_hosts_are_handed_on_in_order() -> None:
    """The session chooses the first that is well."""
    connection = way(execHosts=["exec1", "vmm.example.com", "exec2"])
    assert connection.hosts == ("exec1", "vmm.example.com", "exec2")
    assert (connection.host, connection.vmm_server) == ("exec1", "vmm.example.com")


def test_pipe_and_playbooks_are_told_the_same() -> None:
    """Otherwise they would not share a broker."""
    fingerprint = "ab" * 32
    connection = way(
        execHosts=["exec1", "exec2"], connection={"scheme": "https", "certificateFingerprint": fingerprint}
    )
    names = {"host": "ansible_host", "port": "ansible_port", "username": "ansible_user", "password": "ansible_password"}
    variables = connection.variables()
    del variables["ansible_connection"]
    told = {names.get(name, f"scvmm_{name}"): value for name, value in connection.options().items()}
    assert told == variables
    assert told["scvmm_certificate_fingerprint"] == fingerprint


def test_no_password_shows_in_a_message() -> None:
    """Neither the exec host's nor VMM's."""
    assert "planted-secret" not in repr(way(execHosts=["exec1"]))


def test_a_restricted_session_configuration_is_named_both_ways() -> None:
    """Pipe and inventories ask for it; a provider that names none leaves the plugin's default."""
    restricted = way(connection={"configuration": "CapiScvmm"})
    assert restricted.options()["configuration"] == "CapiScvmm"
    assert restricted.variables()["scvmm_configuration"] == "CapiScvmm"
    assert "configuration" not in way().options()
    assert "scvmm_configuration" not in way().variables()
