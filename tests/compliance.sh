#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# compliance.sh: the whole program with tailoring and waivers, on recorded snapshots.
#
# Needs no root, no Docker and no network. Prints a line for each failure and ends with
# "N passed, M failed".
#
# Rows are split into words on purpose.
# shellcheck disable=SC2086,SC2016
set -u
set -f # conditions hold patterns

srcdir=${srcdir:-.}
builddir=${builddir:-.}
seaworthy=${SEAWORTHY:-$builddir/seaworthy}
check=$builddir/tests/report_check
snapshots=$srcdir/tests/snapshots
# shellcheck source=tests/lib.sh
. "$srcdir/tests/lib.sh"
workdir compliance

# audit OPTIONS: of docker-26.1.snap, as JSON and text; the status is $status.
audit() {
	"$seaworthy" audit -p cis-docker-1.8.0 --snapshot "$snapshots/docker-26.1.snap" --now 2026-11-22 \
		-o json="$T/report.json" -o text="$T/report.txt" "$@" >"$T/out" 2>"$T/err"
	status=$?
	# Lines are broken where the name of the folder wants it.
	[ ! -e "$T/report.txt" ] || tr -s ' \n' ' ' <"$T/report.txt" >"$T/report.flat"
}

# holds NAME CONDITION...: of the report.
holds() {
	name=$1
	shift
	if said=$("$check" "$T/report.json" "$@" 2>&1); then pass; else fail "$name" "$said"; fi
}

file() { cat >"$T/$1"; }

# --- waivers ------------------------------------------------------------------------------------

file waive.yaml <<EOF
tailoring: The house
waivers:
  - rule: container.privileged
    subject: {name: "*privileged", kind: container}
    reason: Builds images until the new builder is there.
    owner: build@example.com
    until: 2026-11-22
EOF
audit --only 5.5
is "a failure without waiver" $status 1
holds "a failure without waiver" exit=1 container.privileged=fail
audit --only 5.5 --tailoring "$T/waive.yaml"
is "a waiver, on its last day" $status 0 "$T/report.txt" WAIV "$T/report.flat" \
	"build@example.com, until 2026-11-22: Builds images" "$T/report.txt" "1 waived" \
	"$T/report.flat" "tailored by $T/waive.yaml" "$T/report.json" '"waived": true' \
	"$T/report.json" '"fail": 0, "warn": 0, "skip": 0, "unknown": 0, "waived": 1' \
	"$T/report.json" '{"fail": 2, "pass": 17, "waived": 2}' \
	"$T/report.json" '"owner": "build@example.com"'
holds "a waived failure stays a failure" exit=0 container.privileged=fail
"$seaworthy" render -o text "$T/report.json" >"$T/again" 2>"$T/err"
is "a waiver is rendered" $? 0 "$T/again" "build@example.com, until 2026-11-22: Builds images"

audit --only 5.5 --tailoring "$T/waive.yaml" --now 2026-11-23
is "a waiver that expired" $status 1 "$T/report.flat" \
	"waive.yaml:3:5: the waiver of container.privileged (build@example.com) expired" \
	"$T/report.json" '"text": "the waiver of container.privileged (build@example.com) expired'

file part.yaml <<EOF
tailoring: One of two
waivers:
  - {rule: 5.5, subject: privileged, reason: r, owner: o, until: 2026-12-31}
  - {rule: 5.44, subject: privileged, reason: r, owner: o, until: 2026-12-31}
  - {rule: 5.5, subject: nobody, reason: r, owner: o, until: 2026-12-31}
EOF
audit --tailoring "$T/part.yaml"
is "a waiver of one of two subjects" $status 1 "$T/report.flat" "waived privileged: started" \
	"$T/report.flat" "part.yaml:4:6: the waiver of 5.44 (o) covers nothing: no rule is" \
	"$T/report.flat" "part.yaml:5:6: the waiver of 5.5 (o) covers nothing: its rules have no such"
