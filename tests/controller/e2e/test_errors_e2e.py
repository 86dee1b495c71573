# SPDX-License-Identifier: Apache-2.0
"""Errors by stages: what the condition says, when it is tried again, and that it ends well when it is mended."""

from __future__ import annotations

from typing import Any

from lightkube.resources.core_v1 import Event

from .world import World

# By kind: VMM's error, and what the condition says of it besides its words.
ERRORS: dict[str, tuple[dict[str, Any], str]] = {
    "lock": ({"number": 2606, "message": "The object is locked by another job."}, "next try at"),
    "host": (
        {"number": 12700, "message": "A Hyper-V job failed (0x80070079)."},
        "Who can mend it: Hyper-V administrator.",
    ),
    "full": ({"number": 12700, "message": "The disk is full (0x80070070)."}, "Who can mend it: storage administrator."),
    "final": (
        {"number": 1604, "message": "You have no permission."},
        "next try when spec, provider or credentials change, or else at",
    ),
    "strange": ({"number": 99999, "message": "The flux is out of tune."}, "follow VMM's own words"),
}
# By stage: what is faulted, and where it is told.
STAGES = {
    "create": ({"operation": "vm_present"}, "VMCreated", {"CreationFailed"}),
    "attach": ({"operation": "media_attached"}, "BootstrapMediumAttached", {"AttachFailed"}),
    "start": ({"operation": "vm_power"}, "VMRunning", {"StartFailed"}),
}
LEAVING = {
    "off": ({"operation": "vm_power"}, {"TurnOffFailed"}),
    "gone": ({"operation": "vm_absent"}, {"RemovalFailed"}),
}
NAMES = {f"{stage}-{kind}": (stage, kind) for stage in STAGES for kind in ERRORS}


def told(here: World, name: str, condition: str, reasons: set[str], error: dict[str, Any], words: str) -> bool:
    """Whether a condition carries VMM's number and words, what follows, and the count of attempts."""
    found = here.condition(name, condition)
    message = found.get("message", "")
    parts = (error["message"].rstrip("."), f"(VMM error {error['number']})", words, "Attempt ")
    return found.get("reason") in reasons and all(part in message for part in parts)


def test_failed_jobs_of_each_stage_are_told_and_pass_when_they_are_mended(here: World) -> None:
    """Fifteen machines, each with its own error at its own stage; a final error waits for a change of the spec."""
    for name, (stage, kind) in NAMES.items():
        rule, error = STAGES[stage][0], ERRORS[kind][0]
        here.sim.add_fault({**rule, "object": name, "times": None, "job_error": error})
    here.provider()
    here.bootstrap()
    for name in NAMES:
        here.machine(name, memory="1Gi")
    here.start()
    for name, (stage, kind) in NAMES.items():
        _, condition, reasons = STAGES[stage]
        error, words = ERRORS[kind]
        here.until(
            f"{name}: {reasons}",
            lambda n=name, c=condition, r=reasons, e=error, w=words: told(here, n, c, r, e, w),  # type: ignore[misc]
            80,
        )
    attempts = _jobs(here, "final")
    assert attempts >= len(STAGES)
    here.sim.clear_faults()
    for name, (_, kind) in NAMES.items():
        if kind != "final":
            here.until(f"{name} Ready", lambda n=name: here.condition(n, "Ready").get("status") == "True", 80)  # type: ignore[misc]
    # All others were tried several times since: what is final was not.
    assert _jobs(here, "final") == attempts
    for name, (_, kind) in NAMES.items():
        if kind == "final":
            here.patch("ScvmmMachine", name, {"spec": {"guestShutdownTimeout": 7}})
    for name, (_, kind) in NAMES.items():
        if kind == "final":
            here.until_true(name)
    assert sorted(vm["Name"] for vm in here.vms()) == sorted(NAMES)


def _jobs(here: World, kind: str) -> int:
    """How many jobs VMM has run for the machines with this kind of error."""
    return sum(1 for job in here.sim.jobs() if str(job.get("ResultName") or job.get("TargetObjectName")).endswith(kind))


