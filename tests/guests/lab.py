# SPDX-License-Identifier: Apache-2.0
"""A lab: one bridge in a network of its own and hosts on it, which are systemd-nspawn guests with ssh."""

from __future__ import annotations

import base64
import contextlib
import json
import os
import shutil
import subprocess
import tempfile
import threading
import time
import uuid
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import tools
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from debian_root import Root
from scvmm_sim.hypervisor import Container, GuestAdapter, GuestPlan, HypervisorError, Network, Programs

from guests.image import IMAGE

BRIDGE = "br0"
_PREFIX = "capi-scvmm-lab-"


class NoLabError(Exception):
    """There can be no lab on this machine; the message says why, in one line."""


@dataclass
class Host:
    """A running host of a lab."""

    name: str
    addresses: tuple[str, ...]
    mac: str
    container: Container
    lab: Lab
    _key: Path

    @property
    def address(self) -> str:
        """Its first address, without prefix length."""
        return self.addresses[0].split("/")[0]

    def run(self, *command: str) -> str:
        """Run a command in it as root, without a network, and return its output. Raises HypervisorError."""
        return self.container.run(*command)

    def sh(self, script: str) -> str:
        """Run a shell script in it as root. Raises HypervisorError."""
        return self.run("sh", "-euc", script)

    def ssh_command(self, command: str) -> list[str]:
        """What runs a command in it over ssh, from within the lab's network."""
        return self.lab.command("ssh", *self.ssh_options(), f"root@{self.address}", command)

    def ssh_options(self) -> list[str]:
        """Options of ssh to reach it."""
        quiet = ["-o", "StrictHostKeyChecking=no", "-o", "UserKnownHostsFile=/dev/null", "-o", "LogLevel=ERROR"]
        return ["-F", "/dev/null", "-i", str(self._key), "-o", "BatchMode=yes", "-o", "ConnectTimeout=5", *quiet]

    def ssh(self, command: str) -> str:
        """Run a command in it over ssh and return its output. Raises CalledProcessError with what it said."""
        ended = subprocess.run(self.ssh_command(command), capture_output=True, text=True, timeout=60, check=True)
        return ended.stdout

    def wait_for_ssh(self, seconds: float = 90) -> None:
        """Wait until a login over ssh works."""

        def answers() -> bool:
            ended = subprocess.run(self.ssh_command("true"), capture_output=True, timeout=30, check=False)
            return ended.returncode == 0

        self.wait_until(answers, "it answers over ssh", seconds)

    def wait_until(self, true: Callable[[], bool], what: str, seconds: float = 90) -> None:
        """Wait until it is true; fails with *what* and the end of the host's console otherwise."""
        deadline = time.monotonic() + seconds
        while True:
            with contextlib.suppress(HypervisorError, subprocess.SubprocessError):
                if true():
                    return
            if time.monotonic() > deadline:
                lines = self.container.console.read_text(errors="replace").splitlines()[-15:]
                raise AssertionError("\n".join([f"{self.name}: not within {seconds} s: {what}. Its console:", *lines]))
            time.sleep(0.1)

    def reboot(self) -> None:
        """Let it reboot as an administrator would, and return when its next boot has begun."""
        boots = self.container.boots
        with contextlib.suppress(HypervisorError):
            self.run("systemctl", "--no-block", "reboot")
        self.wait_until(lambda: self.container.boots > boots, "its next boot has begun")

    def kill(self) -> None:
        """Pull its plug."""
        self.container.turn_off()

    def start(self) -> None:
        """Start it again after `kill` or `shut_down`."""
        self.container.start()

    def shut_down(self) -> None:
        """Shut it down in order; it is off when this returns."""
        self.container.shut_down()
        assert self.container.wait_until_off(60), f"{self.name} did not shut down"

    def link_down(self) -> None:
        """Take its network cable out."""
        self.lab.network.set_cable(self.container.ports[0], False)

    def link_up(self) -> None:
        """Put its network cable back."""
        self.lab.network.set_cable(self.container.ports[0], True)


