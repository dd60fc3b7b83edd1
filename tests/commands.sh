#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# commands.sh: list and doctor: what they print, with which status, and that it was written.
#
# Needs no root, no Docker and no network. Ends with "N passed, M failed".
set -u

srcdir=${srcdir:-.}
builddir=${builddir:-.}
seaworthy=${SEAWORTHY:-$builddir/seaworthy}
# shellcheck source=tests/lib.sh
. "$srcdir/tests/lib.sh"
workdir commands
engine_pid=
unset DOCKER_HOST DOCKER_CONTEXT DOCKER_CONFIG DOCKER_TLS DOCKER_TLS_VERIFY DOCKER_CERT_PATH
export HOME="$T"
trap '[ -z "$engine_pid" ] || kill "$engine_pid" 2>/dev/null; rm -rf "$T"' EXIT

# tells NAME STATUS ARGUMENTS [TEXT]...: each text is printed.
tells() {
	name=$1 wanted=$2 arguments=$3
	shift 3
	# shellcheck disable=SC2086
	"$seaworthy" $arguments >"$T/out" 2>"$T/err"
	status=$?
	n=$#
	while [ "$n" -gt 0 ]; do
		text=$1
		shift
		set -- "$@" "$T/out" "$text"
		n=$((n - 1))
	done
	is "$name" $status "$wanted" "$@"
}

# quiet NAME TEXT: that was not printed by the last one.
quiet() {
	if grep -qF -- "$2" "$T/out"; then fail "$1" "'$2' is in:" "$(head -n 25 "$T/out")"; else pass; fi
}

# --- list ----------------------------------------------------------------------------------------

tells "list checks" 0 "list checks" "container.privileged" "daemon.live-restore" "host.update.eol"
tells "list checks as JSON" 0 "list checks -o json" '"check": "container.privileged"' '"severity": "critical"' \
	'"kind": "container"'
tells "list profiles" 0 "list profiles" "cis-docker-1.8.0" "linux-server" "docker-host"
tells "list formats" 0 "list formats" sarif markdown
tells "list rules" 0 "list rules -p cis-docker-1.8.0" "5.5" "container.privileged"
for profile in cis-docker-1.6.0 cis-docker-1.7.0 cis-docker-1.8.0; do
	tells "list rules --missing of $profile" 0 "list rules --missing -p $profile" "$profile: " " recommendations have a rule"
	total=$("$seaworthy" list profiles -o json | tr -d '\n ' | grep -o "\"profile\":\"$profile\",\"rules\":[0-9]*,\"defined\":[0-9]*" |
		sed 's/.*://')
	is "list rules --missing of $profile: the sum" 0 0 "$T/out" " of $total recommendations"
done
cat >"$T/house.yaml" <<END
id: house
title: The house
version: "1"
recommendations: 2
groups:
  - {id: "1", title: Engine}
rules:
  - {ref: 1.1, check: daemon.live-restore}
missing:
  - {ref: 1.2, why: Nobody can tell.}
END
tells "what a profile says is missing" 0 "list rules --missing -p $T/house.yaml" 1.2 "Nobody can tell." \
	"house: 1 of 2 recommendations have a rule"
tells "the same as JSON" 0 "list rules --missing -o json -p $T/house.yaml" '"why": "Nobody can tell."'
quiet "the same as JSON" "recommendations"
tells "--missing of checks" 2 "list checks --missing"
is "--missing of checks: why" 0 0 "$T/err" "--missing belongs to 'list rules'"
tells "list what?" 2 "list check"
is "list what? a hint" 0 0 "$T/err" checks

# --- doctor --------------------------------------------------------------------------------------

tells "doctor of a tree" 3 "doctor --root $srcdir/tests/roots/odd" "a tree that is not running" \
	"NO    host/groups            /etc/group: is not there" "NO    host/kernel/cmdline    needs a running system" \
	"ok    host/users" "engine/info            needs a running system" "facts cannot be read"
quiet "doctor of a tree" "all of these can be read"
told=$(grep -c '^  NO ' "$T/out")
is "doctor of a tree: the sum" 0 0 "$T/out" "$told facts cannot be read"
tells "doctor with a word too much" 2 "doctor now"
tells "doctor without an engine" 3 "doctor -H unix://$T/nobody" "engine  unix://$T/nobody (-H)" \
	"NO    engine/info            ENOENT: $T/nobody: No such file or directory" "NO    container "

mkfifo "$T/hold" "$T/ready"
mkdir "$T/data"
"$builddir/tests/engine_fault" "$T/sock" "$T/data" db=500 volumes=500 <>"$T/hold" >"$T/ready" 2>"$T/engine.err" &
engine_pid=$!
read -r ready _ <"$T/ready"
[ "$ready" = listening ] || { echo "the engine does not start"; exit 1; }
tells "doctor of an engine" 3 "doctor --timeout 5 -H unix://$T/sock" "ok    engine/info" "NO    engine/volumes         HTTP 500" \
	"ok    container              2 listed, 2 read, 0 gone meanwhile" "fetcher (asks, " "reader (understands, " "caps 0000000000000000"
for command in "list checks" "list rules --missing" "doctor --root $srcdir/tests/roots/odd"; do
	# shellcheck disable=SC2086
	"$seaworthy" $command >/dev/full 2>"$T/err"
	is "$command: the disk is full" $? 2 "$T/err" "seaworthy: standard output: "
done
sum_up
