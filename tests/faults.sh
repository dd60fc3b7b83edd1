#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# faults.sh: when things are missing or go wrong, the whole program says so, and never says pass.
#
# Needs no root, no Docker and no network; what only root can see go wrong is skipped without it.
# Prints a line for each failure and ends with "N passed, M failed, K skipped".
#
# Rows are split into words on purpose.
# shellcheck disable=SC2046,SC2086,SC2116
set -u
set -f # conditions hold patterns

srcdir=${srcdir:-.}
builddir=${builddir:-.}
export srcdir
seaworthy=${SEAWORTHY:-$builddir/seaworthy}
engine=$builddir/tests/engine_fault
check=$builddir/tests/report_check
# shellcheck source=tests/lib.sh
. "$srcdir/tests/lib.sh"
workdir faults
chmod 755 "$T"
engine_pid=
bound=
skipped=0
unset DOCKER_HOST DOCKER_CONTEXT DOCKER_CONFIG DOCKER_TLS DOCKER_TLS_VERIFY DOCKER_CERT_PATH
HOME=$T
export HOME

stop_engine() {
	[ -n "$engine_pid" ] && kill "$engine_pid" 2>/dev/null && wait "$engine_pid" 2>/dev/null
	engine_pid=
}
trap 'stop_engine; rm -rf "$T"' EXIT

mkdir "$T/data" "$T/out"
mkfifo "$T/hold" "$T/ready"

# start_engine [ENDPOINT=FAULT]...
start_engine() {
	stop_engine
	"$engine" "$place" "$data" "$@" <>"$T/hold" >"$T/ready" 2>"$T/engine.err" &
	engine_pid=$!
	read -r ready port <"$T/ready"
	[ "$ready" = listening ] || { echo "the fake engine does not start: $(cat "$T/engine.err")"; exit 1; }
}
data=$T/data
place=$T/sock

skip() { skipped=$((skipped + 1)); }

# judge NAME STATUS WANTED-STATUS TEXT REPORT CONDITIONS: TEXT must be in $T/err unless it is empty.
# A report that is "-" is not looked at.
judge() {
	name=$1 status=$2 wanted=$3 text=$4 report=$5
	shift 5
	case " $wanted " in
	*" $status "*) ;;
	*) fail "$name: exit status $status, not $wanted" "$(head -n 3 "$T/err")"; return ;;
	esac
	if [ -n "$text" ] && ! grep -qF -- "$text" "$T/err"; then
		fail "$name: standard error does not say '$text'" "$(head -n 3 "$T/err")"
		return
	fi
	if grep -qE 'Sanitizer|runtime error' "$T/err"; then
		fail "$name: a sanitizer speaks" "$(grep -E 'Sanitizer|runtime error' "$T/err" | head -n 2)"
		return
	fi
	if [ "$report" != - ] && ! "$check" "$report" "$@" >"$T/why" 2>&1; then
		fail "$name" "$(head -n 5 "$T/why")"
		return
	fi
	pass
}

# The rules of an engine, whatever else a profile has.
all="-p cis-docker-1.8.0 --only daemon.* --only engine.* --only file.* --only container.*"
never="daemon.*!pass engine.*!pass file.*!pass container.*!pass"

audit() {
	rm -f "$T/report.json"
	$bound "$seaworthy" audit --timeout 1 -o json="$T/report.json" "$@" >"$T/stdout" 2>"$T/err"
	status=$?
}

# --- an engine that goes wrong: FAULTS | RULES | EXIT | CONDITIONS ("_" is a space in a condition) ---

engine_row() {
	faults=$1 rules=$2 wanted=$3
	shift 3
	case $rules in
	all) rules=$all ;;
	*) rules="-p cis-docker-1.8.0 --only $rules" ;;
	esac
	start_engine $faults
	audit $rules -H "unix://$T/sock"
	set -- $(echo "$*" | tr '\n' ' ')
	for condition; do
		shift
		case $condition in
		NEVER) set -- "$@" $never ;;
		*_*) set -- "$@" "$(echo "$condition" | tr _ ' ')" ;;
		*) set -- "$@" "$condition" ;;
		esac
	done
	judge "engine with ${faults:-nothing wrong}" "$status" "$wanted" "" "$T/report.json" "$@"
}

