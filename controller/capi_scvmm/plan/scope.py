# SPDX-License-Identifier: Apache-2.0
"""Everything the plan looks at, gathered beforehand: one frozen value per look at a machine."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import TYPE_CHECKING, Any

from capi_scvmm.conditions import Condition, format_time, parse_conditions, parse_time
from capi_scvmm.errors import VmmError
from capi_scvmm.ipam import Claim
from capi_scvmm.kinds import ScvmmMachine
from capi_scvmm.kinds.boot import BootFields
from capi_scvmm.medium import DVD, Form
from capi_scvmm.plan.actions import Stage
from capi_scvmm.vm import Job, Vm

if TYPE_CHECKING:
    from capi_scvmm.plan.node import NodeTry
    from capi_scvmm.plan.persistent_disk import Disks

FINALIZER = "scvmmmachine.infrastructure.cluster.x-k8s.io"
MANAGED_BY = "cluster.x-k8s.io/managed-by"
PAUSED = "cluster.x-k8s.io/paused"
# clusterctl move writes it before it deletes what lives on in another management cluster.
DELETED_FOR_MOVE = "clusterctl.cluster.x-k8s.io/delete-for-move"


class Health(StrEnum):
    """Whether the VMM server of a provider answers; doubted: a connection broke, and a probe asks if that is all."""

    UNKNOWN = "unknown"
    REACHABLE = "reachable"
    DOUBTED = "doubted"
    UNREACHABLE = "unreachable"


@dataclass(frozen=True)
class Owner:
    """Cluster API's Machine that owns this machine; *joined*: it has found its Node in the workload cluster."""

    name: str
    failure_domain: str | None = None
    data_secret_name: str | None = None
    joined: bool = False


@dataclass(frozen=True)
class Infrastructure:
    """The ScvmmCluster; *domains* maps failure domain names to {cloud, hostGroup, networking}.

    *held_address*: the address that keepalived moves from one host to another. *backends*: the addresses to which load
    balancers of the cluster lead.
    """

    name: str
    provisioned: bool
    domains: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    held_address: str | None = None
    backends: tuple[str, ...] = ()


@dataclass(frozen=True)
class Provider:
    """The ScvmmProvider that a machine refers to; *key* is namespace/name.

    *problem* is None or (reason, message): not found, not allowed here, credentials missing.
    *trouble* is the reason, and *message* the words, for an unreachable VMM server.
    *reference* is the providerRef that led here, to be copied into status.
    """

    key: str | None
    problem: tuple[str, str] | None = None
    health: Health = Health.UNKNOWN
    message: str = ""
    reference: Mapping[str, str] | None = None
    trouble: str = "VMMUnreachable"


@dataclass(frozen=True)
class Bootstrap:
    """The bootstrap data: *secret* names it, *problem* is None or (reason, message), also of what goes with it."""

    wanted: bool
    secret: str | None = None
    problem: tuple[str, str] | None = None


@dataclass(frozen=True)
class Naming:
    """The name of a VM that comes from a ScvmmNamePool.

    *carried* is the machine's own record of it, *owned* what the books of the pool say, *wished* the name that it would
    get now (the one that its VM has, if there is a VM), *lack* why there is none. *refused*: VMM uses *owned* for
    somebody else's VM.
    """

    pool: str
    found: bool = False
    carried: str | None = None
    owned: str | None = None
    wished: str | None = None
    refused: bool = False
    lack: str = ""

    @property
    def settled(self) -> bool:
        """Whether machine and pool say the same, and VMM does not object."""
        return self.owned is not None and self.carried == self.owned and not self.refused


@dataclass(frozen=True)
class Attempt:
    """The failures of one stage so far, the last *times* of them with the same error.

    *basis* names what they were failures of: versions of spec and credentials.
    """

    stage: Stage
    error: VmmError
    failures: int
    retry_at: datetime
    basis: str
    job_id: str | None = None
    times: int = 1


@dataclass(frozen=True)
class RemediationRequest:
    """A ScvmmRemediation (its *uid*) asks for power cycle number *attempt* (from 1)."""

    uid: str
    attempt: int


@dataclass(frozen=True)
class PowerCycle:
    """How far the power cycle for a request is: *step* is Stopping, Starting or Done, *since* when it became that."""

    request: str
    attempt: int
    step: str
    since: datetime

    @classmethod
    def parse(cls, data: Mapping[str, Any] | None) -> PowerCycle | None:
        """Read it from a status; null stays null."""
        if not data:
            return None
        return cls(str(data["request"]), int(data["attempt"]), str(data["step"]), parse_time(data["since"]))

    def dump(self) -> dict[str, Any]:
        """Write it the way status carries it."""
        return {
            "request": self.request,
            "attempt": self.attempt,
            "step": self.step,
            "since": format_time(self.since),
        }


