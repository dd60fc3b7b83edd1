#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
#
# Measures seaworthy against a program that only fetches, with a real engine of its own; prints markdown.
#
#	run.sh [SEAWORTHY]
#
# BENCH_SIZES    numbers of running containers, ascending (0 10 100)
# BENCH_CREATED  so many more at the end that were created and do not run (0)
# BENCH_IMAGES   so many images at the very end, each with a layer of its own (0)
# BENCH_ROUNDS   timed runs of each program for each number (9)
# BENCH_LOOSE    a seaworthy built with --disable-sandbox: also counts the reader's instructions (valgrind)
# DOCKER_BENCH   a folder with docker-bench-security.sh: also timed, once for each number
#
# A target is printed beside its value and never fails the run; the exit status is 0 when all was
# measured, 1 when a program failed, 77 when it cannot be measured here.

set -u
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd) || exit 1
LIVE_DIR=${LIVE_DIR:-/var/tmp/sw-bench}
# shellcheck source-path=SCRIPTDIR source=../live/lib.sh
. "$here/../live/lib.sh"

program=${1:-$here/../../build/seaworthy}
sizes=${BENCH_SIZES:-0 10 100}
created=${BENCH_CREATED:-0}
images=${BENCH_IMAGES:-0}
rounds=${BENCH_ROUNDS:-9}
profile=cis-docker-1.8.0
name=bench
running=0
failed=0

if why=$(live_missing) && command -v "${CC:-cc}" >/dev/null && [ -x "$program" ]; then
	program=$(realpath "$program")
else
	echo "not measured: ${why:-no compiler, or no program $program}"
	exit 77
fi

work=$(mktemp -d) || exit 1
bench_end()
{
	local status=$?

	trap - EXIT
	engine_wipe "$name" >&2
	rm -rf "$work"
	exit "$status"
}
trap bench_end EXIT

# --- the programs ---------------------------------------------------------------------------------

compile()
{
	local flags='-std=gnu17 -D_GNU_SOURCE -O2'

	# shellcheck disable=SC2046,SC2086 # words
	${CC:-cc} $flags -o "$work/measure" "$here/measure.c" &&
	${CC:-cc} $flags -o "$work/reference" "$here/reference.c" $(pkg-config --cflags --libs libcurl)
}

reference()
{
	"$work/measure" "$@" "$work/reference" "$(engine_sock "$name")"
}

audit()
{
	"$work/measure" "$@" "$program" audit -H "unix://$(engine_sock "$name")" -p "$profile" -o json
}

# The exit status is the last word of a line: a report with fails is a report.
checked()
{
	local line

	line=$("$@")
	case $line in
	*\ [013]) ;;
	*)
		live_say "failed: $*: $line"
		failed=1
		;;
	esac
	echo "${line% *}"
}

# --- containers -----------------------------------------------------------------------------------

grow_to()
{
	local want=$1 have

	while [ "$running" -lt "$want" ]; do
		d "$name" run -d sw/busybox:1 sleep 100000 >/dev/null || return 1
		running=$((running + 1))
	done
	have=$(d "$name" ps -q | wc -l)
	if [ "$have" -ne "$want" ]; then
		live_say "$have containers run instead of $want"
		return 1
	fi
}

create()
{
	local i

	for (( i = 0; i < created; i++ )); do
		d "$name" create sw/busybox:1 sleep 100000 >/dev/null || return 1
	done
}

# Containers keep images in use, so each is committed from one.
make_images()
{
	local i from

	from=$(d "$name" create sw/busybox:1 true) || return 1
	for (( i = 1; i < images; i++ )); do
		d "$name" commit -c "LABEL number=$i" "$from" "sw/bench:$i" >/dev/null || return 1
	done
	d "$name" rm "$from" >/dev/null
}

# --- figures --------------------------------------------------------------------------------------

column()
{
	awk -v c="$2" '{ print $c }' "$1" | sort -n
}

median()
{
	column "$1" "$2" | awk '{ v[NR] = $1 } END { print NR % 2 ? v[(NR + 1) / 2] : (v[NR / 2] + v[NR / 2 + 1]) / 2 }'
}

# quantity, unit's divisor, reference, seaworthy, target
row()
{
	awk -v n="$label" -v what="$1" -v by="$2" -v r="$3" -v s="$4" -v target="${5:-}" 'BEGIN {
		digits = by == 1 ? 0 : 1
		printf "| %s | %s | %.*f | %.*f | %s | %s |\n", n, what, digits, r / by, digits, s / by,
			(r > 0 ? sprintf("%.2f", s / r) : ""), target
	}'
}