def test_failed_jobs_on_the_way_out_are_told_and_pass_when_they_are_mended(here: World) -> None:
    """Turning off and removal, by each kind of error; nothing is left."""
    names = {f"{stage}-{kind}": (stage, kind) for stage in LEAVING for kind in ("lock", "host", "strange")}
    here.provider()
    here.bootstrap()
    here.start()
    for name in names:
        here.machine(name, memory="1Gi", guestShutdownTimeout=0)
    for name in names:
        here.until_true(name)
    for name, (stage, kind) in names.items():
        here.sim.add_fault({**LEAVING[stage][0], "object": name, "times": None, "job_error": ERRORS[kind][0]})
        here.delete("ScvmmMachine", name)
    for name, (stage, kind) in names.items():
        error, words = ERRORS[kind]
        reasons = LEAVING[stage][1]
        here.until(
            f"{name}: {reasons}",
            lambda n=name, r=reasons, e=error, w=words: told(here, n, "Deleting", r, e, w),  # type: ignore[misc]
        )
    here.sim.clear_faults()
    for name in names:
        here.until_gone(name)
    assert (here.vms(), here.media()) == ([], [])


def test_an_object_in_use_is_tried_once_more_and_then_reported(here: World) -> None:
    """The condition says that it did not pass by itself; it goes on when it is mended."""
    error = {"number": 802, "message": "The ISO is in use."}
    here.sim.add_fault({"operation": "media_attached", "times": None, "error": error})
    here.provider()
    here.bootstrap()
    here.start()
    here.machine()

    def reported() -> bool:
        return "It did not pass by itself. Attempt " in here.condition("node", "Ready").get("message", "")

    here.until("the report", reported)
    assert here.called("media_attached") >= 2
    here.sim.clear_faults()
    here.until_true("node")


def test_a_wrong_password_is_tried_once(here: World) -> None:
    """Whoever waits for it: provider, cluster and machines say so, once; another password is tried at once."""
    here.secret("vmm-credentials", username=here.sim.username, password="wrong")
    here.provider()
    here.bootstrap()
    here.cluster()
    here.start()
    for number in range(5):
        here.machine(f"node-{number}")
    for number in range(5):
        assert "administrator of the account" in here.until_reason(f"node-{number}", "Ready", "LoginRefused")["message"]
    here.until_reason("vmm", "Ready", "LoginRefused", "ScvmmProvider")
    here.until_reason("east", "VMMReachable", "LoginRefused", "ScvmmCluster")
    here.stays("one login", lambda: here.sim.stats()["logins"]["refused"] == 1, 6)
    here.delete("Secret", "vmm-credentials")
    here.secret("vmm-credentials", username=here.sim.username, password=here.sim.password)
    for number in range(5):
        here.until_true(f"node-{number}")
    assert here.sim.stats()["logins"]["refused"] == 1
    assert {"LoginRefused", "VMMReachable"} <= set(here.events("vmm"))
    assert {"LoginRefused", "VMMReachable"} <= set(here.events("east"))


def test_an_outage_is_told_once_by_each_who_depends_on_the_server(here: World) -> None:
    """Provider, cluster, machine: one event when it begins, none while it lasts, and the servers' when it ends."""
    here.provider()
    here.bootstrap()
    here.cluster()
    here.start()
    here.node()
    here.until_true("node")
    here.sim.add_fault({"operation": None, "times": None, "wire": "down"})
    here.until_reason("node", "Ready", "VMMUnreachable")
    since = here.condition("node", "Ready")
    here.stays("its condition", lambda: here.condition("node", "Ready") == since, 4)
    here.sim.clear_faults()
    here.until_true("node")
    here.until_true("east", "VMMReachable", "ScvmmCluster")
    for name in ("vmm", "east"):
        here.until(f"events of {name}", lambda n=name: _count(here, n, "VMMReachable") == 2)  # type: ignore[misc]
        assert _count(here, name, "VMMUnreachable") == 1
    assert _count(here, "node", "VMMUnreachable") == 1


def _count(here: World, name: str, reason: str) -> int:
    """How often an object was told something."""
    found = here.client.list(Event, namespace=here.namespace)
    return sum(e.count or 1 for e in found if e.involvedObject.name == name and e.reason == reason)