audit --only 5.5 --subject ok --tailoring "$T/part.yaml"
is "waivers of what --subject left out" $status 0
if grep -q "have no such" "$T/report.flat"; then fail "--subject: a waiver is blamed"; else pass; fi


# What cannot be told is waived only where a waiver says so.
file told.yaml <<EOF
tailoring: What cannot be told here
waivers:
  - {rule: 2.4, subject: "*", reason: r, owner: o, until: 2026-12-31}
EOF
sed 's/{rule: 2.4,/& verdicts: [unknown],/' "$T/told.yaml" >"$T/untold.yaml"
podman() {
	"$seaworthy" audit -p cis-docker-1.8.0 --snapshot "$snapshots/podman-4.3.snap" --now 2026-11-22 --only 2.4 \
		--only 2.7 -o json="$T/report.json" --tailoring "$1" >"$T/out" 2>"$T/err"
	status=$?
}
podman "$T/told.yaml"
is "an unknown finding and a waiver of failures" $status 3 "$T/report.json" '"unknown": 1, "waived": 0'
podman "$T/untold.yaml"
is "an unknown finding that is waived" $status 0 "$T/report.json" '"unknown": 0, "waived": 1' \
	"$T/report.json" '"verdict": "unknown"'

# --- tailoring ----------------------------------------------------------------------------------

file tailor.yaml <<EOF
tailoring: What our hosts need
profile: cis-docker-1.8.0
change:
  - {rule: "5.*", select: false, why: Containers are judged elsewhere.}
  - {rule: 5.9, select: true, params: {allowed_ports: [443, 53/udp]}, why: The proxy.}
  - {rule: 5.5, select: true}
  - {rule: 5.5, severity: low, level: 2}
add:
  groups: [{id: H, title: House}]
  checks:
    - id: house.engine-version
      kind: engine
      severity: high
      title: The engine is of this decade
      why: w
      wanted: a version of this decade
      remedy: renew it
      require: {fact: info/ServerVersion, version-at-least: "99"}
  rules:
    - {ref: H.1, check: house.engine-version}
EOF
audit --tailoring "$T/tailor.yaml"
is "tailoring: the head of the report" $status 1 "$T/report.flat" "cis-docker-1.8.0 (89 of 119 rules)" \
	"$T/report.flat" "cis-docker-1.8.0 without 5.1: Containers are judged elsewhere.; 5.2: " \
	"$T/report.json" '{"ref": "5.32", "why": "Containers are judged elsewhere."}' \
	"$T/report.json" '"deviation": "The proxy."' "$T/report.json" '"allowed_ports": ["443", "53/udp"]'
holds "tailoring: a check that is added" house.engine-version=fail
audit --tailoring "$T/tailor.yaml" --only 5.5 --level 1
is "tailoring: the level is changed" $status 3
audit --tailoring "$T/tailor.yaml" --only 5.5 --fail-on medium
is "tailoring: the severity is changed" $status 0 "$T/report.json" '"severity": "low"'
audit --tailoring "$T/tailor.yaml" --only 5.5 --fail-on low
is "tailoring: the severity is what it was changed to" $status 1
audit --tailoring "$T/tailor.yaml" --only 5.9 --set allowed_ports=80
is "tailoring: --set comes after it" $status 1 "$T/report.json" '"allowed_ports": ["80"]'
audit --tailoring "$T/tailor.yaml" --only 5.10
is "tailoring: --only does not bring back what is left out" $status 3 "$T/report.json" '"results": []'
"$seaworthy" render -o json "$T/report.json" >"$T/again" 2>"$T/err"
if cmp -s "$T/report.json" "$T/again"; then pass; else fail "tailoring: render writes other bytes"; fi
"$seaworthy" list rules -p cis-docker-1.8.0 --tailoring "$T/tailor.yaml" >"$T/out" 2>"$T/err"
is "tailoring: list" $? 0 "$T/out" house.engine-version
if grep -q '^5\.10 ' "$T/out"; then fail "tailoring: list has what is left out"; else pass; fi
"$seaworthy" explain -p cis-docker-1.8.0 --tailoring "$T/tailor.yaml" H.1 >"$T/out" 2>"$T/err"
is "tailoring: explain" $? 0 "$T/out" "The engine is of this decade"
"$seaworthy" audit -p cis-docker-1.8.0 -p cis-docker-1.7.0 --snapshot "$snapshots/docker-26.1.snap" \
	--tailoring "$T/tailor.yaml" -o text="$T/report.txt" 2>"$T/err"