engine_rows() {
	while IFS='|' read -r faults rules wanted conditions; do
		case $faults in '#'*) continue ;; esac
		[ -n "$rules" ] || continue
		engine_row "$(echo $faults)" "$(echo $rules)" "$(echo $wanted)" $conditions
	done <<-'END'
	# The control: without it, all that follows could be a program that knows nothing.
	| container.* | 0 | complete=true engine=some container.privileged=pass subject:web=1 subject:db=1
	| daemon.* | 1 | complete=true daemon.icc=pass daemon.experimental=pass daemon.live-restore=fail
	inspect=unknown | container.* | 0 | complete=true container.privileged=pass
	containers=list | container.* | 3 | complete=true container.*=skip
	containers=null | container.* | 3 | complete=true container.*=skip
	images=two | image.no-add | 0 | complete=true image.no-add=pass
	images=two image=nulbyte | image.no-add | 3 | complete=true image.no-add=unknown~no_usable_JSON

	ping=stall | all | 3 | NEVER complete=false engine=none unread:engine/info~ETIMEDOUT
	ping=close | all | 3 | NEVER complete=false engine=none unread:engine/info~ECONNRESET
	ping=500 | all | 3 | NEVER complete=false engine=none unread:engine/info~HTTP_500
	ping=404 | all | 3 | NEVER complete=false engine=none unread:engine/info~HTTP_404
	ping=nohttp | all | 3 | NEVER complete=false engine=none unread:engine/info~EPROTO
	ping=redirect | all | 3 | NEVER complete=false engine=none unread:engine/info~HTTP_301
	ping=nameless | all | 3 | NEVER complete=false engine=none unread:engine/info~no_Docker_engine
	ping=badversion | all | 3 | NEVER complete=false engine=none unread:engine/info~no_Docker_engine
	ping=longer | all | 3 | NEVER complete=false engine=none unread:engine/info~ECONNRESET

	info=stall | all | 3 1 | container.*=unknown~no_answer daemon.rootless=unknown~no_answer file.*!pass complete=false
	info=stallbody | all | 3 1 | container.*=unknown daemon.rootless=unknown file.*!pass complete=false
	info=close | all | 3 1 | container.*=unknown daemon.rootless=unknown file.*!pass complete=false
	info=500 | all | 3 1 | container.*=unknown~out_of_order daemon.rootless=unknown~HTTP_500 file.*!pass complete=false
	info=404 | all | 3 1 | container.*=unknown daemon.rootless=unknown~HTTP_404 file.*!pass complete=false
	info=html | all | 3 1 | container.*=unknown~no_usable_JSON daemon.rootless=unknown~JSON file.*!pass complete=false
	info=nohttp | all | 3 1 | container.*=unknown daemon.rootless=unknown file.*!pass complete=false
	info=longer | all | 3 1 | container.*=unknown daemon.rootless=unknown~ECONNRESET file.*!pass complete=false
	info=shorter | all | 3 1 | container.*=unknown~no_usable_JSON daemon.rootless=unknown file.*!pass complete=false
	info=chunk | all | 3 1 | container.*=unknown daemon.rootless=unknown file.*!pass complete=false
	info=huge | all | 3 1 | container.*=unknown~too_large daemon.rootless=unknown~EFBIG file.*!pass complete=false
	info=deep | all | 3 1 | container.*=unknown daemon.rootless=unknown file.*!pass complete=false
	info=redirect | all | 3 1 | container.*=unknown daemon.rootless=unknown~HTTP_301 file.*!pass complete=false
	info=empty | all | 3 1 | container.*=unknown daemon.rootless=unknown file.*!pass complete=false
	info=null | all | 3 1 | container.*=unknown~no_object daemon.rootless=unknown file.*!pass complete=false
	info=list | all | 3 1 | container.*=unknown~no_object daemon.rootless=unknown file.*!pass complete=false
	info=text | all | 3 1 | container.*=unknown~no_object daemon.rootless=unknown file.*!pass complete=false
	info=unread | all | 3 1 | container.*=unknown daemon.rootless=unknown file.*!pass complete=false
	info=twice | all | 3 1 | container.*=unknown daemon.rootless=unknown file.*!pass complete=false
	info=types | all | 3 1 | daemon.rootless=unknown daemon.live-restore=unknown daemon.experimental=unknown file.*!pass
	info=shapes | all | 3 1 | daemon.rootless=unknown~as_the_API_has_it daemon.no-new-privileges=unknown container.apparmor=unknown
	info=membershapes | all | 3 1 | daemon.insecure-registries=unknown~as_the_API_has_it
	info=object | all | 3 1 | daemon.[a-hj-z]*!pass daemon.iptables!pass daemon.insecure-registries!pass file.*!pass engine.*!pass

	version=stall | container.* | 0 3 | container.privileged=pass
	version=html | container.* | 0 3 | container.privileged=pass unread:engine/version~JSON

	networks=500 | daemon.icc | 3 | daemon.icc=unknown~HTTP_500
	networks=html | daemon.icc | 3 | daemon.icc=unknown~JSON
	networks=shorter | daemon.icc | 3 | daemon.icc=unknown~JSON
	networks=object | daemon.icc | 3 | daemon.icc=unknown~no_list
	networks=nonames | daemon.icc | 3 | daemon.icc=unknown~without_a_name
	networks=deep | daemon.icc | 3 | daemon.icc=unknown
	networks=stall | daemon.icc | 3 | daemon.icc=unknown~no_answer

	containers=500 | container.* | 3 | container.*=unknown~HTTP_500 unread:population/container complete=false
	containers=html | container.* | 3 | container.*=unknown~a_list_was_expected complete=false
	containers=cut | container.* | 3 | container.*=unknown~no_usable_JSON subject:web=1 complete=false
	containers=shorter | container.* | 3 | container.*=unknown complete=false
	containers=longer | container.* | 3 | container.*=unknown~ECONNRESET complete=false
	containers=chunk | container.* | 3 | container.*=unknown complete=false
	containers=badids | container.* | 3 | container.*=unknown~without_a_usable_id subject:web=1 complete=false
	containers=oddid | container.* | 3 | container.*!pass container.privileged=unknown
	containers=object | container.* | 3 | container.*=unknown~a_list_was_expected complete=false
	containers=text | container.* | 3 | container.*=unknown complete=false
	containers=empty | container.* | 3 | container.*=unknown complete=false
	containers=deep | container.* | 3 | container.*=unknown complete=false
	containers=close | container.* | 3 | container.*=unknown complete=false
	containers=404 | container.* | 3 | container.*=unknown~HTTP_404 complete=false
	containers=stall | container.* | 3 | container.*=unknown~no_answer complete=false

	# Gone between list and inspect: no finding, and no trouble.
	db=404 | container.* | 0 | container.privileged=pass~1_of_1 subject:db=0 subject:web=1 complete=true
	inspect=404 db=404 | container.* | 3 | container.*=skip subject:web=0 complete=true

	db=500 | container.* | 3 | container.privileged=unknown~HTTP_500 subject:web=1 complete=true
	db=stall | container.* | 3 | container.privileged=unknown~no_answer subject:web=1
	db=html | container.* | 3 | container.privileged=unknown~no_usable_JSON
	db=shorter | container.* | 3 | container.privileged=unknown~no_usable_JSON
	db=longer | container.* | 3 | container.privileged=unknown~ECONNRESET
	db=chunk | container.* | 3 | container.privileged=unknown
	db=huge | container.* | 3 | container.privileged=unknown~too_large
	db=deep | container.* | 3 | container.privileged=unknown
	db=null | container.* | 3 | container.privileged=unknown~no_object
	db=list | container.* | 3 | container.privileged=unknown~no_object
	db=twice | container.* | 3 | container.privileged=unknown~duplicate
	db=unread | container.* | 3 | container.privileged=unknown
	inspect=types db=types | container.* | 3 | container.*!pass container.privileged=unknown
	inspect=shapes db=shapes | container.* | 3 | container.*!pass container.privileged=unknown
	inspect=membershapes db=membershapes | container.* | 3 | container.privileged=pass container.capabilities=unknown~as_the_API_has_it
	inspect=members db=members | container.* | 3 | container.*!pass container.privileged=unknown
	inspect=object db=object | container.* | 3 | container.*!pass container.privileged=unknown~missing

	# What no text may hold is mended or refused, and is never a way round a rule.
	db=nul | container.* | 0 3 | container.privileged=pass
	db=rawnul | container.* | 0 3 | container.privileged!fail
	db=nulname | container.* | 0 3 | container.privileged!fail
	db=surrogate | container.* | 0 3 | container.privileged!fail
	db=badutf8 | container.* | 0 3 | container.privileged!fail
	db=badname | container.* | 0 3 | container.privileged!fail
	db=bignumber | container.* | 3 | container.privileged=unknown
	db=bigexponent | container.* | 3 | container.privileged=unknown
	db=comment | container.* | 3 | container.privileged=unknown
	db=nan | container.* | 3 | container.privileged=unknown
	info=gzip | all | 3 1 | container.*=unknown daemon.rootless=unknown file.*!pass complete=false
	info=zeros | all | 3 1 | container.*=unknown daemon.rootless=unknown file.*!pass complete=false
	info=999 | all | 3 1 | container.*=unknown daemon.rootless=unknown~HTTP_999 file.*!pass complete=false
	info=204 | all | 3 1 | container.*=unknown daemon.rootless=unknown file.*!pass complete=false
	containers=zeros | container.* | 3 | container.*=unknown complete=false
	containers=gzip | container.* | 3 | container.*=unknown complete=false
	db=gzip | container.* | 3 | container.privileged=unknown
	db=zeros | container.* | 3 | container.privileged=unknown
	db=endlesshead | container.* | 3 | container.privileged=unknown~EFBIG
	db=endlessbody | container.* | 3 | container.privileged=unknown~too_large

	# A process that is not the container's; a second command's answer comes when the first's record is gone.
	inspect=pid:1 | container.* | 3 1 | container.no-sshd=unknown container.apparmor!pass
	inspect=pid:1 exec=stall | container.* | 3 1 | container.no-sshd=unknown container.no-exec-root!pass
	inspect=pid:99999999 | container.* | 3 1 | container.no-sshd=unknown
	inspect=pid:-1 | container.* | 3 1 | container.no-sshd=unknown~names_no_process
	inspect=pid:9223372036854775807 | container.* | 3 1 | container.no-sshd=unknown

	# Nobody may see it, or it is asked in a version that it does not know; and what is no reply of one length.
	info=toonew | all | 3 1 | container.*=unknown~too_new daemon.rootless=unknown~HTTP_400 complete=false
	info=403 | all | 3 1 | container.*=unknown daemon.rootless=unknown~authorization_denied complete=false
	containers=403 | container.* | 3 | container.*=unknown~HTTP_403 complete=false
	db=403 | container.* | 3 | container.privileged=unknown~HTTP_403
	inspect=bare db=bare | container.* | 3 | container.*!pass container.privileged=unknown~missing
	db=trailing | container.* | 3 | container.privileged=unknown~no_usable_JSON
	db=bom | container.* | 3 | container.privileged=unknown~no_usable_JSON
	db=closebody | container.* | 3 | container.privileged=unknown
	db=twolengths | container.* | 0 3 | container.privileged!fail
	db=minuslength | container.* | 3 | container.privileged=unknown
	containers=closebody | container.* | 3 | container.*=unknown complete=false
	containers=trailing | container.* | 3 | container.*=unknown complete=false
	networks=trailing | daemon.icc | 3 | daemon.icc=unknown

	# Another container's reply, or nobody's; a name that is another since the list came.
	inspect=otherid | container.* | 3 | container.privileged=unknown~of_another_container subject:web=0 subject:db=1
	db=numberid | container.* | 3 | container.privileged=unknown~of_another_container
	inspect=renamed | container.* | 0 | container.privileged=pass subject:renamed=1 subject:web=0
	containers=same | container.* | 0 3 | subject:web=1 subject:db=0
	containers=shortid | container.* | 3 | container.*=unknown~without_a_usable_id complete=false

	# It starts again, stops or goes between inspect and the look at its process, which is a stranger's by then.
	inspect=again:1:1 db=404 | container.* | 3 1 | container.no-sshd=unknown container.no-exec-root!pass
	inspect=gone:1 db=404 | container.* | 3 1 | container.*!pass subject:web=0
	inspect=broken:1 db=404 | container.* | 3 1 | container.*!pass container.privileged=unknown
	inspect=stopped:1 db=404 | container.* | 0 3 | container.privileged=pass container.no-sshd=skip

	# An engine that has stopped answering is not asked a thousand times.
	containers=many inspect=stall db=stall | container.* | 3 | container.*!pass container.privileged=unknown complete=true
	END
}

