# SPDX-License-Identifier: Apache-2.0
# faults_files.sh: the rows of faults.sh about the command line, snapshots, trees, reports and signals.

# --- the command line: EXIT | TEXT of standard error | ARGUMENTS --------------------------------

command_rows() {
	cat >"$T/typo.yaml" <<-'END'
	id: house
	title: House
	version: "1"
	rules:
	  - ref: "1"
	    check: container.priviledged
	END
	printf 'title: House\nid: [\n' >"$T/broken.yaml"
	printf 'id: house\ntitle: House\nversion: "1"\nrulez: []\n' >"$T/member.yaml"
	: >"$T/empty.yaml"
	while IFS='|' read -r wanted text arguments; do
		[ -n "$arguments" ] || continue
		# shellcheck disable=SC2086
		"$seaworthy" $(echo $arguments | sed "s,@,$T,g") >"$T/stdout" 2>"$T/err"
		judge "seaworthy$arguments" $? "$(echo $wanted)" "$(echo $text)" -
	done <<-'END'
	2 | did you mean --snapshot? | audit --snapshit x
	2 | no option '-x' | audit -x
	2 | needs a value | audit --only
	2 | no command 'adit' | adit
	2 | no format 'jsn', did you mean json | audit -o jsn
	2 | file name must follow | audit -o json=
	2 | two reports on standard output | audit -o json -o text
	2 | two reports on standard output | audit -o json -o json
	2 | audit takes no 'x' | audit x
	2 | is wanted | audit --fail-on urgent
	2 | is wanted | audit --color sometimes
	2 | is wanted | audit --level 3
	2 | is wanted | audit --timeout 0
	2 | is wanted | audit --timeout 1x
	2 | is wanted | audit --now 2026-02-30
	2 | NAME=VALUE | audit --set x
	2 | nosuch | audit --set nosuch=1 -H unix://@/none
	2 | --only nosuch.*: selects no rule | audit --only nosuch.* -H unix://@/none
	2 | --skip 99.9: selects no rule | audit --skip 99.9 -H unix://@/none
	2 | only one engine | audit -H unix:///x --context y
	2 | only one source | audit --root / --snapshot x
	2 | without an engine | audit --snapshot x -H unix:///x
	2 | nosuch | audit --context nosuch
	2 | ssh | audit -H ssh://host
	2 | carrier | audit -H carrier://pigeon
	2 | cis-docker-1.8.0 | audit -p cis-docker-1.8
	2 | typo.yaml:6:5 | audit -p @/typo.yaml -H unix://@/none
	2 | container.privileged | audit -p @/typo.yaml -H unix://@/none
	2 | broken.yaml:3:1 | audit -p @/broken.yaml
	2 | member.yaml:4:1 | audit -p @/member.yaml
	2 | rules | audit -p @/member.yaml
	2 | empty.yaml | audit -p @/empty.yaml
	2 | No such file | audit -p @/nosuch.yaml
	2 | there are two of that id | audit -p cis-docker-1.8.0 -p cis-docker-1.8.0
	2 | No such file | audit --root @/nosuch
	2 | Not a directory | audit --root @/typo.yaml
	2 | nosuch.so | audit --plugin @/nosuch.so
	2 | no rule or check | explain nosuch.check
	2 | no rule or check '5.55' (did you mean '5.5'?) | explain 5.55
	2 | no command 'foo'; see | foo
	2 | did you mean 'rules' | list rule
	2 | two reports in one file | audit -o json=@/x -o text=@/./x
	2 | two reports in one file | audit -o json -o text=/dev/stdout
	2 | records, not reports | collect -o json=@/x
	2 | --snapshot FILE judges | audit @/typo.yaml
	0 | | version
	END
	mkdir "$T/client"
	ln -s config.json "$T/client/config.json"
	DOCKER_CONFIG=$T/client "$seaworthy" audit >"$T/stdout" 2>"$T/err"
	judge "a configuration of the client that cannot be read" $? 2 "-H URL says so" -
	# What stands in a file, or is called so in a folder of reports, controls no terminal.
	: >"$T/stdout"
	esc=$(printf '\033]0;owned\007')
	printf '%s{' "$esc" >"$T/$esc"
	for command in "render" "fix" "diff $T/good" "verify" "audit --snapshot" "audit --baseline" \
		"audit --tailoring" "audit -p" "audit --only" "$esc" "list" "audit -o" "explain"; do
		# shellcheck disable=SC2086
		"$seaworthy" $command "$T/$esc" >"$T/stdout" 2>&1
		[ $? -ne 0 ] || fail "$command: a file that holds an escape"
		if LC_ALL=C grep -q '[[:cntrl:]]' "$T/stdout"; then
			fail "$command: an escape reaches the terminal" "$(cat -v "$T/stdout")"
		else
			pass
		fi
	done
}

