/* SPDX-License-Identifier: Apache-2.0 */
/* t_derive.c: what is in force on recorded engines, and that nothing is known that was not read. */
#include "derive.h"
#include "derive_case.h"
#include "facts.h"
#include "harness.h"

static const struct derive_case rows[] = {
	{ .name = "20.10 as packaged",
	  .base = "engine",
	  .wants = { { "effective/icc/origin", "\"GET /networks\"" },
		     { "effective/log-level/value", "\"info\"" },
		     { "effective/log-level/origin", "\"default of Docker 20.10.24+dfsg1\"" },
		     { "effective/ip6tables/value", "false" },
		     { "effective/no-new-privileges/value", "false" },
		     { "effective/seccomp-profile/value", "\"default\"" },
		     { "effective/http-proxy/value", "\"\"" },
		     { "effective/allow-direct-routing/value", "-" },
		     { "effective/hosts/value", "[\"fd://\"]" },
		     { "paths/api-sockets", "[\"/run/docker.sock\"]" },
		     { "paths/socket-group", "\"docker\"" },
		     { "config-errors", "[]" } } },
	{ .name = "20.10 paths",
	  .base = "engine",
	  .wants = { { "paths/dockerd", "\"/usr/sbin/dockerd\"" },
		     { "paths/data-root", "\"/var/lib/docker\"" },
		     { "paths/exec-root", "\"/var/run/docker\"" },
		     { "paths/config-dir", "\"/etc/docker\"" },
		     { "paths/config-file", "\"/etc/docker/daemon.json\"" },
		     { "paths/certs-dir", "\"/etc/docker/certs.d\"" },
		     { "paths/tlscacert", "-" },
		     { "paths/docker.service", "\"/lib/systemd/system/docker.service\"" },
		     { "paths/containerd-socket", "\"/run/containerd/containerd.sock\"" },
		     { "paths/seccomp-profile", "-" },
		     { "effective/hosts/unexplained", "[]" } } },
	{ .name = "26",
	  .base = "engine-26",
	  .wants = { { "effective/seccomp-profile/value", "\"builtin\"" },
		     { "effective/ip6tables/value", "false" },
		     { "effective/no-new-privileges/origin", "\"GET /info\"" } } },
	{ .name = "28",
	  .base = "engine-28",
	  .wants = { { "effective/ip6tables/value", "true" },
		     { "effective/allow-direct-routing/value", "false" } } },

	/* --- command line, file, default --- */
	{ .name = "a flag decides",
	  .base = "engine",
	  .sets = { { "engine/process/Args", "[\"dockerd\",\"-l\",\"debug\",\"--userland-proxy="
					     "false\",\"-H\",\"fd://\"]" } },
	  .wants = { { "effective/log-level/value", "\"debug\"" },
		     { "effective/log-level/origin", "\"command line of dockerd (pid 812)\"" },
		     { "effective/userland-proxy/value", "false" } } },
	{ .name = "the file decides",
	  .base = "engine",
	  .sets = { { "engine/daemon-json/content",
		      "{\"userland-proxy\":false,\"cgroup-parent\":\"/"
		      "x\",\"log-opts\":{\"max-size\":\"1m\"},"
		      "\"no-new-privileges\":true,\"log-level\":\"\",\"iptables\":null}" } },
	  .wants = { { "effective/userland-proxy/value", "false" },
		     { "effective/userland-proxy/origin", "\"/etc/docker/daemon.json\"" },
		     { "effective/userland-proxy/configured", "false" },
		     { "effective/cgroup-parent/value", "\"/x\"" },
		     { "effective/log-opts/value", "{\"max-size\":\"1m\"}" },
		     { "effective/no-new-privileges/value", "true" },
		     { "effective/log-level/value", "\"info\"" },
		     { "effective/iptables/value", "true" },
		     { "effective/iptables/origin", "\"default of Docker 20.10.24+dfsg1\"" } } },
	{ .name = "a file changed later tells nothing that the API does not show",
	  .base = "engine",
	  .sets = { { "engine/daemon-json/mtime", "1795000002" },
		    { "engine/daemon-json/content",
		      "{\"userland-proxy\":false,\"live-restore\":true}" },
		    { "engine/process/Args", "[\"dockerd\",\"--log-level=info\"]" } },
	  .wants = { { "effective/userland-proxy/value", "?changed after the engine was started" },
		     { "effective/iptables/value", "?changed after the engine was started" },
		     { "effective/log-level/value", "\"info\"" },
		     { "effective/live-restore/value", "false" },
		     { "effective/live-restore/drift",
		       "\"/etc/docker/daemon.json says true, but false is in force\"" },
		     { "effective/tlsverify/value", "?changed" } } },
	{ .name = "written in the instant of the start",
	  .base = "engine",
	  .sets = { { "engine/daemon-json/mtime_ms", "1795000000020" } },
	  .wants = { { "effective/iptables/value", "true" } } },
	{ .name = "changed within the second",
	  .base = "engine",
	  .sets = { { "engine/daemon-json/mtime_ms", "1795000000050" } },
	  .wants = { { "effective/iptables/value", "?changed after the engine was started" } } },
	{ .name = "moved there later, with the time it had",
	  .base = "engine",
	  .sets = { { "engine/daemon-json/mtime_ms", "1700000000000" },
		    { "engine/daemon-json/ctime_ms", "1795000002000" } },
	  .wants = { { "effective/iptables/value", "?changed after the engine was started" } } },
	{ .name = "moved there in time",
	  .base = "engine",
	  .sets = { { "engine/daemon-json/mtime_ms", "1700000000000" },
		    { "engine/daemon-json/ctime_ms", "1794999999000" } },
	  .wants = { { "effective/iptables/value", "true" } } },
	{ .name = "given an old time in time, and a new one later",
	  .base = "engine",
	  .sets = { { "engine/daemon-json/mtime_ms", "1795000002000" },
		    { "engine/daemon-json/ctime_ms", "1700000000000" } },
	  .wants = { { "effective/iptables/value", "?changed after the engine was started" } } },
	{ .name = "no file, and the folder was changed after the first minute",
	  .base = "engine",
	  .sets = { { "engine/daemon-json",
		      "{\"path\":\"/etc/docker/daemon.json\",\"exists\":false}" },
		    { "engine/files", "{\"/etc/docker\":{\"mtime_ms\":1795000060001}}" } },
	  .wants = { { "effective/iptables/value", "?may have been removed" },
		     { "effective/debug/value", "false" } } },
	{ .name = "no file, and the folder was changed by the start itself",
	  .base = "engine",
	  .sets = { { "engine/daemon-json",
		      "{\"path\":\"/etc/docker/daemon.json\",\"exists\":false}" },
		    { "engine/files", "{\"/etc/docker\":{\"mtime_ms\":1795000060000}}" } },
	  .wants = { { "effective/iptables/value", "true" } } },
	{ .name = "no file where one was named",
	  .base = "engine",
	  .sets = { { "engine/process/Args", "[\"dockerd\",\"--config-file=/srv/d.json\"]" },
		    { "engine/daemon-json", "{\"path\":\"/srv/d.json\",\"exists\":false}" } },
	  .wants = { { "effective/iptables/value", "?is not there any more" } } },
	{ .name = "times that are not known",
	  .base = "engine",
	  .sets = { { "engine/process/StartTime", "{\"$unread\":\"EACCES\"}" } },
	  .wants = { { "effective/iptables/value", "?cannot be told" } } },
	{ .name = "no file",
	  .base = "engine",
	  .sets = { { "engine/daemon-json",
		      "{\"path\":\"/etc/docker/daemon.json\",\"exists\":false}" } },
	  .wants = { { "effective/iptables/value", "true" }, { "config-errors", "[]" } } },
	{ .name = "an unreadable file",
	  .base = "engine",
	  .sets = { { "engine/daemon-json", "{\"$unread\":\"EACCES\"}" },
		    { "engine/process/Args",
		      "[\"dockerd\",\"--icc=false\",\"--iptables=true\"]" } },
	  .wants = { { "effective/userland-proxy/value", "?EACCES" },
		     { "effective/iptables/value", "true" },
		     { "effective/debug/value", "false" },
		     { "config-errors", "?EACCES" },
		     { "effective/tls/value", "?EACCES" } } },
	{ .name = "another file than the one that was read",
	  .base = "engine",
	  .sets = { { "engine/process/Args", "[\"dockerd\",\"--config-file\",\"/srv/d.json\"]" } },
	  .wants = { { "effective/iptables/value", "?dockerd reads /srv/d.json" },
		     { "paths/config-file", "\"/srv/d.json\"" },
		     { "config-errors", "?/srv/d.json" } } },
	{ .name = "a relative --config-file=",
	  .base = "engine",
	  .sets = { { "engine/process/Args", "[\"dockerd\",\"--config-file=d.json\"]" } },
	  .wants = { { "paths/config-file", "?absolute" } } },
	{ .name = "a flag of a newer engine",
	  .base = "engine",
	  .sets = { { "engine/process/Args", "[\"dockerd\",\"--what\",\"--iptables=false\"]" } },
	  .wants = { { "effective/userland-proxy/value", "?not understood" } } },
	{ .name = "nothing but the command line is told from the process",
	  .base = "engine",
	  .sets = { { "engine/process", "{\"$unread\":\"EACCES: /proc/812\"}" } },
	  .wants = { { "effective/iptables/value", "?EACCES: /proc/812" },
		     { "effective/tls/value", "?EACCES" },
		     { "effective/hosts", "?EACCES" },
		     { "effective/log-level", "?EACCES" },
		     { "effective/debug/value", "false" },
		     { "paths/dockerd", "?EACCES" },
		     { "paths/config-file", "?EACCES" },
		     { "paths/api-sockets", "?EACCES" },
		     { "paths/containerd-socket", "?EACCES" },
		     { "paths/tlskey", "?EACCES" } } },
	{ .name = "a socket passed in is one of the API, one of dockerd's own is not",
	  .base = "engine",
	  .sets = { { "engine/process/Listens/unix",
		      "[\"/run/docker.sock\",\"/run/other.sock\",\"/run/docker/metrics.sock\"]" } },
	  .wants = { { "paths/api-sockets", "[\"/run/docker.sock\",\"/run/other.sock\"]" } } },
	{ .name = "a socket passed in, and its own folder is not known",
	  .base = "engine",
	  .sets = { { "engine/daemon-json", "{\"$unread\":\"EACCES: x\"}" },
		    { "engine/process/Args", "[\"dockerd\",\"-H\",\"unix:///run/docker.sock\"]" },
		    { "engine/process/Listens/unix",
		      "[\"/run/docker.sock\",\"/run/other.sock\"]" } },
	  .wants = { { "effective/exec-root/value", "?EACCES" },
		     { "paths/api-sockets", "?/run/other.sock is not known" } } },
	{ .name = "its own folder is not known, and nothing else was passed in",
	  .base = "engine",
	  .sets = { { "engine/daemon-json", "{\"$unread\":\"EACCES: x\"}" },
		    { "engine/process/Args", "[\"dockerd\",\"-H\",\"unix:///run/docker.sock\"]" },
		    { "engine/process/Listens/unix",
		      "[\"/run/docker.sock\",\"/var/run/docker/metrics.sock\"]" } },
	  .wants = { { "paths/api-sockets", "[\"/run/docker.sock\"]" } } },
	{ .name = "on another host",
	  .base = "engine",
	  .sets = { { "engine/endpoint/local", "false" } },
	  .wants = { { "effective/iptables/value", "?on another host" },
		     { "effective/debug/value", "false" },
		     { "paths/dockerd", "?on another host" },
		     { "paths/docker.service", "?on another host" },
		     { "paths/data-root", "?on another host" },
		     { "paths/defaults", "?on another host" },
		     { "effective/hosts", "?on another host" },
		     { "config-errors", "?on another host" } } },
	{ .name = "it cannot be told whether it is on another host",
	  .base = "engine",
	  .sets = { { "engine/endpoint/local", "{\"$unread\":\"no peer\"}" } },
	  .wants = { { "effective/iptables/value", "?no peer" },
		     { "paths/dockerd", "?no peer" } } },
	{ .name = "Podman",
	  .base = "engine",
	  .sets = { { "engine/version/Components", "[{\"Name\":\"Podman Engine\"}]" } },
	  .wants = { { "effective/iptables/value", "?Podman" },
		     { "product", "\"Podman\"" },
		     { "paths/config-file", "-" } } },
	{ .name = "Podman, by its ping alone",
	  .base = "engine",
	  .sets = { { "engine/version", "{\"$unread\":\"timeout\"}" },
		    { "engine/ping/Server", "\"Libpod/4.3.1 (linux)\"" } },
	  .wants = { { "product", "\"Podman\"" } } },
	{ .name = "Podman that was recorded",
	  .base = "podman",
	  .wants = { { "paths/dockerd", "-" },
		     { "paths/data-root", "\"/srv/docker/data\"" },
		     { "paths/api-sockets", "[\"/srv/docker/sock\"]" },
		     { "paths/certs-dir", "[\"/etc/containers/certs.d\",\"/etc/docker/certs.d\"]" },
		     { "paths/tlskey", "-" },
		     { "paths/socket-group", "\"docker\"" } } },
	{ .name = "Podman on another host",
	  .base = "podman",
	  .sets = { { "engine/endpoint/local", "false" },
		    { "engine/process", "{\"$unread\":\"elsewhere\"}" } },
	  .wants = { { "paths/dockerd", "-" },
		     { "paths/data-root", "?on another host" },
		     { "paths/runtimes", "?on another host" },
		     { "paths/tlskey", "?on another host" } } },
	{ .name = "Podman with certificates",
	  .base = "podman",
	  .sets = { { "engine/process/Args",
		      "[\"podman\",\"system\",\"service\",\"--tls-cert=/c.pem\","
		      "\"--tls-key\",\"/k.pem\",\"--tls-client-ca\"]" } },
	  .wants = { { "paths/tlscert", "\"/c.pem\"" },
		     { "paths/tlskey", "\"/k.pem\"" },
		     { "paths/tlscacert", "?does not tell" } } },
	{ .name = "Podman of a user",
	  .base = "podman",
	  .sets = { { "engine/info/SecurityOptions", "[\"name=rootless\"]" } },
	  .wants = { { "paths/certs-dir", "?rootless" } } },
	{ .name = "the group of the socket",
	  .base = "engine",
	  .wants = { { "paths/socket-group", "\"docker\"" }, { "paths/socket-gid", "998" } } },
	{ .name = "its number",
	  .base = "engine",
	  .sets = { { "engine/process/Args", "[\"dockerd\",\"-G\",\"1234\"]" } },
	  .wants = { { "paths/socket-group", "\"1234\"" }, { "paths/socket-gid", "1234" } } },
	{ .name = "a group that this host does not have",
	  .base = "engine",
	  .sets = { { "host/groups/docker", "-" } },
	  .wants = { { "paths/socket-gid", "-" } } },
	{ .name = "groups that were not read",
	  .base = "engine",
	  .sets = { { "host/groups", "{\"$unread\":\"EACCES\"}" } },
	  .wants = { { "paths/socket-gid", "?EACCES" } } },
	{ .name = "an engine with groups of its own",
	  .base = "engine",
	  .sets = { { "engine/process/OwnRoot", "true" },
		    { "engine/process/Args", "[\"dockerd\"]" },
		    { "engine/groups", "{\"docker\":{\"gid\":101,\"members\":[]}}" } },
	  .wants = { { "paths/socket-gid", "101" } } },
	{ .name = "an engine with a root of its own whose groups are not known",
	  .base = "engine",
	  .sets = { { "engine/process/OwnRoot", "true" },
		    { "engine/process/Args", "[\"dockerd\"]" } },
	  .wants = { { "paths/socket-gid", "?not read" } } },
	{ .name = "a group of a rootless engine",
	  .base = "engine",
	  .sets = { { "engine/info/SecurityOptions", "[\"name=rootless\"]" },
		    { "engine/process/Args", "[\"dockerd\",\"-H\",\"unix:///run/user/1/d\"]" },
		    { "engine/process/GidMap", "[[0,1000,1],[1,600000,65536]]" } },
	  .wants = { { "paths/socket-gid", "600997" } } },
	{ .name = "root's group of a rootless engine",
	  .base = "engine",
	  .sets = { { "engine/info/SecurityOptions", "[\"name=rootless\"]" },
		    { "engine/process/Args", "[\"dockerd\",\"-G\",\"0\",\"-H\",\"unix:///r\"]" },
		    { "engine/process/GidMap", "[[0,1000,1],[1,600000,65536]]" } },
	  .wants = { { "paths/socket-gid", "1000" } } },
	{ .name = "a group that its user namespace does not have",
	  .base = "engine",
	  .sets = { { "engine/info/SecurityOptions", "[\"name=rootless\"]" },
		    { "engine/process/Args", "[\"dockerd\",\"-H\",\"unix:///r\"]" },
		    { "engine/process/GidMap", "[[0,1000,1],[1,600000,900]]" } },
	  .wants = { { "paths/socket-gid", "-" } } },
	{ .name = "a rootless engine whose map is not known",
	  .base = "engine",
	  .sets = { { "engine/info/SecurityOptions", "[\"name=rootless\"]" },
		    { "engine/process/Args", "[\"dockerd\",\"-H\",\"unix:///r\"]" } },
	  .wants = { { "paths/socket-gid", "?gid_map" } } },
	{ .name = "Docker of the snap store",
	  .base = "engine",
	  .sets = { { "engine/process/Exe", "\"/snap/docker/2915/bin/dockerd\"" },
		    { "host/units/snap.docker.dockerd.service",
		      "{\"path\":\"/etc/systemd/system/snap.docker.dockerd.service\"}" } },
	  .wants = { { "paths/docker.service",
		       "\"/etc/systemd/system/snap.docker.dockerd.service\"" },
		     { "paths/docker.socket", "-" } } },
	{ .name = "Docker of the snap store, its unit not read",
	  .base = "engine",
	  .sets = { { "engine/process/Exe", "\"/snap/docker/2915/bin/dockerd\"" } },
	  .wants = { { "paths/docker.service", "?snap.docker.dockerd.service" } } },
	{ .name = "Docker is nothing else", .base = "engine", .wants = { { "product", "-" } } },
	{ .name = "no version",
	  .base = "engine",
	  .sets = { { "engine/info/ServerVersion", "-" },
		    { "engine/version", "{\"$unread\":\"timeout\"}" } },
	  .wants = { { "effective/iptables/value", "?version" },
		     { "effective/no-new-privileges/value", "?version" },
		     { "effective/debug/value", "false" } } },
	{ .name = "a version whose defaults are not known",
	  .base = "engine",
	  .sets = { { "engine/info/ServerVersion", "\"19.03.1\"" } },
	  .wants = { { "effective/iptables/value", "?not known for Docker 19.03.1" } } },

	/* --- the API --- */
	{ .name = "drift",
	  .base = "engine",
	  .sets = { { "engine/daemon-json/content",
		      "{\"icc\":false,\"debug\":true,\"insecure-registries\":[\"r:5000\"],\"log-"
		      "driver\":\"syslog\"}" },
		    { "engine/info/Debug", "true" } },
	  .wants = { { "effective/icc/value", "true" },
		     { "effective/icc/configured", "false" },
		     { "effective/icc/configured_in", "\"/etc/docker/daemon.json\"" },
		     { "effective/icc/drift",
		       "\"/etc/docker/daemon.json says false, but true is in force\"" },
		     { "effective/debug/value", "true" },
		     { "effective/debug/drift", "-" },
		     { "effective/insecure-registries/drift",
		       "\"/etc/docker/daemon.json says [\\\"r:5000\\\"], but [] is in force\"" },
		     { "effective/log-driver/value", "\"json-file\"" } } },
	{ .name = "called otherwise by the API",
	  .base = "engine-28",
	  .sets = { { "engine/info/Driver", "\"overlayfs\"" },
		    { "engine/info/SecurityOptions", "[\"name=seccomp,profile=default\"]" },
		    { "engine/daemon-json/content",
		      "{\"storage-driver\":\"overlay2\",\"seccomp-profile\":\"builtin\"}" } },
	  .wants = { { "effective/storage-driver/configured", "\"overlay2\"" },
		     { "effective/storage-driver/drift", "-" },
		     { "effective/seccomp-profile/configured", "\"builtin\"" },
		     { "effective/seccomp-profile/drift", "-" } } },
	{ .name = "another one by the API",
	  .base = "engine-28",
	  .sets = { { "engine/info/Driver", "\"vfs\"" },
		    { "engine/info/SecurityOptions", "[\"name=seccomp,profile=default\"]" },
		    { "engine/daemon-json/content",
		      "{\"storage-driver\":\"overlay2\",\"seccomp-profile\":\"unconfined\"}" } },
	  .wants = { { "effective/storage-driver/drift",
		       "\"/etc/docker/daemon.json says \\\"overlay2\\\", but \\\"vfs\\\" is in "
		       "force\"" },
		     { "effective/seccomp-profile/drift",
		       "\"/etc/docker/daemon.json says \\\"unconfined\\\", but \\\"default\\\" is "
		       "in force\"" } } },
	{ .name = "in force, but configured no more",
	  .base = "engine",
	  .sets = { { "engine/info/LiveRestoreEnabled", "true" } },
	  .wants = { { "effective/live-restore/drift",
		       "\"true is in force, but nothing configures it any more\"" } } },
	{ .name = "insecure registries",
	  .base = "engine-28",
	  .sets = { { "engine/info/RegistryConfig/InsecureRegistryCIDRs",
		      "[\"::1/128\",\"10.0.0.0/8\",\"127.0.0.0/8\"]" },
		    { "engine/info/RegistryConfig/IndexConfigs",
		      "{\"docker.io\":{\"Secure\":true},\"r:5000\":{\"Secure\":false}}" },
		    { "engine/daemon-json/content",
		      "{\"insecure-registries\":[\"10.1.2.3/8\",\"http://r:5000\"]}" } },
	  .wants = { { "effective/insecure-registries/value", "[\"10.0.0.0/8\",\"r:5000\"]" },
		     { "effective/insecure-registries/drift", "-" } } },
	{ .name = "a registry that does not say whether it is secure",
	  .base = "engine",
	  .sets = { { "engine/info/RegistryConfig/IndexConfigs", "{\"x\":{}}" } },
	  .wants = { { "effective/insecure-registries/value", "?unexpected type" } } },
	{ .name = "no default bridge",
	  .base = "engine",
	  .sets = { { "engine/networks/bridge", "-" },
		    { "engine/daemon-json/content", "{\"icc\":false}" } },
	  .wants = { { "effective/icc/value", "false" },
		     { "effective/icc/origin", "\"/etc/docker/daemon.json\"" } } },
	{ .name = "networks unread",
	  .base = "engine",
	  .sets = { { "engine/networks", "{\"$unread\":\"HTTP 500\"}" } },
	  .wants = { { "effective/icc/value", "?HTTP 500" } } },
	{ .name = "/info unread",
	  .base = "engine",
	  .sets = { { "engine/info", "{\"$unread\":\"timeout\"}" } },
	  .wants = { { "effective/debug/value", "?timeout" },
		     { "effective/live-restore/value", "?timeout" },
		     { "effective/seccomp-profile/value", "?timeout" },
		     { "effective/authorization-plugins/value", "?timeout" },
		     { "effective/insecure-registries/value", "?timeout" },
		     { "paths/data-root", "?timeout" },
		     { "paths/config-dir", "?not known" },
		     { "paths/certs-dir", "?not known" } } },
	{ .name = "wrong types",
	  .base = "engine",
	  .sets = { { "engine/info/Debug", "\"false\"" },
		    { "engine/info/SecurityOptions", "\"name=rootless\"" },
		    { "engine/info/Plugins", "[]" },
		    { "engine/info/LoggingDriver", "7" } },
	  .wants = { { "effective/debug/value", "?unexpected type" },
		     { "effective/rootless/value", "?unexpected type" },
		     { "effective/authorization-plugins/value", "?" },
		     { "effective/log-driver/value", "?unexpected type" },
		     { "paths/config-dir", "?not known" } } },
	{ .name = "authorization plugins",
	  .base = "engine",
	  .sets = { { "engine/info/Plugins/Authorization", "[\"p\"]" } },
	  .wants = { { "effective/authorization-plugins/value", "[\"p\"]" } } },
	{ .name = "no authorization plugins",
	  .base = "engine",
	  .sets = { { "engine/info/Plugins/Authorization", "null" } },
	  .wants = { { "effective/authorization-plugins/value", "[]" } } },
	{ .name = "no-new-privileges is not listed before 24",
	  .base = "engine",
	  .sets = { { "engine/info/ServerVersion", "\"23.0.6\"" },
		    { "engine/process/Args", "[\"dockerd\",\"--no-new-privileges\"]" } },
	  .wants = { { "effective/no-new-privileges/value", "true" } } },
	{ .name = "no-new-privileges is listed from 24 on",
	  .base = "engine-28",
	  .sets = { { "engine/daemon-json/content", "{\"no-new-privileges\":true}" },
		    { "engine/info/SecurityOptions", "[\"name=seccomp,profile=builtin\"]" } },
	  .wants = { { "effective/no-new-privileges/value", "false" },
		     { "effective/no-new-privileges/drift",
		       "\"/etc/docker/daemon.json says true, but false is in force\"" } } },
	{ .name = "seccomp",
	  .base = "engine-28",
	  .sets = { { "engine/info/SecurityOptions", "[\"name=seccomp,profile=/etc/a,b.json\"]" } },
	  .wants = { { "effective/seccomp-profile/value", "\"/etc/a,b.json\"" },
		     { "paths/seccomp-profile", "\"/etc/a,b.json\"" } } },
	{ .name = "no seccomp",
	  .base = "engine-28",
	  .sets = { { "engine/info/SecurityOptions", "[\"name=apparmor\"]" } },
	  .wants = { { "effective/seccomp-profile/value", "\"none\"" } } },
	{ .name = "user namespaces",
	  .base = "engine",
	  .sets = { { "engine/info/SecurityOptions",
		      "[\"name=seccomp,profile=default\",\"name=userns\"]" },
		    { "engine/info/DockerRootDir", "\"/data/100000.100000\"" },
		    { "engine/daemon-json/content",
		      "{\"userns-remap\":\"default\",\"data-root\":\"/data\"}" } },
	  .wants = { { "effective/userns-remap/value", "\"default\"" },
		     { "effective/userns-remap/drift", "-" },
		     { "effective/data-root/value", "\"/data\"" },
		     { "effective/data-root/drift", "-" },
		     { "paths/data-root", "\"/data\"" } } },
	{ .name = "a folder that only looks remapped",
	  .base = "engine",
	  .sets = { { "engine/info/DockerRootDir", "\"/data/100000.100000\"" },
		    { "engine/daemon-json/content", "{\"userns-remap\":\"default\"}" } },
	  .wants = { { "paths/data-root", "\"/data/100000.100000\"" },
		     { "effective/userns-remap/value", "\"\"" },
		     { "effective/userns-remap/drift",
		       "\"/etc/docker/daemon.json says \\\"default\\\", but \\\"\\\" is in "
		       "force\"" } } },

	/* --- rootless --- */
	{ .name = "rootless",
	  .base = "engine-28",
	  .sets = { { "engine/info/SecurityOptions",
		      "[\"name=seccomp,profile=builtin\",\"name=rootless\",\"name=cgroupns\"]" },
		    { "engine/process/Args", "[\"dockerd\"]" },
		    { "engine/process/Environ",
		      "{\"HOME\":\"/home/bob\",\"XDG_RUNTIME_DIR\":\"/run/user/1000\"}" },
		    { "engine/process/Listens",
		      "{\"unix\":[\"/run/user/1000/docker.sock\"],\"tcp\":[]}" },
		    { "engine/endpoint/url", "\"unix:///run/user/1000/docker.sock\"" },
		    { "engine/info/Containerd", "-" },
		    { "engine/daemon-json/path", "\"/home/bob/.config/docker/daemon.json\"" } },
	  .wants = { { "effective/rootless/value", "true" },
		     { "effective/exec-root/value", "\"/run/user/1000/docker\"" },
		     { "effective/default-cgroupns-mode/value", "\"private\"" },
		     { "paths/config-dir", "\"/home/bob/.config/docker\"" },
		     { "paths/config-file", "\"/home/bob/.config/docker/daemon.json\"" },
		     { "paths/certs-dir", "\"/home/bob/.config/docker/certs.d\"" },
		     { "paths/containerd-socket",
		       "\"/run/user/1000/docker/containerd/containerd.sock\"" },
		     { "paths/docker.service", "?rootless" },
		     { "effective/hosts/value", "[\"unix:///run/user/1000/docker.sock\"]" },
		     { "paths/api-sockets", "[\"/run/user/1000/docker.sock\"]" },
		     { "paths/socket-group", "\"docker\"" } } },
	{ .name = "rootless with XDG_CONFIG_HOME",
	  .base = "engine-28",
	  .sets = { { "engine/info/SecurityOptions", "[\"name=rootless\"]" },
		    { "engine/process/Environ", "{\"XDG_CONFIG_HOME\":\"/cfg\"}" } },
	  .wants = { { "paths/config-file", "\"/cfg/docker/daemon.json\"" },
		     { "effective/exec-root", "?runtime folder" } } },
	{ .name = "rootless, environment unread",
	  .base = "engine-28",
	  .sets = { { "engine/info/SecurityOptions", "[\"name=rootless\"]" },
		    { "engine/process/Environ", "{\"$unread\":\"EACCES\"}" } },
	  .wants = { { "paths/config-dir", "?not known" },
		     { "effective/exec-root", "?not known" } } },
};

