# SPDX-License-Identifier: Apache-2.0
"""How to go on with a demonstration that is left running."""

from pathlib import Path

import yaml
from plane.certificates import write_private

from demo.display import Display
from demo.world import BIN, FABRIC, REPOSITORY, World, user_of


def leave_running(world: World, display: Display) -> None:
    """Write an inventory, let the world live on, and say how to use and how to end it."""
    inventory = write_inventory(world)
    environment = world.environment()
    sessions = f"CAPI_SCVMM_RUNTIME_DIR={environment['CAPI_SCVMM_RUNTIME_DIR']}"
    collections = f"ANSIBLE_COLLECTIONS_PATH={REPOSITORY / 'build'}"
    kubectl, kubeconfig, url = world.kubectl, world.plane.kubeconfig, world.simulator["control_url"]
    log, workload = world.folder / "controller.log", world.workload_kubeconfig("demo")
    # From here on the world's folder is not ours any more.
    supervisor = world.plane.detach()
    display.step("It goes on. What you can do with it")
    display.say(f"export KUBECONFIG={kubeconfig}")
    display.say(f"{kubectl} get cluster-api")
    display.say(f"{kubectl} --kubeconfig {workload} get nodes")
    display.say(f"{BIN / 'scvmm-sim'} vms --control {url}")
    display.say(f"tail -f {log}")
    display.say(f"{sessions} {collections} {BIN / 'ansible-playbook'} capi.scvmm.inspect -i {inventory}")
    display.say(f"\nEnd it, and remove all its files:\nkill {supervisor}")


def write_inventory(world: World) -> Path:
    """An Ansible inventory (0600, it has the password) with the simulated VMM server."""
    user = user_of(FABRIC)
    host = {
        "ansible_connection": "capi.scvmm.vmm",
        "ansible_host": world.simulator["host"],
        "ansible_port": world.simulator["port"],
        "ansible_user": user["username"],
        "ansible_password": user["password"],
        "scvmm_scheme": "http",
    }
    content = yaml.safe_dump({"all": {"hosts": {"vmm": host}}})
    return write_private(world.folder / "inventory.yml", content.encode())