# How the rows are called, and how many containers there are.
measure()
{
	local label=$1 size=$2 i used wall_target=
	local -a r s

	: >"$work/r"
	: >"$work/s"
	checked reference >/dev/null
	checked audit >/dev/null
	for (( i = 0; i < rounds; i++ )); do
		checked reference >>"$work/r"
		checked audit >>"$work/s"
	done
	read -r -a r <<<"$(checked reference -t)"
	read -r -a s <<<"$(checked audit -t)"
	used=$(d "$name" images -q --no-trunc | sort -u | wc -l)
	# Below ten containers the start of the program is all there is.
	[ "$size" -lt 10 ] || wall_target='ratio ≤ 1.5'
	row 'wall time, ms, median' 1000 "$(median "$work/r" 1)" "$(median "$work/s" 1)" "$wall_target"
	row 'wall time, ms, least' 1000 "$(column "$work/r" 1 | head -n 1)" "$(column "$work/s" 1 | head -n 1)"
	row 'CPU time, ms, median' 1000 "$(median "$work/r" 2)" "$(median "$work/s" 2)"
	row 'peak RSS of all processes, MiB' 1024 "${r[5]}" "${s[5]}" '< 20'
	row 'PSS of all processes, MiB' 1024 "${r[6]}" "${s[6]}"
	row 'anonymous memory, MiB' 1024 "${r[7]}" "${s[7]}"
	row 'requests' 1 "${r[3]}" "${s[3]}" "≤ $((8 + size + 2 * used))"
	row 'processes' 1 "${r[0]}" "${s[0]}" '3'
	row 'programs executed' 1 "${r[2]}" "${s[2]}" '1'
	row 'system calls' 1 "${r[4]}" "${s[4]}"
}

# The reader has given its uid away when it writes its output file, which is the one that knows its functions.
reader_instructions()
{
	local dir=$work/callgrind out

	rm -rf "$dir"
	mkdir -m 1777 "$dir"
	chmod 0711 "$work"
	valgrind --tool=callgrind --trace-children=yes --callgrind-out-file="$dir/%p" \
		"$BENCH_LOOSE" audit -H "unix://$(engine_sock "$name")" -p "$profile" -o json \
		>/dev/null 2>&1
	out=$(grep -l 'judge_finish' "$dir"/* | head -n 1)
	[ "$out" ] && awk '$1 == "summary:" || $1 == "totals:" { n = $2 } END { print n + 0 }' "$out"
}

other_tool()
{
	local line

	line=$(cd "$DOCKER_BENCH" && DOCKER_HOST=unix://$(engine_sock "$name") \
		"$work/measure" bash docker-bench-security.sh -b -l "$work/log")
	echo "$1 ${line% *}" >>"$work/other"
}

machine()
{
	echo "$(nproc) cores ($(sed -n 's/^model name[[:space:]]*: //p' /proc/cpuinfo | head -n 1))," \
		"Linux $(uname -r), Docker $(d "$name" version --format '{{.Server.Version}}')," \
		"$("$program" --version | head -n 1), medians of $rounds runs," \
		"load $(cut -d ' ' -f 1 /proc/loadavg) before the first"
}

# --- the run --------------------------------------------------------------------------------------

compile || exit 1
engine_wipe "$name"
engine_start "$name" && image_busybox "$name" || exit 1
: >"$work/instructions"
: >"$work/other"

machine
echo
echo '| containers | | reference | seaworthy | ratio | target |'
echo '|---:|---|---:|---:|---:|---|'
for n in $sizes; do
	grow_to "$n" || exit 1
	measure "$n" "$n"
	if [ "${BENCH_LOOSE:-}" ] && command -v valgrind >/dev/null; then
		echo "$n $(reader_instructions)" >>"$work/instructions"
	fi
	[ ! "${DOCKER_BENCH:-}" ] || other_tool "$n"
done

if [ "$created" -gt 0 ]; then
	create || exit 1
	measure "$running + $created created" "$((running + created))"
fi
if [ "$images" -gt 0 ]; then
	make_images || exit 1
	measure "$running, $images images" "$((running + created))"
fi

# Between the smallest and the largest number that there are: what one container more costs.
awk '$1 > 0 && $2 > 0 { if (!n) { n = $1; i = $2 } m = $1; j = $2 }
	END { if (m > n) printf "\nReader: %.0f instructions for each container (%d to %d).\n", (j - i) / (m - n), n, m }' \
	"$work/instructions"
awk '{ printf "\ndocker-bench-security, %d containers: %.1f s, CPU of the script and its children %.1f s.\n",
	$1, $2 / 1e6, $3 / 1e6 }' "$work/other"
exit $failed