is "tailoring: of one of two profiles" $? 1 "$T/report.txt" "cis-docker-1.7.0 (117 rules)"
sed 's/^profile: .*/profile: cis-docker-*/' "$T/tailor.yaml" >"$T/both.yaml"
"$seaworthy" audit -p cis-docker-1.8.0 -p cis-docker-1.7.0 --snapshot "$snapshots/docker-26.1.snap" \
	--tailoring "$T/both.yaml" -o text="$T/report.txt" 2>"$T/err"
is "tailoring: of two profiles" $? 1 "$T/report.txt" "cis-docker-1.7.0 (88 of 118 rules)"

# --- diff and baseline --------------------------------------------------------------------------

snapshot=$snapshots/docker-26.1.snap
# judged FILE OPTIONS: a JSON report of all rules, as FILE.
judged() {
	out=$T/$1
	shift
	"$seaworthy" audit -p cis-docker-1.8.0 --snapshot "$snapshot" --now 2026-11-22 -o json="$out" "$@" \
		>/dev/null 2>&1
}
# differ NAME STATUS OLD NEW TEXT...: each text is in what diff says.
differ() {
	name=$1 wanted=$2 old=$3 new=$4
	shift 4
	"$seaworthy" diff -v "$T/$old" "$T/$new" >"$T/lines" 2>"$T/err"
	status=$?
	tr -s ' \n' ' ' <"$T/lines" >"$T/flat"
	is "$name" $status "$wanted"
	for text; do is "$name" 0 0 "$T/flat" "$text"; done
}

judged all.json
differ "diff: the same" 0 all.json all.json "0 new (0 waived), 0 newly unknown, 0 no longer judged"

# The same engine, its containers made anew, one of them no longer privileged, and one that is.
python=$(command -v python3 || :)
if [ -n "$python" ]; then
	"$python" - "$snapshot" "$T/anew.snap" <<'EOF'
import json, sys
out = open(sys.argv[2], "wb")
data = open(sys.argv[1], "rb")
for line in data:
    head = json.loads(line)
    body = json.loads(data.read(head["bytes"] + 1))
    if head["kind"] == "container":
        head["id"] = body["Id"] = head["id"][::-1]
        if body["Name"].endswith("/privileged"):
            body["HostConfig"]["Privileged"] = False
        if body["Name"].endswith("/plain") or body["Name"].endswith("/net-host"):
            body["HostConfig"]["Privileged"] = True
    raw = json.dumps(body).encode()
    head["bytes"] = len(raw)
    out.write(json.dumps(head).encode() + b"\n" + raw + b"\n")
