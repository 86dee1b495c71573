# SPDX-License-Identifier: Apache-2.0
"""What we add to a guest, in one that really boots: the kubelet's provider id, and a domain that is joined."""

from __future__ import annotations

import sys

from capi_scvmm.bootstrap_data import Credentials
from capi_scvmm.domain_join import domain_join
from capi_scvmm.guest_parts import provider_id
from capi_scvmm.kinds import DomainJoin
from cloud_init import built

from guests.lab import Host, Lab

sys.path.insert(0, str(built.ROOT / "build"))

from ansible_collections.capi.scvmm.plugins.plugin_utils.multipart import (  # type: ignore[import-not-found]
    Part,
    composed,
)

ID = "scvmm://0e1d2c3b-4a59-6877-8695-a4b3c2d1e0f0"
PASSWORD = """p'a$s"w`o\\rd-47110815"""
# As kubeadm's packages have it, and as people set arguments: in the template, in a file, in a command before kubeadm.
KUBEADM = """## template: jinja
#cloud-config
write_files:
- path: /usr/bin/kubelet
  permissions: "0755"
  content: |
    #!/bin/sh
    printf '%s\\n' "$@" > /root/arguments
    exec sleep infinity
- path: /usr/lib/systemd/system/kubelet.service
  content: |
    [Service]
    ExecStart=/usr/bin/kubelet
- path: /usr/lib/systemd/system/kubelet.service.d/10-kubeadm.conf
  content: |
    [Service]
    Environment="KUBELET_CONFIG_ARGS=--config=/var/lib/kubelet/config.yaml"
    EnvironmentFile=-/var/lib/kubelet/kubeadm-flags.env
    EnvironmentFile=-/etc/default/kubelet
    EnvironmentFile=-/etc/sysconfig/kubelet
    ExecStart=
    ExecStart=/usr/bin/kubelet $KUBELET_CONFIG_ARGS $KUBELET_KUBEADM_ARGS $KUBELET_EXTRA_ARGS
- path: /var/lib/kubelet/kubeadm-flags.env
  content: |
    KUBELET_KUBEADM_ARGS="--hostname-override={{ ds.meta_data.local_hostname }}"
- path: /etc/default/kubelet
  content: |
    KUBELET_EXTRA_ARGS=--from=write_files
- path: /usr/bin/realm
  permissions: "0755"
  content: |
    #!/bin/sh
    echo "$*" >> /root/realm
    [ "$1" != join ] || cat > /root/stdin
- path: /usr/bin/adcli
  permissions: "0755"
  content: "#!/bin/sh\\n"
- path: /usr/sbin/sssd
  content: ""
runcmd:
- test -s /root/stdin && echo joined > /root/joined-before-kubeadm
- echo 'KUBELET_EXTRA_ARGS="--from=command --labels=a=\\"b\\",c=d"' > /etc/default/kubelet
- systemctl daemon-reload
- systemctl start kubelet
- touch /root/done
"""
META_DATA = "instance-id: 0e1d2c3b-4a59-6877-8695-a4b3c2d1e0f0\nlocal-hostname: node-1\n"


def arguments(host: Host) -> list[str]:
    """What the kubelet was started with last."""
    return host.sh("cat /root/arguments").splitlines()


def restarted(host: Host, change: str) -> list[str]:
    """What the kubelet is started with after *change*."""
    host.sh(f"{change}; rm -f /root/arguments; systemctl restart kubelet")
    host.wait_until(lambda: bool(arguments(host)), "the kubelet has started")
    return arguments(host)


def test_a_node_has_its_provider_id_and_its_domain_and_no_password_is_left(a_lab: Lab) -> None:
    """Beside a bootstrap part that is a Jinja template and sets kubelet's arguments in each of the usual ways."""
    join = DomainJoin.model_validate({"domain": "corp.example.com", "credentialsSecretRef": {"name": "join"}})
    ours = [provider_id(ID), *domain_join(join, "node-1", Credentials("joiner", PASSWORD))]
    user_data = composed(KUBEADM.encode(), [Part(part.name, part.content, part.type) for part in ours])
    host = a_lab.start("node-1", ["10.88.0.7/24"], seed={"meta-data": META_DATA, "user-data": user_data})
    host.wait_until(lambda: host.sh("test -e /root/done && echo yes") == "yes\n", "kubeadm has run", 150)
    host.wait_until(lambda: bool(arguments(host)), "the kubelet has started")
    usual = ["--config=/var/lib/kubelet/config.yaml", "--hostname-override=node-1"]
    # systemd takes quotes off when it splits a variable, with our drop-in as without it.
    assert arguments(host) == [*usual, "--from=command", "--labels=a=b,c=d", f"--provider-id={ID}"]

    # Nothing of an earlier start stays; and one that a template has set itself is not given twice.
    assert restarted(host, "rm /etc/default/kubelet") == [*usual, f"--provider-id={ID}"]
    mine = "mkdir -p /etc/sysconfig; echo 'KUBELET_EXTRA_ARGS=--x' > /etc/sysconfig/kubelet"
    assert restarted(host, mine) == [*usual, "--x", f"--provider-id={ID}"]
    twice = f"""echo 'KUBELET_KUBEADM_ARGS="--provider-id={ID}"' > /var/lib/kubelet/kubeadm-flags.env"""
    assert restarted(host, twice) == [usual[0], f"--provider-id={ID}", "--x"]

    assert host.sh("cat /root/joined-before-kubeadm") == "joined\n"
    assert host.sh("cat /root/stdin") == PASSWORD + "\n"
    assert "--user=joiner --computer-name=node-1 -- corp.example.com" in host.sh("cat /root/realm")
    # As it is, and in base64 from each of the three places at which it can begin there.
    traces = "47110815|NDcxMTA4MT|Q3MTEwODE1|0NzExMDgx"
    everywhere = f"grep -rlE '{traces}' /etc /root /run /tmp /var --exclude=stdin --exclude-dir=seed || true"
    assert host.sh(everywhere) == ""
    assert host.sh("cloud-init status") == "status: done\n"
