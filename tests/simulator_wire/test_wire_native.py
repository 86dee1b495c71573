# SPDX-License-Identifier: Apache-2.0
"""What the native engine answers, over a real client."""

from __future__ import annotations

import threading
import time
from concurrent.futures import ThreadPoolExecutor

import pytest
from pypsrp.complex_objects import ObjectMeta
from pypsrp.powershell import PowerShell, RunspacePool
from scvmm_sim.wire.refusals import FUNCTION

from .clients import MODULE, Wire, begin, call, finish, run_script

AWKWARD = "é 🎉 '\"$(rm)`n<&>]]>\r\n\t\u0000\u001f_x0041_ \ud7ff 漢"


@pytest.mark.parametrize("auth", ["basic", "ntlm"])
def test_text_of_any_kind_comes_back_unchanged(wire: Wire, auth: str) -> None:
    """Quotes, control characters, CLIXML escapes and emoji are data, both ways."""
    with wire.session(auth) as pool:
        assert call(pool, "echo", {"text": AWKWARD})["result"]["request"] == {"text": AWKWARD}


@pytest.mark.parametrize("auth", ["basic", "ntlm"])
def test_five_megabytes_arrive(wire: Wire, auth: str) -> None:
    """A request of many fragments and envelopes is put together again, and so is its answer."""
    content = "0123456789" * 500_000
    with wire.session(auth) as pool:
        result = call(pool, "media_present", {"content": content})["result"]
    assert result["length"] == 5_000_000
    assert result["request"]["content"] == content


def test_sessions_side_by_side_do_not_mix(wire: Wire) -> None:
    """Six sessions with their own connections each get their own answers."""

    def work(number: int) -> list[str]:
        with wire.session("ntlm" if number % 2 else "basic") as pool:
            return [call(pool, "echo", {"name": f"{number}-{i}"})["result"]["request"]["name"] for i in range(15)]

    with ThreadPoolExecutor(6) as threads:
        answers = list(threads.map(work, range(6)))
    assert answers == [[f"{number}-{i}" for i in range(15)] for number in range(6)]


def test_long_poll_does_not_hold_up_other_sessions(wire: Wire) -> None:
    """While one session waits in an operation, others are answered; then it gets its answer."""
    with wire.session() as waiting, wire.session() as other:
        poll = begin(waiting, "wait", {"name": "poll"})
        assert wire.operations.entered.acquire(timeout=10)
        assert [call(other, "echo", {"i": i})["result"]["request"]["i"] for i in range(5)] == [0, 1, 2, 3, 4]
        wire.operations.release.set()
        assert '"name":"poll"' in finish(poll).output[0]


def test_long_poll_does_not_block_a_pool_with_room(wire: Wire) -> None:
    """A pool of two runspaces answers a call while a long poll is under way in it."""
    with wire.session(max_runspaces=2) as pool:
        poll = begin(pool, "wait")
        assert wire.operations.entered.acquire(timeout=10)
        assert call(pool, "echo")["ok"] is True
        wire.operations.release.set()
        assert finish(poll).failed is False


def test_pool_runs_as_many_pipelines_as_it_has_runspaces(wire: Wire) -> None:
    """In a pool of one runspace the second pipeline waits for the first, as in PowerShell."""
    with wire.session() as pool:
        first, second = begin(pool, "wait"), begin(pool, "echo")
        assert wire.operations.entered.acquire(timeout=10)
        assert [name for name, _ in wire.operations.seen] == ["wait"]
        wire.operations.release.set()
        assert finish(first).failed is False
        assert finish(second).failed is False
    assert [name for name, _ in wire.operations.seen] == ["wait", "echo"]


def test_receive_that_times_out_is_asked_again(wire: Wire) -> None:
    """An operation longer than OperationTimeout is fetched by a later Receive."""
    with wire.session(operation_timeout=1) as pool:
        pipeline = begin(pool, "wait")
        threading.Timer(2.5, wire.operations.release.set).start()
        assert finish(pipeline).failed is False


