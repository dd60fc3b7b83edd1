#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
#
# The manual pages and the program say the same, in both directions: commands and options, sections of
# a snapshot, members of a report, keys and operators of a profile, functions of the public header.
#
# Wants srcdir (default .) and the program as $SEAWORTHY or $builddir/seaworthy. Prints what differs, and
# as its last line `N passed, M failed`.
set -u
LC_ALL=C
export LC_ALL

srcdir=${srcdir:-.}
program=${SEAWORTHY:-${builddir:-$srcdir/build}/seaworthy}
man=$srcdir/man
src=$srcdir/src
# shellcheck source=tests/lib.sh
. "$srcdir/tests/lib.sh"
workdir docs
work=$T

# same WHAT A NAME-OF-A B NAME-OF-B: the lines of the two files are the same set, and not empty.
same()
{
	sort -u "$2" >"$work/a"
	sort -u "$4" >"$work/b"
	[ -s "$work/a" ] || fail "$1: nothing found in $3"
	[ -s "$work/b" ] || fail "$1: nothing found in $5"
	comm -23 "$work/a" "$work/b" >"$work/only-a"
	comm -13 "$work/a" "$work/b" >"$work/only-b"
	while read -r word; do
		fail "$1: '$word' is in $3 and not in $5"
	done <"$work/only-a"
	while read -r word; do
		fail "$1: '$word' is in $5 and not in $3"
	done <"$work/only-b"
	passed=$((passed + $(comm -12 "$work/a" "$work/b" | wc -l)))
}

# Words of the macro in a page, one a line: words_of PAGE MACRO; of ".It Ic a , b" both.
words_of()
{
	sed -n "s/^\.It $2 //p" "$man/$1" | tr -d ',' | tr ' ' '\n' | grep -v '^$'
}

# --- commands and options -----------------------------------------------------------------------

# "--profile" of each line of --help.
options_of_help()
{
	"$program" "$1" --help | sed -n 's/^  \(    \|-., \)--\([a-z-]*\).*/\2/p'
}

# Long names of the options in the SYNOPSIS of a command; short ones by way of the list of options.
options_of_synopsis()
{
	awk -v command="$1" '
	/^\.It Fl [A-Za-z] , Fl Fl / { long[$3] = $7 }
	/^\.Sh /  { here = 0; synopsis = $2 == "SYNOPSIS" }
	/^\.Nm/   { here = 0 }
	synopsis && $1 == ".Cm" && $2 == command { here = 1 }
	here && $1 == ".Op" && $2 == "Fl" && $3 == "Fl" { names[++n] = $4; is_long[n] = 1 }
	here && $1 == ".Op" && $2 == "Fl" && $3 != "Fl" {
		for (i = 1; i <= length($3); i++)
			names[++n] = substr($3, i, 1)
	}
	END {
		for (i = 1; i <= n; i++)
			print is_long[i] ? names[i] : long[names[i]]
	}' "$man/seaworthy.1"
}

"$program" --help | sed -n 's/^  \([a-z]*\)  *[a-z].*/\1/p' >"$work/commands"
sed -n '/^\.Sh SYNOPSIS/,/^\.Sh DESCRIPTION/s/^\.Cm \([a-z]*\)$/\1/p' "$man/seaworthy.1" >"$work/synopsis"
awk '/^The commands are/ { here = 1 } /^\.El/ { here = 0 } here && $1 == ".It" { print $3 }' \
	"$man/seaworthy.1" >"$work/described"
same commands "$work/commands" --help "$work/synopsis" "the SYNOPSIS of seaworthy.1"
same commands "$work/commands" --help "$work/described" "the DESCRIPTION of seaworthy.1"

: >"$work/all-help"
while read -r command; do
	options_of_help "$command" >"$work/help"
	cat "$work/help" >>"$work/all-help"
	grep -vx help "$work/help" >"$work/help-but-help"
	options_of_synopsis "$command" >"$work/page"
	# One without options has none on the page either.
	if ! [ -s "$work/help-but-help" ]; then
		if [ -s "$work/page" ]; then fail "options of $command: --help has none"; else pass; fi
		continue
	fi
	same "options of $command" "$work/help-but-help" --help "$work/page" "the SYNOPSIS of seaworthy.1"
	# "( audit , doctor )" after an option names the commands it belongs to.
	awk -v command="$command" '
	/^\.Sh / { options = $2 == "OPTIONS" }
	options && $1 == ".It" { name = ""; for (i = 2; i < NF - 1; i++) if ($i == "Fl" && $(i + 1) == "Fl") name = $(i + 2) }
	options && $1 == ".Cm" && $2 == "(" { for (i = 3; i <= NF; i++) if ($i == command) print name }
	' "$man/seaworthy.1" >"$work/list"
	same "options of $command" "$work/help-but-help" --help "$work/list" "OPTIONS of seaworthy.1"
