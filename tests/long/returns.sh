#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
#
# returns.sh [FOLDER]: is there a line of checks/, or a side of a `return` that chooses between
# verdicts, which no case of tests/cases reaches? Builds there with counters, by default in the folder
# returns below $builddir, and wants gcov(1) of the compiler. Prints each place, and last how many there
# are; with one the status is 1.
set -eu

top=$(cd "$(dirname "$0")/../.." && pwd)
folder=${1:-${builddir:-.}/returns}
command -v gcov >/dev/null || { echo "returns: no gcov" >&2; exit 77; }
mkdir -p "$folder"
cd "$folder"
[ -f config.status ] || "$top/configure" --disable-sandbox CFLAGS='-O0 -g --coverage' LDFLAGS=--coverage >configure.log
make tests/t_cases >make.log 2>&1 || { tail make.log >&2; exit 1; }
find . -name '*.gcda' -delete
# Counters cost time: what is a hang is decided by make check.
srcdir=$top builddir=. CK_TIMEOUT_MULTIPLIER=20 CK_VERBOSITY=minimal tests/t_cases >cases.log 2>&1 || { cat cases.log >&2; exit 1; }
for file in checks/*.gcda; do
	gcov -t -b -c "$file" 2>/dev/null
done | awk '
	$1 == "-:" && $2 ~ /^0:Source:/ { file = $0; sub(/^.*Source:/, "", file); n = split(file, part, "/"); file = part[n] }
	# "        5:   31:		return x ? a : b;", and behind it "branch  0 taken 5 (fallthrough)"
	/^ *[^:]+: *[0-9]+:/ {
		split($0, at, ":")
		text = substr($0, length(at[1]) + length(at[2]) + 3)
		line = at[2] + 0
		chooses = text ~ /return .*\?.*(sw_(fail|warn|pass|skip|unknown)\(|SW_(FAIL|WARN|PASS|SKIP|UNKNOWN))/
		if (at[1] ~ /#####/)
			print "checks/" file ":" line ": " text
	}
	/^branch / && chooses && (/never executed/ || $4 == 0) {
		print "checks/" file ":" line ": one side alone: " text
		chooses = 0
	}' | sed 's/[	 ][	 ]*/ /g' | sort -u >unreached
cat unreached
n=$(wc -l <unreached)
echo "lines and returns of checks that no case reaches: $n"
[ "$n" -eq 0 ]
