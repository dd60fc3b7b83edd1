#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# clock.sh: the clock of the day jumps, at each place where somebody looks at it.
#
# By clock.c, which is preloaded. Whatever the clock says: an audit ends in its time, its verdicts by a
# given --now stay, and without one a report keeps to the date that it names itself. Ends with
# "N passed, M failed".
set -u

srcdir=${srcdir:-.}
builddir=${builddir:-.}
export srcdir
seaworthy=${SEAWORTHY:-$builddir/seaworthy}
# shellcheck source=tests/lib.sh
. "$srcdir/tests/lib.sh"
workdir clock
engine_pid=
unset DOCKER_HOST DOCKER_CONTEXT DOCKER_CONFIG DOCKER_TLS DOCKER_TLS_VERIFY DOCKER_CERT_PATH
export HOME=$T
trap '[ -z "$engine_pid" ] || kill "$engine_pid" 2>/dev/null; rm -rf "$T"' EXIT

if grep -q __asan_init "$seaworthy"; then
	echo "left out: a sanitizer wants to be loaded first"
	exit 77
fi
cc -shared -fPIC -O1 -o "$T/clock.so" "$srcdir/tests/long/clock.c" 2>"$T/err" || { cat "$T/err"; exit 1; }

# start ENDPOINT=FAULT...
start() {
	[ -z "$engine_pid" ] || { kill "$engine_pid"; wait "$engine_pid" 2>/dev/null; }
	rm -f "$T/hold" "$T/ready"
	mkfifo "$T/hold" "$T/ready"
	mkdir -p "$T/data"
	"$builddir/tests/engine_fault" "$T/sock" "$T/data" "$@" <>"$T/hold" >"$T/ready" 2>"$T/engine.err" &
	engine_pid=$!
	read -r ready _ <"$T/ready"
	[ "$ready" = listening ] || { echo "the engine does not start"; exit 1; }
}

verdicts() {
	jq -e -S '[.complete, [.results[] | .ref as $r | {($r): .verdict}, (.findings[] | {($r + " " + .subject.name): .verdict})]]' "$1"
}

# audit AT JUMP ARGUMENTS: the status is that of seaworthy, and the time it took is in $took.
audit() {
	local at=$1 jump=$2 begun=$SECONDS status
	shift 2
	rm -f "$T/report.json"
	env LD_PRELOAD="$T/clock.so" CLOCK_AT="$at" CLOCK_JUMP="$jump" timeout -k 5 60 "$seaworthy" audit --timeout 2 \
		-p cis-docker-1.8.0 -H "unix://$T/sock" -o "json=$T/report.json" "$@" >"$T/out" 2>"$T/err"
	status=$?
	took=$((SECONDS - begun))
	return $status
}

# same NAME: verdicts that are those without a jump.
same() {
	for jump in 86400 -86400 -2000000000 4000000000; do
		for at in 1 2 3 4 5 6 8 12 20 30; do
			audit "$at" "$jump" --now 2026-11-22 --only 'container.*' --only 'daemon.*' --only 'file.*'
			status=$?
			if [ "$status" != "$truth" ]; then
				fail "$1: $jump s at look $at" "exit status $status, not $truth" "$(head -n 3 "$T/err")"
			elif [ "$took" -gt 40 ]; then
				fail "$1: $jump s at look $at" "took $took s"
			elif ! verdicts "$T/report.json" 2>&1 | cmp -s - "$T/truth.json"; then
				fail "$1: $jump s at look $at" "$(verdicts "$T/report.json" 2>&1 | diff - "$T/truth.json" | head -n 5)"
			else
				pass
			fi
		done
	done
}

# truly: what is said when the clock does not jump.
truly() {
	audit 1 0 --now 2026-11-22 --only 'container.*' --only 'daemon.*' --only 'file.*'
	truth=$?
	verdicts "$T/report.json" >"$T/truth.json" || { echo "no report without a jump: $(head -n 3 "$T/err")"; exit 1; }
}

start
truly
same "an engine"
start db=stall
truly
same "an engine that stalls"

# A waiver that ends today: it holds if, and only if, the report says it is of today or earlier.
start
today=$(date -u +%F)
cat >"$T/tailoring.yaml" <<END
tailoring: The house
waivers:
  - rule: daemon.live-restore
    subject: {kind: engine, name: "*"}
    reason: Tried here.
    owner: tests@example.com
    until: $today
END
for jump in 0 172800 -172800; do
	for at in 1 2 3 4; do
		audit "$at" "$jump" --only daemon.live-restore --tailoring "$T/tailoring.yaml"
		status=$?
		said=$(jq -r '[.now, (.results[].findings[] | select(.verdict == "fail") | .waiver != null)] | join(" ")' \
			"$T/report.json" 2>&1)
		case $said in
		*" true") wanted=0 ;;
		*) wanted=1 ;;
		esac
		if [ "$status" != "$wanted" ] || { [[ "${said% *}" > "$today" ]] && [ "$wanted" = 0 ]; } ||
			{ [ "$wanted" = 1 ] && ! [[ "${said% *}" > "$today" ]]; }; then
			fail "a waiver: $jump s at look $at" "$said, exit status $status" "$(head -n 3 "$T/err")"
		else
			pass
		fi
	done
done

# A walk waits for its threads by the clock that only goes on.
mkdir -p "$T/tree/etc" "$T/tree/usr"
for jump in 0 86400 -86400; do
	begun=$SECONDS
	env LD_PRELOAD="$T/clock.so" CLOCK_AT=2 CLOCK_JUMP=$jump timeout -k 5 60 "$seaworthy" collect --with walk --root "$T/tree" \
		-o "$T/walked" >"$T/out" 2>"$T/err"
	status=$?
	if [ "$status" != 0 ] || [ $((SECONDS - begun)) -gt 30 ] || grep -q 'took too long' "$T/walked"; then
		fail "a walk: $jump s" "exit status $status after $((SECONDS - begun)) s" "$(head -n 3 "$T/err")"
	else
		pass
	fi
done
sum_up
