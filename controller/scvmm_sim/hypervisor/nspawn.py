# SPDX-License-Identifier: Apache-2.0
"""A guest that is a systemd-nspawn container: systemd, network and processes of its own on this machine's kernel."""

from __future__ import annotations

import contextlib
import os
import shutil
import signal
import subprocess
import threading
import time
from pathlib import Path

from scvmm_sim.hypervisor.errors import HypervisorError
from scvmm_sim.hypervisor.media import unpack
from scvmm_sim.hypervisor.network import Namespace, Network
from scvmm_sim.hypervisor.plan import GuestPlan
from scvmm_sim.hypervisor.programs import Programs
from scvmm_sim.hypervisor.telling import TELL_NAME, read_addresses

_REBOOT = 133
"""nspawn's exit code when the guest rebooted itself and somebody else (we) is to start it again."""
_SHUT_DOWN = signal.SIGRTMIN + 4
"""What systemd takes for the power button."""
# The overlay is mounted where only the guest sees it; it is gone with the guest.
_MOUNT = """
cd "$1"; shift
mount -t overlay overlay -o lowerdir=image,upperdir=written,workdir=work merged
exec "$@"
"""
# netplan matches a MAC address as a device's permanent one, which Hyper-V's have and those of containers have not.
_NETWORKD = "etc/systemd/system/systemd-networkd.service.d/50-container.conf"
_MATCH_ANY_MAC = """[Service]
ExecStartPre=-+/bin/sh -c 'sed -i s/^PermanentMACAddress=/MACAddress=/ /run/systemd/network/*.network'
"""
_SEED = "var/lib/cloud/seed/nocloud"
_POLL_SECONDS = 0.05
_START_SECONDS = 30.0
_WATCHES = Path("/proc/sys/fs/inotify/max_user_instances")
_WATCHES_NEEDED = 4096