# Processes of containers: pids that are used again. Only root may make control groups, and look.
process_rows() {
	group=$(set +f; dirname /sys/fs/cgroup/systemd/cgroup.procs /sys/fs/cgroup/cgroup.procs | while read -r d; do
		[ -w "$d/cgroup.procs" ] && echo "$d" && break; done)/seaworthy-faults-$$
	if [ "$(id -u)" != 0 ] || ! mkdir "$group" "$group/$web" "$group/$db" 2>/dev/null; then
		skip
		return
	fi
	sleep 1000 &
	ours=$!
	sleep 1000 &
	theirs=$!
	echo "$ours" >"$group/$web/cgroup.procs"
	echo "$theirs" >"$group/$db/cgroup.procs"
	while IFS='|' read -r faults rules wanted conditions; do
		[ -n "$rules" ] || continue
		faults=$(echo $faults | sed "s/OURS/$ours/; s/THEIRS/$theirs/")
		engine_row "$faults" "$(echo $rules)" "$(echo $wanted)" $conditions
	done <<-END
	# The control: the container's own process.
	inspect=pid:OURS db=404 | container.* | 0 1 3 | container.no-sshd=pass
	inspect=again:1:OURS db=404 | container.* | 0 1 3 | container.no-sshd=pass
	inspect=again:THEIRS:OURS db=404 | container.* | 0 1 3 | container.no-sshd=pass
	inspect=pid:THEIRS db=404 | container.* | 3 1 | container.no-sshd=unknown~not_of_this_container container.uts-namespace=unknown
	inspect=again:THEIRS:1 db=404 | container.* | 3 1 | container.no-sshd=unknown~not_of_this_container
	inspect=pid:OURS db=pid:OURS | container.* | 3 1 | container.no-sshd=unknown~1_of_2
	inspect=pid:$$ db=404 | container.* | 3 1 | container.no-sshd=unknown~not_of_this_container
	END
	kill "$ours" "$theirs"
	wait "$ours" "$theirs" 2>/dev/null
	rmdir "$group/$web" "$group/$db" "$group"
}
web=$(printf '%064d' 0 | tr 0 a)
db=$(printf '%064d' 0 | tr 0 b)

