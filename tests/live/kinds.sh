#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
#
# Starts engines that are more than a dockerd of root's; to be sourced by bash after lib.sh.
#
#	rootless_missing                 prints why there can be no rootless engine here, and fails
#	rootless_start NAME [ARGS...]    the packaged dockerd by an ordinary user, with RootlessKit
#	podman_missing, podman_start NAME   Podman's Docker-like API, by root
#	snap_missing, snap_start NAME    the packaged dockerd, laid out as the snap store's Docker is
#	activated_missing                prints why sockets cannot be handed over here, and fails
#	activated_start NAME [ARGS...]   dockerd -H fd://, its socket handed over as systemd does
#	kind_sock NAME                   where such an engine listens
#	kind_stop NAME                   ends it and all that runs below it
#
# Folders, `d`, `api` and what ends them are lib.sh's.

LIVE_ROOTLESS=${LIVE_ROOTLESS:-/usr/share/docker.io/contrib/dockerd-rootless.sh}
# An account that every machine has and that runs nothing, with a primary group of its number.
rootless_user=daemon
rootless_id=1

kind_sock()
{
	readlink -f "$LIVE_DIR/$1/sock"
}

lacking()
{
	local tool

	for tool in "$@"; do
		if ! command -v "$tool" >/dev/null; then
			echo "no $tool"
			return 0
		fi
	done
	return 1
}

rootless_missing()
{
	if [ ! -e "$LIVE_ROOTLESS" ]; then
		echo "no $LIVE_ROOTLESS"
		return 1
	fi
	! lacking rootlesskit slirp4netns newuidmap setpriv
}

podman_missing()
{
	! lacking podman runc
}

activated_missing()
{
	! lacking systemd-socket-activate
}

# kind_up NAME CHILD: waits until it answers. What was started may be many processes in one mount
# namespace of their own.
kind_up()
{
	local dir=$LIVE_DIR/$1 i

	LIVE_ENGINES="$LIVE_ENGINES $1"
	echo "$2" >"$dir/child"
	for (( i = 0; i < LIVE_WAIT * 10; i++ )); do
		if engine_ping "$1"; then
			readlink "/proc/$2/ns/mnt" >"$dir/mntns"
			return 0
		fi
		kill -0 "$2" 2>/dev/null || break
		sleep 0.1
	done
	live_say "engine $1: did not come up; the end of its log:"
	tail -n 15 "$dir/log" >&2
	readlink "/proc/$2/ns/mnt" >"$dir/mntns"
	kind_stop "$1"
	return 1
}

rootless_inside()
{
	local dir=$1 f

	shift
	mount --make-rprivate /
	for f in subuid subgid; do
		[ -e "/etc/$f" ] || : >"/etc/$f"
		mount --bind "$dir/etc/$f" "/etc/$f"
	done
	mkdir -p /dev/net
	[ -e /dev/net/tun ] || : >/dev/net/tun
	mount --bind "$dir/tun" /dev/net/tun
	ip link set lo up
	exec setpriv --reuid $rootless_id --regid $rootless_id --clear-groups env -i \
		HOME="$dir/home" XDG_RUNTIME_DIR="$dir/run" USER=$rootless_user PATH=/usr/sbin:/usr/bin:/sbin:/bin \
		DOCKERD_ROOTLESS_ROOTLESSKIT_DISABLE_HOST_LOOPBACK=true sh "$LIVE_ROOTLESS" "$@"
}

rootless_start()
{
	local name=$1 dir f

	shift
	dir=$(engine_dir "$name")
	mkdir -p "$dir/etc" "$dir/client" "$dir/home/.config/docker" "$dir/run"
	for f in subuid subgid; do
		cat "/etc/$f" >"$dir/etc/$f" 2>/dev/null || :
	done
	for f in subuid subgid; do
		echo "$rootless_user:600000:65536" >>"$dir/etc/$f"
	done
	echo '{}' >"$dir/home/.config/docker/daemon.json"
	# Character device 10:200 is tun (Documentation/admin-guide/devices.txt of the kernel).
	[ -e "$dir/tun" ] || mknod -m 0666 "$dir/tun" c 10 200
	chown -R $rootless_id:$rootless_id "$dir/home" "$dir/run"
	chmod 0700 "$dir/run"
	ln -sfn run/docker.sock "$dir/sock"
	(
		export LIVE_ROOTLESS rootless_id rootless_user
		export -f rootless_inside
		exec setsid unshare -n -m bash -c 'rootless_inside "$@"' live "$dir" "$@" \
			</dev/null >"$dir/log" 2>&1 3>&- 4>&- 5>&- 6>&- 7>&- 8>&- 9>&-
	) &
	kind_up "$name" $!
}

