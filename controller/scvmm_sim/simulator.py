# SPDX-License-Identifier: Apache-2.0
"""The simulator as one object: a VMM server, its wire and its control API."""

from __future__ import annotations

import functools
import secrets
import ssl
import tempfile
from contextlib import ExitStack
from pathlib import Path
from typing import Any, Literal

from scvmm_sim.calls import CallLog
from scvmm_sim.cmdlets import Vmm
from scvmm_sim.control import ControlServer
from scvmm_sim.errors import CmdletError, SimulatorError
from scvmm_sim.fabric import load_fabric
from scvmm_sim.guest.real import GuestMaker
from scvmm_sim.hypervisor import RunningGuest
from scvmm_sim.operations import Operations
from scvmm_sim.standin import MODULE_PATH
from scvmm_sim.wire.bridge import CmdletBridge
from scvmm_sim.wire.certificates import Authority
from scvmm_sim.wire.faults import WireFault
from scvmm_sim.wire.native import NativeEngine
from scvmm_sim.wire.powershell import PowerShellEngine
from scvmm_sim.wire.pwsh import find_pwsh
from scvmm_sim.wire.server import WireServer
from scvmm_sim.wire.shell import Engine

EngineName = Literal["native", "powershell"]
DEFAULT_USER = "administrator"
"""Who may log on when the fabric names nobody; the password is then made up."""


