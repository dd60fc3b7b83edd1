#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# hardened.sh: the program was built with what makes an error hard to use: a position-independent
# executable, relocations read-only, no stack that can be executed, canaries and checked copies.
#
# Reads the built file with readelf(1). Ends with "N passed, M failed, K skipped".
# Rows are given the names of functions.
# shellcheck disable=SC2317
set -u

srcdir=${srcdir:-.}
builddir=${builddir:-.}
seaworthy=${SEAWORTHY:-$builddir/seaworthy}
# shellcheck source=tests/lib.sh
. "$srcdir/tests/lib.sh"
skipped=0

# row NAME COMMAND...: it must print something.
row() {
	name=$1
	shift
	if [ -n "$("$@")" ]; then pass; else fail "$name"; fi
}

elf() {
	readelf "$1" -W "$seaworthy" | grep -E "$2"
}

# Prints when nothing of the kind is there.
elf_not() {
	elf "$1" "$2" >/dev/null || echo none
}

# Prints when no part of the file is both written to and executed.
not_both() {
	readelf -lW "$seaworthy" | grep -E '^ +LOAD .* (RWE|RW E|WE) ' >/dev/null || echo none
}

finish() {
	sum_up
	exit
}

if ! command -v readelf >/dev/null; then
	echo "there is no readelf"
	skipped=1
	finish
fi
if elf -s '__asan_init' >/dev/null; then
	echo "sanitizers have their own checks"
	skipped=9
	finish
fi
row "it is a position-independent executable" elf -h 'Type: +DYN'
row "relocations become read-only" elf -l 'GNU_RELRO'
row "all of them, at the start" elf -d 'BIND_NOW|FLAGS_1.*NOW'
row "the stack cannot be executed" elf -l 'GNU_STACK.* RW +0x'
row "nothing can be written to and executed" not_both
row "libraries are looked for where the system has them" elf_not -d 'RPATH|RUNPATH'
row "no relocation is in code" elf_not -d 'TEXTREL'
row "stacks have canaries" elf -s '__stack_chk_fail'
if elf -d 'NEEDED.*libc\.so\.6' >/dev/null; then
	row "copies are checked" elf -s '__(mem|v?snprintf|v?fprintf|poll|read)[a-z]*_chk'
else
	skipped=$((skipped + 1))
fi
finish
