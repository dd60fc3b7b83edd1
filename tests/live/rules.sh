#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
#
# Puts the audit rules of this machine aside, and back; to be sourced by bash after lib.sh.
#
#	rules_save      keeps them; calls skip WHY where that cannot be
#	rules_restore   puts back what was kept
#
# AUDITCTL is the auditctl to do it with.

AUDITCTL=${AUDITCTL:-auditctl}
PATH=$PATH:/usr/sbin:/sbin
saved=

enabled_now()
{
	"$AUDITCTL" -s | awk '$1 == "enabled" { print $2 }'
}

# One test at a time: the kernel has one list.
rules_save()
{
	exec 7>/run/seaworthy-audit-rules.lock
	flock 7
	enabled=$(enabled_now)
	[ "$enabled" = 0 ] || [ "$enabled" = 1 ] || skip "the audit rules are locked or cannot be read"
	saved=$(mktemp) || exit 1
	if ! "$AUDITCTL" -l >"$saved.list"; then
		rm -f "$saved" "$saved.list"
		saved=
		skip "the audit rules cannot be listed"
	fi
	{ echo -D; grep -v '^No rules' "$saved.list"; echo "-e $enabled"; } >"$saved"
	chmod 0600 "$saved"
}

rules_restore()
{
	[ "$saved" ] || return 0
	"$AUDITCTL" -R "$saved" >/dev/null 2>&1
	if "$AUDITCTL" -l 2>/dev/null | cmp -s - "$saved.list"; then
		rm -f "$saved" "$saved.list"
	else
		live_say "the audit rules are not as they were: auditctl -R $saved puts them back"
	fi
	saved=
}