# Rows that take long, for make check-long (FAULTS_LONG=1): FAULTS | RULES | EXIT | SECONDS and MB of
# addresses that a process may have (where no sanitizer wants more) | CONDITIONS. Findings take memory,
# some kilobytes for each container.
long_rows() {
	[ -n "${FAULTS_LONG-}" ] || return
	while IFS='|' read -r faults rules wanted limits conditions; do
		[ -n "$rules" ] || continue
		seconds=$(echo $limits | cut -d' ' -f1)
		grep -q __asan_init "$seaworthy" || bound="prlimit --as=$(echo $limits | cut -d' ' -f2)000000"
		start=$(date +%s)
		engine_row "$(echo $faults)" "$(echo $rules)" "$(echo $wanted)" $conditions
		took=$(($(date +%s) - start))
		[ "$took" -le "$seconds" ] || fail "engine with $faults: took $took s"
	done <<-'END'
	# Two bytes in a second and a bit: in time or not.
	ping=trickle | all | 3 1 0 | 60 300 | container.privileged!fail
	ping=tricklehead | all | 3 | 60 300 | NEVER complete=false engine=none
	ping=endlesshead | all | 3 | 60 300 | NEVER complete=false engine=none
	ping=endless100 | all | 3 | 60 300 | NEVER complete=false engine=none
	info=trickle | all | 3 1 | 60 300 | container.*=unknown daemon.rootless=unknown file.*!pass complete=false
	info=tricklehead | all | 3 1 | 60 300 | container.*=unknown daemon.rootless=unknown file.*!pass complete=false
	info=endlesshead | all | 3 1 | 60 300 | container.*=unknown daemon.rootless=unknown file.*!pass complete=false
	info=endlessbody | all | 3 1 | 60 300 | container.*=unknown daemon.rootless=unknown~EFBIG file.*!pass complete=false
	containers=trickle | container.* | 3 | 60 300 | container.*=unknown complete=false
	containers=endlessbody | container.* | 3 | 60 300 | container.*=unknown complete=false
	db=trickle | container.* | 3 | 60 300 | container.privileged=unknown
	db=tricklehead | container.* | 3 | 60 300 | container.privileged=unknown
	db=endless100 | container.* | 3 | 60 300 | container.privileged=unknown
	inspect=trickle db=trickle | container.* | 3 | 60 300 | container.*!pass container.privileged=unknown
	containers=crowd inspect=404 | container.* | 3 | 300 4000 | container.*=skip complete=true
	containers=crowd inspect=stall | container.* | 3 | 600 4000 | container.*!pass complete=true
	containers=many inspect=zeros | container.* | 3 | 60 300 | container.*!pass container.privileged=unknown
	containers=many inspect=endlessbody | container.* | 3 | 60 300 | container.*!pass
	containers=many inspect=deep | container.* | 3 | 60 300 | container.*!pass container.privileged=unknown
	END
	bound=
}

