#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
#
# Makes containers on a running engine that differ from a hardened one, `ok`, in one thing each:
#
#	containers.sh ENGINE [NAME]...
#
# With names only these of them, and `ok`. What such a name leans on must be named too.
#
# What is expected of them is in expected.tsv. A container that cannot run on this machine stays as
# created, which is enough for all rules about configuration, and is named on stdout, as
# `NAME: not running: why` or, where the engine refuses it at all, `NAME: not created: why`.
# The exit status says only whether `ok` runs.

here=$(cd "$(dirname "$0")" && pwd)
# shellcheck source=tests/live/lib.sh disable=SC1091
. "$here/lib.sh"
# The engine is the caller's to stop.
trap - EXIT HUP INT TERM

engine=${1:?containers.sh ENGINE [NAME]...}
shift
names=" $* "
dir=$(engine_dir "$engine")
sock=$(engine_sock "$engine")

declare -A base=(
	[user]='--user 1000'
	[ro]='--read-only'
	[mem]='--memory 64m'
	[cpu]='--cpu-shares 512'
	[pids]='--pids-limit 100'
	[nnp]='--security-opt no-new-privileges'
	[cap]='--cap-drop ALL'
	[health]='--health-cmd true --health-interval 10m'
	[restart]='--restart on-failure:3'
	[net]='--network sw-net'
)

# Is this one to be made?
wanted()
{
	[ "$1" = ok ] || [ "$names" = '  ' ] || [[ $names == *" $1 "* ]]
}

failed()
{
	local what='not created'

	if d "$engine" inspect "$1" >/dev/null 2>&1; then
		what='not running'
	fi
	printf '%s: %s: %s\n' "$1" "$what" "$(printf '%s' "$2" | tr '\n' ' ')"
}

# Once more: containerd now and then loses a start on a busy machine.
again()
{
	sleep 0.5
	d "$engine" start "$1" >/dev/null 2>&1
}

