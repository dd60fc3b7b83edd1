#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# valgrind.sh: whole audits of a real engine, with every use of memory looked at, in all processes.
#
#	valgrind.sh [valgrind] [sanitizers]     default both
#
# memcheck, and clang's address and undefined behaviour sanitizers with the one for leaks: no invalid
# access, nothing used before it is set, nothing definitely lost. Both see into the reader only where
# it is not shut in, so that each has a build of its own: below $MEMORY_BUILDS, which stays, or in a
# folder that goes. Needs root and dockerd; status 77 where they are not. Ends with "N passed, M failed".
set -u

srcdir=$(cd "${srcdir:-.}" && pwd)
# shellcheck source=tests/live/lib.sh
. "$srcdir/tests/live/lib.sh"
# shellcheck source=tests/lib.sh
. "$srcdir/tests/lib.sh"
why=$(live_missing) || { echo "memory: left out: $why"; exit 77; }
workdir memory
name=memory
trap 'engine_wipe "$name" >/dev/null 2>&1; rm -rf "$T"' EXIT
builds=${MEMORY_BUILDS:-$T/builds}
unset DOCKER_HOST DOCKER_CONTEXT DOCKER_CONFIG DOCKER_TLS DOCKER_TLS_VERIFY DOCKER_CERT_PATH

# build NAME [OPTION OF CONFIGURE]...
build() {
	local into=$builds/$1
	shift
	mkdir -p "$into"
	if ! (cd "$into" && { [ -e Makefile ] || "$srcdir/configure" --disable-sandbox "$@"; } && make -j2 seaworthy) \
		>"$T/build.log" 2>&1; then
		fail "the build with $*" "$(tail -n 5 "$T/build.log")"
		return 1
	fi
}

# What stands in front of the program, by the kind of look.
under() {
	local kind=$1
	shift
	case $kind in
	valgrind)
		valgrind --trace-children=yes --child-silent-after-fork=no --leak-check=full --errors-for-leak-kinds=definite \
			--show-leak-kinds=definite --error-exitcode=99 --log-file="$T/valgrind.%p" "$builds/valgrind/seaworthy" "$@"
		;;
	sanitizers)
		ASAN_OPTIONS=detect_leaks=1:log_path=$T/sanitizers:log_exe_name=0:exitcode=99 \
			UBSAN_OPTIONS=print_stacktrace=1:halt_on_error=1:log_path=$T/sanitizers "$builds/sanitizers/seaworthy" "$@"
		;;
	esac
}

# Whatever a process has written, whether or not its status came through.
complaints() {
	local f
	for f in "$T/$1".[0-9]*; do
		[ -s "$f" ] || continue
		case $1 in
		valgrind) grep -q 'ERROR SUMMARY: 0 errors' "$f" || sed -n '1,25p' "$f" ;;
		*) sed -n '1,25p' "$f" ;;
		esac
	done
}

# look KIND NAME STATUSES PROCESSES ARGUMENTS OF SEAWORTHY
look() {
	local kind=$1 what=$2 wanted=$3 processes=$4 status said n
	shift 4
	rm -f "$T/$kind".[0-9]*
	under "$kind" "$@" >"$T/out" 2>"$T/err"
	status=$?
	said=$(complaints "$kind")
	case " $wanted " in
	*" $status "*) ;;
	*) fail "$kind: $what" "exit status $status" "$(head -n 3 "$T/err")" "$said"; return ;;
	esac
	[ -z "$said" ] || { fail "$kind: $what" "$said"; return; }
	# Each process has said of itself that it is in order.
	if [ "$kind" = valgrind ]; then
		n=$(grep -l 'ERROR SUMMARY: 0 errors' "$T/$kind".[0-9]* | wc -l)
		[ "$n" -ge "$processes" ] || { fail "$kind: $what" "only $n processes ended in order"; return; }
	fi
	pass
}

looks() {
	local kind=$1 url
	url=unix://$(engine_sock "$name")
	look "$kind" "an audit of an engine" "0 1 3" 3 audit -p cis-docker-1.8.0 -H "$url" --layers -o "json=$T/report.json" \
		-o "html=$T/report.html" -o "junit=$T/report.xml" -o "text=$T/report.txt"
	if jq -e '.complete and .target.engine.local and ([.results[].findings[] | select(.subject.kind == "container")] | length > 0)' \
		"$T/report.json" >/dev/null 2>&1; then
		pass
	else
		fail "$kind: the audit saw no container of a local engine"
	fi
	look "$kind" "all of a host's rules" "0 1 3" 3 audit -p docker-host -H "$url" -o "sarif=$T/report.sarif"
	look "$kind" "collect" 0 3 collect -H "$url" -o "$T/snapshot"
	look "$kind" "an audit of a snapshot" "0 1 3" 2 audit --snapshot "$T/snapshot" -o json
}

kinds=${*:-valgrind sanitizers}
engine_wipe "$name" >/dev/null 2>&1
if ! engine_start "$name" >/dev/null 2>"$T/err" || ! image_busybox "$name"; then
	echo "the engine does not start: $(head -n 3 "$T/err")"
	exit 1
fi
"$srcdir/tests/live/containers.sh" "$name" privileged mount-sock sshd >"$T/containers" 2>&1 || fail "containers" "$(head -n 3 "$T/containers")"
for kind in $kinds; do
	case $kind in
	valgrind)
		command -v valgrind >/dev/null || { fail "no valgrind"; continue; }
		build valgrind CFLAGS='-g -O1' && looks valgrind
		;;
	sanitizers)
		command -v clang >/dev/null || { fail "no clang"; continue; }
		build sanitizers --enable-sanitizers CC=clang && looks sanitizers
		;;
	*) fail "there is no kind $kind" ;;
	esac
done
sum_up
