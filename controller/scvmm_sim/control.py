# SPDX-License-Identifier: Apache-2.0
"""The control API: JSON over HTTP on loopback, to look at the simulator and to interfere while it runs.

    GET    /vms /media /jobs /calls /library /faults /stats
    POST   /faults            a fault rule; answers {"id": …}
    DELETE /faults /faults/ID
    POST   /vms/ID/off /vms/ID/start        ID is VMM's object id or the VM's name
    DELETE /vms/ID
    PUT    /durations         {kind of job: seconds}

Anything wrong is answered by {"error": "one message"} with status 400, with 404
when what the path names is not there, and with 409 when VMM refuses.
"""

from __future__ import annotations

import functools
import json
import logging
from collections.abc import Callable
from http import HTTPStatus
from typing import Any, Protocol
from urllib.parse import unquote, urlsplit

from scvmm_sim.errors import CmdletError, FabricError, SimulatorError
from scvmm_sim.wire.defects import log_defect
from scvmm_sim.wire.listener import Connection, Listener

log = logging.getLogger(__name__)


class Controlled(Protocol):
    """What the control API needs of a simulator."""

    def vms(self) -> list[dict[str, Any]]: ...
    def media(self) -> list[dict[str, Any]]: ...
    def jobs(self) -> list[dict[str, Any]]: ...
    def calls(self) -> list[dict[str, Any]]: ...
    def library_files(self) -> list[dict[str, Any]]: ...
    def faults(self) -> list[dict[str, Any]]: ...
    def stats(self) -> dict[str, Any]: ...
    def add_fault(self, rule: dict[str, Any]) -> str: ...
    def remove_fault(self, fault_id: str) -> bool: ...
    def clear_faults(self) -> None: ...
    def vm_power_off(self, vm: str) -> None: ...
    def vm_start(self, vm: str) -> None: ...
    def vm_delete(self, vm: str) -> None: ...
    def set_durations(self, seconds: dict[str, Any]) -> None: ...


class _NotThereError(Exception):
    """The path names nothing."""


class _BadBodyError(Exception):
    """The body is not what the path needs."""


class ControlServer:
    """The control API's listener, from ``start`` until ``close``."""

    def __init__(self, simulator: Controlled, host: str, port: int) -> None:
        """Bind. Raises OSError when the address is not free."""
        handler = functools.partial(_ControlConnection, simulator=simulator)
        self._listener = Listener(host, port, handler, name="control")

    @property
    def url(self) -> str:
        """The API's base URL."""
        return self._listener.url

    def start(self) -> None:
        """Begin to answer."""
        self._listener.start()

    def close(self) -> None:
        """Stop answering."""
        self._listener.close()


class _ControlConnection(Connection):
    def __init__(self, *args: object, simulator: Controlled) -> None:
        self._simulator = simulator
        super().__init__(*args)  # type: ignore[arg-type]  # http.server handles the whole connection in here

    def do_GET(self) -> None:
        self._handle("GET")

    def do_POST(self) -> None:
        self._handle("POST")

    def do_PUT(self) -> None:
        self._handle("PUT")

    def do_DELETE(self) -> None:
        self._handle("DELETE")

    def _handle(self, method: str) -> None:
        body = self.read_body()
        if body is None:
            return
        parts = [unquote(part) for part in urlsplit(self.path).path.split("/") if part]
        try:
            status, answer = HTTPStatus.OK, _answer(self._simulator, method, parts, body)
        except (_BadBodyError, FabricError) as error:
            status, answer = HTTPStatus.BAD_REQUEST, {"error": str(error)}
        except CmdletError as error:
            status, answer = HTTPStatus.CONFLICT, {"error": str(error)}
        except (_NotThereError, SimulatorError) as error:
            status, answer = HTTPStatus.NOT_FOUND, {"error": str(error)}
        except Exception as error:
            log_defect(log, f"{method} {self.path}", error)
            message = f"the simulator failed ({type(error).__name__}): see its log"
            status, answer = HTTPStatus.INTERNAL_SERVER_ERROR, {"error": message}
        self.reply(status, json.dumps(answer, ensure_ascii=False, default=str).encode() + b"\n", "application/json")


def _answer(simulator: Controlled, method: str, parts: list[str], body: bytes) -> Any:
    match method, parts:
        case "GET", [name] if name in _LISTS:
            return _LISTS[name](simulator)
        case "POST", ["faults"]:
            return {"id": simulator.add_fault(_object(body, "a fault rule"))}
        case "DELETE", ["faults"]:
            simulator.clear_faults()
        case "DELETE", ["faults", fault_id]:
            if not simulator.remove_fault(fault_id):
                raise _NotThereError(f"there is no fault rule {fault_id!r}; GET /faults lists them")
        case "POST", ["vms", vm, "off"]:
            simulator.vm_power_off(vm)
        case "POST", ["vms", vm, "start"]:
            simulator.vm_start(vm)
        case "DELETE", ["vms", vm]:
            simulator.vm_delete(vm)
        case "PUT", ["durations"]:
            simulator.set_durations(_object(body, "durations in seconds by kind of job"))
        case _:
            known = "GET /vms /media /jobs /calls /library /faults /stats; POST /faults, /vms/ID/off, /vms/ID/start; "
            known += "DELETE /faults, /faults/ID, /vms/ID; PUT /durations"
            raise _NotThereError(f"the control API has no {method} /{'/'.join(parts)}; it has {known}")
    return {}


_LISTS: dict[str, Callable[[Controlled], Any]] = {
    "vms": lambda simulator: simulator.vms(),
    "media": lambda simulator: simulator.media(),
    "jobs": lambda simulator: simulator.jobs(),
    "calls": lambda simulator: simulator.calls(),
    "library": lambda simulator: simulator.library_files(),
    "faults": lambda simulator: simulator.faults(),
    "stats": lambda simulator: simulator.stats(),
}


def _object(body: bytes, what: str) -> dict[str, Any]:
    try:
        data = json.loads(body)
    except ValueError as error:
        raise _BadBodyError(f"the body is not JSON ({error}); send {what} as a JSON object") from None
    if not isinstance(data, dict):
        raise _BadBodyError(f"the body is a {type(data).__name__}; send {what} as a JSON object")
    return data
