# SPDX-License-Identifier: Apache-2.0
"""The Debian that guests run: a folder for systemd-nspawn, a disk, kernel and initial ramdisk for QEMU."""

from __future__ import annotations

from pathlib import Path

import debian_root

_PACKAGES = (
    *("systemd-sysv", "dbus", "udev", "kmod", "iproute2", "netplan.io", "openssh-server", "curl", "e2fsprogs"),
    *("cloud-init", "python3-cffi-backend", "keepalived", "haproxy"),
    *("linux-image-cloud-amd64", "qemu-guest-agent"),
)
# Services that a test starts are off; so is what costs a boot time and does nothing here. It has no host name and no
# machine id; its ssh host keys are for guests without cloud-init, which otherwise makes new ones.
_FINISH = r"""set -eu
chroot "$1" systemctl disable --quiet keepalived haproxy e2scrub_reap fstrim.timer apt-daily.timer \
    apt-daily-upgrade.timer dpkg-db-backup.timer e2scrub_all.timer
chroot "$1" systemctl mask --quiet dev-hugepages.mount sys-fs-fuse-connections.mount systemd-update-utmp.service \
    systemd-update-utmp-runlevel.service
rm -f "$1"/var/lib/dbus/machine-id
: > "$1/etc/machine-id"
echo localhost > "$1/etc/hostname"
printf 'datasource_list: [NoCloud, None]\nlocale: C.UTF-8\napt_preserve_sources_list: true\n' \
    > "$1/etc/cloud/cloud.cfg.d/90_image.cfg"
rm -rf "$1"/var/log/*.log "$1"/var/log/apt
"""

IMAGE = debian_root.Root("guest", "1", _PACKAGES, _FINISH)


def system() -> Path | None:
    """The folder with the guest's Debian; None where it was not built."""
    return IMAGE.system if IMAGE.built() else None
