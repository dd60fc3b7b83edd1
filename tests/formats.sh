#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# formats.sh: what other programs say of our formats: validators, and readers of each.
#
# Two reports are looked at: the hostile one of t_report, and that of a recorded engine, with a
# baseline. A tool that is not there is told of and passed over, but for those named in FORMATS_NEEDED
# ("promtool prove"), whose absence is a failure. SARIF's schema is in no package of the distributions: it is $SARIF_SCHEMA, or,
# where tools are named so, what npm brings, or left out. Ends with "N passed, M failed".
#
# Programs for sh -c and jq have variables of their own.
# shellcheck disable=SC2016
set -u
LC_ALL=C.UTF-8
export LC_ALL
# What the distribution packages for Python is found by its own interpreter.
PATH=/usr/bin:$PATH

srcdir=${srcdir:-.}
builddir=${builddir:-.}
seaworthy=${SEAWORTHY:-$builddir/seaworthy}
# shellcheck source=tests/lib.sh
. "$srcdir/tests/lib.sh"
workdir formats
needed=${FORMATS_NEEDED:-}

# render REPORT FORMAT FILE
render() {
	if ! "$seaworthy" render -o "$2=$T/$3" "$1" >"$T/said" 2>&1; then
		fail "render -o $2" "$(head -n 5 "$T/said")"
		return 1
	fi
}

# --- the validators -----------------------------------------------------------------------------

prometheus() {
	good "$1: metrics" sh -c 'promtool check metrics <"$1" && ! promtool check metrics <"$1" 2>&1 | grep .' - "$T/$1.prom"
	sed 's/^seaworthy_exit_status /&x/' "$T/$1.prom" >"$T/broken"
	bad "$1: metrics" sh -c 'promtool check metrics <"$1"' - "$T/broken"
}

alerts() {
	cp "$srcdir/examples/seaworthy.rules.yml" "$T/rules.yml"
	cp "$srcdir/tests/formats/alerts.yml" "$T/alerts.yml"
	good "alert rules" promtool check rules "$T/rules.yml"
	good "alert rules, tried" promtool test rules "$T/alerts.yml"
	for broken in 's/2 \* 86400/20 * 86400/' 's/14 \* 86400/7 * 86400/' 's/warnings > 0/warnings > 1/'; do
		sed "$broken" "$srcdir/examples/seaworthy.rules.yml" >"$T/rules.yml"
		bad "alert rules, tried" promtool test rules "$T/alerts.yml"
	done
}

# What prove counts is what the report has: a waived rule is to do, and fails nobody.
tap() {
	prove -e cat "$T/$1.tap" >"$T/proved" 2>/dev/null
	wanted=$(jq '[.results[] | select(.waived | not) | select(.verdict == "fail" or .verdict == "unknown")] | length' "$T/$1.json")
	if [ "$wanted" -gt 0 ]; then
		good "$1: prove" grep -q "Failed: $wanted)" "$T/proved"
	else
		good "$1: prove" grep -qx 'Result: PASS' "$T/proved"
	fi
	good "$1: prove reads all" sh -c '! grep "Parse errors" "$1"' - "$T/proved"
}

tap_broken() {
	sed '$d' "$T/hostile.tap" >"$T/broken"
	prove -e cat "$T/broken" >"$T/proved" 2>/dev/null
	good "prove counts" grep -q 'Parse errors' "$T/proved"
}

csv() {
	good "$1: CSV" python3 "$srcdir/tests/formats/table.py" "$T/$1.csv" "$T/$1.json"
	sed '2s/"/""/3' "$T/$1.csv" >"$T/broken"
	bad "$1: CSV" python3 "$srcdir/tests/formats/table.py" "$T/broken" "$T/$1.json"
}

# Nothing that a name or a reason says may become an element, a link or markup.
markdown() {
	cmark-gfm -e table -e autolink -e strikethrough "$T/$1.md" >"$T/html" 2>"$T/said"
	good "$1: Markdown" test -s "$T/html"
	grep -oE '<[a-zA-Z!][a-z0-9]*' "$T/html" | sort -u |
		grep -vxE '<(h1|h2|ul|li|p|pre|code|strong|table|thead|tbody|tr|th|td|!)' >"$T/said"
	good "$1: Markdown: elements" test ! -s "$T/said"
	rules=$(jq '[.results[] | select(.waived or (.verdict | IN("fail", "unknown", "warn")))] | length' "$T/$1.json")
	good "$1: Markdown: a block for each rule" test "$(grep -c '<pre lang="text">\|<pre><code class="language-text">' "$T/html")" -eq "$rules"
	good "$1: Markdown: counts stay in their columns" sh -c \
		'! grep "<td align=\"right\">" "$1" | grep -vx "<td align=\"right\">[0-9]*</td>"' - "$T/html"
}

