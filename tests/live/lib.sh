#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
#
# Starts and stops real Docker engines for the live tests; to be sourced by bash.
#
#	engine_dir NAME                    the engine's folder, made when missing
#	engine_start NAME [ARGS...]        the host's packaged dockerd
#	engine_start_in TREE NAME [ARGS..] the dockerd of a tree made by tree_make
#	engine_stop NAME                   ends it and all that runs below it
#	engine_wipe NAME                   engine_stop, then removes its folder
#	engine_sock NAME, engine_pid NAME  where it listens, who it is
#	engine_log NAME                    its log
#	d NAME ARGS...                     the docker client against that engine
#	api NAME METHOD PATH [BODY]        one raw request, reply on stdout
#	image_busybox NAME                 image sw/busybox:1, made offline
#	tree_make SUITE, tree_dir SUITE    a Debian tree with another docker.io
#	tls_make DIR                       a CA, a server and a client certificate
#
# An engine has its own network and mount namespace but the host's pid namespace, and its own data
# root, exec root, pid file, configuration file and socket, so nothing of the host is touched. A
# second engine in one network namespace would delete the first one's docker0.
#
# What a test puts into the engine's folder before the start counts: daemon.json is used as it is
# (with "hosts" in it no -H is given, since dockerd refuses a key that is both flag and file).
#
# With a folder `places` in it, the engine has no such flags: its socket, configuration and data are
# at the usual places of its mount namespace, where places/run, places/etc-docker and places/var-lib
# lie over /run, /etc/docker and /var/lib.

LIVE_DIR=${LIVE_DIR:-/var/tmp/sw-live}
LIVE_TREES=${LIVE_TREES:-/var/tmp/sw-trees}
LIVE_DOCKER=${LIVE_DOCKER:-/usr/bin/docker}
LIVE_WAIT=${LIVE_WAIT:-20}
# Names of the engines that this shell started: the trap stops these and no others.
LIVE_ENGINES=

live_say()
{
	printf '%s\n' "$*" >&2
}

# Prints why the tests cannot run here, and fails, when they cannot.
live_missing()
{
	local tool

	if [ "$(id -u)" -ne 0 ]; then
		echo "not root"
		return 1
	fi
	for tool in dockerd "$LIVE_DOCKER" jq curl unshare busybox ip; do
		if ! command -v "$tool" >/dev/null; then
			echo "no $tool"
			return 1
		fi
	done
}

engine_dir()
{
	mkdir -p "$LIVE_DIR/$1" && chmod 0711 "$LIVE_DIR" "$LIVE_DIR/$1"
	echo "$LIVE_DIR/$1"
}

engine_sock()
{
	echo "$LIVE_DIR/$1/sock"
}

engine_log()
{
	echo "$LIVE_DIR/$1/log"
}

engine_pid()
{
	cat "$LIVE_DIR/$1/pid" 2>/dev/null
}

d()
{
	local name=$1

	shift
	env -u DOCKER_HOST -u DOCKER_CONTEXT -u DOCKER_TLS_VERIFY -u DOCKER_CERT_PATH \
		DOCKER_CONFIG="$LIVE_DIR/$name/client" \
		"$LIVE_DOCKER" -H "unix://$LIVE_DIR/$name/sock" "$@"
}

