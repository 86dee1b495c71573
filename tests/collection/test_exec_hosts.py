# SPDX-License-Identifier: Apache-2.0
"""Several exec hosts: the first that is well is used, one that failed is looked at again; nothing runs twice."""

from __future__ import annotations

import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from scvmm_sim.simulator import Simulator

from .conftest import ENGINE, StartPipe, options_for
from .processes import wait_until
from .surroundings import FABRIC, PipeProcess

from ansible_collections.capi.scvmm.plugins.plugin_utils.session.call import Call  # isort: skip
from ansible_collections.capi.scvmm.plugins.plugin_utils.session.client import Client  # isort: skip
from ansible_collections.capi.scvmm.plugins.plugin_utils.session.failures import Unreachable  # isort: skip
from ansible_collections.capi.scvmm.plugins.plugin_utils.session.fates import Fates  # isort: skip
from ansible_collections.capi.scvmm.plugins.plugin_utils.session.hosts import Hosts  # isort: skip
from ansible_collections.capi.scvmm.plugins.plugin_utils.session.options import Options  # isort: skip

VM = {"owner": "o", "uid": "moved-1", "name": "moved-1", "cloud": "production", "template": "debian"}


class Site:
    """Two exec hosts of one VMM server; the first one can go away and come back."""

    def __init__(self, simulator: Simulator) -> None:
        self.simulator = simulator
        self.first = simulator.add_exec_host()
        self.second = simulator.add_exec_host()
        self.hosts = [f"127.0.0.1:{self.first.port}", f"127.0.0.1:{self.second.port}"]
        self.options = options_for(simulator, hosts=self.hosts, connection_timeout=2)

    def first_goes(self) -> None:
        self.first.close()

    def first_returns(self) -> None:
        self.first = self.simulator.add_exec_host(self.first.port)

    @property
    def shells(self) -> tuple[int, int]:
        return self.first.shells, self.second.shells


@pytest.fixture
def site() -> Iterator[Site]:
    with Simulator(fabric=FABRIC, engine=ENGINE) as simulator:
        yield Site(simulator)


@pytest.fixture
def pipe(site: Site, start_pipe: StartPipe) -> PipeProcess:
    return start_pipe(**site.options)


def test_the_first_host_is_used(site: Site, pipe: PipeProcess) -> None:
    """The others have nothing to do while it is well."""
    for _ in range(3):
        pipe.result("vm_info")
    assert site.shells == (1, 0)


def test_another_host_takes_over_and_the_first_comes_back(site: Site, pipe: PipeProcess) -> None:
    """No caller notices: neither when the first host goes, nor when it is used again because a probe found it well."""
    pipe.result("vm_info")
    site.first_goes()
    assert pipe.result("vm_info")["vms"] == []
    assert site.second.shells == 1
    site.first_returns()

    def is_back() -> bool:
        pipe.result("vm_info")
        return site.shells == (1, 0)

    assert wait_until(is_back, 30)


def test_a_host_that_is_down_from_the_start_costs_one_try(site: Site, pipe: PipeProcess) -> None:
    """It is not tried again at each call: the probe tells when it is there, and the probe does not log in."""
    site.first_goes()
    for _ in range(5):
        assert pipe.result("vm_info")["vms"] == []
    assert site.second.shells == 1


def test_a_host_that_cannot_reach_vmm_is_passed_over(site: Site, pipe: PipeProcess) -> None:
    """It lets us in, but its console gets no answer from VMM: another one may."""
    site.simulator.add_fault({"cmdlet": "Get-SCVMMServer", "times": 1, "error": {
        "number": 1602, "message": "The server does not respond.", "recommended_action": "Start it."}})  # fmt: skip
    assert pipe.result("vm_info")["vms"] == []
    assert site.shells[1] == 1


def test_when_no_host_answers_all_are_named(site: Site, pipe: PipeProcess) -> None:
    """The message names each one and its obstacle, and comes soon; the first that returns is used."""
    site.first_goes()
    site.second.close()
    began = time.monotonic()
    error = pipe.call("vm_info")["error"]
    assert time.monotonic() - began < 15
    assert (error["class"], error["happened"]) == ("unreachable", "never")
    assert all(f"http://{host}/wsman is not reached" in error["message"] for host in site.hosts)
    site.first_returns()
    assert pipe.result("vm_info")["vms"] == []


def test_a_wrong_password_is_not_tried_at_the_other_hosts(site: Site, start_pipe: StartPipe) -> None:
    """They know the same account: each further try is a step towards locking it."""
    error = start_pipe(**{**site.options, "password": "wrong-password"}).call("connect")["error"]
    assert error["id"] == "CapiScvmm.LoginRefused"
    assert (site.first.logins["refused"], site.second.logins["refused"]) == (1, 0)


def test_the_broker_tells_the_health_of_each_host(site: Site, pipe: PipeProcess, runtime_dir: Path) -> None:
    """Who looks after the hosts sees which one is not used, and why."""
    client = Client(Options.of(site.options), runtime_dir)
    site.first_goes()
    pipe.result("connect")
    told = client.ask("status")["hosts"]
    client.close()
    assert [host["port"] for host in told] == [site.first.port, site.second.port]
    assert "connection refused" in told[0]["message"]
    assert told[1]["message"] == ""


