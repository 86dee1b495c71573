# SPDX-License-Identifier: Apache-2.0
"""Parts of a guest's user-data that make it a member of a domain, and that leave nothing secret behind. Pure.

Two parts: a boothook puts the password into memory, where nothing but the script that joins reads it; the script is
itself no secret. Afterwards both remove every copy of the password that cloud-init keeps on the guest's disk.
"""

from __future__ import annotations

import hashlib
import shlex

from capi_scvmm.bootstrap_data import Credentials
from capi_scvmm.guest_parts import BOOTHOOK, Part
from capi_scvmm.kinds import DomainJoin

PASSWORD_PART = "capi-scvmm-domain-password"  # noqa: S105 - the name of a part
# cloud-init runs scripts in the order of their names, and runcmd, with it kubeadm, has the name runcmd.
SCRIPT_PART = "capi-scvmm-domain-join"
LONGEST_COMPUTER_NAME = 15

# user-data.txt* and obj.pkl hold all of the user-data, boothooks the part itself. Without them cloud-init reads the
# medium again, if that is still there.
_FORGET = f"""\
forget() {{
    for instance in /var/lib/cloud/instances/*; do
        rm -f "$instance/user-data.txt" "$instance/user-data.txt.i" "$instance/obj.pkl" \\
            "$instance/boothooks/{PASSWORD_PART}"
    done
    rm -f /run/capi-scvmm/domain-password
}}
"""

_KEEP = """\
#!/bin/sh
# Lays the password for joining the domain ready in memory, until the join has been tried; then forgets it.
set -eu
umask 077
{forget}
if [ -e /var/lib/capi-scvmm/domain-join-tried ]; then forget; exit 0; fi
mkdir -p /run/capi-scvmm
printf '%s\\n' {password} > /run/capi-scvmm/domain-password
"""

_JOIN = """\
#!/bin/sh
# Joins the domain once. The password goes to realm on standard input, never into an argument, variable or log.
set -u
umask 077
domain={domain}
tries={tries}
{forget}
finish() {{
    status=$?
    mkdir -p /var/lib/capi-scvmm
    : > /var/lib/capi-scvmm/domain-join-tried
    forget
    exit "$status"
}}
trap finish EXIT
trap 'exit 143' HUP INT TERM
fail() {{ echo "capi-scvmm: domain $domain not joined: $*" >&2; exit 1; }}
lacking() {{ ! command -v realm > /dev/null || ! {{ command -v adcli && [ -e /usr/sbin/sssd ]; }} > /dev/null; }}

[ ! -e /var/lib/capi-scvmm/domain-join-tried ] || exit 0
[ -s /run/capi-scvmm/domain-password ] || fail "its password is not in /run/capi-scvmm: replace the machine"
{install}\
if lacking; then fail "realmd, adcli or sssd is missing: put them into the image, or set domainJoin.installPackages"; fi
{found}hint=
command -v pkaction > /dev/null || hint="; polkit, without which realmd obeys nobody, is missing"
try=1
until realm join --unattended --client-software=sssd {arguments} -- "$domain" < /run/capi-scvmm/domain-password; do
    [ "$try" -lt "$tries" ] || fail "realm join failed $tries times; its words are above$hint"
    try=$((try + 1))
    sleep {pause}
done
rm -f /run/capi-scvmm/domain-password
{groups}\
# Home folders of domain accounts are made when they log in, where the distribution has a switch for that.
if command -v authselect > /dev/null; then
    if authselect enable-feature with-mkhomedir > /dev/null; then systemctl enable --now oddjobd.service || true; fi
elif command -v pam-auth-update > /dev/null; then
    DEBIAN_FRONTEND=noninteractive pam-auth-update --enable mkhomedir || true
fi
echo "capi-scvmm: member of domain $domain"
"""