api()
{
	local name=$1 method=$2 path=$3

	if [ $# -ge 4 ]; then
		printf '%s' "$4" | curl -sS -g --unix-socket "$LIVE_DIR/$name/sock" -X "$method" \
			-H 'Content-Type: application/json' --data-binary @- "http://d$path"
	else
		curl -sS -g --unix-socket "$LIVE_DIR/$name/sock" -X "$method" "http://d$path"
	fi
}

# Some sandboxes lack CAP_SYS_RESOURCE: there runc cannot start a privileged container, nor one with
# all capabilities. A runc in front of the real one takes that capability out of what is asked of
# the kernel; what the engine stores and shows stays as the user asked. sed, not jq: the bundle is
# compact JSON, and a tree may have no jq.
live_runc_wrapper()
{
	local bin=$1 bnd

	bnd=$(sed -n 's/^CapBnd:[[:space:]]*//p' /proc/self/status)
	# CAP_SYS_RESOURCE is bit 24 (linux/capability.h).
	if [ $(( 0x$bnd >> 24 & 1 )) -eq 1 ]; then
		return 0
	fi
	cat >"$bin/runc" <<-'EOF'
	#!/bin/sh
	bundle=. process= prev= command=
	for a in "$@"; do
		case $prev in
		--bundle|-b) bundle=$a ;;
		--process|-p) process=$a ;;
		esac
		case $a in
		--bundle=*) bundle=${a#*=} ;;
		--process=*) process=${a#*=} ;;
		create|run|restore|exec) [ "$command" ] || command=$a ;;
		esac
		prev=$a
	done
	case $command in
	create|run|restore) file=$bundle/config.json ;;
	exec) file=$process ;;
	*) file= ;;
	esac
	if [ -f "$file" ]; then
		sed -i 's/"CAP_SYS_RESOURCE",//g; s/,"CAP_SYS_RESOURCE"//g; s/"CAP_SYS_RESOURCE"//g' "$file"
	fi
	self=${0%/*}
	for dir in /usr/local/sbin /usr/local/bin /usr/sbin /usr/bin /sbin /bin; do
		if [ "$dir" != "$self" ] && [ -x "$dir/runc" ]; then
			exec "$dir/runc" "$@"
		fi
	done
	echo "no runc" >&2
	exit 127
	EOF
	chmod 0755 "$bin/runc"
}

# Files that shadow the host's in the engine's mount namespace, so that userns-remap=default finds
# its user without useradd writing to the host.
live_users()
{
	local dir=$1/etc root=$2 f

	mkdir -p "$dir"
	for f in passwd group subuid subgid; do
		cat "$root/etc/$f" >"$dir/$f" 2>/dev/null || :
	done
	grep -q '^dockremap:' "$dir/passwd" ||
		echo 'dockremap:x:64999:64999::/nonexistent:/usr/sbin/nologin' >>"$dir/passwd"
	grep -q '^dockremap:' "$dir/group" || echo 'dockremap:x:64999:' >>"$dir/group"
	for f in subuid subgid; do
		grep -q '^dockremap:' "$dir/$f" || echo 'dockremap:500000:65536' >>"$dir/$f"
	done
}

engine_start()
{
	engine_start_in / "$@"
}

# Runs inside the new namespaces: prepares them, then becomes dockerd.
live_inside()
{
	local dir=$1 tree=$2 f m PATH=$PATH:/usr/sbin:/sbin

	shift 2
	mount --make-rprivate /
	if [ "$tree" != / ]; then
		mount --bind "$tree" "$tree"
		mount --make-private "$tree"
		for m in proc sys dev; do
			mount --rbind "/$m" "$tree/$m"
		done
		mount -t tmpfs -o mode=0755 tmpfs "$tree/run"
		# The same place as outside, so that paths in requests mean the same file.
		mkdir -p "$tree$dir" "$tree/tmp"
		mount --bind "$dir" "$tree$dir"
	fi
	if [ -d "$dir/etc" ]; then
		for f in passwd group subuid subgid; do
			[ -e "${tree%/}/etc/$f" ] || : >"${tree%/}/etc/$f"
			mount --bind "$dir/etc/$f" "${tree%/}/etc/$f"
		done
	fi
	if [ -d "$dir/places" ]; then
		for f in run etc-docker var-lib; do
			mkdir -p "$dir/places/$f" "${tree%/}/${f//-//}"
			mount --bind "$dir/places/$f" "${tree%/}/${f//-//}"
		done
	fi
	ip link set lo up
	if [ "$tree" != / ]; then
		# Not chroot: the kernel makes no user namespaces there, so no userns-remap.
		cd "$tree" || exit 1
		pivot_root . . || exit 1
		umount -l .
		cd / || exit 1
	fi
	mount --make-rshared /
	PATH=$dir/bin:/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin
	export PATH
	exec dockerd "$@"
}

engine_start_in()
{
	local tree=$1 name=$2 dir config=1 host=1 a i child
	local -a args

	shift 2
	if [ ! -x "${tree%/}/usr/sbin/dockerd" ] && [ ! -x "${tree%/}/usr/bin/dockerd" ]; then
		live_say "engine $name: no dockerd in $tree"
		return 1
	fi
	dir=$(engine_dir "$name")
	if engine_ping "$name"; then
		live_say "engine $name: already there"
		return 1
	fi
	rm -f "$dir/pid" "$dir/sock"
	mkdir -p "$dir/bin" "$dir/client" "$dir/tmp"
	live_runc_wrapper "$dir/bin"
	for a in "$@"; do
		case $a in
		--config-file|--config-file=*) config=0 ;;
		esac
	done
	args=(--data-root "$dir/data" --exec-root "$dir/exec" -p "$dir/pid")
	if [ $config -eq 1 ]; then
		[ -e "$dir/daemon.json" ] || echo '{}' >"$dir/daemon.json"
		args+=(--config-file "$dir/daemon.json")
	fi
	# Whatever configuration file the test names lies in the folder.
	if cat "$dir"/*.json 2>/dev/null | grep -q '"hosts"'; then
		host=0
	fi
	[ $host -eq 0 ] || args+=(-H "unix://$dir/sock")
	if [ -d "$dir/places" ]; then
		args=(-p "$dir/pid")
		ln -s places/run/docker.sock "$dir/sock"
	fi
	if printf '%s\n' "$@" | grep -q userns-remap ||
	   cat "$dir"/*.json "$dir"/places/etc-docker/*.json 2>/dev/null | grep -q userns-remap; then
		live_users "$dir" "${tree%/}"
	else
		rm -rf "${dir:?}/etc"
	fi

	# Closed descriptors 3 to 9: an engine must not keep a test's pipes open.
	LIVE_ENGINES="$LIVE_ENGINES $name"
	(
		export -f live_inside
		exec env -u DOCKER_HOST DOCKER_TMPDIR="$dir/tmp" setsid unshare -n -m --propagation private \
			bash -c 'live_inside "$@"' live "$dir" "$tree" "${args[@]}" "$@" \
			</dev/null >"$dir/log" 2>&1 3>&- 4>&- 5>&- 6>&- 7>&- 8>&- 9>&-
	) &
	child=$!
	echo $child >"$dir/child"

	for (( i = 0; i < LIVE_WAIT * 10; i++ )); do
		if engine_ping "$name"; then
			readlink "/proc/$(engine_pid "$name")/ns/mnt" >"$dir/mntns"
			return 0
		fi
		if ! kill -0 $child 2>/dev/null; then
			break
		fi
		sleep 0.1
	done
	live_say "engine $name: did not come up; the end of its log:"
	tail -n 15 "$dir/log" >&2
	engine_stop "$name"
	return 1
}

engine_ping()
{
	[ -S "$LIVE_DIR/$1/sock" ] &&
		[ "$(curl -s -m 5 --unix-socket "$LIVE_DIR/$1/sock" http://d/_ping 2>/dev/null)" = OK ]
}

# The pids of one mount namespace: dockerd, containerd, shims, proxies.
live_in_mntns()
{
	# shellcheck disable=SC2012 # pids have no blanks; one process instead of one for each pid
	ls -l /proc/[0-9]*/ns/mnt 2>/dev/null |
		awk -v ns="$1" '$NF == ns { split($(NF - 2), part, "/"); print part[3] }'
}

