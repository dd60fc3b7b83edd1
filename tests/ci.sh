#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# ci.sh: what a build job does, from end to end, on a recorded engine: audit, waive, compare, render in
# every format there is and hand each to a reader of it, mend, and look at many hosts.
#
# Needs no root, no Docker and no network. Formats without a reader here are only looked at for being
# whole and the same again. Ends with "N passed, M failed".
set -u

srcdir=${srcdir:-.}
builddir=${builddir:-.}
seaworthy=${SEAWORTHY:-$builddir/seaworthy}
snapshots=$srcdir/tests/snapshots
# shellcheck source=tests/lib.sh
. "$srcdir/tests/lib.sh"
workdir ci

audit() {
	"$seaworthy" audit -p cis-docker-1.8.0 --snapshot "$1" --now 2026-11-22 -o json="$2" -o text="$2.txt" \
		--tailoring "$T/house.yaml" --only '5.*'
}

printf 'tailoring: The house\n' >"$T/house.yaml"
ends "the first audit" 1 audit "$snapshots/docker-26.1-hardened.snap" "$T/then.json"
ends "the next audit" 1 audit "$snapshots/docker-26.1.snap" "$T/now.json"
ends "what is new" 1 "$seaworthy" diff "$T/then.json" "$T/now.json"
ends "nothing is new" 0 "$seaworthy" diff "$T/now.json" "$T/now.json"
cat >>"$T/house.yaml" <<EOF
waivers:
  - {rule: "5.*", subject: "*", reason: A machine for trials., owner: me, until: 2026-12-31, verdicts: [fail, unknown]}
EOF
ends "all is waived" 0 audit "$snapshots/docker-26.1.snap" "$T/waived.json"
ends "nothing new that is not waived" 0 "$seaworthy" diff "$T/then.json" "$T/waived.json"
ends "no longer waived" 1 "$seaworthy" diff "$T/waived.json" "$T/now.json"
ends "reports are sound" 0 "$seaworthy" verify --now 2026-11-22 "$T/then.json" "$T/now.json" "$T/waived.json" "$T/house.yaml"

# reads FORMAT FILE: somebody else reads it; 2: nobody here does.
reads() {
	case $1 in
	json | sarif | sarif:* | hdf | gitlab | docker-bench) python3 -m json.tool "$2" ;;
	ndjson) python3 -c 'import json, sys; [json.loads(line) for line in open(sys.argv[1])]' "$2" ;;
	csv) python3 -c '
import csv, sys
rows = list(csv.reader(open(sys.argv[1], newline=""), strict=True))
sys.exit(len(rows) < 2 or any(len(row) != len(rows[0]) for row in rows))' "$2" ;;
	junit | junit:* | xccdf | arf)
		python3 -c 'import sys, xml.dom.minidom; xml.dom.minidom.parse(sys.argv[1])' "$2"
		;;
	html)
		python3 -c '
import html.parser, sys
class Reader(html.parser.HTMLParser):
    depth = 0
    def handle_starttag(self, tag, attributes):
        self.depth += tag in ("html", "body", "main", "table", "section", "details")
    def handle_endtag(self, tag):
        self.depth -= tag in ("html", "body", "main", "table", "section", "details")
reader = Reader()
reader.feed(open(sys.argv[1]).read())
sys.exit(reader.depth != 0)' "$2"
		;;
	tap) python3 -c '
import re, sys
text = open(sys.argv[1]).read()
plan = int(re.search(r"^1\.\.(\d+)$", text, re.M).group(1))
sys.exit(len(re.findall(r"^(?:not )?ok ", text, re.M)) != plan)' "$2" ;;
	prometheus) ! grep -vE '^(#|[a-z_]+(\{.*\})? [0-9.e+-]+$)' "$2" ;;
	github) ! grep -vE '^::(error|warning|notice|group|endgroup)|^[^:]' "$2" ;;
	*) return 2 ;;
	esac
}

"$seaworthy" list formats | awk '{ print $1 }' >"$T/formats"
while read -r format; do
	for report in now waived; do
		file=$T/$report.$(printf %s "$format" | tr : -)
		ends "render -o $format" 0 "$seaworthy" render -o "$format=$file" "$T/$report.json"
		cp "$file" "$T/before" 2>/dev/null || : >"$T/before"
		ends "render -o $format, again" 0 "$seaworthy" render -o "$format=$file" "$T/$report.json"
		if [ -s "$file" ] && cmp -s "$file" "$T/before"; then pass; else fail "$format is not the same again"; fi
		reads "$format" "$file" >"$T/out" 2>"$T/err"
		case $? in
		0 | 2) pass ;;
		*) fail "$format of $report.json is not read" ;;
		esac
	done
done <"$T/formats"
ends "render: the same text" 0 "$seaworthy" render -o text="$T/again.txt" "$T/now.json"
# But for the line with the time that it took, which is not kept.
if grep -q "container\|5\.5" "$T/again.txt"; then pass; else fail "the text has no rules"; fi

# The numbers in the order in which the text lists them.
listed() {
	"$seaworthy" render --show all --sort "$1" "$T/now.json" 2>"$T/err" |
		sed -n 's/^ \(FAIL\|UNKN\|WARN\|PASS\|SKIP\) *\([a-z]*\)  *\(5\.[0-9]*\) .*/\1 \2 \3/p'
}
listed ref | cut -d ' ' -f 3 >"$T/refs"
if [ "$(wc -l <"$T/refs")" -gt 15 ] && sort -V -c "$T/refs" 2>"$T/err"; then pass; else fail "--sort ref"; fi
listed severity | cut -d ' ' -f 2 | uniq >"$T/refs"
if [ "$(tr '\n' ' ' <"$T/refs")" = "critical high medium low " ]; then pass; else fail "--sort severity"; fi
listed verdict | cut -d ' ' -f 1 | uniq >"$T/refs"
if [ "$(sort "$T/refs" | uniq -d)" = "" ] && [ "$(head -n 1 "$T/refs")" = FAIL ]; then pass; else fail "--sort verdict"; fi

ends "fix" 0 "$seaworthy" fix "$T/now.json"
cp "$T/out" "$T/fix.sh"
ends "fix: is a script" 0 sh -n "$T/fix.sh"
mkdir "$T/fleet"
cp "$T/then.json" "$T/now.json" "$T/fleet"
ends "many hosts" 0 "$seaworthy" render "$T/fleet" -o csv
ends "explain" 0 "$seaworthy" explain 5.5 host.hardened
if grep -q 'also *cis-docker-1.6.0 5.5; cis-docker-1.7.0 5.5' "$T/out"; then pass; else fail "explain: other numbers"; fi
if tr -s '\n ' ' ' <"$T/out" | grep -q 'related to NIST SP 800-53 r5 AC-6; NIST SP 800-190 4.4.3; ATT&CK for Containers T1611 '; then pass; else fail "explain: related"; fi
ends "list rules as JSON" 0 "$seaworthy" list rules -p cis-docker-1.8.0 -o json
cp "$T/out" "$T/rules"
ends "list rules: related" 0 python3 - "$T/rules" <<'END'
import json, sys
rules = {rule["check"]: rule["related"] for rule in json.load(open(sys.argv[1]))}
assert rules["container.privileged"] == {"nist-800-53-r5": ["AC-6"], "nist-800-190": ["4.4.3"], "attack-containers": ["T1611"]}
assert rules["container.healthcheck"] == {}
END
ends "explain what is not" 2 "$seaworthy" explain 5.999

sum_up