START_TEST(derived)
{
	derive_case_run(&rows[_i]);
}
END_TEST

/* --- nothing from nothing
 * --------------------------------------------------------------------------- */

static const char *const sections[] = {
	"engine/endpoint", "engine/info", "engine/version", "engine/process", "engine/daemon-json",
	"engine/networks", "host/units",  "host/users",     "host",
};

static const char *const junk[] = { "-",
				    "null",
				    "7",
				    "\"x\"",
				    "[]",
				    "{}",
				    "[[{}]]",
				    "true",
				    "{\"$unread\":\"EIO\"}",
				    "{\"$unread\":7}",
				    "{\"Args\":{},\"content\":[],\"exists\":1}" };

/* With the engine's locality, process or file gone or broken nothing may come from configuration.
 */
static void nothing_from_configuration(json_t *world, const char *what)
{
	static const char *const keys[] = { "iptables",      "userland-proxy",
					    "cgroup-parent", "default-ulimits",
					    "tls",           "tlsverify",
					    "log-level",     "no-new-privileges" };
	for (size_t i = 0; i < ARRAY_SIZE(keys); i++) {
		AUTO_FREE char *path = xasprintf("engine/effective/%s/value", keys[i]);
		ck_assert_msg(facts_find(world, path).state == FACT_UNREAD, "%s: %s is known", what,
			      keys[i]);
	}
}

