#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# formats.sh: what other programs say of our formats: validators, and readers of each.
#
# Three reports are looked at: the hostile one of t_report, that of a recorded engine, with a
# baseline, and that of one whose tenants mean harm. A tool that is not there is told of and passed over, but for those named in FORMATS_NEEDED
# ("promtool prove"), whose absence is a failure. SARIF's schema is in no package of the distributions: it is $SARIF_SCHEMA, or,
# where tools are named so, what npm brings, or left out. Ends with "N passed, M failed".
#
# Programs for sh -c and jq have variables of their own.
# shellcheck disable=SC2016
set -u
LC_ALL=C.UTF-8
export LC_ALL

srcdir=${srcdir:-.}
builddir=${builddir:-.}
seaworthy=${SEAWORTHY:-$builddir/seaworthy}
# shellcheck source=tests/lib.sh
. "$srcdir/tests/lib.sh"
workdir formats
# shellcheck source=tests/formats/validators.sh
. "$srcdir/tests/formats/validators.sh"
needed=${FORMATS_NEEDED:-}

# --- two reports --------------------------------------------------------------------------------

cp "$srcdir/tests/golden/report.json" "$T/hostile.json"
"$seaworthy" audit -p cis-docker-1.8.0 --snapshot "$srcdir/tests/snapshots/docker-26.1.snap" --now 2026-11-22 \
	-o "json=$T/old.json" >"$T/said" 2>&1
"$seaworthy" audit -p cis-docker-1.8.0 --snapshot "$srcdir/tests/snapshots/docker-28.5.snap" --now 2026-11-22 \
	--baseline "$T/old.json" -o "json=$T/real.json" >"$T/said" 2>&1
good "audit" test -s "$T/real.json"
validate hostile real
# And what comes of facts that are hostile before anything was judged.
if has python3; then
	python3 "$srcdir/tests/formats/tenant.py" "$srcdir/tests/snapshots/docker-28.5-swarm.snap" "$T/tenant.snap"
	"$seaworthy" audit -p cis-docker-1.8.0 -p docker-extra --snapshot "$T/tenant.snap" --now 2026-11-22 \
		-o "json=$T/tenant.json" >"$T/said" 2>&1
	good "a tenant: audit" test -s "$T/tenant.json"
	validate tenant
fi

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

tap_broken() {
	sed '$d' "$T/hostile.tap" >"$T/broken"
	prove -e cat "$T/broken" >"$T/proved" 2>/dev/null
	good "prove counts" grep -q 'Parse errors' "$T/proved"
}

page_broken() {
	sed 's/&lt;/</g' "$T/hostile.html" >"$T/broken"
	bad "HTML, not escaped" python3 "$srcdir/tests/formats/page.py" "$T/broken" "$T/hostile.json"
}

if command -v promtool >/dev/null; then alerts; fi
if [ -e "$T/proved" ]; then tap_broken; fi
if python3 -c 'import html5lib' 2>/dev/null; then
	page_broken
	if has jq && jq -f "$srcdir/tests/formats/inject.jq" "$T/hostile.json" >"$T/injected.json" &&
		render "$T/injected.json" html injected.html; then
		page injected
	fi
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
each mending hostile real
if [ -s "$T/tenant.json" ]; then mending tenant; fi
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