_INSTALL = """\
if lacking; then
    if command -v apt-get > /dev/null; then
        export DEBIAN_FRONTEND=noninteractive
        apt-get -q update && apt-get -q install -y realmd adcli sssd sssd-tools libnss-sss libpam-sss
    elif command -v dnf > /dev/null; then
        dnf -q install -y realmd adcli sssd oddjob oddjob-mkhomedir authselect
    elif command -v zypper > /dev/null; then
        zypper -q --non-interactive install realmd adcli sssd sssd-ad sssd-tools
    fi < /dev/null || fail "its packages cannot be installed; the package manager's words are above"
fi
"""

# Debian's realmd asks PackageKit about packages of which it knows no file, and refuses where there is none to ask.
_FOUND = """\
if grep -qs '^libnss-sss = *$' /usr/lib/realmd/realmd-distro.conf && ! grep -qs sssd-packages /etc/realmd.conf; then
    nss=$(find /usr/lib/ /lib/ -name libnss_sss.so.2 2> /dev/null | head -n 1)
    pam=$(find /usr/lib/ /lib/ -name pam_sss.so 2> /dev/null | head -n 1)
    { [ -n "$nss" ] && [ -n "$pam" ]; } || fail "libnss-sss or libpam-sss is missing: put them into the image"
    printf '[sssd-packages]\\nlibnss-sss = %s\\nlibpam-sss = %s\\n' "$nss" "$pam" >> /etc/realmd.conf
    systemctl try-restart realmd.service || true
fi
"""

_SUDO = """\
cat > /etc/sudoers.d/capi-scvmm-domain <<'CAPI_SCVMM'
{rules}
CAPI_SCVMM
chmod 440 /etc/sudoers.d/capi-scvmm-domain
"""


def domain_join(wish: DomainJoin, hostname: str, credentials: Credentials) -> tuple[Part, ...]:
    """Make the parts for a guest called *hostname*."""
    password = _KEEP.format(forget=_FORGET, password=shlex.quote(credentials.password))
    return (
        Part(PASSWORD_PART, password.encode(), BOOTHOOK),
        Part(SCRIPT_PART, join_script(wish, hostname, credentials.username).encode(), "text/x-shellscript"),
    )


def join_script(wish: DomainJoin, hostname: str, username: str, tries: int = 10, pause: int = 15) -> str:
    """Write the script that joins; it tries *tries* times with *pause* seconds between: a network may come late."""
    arguments = [f"--user={username}", f"--computer-name={computer_name(wish, hostname)}"]
    if wish.ou is not None:
        arguments.append(f"--computer-ou={wish.ou}")
    groups = ""
    if wish.allowed_groups:
        named = " ".join(shlex.quote(f"{group}@{wish.domain}") for group in wish.allowed_groups)
        groups += f'realm permit --realm="$domain" --groups {named} || fail "its groups cannot be let in"\n'
    if wish.sudo_groups:
        groups += _SUDO.format(rules="\n".join(_sudo_rule(group, wish.domain) for group in wish.sudo_groups))
    return _JOIN.format(
        domain=shlex.quote(wish.domain),
        tries=tries,
        pause=pause,
        forget=_FORGET,
        install=_INSTALL if wish.install_packages else "",
        found=_FOUND,
        arguments=" ".join(map(shlex.quote, arguments)),
        groups=groups,
    )


def computer_name(wish: DomainJoin, hostname: str) -> str:
    """Name the computer account; what is cut stays different for different names."""
    if wish.computer_name is not None:
        return wish.computer_name
    label = hostname.split(".")[0]
    if len(label) <= LONGEST_COMPUTER_NAME:
        return label
    return f"{label[:9].rstrip('-')}-{hashlib.sha256(label.lower().encode()).hexdigest()[:5]}"


def _sudo_rule(group: str, domain: str) -> str:
    escaped = "".join(f"\\{sign}" if sign in " ()" else sign for sign in group)
    return f"%{escaped}@{domain} ALL=(ALL:ALL) ALL"
