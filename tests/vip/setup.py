# SPDX-License-Identifier: Apache-2.0
"""Brings keepalived to the hosts of a lab: by the role over ssh, or by cloud-init."""

from __future__ import annotations

import datetime
import json
import os
import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from guests.lab import Host, Lab

from vip.control_plane import ControlPlane, control_plane, host_files

VIP = "10.88.0.100"
ROOT = Path(__file__).parents[2]


def certificate() -> str:
    """Key and certificate in PEM, for an API server whose clients do not look closely."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "apiserver")])
    now = datetime.datetime.now(datetime.UTC)
    built = x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number())
    signed = built.not_valid_before(now).not_valid_after(now + datetime.timedelta(days=2)).sign(key, hashes.SHA256())
    form = serialization.PrivateFormat.PKCS8
    private = key.private_bytes(serialization.Encoding.PEM, form, serialization.NoEncryption())
    return (private + signed.public_bytes(serialization.Encoding.PEM)).decode()


def lab_path(lab: Lab) -> str:
    """PATH with the programs of this Python's environment and the lab's ssh."""
    ssh = Path(lab.command("ssh")[-1]).parent
    return os.pathsep.join([str(Path(sys.executable).parent), os.environ["PATH"], str(ssh)])


def play(
    lab: Lab, hosts: Sequence[Host], role: str, folder: Path, **variables: Any
) -> subprocess.CompletedProcess[str]:
    """Run a role of the collection on the hosts over ssh, from within the lab's network."""
    playbook = folder / f"{role}.yml"
    plays = [{"hosts": "all", "gather_facts": False, "roles": [{"role": f"capi.scvmm.{role}"}], "vars": variables}]
    playbook.write_text(json.dumps(plays))
    return play_book(lab, hosts, str(playbook), folder)


def play_book(
    lab: Lab, hosts: Sequence[Host], playbook: str, folder: Path, **variables: Any
) -> subprocess.CompletedProcess[str]:
    """Run a playbook, by its file or its name in the collection, on the hosts over ssh."""
    inventory = folder / "inventory.yml"
    inventory.write_text(lab.inventory(*hosts))
    programs = Path(sys.executable).parent
    command = lab.network.namespace.command(
        *(str(programs / "ansible-playbook"), "-i", str(inventory), playbook, "-e", json.dumps(variables))
    )
    environment = {
        **os.environ,
        "PATH": lab_path(lab),
        "ANSIBLE_COLLECTIONS_PATH": str(ROOT / "build"),
        "ANSIBLE_HOME": str(folder / "ansible"),
        "ANSIBLE_PIPELINING": "true",
    }
    return subprocess.run(
        command, env=environment, cwd=folder, capture_output=True, text=True, timeout=400, check=False
    )


@contextmanager
def three_hosts(network: Lab, folder: Path) -> Iterator[ControlPlane]:
    """Three hosts to which the role brought keepalived over ssh. No API server was ever started."""
    files = host_files(certificate())
    hosts = [network.start(f"cp-{number}", [f"10.88.0.1{number}/24"], files=files) for number in (1, 2, 3)]
    for host in hosts:
        host.wait_for_ssh()
    with control_plane(network, hosts, VIP, folder) as made:
        wish = {"keepalived_vip_address": VIP, "keepalived_vip_install": False}
        played = play(network, hosts, "keepalived_vip", folder, **wish)
        assert played.returncode == 0, played.stdout + played.stderr
        yield made
