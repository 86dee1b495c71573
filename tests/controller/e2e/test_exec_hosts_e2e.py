# SPDX-License-Identifier: Apache-2.0
"""A provider with two exec hosts: the first that is well is used, its status tells of both, nothing is made twice."""

from .world import World

RESYNC = ("--resync", "2")


def exec_hosts(here: World) -> dict[str, str]:
    """What the provider's status says of its exec hosts."""
    provider = here.get("ScvmmProvider", "vmm") or {}
    hosts = (provider.get("status") or {}).get("execHosts") or []
    return {host["host"]: host["status"] for host in hosts}


def test_machines_are_made_though_the_first_exec_host_is_lost(here: World) -> None:
    """Nothing waits for it; when it is back it is used again."""
    first = here.sim.add_exec_host(here.sim.port, "127.0.0.2")
    here.provider(scvmmHost="vmm.example.com", execHosts=["127.0.0.2", "127.0.0.1"])
    here.bootstrap()
    here.machine("before")
    here.start(*RESYNC)
    here.until_true("before")
    here.until("both are well", lambda: exec_hosts(here) == {"127.0.0.2": "OK", "127.0.0.1": "OK"} or None)
    assert (first.shells > 0, here.sim.stats()["shells"]) == (True, 0)
    first.close()
    here.machine("during")
    here.until_true("during")
    here.until("one is lost", lambda: exec_hosts(here) == {"127.0.0.2": "Failed", "127.0.0.1": "OK"} or None)
    again = here.sim.add_exec_host(here.sim.port, "127.0.0.2")
    here.until("both are well again", lambda: exec_hosts(here) == {"127.0.0.2": "OK", "127.0.0.1": "OK"} or None, 90)
    here.machine("after")
    here.until_true("after")
    assert again.shells > 0
    assert sorted(vm["Name"] for vm in here.vms()) == ["after", "before", "during"]
