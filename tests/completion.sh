#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# completion.sh: what bash, zsh and fish make of `seaworthy completion`, asked themselves.
#
# A shell that is not there is told of and passed over, but for those named in COMPLETION_NEEDED
# ("bash zsh"), whose absence is a failure. Ends with "N passed, M failed".
#
# Programs of other shells have variables of their own.
# shellcheck disable=SC2016
set -u

srcdir=${srcdir:-.}
builddir=${builddir:-.}
program=${SEAWORTHY:-$builddir/seaworthy}
# shellcheck source=tests/lib.sh
. "$srcdir/tests/lib.sh"
workdir completion
needed=${COMPLETION_NEEDED:-}

# The scripts ask the seaworthy that is in PATH.
mkdir "$T/bin" "$T/files" "$T/home"
case $program in
/*) ln -s "$program" "$T/bin/seaworthy" ;;
*) ln -s "$PWD/$program" "$T/bin/seaworthy" ;;
esac
PATH=$T/bin:$PATH
HOME=$T/home
export PATH HOME
for shell in bash zsh fish; do
	if seaworthy completion "$shell" >"$T/$shell" 2>"$T/err" && [ -s "$T/$shell" ]; then
		pass
	else
		fail "completion $shell"
	fi
done
if seaworthy completion csh >/dev/null 2>"$T/err"; then fail "completion csh"; else pass; fi
: >"$T/files/report.json"
: >"$T/files/folder.json"
mkdir "$T/files/folder" "$T/files/folder.d"

# Each completes the last word of a line and prints what it could be, a word a line.
complete_bash() {
	(cd "$T/files" && bash --norc --noprofile -c '
		source "$1"
		shift
		COMP_WORDS=("$@") COMP_CWORD=$(($# - 1))
		_seaworthy
		printf "%s\n" "${COMPREPLY[@]}"' bash "$T/bash" "$@") 2>&1
}
complete_fish() {
	(cd "$T/files" && LINE="$*" fish --no-config -c 'source $argv[1]; complete -C "$LINE"' "$T/fish") 2>&1 |
		cut -f 1
}
# A real editor of lines on a pseudo terminal, which lists what fits.
complete_zsh() {
	(cd "$T/files" && LINE="$*" SCRIPT="$T/zsh" timeout 20 zsh -f -c '
		zmodload zsh/zpty || exit 1
		zpty editor "TERM=dumb COLUMNS=200 LINES=1000 zsh -f -i"
		zpty -w editor "PROMPT=; unsetopt beep; autoload -U compinit; compinit -u -D; source \$SCRIPT; stty -echo"
		zpty -w editor "zstyle \":completion:*\" verbose no; LISTMAX=10000"
		zpty -w editor "bindkey \"^T\" list-choices; echo re\"\"ady"
		zpty -r -m editor said "*ready*"
		zpty -w -n editor "$LINE"$'"'\\x14'"'
		sleep 0.5
		zpty -w -n editor $'"'\\x15'"'"echo do\"\"ne"$'"'\\n'"'
		zpty -r -m editor said "*done*"
		print -r -- "$said"') 2>&1 | grep -v "seaworthy " | tr -s ' \r\t' '\n'
}

# offers SHELL WANTED UNWANTED WORD...: the one is offered, and the other (- for nothing) is not.
offers() {
	shell=$1 wanted=$2 unwanted=$3
	shift 3
	"complete_$shell" "$@" >"$T/said"
	if ! grep -qxF -- "$wanted" "$T/said"; then
		fail "$shell: '$*' does not offer '$wanted': $(tr '\n' ' ' <"$T/said" | cut -c 1-300)"
	elif [ "$unwanted" != - ] && grep -qxF -- "$unwanted" "$T/said"; then
		fail "$shell: '$*' offers '$unwanted'"
	else
		pass
	fi
}

for shell in bash zsh fish; do
	has "$shell" || continue
	offers "$shell" collect audit seaworthy co
	offers "$shell" --fail-on --missing seaworthy audit --f
	offers "$shell" --missing --fail-on seaworthy list --
	offers "$shell" critical audit seaworthy audit --fail-on ""
	offers "$shell" cis-docker-1.8.0 audit seaworthy audit -p cis-d
	offers "$shell" 5.5 5.55 seaworthy audit --only 5.
	offers "$shell" container.privileged audit seaworthy explain container.p
	offers "$shell" markdown audit seaworthy render -o m
	offers "$shell" formats audit seaworthy list ""
	offers "$shell" report.json audit seaworthy render rep
	offers "$shell" zsh report.json seaworthy completion ""
	# A profile may be a file; folders alone are offered where one is wanted.
	if [ "$shell" = bash ]; then folder=folder; else folder=folder/; fi
	offers "$shell" report.json audit seaworthy audit -p rep
	offers "$shell" "$folder" folder.json seaworthy audit --root fol
	offers "$shell" -o -p seaworthy render -
done

# Which option takes what is of one table for all of them.
offers bash folder folder.json seaworthy audit --evidence fol
for option in --snapshot --tailoring --baseline --plugin; do
	offers bash report.json audit seaworthy audit "$option" rep
done
offers bash report.json audit seaworthy verify rep

# What bash offers of the words of an option is what the program takes.
for row in audit:--fail-on audit:--show audit:--color audit:--sort audit:--level collect:--with fix:--print list:-o; do
	command=${row%:*} option=${row#*:}
	complete_bash seaworthy "$command" "$option" "" >"$T/words"
	while read -r word; do
		said=$(seaworthy "$command" "$option" "$word" --help 2>&1)
		case $said in
		usage:*) pass ;;
		*) fail "$command $option $word: $said" ;;
		esac
	done <"$T/words"
done

# And each option of --help is offered.
for command in $(seaworthy --help | sed -n 's/^  \([a-z]*\)  *[a-z].*/\1/p'); do
	complete_bash seaworthy "$command" -- >"$T/words"
	for option in $(seaworthy "$command" --help | sed -n 's/^  \(    \|-., \)\(--[a-z-]*\).*/\2/p'); do
		if grep -qxF -- "$option" "$T/words"; then pass; else fail "$command: no $option"; fi
	done
done

sum_up
