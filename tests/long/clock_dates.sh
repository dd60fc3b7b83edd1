#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# clock_dates.sh: what has a date of its own, by a clock that is set back or forward.
#
# That are certificates (of an engine that is asked over TLS, by OpenSSL; of a swarm's root, by the
# engine's clock) and waivers. Lists of revoked certificates are not read by anything here, and a
# baseline has no age: it holds whatever the day. Ends with "N passed, M failed".
set -u

srcdir=${srcdir:-.}
builddir=${builddir:-.}
seaworthy=${SEAWORTHY:-$builddir/seaworthy}
# shellcheck source=tests/lib.sh
. "$srcdir/tests/lib.sh"
workdir clock_dates
engine_pid='' tls_pid=''
unset DOCKER_HOST DOCKER_CONTEXT DOCKER_CONFIG DOCKER_TLS DOCKER_TLS_VERIFY DOCKER_CERT_PATH
export HOME=$T
end() {
	[ -z "$engine_pid" ] || kill "$engine_pid" 2>/dev/null
	[ -z "$tls_pid" ] || kill "$tls_pid" 2>/dev/null
	rm -rf "$T"
}
trap end EXIT

if grep -q __asan_init "$seaworthy"; then
	echo "left out: a sanitizer wants to be loaded first"
	exit 77
fi
has openssl && has python3 && has jq || exit 77
cc -shared -fPIC -O1 -o "$T/clock.so" "$srcdir/tests/long/clock.c" 2>"$T/err" || { cat "$T/err"; exit 1; }

day=86400
years=315360000 # ten of them

# The day so many seconds from now, and the moment.
day_in() { date -u -d "@$(($(date +%s) + $1))" +%F; }
moment_in() { date -u -d "@$(($(date +%s) + $1))" +%FT%TZ; }

# start [FILTER]: the engine, with /info changed by that filter of jq.
start() {
	if [ -n "$engine_pid" ]; then
		kill "$engine_pid"
		wait "$engine_pid" 2>/dev/null
	fi
	rm -rf "$T/hold" "$T/ready" "$T/tree"
	mkfifo "$T/hold" "$T/ready"
	mkdir -p "$T/data" "$T/tree/tests"
	cp -r "$srcdir/tests/faults" "$T/tree/tests/"
	jq -c --rawfile root "$T/ca.pem" "${1:-.}" "$srcdir/tests/faults/info.json" >"$T/tree/tests/faults/info.json" || exit 1
	srcdir=$T/tree "$builddir/tests/engine_fault" "$T/sock" "$T/data" <>"$T/hold" >"$T/ready" 2>"$T/engine.err" &
	engine_pid=$!
	read -r ready _ <"$T/ready"
	[ "$ready" = listening ] || { echo "the engine does not start"; exit 1; }
}

# at JUMP COMMAND [ARGUMENT]...: seaworthy's, with the clock so many seconds ahead.
at() {
	local jump=$1
	shift
	env LD_PRELOAD="$T/clock.so" CLOCK_JUMP="$jump" timeout -k 5 60 "$seaworthy" "$@" >"$T/out" 2>"$T/err"
}

# audit JUMP RULE [ARGUMENT]...: of the engine; the report is $T/report.json.
audit() {
	local jump=$1 rule=$2
	shift 2
	rm -f "$T/report.json"
	at "$jump" audit --timeout 5 -p cis-docker-1.8.0 --only "$rule" -o "json=$T/report.json" "$@"
}

# said NAME STATUS WANTED-STATUS FILTER WANTED: what the report says, and how the audit ended.
said() {
	local text
	text=$(jq -r "$4" "$T/report.json" 2>&1)
	if [ "$2" != "$3" ] || [ "$text" != "$5" ]; then
		fail "$1" "exit status $2, not $3; '$text', not '$5'" "$(jq -r '.results[].reason' "$T/report.json" 2>&1)" \
			"$(head -n 3 "$T/err")"
	else
		pass
	fi
}

# --- certificates -----------------------------------------------------------------------------