# box [-s] NAME [-x KEY]... [DOCKER OPTION]... [-- IMAGE [COMMAND]...]
# -s: create only. -x KEY: without that part of the baseline.
box()
{
	local verb='run -d' name key why
	local -a opts=() drop=()

	if [ "$1" = -s ]; then
		verb=create
		shift
	fi
	name=$1
	shift
	wanted "$name" || return 1
	while [ $# -gt 0 ] && [ "$1" != -- ]; do
		if [ "$1" = -x ]; then
			drop+=("$2")
			shift 2
		else
			opts+=("$1")
			shift
		fi
	done
	if [ $# -gt 0 ]; then
		shift
	else
		set -- sw/busybox:1 sleep 100000
	fi
	for key in "${!base[@]}"; do
		case " ${drop[*]} " in
		*" $key "*) continue ;;
		esac
		# shellcheck disable=SC2206 # words
		opts+=(${base[$key]})
	done
	# shellcheck disable=SC2086 # words
	if ! why=$(d "$engine" $verb --name "$name" "${opts[@]}" "$@" 2>&1 >/dev/null) &&
	   { [ "$verb" = create ] || ! again "$name"; }; then
		failed "$name" "$why"
		return 1
	fi
}

# Three at a time: most of a start is waiting.
bg()
{
	while [ "$(jobs -pr | wc -l)" -ge 3 ]; do
		wait -n
	done
	box "$@" &
}

d "$engine" network create sw-net >/dev/null
# Where a mount shall not be a finding of itself.
mkdir -p "$dir/mnt/data" "$dir/mnt/prop" "$dir/mnt/link"
ln -sfn "$sock" "$dir/mnt/link/api"
ln -sfn /etc "$dir/mnt/link/conf"
d "$engine" volume create -o type=none -o o=bind -o device=/etc sw-etc >/dev/null
d "$engine" volume create docker.sock >/dev/null

box ok
status=$?
box net-host -x net --network host
box pid-host --pid host

bg privileged --privileged
bg capadd-sys-admin --cap-add SYS_ADMIN
bg capadd-all --cap-add ALL
bg capdrop-none -x cap
bg capdrop-net-raw -x cap --cap-drop NET_RAW

bg mount-root -v /:/mnt/host
bg mount-etc -v /etc:/mnt/etc
bg mount-etc-ro -v /etc:/mnt/etc:ro
bg mount-etc-link -v "$dir/mnt/link/conf:/mnt/conf"
bg mount-usr-lib -v /usr/lib:/mnt/lib
bg mount-run -v /run:/mnt/run
bg mount-sock -v "$sock:/var/run/docker.sock"
bg mount-sock-ro -v "$sock:/var/run/docker.sock:ro"
bg mount-sock-renamed -v "$dir/mnt/link/api:/mnt/api"
bg mount-sock-dir -v "$dir:/mnt/engine"
bg mount-data -v "$dir/mnt/data:/data"
bg vol-o-bind -v sw-etc:/data
bg vol-named-sock -v docker.sock:/data
bg vol-at-etc -v sw-plain:/etc

bg sshd -- sw/busybox:1 sh -c 'exec -a sleep /opt/sshd 100000'
bg dropbear -- sw/busybox:1 sh -c 'exec -a sleep /opt/dropbear 100000'
bg sshd-exporter -- sw/busybox:1 sh -c 'exec -a sleep /opt/sshd-exporter 100000'

bg port-80 -p 127.0.0.1:80:8080
bg port-1023 -p 127.0.0.1:1023:8080
bg port-1024 -p 127.0.0.1:1024:8080
bg port-ipv6-80 -p '[::]:80:8080'
bg port-wild -p 8080:8080
bg port-loopback -p 127.0.0.1:8081:8080
bg port-exposed --expose 80
bg publish-all -P --expose 8080

bg net-container-of-host -x net --network container:net-host
bg bridge -x net
bg nomem -x mem
bg nocpu -x cpu
bg cpu-1024 -x cpu --cpu-shares 1024
bg cpus -x cpu --cpus 0.5
bg rw-root -x ro

bg restart-always -x restart --restart always
bg restart-unless-stopped -x restart --restart unless-stopped
bg restart-onfailure-0 -x restart --restart on-failure
bg restart-onfailure-6 -x restart --restart on-failure:6
bg restart-no -x restart --restart no
bg restart-absent -x restart

bg pid-container-of-host --pid container:pid-host
bg ipc-host --ipc host
bg uts-host --uts host
bg device --device /dev/null:/dev/sw
bg cgrule --device-cgroup-rule 'c 1:3 rw'
bg ulimit --ulimit nofile=1024:2048
bg prop-rshared -v "$dir/mnt/prop:/mnt/prop:rshared"

bg seccomp-off --security-opt seccomp=unconfined
bg seccomp-colon --security-opt seccomp:unconfined
bg nnp-false -x nnp --security-opt no-new-privileges=false
bg nnp-absent -x nnp
bg nnp-colon -x nnp --security-opt no-new-privileges:true
bg health-none -x health --no-healthcheck
bg nohealth -x health
bg pids-none -x pids
bg pids-minus1 -x pids --pids-limit -1
bg cgroup-parent --cgroup-parent /sw-live-parent
bg latest-tag -- sw/busybox:latest sleep 100000
bg untagged -- sw/busybox sleep 100000
bg user-root -x user --user root
bg user-00 -x user --user 0:0
bg user-toor -x user --user toor
bg user-absent -x user
bg -s stopped-baseline
bg -s stopped-privileged --privileged

bg exec-root
bg exec-privileged
bg exec-plain

wait

# raw NAME FILTER: a copy of `ok` with the jq FILTER applied, created by a raw request.
raw()
{
	local body why

	wanted "$1" || return 0
	body=$(d "$engine" inspect ok | jq -c ".[0]
		| (.Config | del(.Hostname)) + {HostConfig: .HostConfig} | $2")
	why=$(api "$engine" POST "/containers/create?name=$1" "$body" | jq -r '.message // empty')
	if [ "$why" ] || { ! why=$(d "$engine" start "$1" 2>&1 >/dev/null) && ! again "$1"; }; then
		failed "$1" "$why"
	fi
}

# As a client of the API may spell it; newer docker commands would put it right.
raw capadd-lower '.HostConfig.CapAdd = ["sys_admin"]'
# A name cannot hold much, but labels, environment and arguments can: each of these would break a
# report format or a terminal if it got there as it is.
# shellcheck disable=SC2016 # not for this shell
raw hostile.-_0 '
	.Labels = {
		"two\nlines": "one\ntwo\r\nthree",
		"escape\u001b[2J": "\u001b[31mred\u001b]0;title\u0007\u009b2J",
		"cdata]]>": "]]><boom a=\"1\">&amp;<!--",
		"</script><script>alert(1)</script>": "<img src=x onerror=alert(1)>",
		"::error file=x,line=1::no error": "\n::set-output name=x::y\n##vso[task.complete]",
		"bidi\u202eevil": "\u2066\ufeff\u0000nul\ufffe",
		"tab\tseparated": "a\tb",
		"=1+1": "=HYPERLINK(\"http://192.0.2.1\")",
		"format %s%n": "$(id) `id` {{.}} ${HOME} %5$n",
		"|pipe|": "`code` **bold** [link](javascript:1) | cell",
		"": "empty key"
	} |
	.Env += ["HOSTILE=\u001b[2J]]></script>::error::"] |
	.Cmd = ["sh", "-c", "exec sleep 100000 # \u001b[2J ]]> </script>\n::error::x\n"]'

# What a container is attached to, not what it was created with, is the truth.
box bridge-later && d "$engine" network connect bridge bridge-later
box bridge-left -x net && d "$engine" network connect sw-net bridge-left &&
	d "$engine" network disconnect bridge bridge-left

# later NAME [DOCKER OPTION]...: a second process in it.
later()
{
	local name=$1

	shift
	wanted "$name" || return 0
	d "$engine" exec -d "$@" "$name" sleep 100000 || echo "$name: no exec"
}

later exec-root -u 0
later exec-privileged --privileged
later exec-plain

exit $status
