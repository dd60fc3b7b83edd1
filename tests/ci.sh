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
# shellcheck source=tests/formats/validators.sh
. "$srcdir/tests/formats/validators.sh"

audit() {
	"$seaworthy" audit -p cis-docker-1.8.0 --snapshot "$1" --now 2026-11-22 -o json="$2" -o text="$2.txt" \
		--tailoring "$T/house.yaml" --only '5.*'
}

printf 'tailoring: The house\n' >"$T/house.yaml"
ends "the first audit" 1 audit "$snapshots/docker-26.1-hardened.snap" "$T/then.json"
ends "--subject that selects nothing, not in a swarm" 2 \
	"$seaworthy" audit -p cis-docker-1.8.0 --snapshot "$snapshots/docker-28.5.snap" --subject wbe
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

render_each now waived
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

# The first subject with the verdict of each, as listed: rules of one stand together, kinds in our order.
python3 - "$T/now.json" >"$T/culprits" <<'END'
import json, sys
for rule in json.load(open(sys.argv[1]))["results"]:
    subject = next(f["subject"] for f in rule["findings"] if f["verdict"] == rule["verdict"])
    print(rule["ref"], subject["kind"] + "/" + subject["name"])
END
listed subject | cut -d ' ' -f 3 | while read -r ref; do sed -n "s/^$ref //p" "$T/culprits"; done | uniq >"$T/refs"
if [ "$(wc -l <"$T/refs")" -gt 5 ] && [ "$(sort "$T/refs" | uniq -d)" = "" ]; then
	pass
else
	fail "--sort subject" "$(cat "$T/refs")"
fi

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