START_TEST(broken_section)
{
	const char *section = sections[_i];
	bool decides = streq(section, "engine/endpoint") || streq(section, "engine/process") ||
		       streq(section, "engine/daemon-json");
	for (size_t k = 0; k < ARRAY_SIZE(junk); k++) {
		json_t *world = derive_case_base("engine");
		AUTO_FREE char *what = xasprintf("%s = %s", section, junk[k]);
		derive_case_set(world, section,
				streq(junk[k], "-") ? NULL : derive_case_parse(junk[k]));
		derive_world(world);
		if (decides)
			nothing_from_configuration(world, what);
		json_decref(world);
	}
}
END_TEST

/* Each member of each section broken in turn: no crash (the sanitizers look on). */
START_TEST(broken_member)
{
	json_t *base = derive_case_base("engine-28");
	for (size_t s = 0; s < ARRAY_SIZE(sections); s++) {
		struct fact f = facts_find(base, sections[s]);
		const char *name;
		json_t *member;
		json_object_foreach(f.value, name, member)
		{
			AUTO_FREE char *path = xasprintf("%s/%s", sections[s], name);
			json_t *world = json_deep_copy(base);
			derive_case_set(world, path,
					streq(junk[_i], "-") ? NULL : derive_case_parse(junk[_i]));
			derive_world(world);
			json_decref(world);
		}
	}
	json_decref(base);
}
END_TEST