class Simulator:
    """A simulated VMM server that answers on the wire from construction until ``close`` (or the end of a with block).

    WSMan is at http://host:port/wsman (Basic; NTLM and Negotiate with message encryption), with *https* also at
    https://host:https_port/wsman, whose certificate ``ca_certificate`` vouches for.
    """

    def __init__(
        self,
        fabric: dict[str, Any] | Path | str | None = None,
        engine: EngineName = "native",
        library: Path | str | None = None,
        port: int = 0,
        control_port: int = 0,
        *,
        host: str = "127.0.0.1",
        https: bool = False,
        https_port: int = 0,
        tls: ssl.SSLContext | None = None,
        idle_seconds: float | None = None,
        guests: GuestMaker | None = None,
    ) -> None:
        """Start everything; ports 0 are free ones. *tls* brings a certificate of the caller's own.

        *guests* makes what runs in VMs, in place of what the fabric says of that: it is given the world, the VM and a
        folder for what the guest writes.

        Raises FabricError for a wrong fabric, NoPowerShellError when engine powershell has none, and OSError when an
        address is not free.
        """
        users = {
            user.username: user.password.get_secret_value()
            for user in load_fabric(fabric if fabric is not None else {}).users
        }
        self.generated_password = not users
        if not users:
            users = {DEFAULT_USER: secrets.token_urlsafe(12)}
        self.host = host
        self.engine: EngineName = engine
        self.username, self.password = next(iter(users.items()))
        self.ca_certificate: Path | None = None
        self._calls = CallLog()
        self._configurations: dict[str, Path] = {}
        with ExitStack() as stack:
            program = find_pwsh() if engine == "powershell" else None
            folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="scvmm-sim-")))
            self.vmm = Vmm(fabric, Path(library) if library is not None else None, guests=guests)
            stack.callback(self.vmm.close)
            self.library = self.vmm.library
            self._authority: Authority | None = None
            if https and tls is None:
                self._authority = Authority(folder)
                self.ca_certificate, tls = self._authority.file, self._authority.server_context([host, "localhost"])
            self._program = program
            self._users = users
            made = self._engine()
            stack.callback(made.close)
            self._wire = WireServer(
                made,
                users,
                self._wire_fault,
                host=host,
                port=port,
                https_port=https_port,
                tls=tls,
                idle_seconds=idle_seconds,
            )
            stack.callback(self._wire.close)
            self._control = ControlServer(self, "127.0.0.1", control_port)
            stack.callback(self._control.close)
            self._wire.start()
            self._control.start()
            self._stack = stack.pop_all()

    def _engine(self) -> Engine:
        """What runs operations on one exec host: what one remembers or locks, another does not know of."""
        if self._program is None:
            return NativeEngine(functools.partial(self._operation, Operations(self.vmm)), self._wire_fault)
        bridge = CmdletBridge(self._cmdlet)
        return PowerShellEngine(
            self._program,
            MODULE_PATH,
            bridge,
            self._calls,
            self._wire_fault,
            self._operation_fault,
            self._configurations,
        )

    def add_exec_host(self, port: int = 0, host: str | None = None) -> WireServer:
        """Start one more exec host over HTTP with a console of this VMM server; its ``close`` is its end.

        Without *host* at the same address. Raises OSError when the port is not free.
        """
        server = WireServer(self._engine(), self._users, self._wire_fault, host=host or self.host, port=port)
        self._stack.callback(server.close)
        server.start()
        return server

    def idle_out(self) -> None:
        """Let all shells of the first exec host that are not in use idle out now."""
        self._wire.idle_out()

    def drop_connections(self) -> None:
        """End all connections to the first exec host that are open now; shells stay."""
        self._wire.drop_connections()

    def set_password(self, username: str, password: str) -> None:
        """Change a user's password at the first exec host; connections that are logged in stay so."""
        self._wire.set_password(username, password)

    def user_certificate(self, username: str) -> tuple[Path, Path]:
        """Files with a certificate and its key by which *username* may log on over HTTPS. Raises SimulatorError."""
        if self._authority is None:
            raise SimulatorError("there are no user certificates without https, or with a certificate of one's own")
        return self._authority.user_certificate(username)

    def __enter__(self) -> Simulator:
        return self

    def __exit__(self, *failure: object) -> None:
        self.close()

    def close(self) -> None:
        """End all; repeatable. A library folder of the caller's own stays."""
        self._stack.close()

    @property
    def port(self) -> int:
        """WSMan's HTTP port."""
        return self._wire.port

    @property
    def https_port(self) -> int | None:
        """WSMan's HTTPS port, None without HTTPS."""
        return self._wire.https_port

    @property
    def control_url(self) -> str:
        """The control API's base URL."""
        return self._control.url

    @property
    def guest_network(self) -> str | None:
        """The file of the network namespace that real guests are in; None when guests are only pretended."""
        return self.vmm.guest_network

    def guest(self, vm: str) -> RunningGuest:
        """The real guest of a VM (id or name), to look into. Raises SimulatorError when it has none."""
        found = self.vmm.guest(self._vm_id(vm))
        if found is None:
            raise SimulatorError(f"VM {vm!r} has no real guest: the fabric's guest is pretended, or it never ran")
        return found

    def register_configuration(self, name: str, file: Path) -> None:
        """Offer a session configuration *name* that is restricted as *file* (.pssc) says; engine powershell only.

        Role capabilities are looked for in the modules of $PSModulePath.
        """
        if self.engine != "powershell":
            raise SimulatorError("session configurations need engine powershell; this simulator's is native")
        self._configurations[name.casefold()] = file

    def calls(self) -> list[dict[str, Any]]:
        """Return all operations so far: name, object, keys (of the request), started, seconds, ok; never content."""
        return self._calls.listed()

    def vms(self) -> list[dict[str, Any]]:
        """Return all VMs as VMM has them."""
        return self.vmm.vms()

    def media(self) -> list[dict[str, Any]]:
        """Return what the drives of VMs hold: the VM's name, the medium's, and the file on this machine."""
        return self.vmm.media()

    def jobs(self) -> list[dict[str, Any]]:
        """Return all jobs as VMM has them."""
        return self.vmm.jobs()

    def add_fault(self, rule: dict[str, Any]) -> str:
        """Add a fault rule (docs/simulator.md) and return its id. Raises FabricError for a wrong one."""
        return self.vmm.add_fault(rule)

    def clear_faults(self) -> None:
        """Remove all fault rules."""
        self.vmm.clear_faults()

    def faults(self) -> list[dict[str, Any]]:
        """Return all fault rules with how often each matched and struck."""
        return self.vmm.faults.listed()

    def remove_fault(self, fault_id: str) -> bool:
        """Remove one fault rule; False when there is none with that id."""
        return self.vmm.faults.remove(fault_id)

    def library_files(self) -> list[dict[str, Any]]:
        """Return the files on the library shares."""
        return self.vmm.library_files()

    def set_durations(self, seconds: dict[str, Any]) -> None:
        """Change how long jobs of some kinds take from now on. Raises FabricError for a wrong kind or number."""
        self.vmm.set_durations(seconds)

    def vm_power_off(self, vm: str) -> None:
        """Turn a VM (id or name) off, as if somebody had done it. Raises SimulatorError when there is none."""
        self.vmm.vm_power_off(self._vm_id(vm))

    def vm_start(self, vm: str) -> None:
        """Start a VM (id or name), as if somebody had done it. Raises SimulatorError when there is none."""
        self.vmm.vm_start(self._vm_id(vm))

    def vm_delete(self, vm: str) -> None:
        """Delete a VM (id or name) in whatever state, as if somebody had done it."""
        self.vmm.vm_delete(self._vm_id(vm))

    def stats(self) -> dict[str, Any]:
        """Return counts: shells, connections and logins of the first exec host, calls by operation, VMs, jobs."""
        counts: dict[str, int] = {}
        for call in self.calls():
            counts[call["name"]] = counts.get(call["name"], 0) + 1
        return {
            "engine": self.engine,
            "shells": self._wire.shells,
            "opened": self._wire.opened,
            "connections": self._wire.connections,
            "logins": self._wire.logins,
            "calls": counts,
            "vms": len(self.vms()),
            "jobs": len(self.jobs()),
        }

    def _operation(self, operations: Operations, name: str, request: dict[str, Any]) -> dict[str, Any]:
        call = self._calls.begin(name, request)
        ok = False
        try:
            envelope = operations.call(name, request)
            ok = envelope.get("ok") is True
            return envelope
        finally:
            self._calls.end(call, ok)

    def _cmdlet(
        self, cmdlet: str, parameters: dict[str, Any], operation: str | None
    ) -> tuple[list[Any], dict[str, Any] | None]:
        result = self.vmm.call(cmdlet, parameters, operation)
        return result.objects, result.job

    def _wire_fault(self, operation: str | None, request: dict[str, Any]) -> WireFault | None:
        effect = self.vmm.faults.at_wire(operation, *self._vm_names(request))
        if effect is None:
            return None
        self.vmm.clock.sleep(effect.delay)
        return effect.kind

    def _operation_fault(self, operation: str, request: dict[str, Any]) -> CmdletError | None:
        effect = self.vmm.faults.at_operation(operation, *self._vm_names(request))
        self.vmm.clock.sleep(effect.delay)
        if effect.error is None:
            return None
        return CmdletError(effect.error.number, effect.error.message, effect.error.recommended_action)

    def _vm_names(self, request: dict[str, Any]) -> tuple[str, ...]:
        """Return the names of the VMs that a request is about, for rules that name an object."""
        values = [request.get(key) for key in ("name", "id", "uid")]
        for key in ("names", "ids", "uids"):
            values += request[key] if isinstance(request.get(key), list) else []
        texts = [value for value in values if isinstance(value, str)]
        named = [text for text in (request.get("name"), *(request.get("names") or [])) if isinstance(text, str)]
        return (*named, *self.vmm.vm_names(*texts)) if texts else ()

    def _vm_id(self, vm: str) -> str:
        for known in self.vmm.vms():
            if vm.lower() in (str(known["ID"]).lower(), str(known["Name"]).lower()):
                return str(known["ID"])
        raise SimulatorError(f"there is no VM {vm!r} (neither an id nor a name); GET /vms lists them")
