# SPDX-License-Identifier: GPL-3.0-or-later
"""What a person is told about a VM and a job; pure, nothing of Ansible. Shapes: docs/operations.md."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

_WELL = ("Completed", "SucceedWithInfo")


def vm_lines(vm: Mapping[str, Any]) -> list[str]:
    """Return what there is to know about a VM, a line for each thing."""
    place = [f"{word} {vm[key]}" for word, key in (("on", "host"), ("in cloud", "cloud")) if vm.get(key)]
    lines = [
        f"VM {vm['name']}: {vm['status']}{''.join(f', {part}' for part in place)}",
        f"id {vm['id']}" + (f", mark owner={vm['owner']} uid={vm['uid']}" if vm.get("uid") else ", without a mark"),
        f"generation {vm['generation']}, {vm['cpu_count']} CPUs, {vm['memory_mb']} MiB",
    ]
    lines += [_adapter_line(adapter) for adapter in vm.get("network_adapters") or []]
    if vm.get("computer_name"):
        lines.append(f"guest calls itself {vm['computer_name']}")
    lines += [f"{medium['device']} holds {medium['file']}" for medium in vm.get("media") or []]
    if vm.get("job"):
        lines.append(_job_line(vm["job"]))
    return lines


def _adapter_line(adapter: Mapping[str, Any]) -> str:
    network = adapter.get("vm_network") or "no network"
    addresses = ", ".join(adapter.get("addresses") or []) or "no address reported"
    return f"adapter {adapter['slot']} {adapter.get('mac_address') or 'without MAC address'} on {network}: {addresses}"


def _job_line(job: Mapping[str, Any]) -> str:
    progress = f" at {job['progress']} %" if job["status"] == "Running" else ""
    error = job.get("error") or {}
    number = f" (VMM error {error['number']})" if error.get("number") is not None else ""
    words = f"{number}: {error['message']}" if error.get("message") else ""
    return f"last job {job['name']!r}: {job['status']}{progress}{words}"


def running_job(result: Mapping[str, Any], on_vm: bool = False) -> dict[str, Any]:
    """Return the job that a module leaves under way, or an empty one; with *on_vm* any job on the VM counts."""
    for job in (result.get("job"), (result.get("vm") or {}).get("job") if on_vm else None):
        if job and job["status"] == "Running":
            return dict(job)
    return {}


def job_done(result: Mapping[str, Any], waited: Mapping[str, Any] | None = None) -> bool:
    """Say whether what a module started has ended well, as *waited*, job_info's result, knows; or was nothing."""
    jobs = (waited or {}).get("jobs") or []
    job = jobs[0] if jobs else result.get("job")
    return not job or job["status"] in _WELL


def job_trouble(waited: Mapping[str, Any] | None, wish: str, remedy: str = "") -> str:
    """Return why *wish* has not come true, or an empty text when the job ended well or there was none.

    *waited* is the result of `job_info`, or one job.
    """
    job = ((waited.get("jobs") or [None])[0] if "status" not in waited else waited) if waited else None
    if not job or job["status"] in _WELL:
        return ""
    if job["status"] == "Running":
        return (
            f"{wish} not done yet: job {job['name']!r} is still at {job['progress']} %. "
            "Run the playbook again to go on waiting, with a larger scvmm_wait if need be."
        )
    if job["status"] == "Canceled":
        return f"{wish} not done: somebody cancelled job {job['name']!r}. Run the playbook again."
    error = job.get("error") or {}
    number = f" (VMM error {error['number']})" if error.get("number") is not None else ""
    words = [error.get("message") or "VMM gives no reason.", error.get("recommended_action") or "", remedy]
    return f"{wish} not done: job {job['name']!r} failed{number}: " + " ".join(word for word in words if word)
