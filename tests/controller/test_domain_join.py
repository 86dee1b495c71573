# SPDX-License-Identifier: Apache-2.0
"""The scripts that make a guest a member of a domain, run as they are with stand-ins for the programs of the domain."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest
from capi_scvmm.bootstrap_data import Credentials
from capi_scvmm.domain_join import computer_name, domain_join, join_script
from capi_scvmm.kinds import DomainJoin

PASSWORD = """p'a$s"w`o\\rd %s é"""
SECRET = '$s"w`o'  # however the rest of it is quoted
WHO = Credentials("joiner@corp.example.com", PASSWORD)
# Each notes its arguments, realm also what it is given on standard input; it fails as often as `refusals` says.
REALM = """#!/bin/sh
echo "realm $*" >> {root}/calls
case $1 in join) ;; *) exit 0 ;; esac
cat >> {root}/stdin
ps -eo args 2> /dev/null | grep -cFf {root}/secret >> {root}/seen
left=$(cat {root}/refusals 2> /dev/null || echo 0)
[ "$left" -gt 0 ] || exit 0
echo $((left - 1)) > {root}/refusals
echo "realm: Couldn't join realm: no domain controller" >&2
exit 1
"""
NOTING = '#!/bin/sh\necho "$(basename "$0") $*" >> {root}/calls\n'


def wish(**fields: Any) -> DomainJoin:
    """A wish to join corp.example.com."""
    return DomainJoin.model_validate({"domain": "corp.example.com", "credentialsSecretRef": {"name": "join"}, **fields})


class Guest:
    """A folder that stands for a guest's root, with stand-in programs first on the PATH."""

    def __init__(self, root: Path, programs: tuple[str, ...] = ("realm", "adcli", "pam-auth-update")) -> None:
        self.root = root
        for folder in ("bin", "run", "var/lib/cloud/instances/i/boothooks", "usr/sbin", "etc/sudoers.d"):
            (root / folder).mkdir(parents=True)
        for name in programs:
            text = REALM if name == "realm" else NOTING
            (root / "bin" / name).write_text(text.format(root=root))
            (root / "bin" / name).chmod(0o755)
        (root / "usr/sbin/sssd").touch()
        (root / "secret").write_text(SECRET)
        (root / "bin/sleep").symlink_to("/bin/true")
        for name in ("user-data.txt", "user-data.txt.i", "obj.pkl", "boothooks/capi-scvmm-domain-password"):
            (root / "var/lib/cloud/instances/i" / name).write_text(PASSWORD)

    def run(self, script: str) -> subprocess.CompletedProcess[str]:
        """Run *script* in this root."""
        for folder in ("/run/", "/var/", "/usr/sbin/", "/usr/lib/", "/etc/"):
            script = script.replace(folder, f"{self.root}{folder}")
        return subprocess.run(
            ["/bin/sh"], input=script, text=True, capture_output=True, timeout=60, check=False,
            env={"PATH": f"{self.root}/bin:/usr/bin:/bin"},
        )  # fmt: skip

    def boot(self, **fields: Any) -> subprocess.CompletedProcess[str]:
        """Run both parts, as cloud-init does at a first boot."""
        hook, script = domain_join(wish(**fields), "node-1.corp.example.com", WHO)
        laid = self.run(hook.content.decode())
        assert (laid.returncode, laid.stdout, laid.stderr) == (0, "", "")
        return self.run(script.content.decode())

    def calls(self) -> list[str]:
        """What the stand-ins were called with."""
        noted = self.root / "calls"
        return noted.read_text().splitlines() if noted.exists() else []

    def secrets(self) -> list[str]:
        """Files below the root, besides what realm noted, that hold the password."""
        ours = {self.root / "stdin", self.root / "secret", self.root / "bin"}
        found = (path for path in self.root.rglob("*") if path.is_file() and not {path, path.parent} & ours)
        return [str(path) for path in found if SECRET in path.read_text()]


@pytest.fixture
def guest(tmp_path: Path) -> Guest:
    """A guest with everything that the join needs."""
    return Guest(tmp_path)


def test_the_password_goes_to_realm_on_standard_input_and_nowhere_else(guest: Guest) -> None:
    """Not into arguments or output; and no copy of it is left on the disk."""
    ended = guest.boot(ou="OU=Nodes,DC=corp,DC=example,DC=com")
    assert ended.returncode == 0, ended.stderr
    assert (guest.root / "stdin").read_text() == PASSWORD + "\n"
    assert guest.calls()[0] == (
        "realm join --unattended --client-software=sssd --user=joiner@corp.example.com --computer-name=node-1 "
        "--computer-ou=OU=Nodes,DC=corp,DC=example,DC=com -- corp.example.com"
    )
    assert (guest.root / "seen").read_text().split() == ["0"]
    assert SECRET not in ended.stdout + ended.stderr
    assert guest.secrets() == []
    assert "member of domain corp.example.com" in ended.stdout


def test_a_domain_that_answers_late_is_asked_again(guest: Guest) -> None:
    """Each time with the password."""
    (guest.root / "refusals").write_text("2")
    assert guest.boot().returncode == 0
    assert (guest.root / "stdin").read_text() == (PASSWORD + "\n") * 3


def test_a_join_that_fails_says_so_and_leaves_no_password(guest: Guest) -> None:
    """cloud-init reports the script's exit code; realm's words are in its log."""
    (guest.root / "refusals").write_text("99")
    ended = guest.boot()
    assert ended.returncode == 1
    assert "capi-scvmm: domain corp.example.com not joined: realm join failed 10 times" in ended.stderr
    assert "no domain controller" in ended.stderr
    assert guest.secrets() == []


