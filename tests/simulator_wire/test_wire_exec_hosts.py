# SPDX-License-Identifier: Apache-2.0
"""Several exec hosts in front of one VMM server; logins are counted; users show who they are by a certificate."""

from __future__ import annotations

import json
from typing import Any

import pytest
from pypsrp.exceptions import AuthenticationError
from pypsrp.powershell import PowerShell, RunspacePool
from pypsrp.wsman import WSMan
from scvmm_sim.errors import SimulatorError
from scvmm_sim.simulator import Simulator

from .clients import MODULE

FABRIC: dict[str, Any] = {"users": [{"username": "capi", "password": "right"}]}


def operation(wsman: WSMan, name: str) -> dict[str, Any]:
    """The envelope of an operation on a session of its own."""
    with RunspacePool(wsman) as pool:
        module = PowerShell(pool)
        module.add_script(MODULE).invoke()
        shell = PowerShell(pool)
        shell.add_cmdlet("Invoke-CapiScvmmOperation").add_parameter("Name", name)
        (answer,) = shell.add_parameter("Request", '{"vmm_server": "localhost"}').invoke()
        envelope: dict[str, Any] = json.loads(answer)
        return envelope


def basic(port: int, password: str = "right") -> WSMan:
    """A client that sends its password with each request."""
    return WSMan(
        "127.0.0.1", port=port, username="capi", password=password, ssl=False, auth="basic", encryption="never"
    )


def test_another_exec_host_shows_the_same_vmm_server() -> None:
    """It has shells and logins of its own; calls are counted for both; when it is closed nobody answers there."""
    with Simulator(FABRIC) as simulator:
        other = simulator.add_exec_host()
        assert operation(basic(other.port), "connect")["result"]["vmm_server"] == "vmm.example.com"
        assert simulator.stats()["calls"] == {"connect": 1}
        assert simulator.stats()["logins"]["accepted"] == 0
        assert other.logins["accepted"] > 0
        other.close()
        with pytest.raises(OSError):
            operation(basic(other.port), "connect")
        assert operation(basic(simulator.port), "connect")["ok"]


def test_refused_logins_are_counted() -> None:
    """A test can tell how often somebody tried a wrong password."""
    with Simulator(FABRIC) as simulator:
        for _ in range(3):
            with pytest.raises(AuthenticationError):
                operation(basic(simulator.port, "wrong"), "connect")
        assert simulator.stats()["logins"] == {"accepted": 0, "refused": 3}


def by_certificate(simulator: Simulator, user: str) -> WSMan:
    """A client that shows the certificate of *user*."""
    certificate, key = simulator.user_certificate(user)
    return WSMan("127.0.0.1", port=simulator.https_port, ssl=True, auth="certificate", certificate_pem=str(certificate),
                 certificate_key_pem=str(key), cert_validation=str(simulator.ca_certificate))  # fmt: skip


def test_a_certificate_shows_who_somebody_is() -> None:
    """A certificate of the simulator's authority in the name of a user is that user's; a stranger's is refused."""
    with Simulator(FABRIC, https=True) as simulator:
        assert operation(by_certificate(simulator, "capi"), "connect")["ok"]
        with pytest.raises(AuthenticationError):
            operation(by_certificate(simulator, "stranger"), "connect")


def test_without_https_there_are_no_certificates() -> None:
    """The message says what is missing."""
    with Simulator(FABRIC) as simulator, pytest.raises(SimulatorError, match="without https"):
        simulator.user_certificate("capi")
