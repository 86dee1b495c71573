# SPDX-License-Identifier: Apache-2.0
"""Three hosts of a lab that share an address: their API servers, who holds the address, and what clients see."""

from __future__ import annotations

import contextlib
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from guests.lab import Host, Lab
from scvmm_sim.hypervisor import HypervisorError

HERE = Path(__file__).parent
ROOT = HERE.parents[1]
PORT = 6443
SECONDS = 180.0  # systemd waits up to 90 s for the network when the machine is busy.
_UNIT = f"""[Unit]
Description=Stands for an API server
[Service]
ExecStart=/usr/bin/python3 /opt/apiserver.py {PORT} /opt/apiserver.pem
Restart=no
[Install]
WantedBy=multi-user.target
"""


@dataclass(frozen=True)
class Advert:
    """One VRRP advert that was heard on the network."""

    at: float
    sender: str
    router_id: int
    priority: int


@dataclass(frozen=True)
class Outage:
    """A time in which nobody answered at the address, in seconds on the monotonic clock; *by* answered then."""

    begin: float
    end: float
    by: str

    @property
    def seconds(self) -> float:
        """How long it was."""
        return self.end - self.begin


class Reporter:
    """A program that prints line after line into a file until the test ends."""

    def __init__(self, command: Sequence[str], file: Path) -> None:
        with file.open("wb") as out:
            self._process = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=out, stderr=subprocess.STDOUT)
        self._file = file

    def lines(self) -> list[list[str]]:
        """The words of each whole line so far."""
        said = self._file.read_text()
        assert self._process.poll() is None, said
        return [line.split() for line in said[: said.rfind("\n") + 1].splitlines()]

    def close(self) -> None:
        """End it."""
        self._process.kill()
        self._process.wait()


class ControlPlane:
    """Hosts on a lab's network that share *address*."""

    def __init__(self, lab: Lab, hosts: Sequence[Host], address: str, folder: Path) -> None:
        self.lab, self.hosts, self.address = lab, list(hosts), address
        self._folder = folder
        self._client: Reporter | None = None
        self._adverts = self._reporter("adverts.py", "br0")
        self.until(lambda: bool(self._adverts.lines()), "adverts are listened for")

    def close(self) -> None:
        """End what watches."""
        for reporter in (self._client, self._adverts):
            if reporter is not None:
                reporter.close()

    def _reporter(self, program: str, *arguments: str) -> Reporter:
        command = self.lab.network.namespace.command(sys.executable, str(HERE / program), *arguments)
        return Reporter(command, self._folder / f"{program}.out")

    # --- what there is

    def holders(self) -> list[Host]:
        """The hosts that have the address now; one that does not run has it not."""
        return [host for host in self.hosts if self._has(host)]

    def _has(self, host: Host) -> bool:
        with contextlib.suppress(HypervisorError):
            return bool(host.run("ip", "-oneline", "address", "show", "to", self.address).strip())
        return False

    def until_one_holds(self, seconds: float = SECONDS) -> Host:
        """Wait until exactly one host has the address."""
        found: list[Host] = []

        def one() -> bool:
            found[:] = self.holders()
            return len(found) == 1

        self.until(one, "one host has the address", seconds)
        return found[0]

    def until_settled(self) -> Host:
        """Wait until all hosts are well and know it, and one has the address."""
        for host in self.hosts:
            host.wait_until(lambda host=host: _knows_it_is_well(host), "keepalived found its API server well", SECONDS)
        return self.until_one_holds()

    def adverts(self, since: float = 0.0) -> list[Advert]:
        """What was advertised since then."""
        lines = self._adverts.lines()[1:]
        adverts = [Advert(float(at), sender, int(number), int(weight)) for at, sender, number, weight in lines]
        return [advert for advert in adverts if advert.at >= since]

    def overlap(self, since: float, until: float) -> float:
        """For how long two hosts advertised the address: from a new one's first advert to the old one's last."""
        worst, first, last = 0.0, {}, {}  # type: ignore[var-annotated]
        for advert in (one for one in self.adverts(since) if one.at <= until and one.priority > 0):
            for other, seen in last.items():
                if other != advert.sender and first.get(advert.sender, advert.at) < seen:
                    worst = max(worst, seen - max(first[advert.sender], first[other]))
            first.setdefault(advert.sender, advert.at)
            last[advert.sender] = advert.at
        return worst

    # --- what clients see

    def watch(self) -> None:
        """Be a client of the address from now on."""
        if self._client is None:
            self._client = self._reporter("client.py", self.address, str(PORT))
        self.until(lambda: bool(self._seen()) and self._seen()[-1][1] != "-", "the client reaches an API server")

    def _seen(self) -> list[tuple[float, str]]:
        assert self._client is not None
        return [(float(at), who) for at, who in self._client.lines()]

    def outage(self, since: float, victim: Host, seconds: float = 20.0) -> Outage:
        """Wait until a client that lost *victim* after *since* is served by another host."""
        found: list[Outage] = []

        def served() -> bool:
            seen = [(at, who) for at, who in self._seen() if at >= since]
            other = next(((at, who) for at, who in seen if who not in ("-", victim.name)), None)
            if other is not None:
                found.append(Outage(next((at for at, who in seen if who == "-"), other[0]), *other))
            return other is not None

        self.until(served, f"a client of {victim.name} is served by another host", seconds)
        return found[-1]

    def served_by(self, since: float) -> set[str]:
        """The hosts that answered after *since*."""
        return {who for at, who in self._seen() if at >= since and who != "-"}

    def until(self, true: Callable[[], bool], what: str, seconds: float = SECONDS) -> None:
        """Wait until it is true."""
        end = time.monotonic() + seconds
        while not true():
            assert time.monotonic() < end, f"not within {seconds:.0f} s: {what}\n{self.state()}"
            time.sleep(0.05)

    def state(self) -> str:
        """What helps to understand a failure."""
        said = []
        for host in self.hosts:
            with contextlib.suppress(HypervisorError):
                said += [host.name, host.sh("ip -brief address; journalctl --unit keepalived --no-pager --lines 15")]
        return "\n".join(said)


def _knows_it_is_well(host: Host) -> bool:
    told = host.sh(
        "systemctl is-active --quiet apiserver keepalived; journalctl --unit keepalived --boot --output cat --no-pager"
    )
    lines = [line for line in told.splitlines() if "effective priority" in line or "Startup complete" in line]
    return bool(lines) and lines[-1].endswith("to 150")


def host_files(certificate: str) -> dict[str, str]:
    """The API server that a host has from the beginning; nobody has started it."""
    return {
        "/opt/apiserver.py": (HERE / "apiserver.py").read_text(),
        "/opt/apiserver.pem": certificate,
        "/etc/systemd/system/apiserver.service": _UNIT,
    }


def start_api_servers(hosts: Sequence[Host]) -> None:
    """Start them, now and at each boot."""
    for host in hosts:
        host.run("systemctl", "enable", "--quiet", "--now", "apiserver")


@contextlib.contextmanager
def control_plane(lab: Lab, hosts: Sequence[Host], address: str, folder: Path) -> Iterator[ControlPlane]:
    """A control plane that is watched until the test ends."""
    made = ControlPlane(lab, hosts, address, folder)
    try:
        yield made
    finally:
        made.close()
