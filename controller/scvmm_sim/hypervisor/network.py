# SPDX-License-Identifier: Apache-2.0
"""Network namespaces and bridges without names in the system: they end with the process that holds them."""

from __future__ import annotations

import itertools
import subprocess
from collections.abc import Sequence

from scvmm_sim.hypervisor.errors import HypervisorError
from scvmm_sim.hypervisor.programs import Programs


class Namespace:
    """A network namespace that lives as long as a process which does nothing else than hold it."""

    def __init__(self, programs: Programs) -> None:
        """Make it, with the loopback device up."""
        self._programs = programs
        self._holder = programs.children.start(
            [programs.find("unshare"), "--net", "cat"], stdin=subprocess.PIPE, stdout=subprocess.PIPE
        )
        assert self._holder.stdin and self._holder.stdout
        try:
            # What comes back shows that the namespace is there: unshare has become cat.
            self._holder.stdin.write(b"?\n")
            there = self._holder.stdout.read(2) == b"?\n"
        except BrokenPipeError:
            there = False
        if not there:
            programs.children.end(self._holder)
            raise HypervisorError("A network namespace could not be made: `unshare --net` is not allowed here.")
        self.ip("link", "set", "lo", "up")

    @property
    def pid(self) -> int:
        """The process that holds it."""
        return self._holder.pid

    @property
    def path(self) -> str:
        """The file that stands for it."""
        return f"/proc/{self.pid}/ns/net"

    def command(self, *command: str) -> list[str]:
        """The same command, to be run within it."""
        return [self._programs.find("nsenter"), f"--net={self.path}", "--", *command]

    def ip(self, *arguments: str) -> str:
        """Run `ip` within it. Raises HypervisorError."""
        return self._programs.run_command(self.command(self._programs.find("ip"), *arguments))

    def close(self) -> None:
        """Let go of it: it ends with all its devices as soon as no process is left in it. May be called again."""
        self._programs.children.end(self._holder)


class Network:
    """Bridges in a namespace of their own, which only guests and those who enter the namespace are connected to."""

    def __init__(self, programs: Programs) -> None:
        """A namespace without bridges."""
        self.namespace = Namespace(programs)
        self._numbers = itertools.count()

    def add_bridge(self, name: str, addresses: Sequence[str] = ()) -> None:
        """A bridge; *addresses* (with prefix length) are the namespace's own on it, a gateway's for example."""
        ip = self.namespace.ip
        ip("link", "add", name, "type", "bridge", "stp_state", "0", "forward_delay", "0")
        for address in addresses:
            ip("address", "add", address, "dev", name, *(["nodad"] if ":" in address else []))
        ip("link", "set", name, "up")

    def connect(self, bridge: str | None, guest: Namespace, device: str, mac: str) -> str:
        """Plug *device* of a guest's namespace into a bridge and return the name of the bridge's end of the cable."""
        port = f"port{next(self._numbers)}"
        end = ("peer", "name", device, "address", mac, "netns", str(guest.pid))
        self.namespace.ip("link", "add", port, "type", "veth", *end)
        self.plug(port, bridge)
        return port

    def add_tap(self, bridge: str | None) -> str:
        """A TAP device on a bridge, for a guest that is a process within the namespace; returns its name."""
        port = f"port{next(self._numbers)}"
        self.namespace.ip("tuntap", "add", port, "mode", "tap")
        self.plug(port, bridge)
        return port

    def plug(self, port: str, bridge: str | None) -> None:
        """Put a port on a bridge and up: a guest whose cable has no other end would wait long for its network."""
        self.namespace.ip("link", "set", port, *(["master", bridge] if bridge else []), "up")

    def set_cable(self, port: str, plugged: bool) -> None:
        """Take the cable out of a port, or put it back."""
        self.namespace.ip("link", "set", port, "up" if plugged else "down")

    def remove_port(self, port: str) -> None:
        """Remove a port."""
        self.namespace.ip("link", "delete", port)

    def close(self) -> None:
        """Let go of the namespace."""
        self.namespace.close()
