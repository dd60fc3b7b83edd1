# shellcheck shell=sh
# SPDX-License-Identifier: Apache-2.0
# validators.sh: what other programs say of our formats; to be sourced after lib.sh, with $seaworthy,
# $srcdir and $T.
#
#	reads FORMAT FILE       a reader of the format takes it; status 2: there is none here
#	render_each NAME...     $T/NAME.json in all formats: whole, the same again, and reads takes it
#	validate NAME...        asks each validator that is there of $T/NAME.json in its format; those that
#	                        $needed names must be there
#
# Programs for sh -c and jq have variables of their own.
# shellcheck disable=SC2016

# What the distribution packages for Python is found by its own interpreter.
PATH=/usr/bin:$PATH

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

# Every format there is, twice, and a reader of each.
render_each() {
	"$seaworthy" list formats | awk '{ print $1 }' >"$T/formats"
	while read -r format; do
		for report; do
			file=$T/$report.$(printf %s "$format" | tr : -)
			ends "render -o $format" 0 "$seaworthy" render -o "$format=$file" "$T/$report.json"
			cp "$file" "$T/before" 2>/dev/null || : >"$T/before"
			ends "render -o $format, again" 0 "$seaworthy" render -o "$format=$file" "$T/$report.json"
			if [ -s "$file" ] && cmp -s "$file" "$T/before"; then pass; else fail "$format is not the same again"; fi
			reads "$format" "$file" >"$T/out" 2>"$T/err"
			case $? in
			0 | 2) pass ;;
			*) fail "$format of $report.json is not read" "$(head -n 5 "$T/err")" ;;
			esac
		done
	done <"$T/formats"
}

# render REPORT FORMAT FILE
render() {
	if ! "$seaworthy" render -o "$2=$T/$3" "$1" >"$T/said" 2>&1; then
		fail "render -o $2" "$(head -n 5 "$T/said")"
		return 1
	fi
}

prometheus() {
	good "$1: metrics" sh -c 'promtool check metrics <"$1" && ! promtool check metrics <"$1" 2>&1 | grep .' - "$T/$1.prom"
	sed 's/^seaworthy_exit_status /&x/' "$T/$1.prom" >"$T/broken"
	bad "$1: metrics" sh -c 'promtool check metrics <"$1"' - "$T/broken"
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

# linked FROM TO: a folder with links to what is in the other.
linked() {
	mkdir "$2" && ln -s "$1"/* "$2"
}

# NIST's schematron wants of each rule of a result in which there is an override that it has one too,
# which nothing with a waiver and a rule without can have. The same but for that, in $T/schemas: rules with an
# override are looked at.
mended_schematron() {
	[ ! -e "$T/schemas" ] || return 0
	schemas=$(oscap --version | sed -n 's/^Schema files: *//p')
	linked "$schemas" "$T/schemas" && rm "$T/schemas/xccdf" && linked "$schemas/xccdf" "$T/schemas/xccdf" &&
		rm "$T/schemas/xccdf/1.2" && linked "$schemas/xccdf/1.2" "$T/schemas/xccdf/1.2" || return
	rules=xccdf/1.2/xccdf_1.2-schematron.xsl
	rm "$T/schemas/$rules"
	sed 's|xccdf:TestResult\[xccdf:rule-result\[xccdf:override]]/xccdf:rule-result/xccdf:result|xccdf:TestResult/xccdf:rule-result[xccdf:override]/xccdf:result|' \
		"$schemas/$rules" >"$T/schemas/$rules"
}

scap() {
	xccdf=$T/$1.xccdf arf=$T/$1.arf
	good "$1: XCCDF" oscap xccdf validate --skip-schematron "$xccdf"
	if grep -q '<override' "$xccdf"; then
		good "$1: schematron of overrides" mended_schematron
		good "$1: XCCDF: schematron" env OSCAP_SCHEMA_PATH="$T/schemas" oscap xccdf validate "$xccdf"
		sed '0,/<new-result>[a-z]*/s//<new-result>pass/' "$xccdf" >"$T/broken"
		bad "$1: XCCDF: schematron" env OSCAP_SCHEMA_PATH="$T/schemas" oscap xccdf validate "$T/broken"
	else
		good "$1: XCCDF: schematron" oscap xccdf validate "$xccdf"
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

# --- all of them --------------------------------------------------------------------------------

render_all() {
	for format in xccdf:xccdf arf:arf; do
		if ! "$seaworthy" list formats | grep -q '^xccdf'; then continue; fi
		render "$T/$1.json" "${format%:*}" "$1.${format##*:}"
	done
	for format in hdf:hdf markdown:md html:html csv:csv ndjson:ndjson sarif:sarif sarif:all:all.sarif tap:tap prometheus:prom \
		gitlab:gitlab.json docker-bench:docker-bench.json; do
		render "$T/$1.json" "${format%:*}" "$1.${format##*:}"
	done
}

# each VALIDATOR NAME...
each() {
	validator=$1
	shift
	for report; do "$validator" "$report"; done
}

validate() {
	each render_all "$@"
	if has promtool; then each prometheus "$@"; fi
	if has python3; then
		each csv "$@"
		if has html5lib python3 -c 'import html5lib'; then each page "$@"; fi
		if has jsonschema python3 -c 'import jsonschema' && has jq && sarif_schema; then each sarif "$@"; fi
	fi
	if [ -e "$T/$1.xccdf" ] && has xmllint && has jq && has oscap; then each scap "$@"; fi
	if inspecjs; then each hdf "$@"; fi
	if has jq; then
		each json "$@"
		if has prove; then each tap "$@"; fi
		if has cmark-gfm; then each markdown "$@"; fi
	fi
}