EOF
	snapshot=$T/anew.snap
	judged anew.json --only 5.5
	judged anew-all.json
	snapshot=$snapshots/docker-26.1.snap
	judged old.json --only 5.5
	differ "diff: new and fixed" 1 old.json anew.json "1 new (0 waived)" "1 no longer failing" "1 still failing" \
		"container.privileged, net-host (was pass, is fail): started with --privileged" \
		"container.privileged, privileged (was fail, is pass)"
	"$seaworthy" diff -o json "$T/old.json" "$T/anew.json" >"$T/flat"
	is "diff: JSON" $? 1 "$T/flat" '"summary": {"new": 1, "unknown": 0, "lost": 0, "still": 1, "fixed": 1'
	"$seaworthy" diff -o markdown="$T/diff.md" "$T/old.json" "$T/anew.json"
	is "diff: Markdown" $? 1 "$T/diff.md" "## New failures: 1" "$T/diff.md" "| net-host | pass | fail |"
	snapshot=$T/anew.snap
	judged baseline.json --only 5.5 --baseline "$T/old.json"
	is "baseline: something new" $? 1 "$T/baseline.json" '"change": "new"' "$T/baseline.json" '"change": "known"'
	judged baseline.json --only 5.5 --baseline "$T/anew.json" -o text="$T/report.txt"
	is "baseline: nothing new" $? 0 "$T/baseline.json" '"known": 1}' "$T/report.txt" \
		"no rule at or above low fails; 1 not new since the baseline (exit 0)"
	"$seaworthy" render -o json "$T/baseline.json" >"$T/again" 2>"$T/err"
	if cmp -s "$T/baseline.json" "$T/again"; then pass; else fail "baseline: render writes other bytes"; fi
	judged baseline.json --only 5.5 --baseline "$T/anew.json" --tailoring "$T/waive.yaml"
	is "baseline: and a waiver" $? 0
	judged waived.json --only 5.5 --tailoring "$T/waive.yaml"
	judged baseline.json --only 5.5 --baseline "$T/waived.json"
	is "baseline: what was waived is worse without the waiver" $? 1 "$T/baseline.json" '"change": "worse"'
	snapshot=$snapshots/docker-26.1.snap
fi

judged few.json --only 2.1
differ "diff: what is not judged any more" 3 all.json few.json "(was fail, is not judged)"
differ "diff: what was not judged" 1 few.json all.json "(was not there, is fail)"
judged waived.json --only 5.5 --tailoring "$T/waive.yaml"
judged plain.json --only 5.5
differ "diff: waived now" 0 plain.json waived.json "(was fail, is waived)"
differ "diff: no longer waived" 1 waived.json plain.json "(was waived, is fail)"
mkdir "$T/tree"
"$seaworthy" collect --root "$T/tree" -o "$T/none.snap" >/dev/null 2>&1
snapshot=$T/none.snap
judged none.json
differ "diff: hosts without facts" 3 all.json none.json
snapshot=$snapshots/docker-26.1.snap
judged baseline.json --baseline "$T/nothing.json"
is "baseline: not there" $? 2
echo '{"seaworthy": 1' >"$T/bad.json"
judged baseline.json --baseline "$T/bad.json"
is "baseline: no report" $? 2
differ "diff: no report" 2 bad.json all.json
"$seaworthy" diff "$T/all.json" 2>"$T/err"
is "diff: one report" $? 2 "$T/err" "diff takes two reports, the older one first"
"$seaworthy" diff -o csv "$T/all.json" "$T/all.json" 2>"$T/err"
is "diff: no such format" $? 2 "$T/err" "-o csv: diff writes text, json or markdown"

# --- verify -------------------------------------------------------------------------------------

# verify NAME STATUS TEXT FILE...: the text is in what it says.
verify() {
	name=$1 wanted=$2 text=$3
	shift 3
	"$seaworthy" verify --now 2026-11-22 "$@" >"$T/said" 2>&1
	is "verify: $name" $? "$wanted" "$T/said" "$text"
}
verify "a snapshot" 0 "docker-26.1.snap: snapshot, sound" "$snapshot"
verify "a report" 0 "all.json: report, sound" "$T/all.json"
verify "a tailoring" 0 "tailor.yaml: tailoring, sound" "$T/tailor.yaml"
verify "a profile" 0 "cis-docker-1.8.0.yaml: profile, sound" "$srcdir/profiles/cis-docker-1.8.0.yaml"
verify "an idle waiver" 3 "part.yaml:4:6: the waiver of 5.44 (o) covers nothing: no rule is '5.44'" "$T/part.yaml"
printf 'tailoring: 1\nwaivers:\n  - {rule: 5.9, profile: docker-host, subject: "*", reason: x, owner: o, until: 2027-01-01}\n' >"$T/other.yaml"
verify "a waiver of another profile's rule" 3 "other.yaml:3:6: the waiver of 5.9 (o) covers nothing: no rule of 'docker-host' is '5.9'" \
	-p cis-docker-1.8.0 -p docker-host "$T/other.yaml"