# A parser as browsers have it: what a name says stays text, and the page asks for nothing.
page() {
	good "$1: HTML" python3 "$srcdir/tests/formats/page.py" "$T/$1.html" "$T/$1.json"
	sed 's/use strict/use no strict/' "$T/$1.html" >"$T/broken"
	bad "$1: HTML with another script" python3 "$srcdir/tests/formats/page.py" "$T/broken" "$T/$1.json"
	sed '0,/ id="h-results"/s//& onclick="x"/' "$T/$1.html" >"$T/broken"
	bad "$1: HTML with a handler" python3 "$srcdir/tests/formats/page.py" "$T/broken" "$T/$1.json"
}

page_broken() {
	sed 's/&lt;/</g' "$T/hostile.html" >"$T/broken"
	bad "HTML, not escaped" python3 "$srcdir/tests/formats/page.py" "$T/broken" "$T/hostile.json"
}

sarif_schema() {
	if [ -n "${SARIF_SCHEMA:-}" ]; then
		cp "$SARIF_SCHEMA" "$T/sarif.schema"
		return
	fi
	# `make check` asks no network.
	if [ -z "${FORMATS_NEEDED:-}" ]; then
		echo "note: no \$SARIF_SCHEMA: SARIF was not held against its schema"
		return 1
	fi
	has npm || return
	# Somebody else's, and not ours to hand on.
	if (cd "$T" && timeout 60 npm pack @microsoft/jest-sarif@1.0.0-beta.0 >npm.log 2>&1 &&
	    tar -xzOf microsoft-jest-sarif-1.0.0-beta.0.tgz package/lib/schemas/sarif-2.1.0-rtm.5.json >sarif.schema); then
		return
	fi
	echo "note: npm's registry is out of reach: SARIF was not held against its schema"
	return 1
}

sarif() {
	for kind in sarif all.sarif; do
		good "$1: $kind" python3 "$srcdir/tests/formats/schema.py" "$T/sarif.schema" "$T/$1.$kind"
		jq '.runs[0].results[0].kind = "no"' "$T/$1.$kind" >"$T/broken"
		bad "$1: $kind" python3 "$srcdir/tests/formats/schema.py" "$T/sarif.schema" "$T/broken"
	done
}

json() {
	good "$1: ndjson" jq -es '.[0].type == "report" and .[-1].type == "end" and
		.[-1].findings == ([.[] | select(.type == "finding")] | length)' "$T/$1.ndjson"
	good "$1: gitlab" jq -e 'all(.[]; (keys == ["check_name", "description", "fingerprint", "location", "severity"]) and
		(.severity | IN("info", "minor", "major", "critical", "blocker")) and
		(.location.path | startswith("/") or startswith("./") | not) and .location.lines.begin >= 1) and
		(map(.fingerprint) | length == (unique | length))' "$T/$1.gitlab.json"
	# As an importer of DefectDojo's looks at it.
	good "$1: docker-bench" jq -e --slurpfile report "$T/$1.json" '(.end | type) == "number" and
		([.tests[].results[] | select(.result == "WARN" and (.desc | contains("(Manual)") | not))] | length) ==
		([$report[0].results[] | select(.waived | not) | select(.verdict | IN("fail", "unknown"))] | length)' \
		"$T/$1.docker-bench.json"
}

