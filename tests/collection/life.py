# SPDX-License-Identifier: Apache-2.0
"""The life of a VM through the modules: each step looked at, done, read back, and done again."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from scvmm_sim.simulator import Simulator

from .plays import Played, Player, task

UID = "5b3c4c5e-5f0e-4a5b-9a0a-1f6f3c0f8d11"
WISH: dict[str, Any] = {
    "owner": "people/web-1",
    "uid": UID,
    "name": "web-1",
    "cloud": "production",
    "template": "debian",
    "cpu_count": 4,
    "memory_mb": 4096,
    "network_adapters": [{"vm_network": "servers", "vm_subnet": "servers-1"}],
    "description": 'it\'s "quoted" $(Get-Date) ☃',
}


STEPS: dict[str, tuple[str, dict[str, Any]]] = {
    "created": ("vm", WISH),
    "attached": ("vm_media", {"state": "attached", "uid": UID, "device": "dvd"}),
    "started": ("vm_power", {"state": "running", "uid": UID}),
    "stopped": ("vm_power", {"state": "off", "uid": UID, "method": "turn_off"}),
    "ejected": ("vm_media", {"state": "ejected", "uid": UID}),
    "removed": ("vm", {"state": "absent", "uid": UID}),
}
"""What happens to the VM, in order."""


def _options(step: str, image: Path) -> dict[str, Any]:
    return {**STEPS[step][1], **({"src": str(image)} if step == "attached" else {})}


def _job(step: str) -> dict[str, Any]:
    ids = f"{{{{ [{step}_done.job.id] if {step}_done.job else [] }}}}"
    return task(f"{step}_job", "job_info", ids=ids, wait_seconds=30)


def _whole(step: str, image: Path) -> list[dict[str, Any]]:
    """Look what would be done, see that nothing was, do it, read it back, do it again."""
    module, options = STEPS[step][0], _options(step, image)
    return [
        task(f"{step}_checked", module, check=True, **options),
        task(f"{step}_before", "vm_info", names=["web-1"]),
        task(f"{step}_done", module, **options),
        _job(step),
        task(f"{step}_after", "vm_info", names=["web-1"]),
        task(f"{step}_again", module, **options),
    ]


def live(player: Player, image: Path) -> Played:
    """The whole life in one play, every step looked at from all sides."""
    return player.play(
        *(part for step in STEPS for part in _whole(step, image)),
        task("absent_checked", "vm_media", check=True, state="absent", file=image.name),
        task("absent_done", "vm_media", state="absent", file=image.name),
        task("absent_again", "vm_media", state="absent", file=image.name),
        arguments=("--diff",),
    )


def live_briefly(
    player: Player, image: Path, amid: Sequence[dict[str, Any]] = (), after: Sequence[dict[str, Any]] = ()
) -> Played:
    """The life with few tasks, for connections on which each one takes seconds; others *amid* and *after* it.

    Jobs take no time here. Everything is printed that can be, for whoever looks for secrets in it.
    """
    tasks = [task("created_checked", "vm", check=True, **WISH)]
    for step, (module, _) in STEPS.items():
        tasks.append(task(f"{step}_done", module, **_options(step, image)))
        if step == "created":
            tasks.append(task("created_again", module, **_options(step, image)))
        tasks += amid if step == "started" else ()
    tasks += [task("absent_done", "vm_media", state="absent", file=image.name), *after]
    return player.play(*tasks, arguments=("-vvvv", "--diff"))


def assert_briefly_lived(played: Played, image: Path, simulator: Simulator) -> None:
    """Every step changed something, and VMM had afterwards what was asked for."""
    done = {step: played[f"{step}_done"] for step in STEPS}
    assert {step: (told.kind, told.result["changed"]) for step, told in done.items()} == dict.fromkeys(
        STEPS, ("ok", True)
    )
    assert played["created_again"].result["changed"] is False
    # A call answers when its job has begun: what it has done is seen in the next step's answer.
    vms = {step: told.result["vm"] for step, told in done.items()}
    assert played["created_again"].result["vm"]["description"] == WISH["description"]
    assert [medium["file"] for medium in vms["started"]["media"]] == [image.name]
    assert vms["ejected"]["status"] == "PowerOff"
    assert simulator.vms() == []
    assert [file for file in simulator.library_files() if image.name in str(file)] == []


def _failed(played: Played) -> dict[str, Any]:
    return {name: told.result.get("msg") for name, told in played.told.items() if told.kind != "ok"}


def assert_well_lived(played: Played, image: Path, simulator: Simulator) -> None:
    """Every step changed once, in check mode nothing, and VMM had after each what was asked for."""
    assert _failed(played) == {}
    for step in STEPS:
        changes = [played[f"{step}_{when}"].result["changed"] for when in ("checked", "done", "again")]
        assert (step, changes) == (step, [True, True, False])
        assert played[f"{step}_checked"].result["diff"] == played[f"{step}_done"].result["diff"], step
        diff = played[f"{step}_done"].result["diff"]
        assert diff["before"] != diff["after"], step
        again = played[f"{step}_again"].result["diff"]
        assert again["before"] == again["after"], step
    _assert_read_back(played, image)
    assert [played[f"absent_{when}"].result["changed"] for when in ("checked", "done", "again")] == [True, True, False]
    assert simulator.vms() == []
    assert [file for file in simulator.library_files() if image.name in str(file)] == []


def _assert_read_back(played: Played, image: Path) -> None:
    def vm(when: str) -> dict[str, Any]:
        (found,) = played[when].result["vms"]
        assert isinstance(found, dict)
        return found

    assert played["created_before"].result["vms"] == []
    kept = ("owner", "uid", "name", "cpu_count", "memory_mb", "description")
    assert {name: vm("created_after")[name] for name in kept} == {name: WISH[name] for name in kept}
    assert vm("created_after")["network_adapters"][0]["vm_network"] == "servers"
    assert [medium["file"] for medium in vm("attached_before")["media"]] == []
    assert [medium["file"] for medium in vm("attached_after")["media"]] == [image.name]
    assert (vm("started_before")["status"], vm("started_after")["status"]) == ("PowerOff", "Running")
    assert (vm("stopped_before")["status"], vm("stopped_after")["status"]) == ("Running", "PowerOff")
    assert [medium["file"] for medium in vm("ejected_after")["media"]] == []
    assert len(played["removed_before"].result["vms"]) == 1
    assert played["removed_after"].result["vms"] == []
    assert played["removed_again"].result["state"] == "gone"