# --- snapshots --------------------------------------------------------------------------------

# snapshot_row NAME EXIT TEXT [CONDITION]...: judges $T/snap.
snapshot_row() {
	name=$1 wanted=$2 text=$3
	shift 3
	echo old >"$T/report.json"
	"$seaworthy" audit --only 'container.*' --snapshot "$T/snap" -o json="$T/report.json" >"$T/stdout" 2>"$T/err"
	status=$?
	if [ "$wanted" = 2 ]; then
		judge "snapshot: $name" "$status" 2 "$text" -
		[ "$(cat "$T/report.json")" = old ] || fail "snapshot: $name: the old report is gone"
	else
		judge "snapshot: $name" "$status" "$wanted" "$text" "$T/report.json" "$@"
	fi
}

# Records are a header line and a body line each. without PATTERN: leaves out those whose header has it.
without() {
	awk -v p="$1" '{ h = $0; getline b; if (!index(h, p)) print h "\n" b }' "$T/good"
}

snapshot_rows() {
	start_engine
	"$seaworthy" collect --timeout 1 -H "unix://$T/sock" -o "$T/good" 2>"$T/err"
	judge "collect" $? 0 "" -
	audit --only 'container.*' -H "unix://$T/sock"
	stop_engine
	size=$(wc -c <"$T/good")
	body=$(grep -abo '"kind":"engine","id":"info"' "$T/good" | head -n 1 | cut -d : -f 1)

	cp "$T/good" "$T/snap"
	snapshot_row "whole" 0 "" complete=true container.privileged=pass subject:web=1 subject:db=1
	"$seaworthy" audit --only 'container.*' --snapshot - -o json <"$T/good" >"$T/report.json" 2>"$T/err"
	judge "snapshot: from standard input" $? 0 "" "$T/report.json" complete=true container.privileged=pass
	for pattern in web 'w?b' aaaa; do
		"$seaworthy" audit --only 'container.*' --subject "$pattern" --snapshot "$T/good" -o json >"$T/report.json" 2>"$T/err"
		judge "--subject $pattern" $? 0 "" "$T/report.json" subject:web=1 subject:db=0
	done
	"$seaworthy" audit --only 'container.*' --subject web --subject wbe --snapshot "$T/good" -o json >"$T/report.json" 2>"$T/err"
	judge "--subject that selects nothing" $? 2 "--subject 'wbe' selects nothing" -
	[ -s "$T/report.json" ] && fail "--subject that selects nothing: there is a report"
	head -c "$((body + 150))" "$T/good" >"$T/snap"
	snapshot_row "cut in the middle" 2 "cut off in record engine info"
	head -c "$((size - 1))" "$T/good" >"$T/snap"
	snapshot_row "cut by a byte" 2 "cut off in record end"
	head -c 20 "$T/good" >"$T/snap"
	snapshot_row "cut in a header" 2 "no header of a record"
	without '"kind":"end"' >"$T/snap"
	snapshot_row "without its end" 3 "" complete=false 'container.*=unknown~ended before' unread:end
	without '"kind":"population"' >"$T/snap"
	snapshot_row "without populations" 3 "" 'container.*=unknown~not collected'
	without '"id":"bbbb' >"$T/snap"
	snapshot_row "without one container" 3 "" 'container.*=unknown~2 were listed and 1 came' complete=false
	without '"kind":"snapshot"' >"$T/snap"
	snapshot_row "without its start" 2 "is no snapshot"
	sed 's/"version":1,/"version":2,/' "$T/good" >"$T/snap"
	snapshot_row "of another version" 2 "snapshot version 2"
	cat "$T/good" "$T/good" >"$T/snap"
	snapshot_row "two in one file" 2 "a second beginning"
	{ cat "$T/good" && sed -n 3,4p "$T/good"; } >"$T/snap"
	snapshot_row "with a record after the end" 2 "comes after the end"
	: >"$T/snap"
	snapshot_row "empty" 2 "is empty"
	echo '{"seaworthy":1}' >"$T/snap"
	snapshot_row "a report" 2 "is it a report? render"
	head -c 100000 /dev/zero >"$T/snap"
	snapshot_row "zeros" 2 "no header of a record"
	{ head -n 2 "$T/good"; echo '{"kind":"host","id":"os","version":1,"bytes":67108865}'; } >"$T/snap"
	snapshot_row "a record over its size" 2 "a record of 67108865 bytes"
	{ head -n 2 "$T/good"; echo '{"kind":"host","id":"os","version":1,"bytes":-1}'; } >"$T/snap"
	snapshot_row "a record of less than nothing" 2 "a record of -1 bytes"
	{ head -n 2 "$T/good"; printf '{"kind":"host","id":"os","version":1,"bytes":4}\n{"a"\n'; } >"$T/snap"
	snapshot_row "a body that is no JSON" 2 "record host os"
	rm "$T/snap"
	snapshot_row "missing" 2 "No such file"
	mkdir "$T/snap"
	snapshot_row "a folder" 2 "Is a directory"
	rmdir "$T/snap"
}