# --- an engine of another host ----------------------------------------------------------------

remote_rows() {
	data=/nonexistent/docker
	engine_row "" all "3 1" 'file.*!pass' file.docker-service.owner=unknown unread:engine/process container.privileged=pass
	data=$T/data
	place=tcp
	start_engine
	place=$T/sock
	audit $all -H "tcp://127.0.0.1:$port"
	judge "an engine on TCP" "$status" "3 1" "" "$T/report.json" 'file.*!pass' 'file.docker-service.owner=unknown~another host' \
		'unread:engine/process~another host' container.privileged=pass
}

# --- sockets without an engine ----------------------------------------------------------------

socket_row() {
	name=$1 reason=$2
	shift 2
	audit $all -H "unix://$T/$name"
	judge "socket: $name" "$status" 3 "" "$T/report.json" $never complete=false engine=none "unread:engine/info~$reason"
}

socket_rows() {
	start_engine
	mv "$T/sock" "$T/stale"
	kill -KILL "$engine_pid"
	wait "$engine_pid" 2>/dev/null
	engine_pid=
	: >"$T/file"
	mkfifo "$T/fifo"
	mkdir "$T/folder"
	ln -s loop "$T/loop"
	socket_row missing ENOENT
	socket_row stale ECONNREFUSED
	socket_row file ECONNREFUSED
	socket_row fifo ECONNREFUSED
	socket_row folder ECONNREFUSED
	socket_row file/below ENOTDIR
	socket_row loop ELOOP
	audit $all -H tcp://127.0.0.1:1
	judge "nobody listens on TCP" "$status" 3 "" "$T/report.json" $never engine=none "unread:engine/info~ECONNREFUSED"
}

