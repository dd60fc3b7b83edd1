#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# trace.sh: what a whole audit asks of the kernel, and what it must never ask for.
#
#	trace.sh [SOCKET]      that of a real engine, as root; else a small engine of our own answers
#
# strace(1) sees all three processes: nothing is executed, nothing is written but the reports, the
# engine hears nothing but GET and HEAD, descriptors are closed on exec, and from the moment on that
# the reader is shut in it opens nothing. Walks are left out: to trace each look at a file takes
# minutes. Ends with "N passed, M failed, K skipped".
set -u

srcdir=${srcdir:-.}
builddir=${builddir:-.}
export srcdir
seaworthy=${SEAWORTHY:-$builddir/seaworthy}
engine=$builddir/tests/engine_fault
socket=${1-}
# shellcheck source=tests/lib.sh
. "$srcdir/tests/lib.sh"
workdir trace
engine_pid=
skipped=0
unset DOCKER_HOST DOCKER_CONTEXT DOCKER_CONFIG DOCKER_TLS DOCKER_TLS_VERIFY DOCKER_CERT_PATH
HOME=$T
export HOME
trap '[ -z "$engine_pid" ] || kill "$engine_pid" 2>/dev/null; rm -rf "$T"' EXIT

finish() {
	sum_up
	exit
}

# nothing NAME: no line may have come.
nothing() {
	if [ -s "$T/said" ]; then
		fail "$1" "$(head -n 5 "$T/said" | cut -c1-200)"
	else
		pass
	fi
}

# at_least NAME N PATTERN: so that a rule which finds nothing wrong was given something to look at.
at_least() {
	n=$(grep -cE "$3" "$T/trace")
	if [ "$n" -ge "$2" ]; then
		: >"$T/said"
	else
		echo "$n instead of $2 or more" >"$T/said"
	fi
	nothing "$1"
}

if ! strace -o /dev/null true 2>/dev/null; then
	echo "strace does not run here"
	skipped=1
	finish
fi
# LeakSanitizer cannot work while another traces.
ASAN_OPTIONS=${ASAN_OPTIONS:+$ASAN_OPTIONS:}detect_leaks=0
export ASAN_OPTIONS

if [ -z "$socket" ]; then
	mkdir "$T/data"
	mkfifo "$T/hold" "$T/ready"
	socket=$T/sock
	"$engine" "$socket" "$T/data" <>"$T/hold" >"$T/ready" 2>"$T/engine.err" &
	engine_pid=$!
	read -r ready _ <"$T/ready"
	[ "$ready" = listening ] || { echo "the engine does not start: $(cat "$T/engine.err")"; exit 1; }
fi

mkdir "$T/out"
strace -f -y -qq -s 600 -o "$T/trace" "$seaworthy" audit -p cis-docker-1.8.0 -p docker-host \
	--skip 'host.file.*' --skip host.audit.rule.privileged --skip host.image.xattrs -H "unix://$socket" -o json="$T/out/r.json" -o text="$T/out/r.txt" \
	-o csv="$T/out/r.csv" -o sarif="$T/out/r.sarif" 2>"$T/err"
status=$?
case $status in
0 | 1 | 3) : >"$T/said" ;;
*) { echo "exit status $status"; cat "$T/err"; } >"$T/said" ;;
esac
nothing "the audit runs to its end"
for report in r.json r.txt r.csv r.sarif; do
	[ -s "$T/out/$report" ] || echo "$report"
done >"$T/said"
nothing "all reports are there"

# --- nothing is executed, and two processes are made ------------------------------------------

grep -E '^[0-9]+ +execve(at)?\(' "$T/trace" | tail -n +2 >"$T/said"
nothing "nothing is executed but the program itself"
grep -E '^[0-9]+ +(clone3?|v?fork)\(' "$T/trace" | grep -v CLONE_THREAD | tail -n +3 >"$T/said"
nothing "no process is made but the fetcher and the reader"
at_least "both were seen to be made" 2 '^[0-9]+ +(clone3?|v?fork)\('

# --- nothing is written but the reports -------------------------------------------------------

# Sanitizers look at themselves through /proc/self.
grep -E '^[0-9]+ +(open|openat|openat2|creat)\(' "$T/trace" |
	grep -E 'O_WRONLY|O_RDWR|O_CREAT|O_TRUNC|O_APPEND|O_TMPFILE|creat\(' |
	grep -vF "\"$T/out/" >"$T/said"
nothing "no file is opened for writing but reports"
at_least "reports were seen to be opened" 4 'O_CREAT'
grep -E '^[0-9]+ +(rename|renameat2?|unlink|unlinkat|link|linkat|symlink|symlinkat|mkdir|mkdirat|rmdir|mknod|mknodat|truncate|chmod|fchmodat2?|chown|lchown|fchownat|utime|utimes|utimensat|futimesat|setxattr|lsetxattr|fsetxattr|removexattr)\(' \
	"$T/trace" | grep -vF "\"$T/out/" >"$T/said"
