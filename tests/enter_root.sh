#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Called by the name of a program: runs it from the Debian root beside this folder (../root). Programs, libraries, /etc
# and /var are the root's own, all other folders (/home, /tmp, /proc, /dev, …) this machine's, so paths mean the same.
# The mounts are private to the program and gone with it; its process id is that of the caller of this script.
set -eu
here=$(cd "$(dirname "$0")/.." && pwd)
exec unshare --mount --propagation private /bin/sh -euc '
    base=$1 program=$2 cwd=$3
    shift 3
    mount -t tmpfs -o mode=755 none "$base/new"
    cd /
    for entry in "$base"/root/*; do
        name=${entry##*/}
        case $name in
        bin | sbin | lib* | usr | etc | var)
            if [ -L "$entry" ]; then cp -P "$entry" "$base/new/$name"; continue; fi
            mkdir "$base/new/$name"
            mount --bind "$entry" "$base/new/$name"
            ;;
        esac
    done
    for entry in /*; do
        name=${entry##*/}
        if [ -e "$base/new/$name" ] || [ -L "$base/new/$name" ]; then continue; fi
        if [ -L "$entry" ]; then cp -P "$entry" "$base/new/$name"; continue; fi
        if ! [ -d "$entry" ]; then continue; fi
        mkdir "$base/new/$name"
        mount --rbind "$entry" "$base/new/$name"
    done
    if [ -d /var/tmp ]; then mount --rbind /var/tmp "$base/new/var/tmp"; fi
    mkdir "$base/new/.host"
    cd "$base/new"
    pivot_root . .host
    PATH=/usr/sbin:/usr/bin:/sbin:/bin
    export PATH
    umount -l /.host
    cd "$cwd" 2>/dev/null || cd /
    exec "$program" "$@"
' sh "$here" "${0##*/}" "$PWD" "$@"
