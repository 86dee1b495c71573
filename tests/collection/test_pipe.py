# SPDX-License-Identifier: Apache-2.0
"""The pipe answers JSON lines with JSON lines, many at a time, and never with a traceback."""

from __future__ import annotations

import time
from pathlib import Path

import pytest
from scvmm_sim.simulator import Simulator

from .conftest import StartPipe
from .processes import wait_until
from .surroundings import PipeProcess


def test_an_operation_is_answered_with_its_result(pipe: PipeProcess) -> None:
    """connect fills in the VMM server of the options and tells who we are there."""
    told = pipe.result("connect")
    assert told["vmm_server"] == "vmm.example.com"
    assert told["version"] == "10.22.1287.0"


def test_a_refused_operation_is_answered_with_class_and_remedy(pipe: PipeProcess) -> None:
    """The error comes in full shape and says what to do."""
    answer = pipe.call("vm_power", {"uid": "nobody", "state": "running"})
    assert answer["ok"] is False
    assert answer["error"]["id"] == "CapiScvmm.NotFound"
    assert answer["error"]["class"] == "final"
    assert answer["error"]["remedy"]


def test_an_error_of_vmm_keeps_its_number_and_words(pipe: PipeProcess, simulator: Simulator) -> None:
    """VMM's number decides the class; its message and recommendation come through."""
    simulator.add_fault(
        {"cmdlet": "Get-SCVirtualMachine", "times": 1, "error": {
            "number": 2606, "message": "It is locked.", "recommended_action": "Wait."}}
    )  # fmt: skip
    error = pipe.call("vm_info", {"marked": True})["error"]
    assert (error["number"], error["class"], error["recommended_action"]) == (2606, "retry", "Wait.")
    assert "It is locked." in error["message"]


def test_an_unknown_operation_is_refused_by_the_server(pipe: PipeProcess) -> None:
    """The pipe knows no list of operations that could grow old."""
    assert pipe.call("vm_dance")["error"]["id"] == "CapiScvmm.UnknownOperation"


def test_any_text_arrives_as_it_was_sent(pipe: PipeProcess) -> None:
    """Quotes, dollar signs, line breaks and emoji are data on the whole way and back."""
    name = "a'b\"c$(Get-Date)`n;|{}\n\t☃ 😀 \u2019 end"
    answer = pipe.call(
        "vm_present", {"owner": "o", "uid": "text", "name": "n", "template": name, "cloud": "production"}
    )
    assert answer["error"]["id"] == "CapiScvmm.NotFound"
    assert name in answer["error"]["message"]


@pytest.mark.parametrize("sign", ["\ufffe", "\uffff", "\ud800", "😀\ufffe\x00\x7f"], ids=ascii)
def test_signs_that_xml_cannot_carry_come_back(pipe: PipeProcess, sign: str) -> None:
    """One such sign in a name must not end the session, neither on the way there nor in the answer."""
    answer = pipe.call("vm_present", {"owner": "o", "uid": "sign", "name": "n", "template": f"a{sign}z",
                                      "cloud": "production"})  # fmt: skip
    assert answer["error"]["id"] == "CapiScvmm.NotFound"
    # Half a surrogate pair is no text: PowerShell's JSON may read it as U+FFFD.
    assert f"a{sign}z" in answer["error"]["message"].replace("\ufffd", "\ud800")
    assert "repeated" not in answer


def test_many_calls_may_be_under_way(pipe: PipeProcess) -> None:
    """Each answer carries the id of its call, whatever the order."""
    numbers = [pipe.send("vm_info", {"names": [f"n{count}"]}) for count in range(40)]
    assert all(pipe.wait(number)["ok"] for number in reversed(numbers))


def _under_way(simulator: Simulator) -> list[object]:
    """Calls that the server has begun and not answered."""
    return [call for call in simulator.calls() if call["seconds"] is None]


def test_long_polls_do_not_hold_up_others(start_pipe: StartPipe, simulator: Simulator) -> None:
    """With one worker and five long polls under way an ordinary call is answered at once."""
    pipe = start_pipe(workers=1)
    token = pipe.result("vm_info", {"marked": True})["token"]
    polls = [pipe.send("vm_info", {"marked": True, "since": token, "wait_seconds": 8}, 30) for _ in range(5)]
    assert wait_until(lambda: len(_under_way(simulator)) == len(polls))
    pipe.result("vm_info")
    assert len(_under_way(simulator)) == len(polls), "the answer came only after the polls"
    told = [pipe.wait(number) for number in polls]
    assert all(answer["ok"] and answer["result"]["changed"] is False for answer in told)


def test_a_call_is_given_up_at_its_time(pipe: PipeProcess, simulator: Simulator) -> None:
    """The answer says that nobody knows what happened, and the next call is answered."""
    pipe.result("vm_info")
    fault = simulator.add_fault({"operation": "vm_info", "delay": 8})
    began = time.monotonic()
    error = pipe.call("vm_info", timeout=1)["error"]
    assert 0.9 < time.monotonic() - began < 7
    assert (error["class"], error["id"], error["happened"]) == ("unreachable", "CapiScvmm.TimedOut", "unknown")
    simulator.remove_fault(fault)
    assert pipe.result("vm_info")["vms"] == []


def test_a_broken_line_is_answered_and_the_next_one_too(pipe: PipeProcess) -> None:
    """Bad input costs one answer, not the pipe."""
    pipe.say("this is no JSON")
    assert "no JSON" in pipe.wait(None)["error"]["message"]
    pipe.say({"id": None, "request": {}})
    assert "operation" in pipe.wait(None)["error"]["message"]
    assert pipe.result("vm_info")["vms"] == []


def test_wrong_options_end_the_pipe_with_one_line(start_pipe: StartPipe) -> None:
    """The line names the option; the exit code is not zero; nothing is said on standard error."""
    pipe = start_pipe(port="abc")
    error = pipe.wait(None)["error"]
    assert (error["id"], error["class"]) == ("CapiScvmm.BadOptions", "final")
    assert "option port is 'abc'" in error["message"]
    assert pipe.process.wait(10) == 2
    assert pipe.process.stderr is not None
    assert pipe.process.stderr.read() == ""


def test_a_first_line_without_options_is_refused(runtime_dir: Path) -> None:
    """The pipe says what the first line must be."""
    pipe = PipeProcess("nonsense", runtime_dir)  # type: ignore[arg-type]
    assert "options must be" in pipe.wait(None)["error"]["message"]
    assert pipe.end() == 2


def test_the_end_of_the_input_ends_the_pipe(pipe: PipeProcess) -> None:
    """Also while calls are under way: nobody reads their answers."""
    token = pipe.result("vm_info", {"marked": True})["token"]
    pipe.send("vm_info", {"marked": True, "since": token, "wait_seconds": 30}, 60)
    began = time.monotonic()
    assert pipe.end() == 0
    assert time.monotonic() - began < 8
