# SPDX-License-Identifier: Apache-2.0
"""Scopes for the tests of plan and status: one machine in some state, built by naming what is special about it."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

from capi_scvmm.conditions import Condition
from capi_scvmm.errors import ErrorClass, VmmError
from capi_scvmm.kinds import VM_MARK, ScvmmMachine
from capi_scvmm.plan import Bootstrap, Health, Infrastructure, Owner, Provider, Recorded, Scope, Stage
from capi_scvmm.plan.scope import FINALIZER, Attempt
from capi_scvmm.vm import Job, NetworkAdapter, Vm

NOON = datetime(2026, 11, 23, 12, 0, 0, tzinfo=UTC)
UID = "11111111-2222-3333-4444-555555555555"
VM_ID = "aaaaaaaa-0000-0000-0000-000000000001"
HYPERV_ID = "bbbbbbbb-0000-0000-0000-000000000002"
MEDIUM = f"capi-{UID}.iso"
NO_ROOM = VmmError("host group prod has 2 GiB free", ErrorClass.INFRASTRUCTURE, 2911, remedy="Free memory there.")


def seconds(count: float) -> timedelta:
    """A short word for a time."""
    return timedelta(seconds=count)


def a_machine(
    *, deleting: bool = False, finalizer: bool = True, meta: dict[str, Any] | None = None, **spec: Any
) -> ScvmmMachine:
    """A ScvmmMachine as the API server gives it."""
    metadata: dict[str, Any] = {"name": "node", "namespace": "prod", "uid": UID, "generation": 3}
    if finalizer:
        metadata |= {"finalizers": [FINALIZER], "annotations": {VM_MARK: f"prod/node/{UID}"}}
    if deleting:
        metadata["deletionTimestamp"] = "2026-11-23T11:59:00Z"
    wished = {"hardwareProfile": "small", "disks": [{"vhDisk": "debian.vhdx"}]}
    return ScvmmMachine.model_validate({"metadata": metadata | (meta or {}), "spec": wished | spec})


def a_job(status: str = "Running", number: int = 1, error: VmmError | None = None) -> Job:
    """A VMM job."""
    return Job(
        id=f"cccccccc-0000-0000-0000-{number:012}",
        name="Create virtual machine",
        status=status,
        progress=50,
        is_completed=status != "Running",
        started=f"2026-11-23T11:00:{number:02}.000Z",
        error=error,
    )


def a_vm(status: str = "Running", *, addresses: tuple[str, ...] = (), medium: bool = True, **more: Any) -> Vm:
    """A VM with one network adapter."""
    return Vm(
        id=VM_ID,
        vm_id=HYPERV_ID,
        name="node",
        status=status,
        uid=UID,
        owner="prod/node",
        network_adapters=(NetworkAdapter(0, "00:15:5d:00:00:01", "k8s", addresses),),
        media=(MEDIUM,) if medium else (),
        **more,
    )


def recorded(*reasons: str, since: datetime | None = None, **fields: Any) -> Recorded:
    """A status with conditions as `Type=Reason`, or `Type+Reason` for one that is True."""
    conditions = {}
    for text in reasons:
        kind, true, reason = text.partition("+") if "+" in text else text.partition("=")
        conditions[kind] = Condition(kind, "True" if true == "+" else "False", reason, since=since or NOON)
    return Recorded(conditions=conditions, **fields)


def an_attempt(stage: Stage, *, retry_in: float = 10, failures: int = 1, **more: Any) -> Attempt:
    """A failure of a stage a moment ago."""
    return replace(Attempt(stage, NO_ROOM, failures, NOON + seconds(retry_in), "basis"), **more)


def a_scope(**changes: Any) -> Scope:
    """A machine of a cluster with all it waits for; the VM is looked for and not there."""
    scope = Scope(
        machine=a_machine(),
        recorded=Recorded(),
        provider=Provider("prod/vmm", None, Health.REACHABLE, "", {"name": "vmm", "namespace": "prod"}),
        bootstrap=Bootstrap(True, "node-bootstrap"),
        owner=Owner("node", None, "node-bootstrap"),
        cluster="east",
        infrastructure=Infrastructure("east", True),
        observed=True,
        basis="basis",
    )
    return replace(scope, **changes)


def created(**changes: Any) -> Scope:
    """A machine whose VM is created, off, without its medium."""
    known = recorded("VMCreated+Created", id=VM_ID)
    return a_scope(**{"recorded": known, "vm": a_vm("PowerOff", medium=False), **changes})


def running(**changes: Any) -> Scope:
    """A machine whose VM ran when it was last looked at."""
    known = recorded(
        "VMCreated+Created", "VMRunning+Running", id=VM_ID, medium=MEDIUM, provider_id=f"scvmm://{HYPERV_ID}"
    )
    return a_scope(**{"recorded": known, "vm": a_vm(), **changes})


def settled(*reasons: str, **changes: Any) -> Scope:
    """A machine that is provisioned and said so; its medium is in its drive, and no more in the library."""
    said = ("VMCreated+Created", "BootstrapMediumAttached+Attached", "VMRunning+Running", "AddressesReported+Reported")
    known = recorded(*said, *reasons, id=VM_ID, provider_id=f"scvmm://{HYPERV_ID}", provisioned=True)
    return a_scope(**{"recorded": known, "vm": a_vm(addresses=("10.0.0.5",)), **changes})


def going(**changes: Any) -> Scope:
    """A machine with a running VM that was asked to go."""
    return running(**{"machine": a_machine(deleting=True), **changes})
