#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# fleet.sh: the reports of many hosts, rendered and compared by the whole program.
#
# Needs no root, no Docker and no network. Prints a line for each failure and ends with
# "N passed, M failed".
set -u

srcdir=${srcdir:-.}
builddir=${builddir:-.}
seaworthy=${SEAWORTHY:-$builddir/seaworthy}
snapshots=$srcdir/tests/snapshots
# shellcheck source=tests/lib.sh
. "$srcdir/tests/lib.sh"
workdir fleet

# judged FILE SNAPSHOT HOSTNAME STARTED [OPTIONS]: a report of that name and time.
judged() {
	file=$1 snap=$2 hostname=$3 started=$4
	shift 4
	"$seaworthy" audit -p cis-docker-1.8.0 --snapshot "$snapshots/$snap.snap" --now 2026-11-22 \
		-o json "$@" 2>"$T/err" | sed "s/\"hostname\": \"host\"/\"hostname\": \"$hostname\"/
			s/^  \"started\": .*/  \"started\": \"$started\",/" >"$file"
}

# run COMMAND...: its output is out and err, and flat is out without its lines; the status is $status.
run() {
	"$seaworthy" "$@" >"$T/out" 2>"$T/err"
	status=$?
	tr -s ' \n' ' ' <"$T/out" >"$T/flat"
}

mkdir "$T/one" "$T/two" "$T/odd" "$T/empty"
A=2026-11-20T10:00:00Z B=2026-11-21T10:00:00Z
judged "$T/one/web.json" docker-26.1 web $A --only 5.5 --only 5.4
judged "$T/one/db.json" docker-26.1-hardened db $A --only 5.5 --only 5.4
judged "$T/one/old.json" podman-4.3 old $A --only 5.5 --only 2.4
cp "$T/one/"*.json "$T/odd/"

# --- render -------------------------------------------------------------------------------------

run render "$T/one"
is "a folder" $status 0 "$T/out" "Hosts, the worst first" "$T/flat" "5.5 Containers are not privileged" \
	"$T/flat" "fails on 2 of 3 hosts: " "$T/flat" "unknown on 1 of 3 hosts: old" \
	"$T/flat" "3 hosts: 3 with failures, 0 that could not be told, 0 in order (exit 0)"
run render "$T/one/web.json" "$T/one/db.json" "$T/one/old.json" -o json
cp "$T/out" "$T/files.json"
run render "$T/one" -o json
is "what was not judged" $status 0 "$T/out" '"not_judged": 2'
sed 's/ "file": "[^"]*"//' "$T/files.json" >"$T/a"
sed 's/ "file": "[^"]*"//' "$T/out" >"$T/b"
if cmp -s "$T/a" "$T/b"; then pass; else fail "files and their folder are not the same"; fi
cat "$T/one/"*.json | "$seaworthy" render - -o json >"$T/out" 2>"$T/err"
is "a stream" $? 0 "$T/out" '"host": "web"' "$T/out" '"file": "standard input: report 2 (line '
python3 -c 'import json, sys
for name in sys.argv[1:]: print(json.dumps(json.load(open(name))))' "$T/one/"*.json >"$T/lines.ndjson"
run render "$T/lines.ndjson" -o json
is "a report a line" $status 0 "$T/out" 'lines.ndjson: report 3 (line 3)"'
{ head -n 1 "$T/lines.ndjson" | head -c 20000; echo; tail -n 2 "$T/lines.ndjson"; } >"$T/cut.ndjson"
run render "$T/cut.ndjson"
is "a line that is cut" $status 3 "$T/flat" "cut.ndjson: line " "$T/flat" \
	"2 hosts: 2 with failures" "$T/flat" "1 report could not be read (exit 3)"
run render "$T/one" -o csv
is "csv" $status 0 "$T/out" '"severity","web","old","db"' "$T/out" '"critical","fail","' \
	"$T/out" '"not judged"'
run render "$T/one" -o markdown -o csv="$T/both.csv"
is "two formats" $status 0 "$T/out" "# seaworthy: hosts: 3" "$T/out" "| Rule | Severity | fail" \
	"$T/both.csv" '"severity","web"'
# Of a host whose name means harm, one that is there twice and one that is cut, too.
cp "$srcdir/tests/golden/report.json" "$T/hostile.json"
run render "$T/one" "$T/hostile.json" "$T/cut.ndjson" -o json="$T/many.json" -o html="$T/many.html"
is "html" $status 3 "$T/many.html" '<h1>4 hosts</h1>' "$T/many.html" '<a href="#refused">1 report could not'
PATH=/usr/bin:$PATH
if has html5lib python3 -c 'import html5lib'; then
	good "html is the report" python3 "$srcdir/tests/formats/page.py" "$T/many.html" "$T/many.json"
	sed 's/&lt;/</' "$T/many.html" >"$T/broken"
	bad "html, not escaped" python3 "$srcdir/tests/formats/page.py" "$T/broken" "$T/many.json"
	sed '0,/<td class="fail">1</s//<td class="fail">2</' "$T/many.html" >"$T/broken"
	bad "html with another number" python3 "$srcdir/tests/formats/page.py" "$T/broken" "$T/many.json"