# OpenSCAP 1.3's schematron takes every rule without an override for an error in a result that has
# any: of the hostile report, that has one, only these may be left, and XPath looks at what is meant.
scap() {
	xccdf=$T/$1.xccdf arf=$T/$1.arf
	good "$1: XCCDF" oscap xccdf validate --skip-schematron "$xccdf"
	oscap xccdf validate "$xccdf" >"$T/schematron" 2>/dev/null
	status=$?
	grep -v '^<?xml\|^$\|new-result\|preferred' "$T/schematron" >"$T/said"
	good "$1: XCCDF: schematron" test ! -s "$T/said"
	if grep -q '<override' "$xccdf"; then
		good "$1: XCCDF: overrides" test "$(xmllint --xpath 'count(//*[local-name()="override"][../*[local-name()="result"] != *[local-name()="new-result"]])' "$xccdf")" = 0
	else
		good "$1: XCCDF: schematron: $status" test $status -eq 0
	fi
	good "$1: ARF" oscap ds rds-validate "$arf"
	good "$1: ARF: info" sh -c 'oscap info "$1" | grep -q "Result Data Stream"' - "$arf"
	oscap xccdf generate report "$xccdf" >"$T/shown" 2>"$T/said"
	for word in fail unknown pass; do
		wanted=$(jq "[.results[] | select(.waived | not) | select(.verdict == \"$word\")] | length" "$T/$1.json")
		is=$(grep -o "rule-overview-leaf rule-overview-leaf-$word" "$T/shown" | grep -c .)
		good "$1: XCCDF: $is rules are shown as $word" test "$is" -eq "$wanted"
		is=$(grep -c "<result>$word</result>" "$xccdf")
		good "$1: XCCDF: $is rules are $word" test "$is" -eq "$wanted"
	done
	sed 's/<result>[a-z]*</<result>fine</' "$xccdf" >"$T/broken"
	bad "$1: XCCDF" oscap xccdf validate "$T/broken"
	sed 's/<core:ref>host/<core:ref>nobody/' "$arf" >"$T/broken"
	bad "$1: ARF" oscap ds rds-validate "$T/broken"
}

# The library by which Heimdall and SAF read it: somebody else's, and not ours to hand on.
inspecjs() {
	if [ -z "${FORMATS_NEEDED:-}" ] && [ -z "${INSPECJS:-}" ]; then
		echo "note: no \$INSPECJS: HDF was not read by its library"
		return 1
	fi
	has node || return
	[ -z "${INSPECJS:-}" ] || return 0
	has npm || return
	if (cd "$T" && timeout 60 npm pack inspecjs@2.12.6 >npm.log 2>&1 && tar -xzf inspecjs-2.12.6.tgz); then
		INSPECJS=$T/package
		return
	fi
	echo "note: npm's registry is out of reach: HDF was not read by its library"
	return 1
}

hdf() {
	good "$1: HDF" node "$srcdir/tests/formats/hdf.js" "$INSPECJS" "$T/$1.hdf" "$T/$1.json"
	jq '.profiles[0].controls[0].impact = "high"' "$T/$1.hdf" >"$T/broken"
	bad "$1: HDF" node "$srcdir/tests/formats/hdf.js" "$INSPECJS" "$T/broken" "$T/$1.json"
}

# --- two reports --------------------------------------------------------------------------------

cp "$srcdir/tests/golden/report.json" "$T/hostile.json"
"$seaworthy" audit -p cis-docker-1.8.0 --snapshot "$srcdir/tests/snapshots/docker-26.1.snap" --now 2026-11-22 \
	-o "json=$T/old.json" >"$T/said" 2>&1
"$seaworthy" audit -p cis-docker-1.8.0 --snapshot "$srcdir/tests/snapshots/docker-28.5.snap" --now 2026-11-22 \
	--baseline "$T/old.json" -o "json=$T/real.json" >"$T/said" 2>&1
good "audit" test -s "$T/real.json"
for report in hostile real; do
	for format in xccdf:xccdf arf:arf; do
		if ! "$seaworthy" list formats | grep -q '^xccdf'; then continue; fi
		render "$T/$report.json" "${format%:*}" "$report.${format##*:}"
	done
	for format in hdf:hdf markdown:md html:html csv:csv ndjson:ndjson sarif:sarif sarif:all:all.sarif tap:tap prometheus:prom \
		gitlab:gitlab.json docker-bench:docker-bench.json; do
		render "$T/$report.json" "${format%:*}" "$report.${format##*:}"
	done
done

each() {
	for report in hostile real; do "$1" $report; done
}

if has promtool; then
	each prometheus
	alerts
fi
if has python3; then
	each csv
	if has html5lib python3 -c 'import html5lib'; then
		each page
		page_broken
		if has jq && jq -f "$srcdir/tests/formats/inject.jq" "$T/hostile.json" >"$T/injected.json" &&
			render "$T/injected.json" html injected.html; then
			page injected
		fi
	fi
	if has jsonschema python3 -c 'import jsonschema' && has jq && sarif_schema; then each sarif; fi
fi
if [ -e "$T/real.xccdf" ] && has xmllint && has jq && has oscap; then each scap; fi
if inspecjs; then each hdf; fi
if has jq; then
	each json
	if has prove; then
		each tap
		tap_broken
	fi
	if has cmark-gfm; then each markdown; fi