nothing "no file is renamed, removed, made or changed but reports"
at_least "reports were seen to be renamed" 4 '^[0-9]+ +rename'
grep -E '^[0-9]+ +(mount|umount2?|pivot_root|chroot|swapon|swapoff|sethostname|setdomainname|reboot|init_module|finit_module|delete_module|bpf|ptrace|process_vm_writev|kexec_load|settimeofday|clock_settime|setns|unshare|bind|listen|keyctl|add_key|quotactl|acct|ioperm|iopl)\(' \
	"$T/trace" >"$T/said"
nothing "nothing of the system is changed, and nothing listens"
grep -E '^[0-9]+ +(clock_)?adjtimex?\(' "$T/trace" | grep -v 'modes=0[,}]' >"$T/said"
nothing "the clock is only looked at"
# A netlink socket is told nothing but to list.
grep -E '^[0-9]+ +send(to|msg)\(.*nlmsg_type=' "$T/trace" |
	grep -vE 'nlmsg_type=(AUDIT_LIST_RULES|AUDIT_GET_FEATURE|AUDIT_GET|0x3e8|0x3f5|0xa[0-9a-f]{2}|NFNL_SUBSYS_NFTABLES<<8\|NFT_MSG_GET[A-Z]*|RTM_GET[A-Z]*)' >"$T/said"
nothing "the kernel is asked for lists only"

# --- the engine hears GET and HEAD ------------------------------------------------------------

grep -E '^[0-9]+ +(sendto|sendmsg|write|writev)\([0-9]+<[^>]*socket' "$T/trace" | grep -F ' HTTP/1.' |
	grep -vE '"(GET|HEAD) /' >"$T/said"
nothing "requests are GET or HEAD"
at_least "requests were seen" 5 '"GET /[^"]* HTTP/1\.1'
grep -E '^[0-9]+ +connect\(' "$T/trace" | grep -vF "sun_path=\"$socket\"" >"$T/said"
nothing "nothing is connected to but the engine's socket"

# --- descriptors are closed on exec -----------------------------------------------------------

# What libraries open while they are loaded or seeded, and close again. A socket pair is curl's way
# to wake itself up.
grep -E '^[0-9]+ +(open|openat|openat2|socket|pipe|pipe2|dup|dup2|dup3|eventfd2?|epoll_create1?|memfd_create|accept4?)\(' \
	"$T/trace" | grep -v CLOEXEC |
	grep -vE '"/(dev/urandom|proc/sys/kernel/cap_last_cap|usr/lib/ssl/openssl.cnf|etc/[a-z/]*(openssl|gnutls|gcrypt|crypto-policies)[^"]*|proc/self/[a-z]*|proc/filesystems)"' |
	grep -vE 'NETLINK_(AUDIT|NETFILTER)' >"$T/said"
nothing "descriptors are closed on exec"

# --- the reader is shut in --------------------------------------------------------------------

reader=$(awk '/ seccomp\(SECCOMP_SET_MODE_FILTER, 0, / { print $1; exit }' "$T/trace")
if [ -n "$reader" ]; then
	awk -v reader="$reader" '
	$1 == reader && / seccomp\(SECCOMP_SET_MODE_FILTER, 0, / { shut = 1; next }
	$1 == reader && shut { print }' "$T/trace" >"$T/inside"
	grep -E '^[0-9]+ +(open|openat|openat2|creat|socket|connect|execve|clone|fork|vfork|kill|stat|statx|newfstatat|readlink|readlinkat|getdents64|prctl|setuid|chdir|mprotect)\(' \
		"$T/inside" >"$T/said"
	nothing "the reader opens and looks at nothing once it is shut in"
	[ "$(grep -c 'read(' "$T/inside")" -gt 5 ] || echo "little was seen of it" >"$T/said"
	nothing "the reader was seen to work"
else
	skipped=$((skipped + 2))
fi

# --- the fetcher keeps what the selected rules need -------------------------------------------

# keeps NAME N: so many times a process of $T/trace gave itself that capability for the kernel's audit rules.
keeps() {
	n=$(grep -E '^[0-9]+ +capset\(' "$T/trace" | grep -c 'effective=[^,]*CAP_AUDIT_CONTROL')
	if [ "$n" -eq "$2" ]; then
		: >"$T/said"
	else
		grep -E '^[0-9]+ +capset\(' "$T/trace" >"$T/said"
		echo "$n instead of $2" >>"$T/said"
	fi
	nothing "$1"
}

caps=$(sed -n 's/^CapEff:[[:space:]]*/0x/p' /proc/self/status)
if [ "$(id -u)" -eq 0 ] && [ $((caps >> 30 & 1)) -eq 1 ]; then
	keeps "the fetcher keeps CAP_AUDIT_CONTROL for rules about the kernel's audit rules" 1
	strace -f -y -qq -s 600 -e trace=capset,sendto,socket -o "$T/trace" "$seaworthy" audit -p cis-docker-1.8.0 \
		--only 5.5 -H "unix://$socket" -o json="$T/out/r.json" 2>"$T/err"
	at_least "rules of containers alone were seen to ask the engine" 3 'GET /'
	keeps "the fetcher keeps no CAP_AUDIT_CONTROL for rules of containers alone" 0
	grep NETLINK "$T/trace" >"$T/said"
	nothing "nor does it ask the kernel by netlink"
else
	skipped=$((skipped + 4))
fi

finish