podman_inside()
{
	local dir=$1 m

	mount --make-rprivate /
	# Its networks and its database must not be the host's.
	for m in /etc/cni /etc/containers /var/lib/containers /var/lib/cni; do
		[ ! -d $m ] || mount -t tmpfs tmpfs $m
	done
	ip link set lo up
	mount --make-rshared /
	echo '{"default":[{"type":"insecureAcceptAnything"}]}' >"$dir/policy.json"
	[ ! -d /etc/containers ] || cp "$dir/policy.json" /etc/containers/policy.json
	exec env PATH="$dir/bin:/usr/sbin:/usr/bin:/sbin:/bin" \
		podman --root "$dir/data" --runroot "$dir/exec" --runtime "$dir/bin/runc" \
		--cgroup-manager cgroupfs system service -t 0 "unix://$dir/sock"
}

podman_start()
{
	local name=$1 dir

	dir=$(engine_dir "$name")
	mkdir -p "$dir/bin" "$dir/client"
	live_runc_wrapper "$dir/bin"
	if [ -e "$dir/bin/runc" ]; then
		# Podman also asks for limits that such a sandbox may not set.
		sed -i "s|sed -i '|&s/,\"rlimits\":\\\\[[^]]*\\\\]//; |" "$dir/bin/runc"
	else
		ln -s "$(command -v runc)" "$dir/bin/runc"
	fi
	rm -f "$dir/sock"
	(
		export -f podman_inside
		exec setsid unshare -n -m bash -c 'podman_inside "$@"' live "$dir" \
			</dev/null >"$dir/log" 2>&1 3>&- 4>&- 5>&- 6>&- 7>&- 8>&- 9>&-
	) &
	kind_up "$name" $!
}

snap_revision=2915
# What snapd writes, and where it mounts; made on the host only where nothing is, and taken away.
snap_unit=/etc/systemd/system/snap.docker.dockerd.service
snap_points=(/snap /var/snap /run/snap.docker)

snap_missing()
{
	local f

	for f in $snap_unit "${snap_points[@]}"; do
		if [ -e "$f" ]; then
			echo "$f is there"
			return 1
		fi
	done
	! lacking dockerd containerd containerd-shim-runc-v2 runc docker-proxy docker-init
}

# Its folders, unlike its programs, are on disk: overlay does not go on tmpfs with xattrs.
snap_inside()
{
	local dir=$1 bin=/snap/docker/$snap_revision/bin data=/var/snap/docker/$snap_revision p from

	mount --make-rprivate /
	mount -t tmpfs -o mode=0755 tmpfs /snap
	mount --bind "$dir/var-snap" /var/snap
	mount -t tmpfs -o mode=0755 tmpfs /run/snap.docker
	mkdir -p "$bin"
	ln -s $snap_revision /snap/docker/current
	for p in dockerd containerd containerd-shim-runc-v2 runc docker-proxy docker-init; do
		from=$(PATH=$dir/bin:$PATH:/usr/sbin command -v $p)
		: >"$bin/$p"
		chmod 0755 "$bin/$p"
		mount --bind "$from" "$bin/$p"
	done
	ip link set lo up
	mount --make-rshared /
	exec env -i PATH="$bin:/usr/sbin:/usr/bin:/sbin:/bin" HOME=/root DOCKER_TMPDIR="$dir/tmp" \
		SNAP=/snap/docker/$snap_revision SNAP_DATA=$data "$bin/dockerd" -H "unix://$dir/sock" \
		--group docker --exec-root=/run/snap.docker --data-root=/var/snap/docker/common/var-lib-docker \
		--pidfile=/run/snap.docker/docker.pid --config-file=$data/config/daemon.json
}

