# SPDX-License-Identifier: Apache-2.0
"""Shells as WSMan sees them: their time-outs, their end, and requests that make no sense."""

from __future__ import annotations

import time
import uuid
from collections.abc import Callable
from xml.etree import ElementTree

import pytest
import requests
from pypsrp.exceptions import WSManFaultError
from pypsrp.powershell import RunspacePool
from pypsrp.shell import WinRS
from scvmm_sim.wire.faults import BAD_REQUEST, NO_SUCH_SHELL, NOT_SUPPORTED
from scvmm_sim.wire.soap import seconds_of

from .clients import PASSWORD, USER, Wire, begin, call

SHELL = "http://schemas.microsoft.com/wbem/wsman/1/windows/shell"


def _post(wire: Wire, body: bytes) -> requests.Response:
    url = f"http://127.0.0.1:{wire.server.port}/wsman"
    return requests.post(url, data=body, auth=(USER.encode(), PASSWORD.encode()), timeout=10)


def _envelope(action: str, *, shell: str | None = None, body: str = "", uri: str = f"{SHELL}/cmd") -> bytes:
    selector = f'<w:SelectorSet><w:Selector Name="ShellId">{shell}</w:Selector></w:SelectorSet>' if shell else ""
    return (
        '<s:Envelope xmlns:s="http://www.w3.org/2003/05/soap-envelope" '
        'xmlns:a="http://schemas.xmlsoap.org/ws/2004/08/addressing" '
        'xmlns:w="http://schemas.dmtf.org/wbem/wsman/1/wsman.xsd" '
        f'xmlns:rsp="{SHELL}"><s:Header><a:Action>{action}</a:Action><a:MessageID>uuid:1</a:MessageID>'
        f"<w:ResourceURI>{uri}</w:ResourceURI>{selector}</s:Header><s:Body>{body}</s:Body></s:Envelope>"
    ).encode()


def _fault_code(answer: requests.Response) -> int:
    assert answer.status_code == 500
    fault = ElementTree.fromstring(answer.content).find(
        ".//{http://schemas.microsoft.com/wbem/wsman/1/wsmanfault}WSManFault"
    )
    assert fault is not None
    return int(fault.attrib["Code"])


def test_idle_shell_is_gone(start_wire: Callable[..., Wire]) -> None:
    """A shell without a request for its idle time is closed; the next call learns it by Windows' fault."""
    wire = start_wire(idle_seconds=1.5)
    with pytest.raises(WSManFaultError) as at_close, wire.session() as pool:
        time.sleep(2.5)
        with pytest.raises(WSManFaultError) as caught:
            begin(pool, "echo")
        assert caught.value.code == NO_SUCH_SHELL
    assert at_close.value.code == NO_SUCH_SHELL
    assert wire.server.shells == 0


def test_shell_in_use_does_not_idle_out(start_wire: Callable[..., Wire]) -> None:
    """A shell whose client waits in a Receive is in use, however long it takes."""
    wire = start_wire(idle_seconds=1.5)
    with wire.session() as pool:
        pipeline = begin(pool, "wait")
        assert wire.operations.entered.acquire(timeout=10)
        pipeline.poll_invoke(timeout=3)
        wire.operations.release.set()
        pipeline.end_invoke()
        pipeline.close()


def test_idle_time_that_the_client_asks_for_counts(wire: Wire) -> None:
    """IdleTimeOut of Create is honoured and told back."""
    pool = RunspacePool(wire.wsman(), idle_timeout=1)
    pool.open()
    assert pool.shell.idle_time_out == "PT1.000S"
    time.sleep(1.6)
    with pytest.raises(WSManFaultError):
        pool.get_available_runspaces()


def test_closed_pool_leaves_no_shell(wire: Wire) -> None:
    """Delete closes the shell, and it can be deleted only once."""
    with wire.session() as pool:
        assert wire.server.shells == 1
        shell_id = pool.id
    assert wire.server.shells == 0
    answer = _post(wire, _envelope("http://schemas.xmlsoap.org/ws/2004/09/transfer/Delete", shell=shell_id))
    assert _fault_code(answer) == NO_SUCH_SHELL


def test_client_can_ask_whether_its_pool_lives(wire: Wire) -> None:
    """Get of a shell answers while it is there."""
    with wire.session() as pool:
        assert pool.is_alive(timeout=5) is True
        wire.server._shells.close(pool.id)
        assert pool.is_alive(timeout=5) is False