class Container:
    """Starts the guest of a plan, again after each reboot, until it is off; what it has written stays in its folder."""

    def __init__(self, plan: GuestPlan, network: Network, programs: Programs) -> None:
        """Nothing runs yet; files for the guest may be put below `root`."""
        self.plan = plan
        self._network, self._programs = network, programs
        self._process: subprocess.Popen[bytes] | None = None
        self._namespace: Namespace | None = None
        self._watch: threading.Thread | None = None
        self._changing = threading.RLock()
        self._wanted = False
        self.ports: list[str] = []
        """The bridge's ends of its cables, in the order of its adapters."""
        self.boots = 0
        for folder in ("written", "work", "merged"):
            (plan.folder / folder).mkdir(parents=True, exist_ok=True)
        # By this name, since a path may have characters that the options of a mount have other uses for.
        if not (plan.folder / "image").is_symlink():
            (plan.folder / "image").symlink_to(plan.image.resolve())
        (self.root / _NETWORKD).parent.mkdir(parents=True, exist_ok=True)
        (self.root / _NETWORKD).write_text(_MATCH_ANY_MAC)

    @property
    def root(self) -> Path:
        """Where files lie that are added to the image's before the start."""
        return self.plan.folder / "written"

    @property
    def console(self) -> Path:
        """What it wrote to its console."""
        return self.plan.folder / "console.log"

    @property
    def running(self) -> bool:
        """Whether it runs, or is just about to after a reboot."""
        return self._watch is not None and self._watch.is_alive()

    def start(self, media: tuple[Path, ...] | None = None) -> None:
        """Boot. It has no drives: the first of *media* lies unpacked where cloud-init looks too.

        Without *media* what lies there stays. Raises HypervisorError.
        """
        self._wanted = True
        if media is not None:
            seed = self.root / _SEED
            shutil.rmtree(seed, ignore_errors=True)
            if media:
                seed.mkdir(parents=True)
                seed.chmod(0o700)
                unpack(media[0], seed, self._programs)
        self._boot()
        self._watch = threading.Thread(target=self._keep, name=f"guest {self.plan.name}", daemon=True)
        self._watch.start()

    def shut_down(self) -> None:
        """Ask it to power off, as the power button does; it goes on for some seconds (see `wait_until_off`)."""
        init = self._init()
        if init is not None:
            with contextlib.suppress(ProcessLookupError):
                os.kill(init, _SHUT_DOWN)

    def wait_until_off(self, seconds: float) -> bool:
        """Whether it is off within *seconds*."""
        if self._watch is not None:
            self._watch.join(seconds)
        return not self.running

    def turn_off(self) -> None:
        """Pull the plug: it is off when this returns. May be called again."""
        with self._changing:
            self._wanted = False
            init = self._init()
            if init is not None:
                # With number 1 all of the guest ends, and nspawn after it.
                with contextlib.suppress(ProcessLookupError):
                    os.kill(init, signal.SIGKILL)
            if self._process is not None:
                self._programs.children.end(self._process)
        if self._watch is not None:
            self._watch.join()

    def command(self, *command: str) -> list[str]:
        """The same command, to be run in the guest as root. Raises HypervisorError when it is not up."""
        init = self._init()
        if init is None:
            raise HypervisorError(f"Guest {self.plan.name} does not run. Its console: {self.console}")
        clean = ["env", "-i", "PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin", "HOME=/root"]
        return [self._programs.find("nsenter"), f"--target={init}", "--all", "--", *clean, "LC_ALL=C.UTF-8", *command]

    def run(self, *command: str) -> str:
        """Run a command that ends soon in the guest and return its output. Raises HypervisorError."""
        return self._programs.run_command(self.command(*command))

    def host_name(self) -> str:
        """The fully qualified name if it knows one, else its host name. Raises HypervisorError."""
        return self.run(*TELL_NAME).strip()

    def addresses(self) -> dict[str, tuple[str, ...]]:
        """The addresses that its devices have, by MAC address; without link-local ones. Raises HypervisorError."""
        return read_addresses(self.run("ip", "-json", "address"))

    def _boot(self) -> None:
        """Make its network and start nspawn. Each boot has devices of its own: an address must not outlive a reboot."""
        name = self.plan.name
        _allow_watches()
        self._namespace = namespace = Namespace(self._programs)
        self.ports = [
            self._network.connect(adapter.bridge, namespace, f"eth{number}", adapter.mac)
            for number, adapter in enumerate(self.plan.adapters)
        ]
        nspawn = [
            *(self._programs.find("systemd-nspawn"), "--boot", "--quiet", f"--machine={name}"),
            *(f"--directory={self.plan.folder / 'merged'}", "--network-namespace-path=/proc/self/ns/net"),
            "--capability=CAP_NET_ADMIN",  # nspawn gives it only with a network of its own making
            # There may be no systemd outside that could be told; then a reboot ends with _REBOOT.
            *("--register=no", "--keep-unit", "--console=read-only", "--resolv-conf=off", "--link-journal=no"),
        ]
        # nspawn that is killed leaves the guest running; a PID namespace around both ends with its first process.
        alone = ["--pid", "--fork", "--kill-child", "--mount-proc", "--mount", "--propagation", "private"]
        mount = [self._programs.find("unshare"), *alone, "sh", "-euc", _MOUNT, "sh"]
        # In the guest's namespace from the beginning: /sys/class/net shows the devices of whoever mounts it.
        command = namespace.command(*mount, str(self.plan.folder), *nspawn)
        with self.console.open("ab") as console:
            self._process = self._programs.children.start(command, stdout=console, stderr=console)
        self.boots += 1
        deadline = time.monotonic() + _START_SECONDS
        while self._init() is None:
            if self._process.poll() is not None or time.monotonic() > deadline:
                self._programs.children.end(self._process)
                namespace.close()
                raise HypervisorError(f"Guest {name} could not be started: {self._last_words()}")
            time.sleep(_POLL_SECONDS)

    def _keep(self) -> None:
        """Wait for the end of each boot, and start it again when it was a reboot."""
        while True:
            assert self._process is not None and self._namespace is not None
            code = self._process.wait()
            self._programs.children.end(self._process)
            self._namespace.close()
            with self._changing:
                if code != _REBOOT or not self._wanted:
                    return
                try:
                    self._boot()
                except (HypervisorError, RuntimeError) as error:  # RuntimeError: everything is being closed
                    with self.console.open("a") as console:
                        console.write(f"{error}\n")
                    return

    def _init(self) -> int | None:
        """The process that is number 1 in the guest."""
        process = self._process
        if process is None or process.poll() is not None:
            return None
        with contextlib.suppress(OSError):
            for nspawn in _children(process.pid):
                for child in _children(nspawn):
                    status = Path(f"/proc/{child}/status").read_text()
                    ids = next((line.split()[1:] for line in status.splitlines() if line.startswith("NSpid:")), [])
                    if ids and ids[-1] == "1" and Path(f"/proc/{child}/exe").readlink().name == "systemd":
                        return child
        return None

    def _last_words(self) -> str:
        lines = self.console.read_text(errors="replace").strip().splitlines() if self.console.exists() else []
        return lines[-1] if lines else "it said nothing"

    def remove(self) -> None:
        """Turn it off and remove all that it has written."""
        self.turn_off()
        shutil.rmtree(self.plan.folder, ignore_errors=True)


def _children(pid: int) -> list[int]:
    return [int(child) for child in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]


def _allow_watches() -> None:
    """Each systemd needs some ten inotify instances, and the kernel's usual limit for one user is 128."""
    with contextlib.suppress(OSError):
        if int(_WATCHES.read_text()) < _WATCHES_NEEDED:
            _WATCHES.write_text(str(_WATCHES_NEEDED))
