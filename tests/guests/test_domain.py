# SPDX-License-Identifier: Apache-2.0
"""A guest that joins a real Active Directory domain, of Samba, by our part of its user-data."""

from __future__ import annotations

import subprocess
import sys

import pytest
from capi_scvmm.bootstrap_data import Credentials
from capi_scvmm.domain_join import domain_join
from capi_scvmm.kinds import DomainJoin
from cloud_init import built

from guests.image import DOMAIN_IMAGE
from guests.lab import Host, Lab

sys.path.insert(0, str(built.ROOT / "build"))

from ansible_collections.capi.scvmm.plugins.plugin_utils.multipart import (  # type: ignore[import-not-found]
    Part,
    composed,
)

# A domain is made, and a guest boots into it.
pytestmark = pytest.mark.timeout(600)

CONTROLLER = "10.88.0.5"
PASSWORD = "Jo1n-47110815-adm"
# Faster than its usual way, and no less real: without a key for TLS, and what only several controllers need.
PROVISION = f"""export TDB_NO_FSYNC=1
hostname dc1
echo '{CONTROLLER} dc1.corp.example.com dc1' >> /etc/hosts
samba-tool domain provision --use-rfc2307 --realm=CORP.EXAMPLE.COM --domain=CORP --server-role=dc \\
    --dns-backend=SAMBA_INTERNAL --adminpass={PASSWORD} --host-ip={CONTROLLER} --option='tls enabled = no' \\
    --option='server services = -nbt -wrepl -drepl -kcc -ntp_signd'
systemctl unmask samba-ad-dc
systemctl start samba-ad-dc
samba_spnupdate
"""
PEOPLE = """samba-tool ou add OU=Nodes
samba-tool group add 'Kubernetes Admins'
samba-tool user create alice Al1ce-passw0rd
samba-tool user create bob B0b-passw0rd
samba-tool group addmembers 'Kubernetes Admins' alice
"""
USER_DATA = f"""#cloud-config
bootcmd:
- [sh, -c, "echo nameserver {CONTROLLER} > /etc/resolv.conf"]
runcmd:
- [sh, -c, "realm list > /run/joined-before-kubeadm"]
"""
META_DATA = "instance-id: node-1\nlocal-hostname: node-1\n"
MAC, ADDRESS = "02:ca:91:00:00:07", "10.88.0.7/24"
NETWORK = f"version: 2\nethernets:\n  nic:\n    match: {{macaddress: '{MAC}'}}\n    addresses: [{ADDRESS}]\n"
# As it is, and in base64 from each of the three places at which it can begin there.
TRACES = "47110815|NDcxMTA4MT|Q3MTEwODE1|0NzExMDgx"


def long(host: Host, script: str) -> str:
    """What a script says that takes its time."""
    command = host.container.command("/bin/sh", "-euc", script)
    ended = subprocess.run(command, capture_output=True, text=True, timeout=300, check=False)
    assert ended.returncode == 0, ended.stdout[-3000:] + ended.stderr[-3000:]
    return ended.stdout


def test_a_guest_becomes_a_member_of_a_domain_and_forgets_the_password(a_lab: Lab) -> None:
    """Before kubeadm runs; who is in a group that is let in may log in, who is not may not."""
    if not DOMAIN_IMAGE.built():
        pytest.skip("real guests: no Debian for domains: run `make tools` as root on a machine with apt")
    controller = a_lab.start("dc1", [f"{CONTROLLER}/24"], image=DOMAIN_IMAGE)
    controller.wait_for_ssh()
    long(controller, PROVISION + PEOPLE)
    controller.wait_until(lambda: ":389 " in controller.sh("ss -ltn"), "the controller answers")

    wish = {
        "domain": "corp.example.com",
        "ou": "OU=Nodes,DC=corp,DC=example,DC=com",
        "credentialsSecretRef": {"name": "join"},
        "allowedGroups": ["Kubernetes Admins"],
        "sudoGroups": ["Kubernetes Admins"],
    }
    ours = domain_join(DomainJoin.model_validate(wish), "node-1", Credentials("Administrator", PASSWORD))
    user_data = composed(USER_DATA.encode(), [Part(part.name, part.content, part.type) for part in ours])
    seed = {"meta-data": META_DATA, "user-data": user_data, "network-config": NETWORK}
    member = a_lab.start("node-1", [ADDRESS], seed=seed, mac=MAC, image=DOMAIN_IMAGE)
    member.wait_until(lambda: "status: done" in member.sh("cloud-init status || true"), "cloud-init is done", 240)

    said = member.sh("cat /var/log/cloud-init-output.log")
    assert "capi-scvmm: member of domain corp.example.com" in said, said
    assert "configured: kerberos-member" in member.sh("cat /run/joined-before-kubeadm")
    listed = member.sh("realm list")
    assert "permitted-groups: Kubernetes Admins@corp.example.com" in listed
    assert "CN=node-1,OU=Nodes,DC=corp,DC=example,DC=com" in long(controller, "samba-tool computer show node-1")

    member.wait_until(lambda: member.sh("id alice@corp.example.com"), "sssd knows alice", 60)
    assert "kubernetes admins@corp.example.com" in member.sh("id alice@corp.example.com")
    for name, let_in in (("alice", True), ("bob", False)):
        checked = member.sh(f"sssctl user-checks -a acct {name}@corp.example.com 2>&1; true")
        assert ("pam_acct_mgmt: Success" in checked) is let_in, checked
    assert "Kubernetes\\ Admins@corp.example.com" in member.sh("cat /etc/sudoers.d/capi-scvmm-domain")

    everywhere = f"grep -rlE '{TRACES}' /etc /root /run /tmp /var --exclude-dir=seed || true"
    assert member.sh(everywhere) == ""