fi
run render "$T/one" -o sarif
is "a format of one host" $status 2 "$T/err" "-o sarif: several reports are written as text, json, html, markdown or csv"
cat "$T/one/"*.json | "$seaworthy" render - -o sarif >"$T/out" 2>"$T/err"
is "a format of one host, of a stream" $? 2 "$T/err" "-o sarif: several reports are written as"
"$seaworthy" render - -o text <"$T/one/web.json" >"$T/out" 2>"$T/err"
is "one report stays one" $? 0 "$T/out" "from    GET /containers"
{ echo; cat "$T/one/web.json"; echo; } | "$seaworthy" render - >"$T/again" 2>"$T/err"
is "one report with empty lines" $? 0 "$T/again" "from    GET /containers"

echo '{"seaworthy": 2, "results": []}' >"$T/odd/version.json"
head -c 30000 "$T/one/web.json" >"$T/odd/cut.json"
sed 's/"verdict": "fail"/"verdict": "pass"/' "$T/one/web.json" >"$T/odd/changed.json"
: >"$T/odd/empty.json"
echo hello >"$T/odd/words.json"
echo readme >"$T/odd/README"
mkdir "$T/odd/folder.json"
mkfifo "$T/odd/pipe.json"
ln -s ../one/web.json "$T/odd/link.json"
printf '{"type": "report"}\n{"type": "end"}\n' >"$T/odd/lines.ndjson"
run render "$T/odd"
is "a folder with other things" $status 3 \
	"$T/flat" "version.json: is a report of version 2; this seaworthy reads version 1" \
	"$T/flat" "cut.json: line " "$T/flat" "changed.json: its summary does not count what its results are" \
	"$T/flat" "empty.json: is empty" "$T/flat" "words.json: is no report: it begins with no object" \
	"$T/flat" "lines.ndjson: 'seaworthy' is missing" "$T/flat" "4 entries of folders are" \
	"$T/flat" "3 hosts: 3 with failures, 0 that could not be told, 0 in order; 7 reports could not be read (exit 3)"
run render "$T/odd" -o csv
is "csv: what could not be read" $status 3 "$T/out" 'odd/cut.json"' "$T/out" ',"unknown","unknown"'
run render "$T/one/web.json" "$snapshots/docker-26.1.snap"
is "a snapshot" $status 3 "$T/flat" "is no report but a snapshot, for audit --snapshot"
run render "$T/empty"
is "an empty folder" $status 2 "$T/err" "empty: has no report"
run render "$T/one/web.json" "$T/nothing.json"
is "a file that is not there" $status 3 "$T/flat" "nothing.json: No such file"
run render "$T/nothing.json"
is "one file that is not there" $status 2 "$T/err" "nothing.json: No such file"
run render "$T/odd/empty.json" "$T/odd/words.json"
is "nothing that can be read" $status 2 "$T/err" "no report could be read: "
run render
is "nothing named" $status 2 "$T/err" "render takes reports"
# Sparse: it costs no disk.
truncate -s 1G "$T/large.json"
run render "$T/large.json" "$T/one/web.json"
is "a file of 1 GB that is no report" $status 3 "$T/flat" "large.json: is no report: it begins with no object"
{ printf '{"seaworthy": 1, "tool": {"version": "'; head -c 270000000 /dev/zero | tr '\0' a; } |
	"$seaworthy" render "$T/one/web.json" - >"$T/out" 2>"$T/err"
is "a report that does not end" $? 3 "$T/out" "standard input: line 1: is too large"

judged "$T/two.json" docker-26.1-hardened web $B --only 5.5 --only 5.4
run render "$T/one" "$T/two.json"
is "a host that is there twice" $status 0 "$T/flat" "3 hosts: 3 with failures" "$T/flat" \
	"one/web.json: web, of $A: see $T/two.json" "$T/flat" "; 1 older report does not count (exit 0)"
run render "$T/one" "$T/one/web.json" -o json
is "a report that is there twice" $status 0 "$T/out" '"newer": "'
sed '/"arch"/s/$/ "machine": "1111111111111111",/' "$T/one/web.json" | sed '/"machine": null/d' >"$T/m1.json"
sed 's/"machine": "1*"/"machine": "2222222222222222"/' "$T/m1.json" >"$T/m2.json"
run render "$T/m1.json" "$T/m2.json" -o json
is "two machines of one name" $status 0 "$T/out" "\"host\": \"web ($T/m1.json)\"" "$T/out" "\"host\": \"web ($T/m2.json)\""
judged "$T/a.json" docker-26.1 localhost $A --only 5.5
judged "$T/b.json" docker-26.1-hardened localhost $B --only 5.5
run render "$T/a.json" "$T/b.json" -o json
is "hosts that nobody named" $status 0 "$T/out" "\"host\": \"localhost ($T/a.json)\"" "$T/out" '"older": []'
set -- "$T/one/"*.json
prlimit --nofile=20:20 "$seaworthy" render "$@" "$@" "$@" "$@" "$@" "$@" "$@" "$@" >"$T/out" 2>"$T/err"
is "too many files" $? 2 "$T/err" "no more can be opened"
run render "$T/one" -o json=/dev/full
is "a disk that is full" $status 2 "$T/err" "/dev/full: No space left"

