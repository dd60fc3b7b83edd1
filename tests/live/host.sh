#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
#
# Debian hosts for the tests of host checks; to be sourced by bash after lib.sh.
#
#	host_tree SUITE          makes (once) a tree with the usual services, prints where it is
#	host_audit TREE ARGS...  seaworthy ARGS with the tree as the running host: its own pid, mount,
#	                         network and host name, this kernel; /tmp is mounted as it should be,
#	                         /dev/shm is not, /var/tmp is of the file system that it is on
#
# Without host_audit, `seaworthy ARGS --root TREE` sees the same tree as one that is not booted.

HOST_PACKAGES=docker.io,auditd,openssh-server,sudo,cron,rsyslog,nftables,apparmor,libpam-pwquality,systemd-sysv,iproute2,kmod,procps,chrony

host_tree()
{
	local tree=$LIVE_TREES/host-$1

	if [ ! -e "$tree/.made" ]; then
		rm -rf "$tree"
		mkdir -p "$LIVE_TREES"
		mmdebstrap --quiet --variant=minbase --include="$HOST_PACKAGES" "$1" "$tree" >&2 || return 1
		echo "deb http://deb.debian.org/debian $1 main" >"$tree/etc/apt/sources.list"
		echo host >"$tree/etc/hostname"
		touch "$tree/.made"
	fi
	echo "$tree"
}

# shellcheck disable=SC2016
HOST_START='hostname host; ip link set lo up
	mount --bind "$1" "$1" &&
		mount -t tmpfs -o nosuid,nodev,noexec tmp "$1/tmp" &&
		mount -t tmpfs shm "$1/dev/shm" &&
		mount --bind "$1/var/tmp" "$1/var/tmp" || exit 1
	exec chroot "$1" /bin/sleep 600'

host_audit()
{
	local tree=$1 first status

	shift
	unshare -m -p -n -u -f --mount-proc sh -c "$HOST_START" sh "$tree" &
	first=
	for _ in $(seq 100); do
		first=$(pgrep -P $! 2>/dev/null) && [ "$(readlink "/proc/$first/root")" = "$tree" ] && break
		sleep 0.05
	done
	nsenter -t "$first" -m -p -n -u "${SEAWORTHY:-build/seaworthy}" "$@" --root "$tree"
	status=$?
	kill -9 "$first"
	wait 2>/dev/null
	return $status
}
