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
# A tarball has them followed.
[ -L "$srcdir/tests/roots/sysctl-ubuntu/etc/sysctl.d/99-sysctl.conf" ] || { echo "the trees have no links"; exit 77; }
builddir=${builddir:-.}
seaworthy=${SEAWORTHY:-$builddir/seaworthy}
golden=$srcdir/tests/golden/roots
# shellcheck source=tests/lib.sh
. "$srcdir/tests/lib.sh"
workdir roots
chmod 755 "$T"
skipped=0
mounted=
unset DOCKER_HOST DOCKER_CONTEXT DOCKER_CONFIG DOCKER_TLS DOCKER_TLS_VERIFY DOCKER_CERT_PATH

clean()
{
	[ -z "$mounted" ] || umount -l "$mounted"
	rm -rf "$T"
}
trap clean EXIT

skip() { skipped=$((skipped + 1)); echo "skip: $1"; }

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

# --- a tree that means harm ---------------------------------------------------------------------

# Links that would leave the tree, that go in circles, files that never end or never begin.
plant_harm()
{
	plant ubuntu-24.04 && mv "$T/ubuntu-24.04" "$H" && mkdir "$H/proc" || return 1
	(
		cd "$H" || exit 1
		rm -f etc/shadow etc/gshadow etc/passwd etc/group etc/ssh/sshd_config etc/sudoers
		rm -f etc/login.defs etc/hostname etc/pam.d/common-auth etc/fstab etc/crontab
		ln -s /etc/shadow etc/shadow
		ln -s ../../../../../../../../../../../../etc/gshadow etc/gshadow
		ln -s /proc/self/root/etc/passwd etc/passwd
		ln -s "$T/outside" etc/group
		ln -s /proc/sys/kernel/hostname etc/hostname
		ln -s common-auth etc/pam.d/common-auth
		ln -s /proc/1/environ etc/systemd/system/containerd.service
		ln -s ../../../../../../proc/1/cmdline etc/sysctl.d/98-cmdline.conf
		ln -s b etc/sysctl.d/97-a.conf
		ln -s 97-a.conf etc/sysctl.d/b
		ln -s ../../.. etc/ssh/sshd_config.d/up
		echo 'Include /etc/ssh/sshd_config.d/up/etc/ssh/sshd_config.d/*.conf' \
			>etc/ssh/sshd_config.d/50-round.conf
		mkfifo etc/ssh/sshd_config etc/audit.fifo
		mkdir etc/fstab
		ln -s ../.. root/up
		truncate -s 64G etc/login.defs
		[ -n "${ROOTS_INSIDE:-}" ] || mknod etc/sudoers c 1 5
		[ -n "${ROOTS_INSIDE:-}" ] || mknod etc/crontab c 5 0
	) || return 1
	if mount --bind /proc "$H/proc" 2>/dev/null; then
		mounted=$H/proc
	else
		skip "no /proc can be mounted on the tree"
	fi
}

# outside TRACE: what was opened and is neither of the tree nor what every run opens.
outside()
{
	# O_PATH opens nothing: so it is found that a file is of /proc, and then it is let be.
	sed -n '/O_PATH/d; s/.*open[a-z0-9]*(.*= [0-9]*<\(.*\)>$/\1/p' "$1" | sort -u | while read -r path; do
		case $path in
		"$H"/proc/*) echo "$path" ;;
		"$H" | "$H"/*) ;;
		"$T" | "$T"/.seaworthy-* | "$T"/report.json) ;;
		/etc/ld.so.cache | /dev/null* | /dev/urandom* | /sys/devices/system/cpu/online) ;;
		/usr/lib/* | /lib/* | /lib64/* | /usr/lib64/* | "$(readlink -f "$builddir")"/*) ;;
		/usr/share/zoneinfo/* | /proc/sys/kernel/cap_last_cap) ;;
		/proc/*/cmdline | /proc/*/environ | /proc/*/maps)
			# What a sanitizer asks of its own process.
			grep -qa __asan_init "$seaworthy" || echo "$path"
			;;
		*) echo "$path" ;;
		esac
	done
}

harm()
{
	echo 'root:x:0:beyond-the-tree' >"$T/outside"
	plant_harm || { fail "the tree that means harm cannot be made"; return; }
	if command -v strace >/dev/null && strace -o /dev/null true 2>/dev/null; then
		trace="strace -f -y -qq -e trace=open,openat,openat2 -o $T/trace"
	else
		trace=
		skip "nothing tells what is opened: no strace"
	fi
	# shellcheck disable=SC2086
	timeout 120 $trace "$seaworthy" audit -p linux-server --root "$H" --now 2026-11-22 \
		-o json="$T/report.json" 2>"$T/err"
	status=$?
	[ $status -eq 1 ] || fail "the tree that means harm: status $status" "$(cat "$T/err")"
	if grep -q beyond-the-tree "$T/report.json"; then
		fail "the report has a line of a file outside of the tree"
	fi
	for ref in account.shadowed account.dup_uid pam.unix ssh.root_login sudo.nopasswd \
		account.encrypt_method mount.tmp.separate; do
		verdict=$(jq -r --arg ref $ref '.results[] | select(.ref == $ref) | .verdict' \
			"$T/report.json")
		if [ "$verdict" = unknown ]; then
			pass
		else
			fail "the tree that means harm: $ref is $verdict"
		fi
	done
	[ -n "$trace" ] || return
	opened=$(outside "$T/trace")
	if [ -z "$opened" ] && grep -q "$H/etc" "$T/trace"; then
		pass
	else
		fail "opened outside of the tree" "$opened"
	fi
}
H=$T/harm

for name in ${ROOTS:-$(cd "$golden" 2>/dev/null && ls)}; do
	compare "${name%.verdicts}"
done
[ -n "${ROOTS:-}" ] || harm

sum_up
