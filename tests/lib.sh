# shellcheck shell=sh
# SPDX-License-Identifier: Apache-2.0
# lib.sh: what scripts of the tests count and how they tell it; to be sourced by sh or bash.
#
#	workdir NAME              makes $T, a folder that goes when the script ends
#	pass                      one more is right
#	fail NAME [LINE]...       one more is wrong: NAME, and the lines below it
#	good NAME COMMAND...      the command ends with 0; its output is $T/said
#	bad NAME COMMAND...       it does not
#	is NAME STATUS WANTED [FILE TEXT]...  that status, and each text in its file
#	ends NAME WANTED COMMAND...  likewise of a command; its output is $T/out and $T/err
#	has TOOL [COMMAND...]     is it there? Told if not, and a failure where $needed names it
#	sum_up                    the last line; its status is that of the script
#
# Its own variables begin with _. A script that leaves something out sets skipped=0 at first, and adds to it.

passed=0 failed=0

workdir() {
	T=$(mktemp -d "${TMPDIR:-/tmp}/$1.XXXXXX") || exit 1
	trap 'rm -rf "$T"' EXIT
	trap 'exit 1' HUP INT TERM
}

pass() { passed=$((passed + 1)); }

fail() {
	failed=$((failed + 1))
	echo "FAIL: $1"
	shift
	[ $# -eq 0 ] || printf '%s\n' "$@" | sed '/^$/d; s/^/      /'
}

good() {
	_name=$1
	shift
	if "$@" >"$T/said" 2>&1; then pass; else fail "$_name" "$(head -n 5 "$T/said")"; fi
}

# A validator that takes anything proves nothing.
bad() {
	_name=$1
	shift
	if "$@" >"$T/said" 2>&1; then fail "$_name: takes what is broken"; else pass; fi
}

is() {
	_name=$1 _status=$2 _wanted=$3
	shift 3
	if [ "$_status" -ne "$_wanted" ]; then
		fail "$_name" "exit $_status instead of $_wanted" "$(head -n 3 "$T/err")" "$(tail -n 3 "$T/out")"
		return
	fi
	while [ $# -gt 1 ]; do
		if ! grep -qF -- "$2" "$1"; then
			fail "$_name" "'$2' is not in:" "$(tail -n 25 "$1")"
			return
		fi
		shift 2
	done
	pass
}

ends() {
	_name=$1 _wanted=$2
	shift 2
	"$@" >"$T/out" 2>"$T/err"
	is "$_name" $? "$_wanted"
}

has() {
	_tool=$1
	if [ $# -gt 1 ]; then shift; else set -- command -v "$_tool"; fi
	if "$@" >/dev/null 2>&1; then
		return 0
	fi
	case " ${needed:-} " in
	*" $_tool "*) fail "no $_tool, which is needed here" ;;
	*) echo "note: no $_tool: not everything was tried" ;;
	esac
	return 1
}

sum_up() {
	echo "$passed passed, $failed failed${skipped:+, $skipped skipped}"
	[ "$failed" -eq 0 ]
}