# --- diff ---------------------------------------------------------------------------------------

rm -r "$T/two.json"
mkdir -p "$T/then" "$T/now"
judged "$T/then/web.json" docker-26.1-hardened web $A --only 5.5 --only 2.1
judged "$T/then/db.json" docker-26.1 db $A --only 5.5
judged "$T/then/gone.json" docker-26.1 gone $A --only 5.5
judged "$T/now/web-1.json" docker-26.1 web $B --only 5.5 --only 2.1
judged "$T/now/db.json" docker-26.1 db $B --only 5.5
cp -r "$T/now" "$T/later"
judged "$T/now/fresh.json" docker-26.1-hardened fresh $B --only 5.4 --only 5.5
run diff "$T/then" "$T/now"
is "diff: folders" $status 1 "$T/out" "New failures" "$T/flat" "web New failures" \
	"$T/flat" "fresh (has no older report)" "$T/flat" "gone (has no newer report" \
	"$T/flat" "hosts: 2 in both, 1 new, 1 gone; findings: "
run diff "$T/then" "$T/now" -o json
is "diff: folders as JSON" $status 1 "$T/out" '"is": "gone"' "$T/out" '"is": "new"' "$T/out" '"seaworthy_fleet_diff": 1'
if python3 -m json.tool "$T/out" >/dev/null 2>"$T/err"; then pass; else fail "diff: no JSON" "$(cat "$T/err")"; fi
run diff "$T/then" "$T/now" -o markdown
is "diff: folders as Markdown" $status 1 "$T/out" "# seaworthy: hosts: 2, new: 1, gone: 1" "$T/out" "### New failures"
rm "$T/then/gone.json"
run diff "$T/later" "$T/later"
is "diff: the same folder" $status 0 "$T/flat" "hosts: 2 in both, 0 new, 0 gone"
run diff "$T/then" "$T/now" --fail-on never
is "diff: --fail-on never" $status 0
mkdir "$T/lone"
cp "$T/now/db.json" "$T/lone"
run diff "$T/now" "$T/lone"
is "diff: hosts that are gone" $status 3 "$T/flat" "hosts: 1 in both, 0 new, 2 gone"
cp -r "$T/now" "$T/torn"
cp "$T/odd/cut.json" "$T/torn"
run diff "$T/now" "$T/torn"
is "diff: a report that cannot be read" $status 3 "$T/flat" "hosts: 3 in both, 0 new, 0 gone"
# Two machines that nobody named, told apart by their files.
mkdir "$T/here" "$T/there"
for name in a b; do
	judged "$T/here/$name.json" docker-26.1-hardened localhost $A --only 2.1
	cp "$T/here/$name.json" "$T/there"
done
run diff "$T/here" "$T/there"
is "diff: hosts that nobody named" $status 0 "$T/flat" "hosts: 2 in both, 0 new, 0 gone"
cp "$T/odd/cut.json" "$T/later"
run diff "$T/now" "$T/later"
is "diff: what cannot be read, and a host that is gone" $status 3 "$T/flat" "could not be read (new): " \
	"$T/flat" "fresh (has no newer report"
run diff "$T/then" "$T/empty"
is "diff: an empty folder" $status 2 "$T/err" "empty: has no report"
run diff "$T/then" "$T/one/web.json"
is "diff: a folder and a report" $status 2 "$T/err" "not one of each"
cp "$T/lines.ndjson" "$T/later"
run diff "$T/now" "$T/later"
is "diff: several in a file" $status 2 "$T/err" "lines.ndjson: holds several reports"

run diff "$T/then/web.json" "$T/now/web-1.json"
is "diff: a critical failure" $status 1
run diff "$T/then/web.json" "$T/now/web-1.json" --fail-on critical
is "diff: --fail-on critical" $status 1
judged "$T/a.json" docker-26.1-hardened web $A --only 2.1 --only 2.14
judged "$T/b.json" docker-26.1 web $B --only 2.1 --only 2.14
run diff "$T/a.json" "$T/b.json"
is "diff: a lower failure" $status 1
run diff "$T/a.json" "$T/b.json" --fail-on critical
is "diff: a lower failure and --fail-on critical" $status 0
run diff "$T/a.json" "$T/b.json" --fail-on grave
is "diff: --fail-on what is no severity" $status 2 "$T/err" "--fail-on grave: one of"
sed 's/"value": true/"value": false/' "$T/now/db.json" >"$T/b.json"
run diff -v "$T/now/db.json" "$T/b.json"
is "diff: other evidence" $status 0 "$T/flat" "(fail; with other evidence)" \
	"$T/flat" "HostConfig/Privileged: was true, is false"

sum_up
