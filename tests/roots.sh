#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# roots.sh: whole hosts of several distributions, not booted, and one that means harm.
#
# Audits a copy of each tree that tests/golden/roots has a table of; UPDATE_GOLDEN=1 writes the
# tables anew, and the tree NAME too if it has none: UPDATE_GOLDEN=1 ROOTS=NAME. modes.tsv says
# which modes git cannot keep. Needs jq, and root or a user namespace, as all files are to
# belong to root. Ends with "N passed, M failed, K skipped".
set -u

if [ "$(id -u)" -ne 0 ] && [ -z "${ROOTS_INSIDE:-}" ]; then
	# The program gives its uid away for another, so there has to be more than one.
	unshare -r --map-auto true 2>/dev/null || { echo "neither root nor /etc/subuid"; exit 77; }
	ROOTS_INSIDE=yes exec unshare -r --map-auto "$0" "$@"
fi
command -v jq >/dev/null || { echo "no jq"; exit 77; }

srcdir=$(cd "${srcdir:-.}" && pwd)
builddir=${builddir:-.}
seaworthy=${SEAWORTHY:-$builddir/seaworthy}
golden=$srcdir/tests/golden/roots
T=$(mktemp -d "${TMPDIR:-/tmp}/roots.XXXXXX") || exit 1
chmod 755 "$T"
passed=0 failed=0 skipped=0
mounted=
unset DOCKER_HOST DOCKER_CONTEXT DOCKER_CONFIG DOCKER_TLS DOCKER_TLS_VERIFY DOCKER_CERT_PATH

clean()
{
	[ -z "$mounted" ] || umount -l "$mounted"
	rm -rf "$T"
}
trap clean EXIT
trap 'exit 1' HUP INT TERM

pass() { passed=$((passed + 1)); }
skip() { skipped=$((skipped + 1)); echo "skip: $1"; }
fail()
{
	failed=$((failed + 1))
	echo "FAIL: $1"
	[ -z "${2:-}" ] || printf '%s\n' "$2" | sed 's/^/      /'
}

# plant NAME: the tree with modes of its own, in $T/NAME. What an umask made of them is undone.
plant()
{
	cp -R -P "$srcdir/tests/roots/$1" "$T/$1" && chmod -R u=rwX,go=rX "$T/$1" || return 1
	while IFS='	' read -r tree mode path; do
		case $tree in
		"$1" | '*') [ ! -e "$T/$1/$path" ] || chmod "$mode" "$T/$1/$path" || return 1 ;;
		esac
	done <"$srcdir/tests/roots/modes.tsv"
}

# audit TREE: its verdicts, sorted as the profile is; $T/report.json stays.
audit()
{
	"$seaworthy" audit -p linux-server --root "$1" --now 2026-11-22 -o json="$T/report.json" \
		2>"$T/err"
	if [ $? -eq 2 ]; then
		cat "$T/err"
		return 1
	fi
	jq -r '.results[] | .ref + " " + .verdict' "$T/report.json"
}

# compare NAME
compare()
{
	plant "$1" || { fail "$1: cannot be copied"; return; }
	if ! audit "$T/$1" >"$T/verdicts"; then
		fail "$1: status 2" "$(cat "$T/verdicts")"
	elif [ -n "${UPDATE_GOLDEN:-}" ]; then
		mkdir -p "$golden"
		cp "$T/verdicts" "$golden/$1.verdicts"
	elif diff -u "$golden/$1.verdicts" "$T/verdicts" >"$T/diff"; then
		pass
	else
		fail "$1: other verdicts" "$(sed '1,2d;/^[ @]/d' "$T/diff" | while read -r line; do
			ref=${line#?}
			echo "$line: $(jq -r --arg ref "${ref%% *}" \
				'.results[] | select(.ref == $ref) | .reason' "$T/report.json")"
		done)"
	fi
}

for name in ${ROOTS:-$(cd "$golden" 2>/dev/null && ls)}; do
	compare "${name%.verdicts}"
done

echo "$passed passed, $failed failed, $skipped skipped"
[ $failed -eq 0 ]