if grep -qF 'did you mean' "$T/said"; then fail "verify: a name that is there is no hint"; else pass; fi
verify "a waiver that expired" 3 "waive.yaml:3:5: the waiver of container.privileged (build@example.com) expired" \
	--now 2026-12-01 "$T/waive.yaml"
printf 'id: x\ntitle: X\nrules: [{ref: 1, chek: a}]\n' >"$T/v.yaml"
verify "a profile with a misspelt key" 1 "v.yaml:3:18: a rule has no key 'chek' (did you mean 'check'?)" "$T/v.yaml"
printf 'id: x\ntitle: X\nrules: [{ref: 1, check: container.privilegd}]\n' >"$T/v.yaml"
verify "a profile with a misspelt check" 1 "v.yaml:3:18: rule 1: there is no check 'container.privilegd' (did" "$T/v.yaml"
printf 'tailoring: x\nwaivers: [{rule: 5.5, subject: a, reason: r, owner: o, until: 1}]\n' >"$T/v.yaml"
verify "a tailoring with a wrong date" 1 "v.yaml:2:56: '1' is no day" "$T/v.yaml"
printf 'waivers: []\n' >"$T/v.yaml"
verify "a tailoring without its first key" 1 "v.yaml:1:1: a tailoring lacks 'tailoring'" "$T/v.yaml"
head -c 100000 "$snapshot" >"$T/v.snap"
verify "a snapshot that is cut off" 1 "v.snap: cut off" "$T/v.snap"
head -n 2 "$snapshot" >"$T/v.snap"
verify "a snapshot without an end" 1 "v.snap: cut off: there is no end" "$T/v.snap"
head -n 20 "$T/all.json" >"$T/v.json"
verify "a report that is cut off" 1 "v.json:21:0: is no report" "$T/v.json"
sed 's/"verdict": "fail"/"verdict": "pass"/' "$T/plain.json" >"$T/v.json"
verify "a report with another verdict" 1 "its summary does not count its results" "$T/v.json"
sed '0,/"verdict": "fail"/s//"verdict": "flop"/' "$T/all.json" >"$T/v.json"
verify "a report with a verdict that is none" 1 "'flop' is no verdict" "$T/v.json"
: >"$T/v.yaml"
verify "an empty file" 1 "v.yaml:1:1: there is nothing in it" "$T/v.yaml"
verify "no file" 2 "No such file" "$T/nothing"
verify "a folder" 2 "is no regular file" "$T"
verify "several" 1 "all.json: report, sound" "$T/v.json" "$T/part.yaml" "$T/all.json"

# bad NAME TEXT: the file bad.yaml is refused, with status 2.
bad() {
	audit --tailoring "$T/bad.yaml"
	is "refused: $1" $status 2 "$T/err" "$2"
}

echo 'tailoring: x' >"$T/bad.yaml"
audit --tailoring "$T/bad.yaml" --only 5.5
is "a file that says nothing" $status 1
echo 'waivers: []' >"$T/bad.yaml"
bad "without its first key" "bad.yaml:1:1: a tailoring lacks 'tailoring'"
printf 'tailoring: x\nwaiver: []\n' >"$T/bad.yaml"
bad "a misspelt key" "bad.yaml:2:1: a tailoring has no key 'waiver' (did you mean 'waivers'?)"
printf 'tailoring: x\nwaivers:\n  - {rule: 5.5, subject: a, reason: r, owner: o, until: 31.12.26}\n' \
	>"$T/bad.yaml"
