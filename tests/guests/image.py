# SPDX-License-Identifier: Apache-2.0
"""The Debian that guests run: a folder for systemd-nspawn, a disk, kernel and initial ramdisk for QEMU."""

from __future__ import annotations

import subprocess
from pathlib import Path

import debian_root

_PACKAGES = (
    *("systemd-sysv", "dbus", "udev", "kmod", "iproute2", "netplan.io", "openssh-server", "curl", "e2fsprogs"),
    *("cloud-init", "python3-cffi-backend"),
)
_OF_NODES = ("keepalived", "haproxy", "linux-image-cloud-amd64", "qemu-guest-agent")
_OF_DOMAINS = (
    *("realmd", "polkitd", "adcli", "sssd-ad", "sssd-tools", "libnss-sss", "libpam-sss", "sudo"),
    *("samba", "samba-ad-provision", "samba-dsdb-modules", "samba-vfs-modules", "winbind"),
)
# Services that a test starts are off; so is what costs a boot time and does nothing here. It has no host name and no
# machine id; its ssh host keys are for guests without cloud-init, which otherwise makes new ones.
_FINISH = r"""set -eu
chroot "$1" systemctl disable --quiet e2scrub_reap fstrim.timer apt-daily.timer apt-daily-upgrade.timer \
    dpkg-db-backup.timer e2scrub_all.timer
chroot "$1" systemctl mask --quiet dev-hugepages.mount sys-fs-fuse-connections.mount systemd-update-utmp.service \
    systemd-update-utmp-runlevel.service
rm -f "$1"/var/lib/dbus/machine-id
: > "$1/etc/machine-id"
echo localhost > "$1/etc/hostname"
cat > "$1/etc/cloud/cloud.cfg.d/90_image.cfg" <<END
locale: C.UTF-8
ssh_genkeytypes: [ed25519]
cloud_config_modules: [locale, set-passwords, ntp, timezone, runcmd]
cloud_final_modules: [package-update-upgrade-install, write-files-deferred, scripts-vendor, scripts-per-once,
  scripts-per-boot, scripts-per-instance, scripts-user, final-message, power-state-change]
END
rm -rf "$1"/var/log/*.log "$1"/var/log/apt
"""

_FINISH_NODES = r"""chroot "$1" systemctl disable --quiet keepalived haproxy
# Those of the medium's drives too: whether there is one is looked up early, before systemd has loaded any.
printf '%s\n' virtio_pci virtio_blk virtio_scsi ata_piix sr_mod sd_mod isofs vfat ext4 \
    >> "$1/etc/initramfs-tools/modules"
sed -i 's/^MODULES=.*/MODULES=list/' "$1/etc/initramfs-tools/initramfs.conf"
chroot "$1" update-initramfs -u
"""
_FINISH_DOMAINS = r"""chroot "$1" systemctl disable --quiet smbd nmbd winbind samba-ad-dc sssd sssd-autofs.socket \
    sssd-nss.socket sssd-pac.socket sssd-pam.socket sssd-pam-priv.socket sssd-ssh.socket sssd-sudo.socket
rm -f "$1/etc/samba/smb.conf"
"""

IMAGE = debian_root.Root("guest", "1", _PACKAGES + _OF_NODES, _FINISH + _FINISH_NODES)
DOMAIN_IMAGE = debian_root.Root("domain", "1", _PACKAGES + _OF_DOMAINS, _FINISH + _FINISH_DOMAINS)
"""For members of a domain, and for its controller. It has no kernel."""


def kernel() -> tuple[Path, Path]:
    """Kernel and initial ramdisk of the image."""
    boot = IMAGE.system / "boot"
    return next(boot.glob("vmlinuz-*")), next(boot.glob("initrd.img-*"))


def disk(mkfs: list[str]) -> Path:
    """The image as a disk for QEMU; made when it is first asked for, some 20 s and 500 MB."""
    made = IMAGE.folder / "disk.raw"
    with debian_root.locked(IMAGE.folder / ".disk.lock"):
        if not made.exists():
            unfinished = made.with_suffix(".new")
            unfinished.unlink(missing_ok=True)
            command = [*mkfs, "-q", "-d", str(IMAGE.system), str(unfinished), "1500M"]
            subprocess.run(command, check=True, capture_output=True, timeout=300, stdin=subprocess.DEVNULL)
            unfinished.rename(made)
    return made
