# SPDX-License-Identifier: Apache-2.0
"""ScvmmMachine: one VM, as wished and as found."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from capi_scvmm.kinds.boot import Hook
from capi_scvmm.kinds.disks import Disk
from capi_scvmm.kinds.domain_join import DomainJoin
from capi_scvmm.kinds.meta_data import NOT_RESERVED
from capi_scvmm.kinds.metadata import ObjectMeta
from capi_scvmm.kinds.model import EMPTY_IS_ABSENT, Model, Text
from capi_scvmm.kinds.networking import Networking
from capi_scvmm.kinds.quantity import Memory
from capi_scvmm.kinds.references import Bootstrap, NamedReference, ProviderRef
from capi_scvmm.kinds.rules import ATOMIC, rule, rules, same
from capi_scvmm.kinds.scvmm_machine_status import ScvmmMachineStatus
from capi_scvmm.kinds.vm_options import DynamicMemory, FibreChannel, VmOptions

# The annotation with the name taken from a pool: unlike status it survives clusterctl move.
VM_NAME = "scvmmmachine.infrastructure.cluster.x-k8s.io/vm-name"
# The annotation with the uid in the mark of the VM, as namespace/name/uid: by it a machine that was moved to another
# management cluster, where it has another uid and no status, finds its VM again.
VM_MARK = "scvmmmachine.infrastructure.cluster.x-k8s.io/vm-mark"

_GUID = "[0-9A-Fa-f]{8}(-[0-9A-Fa-f]{4}){3}-[0-9A-Fa-f]{12}"
_PROVIDER_ID = rules(
    rule(
        f"self == '' || self.matches('^scvmm://{_GUID}$')",
        "providerID is scvmm:// and the id of the VM: leave providerID out, the controller sets it",
    ),
)
_ID = rules(
    rule(
        f"self == '' || self.matches('^{_GUID}$')",
        "id is VMM's object id of the VM, as 3f2504e0-4f89-11d3-9a0c-0305e82c3301: leave id out for a new VM",
    ),
)
_VM_NAME = rules(
    rule(
        r"""!self.matches('[*?:<>|/\\\\"]')""",
        r"""vmName contains a character that VMM refuses: remove * ? : < > | / \ and " from vmName""",
    )
)
_MADE_OF_SOMETHING = rule(
    "(has(self.id) && self.id != '') || (has(self.vmTemplate) && self.vmTemplate != '') || "
    "(has(self.hardwareProfile) && self.hardwareProfile != '' && has(self.disks) && size(self.disks) > 0)",
    "a VM is made from vmTemplate, or from hardwareProfile and disks: set vmTemplate, or hardwareProfile and disks",
)
_STARTUP_WITHIN_BOUNDS = rule(
    "!has(self.memory) || !has(self.dynamicMemory) || !isQuantity(string(self.memory)) || "
    "!isQuantity(string(self.dynamicMemory.minimum)) || !isQuantity(string(self.dynamicMemory.maximum)) || "
    "(quantity(string(self.dynamicMemory.minimum)).compareTo(quantity(string(self.memory))) <= 0 && "
    "quantity(string(self.memory)).compareTo(quantity(string(self.dynamicMemory.maximum))) <= 0)",
    "memory is what the VM starts with and lies between dynamicMemory.minimum and dynamicMemory.maximum: change memory "
    "or these bounds",
    field=".memory",
)
_JOIN_BY_CLOUD_INIT = rule(
    "!has(self.domainJoin) || !has(self.bootstrap) || "
    "(has(self.bootstrap.dataSecretName) && self.bootstrap.dataSecretName != '')",
    "domainJoin is done by cloud-init, which is not there without bootstrap data: set bootstrap.dataSecretName, or "
    "leave domainJoin out",
    field=".domainJoin",
)
_VM_EXISTS = (
    "((has(oldSelf.spec.providerID) && oldSelf.spec.providerID != '') || "
    "(has(oldSelf.status) && has(oldSelf.status.id) && oldSelf.status.id != ''))"
)
_PROVIDER_ID_STAYS = rule(
    "!has(oldSelf.spec.providerID) || oldSelf.spec.providerID == '' || "
    "(has(self.spec.providerID) && self.spec.providerID == oldSelf.spec.providerID)",
    "spec.providerID cannot change once it is set, the Node carries it: put providerID back, or replace the machine "
    "by a new one",
    field=".spec.providerID",
    forbidden=True,
)
# What the VM was made from. Until it exists each of them can still be mended.
FIXED_FIELDS = (
    "id",
    "cloud",
    "hostGroup",
    "vmName",
    "vmNameFromPool",
    "hostname",
    "vmTemplate",
    "hardwareProfile",
    "operatingSystem",
    "disks",
    "fibreChannel",
    "networking",
    "availabilitySet",
    "bootstrap",
    "domainJoin",
)


