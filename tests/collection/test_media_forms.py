# SPDX-License-Identifier: Apache-2.0
"""One VM for each combination of drive, file system and generation: its guest reads the medium byte for byte."""

from __future__ import annotations

import hashlib
import random
from pathlib import Path

from scvmm_sim.simulator import Simulator

from .plays import Player, task, warm_variables

FORMS = [
    ("dvd", "iso9660", 1),
    ("dvd", "iso9660", 2),
    ("floppy", "vfat", 1),
    ("scsi", "iso9660", 1),
    ("scsi", "iso9660", 2),
    ("scsi", "vfat", 1),
    ("scsi", "vfat", 2),
    ("ide", "iso9660", 1),
    ("ide", "vfat", 1),
]
TEMPLATES = {1: "debian of generation 1", 2: "debian"}
EXTENSIONS = {"dvd": "iso", "floppy": "vfd", "scsi": "vhdx", "ide": "vhdx"}


def any_unicode() -> bytes:
    """A million bytes of UTF-8 with every kind of code point, the odd ones at the end of lines and files among them."""
    chance = random.Random(1)
    points = [*range(0x80), 0x85, 0xE4, 0x2028, 0x4E2D, 0xFEFF, 0xFFFD, 0xFFFF, 0x1F600, 0x10FFFF]
    text = "".join(chr(chance.choice(points)) for _ in range(900_000)).encode()
    return b"#cloud-config\n" + text.ljust(999_986, b"\r")[:999_986].decode(errors="ignore").encode()


def test_a_million_bytes_arrive_whatever_the_drive(simulator: Simulator, runtime_dir: Path, tmp_path: Path) -> None:
    """Created, attached, started; then taken out again, of IDE only while the VM is off."""
    user_data = any_unicode()
    (tmp_path / "user-data").write_bytes(user_data)
    player = Player(tmp_path, runtime_dir, warm_variables(simulator.host, simulator.port))
    tasks = []
    for device, file_system, generation in FORMS:
        uid = f"{device}_{file_system}_{generation}"
        medium = {"uid": uid, "file": f"{uid}.{EXTENSIONS[device]}"}
        texts = {"meta_data": f"local-hostname: {uid}\n", "user_data_file": str(tmp_path / "user-data")}
        form = {"device": device, "file_system": file_system}
        tasks += [
            task(
                f"{uid} made",
                "vm",
                owner=f"x/{uid}",
                uid=uid,
                name=uid,
                cloud="production",
                template=TEMPLATES[generation],
            ),
            task(f"{uid} attached", "vm_media", state="attached", **medium, **form, cloud_init=texts),
            task(f"{uid} again", "vm_media", state="attached", **medium, **form, cloud_init=texts),
            task(f"{uid} started", "vm_power", uid=uid, state="running"),
            task(f"{uid} ejected", "vm_media", state="ejected", **medium),
        ]
    tasks += [
        task("off", "vm_power", uid="ide_vfat_1", state="off", method="turn_off"),
        task("ejected", "vm_media", state="ejected", uid="ide_vfat_1"),
        task("absent", "vm_media", state="absent", file="ide_vfat_1.vhdx"),
        task("absent again", "vm_media", state="absent", file="ide_vfat_1.vhdx"),
        task("no drive", "vm_media", state="attached", uid="dvd_iso9660_2", file="x.vfd", cloud_init={"meta_data": ""}),
        task("mixed", "vm_media", state="present", file="x.iso", device="ide", cloud_init={"meta_data": ""}),
        task("large", "vm_media", state="present", file="x.vfd", cloud_init={"meta_data": "x" * 1_458_000}),
    ]  # fmt: skip
    played = player.play(*tasks)
    guests = {vm["Name"]: vm["guest"] for vm in simulator.vms()}
    digest = hashlib.sha256(user_data).hexdigest()
    for device, file_system, generation in FORMS:
        uid = f"{device}_{file_system}_{generation}"
        attached = played[f"{uid} attached"].result
        held = {"device": device, "file": f"{uid}.{EXTENSIONS[device]}"}
        assert attached["changed"] and not played[f"{uid} again"].result["changed"], attached
        assert played[f"{uid} started"].result["vm"]["media"] == [held]
        assert (guests[uid]["host_name"], guests[uid]["digests"]["user-data"]) == (uid, digest), guests[uid]
        ejected = played[f"{uid} ejected"]
        if device == "ide":
            assert ejected.kind == "failed" and ejected.result["error"]["number"] == 1730
        else:
            assert ejected.result["changed"], ejected.result
    assert played["ejected"].result["changed"] and played["absent"].result["changed"]
    assert not played["absent again"].result["changed"]
    assert (
        "is of generation 2, which has neither floppy nor IDE drives. Give dvd or scsi"
        in played["no drive"].result["msg"]
    )
    assert "option file is 'x.iso': give a name that ends in .vhdx, or another device" in played["mixed"].result["msg"]
    assert "a floppy medium with vfat has room for 1457664" in played["large"].result["msg"]