def test_stopped_pipeline_ends_and_the_pool_goes_on(wire: Wire) -> None:
    """Stop ends the client's wait at once and frees the runspace, although the operation itself goes on."""
    with wire.session() as pool:
        pipeline = begin(pool, "wait")
        assert wire.operations.entered.acquire(timeout=10)
        began = time.monotonic()
        pipeline.stop()
        assert time.monotonic() - began < 5
        assert call(pool, "echo")["ok"] is True


def test_script_is_refused_with_the_remedy(wire: Wire) -> None:
    """The native engine runs no scripts, and says which engine does."""
    with wire.session() as pool:
        ran = run_script(pool, "Get-ChildItem C:\\")
        assert call(pool, "echo")["ok"] is True
    assert ran.failed
    assert ran.output == []
    assert ran.error_ids == ["ScvmmSim.NativeEngineRunsNoScripts"]
    assert "Get-ChildItem" in ran.errors[0]
    assert "--engine powershell" in ran.errors[0]


def test_function_is_unknown_until_the_module_is_sent(wire: Wire) -> None:
    """A session that has not sent the module's text gets PowerShell's own error; one that has is answered."""
    with RunspacePool(wire.wsman()) as pool:
        ran = finish(begin(pool, "vm_info"))
        assert ran.failed
        assert ran.error_ids == ["CommandNotFoundException"]
        assert run_script(pool, MODULE).failed is False
        assert call(pool, "vm_info")["ok"] is True


def _call_with(pool: RunspacePool, parameters: dict[str, object]) -> PowerShell:
    pipeline = PowerShell(pool)
    pipeline.add_cmdlet(FUNCTION).add_parameters(parameters)
    pipeline.begin_invoke()
    return pipeline


@pytest.mark.parametrize(
    ("parameters", "told"),
    [
        ({"Request": "{}"}, "parameter Name"),
        ({"Name": "vm_info", "Request": "{"}, "not JSON"),
        ({"Name": "vm_info", "Request": "[1]"}, "not a JSON object"),
        ({"Name": "vm_info", "Verbos": "x"}, "no parameter 'Verbos'"),
    ],
)
def test_wrong_parameters_are_told(wire: Wire, parameters: dict[str, object], told: str) -> None:
    """A call that PowerShell could not bind is refused, and the message names the parameter."""
    with wire.session() as pool:
        ran = finish(_call_with(pool, parameters))
    assert ran.failed
    assert told in ran.errors[0]


def test_parameters_by_position_and_without_request(wire: Wire) -> None:
    """Name and Request bind by position too, and a missing Request is an empty one."""
    with wire.session() as pool:
        pipeline = PowerShell(pool)
        pipeline.add_cmdlet(FUNCTION).add_argument("echo")
        pipeline.begin_invoke()
        assert '"request":{}' in finish(pipeline).output[0]


def test_defect_of_the_simulator_shows_no_content(wire: Wire, caplog: pytest.LogCaptureFixture) -> None:
    """An operation that breaks inside the simulator ends with an error that, like the log, quotes nothing."""
    with wire.session() as pool:
        ran = finish(begin(pool, "defect"))
        assert call(pool, "echo")["ok"] is True
    assert ran.error_ids == ["ScvmmSim.InternalError"]
    assert "secret" not in ran.errors[0]
    assert "operation defect failed inside the simulator: RuntimeError at clients.py" in caplog.text
    assert "secret" not in caplog.text


def test_pool_answers_about_itself(wire: Wire) -> None:
    """Free runspaces, resetting, and the exchange of keys for SecureString work as on Windows."""
    with wire.session(max_runspaces=3) as pool:
        assert pool.get_available_runspaces() == 3
        pool.reset_runspace_state()
        pool.exchange_keys()
        encrypted = pool.serialize("secret", ObjectMeta("SS"))
        assert encrypted is not None
        assert encrypted.tag == "SS"
        assert call(pool, "echo")["ok"] is True