# certificate NAME DAYS [SIGNER]: valid from now on.
certificate() {
	openssl req -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -keyout "$T/$1.key" -subj "/CN=$1" \
		-out "$T/$1.csr" 2>/dev/null || exit 1
	printf 'subjectAltName=IP:127.0.0.1\nbasicConstraints=CA:%s\n' "$([ $# = 3 ] && echo FALSE || echo TRUE)" >"$T/ext"
	if [ $# = 3 ]; then
		set -- "$1" "$2" -CA "$T/$3.pem" -CAkey "$T/$3.key" -CAcreateserial
	else
		set -- "$1" "$2" -signkey "$T/$1.key"
	fi
	name=$1 days=$2
	shift 2
	openssl x509 -req -in "$T/$name.csr" -days "$days" -extfile "$T/ext" -out "$T/$name.pem" "$@" 2>"$T/err" ||
		{ cat "$T/err"; exit 1; }
}

# Hands what comes over TLS on to the engine.
cat >"$T/tls.py" <<'END'
import socket, ssl, sys, threading

def copy(a, b):
    try:
        while True:
            data = a.recv(65536)
            if not data:
                break
            b.sendall(data)
    except OSError:
        pass
    for s in (a, b):
        try:
            s.shutdown(socket.SHUT_RDWR)
        except OSError:
            pass

def serve(raw):
    try:
        client = context.wrap_socket(raw, server_side=True)
    except OSError:
        return
    engine = socket.socket(socket.AF_UNIX)
    engine.connect(sys.argv[3])
    threading.Thread(target=copy, args=(engine, client), daemon=True).start()
    copy(client, engine)

context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
context.load_cert_chain(sys.argv[1], sys.argv[2])
listener = socket.create_server(("127.0.0.1", 0))
print(listener.getsockname()[1], flush=True)
while True:
    threading.Thread(target=serve, args=(listener.accept()[0],), daemon=True).start()
END

# over_tls CERTIFICATE CA
over_tls() {
	if [ -n "$tls_pid" ]; then
		kill "$tls_pid"
		wait "$tls_pid" 2>/dev/null
	fi
	rm -f "$T/port"
	mkfifo "$T/port"
	python3 "$T/tls.py" "$T/$1.pem" "$T/$1.key" "$T/sock" >"$T/port" 2>"$T/tls.err" &
	tls_pid=$!
	read -r port <"$T/port"
	mkdir -p "$T/certs"
	cp "$T/$2.pem" "$T/certs/ca.pem"
}

# name JUMP STATUS VERDICT: of a rule that only the engine can tell.
tls() {
	DOCKER_TLS_VERIFY=1 DOCKER_CERT_PATH=$T/certs audit "$2" daemon.live-restore -H "tcp://127.0.0.1:$port"
	said "TLS: $1" $? "$3" '.results[].verdict' "$4"
	if [ "$4" = unknown ] && ! grep -q 'EPROTO\|certificate' "$T/report.json"; then
		fail "TLS: $1: the reason" "$(jq -r '.results[].reason' "$T/report.json")"
	fi
}

certificate ca 3650
certificate short 2
certificate server 2 ca
certificate of_short 3650 short
start
over_tls server ca
tls "the certificate holds" 0 1 fail
tls "a day before it ends" $day 1 fail
tls "it has expired" $((3 * day)) 3 unknown
tls "it is not valid yet" -$day 3 unknown
over_tls of_short short
tls "that of its signer holds" $day 1 fail
tls "that of its signer has expired" $((3 * day)) 3 unknown
tls "that of its signer is not valid yet" -$day 3 unknown
over_tls server short
tls "of a signer that nobody trusts" 0 3 unknown
kill "$tls_pid"
tls_pid=

# root NAME SECONDS STATUS VERDICT: of the root of a swarm, when the engine's clock is so far from now.
root() {
	start ".SystemTime = \"$(moment_in "$2")\" | .Swarm = {NodeID: \"a\", LocalNodeState: \"active\",
		ControlAvailable: true, Managers: 1, Cluster: {RootRotationInProgress: false, TLSInfo: {TrustRoot: \$root}}}"
	for jump in 0 $years -$years; do
		audit "$jump" swarm.ca-certificates -H "unix://$T/sock" --set max_ca_days=365
		said "a swarm's root: $1, here $jump s" $? "$3" '.results[].verdict' "$4"
	done
}