START_TEST(no_world)
{
	static const char *const worlds[] = { "{}", "{\"engine\":7}",
					      "{\"engine\":{\"$unread\":\"x\"}}",
					      "{\"engine\":{}}" };
	json_t *world = derive_case_parse(worlds[_i]);
	derive_world(world);
	ck_assert_int_eq(facts_find(world, "engine/effective/iptables/value").state, FACT_UNREAD);
	ck_assert_int_eq(facts_find(world, "engine/paths/data-root").state, FACT_UNREAD);
	json_decref(world);
	derive_world(NULL);
}
END_TEST

/* What a snapshot claims to have been derived is not believed. */
START_TEST(forged)
{
	json_t *world = derive_case_base("engine");
	derive_case_set(world, "engine/effective/iptables/value", json_false());
	derive_case_set(world, "engine/paths/tlskey", json_string("/etc/shadow"));
	derive_world(world);
	derive_case_expect("forged", world, "effective/iptables/value", "true");
	derive_case_expect("forged", world, "paths/tlskey", "-");
	json_decref(world);
}
END_TEST

int main(void)
{
	Suite *suite;
	TCase *tc = harness_group("derive", &suite);
	tcase_set_timeout(tc, 60);
	tcase_add_loop_test(tc, derived, 0, ARRAY_SIZE(rows));
	tcase_add_loop_test(tc, broken_section, 0, ARRAY_SIZE(sections));
	tcase_add_loop_test(tc, broken_member, 0, ARRAY_SIZE(junk));
	tcase_add_loop_test(tc, no_world, 0, 4);
	tcase_add_test(tc, forged);
	return harness_run(suite);
}