done <"$work/commands"
echo version >>"$work/all-help"
awk '/^\.Sh / { options = $2 == "OPTIONS" }
options && $1 == ".It" { for (i = 2; i < NF; i++) if ($i == "Fl" && $(i + 1) == "Fl") print $(i + 2) }' \
	"$man/seaworthy.1" >"$work/page"
same options "$work/all-help" --help "$work/page" "OPTIONS of seaworthy.1"
# "p profile profile": its letter, name and argument.
awk '/^\.Sh / { options = $2 == "OPTIONS" }
options && $1 == ".It" && $2 == "Fl" {
	letter = "-"
	name = argument = ""
	for (i = 2; i <= NF; i++) {
		if ($i == "Fl" && $(i + 1) == "Fl")
			name = $(i += 2)
		else if (!name && $i == "Fl")
			letter = $(i + 1)
		else if (name && $i !~ /^(Ar|Cm|Ns|Op)$/)
			argument = argument $i
	}
	if (name != "version")
		print letter, name, argument
}' "$man/seaworthy.1" >"$work/page"
while read -r command; do
	"$program" "$command" --help
done <"$work/commands" | sed -n 's/^  \(    \|-., \)--/\1 /p' | awk '
{
	letter = $1 ~ /^-.,$/ ? substr($1, 2, 1) : "-"
	line = $0
	sub(/^(-.,| ) */, "", line)
	n = match(line, /  |$/)
	split(substr(line, 1, n - 1), word, " ")
	gsub(/[][]/, "", word[2])
	print letter, word[1], tolower(word[2])
}' >"$work/arguments"
same "arguments of options" "$work/arguments" --help "$work/page" "OPTIONS of seaworthy.1"

"$program" list formats | awk '{ print $1 }' >"$work/formats"
sed -n '/^\.Ss Formats/,/^\.El/s/^\.It Cm //p' "$man/seaworthy.1" >"$work/page"
# A build without libxml2 has no format that is XML.
if grep -qx junit "$work/formats"; then
	same formats "$work/formats" "list formats" "$work/page" seaworthy.1
fi

grep -o 'getenv("[A-Z_]*")' "$src"/*.c | sed 's/.*("\(.*\)")/\1/' >"$work/getenv"
sed -n '/^\.Sh ENVIRONMENT/,/^\.Sh FILES/s/^\.It Ev //p' "$man/seaworthy.1" | tr -d ',' | tr ' ' '\n' |
	grep . >"$work/page"
same environment "$work/getenv" "the source" "$work/page" seaworthy.1

# --- sections of a snapshot ---------------------------------------------------------------------

# Sections are named where they are recorded, in a table of replies, or in a list called sections.
for side in host engine; do
	# A call may be broken over lines.
	cat "$src"/collect*.c | tr -s ' \t\n' ' ' | sed 's/( /(/g; s/; /;\n/g' | awk -v side="$side" '
	function strings(line) {
		while (match(line, /"[a-z-]+"/)) {
			print side "/" substr(line, RSTART + 1, RLENGTH - 2)
			line = substr(line, RSTART + RLENGTH)
		}
	}
	{
		line = $0
		while (match(line, "collect_" side "_section\\(c, \"[a-z-]+\"")) {
			rest = substr(line, RSTART + RLENGTH)
			strings(substr(line, RSTART, RLENGTH))
			line = rest
		}
	}
	side == "host" && match($0, /section_from\(c, "[a-z-]+"/) { strings(substr($0, RSTART, RLENGTH)) }
	side == "engine" && / sections\[\] = \{/ { strings($0) }
	side == "engine" {
		line = $0
		while (match(line, /(\.section = |\{ )"[a-z-]+", (\.endpoint = )?GET_/)) {
			rest = substr(line, RSTART + RLENGTH)
			strings(substr(line, RSTART, RLENGTH))
			line = rest
		}
	}'
done >"$work/code"
words_of seaworthy-snapshot.5 Sy | grep / >"$work/page"
same "sections of a snapshot" "$work/code" "src/collect*.c" "$work/page" seaworthy-snapshot.5

# --- members of a report ------------------------------------------------------------------------

grep -oE '(json_(put|open)[a-z_]*|put_names|put_or_null)\(&?w, "[a-z_]+"' "$src/report_json.c" |
	sed 's/.*"\(.*\)"/\1/' >"$work/code"
printf '%s\n' pass fail warn skip unknown >>"$work/code"
sed -n 's/^\.\(It \)\{0,1\}Va //p' "$man/seaworthy-report.5" | tr -d ',;:.()' | tr ' ' '\n' |
	grep . >"$work/page"
printf '%s\n' pass fail warn skip unknown >>"$work/page"
same "members of a report" "$work/code" src/report_json.c "$work/page" seaworthy-report.5

# What is told of many hosts, but for the words of verdicts and severities.
grep -oE 'json_(put|open)[a-z_]*\(&?w, "[a-z_]+"|put_counts\(w, "[a-z]+"' "$src/fleet_formats.c" |
	sed 's/.*"\(.*\)"/\1/' >"$work/code"
printf '%s\n' pass fail warn skip unknown waived >>"$work/code"
sed -n '/^\.Sh MANY HOSTS/,/^\.Sh EXIT/s/^\.\(It \)\{0,1\}Ic //p' "$man/seaworthy-report.5" |
	tr -d ',;:.()' | tr ' ' '\n' | grep . >"$work/page"
same "members of a report on many hosts" "$work/code" src/fleet_formats.c "$work/page" seaworthy-report.5

# --- profiles -----------------------------------------------------------------------------------

cat "$src"/profile*.c "$src"/expr.c | grep -oE '\{ "[^"]+", (YAML_|TAKES_|compile_)' |
	sed 's/{ "\([^"]*\)".*/\1/' >"$work/code"