fi

# --- what would mend it --------------------------------------------------------------------------

# As a shell, YAML and JSON read it; of the recorded host the words are looked at too.
mending() {
	for what in sh ansible daemon.json audit.rules sysctl.conf; do
		good "$1: fix --print $what" sh -c '"$0" fix --print "$1" "$2" >"$3" 2>/dev/null' "$seaworthy" "$what" \
			"$T/$1.json" "$T/$1.fix.$what"
	done
	good "$1: fix: sh" sh -n "$T/$1.fix.sh"
	if has shellcheck; then good "$1: fix: shellcheck" shellcheck -s sh "$T/$1.fix.sh"; fi
	if has jq; then good "$1: fix: daemon.json" jq -e 'type == "object"' "$T/$1.fix.daemon.json"; fi
	if has python3 && has yaml python3 -c 'import yaml'; then
		good "$1: fix: playbook" python3 "$srcdir/tests/formats/playbook.py" "$T/$1.fix.ansible"
	fi
}

fix_golden() {
	for what in sh ansible; do
		sed 's/seaworthy [0-9][0-9.]* found/seaworthy VERSION found/' "$T/small.fix.$what" >"$T/new"
		if [ "${UPDATE_GOLDEN:-}" ]; then cp "$T/new" "$srcdir/tests/golden/fix.$what"; fi
		good "fix --print $what: as in tests/golden" diff "$srcdir/tests/golden/fix.$what" "$T/new"
	done
}

"$seaworthy" audit -p cis-docker-1.8.0 --snapshot "$srcdir/tests/snapshots/docker-28.5.snap" --now 2026-11-22 \
	--only 2.1 --only 2.2 --only 2.4 --only 2.16 --only 1.1.3 --only 5.26 -o "json=$T/small.json" >"$T/said" 2>&1
each mending
mending small
fix_golden
if has python3 && has yaml python3 -c 'import yaml'; then
	sed '/notify/s/: .*/: nobody/' "$T/small.fix.ansible" >"$T/broken"
	bad "fix: playbook" python3 "$srcdir/tests/formats/playbook.py" "$T/broken"
fi

# --- a disk that is full, and nobody who reads ------------------------------------------------------

# Of every format: status 2, the reason, and no half of a report.
"$seaworthy" list formats | awk '{ print $1 }' >"$T/formats"
mkdir "$T/out"
while read -r format; do
	"$seaworthy" render -o "$format=/dev/full" "$T/hostile.json" >"$T/err" 2>&1
	status=$?
	good "$format to a full disk: $status" test $status -eq 2
	good "$format to a full disk" grep -q "No space left" "$T/err"
	# The block that fits is less than a report, and the signal would be its end.
	(trap '' XFSZ; ulimit -f 1; exec "$seaworthy" render -o "$format=$T/out/report" "$T/hostile.json") >"$T/said" 2>&1
	status=$?
	good "$format that is cut: $status" test $status -eq 2
	good "$format that is cut: nothing is left" test -z "$(ls -A "$T/out")"
done <"$T/formats"
{
	sleep 0.2 # until nobody reads
	while read -r format; do
		"$seaworthy" render -o "$format" "$T/hostile.json" 2>>"$T/broken-pipe"
		echo "$format $?" >>"$T/piped"
	done <"$T/formats"
} | :
good "to a closed pipe" sh -c '! grep -v " 2$" "$1"' - "$T/piped"
good "to a closed pipe: all" test "$(grep -c . "$T/piped")" -eq "$(grep -c 'Broken pipe' "$T/broken-pipe")"

# --- the plugin ---------------------------------------------------------------------------------

# monitored STATUS OPTIONS...
monitored() {
	wanted=$1
	shift
	SEAWORTHY=$seaworthy "$srcdir/examples/check_seaworthy" "$@" >"$T/said" 2>&1
	status=$?
	good "check_seaworthy $*: $status instead of $wanted" test $status -eq "$wanted"
}

snapshot=$srcdir/tests/snapshots/docker-28.5.snap
monitored 2 --snapshot "$snapshot" -p cis-docker-1.8.0
sound=$(jq -r 'first(.results[] | select(.verdict == "pass") | .ref)' "$T/real.json" 2>/dev/null)
if [ -n "$sound" ]; then monitored 0 --snapshot "$snapshot" -p cis-docker-1.8.0 --only "$sound"; fi
monitored 3 --snapshot "$T/none"
monitored 3 --snapshot "$snapshot" --nonsense

sum_up