def test_client_can_ask_for_the_envelope_size(wire: Wire) -> None:
    """The service's configuration tells 500 kB, as Windows does."""
    wsman = wire.wsman()
    wsman.update_max_payload_size()
    assert wsman.max_envelope_size == 500 * 1024


def test_two_shells_with_one_id_are_refused(wire: Wire) -> None:
    """An id that is taken is refused, and the first shell goes on."""
    with wire.session() as pool:
        second = RunspacePool(wire.wsman())
        second.id = second.shell.id = pool.id
        with pytest.raises(WSManFaultError):
            second.open()
        assert call(pool, "echo")["ok"] is True


def test_identify_is_answered(wire: Wire) -> None:
    """Identify tells what the service speaks."""
    body = (
        '<s:Envelope xmlns:s="http://www.w3.org/2003/05/soap-envelope"><s:Header/><s:Body>'
        '<i:Identify xmlns:i="http://schemas.dmtf.org/wbem/wsman/identity/1/wsmanidentity.xsd"/></s:Body></s:Envelope>'
    )
    answer = _post(wire, body.encode())
    assert answer.status_code == 200
    assert b"IdentifyResponse" in answer.content


@pytest.mark.parametrize(
    ("body", "code"),
    [
        (b"not xml", BAD_REQUEST),
        (b"<a/>", BAD_REQUEST),
        (b'<!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>', BAD_REQUEST),
        (_envelope(f"{SHELL}/Disconnect", shell="X"), NOT_SUPPORTED),
        (_envelope(f"{SHELL}/Command", shell="X"), BAD_REQUEST),
        (_envelope(f"{SHELL}/Command", body="<rsp:CommandLine/>"), BAD_REQUEST),
        (_envelope(f"{SHELL}/Command", shell="X", body="<rsp:CommandLine/>"), NO_SUCH_SHELL),
        (_envelope(f"{SHELL}/Receive", shell="X", body="<rsp:Receive/>"), BAD_REQUEST),
        (_envelope("http://schemas.xmlsoap.org/ws/2004/09/transfer/Get", uri="http://x/y"), NOT_SUPPORTED),
    ],
)
def test_senseless_requests_end_in_a_fault(wire: Wire, body: bytes, code: int) -> None:
    """Whatever comes is answered by a SOAP fault, and the endpoint goes on."""
    assert _fault_code(_post(wire, body)) == code
    with wire.session() as pool:
        assert call(pool, "echo")["ok"] is True


def test_broken_psrp_data_ends_in_a_fault(wire: Wire) -> None:
    """Fragments that are none are refused, and the session goes on."""
    with wire.session() as pool:
        junk = bytes(8) + bytes(7) + b"\x01" + b"\x03" + bytes(4)
        with pytest.raises(WSManFaultError):
            pool.shell.command("", ["AAAA" + "A" * 24], command_id="not-a-guid")
        pool.shell.command("", [], command_id=str(uuid.uuid4()).upper())
        with pytest.raises(WSManFaultError):
            pool.shell.send("stdin", junk, command_id=str(uuid.uuid4()).upper())
        assert call(pool, "echo")["ok"] is True


def test_native_engine_has_no_winrs_shells(wire: Wire) -> None:
    """A WinRS shell is refused with the engine that has them."""
    with pytest.raises(WSManFaultError, match="engine powershell"):
        WinRS(wire.wsman()).open()


def test_unknown_path_is_not_found(wire: Wire) -> None:
    """Only /wsman is served."""
    assert requests.post(f"http://127.0.0.1:{wire.server.port}/other", data=b"", timeout=10).status_code == 404


def test_overlong_body_is_refused(wire: Wire) -> None:
    """A length that nobody sends is refused before it is read."""
    headers = {"Content-Length": str(1 << 40)}
    url = f"http://127.0.0.1:{wire.server.port}/wsman"
    request = requests.Request("POST", url, headers=headers, data=b"").prepare()
    request.headers["Content-Length"] = headers["Content-Length"]
    with requests.Session() as session:
        assert session.send(request, timeout=10).status_code == 411


@pytest.mark.parametrize(
    ("text", "seconds"),
    [("PT20S", 20), ("PT1M0.500S", 60.5), ("P1DT1H", 90000), ("20", 5), ("", 5), (None, 5)],
)
def test_durations_are_read(text: str | None, seconds: float) -> None:
    """XML durations are read; what is none counts as absent."""
    assert seconds_of(text, 5) == seconds