def _fixed(field: str) -> dict[str, str]:
    return rule(
        f"!{_VM_EXISTS} || {same(f'spec.{field}')}",
        f"spec.{field} cannot change once the VM exists: put {field} back, or replace the machine by a new one",
        field=f".spec.{field}",
        forbidden=True,
    )


class ScvmmMachineSpec(Model):
    """The VM that is wished for."""

    model_config = {"json_schema_extra": rules(_MADE_OF_SOMETHING, _STARTUP_WITHIN_BOUNDS, _JOIN_BY_CLOUD_INIT)}

    provider_id: Text = Field(
        default=None,
        description="Identity of the VM towards Cluster API and the Node, scvmm://<VM id>. Written by the controller.",
        json_schema_extra=_PROVIDER_ID,
    )
    id: Text = Field(
        default=None,
        description="VMM's object id of a VM that exists already and that this machine adopts: it gets the machine's "
        "mark in its description, nothing else is done to it, and one with the mark of another owner is refused. Once "
        "adopted it is removed when the machine is deleted. Leave it out for a new VM.",
        json_schema_extra=_ID,
    )
    cloud: Text = Field(
        default=None, description="Cloud in VMM that the VM is placed in. Default: that of the failure domain."
    )
    host_group: Text = Field(
        default=None,
        description="Host group in VMM that the VM is placed in, by name or path. Default: that of the failure domain.",
    )
    vm_name: Annotated[str | None, Field(max_length=100), EMPTY_IS_ABSENT] = Field(
        default=None,
        description="Name of the VM in VMM. Default: metadata.name.",
        json_schema_extra=_VM_NAME,
    )
    vm_name_from_pool: NamedReference | None = Field(
        default=None,
        description="The ScvmmNamePool, in the machine's namespace, that the name of the VM is taken from when vmName "
        "is empty. The name is taken just before the VM is created, stands in an annotation of the machine, and goes "
        "back to the pool when the machine is gone.",
    )
    hostname: Annotated[str | None, Field(max_length=512), EMPTY_IS_ABSENT] = Field(
        default=None,
        description="Host name of the guest, as a Jinja template over this object, as {{ spec.vmName }}.example.com. "
        "Plain Go substitutions as {{ .metadata.name }} and {{ .spec.vmName }} work too; other Go template functions "
        "are refused. Default: the name of the VM up to its first dot, a dot, and networking.domain.",
    )
    vm_template: Text = Field(
        default=None,
        description="Name of the VM template in VMM that the VM is made from. Without it the VM is made from "
        "hardwareProfile and disks.",
    )
    hardware_profile: Text = Field(
        default=None,
        description="Name of the hardware profile in VMM. Needed without vmTemplate; it also decides the generation.",
    )
    cpu_count: int | None = Field(
        default=None,
        description="Number of virtual CPUs. Default, also with 0: that of the VM template or hardware profile.",
        ge=0,
        le=2048,
    )
    memory: Memory | None = Field(
        default=None,
        description="Memory of the VM, in bytes or with a unit, as 4Gi; whole MiB are used. With dynamicMemory it is "
        "what the VM starts with. Default: that of the VM template or hardware profile.",
    )
    dynamic_memory: DynamicMemory | None = Field(
        default=None, description="Lets the host give and take memory between two bounds. Default: memory is fixed."
    )
    operating_system: Text = Field(
        default=None,
        description="VMM's name of the guest's operating system. Default: that of the VHD the VM boots from, else "
        "Other Linux (64 bit).",
    )
    disks: tuple[Disk, ...] = Field(
        default=(),
        description="Disks of the VM, in the order in which they are attached; beyond those of vmTemplate when that is "
        "set.",
        max_length=64,
        json_schema_extra=ATOMIC,
    )
    fibre_channel: tuple[FibreChannel, ...] = Field(
        default=(), description="Virtual Fibre Channel adapters of the VM.", max_length=8, json_schema_extra=ATOMIC
    )
    networking: Networking | None = Field(
        default=None,
        description="Network devices of the VM and domain of its guest. Default: those of the failure domain.",
    )
    availability_set: Text = Field(
        default=None, description="Availability set in VMM: its VMs are kept on different hosts. Created when missing."
    )
    vm_options: VmOptions | None = Field(default=None, description="How the host treats the VM.")
    custom_property: dict[str, str] = Field(
        default_factory=dict, description="Values of custom properties of the VM in VMM, by the property's name."
    )
    tag: Text = Field(default=None, description="Tag of the VM in VMM.")
    metadata: dict[str, str] = Field(
        default_factory=dict,
        description="Further keys of cloud-init's meta-data, for templates in user-data as {{ ds.meta_data.site }}. "
        "Those that the controller sets (instance-id, local-hostname, hostname, provider-id) are refused.",
        max_length=64,
        json_schema_extra=NOT_RESERVED,
    )
    provider_ref: ProviderRef | None = Field(
        default=None, description="The ScvmmProvider whose VMM server is used. Default: that of the ScvmmCluster."
    )
    bootstrap: Bootstrap | None = Field(
        default=None,
        description="Makes this a machine on its own, without Cluster and Machine, and says where its user-data comes "
        "from.",
    )
    domain_join: DomainJoin | None = Field(
        default=None,
        description="Makes the guest a member of an Active Directory domain at its first boot. Needs bootstrap data of "
        "format cloud-config.",
    )
    hook: Hook | None = Field(
        default=None,
        description="Ansible tasks, in a ConfigMap of the machine's namespace, that determine addresses and other "
        "fields before the first boot, instead of those of the ScvmmProvider. Only where that has allowMachineHooks: "
        "they run with the controller's rights.",
    )
    guest_shutdown_timeout: int = Field(
        default=120,
        description="How long a guest may take to shut down before its VM is turned off, in seconds, when the machine "
        "is deleted. 0 turns it off at once. Default: 120.",
        ge=0,
        le=86400,
    )