@dataclass(frozen=True)
class Recorded:
    """What status says already (*body*, and parts of it): all that a restarted controller knows besides VMM."""

    id: str | None = None
    vm_id: str | None = None
    provider_id: str | None = None
    medium: str | None = None
    provisioned: bool = False
    adopts: bool = False
    power_cycle: PowerCycle | None = None
    conditions: Mapping[str, Condition] = field(default_factory=dict)
    body: Mapping[str, Any] = field(default_factory=dict, compare=False)

    @classmethod
    def parse(cls, status: Mapping[str, Any] | None, provider_id: str | None, adopts: bool = False) -> Recorded:
        """Read a status; *provider_id* is that of the spec, *adopts*: the spec names a VM that exists."""
        body = status or {}
        return cls(
            id=body.get("id"),
            vm_id=body.get("vmId"),
            provider_id=provider_id,
            medium=(body.get("medium") or {}).get("file"),
            provisioned=bool((body.get("initialization") or {}).get("provisioned")),
            adopts=adopts,
            power_cycle=PowerCycle.parse(body.get("powerCycle")),
            conditions=parse_conditions(body),
            body=body,
        )

    def reason(self, condition: str) -> str | None:
        """The reason of a condition, None when it is not there."""
        found = self.conditions.get(condition)
        return found.reason if found else None

    def is_true(self, condition: str) -> bool:
        """Whether a condition is True."""
        found = self.conditions.get(condition)
        return found is not None and found.status == "True"

    @property
    def retrying(self) -> bool:
        """Whether a failed creation is being removed on purpose."""
        return self.reason("VMCreated") == "RetryingCreation"

    @property
    def creation_begun(self) -> bool:
        """Whether a creation, or an adoption, was asked for and not refused."""
        return self.reason("VMCreated") in ("Creating", "CreationFailed", "RetryingCreation", "Adopting")

    @property
    def ran_once(self) -> bool:
        """Whether the VM was seen running: from then on power is not ours.

        The provider id is written when that is seen first: it is what a machine brings along from another cluster. A
        VM that is adopted had its life before: power was never ours.
        """
        return (
            self.is_true("VMRunning")
            or self.provisioned
            or self.provider_id is not None
            or self.adopts
            or self.reason("VMRunning") in ("VMPoweredOff", "VMNotRunning", "Repairing", "RepairFailed")
        )


@dataclass(frozen=True)
class HookState:
    """A machine's hook: *source* names its ConfigMap, *fields* is what it determined, *trouble* why it cannot."""

    source: str
    fields: BootFields | None = None
    trouble: tuple[str, str] | None = None


@dataclass(frozen=True)
class Scope:
    """One look at a machine.

    *observed*: whether *vm* (also None) is what VMM had after our last action.
    *job*: the job that status names, when VMM still knows it. *issued*: the id of the last job we started here,
    for the stage *issued_for*.
    *stop_asked*, *cancel_asked*, *medium_gone*: this controller has asked the guest to shut down, VMM to cancel the
    creation, and removed the medium from the library.
    *errands*: failures of what is done beside everything else, by stage. *eject_after*: seconds from the first address
    after which a machine that stands alone needs its medium no more. *form*: the drive that the medium is for.
    *placed_in*: the failure domain that the request names. *later*: fields that are set and do nothing yet.
    *unfinished*: fields that the VM lacks although it was created; *completed*: VMM can do no more about them.
    *invalid*: why the spec cannot be turned into a request, or None.
    *claims*: what IPAM pools were or shall be asked for, while that matters; *claims_trouble*: why nobody can tell.
    *node*: what the last look for the Node in the workload cluster found, if there was one.
    *network_trouble*: why the guest's network cannot work as it is. *networks*: the devices as status shows them.
    *hook*: the machine's hook, while it matters.
    *disks*: how it stands with persistent disks; None when it wants none.
    *naming*: the name that comes from a pool; None when the spec names no pool, or gives the name itself.
    *remediation*: the power cycle that is asked for, done or not.
    """

    machine: ScvmmMachine
    recorded: Recorded
    provider: Provider
    bootstrap: Bootstrap
    standalone: bool = False
    owner: Owner | None = None
    cluster: str | None = None
    cluster_paused: bool = False
    infrastructure: Infrastructure | None = None
    vm: Vm | None = None
    observed: bool = False
    job: Job | None = None
    issued: str | None = None
    issued_for: Stage | None = None
    stop_asked: bool = False
    cancel_asked: bool = False
    medium_gone: bool = False
    placed_in: str | None = None
    later: tuple[str, ...] = ()
    attempt: Attempt | None = None
    errands: Mapping[Stage, Attempt] = field(default_factory=dict)
    eject_after: float = 1800.0
    form: Form = DVD
    basis: str = ""
    in_flight: Stage | None = None
    invalid: tuple[str, str] | None = None
    unfinished: tuple[str, ...] = ()
    completed: bool = False
    claims: tuple[Claim, ...] = ()
    claims_trouble: tuple[str, str] | None = None
    network_trouble: tuple[str, str] | None = None
    hook: HookState | None = None
    networks: tuple[Mapping[str, Any], ...] = ()
    node: NodeTry | None = None
    naming: Naming | None = None
    remediation: RemediationRequest | None = None
    disks: Disks | None = None

    @property
    def deleting(self) -> bool:
        """Whether somebody asked for this machine to go."""
        return self.machine.metadata.deletion_timestamp is not None

    @property
    def has_finalizer(self) -> bool:
        """Whether the object waits for us."""
        return FINALIZER in (self.machine.metadata.finalizers or ())

    @property
    def known_id(self) -> str | None:
        """VMM's object id of the VM, from status, or from the spec that asks to adopt it."""
        return self.recorded.id or self.machine.spec.id

    @property
    def vm_known(self) -> bool:
        """Whether a VM of this machine was seen as its own."""
        return self.recorded.id is not None or self.recorded.provider_id is not None

    @property
    def seen(self) -> bool:
        """Whether status tells of the VM as one of ours."""
        return self.recorded.id is not None

    @property
    def vm_possible(self) -> bool:
        """Whether VMM may hold something of this machine, seen or not."""
        return self.vm_known or self.recorded.creation_begun or self.machine.moved

    @property
    def name(self) -> str:
        """Kind and name for messages."""
        return f"ScvmmMachine {self.machine.metadata.name}"
