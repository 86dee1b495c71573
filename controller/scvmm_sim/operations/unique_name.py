# SPDX-License-Identifier: Apache-2.0
"""A VM whose name no other VM may have: VMM itself does not keep names unique."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from scvmm_sim.operations.fields import OperationError
from scvmm_sim.operations.session import Session
from scvmm_sim.operations.wish import Wish


@contextmanager
def name_held(session: Session, wish: Wish) -> Iterator[None]:
    """Hold the lock of the name from the look for it until the VM is there; nothing when any name will do."""
    if not wish.unique_name:
        yield
        return
    with session.named_lock(f"CapiScvmm-name {wish.name.lower()}") as taken:
        if not taken:
            raise OperationError(
                "CapiScvmm.Busy",
                f"Another session on this host has been creating a VM with the name '{wish.name}' for a minute. "
                "Look again later.",
                category="ResourceBusy",
            )
        check_name(session, wish)
        yield


def check_name(session: Session, wish: Wish) -> None:
    """Refuse a name that a VM has, whatever its case."""
    if not wish.unique_name:
        return
    found = [vm for vm in session.all("Get-SCVirtualMachine") if str(vm["Name"]).casefold() == wish.name.casefold()]
    if found:
        listed = ", ".join(str(vm["ID"]) for vm in found)
        raise OperationError(
            "CapiScvmm.NameInUse",
            f"VM {wish.name} is not created: the name is in use in VMM (id {listed}). Choose another name.",
            category="ResourceExists",
        )