def test_the_pipe_tells_the_health_of_each_host(site: Site, pipe: PipeProcess) -> None:
    """The controller asks it as it asks for operations, and shows it in the provider's status."""
    site.first_goes()
    pipe.result("connect")
    first, second = pipe.result("session_hosts")["hosts"]
    assert "connection refused" in first["message"]
    assert (second["host"], second["message"]) == ("127.0.0.1", "")


def test_a_creation_that_breaks_with_its_host_is_not_made_on_another_one(site: Site, pipe: PipeProcess) -> None:
    """It may still be under way there, where no lock of the other host reaches; reading goes on at once.

    The caller hears that nobody knows; when the host is back the VM is found, and there is one.
    """
    pipe.result("vm_info")
    site.simulator.add_fault({"operation": "vm_present", "delay": 2, "times": 1})
    number = pipe.send("vm_present", VM)
    assert wait_until(lambda: any(call["name"] == "vm_present" for call in site.simulator.calls()))
    site.first_goes()
    error = pipe.wait(number)["error"]
    assert (error["class"], error["happened"]) == ("unreachable", "unknown")
    assert "may still be under way" in error["message"]
    assert pipe.result("vm_info", {"marked": True})["changed"] is True
    assert pipe.call("vm_present", VM)["error"]["class"] == "unreachable"
    assert pipe.call("vm_present", {**VM, "uid": "other-1", "name": "other-1"})["ok"]
    site.first_returns()
    assert wait_until(lambda: pipe.call("vm_present", VM)["ok"], 30)
    assert [vm["Name"] for vm in site.simulator.vms()].count("moved-1") == 1


def options(*hosts: str) -> Options:
    """Options with several hosts."""
    return Options.of({"hosts": list(hosts), "username": "u", "password": "p"})


def test_hosts_are_taken_as_they_are_named_those_that_failed_last() -> None:
    """The order of the options is the order of preference."""
    hosts = Hosts(options("a", "b", "c"))
    a, b, c = hosts.in_order()
    assert [target.host for target in (a, b, c)] == ["a", "b", "c"]
    hosts.failed(a, "down")
    assert hosts.in_order() == [b, c, a]
    assert hosts.is_second_best(c)
    assert not hosts.is_second_best(b)
    hosts.works(a)
    assert hosts.in_order() == [a, b, c]


def test_a_host_that_keeps_failing_is_looked_at_less_and_less_often() -> None:
    """At most every five minutes in the end; a session that stands begins anew."""
    now = [0.0]
    hosts = Hosts(options("a", "b"), clock=lambda: now[0])
    a, _ = hosts.in_order()
    hosts.failed(a, "down")
    waits = []
    for _ in range(12):
        before = now[0]
        while not hosts.due():
            now[0] += 1
        waits.append(now[0] - before)
        hosts.probed(a, "still down")
    assert waits == sorted(waits)
    assert (waits[0], waits[-1]) == (5, 300)
    hosts.works(a)
    hosts.failed(a, "down again")
    now[0] += 5
    assert hosts.due() == [a]


def test_a_host_that_answers_and_then_refuses_is_not_tried_ever_more_often() -> None:
    """A probe that finds somebody there does not make the failures before it forgotten."""
    now = [0.0]
    hosts = Hosts(options("a", "b"), clock=lambda: now[0])
    a, _ = hosts.in_order()
    for _ in range(4):
        hosts.failed(a, "VMM refuses")
    hosts.probed(a, "")
    assert hosts.in_order()[0] == a
    hosts.failed(a, "VMM refuses")
    now[0] += 60
    assert hosts.due() == []


def test_a_change_waits_for_the_end_of_its_time_on_the_host_that_broke_off() -> None:
    """On that host it may go on at once, of another object everywhere, and reading is free."""
    now = [time.monotonic()]
    fates = Fates(clock=lambda: now[0])
    a, b = options("a", "b").targets
    broken = Call("vm_present", "{}", 30.0, subject="u1")
    fates.begin(broken, a)
    again = Call("vm_present", "{}", 30.0, subject="u1")
    with pytest.raises(Unreachable, match="may still be under way"):
        fates.begin(again, b)
    fates.begin(Call("vm_present", "{}", 30.0, subject="u2"), b)
    fates.begin(Call("vm_info", "{}", 30.0, subject="u1"), b)
    fates.begin(again, a)
    fates.ended(again)
    now[0] += 100
    fates.begin(again, b)


def test_a_change_that_was_answered_stands_in_nobodys_way() -> None:
    """What is over cannot meet itself."""
    fates = Fates()
    a, b = options("a", "b").targets
    call = Call("vm_power", "{}", 30.0, subject="u1")
    fates.begin(call, a)
    fates.ended(call)
    fates.begin(Call("vm_power", "{}", 30.0, subject="u1"), b)
