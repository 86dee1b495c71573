#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Run a command as the pod of the Deployment would: its user, no privileges, a root that nobody can write to, and memory
# in the two folders that are mounted there. To be started in mount and process namespaces of its own:
#   unshare --mount --pid --fork --kill-child pod.sh ROOT SERVICE_ACCOUNT_FOLDER PATHS UID COMMAND...
# PATHS, separated by colons, are what of this machine is in the image.
set -eu
root=$1 account=$2 paths=$3 user=$4
shift 4
mount -t tmpfs -o mode=755 tmpfs "$root"
old_ifs=$IFS
IFS=:
for path in $paths; do
    mkdir -p "$root$path"
    mount --rbind "$path" "$root$path"
    mount -o remount,bind,ro "$root$path"
done
IFS=$old_ifs
for link in bin sbin lib lib64; do
    if [ -L "/$link" ]; then ln -s "$(readlink "/$link")" "$root/$link"; fi
done
mkdir -p "$root/proc" "$root/tmp" "$root/dev/shm" "$root/dev/pts" "$root/var/run/secrets/kubernetes.io/serviceaccount"
mount -t proc -o nosuid,nodev,noexec proc "$root/proc"
for device in null zero full random urandom tty; do
    : > "$root/dev/$device"
    mount --bind "/dev/$device" "$root/dev/$device"
done
mount -t devpts -o newinstance,ptmxmode=0666,mode=620 devpts "$root/dev/pts"
ln -s pts/ptmx "$root/dev/ptmx"
ln -s /proc/self/fd "$root/dev/fd"
mount -t tmpfs -o mode=1777,size=512m tmpfs "$root/dev/shm"
mount -t tmpfs -o mode=1777,size=128m tmpfs "$root/tmp"
cp "$account"/* "$root/var/run/secrets/kubernetes.io/serviceaccount/"
chmod 0644 "$root/var/run/secrets/kubernetes.io/serviceaccount/"*
mount -o remount,ro "$root"
exec chroot "$root" setpriv --reuid="$user" --regid="$user" --groups="$user" \
    --no-new-privs --bounding-set=-all --inh-caps=-all --ambient-caps=-all --pdeathsig KILL "$@"