cp "$T/short.pem" "$T/ca.pem"
root "valid" 3600 0 pass
root "has expired" $((3 * day)) 1 fail
root "is not valid yet" -$day 3 unknown
start

# --- waivers ----------------------------------------------------------------------------------

# waive FILE UNTIL
waive() {
	cat >"$1" <<-END
		tailoring: The house
		waivers:
		  - rule: daemon.live-restore
		    subject: {kind: engine, name: "*"}
		    reason: Tried here.
		    owner: tests@example.com
		    until: $2
	END
}

# waiver NAME JUMP HOLDS|ENDED [ARGUMENT]...: whether the one in $T/waive.yaml is held to.
waiver() {
	local name=$1 jump=$2 status=0 is_held=true
	[ "$3" = HOLDS ] || status=1 is_held=false
	shift 3
	audit "$jump" daemon.live-restore -H "unix://$T/sock" --tailoring "$T/waive.yaml" "$@"
	said "a waiver: $name" $? $status \
		'.results[] | [.verdict, (.findings[0].waiver != null)] | join(" ")' "fail $is_held"
	if [ $is_held = false ] && ! grep -q 'the waiver of daemon.live-restore (tests@example.com) expired' "$T/report.json"; then
		fail "a waiver: $name: nobody is told"
	fi
}

waive "$T/waive.yaml" "$(day_in $day)"
waiver "until tomorrow" 0 HOLDS
waiver "until tomorrow, the clock is back" -$years HOLDS
waiver "until tomorrow, the clock is ahead" $((3 * day)) ENDED
waiver "until tomorrow, the clock is far ahead" $years ENDED
waive "$T/waive.yaml" "$(day_in -$day)"
waiver "until yesterday" 0 ENDED
waiver "until yesterday, the clock is back" -$((3 * day)) HOLDS
waive "$T/renewed.yaml" "$(day_in $((9 * day)))"
waiver "until yesterday, and renewed" 0 HOLDS --tailoring "$T/renewed.yaml"
waiver "until yesterday, and renewed, the clock is ahead" $((20 * day)) ENDED --tailoring "$T/renewed.yaml"
waive "$T/waive.yaml" 2026-11-22
for jump in 0 $years -$years; do
	waiver "its last day is given, the clock jumps $jump s" "$jump" HOLDS --now 2026-11-22
	waiver "the day after is given, the clock jumps $jump s" "$jump" ENDED --now 2026-11-23
done

# lint NAME JUMP STATUS TEXT
lint() {
	at "$2" verify "$T/waive.yaml"
	is "verify: $1" $? "$3" "$T/out" "$4"
}

waive "$T/waive.yaml" "$(day_in $day)"
lint "until tomorrow" 0 0 sound
lint "until tomorrow, the clock is ahead" $((3 * day)) 3 expired
waive "$T/waive.yaml" "$(day_in -$day)"
lint "until yesterday" 0 3 expired
lint "until yesterday, the clock is back" -$((3 * day)) 0 sound

# What was said on a day stays said: neither a saved report nor a baseline is of another day later.
waive "$T/waive.yaml" "$(day_in $day)"
waiver "of a report that is kept" 0 HOLDS
mv "$T/report.json" "$T/waived.json"
audit 0 daemon.live-restore -H "unix://$T/sock"
mv "$T/report.json" "$T/failed.json"
at 0 render -o csv "$T/waived.json"
cp "$T/out" "$T/rendered"
change='.results[].findings[] | .verdict + " " + .change'
for jump in $years -$years; do
	at "$jump" render -o csv "$T/waived.json"
	is "render: the clock jumps $jump s" $? 0
	good "render: the clock jumps $jump s: the text" cmp "$T/out" "$T/rendered"
	audit "$jump" daemon.live-restore -H "unix://$T/sock" --baseline "$T/failed.json"
	said "a baseline: the clock jumps $jump s" $? 0 "$change" "fail known"
	audit "$jump" daemon.live-restore -H "unix://$T/sock" --baseline "$T/waived.json"
	# It was excused, and is no more.
	said "a baseline with a waiver: the clock jumps $jump s" $? 1 "$change" "fail worse"
done
sum_up
