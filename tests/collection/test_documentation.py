# SPDX-License-Identifier: Apache-2.0
"""ansible-doc shows everything that people can use."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import yaml

from .surroundings import environment

MODULES = (
    "vm", "vm_checkpoint", "vm_checkpoint_info", "vm_disk", "vm_info", "vm_power", "vm_media", "vm_refresh",
    "vm_mark", "vm_repair", "job_info", "vip",
)  # fmt: skip


def _documented(kind: str, *names: str) -> dict[str, dict]:
    program = Path(sys.executable).parent / "ansible-doc"
    ended = subprocess.run(
        [str(program), "-t", kind, "--json", *(f"capi.scvmm.{name}" for name in names)],
        env=environment(Path("unused")), capture_output=True, text=True, timeout=60,
    )  # fmt: skip
    assert ended.returncode == 0, ended.stderr
    found: dict[str, dict] = json.loads(ended.stdout)
    return found


def test_modules_are_documented() -> None:
    """Every option and every result has a description; the examples are tasks."""
    documents = _documented("module", *MODULES)
    assert sorted(documents) == sorted(f"capi.scvmm.{name}" for name in MODULES)
    for name, document in documents.items():
        assert all(option["description"] for option in document["doc"]["options"].values()), name
        assert "timeout" in document["doc"]["options"]
        assert {"check_mode", "diff_mode"} <= document["doc"]["attributes"].keys()
        assert {"msg", "error"} <= document["return"].keys()
        assert all(any(key.startswith("capi.scvmm.") for key in step) for step in yaml.safe_load(document["examples"]))


def test_the_image_builder_is_documented() -> None:
    """A module that needs no server is shown like the others."""
    assert _documented("module", "cloud_init_image")["capi.scvmm.cloud_init_image"]["doc"]["options"]


def test_the_connection_is_documented() -> None:
    """Each option says from which variable it comes."""
    options = _documented("connection", "vmm")["capi.scvmm.vmm"]["doc"]["options"]
    assert all(option.get("vars") for option in options.values())


def test_the_inventory_is_documented() -> None:
    """Its own options, those of the session, of constructed groups and of the cache; the examples are sources."""
    document = _documented("inventory", "vms")["capi.scvmm.vms"]
    options = document["doc"]["options"]
    assert {"hostnames", "filters", "keyed_groups", "compose", "strict", "cache", "cache_plugin"} <= options.keys()
    session = _documented("connection", "vmm")["capi.scvmm.vmm"]["doc"]["options"]
    assert session.keys() <= options.keys()
    assert all(option["description"] for option in options.values())
    for example in yaml.safe_load_all(document["examples"]):
        assert example["plugin"] == "capi.scvmm.vms" and example.keys() <= options.keys()


VARIABLES = {
    "ansible_host", "ansible_port", "ansible_user", "ansible_password", "scvmm_scheme", "scvmm_authentication",
    "scvmm_encryption", "scvmm_certificate_validation", "scvmm_ca_cert", "scvmm_vmm_server", "scvmm_workers",
    "scvmm_idle_seconds", "scvmm_path",
}  # fmt: skip


def test_inventories_use_these_variables() -> None:
    """What inventories and the controller set is what the connection reads."""
    options = _documented("connection", "vmm")["capi.scvmm.vmm"]["doc"]["options"]
    assert {known["name"] for option in options.values() for known in option["vars"]} >= VARIABLES