snap_start()
{
	local name=$1 dir p

	dir=$(engine_dir "$name")
	mkdir -p "$dir/bin" "$dir/client" "$dir/tmp" "$dir/var-snap/docker/common/var-lib-docker" \
		"$dir/var-snap/docker/$snap_revision/config"
	ln -sfn $snap_revision "$dir/var-snap/docker/current"
	printf '{\n    "log-level":        "error"\n}\n' \
		>"$dir/var-snap/docker/$snap_revision/config/daemon.json"
	live_runc_wrapper "$dir/bin"
	mkdir -p "${snap_points[@]}"
	cat >$snap_unit <<-EOF
	[Unit]
	# Auto-generated, DO NOT EDIT
	Description=Service for snap application docker.dockerd
	Requires=snap-docker-$snap_revision.mount
	Wants=network.target
	After=snap-docker-$snap_revision.mount network.target snapd.apparmor.service
	X-Snappy=yes

	[Service]
	EnvironmentFile=-/etc/environment
	ExecStart=/usr/bin/snap run docker.dockerd
	SyslogIdentifier=docker.dockerd
	Restart=on-failure
	WorkingDirectory=/var/snap/docker/$snap_revision
	TimeoutStopSec=30
	Type=simple

	[Install]
	WantedBy=multi-user.target
	EOF
	(
		export snap_revision
		export -f snap_inside
		exec setsid unshare -n -m bash -c 'snap_inside "$@"' live "$dir" \
			</dev/null >"$dir/log" 2>&1 3>&- 4>&- 5>&- 6>&- 7>&- 8>&- 9>&-
	) &
	kind_up "$name" $!
}

# What snap_start made on the host; an empty folder is all that it takes away.
snap_clean()
{
	if grep -q '^Description=Service for snap application docker.dockerd' $snap_unit 2>/dev/null; then
		rm -f $snap_unit
	fi
	rmdir "${snap_points[@]}" 2>/dev/null
	return 0
}

activated_inside()
{
	local dir=$1

	shift
	mount --make-rprivate /
	ip link set lo up
	mount --make-rshared /
	exec systemd-socket-activate -l "$dir/sock" dockerd -H fd:// --data-root "$dir/data" \
		--exec-root "$dir/exec" -p "$dir/pid" --config-file "$dir/daemon.json" "$@"
}

activated_start()
{
	local name=$1 dir

	shift
	dir=$(engine_dir "$name")
	mkdir -p "$dir/client"
	[ -e "$dir/daemon.json" ] || echo '{}' >"$dir/daemon.json"
	rm -f "$dir/sock" "$dir/pid"
	(
		export -f activated_inside
		exec env -u DOCKER_HOST PATH="$dir/bin:/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin" \
			setsid unshare -n -m bash -c 'activated_inside "$@"' live "$dir" "$@" \
			</dev/null >"$dir/log" 2>&1 3>&- 4>&- 5>&- 6>&- 7>&- 8>&- 9>&-
	) &
	kind_up "$name" $!
}

# RootlessKit makes a mount namespace of its own, in which shims outlive their parents.
kind_stop()
{
	local dir=$LIVE_DIR/$1 child p inner

	child=$(cat "$dir/child" 2>/dev/null) || child=
	if [ "$child" ]; then
		# shellcheck disable=SC2046 # ids
		[ ! -S "$dir/sock" ] || timeout 30 "$LIVE_DOCKER" -H "unix://$dir/sock" kill \
			$(timeout 20 "$LIVE_DOCKER" -H "unix://$dir/sock" ps -q 2>/dev/null) >/dev/null 2>&1
		inner=$(for p in $(live_children "$child"); do
			[ ! -e "/proc/$p/exe" ] || case $(readlink "/proc/$p/exe") in
			*/dockerd) readlink "/proc/$p/ns/mnt" ;;
			esac
		done)
		if [ "$inner" ] && [ "$inner" != "$(readlink /proc/self/ns/mnt)" ]; then
			for p in $(live_in_mntns "$inner"); do
				kill "$p" 2>/dev/null
			done
			sleep 1
			for p in $(live_in_mntns "$inner"); do
				kill -9 "$p" 2>/dev/null
			done
		fi
	fi
	engine_stop "$1"
}