# --- a tree that is not running ---------------------------------------------------------------

tree_rows() {
	mkdir -p "$T/root/etc/docker" "$T/root/run" "$T/root/usr/lib" "$T/root/lib/systemd/system"
	echo 'PRETTY_NAME=OUTSIDE-THE-TREE' >"$T/outside"
	echo 'root:x:0:0:OUTSIDE-THE-TREE:/:/bin/sh' >"$T/outside-passwd"
	ln -s "$T/outside" "$T/root/etc/os-release"
	ln -s ../../../../../../../../../../../../../..$T/outside "$T/root/usr/lib/os-release"
	ln -s "$T/outside-passwd" "$T/root/etc/passwd"
	ln -s /proc/self/environ "$T/root/etc/docker/daemon.json"
	mkfifo "$T/root/etc/group" "$T/root/run/docker.sock"
	ln -s loop "$T/root/etc/loop"
	ln -s / "$T/root/lib/systemd/system/docker.service.d"
	env OUTSIDE=OUTSIDE-THE-TREE "$seaworthy" collect --root "$T/root" -o "$T/tree" >"$T/stdout" 2>"$T/err"
	judge "tree: collect" $? 0 "" -
	if grep -q -e OUTSIDE-THE-TREE -e "$(uname -r)" "$T/tree"; then
		fail "tree: something of the running host is in the records" "$(grep -m 1 -e OUTSIDE-THE-TREE -e "$(uname -r)" "$T/tree" | cut -c1-200)"
	else
		pass
	fi
	audit $all --root "$T/root"
	judge "tree: audit" "$status" "0 1 3" "" "$T/report.json" engine=none 'container.*!pass' 'daemon.rootless!pass' \
		'file.docker-socket.owner!fail'
	audit $all --root "$T/root" -H "unix://$T/none"
	judge "tree: the engine is not asked" "$status" "0 1 2 3" "" -
}

# --- where the report goes ----------------------------------------------------------------------

# Only if the old report is untouched and no temporary file is left.
untouched() {
	if [ "$(cat "$T/out/report.json")" != old ]; then
		fail "$1: the old report is gone"
	elif [ -n "$(ls -A "$T/out" | grep -v '^report.json$')" ]; then
		fail "$1: left behind: $(ls -A "$T/out")"
	else
		pass
	fi
}