# All descendants of the given pids: the processes of containers have namespaces of their own.
live_children()
{
	local p c

	for p in "$@"; do
		# shellcheck disable=SC2013 # pids have no blanks
		for c in $(cat "/proc/$p/task"/*/children 2>/dev/null); do
			echo "$c"
			live_children "$c"
		done
	done
}

live_is_ours()
{
	[ "$1" ] && { tr '\0' '\n' <"/proc/$1/cmdline"; } 2>/dev/null | grep -q -F "$2/"
}

engine_stop()
{
	local name=$1 dir=$LIVE_DIR/$1 pid child ns i rest m

	[ -d "$dir" ] || return 0
	pid=$(engine_pid "$name") || pid=
	child=$(cat "$dir/child" 2>/dev/null) || child=
	ns=$(cat "$dir/mntns" 2>/dev/null) || ns=
	# A pid file outlives a crash: only a process that names our folder is ours.
	if ! live_is_ours "$pid" "$dir"; then
		pid=
		if live_is_ours "$child" "$dir"; then
			pid=$child
		fi
	fi
	if [ "$pid" ]; then
		# One kill each is much faster than dockerd's own ten seconds of grace for each.
		if [ -S "$dir/sock" ]; then
			# shellcheck disable=SC2046 # ids
			timeout 60 "$LIVE_DOCKER" -H "unix://$dir/sock" kill \
				$(timeout 20 "$LIVE_DOCKER" -H "unix://$dir/sock" ps -q 2>/dev/null) >/dev/null 2>&1
		fi
		kill "$pid" 2>/dev/null
		for (( i = 0; i < 150; i++ )); do
			kill -0 "$pid" 2>/dev/null || break
			sleep 0.1
		done
		[ "$i" -lt 150 ] || kill -9 "$pid" 2>/dev/null
	fi
	# Live-restore leaves containerd, shims and containers behind.
	if [ "$ns" ] && [ "$ns" != "$(readlink /proc/self/ns/mnt)" ]; then
		rest=$(live_in_mntns "$ns")
		# shellcheck disable=SC2086 # pids
		for m in $(live_children $rest); do
			kill -9 "$m" 2>/dev/null
		done
		# Shims reap their containers; pid 1 of a sandbox may reap nothing.
		[ ! "$rest" ] || sleep 0.3
		for m in $rest; do
			kill -9 "$m" 2>/dev/null
		done
	fi
	[ ! "$child" ] || wait "$child" 2>/dev/null
	# Normally nothing: the mounts were the namespace's.
	awk -v d="$dir/" 'index($5, d) == 1 { print $5 }' /proc/self/mountinfo | sort -r |
	while read -r m; do
		umount -l "$m"
	done
	rm -f "$dir/pid" "$dir/sock" "$dir/child" "$dir/mntns"
	# A pid file in there whose number is in use again would keep the next start waiting.
	rm -rf "${dir:?}/exec"
	LIVE_ENGINES=" $LIVE_ENGINES "
	LIVE_ENGINES=${LIVE_ENGINES//" $name "/ }
	return 0
}

engine_wipe()
{
	engine_stop "$1"
	[ -n "$1" ] && rm -rf "${LIVE_DIR:?}/$1"
}

engines_stop()
{
	local name

	for name in $LIVE_ENGINES; do
		engine_stop "$name"
	done
}

# The hard links sshd and sshd-exporter let /proc/<pid>/exe say those names (busybox looks at
# argv[0], so `exec -a sleep /opt/sshd 1d` sleeps).
image_busybox()
{
	local name=$1 dir a

	dir=$LIVE_DIR/$name/image
	rm -rf "$dir"
	mkdir -p "$dir/bin" "$dir/opt" "$dir/etc" "$dir/tmp" "$dir/usr" "$dir/root" "$dir/mnt"
	cp "$(command -v busybox)" "$dir/bin/busybox"
	for a in $("$dir/bin/busybox" --list); do
		[ "$a" = busybox ] || ln -s busybox "$dir/bin/$a"
	done
	for a in sshd dropbear sshd-exporter; do
		ln "$dir/bin/busybox" "$dir/opt/$a"
	done
	printf 'root:x:0:0::/root:/bin/sh\ntoor:x:0:0::/root:/bin/sh\nuser:x:1000:1000::/tmp:/bin/sh\n' \
		>"$dir/etc/passwd"
	printf 'root:x:0:\nuser:x:1000:\n' >"$dir/etc/group"
	chmod 1777 "$dir/tmp"
	tar -C "$dir" --numeric-owner --owner=0 --group=0 -c . |
		d "$name" import -c 'ENV PATH=/bin' -c 'CMD ["sleep","100000"]' - sw/busybox:1 >/dev/null &&
	d "$name" tag sw/busybox:1 sw/busybox:latest
	rm -rf "$dir"
}

tree_dir()
{
	echo "$LIVE_TREES/$1"
}

# The mirror is whatever this machine installs Debian itself from. Signatures are checked as always;
# only the age of the release file is not, since a frozen mirror is a good one for tests.
tree_make()
{
	local suite=$1 tree mirror

	tree=$(tree_dir "$suite")
	if [ -x "$tree/usr/sbin/dockerd" ]; then
		return 0
	fi
	if ! command -v mmdebstrap >/dev/null; then
		live_say "tree $suite: no mmdebstrap"
		return 1
	fi
	# shellcheck disable=SC2016 # apt's variables
	mirror=$(apt-get indextargets --format '$(REPO_URI) $(ORIGIN)' 'Created-By: Packages' |
		awk '$2 == "Debian" { print $1; exit }')
	if [ ! "$mirror" ]; then
		live_say "tree $suite: apt has no Debian source"
		return 1
	fi
	mkdir -p "$LIVE_TREES"
	rm -rf "$tree.part"
	if ! mmdebstrap --quiet --variant=minbase \
		--include=docker.io,iptables,iproute2,busybox-static,ca-certificates \
		--aptopt='Acquire::Languages "none"' \
		--aptopt='Acquire::Check-Valid-Until "false"' \
		"$suite" "$tree.part" "$mirror" >&2; then
		rm -rf "$tree.part"
		return 1
	fi
	mv "$tree.part" "$tree"
}

# Elliptic keys: RSA would take most of a second each.
tls_make()
{
	local dir=$1

	mkdir -p "$dir"
	(
		cd "$dir" || exit 1
		key='-newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes'
		# shellcheck disable=SC2086 # words
		{
		openssl req -x509 $key -keyout ca-key.pem -out ca.pem -days 2 -subj '/CN=seaworthy test CA'
		openssl req $key -keyout key.pem -out server.csr -subj '/CN=localhost'
		printf 'subjectAltName=IP:127.0.0.1,DNS:localhost\nextendedKeyUsage=serverAuth\n' >server.ext
		openssl x509 -req -in server.csr -CA ca.pem -CAkey ca-key.pem -CAcreateserial \
			-days 2 -extfile server.ext -out cert.pem
		openssl req $key -keyout client-key.pem -out client.csr -subj '/CN=client'
		printf 'extendedKeyUsage=clientAuth\n' >client.ext
		openssl x509 -req -in client.csr -CA ca.pem -CAkey ca-key.pem -CAcreateserial \
			-days 2 -extfile client.ext -out client-cert.pem
		} 2>/dev/null
		chmod 0400 ./*key.pem
		chmod 0444 ca.pem cert.pem client-cert.pem
	)
}

# Also on a failure or an interrupt no engine stays behind. LIVE_KEEP=1 is for looking at one.
live_trap()
{
	local status=$?

	trap - EXIT
	[ "${LIVE_KEEP:-0}" = 1 ] || engines_stop
	exit $status
}
trap live_trap EXIT
trap 'exit 129' HUP
trap 'exit 130' INT
trap 'exit 143' TERM