@dataclass
class Lab:
    """Hosts on one bridge; made by `lab()`."""

    network: Network
    folder: Path
    _programs: Programs
    _key: Path
    _hosts: dict[str, Host] = field(default_factory=dict)

    def start(
        self,
        name: str,
        addresses: Sequence[str] = (),
        *,
        gateway: str | None = None,
        seed: Mapping[str, bytes | str] | None = None,
        files: Mapping[str, bytes | str] | None = None,
        mac: str | None = None,
        image: Root = IMAGE,
    ) -> Host:
        """Start a host; it answers over ssh some seconds later (`wait_for_ssh`).

        Without *seed* it has *addresses* (with prefix length) from the beginning and no cloud-init: 3 s. With *seed*,
        the files of a NoCloud medium by name, cloud-init sets all of it up: 15 s; then *addresses* only says what it
        is to be reached by. *files* (by path) are there before its start. The test's key may log in as root.
        """
        number = len(self._hosts) + 1
        mac = mac or f"02:ca:91:00:{number >> 8:02x}:{number & 255:02x}"
        # Names of containers are known to the whole machine.
        unique = f"{name[:40]}-{uuid.uuid4().hex[:8]}"
        plan = GuestPlan(unique, image.system, self.folder / unique, (GuestAdapter(mac, BRIDGE),))
        container = Container(plan, self.network, self._programs)
        host = Host(name, tuple(addresses), mac, container, self, self._key)
        inside = dict(files or {})
        inside["/root/.ssh/authorized_keys"] = self._key.with_suffix(".pub").read_text()
        if seed is None:
            inside |= _without_cloud_init(name, mac, addresses, gateway)
            wanted = container.root / "etc/systemd/system/multi-user.target.wants"
            wanted.mkdir(parents=True)
            (wanted / "systemd-networkd.service").symlink_to("/lib/systemd/system/systemd-networkd.service")
        else:
            inside |= {f"/var/lib/cloud/seed/nocloud/{file}": content for file, content in seed.items()}
        for path, content in inside.items():
            target = container.root / path.lstrip("/")
            for folder in reversed(target.relative_to(container.root).parents):
                (container.root / folder).mkdir(exist_ok=True, mode=0o700 if folder.name in ("root", ".ssh") else 0o755)
            target.write_bytes(content.encode() if isinstance(content, str) else content)
            target.chmod(0o600 if ".ssh" in path else 0o644)
        container.start()
        self._hosts[name] = host
        return host

    def command(self, *command: str) -> list[str]:
        """The same command, to be run in the lab's network, where `ssh` and `ansible-playbook` reach the hosts."""
        return self.network.namespace.command(self._programs.find(command[0]), *command[1:])

    def inventory(self, *hosts: Host) -> str:
        """An Ansible inventory (YAML) of these hosts, for `ansible-playbook` run by `command`."""
        # Controlling masters would outlive the lab.
        common = " ".join([*hosts[0].ssh_options(), "-o", "ControlMaster=no", "-o", "ControlPath=none"])
        rows = {
            host.name: {
                "ansible_host": host.address,
                "ansible_user": "root",
                "ansible_ssh_common_args": common,
                "ansible_python_interpreter": "/usr/bin/python3",
            }
            for host in hosts
        }
        return json.dumps({"all": {"hosts": rows}})

    def add_address(self, address: str) -> None:
        """Give the lab's own side of the bridge one more address (with prefix length)."""
        self.network.namespace.ip("address", "add", address, "dev", BRIDGE)

    def remove(self, host: Host) -> None:
        """Pull its plug and forget it."""
        self._hosts.pop(host.name).container.remove()


@contextlib.contextmanager
def lab(*addresses: str) -> Iterator[Lab]:
    """A lab whose own side of the bridge has *addresses* (with prefix length); 10.88.0.1/24 without any.

    Nothing of it is seen outside: any addresses may be used, in any number of labs at once. All of it is gone
    afterwards, also after a kill; folders of killed ones are removed by the next. Raises NoLabError.
    """
    if not IMAGE.built():
        raise NoLabError("no Debian for guests: run `make tools` as root on a machine with apt")
    _remove_abandoned()
    try:
        programs = Programs(tools.TOOLS.folder / "bin", "systemd-nspawn", "ssh")
    except HypervisorError as error:
        raise NoLabError(str(error)) from error
    with contextlib.ExitStack() as stack:
        stack.callback(programs.close)
        folder = Path(tempfile.mkdtemp(prefix=f"{_PREFIX}{os.getpid()}-", dir=_writable()))
        stack.callback(shutil.rmtree, folder, ignore_errors=True)
        try:
            network = Network(programs)
        except HypervisorError as error:
            raise NoLabError(str(error)) from error
        stack.callback(network.close)
        network.add_bridge(BRIDGE, addresses or ("10.88.0.1/24",))
        made = Lab(network, folder, programs, _new_key(folder))
        stack.callback(_end_all, made)
        yield made


def _end_all(made: Lab) -> None:
    enders = [threading.Thread(target=host.container.remove) for host in made._hosts.values()]
    for ender in enders:
        ender.start()
    for ender in enders:
        ender.join()


def _writable() -> Path:
    """Where the guests' files may lie: an overlay cannot lie on an overlay, as /tmp of a container often is."""
    usual = tempfile.gettempdir()
    kind = subprocess.run(["stat", "-f", "-c", "%T", usual], capture_output=True, text=True, check=False)
    return Path("/dev/shm") if kind.stdout.strip() == "overlayfs" else Path(usual)


def _remove_abandoned() -> None:
    for folder in [*Path(tempfile.gettempdir()).glob(f"{_PREFIX}*"), *Path("/dev/shm").glob(f"{_PREFIX}*")]:
        owner = folder.name.removeprefix(_PREFIX).split("-")[0]
        if not Path(f"/proc/{owner}").exists():
            shutil.rmtree(folder, ignore_errors=True)


def _new_key(folder: Path) -> Path:
    key = Ed25519PrivateKey.generate()
    path = folder / "id_ed25519"
    path.touch(mode=0o600)
    path.write_bytes(
        key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.OpenSSH, serialization.NoEncryption())
    )
    public = key.public_key().public_bytes(serialization.Encoding.OpenSSH, serialization.PublicFormat.OpenSSH)
    path.with_suffix(".pub").write_bytes(public + b"\n")
    return path


def _without_cloud_init(name: str, mac: str, addresses: Sequence[str], gateway: str | None) -> dict[str, str]:
    lines = ["[Match]", f"MACAddress={mac}", "[Network]", "LinkLocalAddressing=ipv6", "IPv6AcceptRA=no"]
    lines += [f"Address={address}" for address in addresses]
    lines += [f"Gateway={gateway}"] if gateway else []
    return {
        "/etc/cloud/cloud-init.disabled": "",
        "/etc/hostname": f"{name}\n",
        "/etc/hosts": f"127.0.0.1 localhost\n127.0.1.1 {name}\n",
        "/etc/systemd/network/10-lab.network": "\n".join(lines) + "\n",
        "/etc/machine-id": base64.b16encode(os.urandom(16)).decode().lower() + "\n",
    }