bad "a wrong date" "bad.yaml:3:50: '31.12.26' is no day; YYYY-MM-DD is wanted"
printf 'tailoring: x\nwaivers: &a [*a]\n' >"$T/bad.yaml"
bad "an anchor" "bad.yaml:2:10: anchors"
printf 'tailoring: \377\n' >"$T/bad.yaml"
bad "no UTF-8" "bad.yaml: byte"
head -c 1100000 /dev/zero | tr '\0' a >"$T/bad.yaml"
bad "too large" "bad.yaml: larger than 1 MiB"
: >"$T/bad.yaml"
bad "empty" "bad.yaml:1:1: there is nothing in it"
# change TEXT REFUSAL: an entry of change that is refused.
change() {
	printf 'tailoring: x\nchange:\n  - %s\n' "$1" >"$T/bad.yaml"
	bad "$1" "$2"
}
change '{rule: 5.99, level: 1}' "bad.yaml:3:6: no rule is '5.99' (did you mean '5.9'?)"
change '{rule: 5.9, levl: 1}' "bad.yaml:3:17: a change has no key 'levl' (did you mean 'level'?)"
change '{rule: 5.9, level: 3}' "bad.yaml:3:17: level is 1 or 2"
change '{rule: 5.9, select: false}' "bad.yaml:3:17: a rule that is left out wants a 'why'"
change '{rule: 5.9, select: no, why: x}' "'select' must be true or false"
change '{rule: 5.9, level: 1, why: "  "}' "bad.yaml:3:27: a change: 'why' is empty"
change '{rule: 5.9, why: x}' "a change has one of"
change '{rule: 5.9, severity: hihg}' "bad.yaml:3:17: there is no severity 'hihg' (did you mean 'high'?)"
change '{rule: 5.9, params: {alowed_ports: [1]}}' \
	"bad.yaml:3:26: no rule that is '5.9' has a parameter 'alowed_ports' (did you mean 'allowed_ports'?)"
change '{rule: 5.9, params: {allowed_ports: {}}}' "bad.yaml:3:26: rule 5.9: allowed_ports takes a list"
printf 'tailoring: x\nadd:\n  rules: []\n' >"$T/bad.yaml"
bad "add without a profile" "bad.yaml:2:1: 'add' needs 'profile'"
printf 'tailoring: x\nprofile: cis-docker-1.8.0\nadd:\n  rules: [{ref: 5.99, check: container.privilegd}]\n' \
	>"$T/bad.yaml"
bad "add: no such check" "bad.yaml:4:23: rule 5.99: there is no check 'container.privilegd' (did you mean"
printf 'tailoring: x\nprofile: cis-docker-1.8.0\nadd:\n  rules: [{ref: Z.1, check: container.privileged}]\n' \
	>"$T/bad.yaml"