grep -oE 'streq\((key|name), "[a-z]+"\)' "$src/expr.c" | sed 's/.*"\(.*\)".*/\1/' >>"$work/code"
sed -n 's/^\.\(It \)\{0,1\}Ic //p' "$man/seaworthy-profile.5" | tr -d '(),.:' | tr ' ' '\n' |
	grep . >"$work/page"
same "keys and operators of a profile" "$work/code" src "$work/page" seaworthy-profile.5

cat "$src"/tailoring*.c "$src"/waiver.c | grep -oE '\{ "[^"]+", YAML_' | sed 's/{ "\([^"]*\)".*/\1/' >"$work/code"
words_of seaworthy-tailoring.5 Ic >"$work/page"
same "keys of a tailoring" "$work/code" src "$work/page" seaworthy-tailoring.5

# --- the public header --------------------------------------------------------------------------

header=$srcdir/include/seaworthy/check.h
sed -n '/^typedef/d; s/^[a-z].*[ *]\(sw_[a-z_]*\)(.*/\1/p' "$header" >"$work/code"
sed -n 's/^\.Fn \(sw_[a-z_]*\) ".*/\1/p' "$man/seaworthy-check.3" >"$work/page"
same "functions of check.h" "$work/code" check.h "$work/page" "the SYNOPSIS of seaworthy-check.3"
sed -n 's/^\.It Fn \(sw_.*\)/\1/p; s/^\.Fn \(sw_[a-z_]*\) *[,.]*$/\1/p; s/^\.Fn \(sw_[a-z_]*\) [,.]$/\1/p' \
	"$man/seaworthy-check.3" | sed 's/Fn//g' | tr -d ',' | tr ' ' '\n' | grep . >"$work/page"
same "functions of check.h" "$work/code" check.h "$work/page" "the DESCRIPTION of seaworthy-check.3"
grep -oE 'SW_[A-Z_]+' "$header" | grep -vxE 'SW_PRINTF|SW_VERDICTS' >"$work/code"
grep -oE 'SW_[A-Z_]+' "$man/seaworthy-check.3" >"$work/page"
same "constants of check.h" "$work/code" check.h "$work/page" seaworthy-check.3

# --- the pages themselves -----------------------------------------------------------------------

for page in "$man"/*.[1-8]; do
	if command -v mandoc >/dev/null 2>&1; then
		if trouble=$(mandoc -Tlint -Wwarning "$page"); then pass; else fail "mandoc: $trouble"; fi
	fi
	sed -n 's/^\.Xr \(seaworthy[a-z-]*\) \([1-8]\).*/\1.\2/p' "$page" | sort -u >"$work/xr"
	while read -r other; do
		if [ -f "$man/$other" ]; then pass; else fail "$page refers to $other"; fi
	done <"$work/xr"
done

# --- the report that README shows -------------------------------------------------------------------

"$program" audit --snapshot "$srcdir/tests/snapshots/docker-28.5.snap" -p cis-docker-1.8.0 --now 2026-11-22 2>&1 |
	sed 's/   without sandbox$//' >"$work/report"
awk '/^```/ { here = 0 } here && $0 != "[...]" && $0 != "" { print } /shortened at/ { seen = 1 } /^```/ && seen { here = 1; seen = 0 }' \
	"$srcdir/README.md" >"$work/shown"
[ "$(wc -l <"$work/shown")" -gt 20 ] || fail "README: no report is found"
while IFS= read -r line; do
	if grep -qxF -- "$line" "$work/report"; then pass; else fail "README shows what is not printed: $line"; fi
done <"$work/shown"

sum_up
