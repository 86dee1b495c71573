#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Run a command as the pod of the Deployment would: its user, no privileges, a root that nobody can write to, and memory
# in the two folders that are mounted there. To be started in mount and process namespaces of its own:
#   unshare --mount --pid --fork --kill-child pod.sh ROOT SERVICE_ACCOUNT_FOLDER PATHS UID COMMAND...
# PATHS, separated by colons, are what of this machine is in the image; or the root of an image, behind `image=`.
set -eu
root=$1 account=$2 paths=$3 user=$4
shift 4
mount -t tmpfs -o mode=755 tmpfs "$root"
case $paths in
image=*)
    mkdir "$root/upper" "$root/work" "$root/root"
    mount -t overlay -o "lowerdir=${paths#image=},upperdir=$root/upper,workdir=$root/work" overlay "$root/root"
    root=$root/root paths=
    # What the runtime makes anew in each container.
    mount -t tmpfs -o mode=755 tmpfs "$root/dev"
    ;;
esac
mkdir -p "$root/tmp"
# First, for the repository may lie below it.
mount -t tmpfs -o mode=1777,size=128m tmpfs "$root/tmp"
old_ifs=$IFS
IFS=:
for path in $paths; do
    mkdir -p "$root$path"
    mount --rbind "$path" "$root$path"
    mount -o remount,bind,ro "$root$path"
done
IFS=$old_ifs
for link in bin sbin lib lib64; do
    if [ -L "/$link" ] && ! [ -e "$root/$link" ]; then ln -s "$(readlink "/$link")" "$root/$link"; fi
done
mkdir -p "$root/proc" "$root/dev/shm" "$root/dev/pts" "$root/var"
# In images /var/run is a link to /run, which followed from here would be this machine's.
secrets=$root/run/secrets/kubernetes.io/serviceaccount
mkdir -p "$secrets"
if ! [ -L "$root/var/run" ]; then ln -s /run "$root/var/run"; fi
mount -t proc -o nosuid,nodev,noexec proc "$root/proc"
for device in null zero full random urandom tty; do
    : > "$root/dev/$device"
    mount --bind "/dev/$device" "$root/dev/$device"
done
mount -t devpts -o newinstance,ptmxmode=0666,mode=620 devpts "$root/dev/pts"
ln -s pts/ptmx "$root/dev/ptmx"
ln -s /proc/self/fd "$root/dev/fd"
mount -t tmpfs -o mode=1777,size=512m tmpfs "$root/dev/shm"
cp "$account"/* "$secrets/"
chmod 0644 "$secrets"/*
mount -o remount,ro "$root"
exec chroot "$root" setpriv --reuid="$user" --regid="$user" --groups="$user" \
    --no-new-privs --bounding-set=-all --inh-caps=-all --ambient-caps=-all --pdeathsig KILL "$@"
