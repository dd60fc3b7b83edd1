#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# inject.sh: a small audit, in which each kind of call to the kernel fails once, at every place.
#
#	inject.sh [KIND]...        KIND as in the table below; default all
#	INJECT_PLACES=N            at most so many places of each kind, spread evenly (default 30)
#
# strace(1) makes the Nth call fail, or ends the process there, in whichever of the three processes
# comes to it; nomem.c does so with the Nth piece of memory. A filter of system calls ends a reader
# whose call is replaced, so that a build with --disable-sandbox sees more. Whatever fails: no rule passes that does not pass when all goes well; the exit status is
# one of ours; an old report stays whole and a new one is whole; nothing hangs and nothing crashes.
# Ends with "N passed, M failed".
set -u

srcdir=${srcdir:-.}
builddir=${builddir:-.}
export srcdir
seaworthy=${SEAWORTHY:-$builddir/seaworthy}
places=${INJECT_PLACES:-30}
# shellcheck source=tests/lib.sh
. "$srcdir/tests/lib.sh"
workdir inject
engine_pid=
unset DOCKER_HOST DOCKER_CONTEXT DOCKER_CONFIG DOCKER_TLS DOCKER_TLS_VERIFY DOCKER_CERT_PATH
export HOME=$T
trap '[ -z "$engine_pid" ] || kill "$engine_pid" 2>/dev/null; rm -rf "$T"' EXIT

# CALL HOW.
table() {
	cat <<-'END'
	write error=ENOSPC
	write error=EIO
	write error=EPIPE
	write error=EINTR
	writev error=EIO
	writev error=EINTR
	writev error=EPIPE
	read error=EIO
	read error=EINTR
	recvfrom error=ECONNRESET
	recvfrom error=EINTR
	sendto error=EPIPE
	sendto error=EINTR
	poll error=EINTR
	poll error=ENOMEM
	openat error=EMFILE
	openat error=EIO
	openat2 error=EMFILE
	openat2 error=EACCES
	openat2 error=ENOSYS
	openat2 error=EAGAIN
	newfstatat error=EIO
	statx error=EIO
	getdents64 error=EIO
	getxattr error=EIO
	readlink error=EIO
	readlinkat error=EIO
	fstatfs error=EIO
	mmap error=ENOMEM
	mprotect error=ENOMEM
	fsync error=EIO
	fsync error=ENOSPC
	rename error=EIO
	close error=EIO
	socket error=EMFILE
	connect error=ECONNREFUSED
	socketpair error=EMFILE
	pipe2 error=EMFILE
	clone error=EAGAIN
	wait4 error=EINTR
	fcntl error=EINVAL
	prctl error=EPERM
	setresuid error=EPERM
	setresgid error=EPERM
	setgroups error=EPERM
	capset error=EPERM
	landlock_create_ruleset error=ENOSYS
	landlock_restrict_self error=EPERM
	seccomp error=EINVAL
	getrandom error=ENOSYS
	clock_gettime error=EINVAL
	ftruncate error=EIO
	fchmod error=EPERM
	all signal=KILL
	all signal=TERM
	memory once
	memory from-then-on
	END
}

mkdir "$T/data" "$T/out"
mkfifo "$T/hold" "$T/ready"
"$builddir/tests/engine_fault" "$T/sock" "$T/data" <>"$T/hold" >"$T/ready" 2>"$T/engine.err" &
engine_pid=$!
read -r ready _ <"$T/ready"
[ "$ready" = listening ] || { echo "the engine does not start"; exit 1; }
strace -o /dev/null true 2>/dev/null || { echo "strace does not run here"; exit 77; }
# LeakSanitizer cannot work while another traces.
export ASAN_OPTIONS=detect_leaks=0

arguments=(audit -p cis-docker-1.8.0 --only 'container.*' --only 'daemon.*' --timeout 2 --now 2026-11-22
	-H "unix://$T/sock" -o "json=$T/out/report.json")

# What each rule says of each subject.
verdicts() {
	jq -e -S '[.results[] | .ref as $r | (.findings[] | {($r + " " + .subject.name): .verdict}), {($r): .verdict}] | add' "$1"
}

"$seaworthy" "${arguments[@]}" 2>"$T/err"
case $? in
0 | 1 | 3) ;;
*) echo "without any fault it fails: $(cat "$T/err")"; exit 1 ;;
esac
verdicts "$T/out/report.json" >"$T/truth.json" || exit 1
printf 'an old report\n' >"$T/old"