bad "add: no such group" "bad.yaml:4:12: no group of the profile holds rule Z.1"
printf 'tailoring: x\nprofile: ""\nchange: [{rule: 5.9, level: 1}]\n' >"$T/bad.yaml"
bad "a profile without a name" "bad.yaml:2:1: 'profile' is empty"
{ printf 'tailoring: x\nchange:\n'; yes ' - {rule: 5.9, level: 1}' | head -n 10001; } >"$T/bad.yaml"
bad "too many changes" "bad.yaml:3:2: more than 10000 changes"
printf 'tailoring: x\nprofile: cis-dokcer\nchange: [{rule: 5.9, level: 1}]\n' >"$T/bad.yaml"
bad "no such profile" "no profile of this run is 'cis-dokcer'"
rm "$T/bad.yaml"
bad "not there" "bad.yaml: No such file"
audit --tailoring "$T/waive.yaml" --tailoring "$T/waive.yaml"
is "refused: given twice" $status 2 "$T/err" "is given twice"
set --
mkdir "$T/many"
while [ $# -lt 514 ]; do
	echo "tailoring: $#" >"$T/many/$#.yaml"
	set -- "$@" --tailoring "$T/many/$#.yaml"
done
audit "$@"
is "refused: too many files" $status 2 "$T/err" "tailoring: more than 256 files"
shift 2
audit "$@" --only 5.5
is "as many files as may be" $status 1

# --- what the site has installed ----------------------------------------------------------------

# site OPTIONS: an audit whose /etc has $T/site as its folder of tailoring, and nothing else.
site() {
	PROGRAM=$(realpath "$seaworthy") SNAPSHOT=$(realpath "$snapshots/docker-26.1.snap") SITE=$T/site \
		$own sh -c '
		exec 3<"$SNAPSHOT"
		cp -r "$SITE" "$SITE/../installed"
		mount -t tmpfs none /etc && mkdir -p /etc/seaworthy/tailoring.d || exit 99
		cp "$SITE/../installed/."* "$SITE/../installed/"* /etc/seaworthy/tailoring.d/ 2>/dev/null
		[ -z "$BEFORE" ] || eval "$BEFORE"
		exec "$PROGRAM" audit -p cis-docker-1.8.0 --snapshot - --now 2026-11-22 --only 5.5 -o json "$@" <&3
		' site "$@" >"$T/report.json" 2>"$T/err"
	status=$?
	rm -rf "$T/installed"
}
BEFORE=
export BEFORE
# The reader is another user, so one is needed.
own="unshare -m"
[ "$(id -u)" -eq 0 ] || own="unshare -r --map-auto -m"
if ! $own mount -t tmpfs none /etc 2>/dev/null; then
	echo "note: no namespaces of our own: /etc/seaworthy/tailoring.d was not tried"
	echo "$passed passed, $failed failed"
	[ "$failed" -eq 0 ]
	exit
fi
mkdir "$T/site"
D=/etc/seaworthy/tailoring.d
site
is "site: an empty folder" $status 1 "$T/report.json" '"tailoring": []'
BEFORE='rmdir /etc/seaworthy/tailoring.d'
site
is "site: no folder" $status 1 "$T/report.json" '"tailoring": []'
BEFORE='rmdir /etc/seaworthy/tailoring.d; echo x >/etc/seaworthy/tailoring.d'
site
is "site: no folder but a file" $status 2 "$T/err" "$D: Not a directory"
BEFORE=
cp "$T/waive.yaml" "$T/site/50-waive.yaml"
site
is "site: a waiver" $status 0 "$T/report.json" "$D/50-waive.yaml" "$T/report.json" '"waived": true'
for number in 10 90; do
	printf 'tailoring: x\nchange: [{rule: 5.5, severity: %s}]\n' \
		"$([ $number -eq 10 ] && echo low || echo medium)" >"$T/site/$number-severity.yaml"
done
printf 'tailoring: [\n' >"$T/site/broken.yaml.disabled"
printf 'tailoring: [\n' >"$T/site/.hidden.yaml"
site
is "site: the last by name holds, and only *.yaml" $status 0 "$T/report.json" '"severity": "medium"'
printf 'tailoring: x\nchange: [{rule: 5.5, severity: high}]\n' >"$T/named.yaml"
site --tailoring "$T/named.yaml"
is "site: what is named comes after it" $status 0 "$T/report.json" '"severity": "high"' \
	"$T/report.json" "$T/named.yaml"
BEFORE='ln -s /nowhere /etc/seaworthy/tailoring.d/60-link.yaml'
site
is "site: a link that leads nowhere" $status 2 "$T/err" "$D/60-link.yaml: No such file"
BEFORE='mkdir /etc/seaworthy/tailoring.d/60-folder.yaml'
site
is "site: a folder" $status 2 "$T/err" "$D/60-folder.yaml"
BEFORE=
printf 'tailoring: x\nchange: [{rule: 5.5, severiti: low}]\n' >"$T/site/60-bad.yaml"
site
is "site: a faulty file" $status 2 "$T/err" "$D/60-bad.yaml:2:22: a change has no key 'severiti'"
rm "$T/site/60-bad.yaml"
printf 'tailoring: x\nchange: [{rule: host.boot.nothing, severity: low}]\n' >"$T/site/60-other.yaml"
site
is "site: a rule that this run does not judge" $status 0 "$T/report.json" \
	"60-other.yaml:2:11\", \"text\": \"no rule is 'host.boot.nothing'"
printf 'tailoring: x\nprofile: docker-host\nchange: [{rule: host.nothing, severity: low}]\n' \
	>"$T/site/60-other.yaml"
site
is "site: a profile that this run does not judge by" $status 0
if grep -q "no profile of this run" "$T/report.json"; then fail "site: a profile is blamed"; else pass; fi

sum_up