def test_at_later_boots_the_password_is_forgotten_again(guest: Guest) -> None:
    """While the medium is attached cloud-init writes its copies anew; the join is not repeated."""
    guest.boot()
    (guest.root / "var/lib/cloud/instances/i/user-data.txt").write_text(PASSWORD)
    before = guest.calls()
    again = guest.boot()
    assert again.returncode == 0
    assert guest.calls() == before
    assert guest.secrets() == []


def test_groups_are_let_in_and_may_use_sudo(guest: Guest) -> None:
    """Names with spaces are one name, to realm and to sudo."""
    ended = guest.boot(allowedGroups=["Kubernetes Admins", "ops"], sudoGroups=["Kubernetes (root)"])
    assert ended.returncode == 0, ended.stderr
    assert guest.calls()[1] == (
        "realm permit --realm=corp.example.com --groups Kubernetes Admins@corp.example.com ops@corp.example.com"
    )
    rules = guest.root / "etc/sudoers.d/capi-scvmm-domain"
    assert rules.read_text() == "%Kubernetes\\ \\(root\\)@corp.example.com ALL=(ALL:ALL) ALL\n"
    assert rules.stat().st_mode & 0o777 == 0o440
    assert "pam-auth-update --enable mkhomedir" in guest.calls()


def test_the_rule_is_one_that_sudo_takes(guest: Guest) -> None:
    """visudo itself reads it."""
    visudo = shutil.which("visudo", path="/usr/sbin:/usr/bin")
    if visudo is None:
        pytest.skip("no visudo here: install sudo")
    guest.boot(sudoGroups=["Kubernetes (root)"])
    rules = guest.root / "etc/sudoers.d/capi-scvmm-domain"
    assert subprocess.run([visudo, "-cf", rules], capture_output=True, check=False, timeout=30).returncode == 0


def test_debians_realmd_is_told_of_the_files_that_it_does_not_know(guest: Guest) -> None:
    """It would ask PackageKit, and refuse where there is none; what somebody set already stays."""
    lib = guest.root / "usr/lib"
    for path in ("realmd/realmd-distro.conf", "x/libnss_sss.so.2", "x/security/pam_sss.so"):
        (lib / path).parent.mkdir(parents=True, exist_ok=True)
        (lib / path).write_text("[sssd-packages]\nlibnss-sss =\nlibpam-sss =\n")
    assert guest.boot().returncode == 0
    told = f"[sssd-packages]\nlibnss-sss = {lib}/x/libnss_sss.so.2\nlibpam-sss = {lib}/x/security/pam_sss.so\n"
    assert (guest.root / "etc/realmd.conf").read_text() == told
    (guest.root / "var/lib/capi-scvmm/domain-join-tried").unlink()
    assert guest.boot().returncode == 0
    assert (guest.root / "etc/realmd.conf").read_text() == told


def test_without_the_plugins_of_sssd_nobody_could_log_in(guest: Guest) -> None:
    """So the domain is not joined."""
    (guest.root / "usr/lib/realmd").mkdir(parents=True)
    (guest.root / "usr/lib/realmd/realmd-distro.conf").write_text("libnss-sss =\n")
    ended = guest.boot()
    assert ended.returncode == 1 and "libnss-sss or libpam-sss is missing" in ended.stderr
    assert guest.secrets() == []


def test_missing_packages_are_named_or_installed(tmp_path: Path) -> None:
    """Installed only when that was asked for."""
    bare = Guest(tmp_path / "bare", ())
    (bare.root / "bin/true").symlink_to("/bin/true")
    ended = bare.boot()
    assert ended.returncode == 1
    assert "realmd, adcli or sssd is missing: put them into the image" in ended.stderr
    assert bare.secrets() == []
    asking = Guest(tmp_path / "asking", ("apt-get",))
    asking.boot(installPackages=True)
    assert asking.calls() == [
        "apt-get -q update", "apt-get -q install -y realmd adcli sssd sssd-tools libnss-sss libpam-sss",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("hostname", "name"),
    [
        ("node-1.corp.example.com", "node-1"),
        ("fifteen-letters", "fifteen-letters"),
        ("workers-east-7x2kp-abcde", "workers-e-f6a53"),
        ("workers-east-7x2kp-fghij", "workers-e-9d1f3"),
    ],
)
def test_the_computer_account_has_at_most_15_characters(hostname: str, name: str) -> None:
    """Machines of one set differ at the end of their names: what is cut must not make them one."""
    made = computer_name(wish(), hostname)
    assert len(made) <= 15
    assert made.split("-")[0] == name.split("-")[0]
    assert computer_name(wish(computerName="mine"), hostname) == "mine"
    if len(hostname.split(".")[0]) <= 15:
        assert made == name
    else:
        assert made not in (computer_name(wish(), hostname[:-1] + "x"), hostname[:15])


@pytest.mark.parametrize("packages", [True, False])
def test_shellcheck_finds_nothing(packages: bool, tmp_path: Path) -> None:
    """The scripts as they go to the guest."""
    found = shutil.which("shellcheck")
    if found is None:
        pytest.skip("no shellcheck here: install it")
    hook, _ = domain_join(wish(), "node-1", WHO)
    script = join_script(wish(installPackages=packages, allowedGroups=["a b"], sudoGroups=["c"]), "node-1", "joiner")
    for name, text in (("hook", hook.content.decode()), ("script", script)):
        (tmp_path / name).write_text(text)
        # SC2016: what is within single quotes is meant to stay as it is.
        ended = subprocess.run(
            [found, "-e", "SC2016", tmp_path / name], capture_output=True, text=True, check=False, timeout=60
        )
        assert ended.returncode == 0, ended.stdout