class ScvmmMachine(Model):
    """A virtual machine in System Center Virtual Machine Manager: a node of a cluster, or one on its own."""

    model_config = {"json_schema_extra": rules(_PROVIDER_ID_STAYS, *map(_fixed, FIXED_FIELDS))}

    metadata: ObjectMeta = Field(description="Standard object metadata.")
    spec: ScvmmMachineSpec = Field(description="The VM that is wished for.")
    status: ScvmmMachineStatus = Field(
        default_factory=ScvmmMachineStatus, description="What is known about the VM. Written by the controller."
    )

    @property
    def vm_name(self) -> str:
        """Name of the VM in VMM: spec.vmName, else the one taken from the pool, else metadata.name."""
        return self.spec.vm_name or self.taken_name or self.metadata.name

    @property
    def taken_name(self) -> str | None:
        """The name that was taken from the pool which the spec names, None when there is no such."""
        return (self.metadata.annotations.get(VM_NAME) or None) if self.spec.vm_name_from_pool is not None else None

    @property
    def of_cluster(self) -> bool:
        """Whether its ScvmmCluster made it, as a load balancer."""
        return any(owner.kind == "ScvmmCluster" for owner in self.metadata.owner_references)

    def named(self, name: str) -> ScvmmMachine:
        """The machine as it is when it has taken *name* from its pool."""
        return self._annotated(VM_NAME, name)

    @property
    def owner(self) -> str:
        """The owner in the mark of its VM: namespace/name."""
        return f"{self.metadata.namespace}/{self.metadata.name}"

    @property
    def noted_mark(self) -> str | None:
        """The uid of the mark that the machine carries; copied from a machine of another name it counts for nothing."""
        owner, _, uid = self.metadata.annotations.get(VM_MARK, "").rpartition("/")
        return uid if uid and owner == self.owner else None

    @property
    def mark(self) -> str:
        """The uid in the mark of its VM: its own one, or that which it had in the cluster that it was moved from."""
        return self.noted_mark or self.metadata.uid

    @property
    def moved(self) -> bool:
        """Whether it came from another management cluster, so that its status does not tell what was before."""
        return self.mark != self.metadata.uid

    def marked(self, uid: str) -> ScvmmMachine:
        """The machine as it is when it carries *uid* as that of the mark of its VM."""
        return self._annotated(VM_MARK, f"{self.owner}/{uid}")

    def _annotated(self, key: str, value: str) -> ScvmmMachine:
        annotations = {**self.metadata.annotations, key: value}
        return self.model_copy(update={"metadata": self.metadata.model_copy(update={"annotations": annotations})})
