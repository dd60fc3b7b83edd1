#!/bin/sh
# What mends failures that seaworthy VERSION found on host (Docker 28.5.2+dfsg4) at
# 2026-11-22T10:26:37Z.
# Nothing was changed yet. Read each block, take out what is not wanted, then run this on that host
# as root.
# Changes: 3. At the end, options for containers: 1; rules for a person: 1. Audit again after it.
#
set -eu
umask 022

# put FILE LINE [FIRST]: adds a line to a file of ours, once.
put()
{
	mkdir -p -- "${1%/*}"
	[ -e "$1" ] || printf '%s' "${3:+$3
}" >"$1"
	grep -q -x -F -e "$2" -- "$1" || printf '%s\n' "$2" >>"$1"
}

# put_rule FILE LINE: the same, unless another file of that folder has the line.
put_rule()
{
	grep -q -s -x -F -e "$2" -- "${1%/*}"/*.rules || ( umask 027; put "$1" "$2" )
}

# --- /etc/audit/rules.d/50-seaworthy.rules

# cis-docker-1.8.0 1.1.3 (audit.dockerd): Audit records changes of the engine's program
#   engine unix:///srv/docker/sock: audit is switched off: no rule is looked at
#   May break: More records, and with many events a slower host; see that the disk of the audit log
#     has room. A rule that is loaded already in another spelling stops the loading of all
#   Note: No rule is looked at while audit is off: audit again after this for the rules that are
#     missing
put_rule /etc/audit/rules.d/50-seaworthy.rules '-e 1'

# Rules that are locked are loaded at the next start only.
case $(auditctl -s) in
*'enabled 2'*) echo 'the audit rules are locked: restart the host' ;;
*) augenrules --load ;;
esac

# --- daemon.json

daemon_json=/etc/docker/daemon.json
# The report does not tell where it is; this is the usual place.
command -v jq >/dev/null || { echo 'daemon.json: this needs jq' >&2; exit 1; }
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
if [ -s "$daemon_json" ]; then cat -- "$daemon_json"; else echo '{}'; fi >"$work/now.json"

# edit FILTER: the next change, in a copy.
edit()
{
	jq "$1" "$work/now.json" >"$work/next.json"
	mv -- "$work/next.json" "$work/now.json"
}

# cis-docker-1.8.0 2.2 (daemon.icc): Containers on the default bridge cannot reach each other
#   engine unix:///srv/docker/sock: containers on the default bridge reach each other on all ports
#   May break: Containers on the default bridge that talk to each other by address, or by --link to
#     ports that are not exposed: put them on a network of their own first
edit '.["icc"] = false'

# cis-docker-1.8.0 2.16 (daemon.live-restore): Containers outlive a restart of the engine
#   engine unix:///srv/docker/sock: containers stop when the engine stops
#   May break: docker swarm init and join are refused from then on; an upgrade over more than one
#     release may lose containers
edit '.["live-restore"] = true'

if dockerd --help 2>&1 | grep -q -e --validate; then
	dockerd --validate --config-file "$work/now.json"
fi
mkdir -p -- "${daemon_json%/*}"
if [ -e "$daemon_json" ]; then
	cp -p -- "$daemon_json" "$daemon_json.before"
	cp -p -- "$daemon_json" "$daemon_json.new"
fi
cat -- "$work/now.json" >"$daemon_json.new"
mv -- "$daemon_json.new" "$daemon_json"
echo 'Now, when the containers may stop: systemctl restart docker'

# --- containers: options are taken when one is made, so make them anew
#
# container nnp-absent (image sw/busybox:1)
#   cis-docker-1.8.0 5.26 (container.no-new-privileges): its process runs without no_new_privs
#     docker run: --security-opt no-new-privileges=true
#     Compose: security_opt: ["no-new-privileges=true"]
#     May break: sudo, su and other set-id programs in it

# --- for a person
#
# cis-docker-1.8.0 2.1 (daemon.rootless): The engine does not run as root
#   the engine runs as root
#   Remedy: As an ordinary user: dockerd-rootless-setuptool.sh install
#     Then: systemctl disable --now docker.service docker.socket