report_rows() {
	start_engine
	url=unix://$T/sock
	"$seaworthy" audit --only 'container.*' -H "$url" -o json=/dev/full >"$T/stdout" 2>"$T/err"
	judge "report to a full disk" $? 2 "No space left" -
	"$seaworthy" audit --only 'container.*' -H "$url" -o json >/dev/full 2>"$T/err"
	judge "report to a full standard output" $? 2 "No space left" -
	"$seaworthy" audit --only 'container.*' -H "$url" >/dev/full 2>"$T/err"
	judge "text to a full standard output" $? 2 "No space left" -
	"$seaworthy" collect -H "$url" >/dev/full 2>"$T/err"
	judge "records to a full standard output" $? 2 "No space left" -
	{
		"$seaworthy" audit --only 'container.*' -H "$url" -o json 2>"$T/err"
		echo $? >"$T/status"
	} | :
	judge "report to a closed pipe" "$(cat "$T/status")" 2 "Broken pipe" -
	"$seaworthy" audit --only 'container.*' -H "$url" -o json >&- 2>"$T/err"
	judge "standard output is closed" $? 2 "" -
	"$seaworthy" audit --only 'container.*' -H "$url" -o json="$T/nosuch/report" >"$T/stdout" 2>"$T/err"
	judge "report into a folder that is not there" $? 2 "No such file" -
	"$seaworthy" audit --only 'container.*' -H "$url" -o json=/dev/stdout >"$T/report.json" 2>"$T/err"
	judge "report to /dev/stdout" $? 0 "" "$T/report.json" container.privileged=pass
	mkfifo "$T/pipe"
	cat "$T/pipe" >"$T/report.json" &
	"$seaworthy" audit --only 'container.*' -H "$url" -o json="$T/pipe" >"$T/stdout" 2>"$T/err"
	status=$?
	[ "$status" = 0 ] || kill $! # it may never have been opened
	wait $!
	judge "report to a FIFO" "$status" 0 "" "$T/report.json" container.privileged=pass
	[ -p "$T/pipe" ] && pass || fail "report to a FIFO: it was replaced"

	echo old >"$T/out/report.json"
	"$seaworthy" audit --only nosuch -H "$url" -o json="$T/out/report.json" >"$T/stdout" 2>"$T/err"
	judge "a run that fails" $? 2 "nosuch" -
	untouched "a run that fails"
	"$seaworthy" audit --only 'container.*' -H "$url" -o json="$T/out/report.json" -o text=/dev/full >"$T/stdout" 2>"$T/err"
	judge "one of two reports fails" $? 2 "No space left" -
	untouched "one of two reports fails"
	chmod 640 "$T/out/report.json"
	"$seaworthy" audit --only 'container.*' -H "$url" -o json="$T/out/report.json" >"$T/stdout" 2>"$T/err"
	judge "an old report is replaced" $? 0 "" "$T/out/report.json" container.privileged=pass
	case $(ls -l "$T/out/report.json") in -rw-r-----*) pass ;; *) fail "an old report is replaced: its mode is another" ;; esac

	if [ "$(id -u)" = 0 ]; then
		skip
	else
		chmod 500 "$T/out"
		"$seaworthy" audit --only 'container.*' -H "$url" -o json="$T/out/new" >"$T/stdout" 2>"$T/err"
		judge "report into a folder that cannot be written" $? 2 "Permission denied" -
		chmod 700 "$T/out"
	fi
}

# --- processes that are killed ------------------------------------------------------------------

# The children of a process, oldest first: the fetcher and the reader.
children_of() {
	set +f
	awk -v p="$1" '{ pid = $1; sub(/^.*\) /, ""); if ($2 == p) print pid }' /proc/[0-9]*/stat 2>/dev/null | sort -n
	set -f
}

# Starts an audit of an engine that does not answer, and waits until both children are there.
start_stalled() {
	echo old >"$T/out/report.json"
	"$seaworthy" audit --timeout 30 $all -H "unix://$T/sock" -o json="$T/out/report.json" >"$T/stdout" 2>"$T/err" &
	run=$!
	for i in 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19 20; do
		set -- $(children_of "$run")
		[ $# = 2 ] && break
		sleep 0.1
	done
	fetcher=${1:-0} reader=${2:-0}
	sleep 0.3
}

# Is it there, and more than a name that nobody has waited for?
lives() {
	[ -n "$(awk '{ sub(/^.*\) /, ""); if ($1 != "Z" && $1 != "X") print }' "/proc/$1/stat" 2>/dev/null)" ]
}

# All gone, a moment after the end of the run?
no_orphans() {
	for i in 1 2 3 4 5 6 7 8 9 10; do
		lives "$fetcher" || lives "$reader" || { pass; return; }
		sleep 0.1
	done
	fail "$1: a child lives on"
}

signal_rows() {
	start_engine ping=stall
	# Not SIGINT: a shell without job control starts its background children with that ignored.
	for number in TERM HUP; do
		start_stalled
		kill -$number "$run"
		wait "$run" 2>/dev/null
		judge "SIG$number" $? "129 143" "" -
		no_orphans "SIG$number"
		untouched "SIG$number"
	done

	start_stalled
	kill -KILL "$reader"
	wait "$run" 2>/dev/null
	judge "the reader is killed" $? 2 "the reader was ended by signal 9" -
	no_orphans "the reader is killed"
	untouched "the reader is killed"

	start_stalled
	kill -KILL "$fetcher"
	wait "$run" 2>/dev/null
	judge "the fetcher is killed" $? 3 "the fetcher was ended by signal 9" "$T/out/report.json" $never \
		unread:engine/info~EPIPE complete=false
	no_orphans "the fetcher is killed"

	start_stalled
	kill -KILL "$run"
	wait "$run" 2>/dev/null
	judge "the parent is killed" $? 137 "" -
	no_orphans "the parent is killed"
	rm -f "$T"/out/.seaworthy-*

	# In the middle of the containers: what was seen is in the report, and that not all was.
	start_engine db=stall
	start_stalled
	kill -KILL "$fetcher"
	wait "$run" 2>/dev/null
	judge "the fetcher is killed in the middle" $? "1 3" "" "$T/out/report.json" container.privileged=unknown \
		'container.*!fail'
}