# How often memory is asked for: the first number at which nothing fails.
memory=0
if cc -shared -fPIC -O1 -o "$T/nomem.so" "$srcdir/tests/long/nomem.c" 2>"$T/err"; then
	memory=$(LD_PRELOAD=$T/nomem.so NOMEM_AT=-1 NOMEM_COUNT=1 "$seaworthy" "${arguments[@]}" 2>&1 |
		sed -n 's/^nomem: //p' | sort -n | tail -n 1)
else
	echo "memory is left out: $(head -n 1 "$T/err")"
fi

# How often each call is made by the process that makes it most.
strace -f -qq -o "$T/trace" "$seaworthy" "${arguments[@]}" 2>/dev/null
calls_of() {
	awk -v call="$1" '
	$2 ~ /^[a-z0-9_]+\(/ {
		name = $2
		sub(/\(.*/, "", name)
		if (call == "all" || name == call)
			n[$1]++
	}
	END {
		for (p in n)
			if (n[p] > most)
				most = n[p]
		print most + 0
	}' "$T/trace"
}

# run CALL HOW PLACE
run() {
	local on=
	if [ "$1" = memory ]; then
		[ "$2" = once ] || on=1
		env LD_PRELOAD="$T/nomem.so" NOMEM_AT="$3" ${on:+NOMEM_ON=1} timeout -k 5 60 "$seaworthy" "${arguments[@]}"
	else
		timeout -k 5 60 strace -f -qq -o /dev/null -e trace="$1" -e inject="$1:$2:when=$3" "$seaworthy" "${arguments[@]}"
	fi
}

wrong() {
	fail "$call $how, place $n: $1" "$(head -n 3 "$T/err")"
}

# Is the report what it should be after this exit status?
judge() {
	local status=$1 kind=other better
	[ "$how" = signal=KILL ] && kind=killed
	# Not ours yet: the loader.
	if [ "$call $n $status" = "mmap 1 139" ]; then
		pass
		return
	fi
	if [ "$status" = 127 ] && grep -qE 'shared libraries|TLS data' "$T/err"; then
		pass
		return
	fi
	case $status in
	0 | 1 | 2 | 3) ;;
	137) [ $kind = killed ] || { wrong "was killed"; return; } ;;
	143) [ "$how" = signal=TERM ] || { wrong "was ended"; return; } ;;
	124) wrong "hangs"; return ;;
	*) wrong "exit status $status"; return ;;
	esac
	if grep -qE 'Sanitizer|runtime error' "$T/err"; then
		wrong "a sanitizer speaks"
		return
	fi
	if cmp -s "$T/old" "$T/out/report.json"; then
		case $status in
		0 | 1 | 3) wrong "exit status $status and no new report"; return ;;
		esac
	elif ! verdicts "$T/out/report.json" >"$T/said.json" 2>/dev/null; then
		wrong "the report is not whole"
		return
	else
		better=$(jq -n --slurpfile truth "$T/truth.json" --slurpfile said "$T/said.json" -r \
			'$said[0] | to_entries[] | select(.value == "pass" and $truth[0][.key] != "pass") | .key')
		if [ -n "$better" ]; then
			wrong "passes: $better"
			return
		fi
	fi
	# The word itself is the first thing that the parent writes.
	if [ "$status" = 2 ] && [ ! -s "$T/err" ] && [ "$call $n" != "write 1" ]; then
		wrong "exit status 2 without a word"
		return
	fi
	if [ $kind != killed ] && [ -n "$(find "$T/out" -name '.seaworthy-*')" ]; then
		wrong "leaves a file behind"
		rm -f "$T"/out/.seaworthy-*
		return
	fi
	rm -f "$T"/out/.seaworthy-*
	pass
}

while read -r call how; do
	if [ $# -gt 0 ]; then
		case " $* " in *" $call "*) ;; *) continue ;; esac
	fi
	if [ "$call" = memory ]; then
		most=$memory
	else
		most=$(calls_of "$call")
	fi
	[ "$most" -gt 0 ] || continue
	step=$(((most + places - 1) / places))
	for ((n = 1; n <= most; n += step)); do
		cp "$T/old" "$T/out/report.json"
		run "$call" "$how" "$n" >/dev/null 2>"$T/err"
		judge $?
	done
done < <(table)

sum_up
