# SPDX-License-Identifier: Apache-2.0
"""A cloud-init medium that vm_media builds itself: the same bytes as an image from a file, and nothing on disk."""

from __future__ import annotations

import hashlib
from pathlib import Path

import pytest
from scvmm_sim.simulator import Simulator

from .plays import Player, task, warm_variables

TEXTS = {"meta_data": "instance-id: web-1\n", "user_data": "#cloud-config\n{}\n"}


@pytest.fixture
def player(simulator: Simulator, runtime_dir: Path, tmp_path: Path) -> Player:
    """Plays over capi.scvmm.vmm."""
    return Player(tmp_path, runtime_dir, warm_variables(simulator.host, simulator.port))


def test_a_built_medium_is_that_of_cloud_init_image(player: Player, tmp_path: Path) -> None:
    """What is uploaded has the digest that cloud_init_image tells for the same texts, and the copy is private."""
    copy = tmp_path / "copy.iso"
    played = player.play(
        task("image", "cloud_init_image", **TEXTS),
        task("checked", "vm_media", check=True, state="present", file="a.iso", cloud_init={**TEXTS, "path": str(copy)}),
        task("up", "vm_media", state="present", file="a.iso", cloud_init={**TEXTS, "path": str(copy)}),
    )
    assert played["checked"].result["changed"]
    assert played["up"].result["changed"]
    assert hashlib.sha256(copy.read_bytes()).hexdigest() == played["image"].result["sha256"]
    assert copy.stat().st_mode & 0o077 == 0


def test_bad_texts_and_two_sources_are_refused(player: Player) -> None:
    """One message that names the option."""
    played = player.play(
        task("two", "vm_media", state="present", file="a.iso", src="x.iso", cloud_init=TEXTS),
        task("lacking", "vm_media", state="present", file="a.iso", cloud_init={"user_data": ""}),
        task(
            "unread",
            "vm_media",
            state="present",
            file="a.iso",
            cloud_init={"meta_data": "", "user_data_file": "/no/such"},
        ),
    )
    assert "mutually exclusive" in played["two"].result["msg"]
    assert "meta_data" in played["lacking"].result["msg"]
    assert "user_data_file '/no/such' cannot be read" in played["unread"].result["msg"]