# As somebody else: as we are, or as nobody when we are root and can be.
as_user() {
	if [ "$(id -u)" != 0 ]; then
		"$@"
	else
		setpriv --reuid=65534 --regid=65534 --clear-groups "$@"
	fi
}

unprivileged_rows() {
	if [ "$(id -u)" = 0 ] && ! { command -v setpriv >/dev/null && as_user test -x "$seaworthy"; } 2>/dev/null; then
		skip
		skip
		return
	fi
	start_engine
	chmod 0 "$T/sock"
	as_user "$seaworthy" audit --timeout 1 $all -H "unix://$T/sock" -o json >"$T/report.json" 2>"$T/err"
	judge "permission denied" $? 3 "" "$T/report.json" $never engine=none unread:engine/info~EACCES
	if [ "$(id -u)" != 0 ]; then
		skip
		return
	fi
	# The engine belongs to root, so nothing of its process can be proven.
	chmod 666 "$T/sock"
	as_user "$seaworthy" audit --timeout 1 $all -H "unix://$T/sock" -o json >"$T/report.json" 2>"$T/err"
	judge "not root" $? "3 1" "" "$T/report.json" 'file.*!pass' file.docker-service.owner=unknown~EACCES \
		unread:engine/process~EACCES container.privileged=pass
}

# Whoever waits sees what for, on a terminal only.
terminal_row() {
	command -v script >/dev/null || { skip; skip; return; }
	start_engine db=stall
	audit="$seaworthy audit --timeout 1 -p cis-docker-1.8.0 --only container.* -H unix://$T/sock -o json=$T/report.json"
	script -qec "$audit" /dev/null >"$T/err" 2>&1 </dev/null
	judge "waiting on a terminal" $? "3 1" "2 of 2 containers" "$T/report.json" container.privileged=unknown
	$audit >"$T/stdout" 2>"$T/err"
	judge "waiting without one" $? "3 1" "" "$T/report.json" container.privileged=unknown
	grep -q 'of 2 containers' "$T/err" "$T/stdout" && fail "progress is shown where there is no terminal"
}

# No engine at all: only where there is none, which we cannot make so without root.
no_engine_row() {
	for path in /run/docker.sock /var/run/docker.sock /usr/sbin/dockerd /usr/bin/dockerd /run/podman/podman.sock; do
		[ -e "$path" ] && { skip; return; }
	done
	audit $all
	judge "no Docker at all" "$status" "0 3" "" "$T/report.json" $never engine=none
}

. "$srcdir/tests/faults_files.sh"

for program in "$seaworthy" "$engine" "$check"; do
	[ -x "$program" ] || { echo "$program is not there"; exit 1; }
done
engine_rows
process_rows
long_rows
remote_rows
socket_rows
unprivileged_rows
terminal_row
no_engine_row
command_rows
snapshot_rows
tree_rows
report_rows
signal_rows

sum_up
