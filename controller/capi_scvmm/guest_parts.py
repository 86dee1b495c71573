# SPDX-License-Identifier: Apache-2.0
"""What we add to a guest: parts of its user-data beside the bootstrap provider's, which stays as it is. Pure.

Boothooks, not cloud-config: whatever the other part is, and however it wants to be merged, they are there before it is
looked at (cloud-init runs them while it reads the user-data), and nothing that it writes can take them away.
"""

from __future__ import annotations

import shlex
from dataclasses import dataclass, field

BOOTHOOK = "text/cloud-boothook"

# Behind every other drop-in: it adds to what all of them have made of KUBELET_EXTRA_ARGS.
_DROP_IN = "/etc/systemd/system/kubelet.service.d/99-capi-scvmm.conf"
_SCRIPT = "/etc/capi-scvmm/kubelet-arguments"

_KUBELET = """\
#!/bin/sh
# Lets the kubelet know its provider id, whoever else gives it arguments.
set -eu
umask 022
mkdir -p /etc/capi-scvmm /etc/systemd/system/kubelet.service.d
cat > {script} <<'CAPI_SCVMM'
# Run before each start of the kubelet, with its environment: adds the provider id to KUBELET_EXTRA_ARGS, which
# kubeadm's drop-in puts last on the command line. Of several --provider-id the kubelet takes the last one.
set -euf
id={provider_id}
last=
for word in ${{KUBELET_KUBEADM_ARGS-}} ${{KUBELET_EXTRA_ARGS-}}; do
    case $word in --provider-id=*) last=${{word#--provider-id=}} ;; esac
done
[ "$last" != "$id" ] || exit 0
mkdir -p /run/capi-scvmm
kept=$(printf '%s' "${{KUBELET_EXTRA_ARGS-}}" | sed 's/[\\\\"`$]/\\\\&/g')
printf 'KUBELET_EXTRA_ARGS="%s"\\n' "${{kept:+$kept }}--provider-id=$id" > /run/capi-scvmm/kubelet.env
CAPI_SCVMM
cat > {drop_in} <<'CAPI_SCVMM'
# Written by the Cluster API provider for SCVMM: the kubelet's provider id, beside what /etc/default/kubelet,
# /etc/sysconfig/kubelet and kubeadm give it. The file is made anew for each start, and read after it was made.
[Service]
ExecStartPre=-/bin/rm -f /run/capi-scvmm/kubelet.env
ExecStartPre=-/bin/sh {script}
EnvironmentFile=-/run/capi-scvmm/kubelet.env
CAPI_SCVMM
if command -v restorecon > /dev/null; then
    restorecon -R /etc/capi-scvmm /etc/systemd/system/kubelet.service.d || true
fi
# Before systemd runs there is nothing to tell it; kubeadm tells it again.
systemctl daemon-reload || true
"""


@dataclass(frozen=True)
class Part:
    """One part; *content* may be secret. *type* None: cloud-init goes by the first line."""

    name: str
    content: bytes = field(repr=False)
    type: str | None = None


def provider_id(wanted: str) -> Part:
    """Let the kubelet register its Node with the provider id *wanted*."""
    text = _KUBELET.format(script=_SCRIPT, drop_in=_DROP_IN, provider_id=shlex.quote(wanted))
    return Part("capi-scvmm-provider-id", text.encode(), BOOTHOOK)
