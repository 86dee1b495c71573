# SPDX-License-Identifier: GPL-3.0-or-later
"""Action ``capi.scvmm.vm_disk``: a disk of a virtual machine that is there, or is gone."""

from __future__ import annotations

from ..plugin_utils.declaration import Declaration, Operation
from ..plugin_utils.operation_action import OperationAction

_OPTIONS = {
    "id": {"type": "str"},
    "uid": {"type": "str"},
    "state": {"type": "str", "choices": ["present", "absent"], "default": "present"},
    "disk": {"type": "str", "required": True},
    "size_mb": {"type": "int"},
    "path": {"type": "str"},
    "existing": {"type": "bool"},
    "dynamic": {"type": "bool"},
    "vhd": {"type": "str"},
    "bus_type": {"type": "str", "choices": ["SCSI", "IDE"]},
    "bus": {"type": "int"},
    "lun": {"type": "int"},
    "volume_type": {"type": "str", "choices": ["Boot", "System", "BootAndSystem", "None"]},
    "iops_maximum": {"type": "int"},
    "storage_qos_policy": {"type": "str"},
    "keep_file": {"type": "bool", "default": False},
}
_VM = ("id", "uid")


class ActionModule(OperationAction):
    """Add, expand, limit or remove a disk of a VM."""

    declaration = Declaration(
        options=_OPTIONS,
        operations={
            "present": Operation("vm_disk", fields=tuple(name for name in _OPTIONS if name != "keep_file"), one_of=_VM),
            "absent": Operation("vm_disk", fields=(*_VM, "state", "disk", "keep_file"), one_of=_VM),
        },
        constraints={"mutually_exclusive": [("iops_maximum", "storage_qos_policy"), ("existing", "vhd")]},
    )
