# SPDX-License-Identifier: Apache-2.0
"""The library: shares, their files, and the media and disks that VMM knows after a refresh of a share."""

from __future__ import annotations

import ntpath
import os
import shutil
from collections.abc import Iterator
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path

from scvmm_sim.cmdlets.call import Call, Function, Outcome
from scvmm_sim.guest.vhdx_file import disk_size
from scvmm_sim.state import Work, World
from scvmm_sim.state.records import (
    FloppyRecord,
    IsoRecord,
    LibraryServerRecord,
    ResourceRecord,
    ShareRecord,
    VhdRecord,
)
from scvmm_sim.state.vm import VirtualMachine

KINDS: dict[str, type[ResourceRecord]] = {".iso": IsoRecord, ".vfd": FloppyRecord, ".vhdx": VhdRecord}
"""Extension → what the library takes a file for."""


def get_share(call: Call) -> Outcome:
    """Library shares by id, or all."""
    return Outcome(call.picked(ShareRecord, None))


def get_library_server(call: Call) -> Outcome:
    """Library servers by id or name."""
    return Outcome(call.picked(LibraryServerRecord, "ComputerName"))


def import_resource(call: Call) -> Outcome:
    """Copy a file of this machine to a share's folder; VMM knows it only after a refresh of the share."""
    source = Path(call.bound.text("SourcePath") or "")
    if not source.is_file():
        raise call.error(2906, f"VMM cannot find the file {source}.", "Check the path of the file.")
    share, folder = share_folder(call, call.bound.text("SharePath") or "")
    if share.view_only or share.marked_for_deletion:
        raise call.error(2917, f"The library share {share.path} takes no files.", "Choose a writable library share.")
    target = folder / source.name
    if not call.bound.flag("OverwriteExistingFiles") and target.exists():
        raise call.error(2910, f"The file {target.name} exists on {share.path}.", "Use -OverwriteExistingFiles.")

    def done() -> None:
        folder.mkdir(parents=True, exist_ok=True)
        part = target.with_name(target.name + ".part")
        # A medium holds secrets: nobody else may read it, whatever the umask.
        part.touch(mode=0o600)
        shutil.copyfile(source, part)
        part.replace(target)

    job = call.start(Work("import", "Import library resource", share, done=done, locks=False))
    return Outcome(job=job)


def read_share(call: Call) -> Outcome:
    """Look through a share, or one folder of it, and learn which media and disks are there."""
    share = call.given(ShareRecord, "LibraryShare")
    path = call.bound.text("Path")
    folder = share.folder if path is None else share_folder(call, path, share)[1]
    world = call.world
    job = call.start(
        Work("refresh", "Refresh library share", share, done=lambda: learn(world, share, folder), locks=False)
    )
    return Outcome([share], job)


def get_iso(call: Call) -> Outcome:
    """ISOs that the library knows, by id or name."""
    return Outcome(call.picked(IsoRecord))


def remove_iso(call: Call) -> Outcome:
    """Remove an ISO from library and share; one that a drive holds by link is in use."""
    iso = call.given(IsoRecord, "ISO")
    linked = [
        vm.name
        for vm in call.world.all(VirtualMachine)
        for drive in vm.drives
        if drive.medium and drive.medium.linked and drive.medium.source_id == iso.id
    ]
    if linked and not call.bound.flag("Force"):
        raise call.error(802, f"The ISO {iso.name} is in use by {', '.join(linked)}.", "Eject it first.")

    return _removed(call, "Remove ISO", iso)


def get_floppy(call: Call) -> Outcome:
    """Images of floppy disks that the library knows, by id or name."""
    return Outcome(call.picked(FloppyRecord))


def remove_floppy(call: Call) -> Outcome:
    """Remove the image of a floppy disk from library and share."""
    return _removed(call, "Remove virtual floppy disk", call.given(FloppyRecord, "VirtualFloppyDisk"))


def remove_hard_disk(call: Call) -> Outcome:
    """Remove a virtual hard disk from library and share."""
    return _removed(call, "Remove virtual hard disk", call.given(VhdRecord, "VirtualHardDisk"))


def _removed(call: Call, name: str, resource: ResourceRecord) -> Outcome:
    def done() -> None:
        if resource.share is not None:
            resource.file.unlink(missing_ok=True)
        call.world.discard(resource)

    return Outcome(job=call.start(Work("import", name, resource, done=done)))


def share_folder(call: Call, path: str, share: ShareRecord | None = None) -> tuple[ShareRecord, Path]:
    """The share and folder on this machine that a UNC path means; raises 2409 for a path on no share."""
    wanted = ntpath.normpath(path)
    for candidate in [share] if share else call.world.all(ShareRecord):
        root = candidate.path
        if wanted.casefold() == root.casefold():
            return candidate, candidate.folder
        if wanted.casefold().startswith(root.casefold() + "\\"):
            return candidate, candidate.folder.joinpath(*wanted[len(root) + 1 :].split("\\"))
    raise call.error(2409, f"The path {path} is on no library share of VMM.", "Give a path on a library share.")


def learn(world: World, share: ShareRecord, folder: Path) -> None:
    """Add files that are new in *folder*, forget those that are gone, see what changed."""
    resources = [resource for kind in KINDS.values() for resource in world.all(kind)]
    known = {str(resource.file): resource for resource in resources if resource.share is not None}
    present = dict(_known_files(folder))
    below = str(folder) + os.sep
    for path, resource in known.items():
        if path.startswith(below) and path not in present:
            world.discard(resource)
    for path, status in present.items():
        stamp = (status.st_mtime_ns, status.st_size)
        kind = KINDS[Path(path).suffix.lower()]
        found = known.get(path) or world.add(kind(world.new_id(), path.rpartition(os.sep)[2], share, file=Path(path)))
        if found.stamp != stamp:
            if isinstance(found, VhdRecord):
                found.size_mb = (disk_size(found.file) or 0) // 1024**2
            inner = "\\".join(found.file.relative_to(share.folder).parts)
            found.stamp, found.share_path, found.size = stamp, f"{share.path}\\{inner}", status.st_size
            moment = datetime.fromtimestamp(status.st_mtime, tz=UTC)
            found.modified = moment.strftime("%Y-%m-%dT%H:%M:%S.%f")[:-3] + "Z"


def _known_files(folder: Path) -> Iterator[tuple[str, os.stat_result]]:
    """Path and status of each medium and disk in *folder* and below; plain strings, for a share may hold thousands."""
    for root, _folders, names in os.walk(folder):
        for name in names:
            if name.lower().endswith(tuple(KINDS)):
                path = os.path.join(root, name)
                with suppress(FileNotFoundError):
                    yield path, Path(path).stat()


FUNCTIONS: dict[str, Function] = {
    "Get-SCLibraryShare": get_share,
    "Get-SCLibraryServer": get_library_server,
    "Import-SCLibraryPhysicalResource": import_resource,
    "Read-SCLibraryShare": read_share,
    "Get-SCISO": get_iso,
    "Remove-SCISO": remove_iso,
    "Get-SCVirtualFloppyDisk": get_floppy,
    "Remove-SCVirtualFloppyDisk": remove_floppy,
    "Remove-SCVirtualHardDisk": remove_hard_disk,
}
