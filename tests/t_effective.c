/* SPDX-License-Identifier: Apache-2.0 */
/* t_effective.c: listeners, TLS and the faults of daemon.json. */
#include "derive_case.h"
#include "harness.h"
#include "util.h"

#define ARGS(list)                                                                                 \
	{                                                                                          \
		"engine/process/Args", "[\"dockerd\"," list "]"                                    \
	}
#define FILE_SAYS(object)                                                                          \
	{                                                                                          \
		"engine/daemon-json/content", object                                               \
	}
#define NO_ARGS                                                                                    \
	{                                                                                          \
		"engine/process/Args", "[\"dockerd\"]"                                             \
	}
#define HOSTS "effective/hosts/listeners"
#define TLS(on, verify)                                                                            \
	{ "effective/tls/value", on },                                                             \
	{                                                                                          \
		"effective/tlsverify/value", verify                                                \
	}

static const struct derive_case rows[] = {
	/* --- TLS
	   ------------------------------------------------------------------------------------- */
	{ .name = "no TLS",
	  .base = "engine",
	  .wants = { TLS("false", "false"), { "paths/tlskey", "-" } } },
	{ .name = "tls alone verifies clients",
	  .base = "engine",
	  .sets = { ARGS("\"--tls\"") },
	  .wants = { TLS("true", "true"),
		     { "effective/tlscacert/value", "\"/root/.docker/ca.pem\"" },
		     { "paths/tlscert", "\"/root/.docker/cert.pem\"" },
		     { "paths/tlskey", "\"/root/.docker/key.pem\"" } } },
	{ .name = "but not on engines older than 20.10",
	  .base = "engine",
	  .sets = { ARGS("\"--tls\""), { "engine/info/ServerVersion", "\"19.03.15\"" } },
	  .wants = { TLS("true", "false") } },
	{ .name = "tlsverify false turns TLS on, without verification",
	  .base = "engine",
	  .sets = { FILE_SAYS("{\"tlsverify\":false}") },
	  .wants = { TLS("true", "false") } },
	{ .name = "tlsverify false wins over tls",
	  .base = "engine",
	  .sets = { ARGS("\"--tls\",\"--tlsverify=false\"") },
	  .wants = { TLS("true", "false") } },
	{ .name = "tlsverify wins over tls false",
	  .base = "engine",
	  .sets = { ARGS("\"--tls=false\",\"--tlsverify\"") },
	  .wants = { TLS("true", "true"), { "effective/tls/configured", "false" } } },
	{ .name = "certificates alone turn nothing on",
	  .base = "engine",
	  .sets = { ARGS("\"--tlscacert=/a\",\"--tlscert=/b\",\"--tlskey=/c\"") },
	  .wants = { TLS("false", "false"), { "paths/tlscacert", "-" } } },
	{ .name = "DOCKER_TLS_VERIFY turns nothing on either",
	  .base = "engine",
	  .sets = { { "engine/process/Environ/DOCKER_TLS_VERIFY", "\"1\"" } },
	  .wants = { TLS("false", "false") } },
	{ .name = "all in the file",
	  .base = "engine",
	  .sets = { FILE_SAYS("{\"tlsverify\":true,\"tlscacert\":\"/a\",\"tlscert\":\"/"
			      "b\",\"tlskey\":\"c\"}") },
	  .wants = { TLS("true", "true"),
		     { "paths/tlscacert", "\"/a\"" },
		     { "paths/tlscert", "\"/b\"" },
		     { "paths/tlskey", "?absolute" } } },
	{ .name = "turned on in the file, without a CA: every CA of the system would do",
	  .base = "engine",
	  .sets = { FILE_SAYS("{\"tlsverify\":true,\"hosts\":[\"tcp://0.0.0.0:2376\"]}"), NO_ARGS },
	  .wants = { { "effective/tlsverify/value", "true" },
		     { "effective/tlscacert/value", "\"\"" },
		     { HOSTS "/0/verified", "false" },
		     { "paths/tlscacert", "-" } } },
	{ .name = "turned on in the file, the CA as a flag: dockerd forgets the flag",
	  .base = "engine",
	  .sets = { FILE_SAYS("{\"tlsverify\":true}"),
		    ARGS("\"--tlscacert=/a\",\"-H\",\"tcp://h:1\"") },
	  .wants = { { "effective/tlscacert/value", "\"\"" }, { HOSTS "/0/verified", "false" } } },
	{ .name = "turned on by a flag, files in the file",
	  .base = "engine",
	  .sets = { FILE_SAYS("{\"tlscacert\":\"/a\"}"), ARGS("\"--tlsverify\"") },
	  .wants = { { "paths/tlscacert", "\"/a\"" },
		     { "paths/tlskey", "\"/root/.docker/key.pem\"" } } },
	{ .name = "DOCKER_CERT_PATH",
	  .base = "engine",
	  .sets = { ARGS("\"--tlsverify\""),
		    { "engine/process/Environ", "{\"DOCKER_CERT_PATH\":\"/c\",\"HOME\":\"/h\"}" } },
	  .wants = { { "paths/tlscacert", "\"/c/ca.pem\"" } } },
	{ .name = "HOME",
	  .base = "engine",
	  .sets = { ARGS("\"--tlsverify\""), { "engine/process/Environ", "{\"HOME\":\"/h\"}" } },
	  .wants = { { "paths/tlskey", "\"/h/.docker/key.pem\"" } } },
	{ .name = "environment unread",
	  .base = "engine",
	  .sets = { ARGS("\"--tlsverify\""),
		    { "engine/process/Environ", "{\"$unread\":\"EACCES\"}" } },
	  .wants = { { "effective/tls/value", "true" },
		     { "paths/tlskey", "?environment" },
		     { "paths/tlscacert", "?environment" } } },
	{ .name = "tlsverify unread",
	  .base = "engine",
	  .sets = { ARGS("\"--tls\",\"-H\",\"tcp://h:1\""),
		    { "engine/daemon-json", "{\"$unread\":\"EACCES\"}" } },
	  .wants = { { "effective/tls/value", "true" },
		     { "effective/tlsverify/value", "?EACCES" },
		     { HOSTS "/0/tls", "true" },
		     { HOSTS "/0/verified", "?EACCES" } } },
	{ .name = "hidden in another object tls does nothing",
	  .base = "engine",
	  .sets = { FILE_SAYS("{\"x\":{\"tls\":true,\"tlsverify\":true}}") },
	  .wants = { TLS("false", "false") } },

	/* --- listeners
	   --------------------------------------------------------------------------------- */
	{ .name = "the default host",
	  .base = "engine",
	  .sets = { NO_ARGS },
	  .wants = { { "effective/hosts/value", "[\"unix:///var/run/docker.sock\"]" },
		     { "paths/api-sockets", "[\"/var/run/docker.sock\"]" },
		     { "paths/socket-group", "\"docker\"" } } },
	{ .name = "the default host with TLS",
	  .base = "engine",
	  .sets = { ARGS("\"--tlsverify\"") },
	  .wants = { { "effective/hosts/value", "[\"tcp://localhost:2376\"]" },
		     { HOSTS "/0/verified", "true" },
		     { HOSTS "/0/loopback", "true" } } },
	{ .name = "every interface, plain",
	  .base = "engine",
	  .sets = { FILE_SAYS("{\"hosts\":[\n\"unix://\",\n\"tcp://"
			      "0.0.0.0:2375\"],\"group\":\"ops\"}"),
		    NO_ARGS },
	  .wants = { { "effective/hosts/origin", "\"/etc/docker/daemon.json\"" },
		     { HOSTS "/1",
		       "{\"url\":\"tcp://0.0.0.0:2375\",\"from\":\"/etc/docker/"
		       "daemon.json\",\"kind\":\"tcp\","
		       "\"tls\":false,\"verified\":false,\"loopback\":false,\"wildcard\":true}" },
		     { "paths/api-sockets", "[\"/var/run/docker.sock\"]" },
		     { "paths/socket-group", "\"ops\"" } } },
	{ .name = "spellings of tcp",
	  .base = "engine",
	  .sets = { ARGS("\"-H\",\":2375\",\"-H\",\"127.0.0.1\",\"-H\",\"tcp://"
			 "[::]:1\",\"-H\",\"tcp://\",\"-H\",\" tcp://h:9 \"") },
	  .wants = { { "effective/hosts/value",
		       "[\"tcp://localhost:2375\",\"tcp://127.0.0.1:2375\",\"tcp://[::]:1\",\"tcp:/"
		       "/localhost:2375\",\"tcp://h:9\"]" },
		     { HOSTS "/1/loopback", "true" },
		     { HOSTS "/2/wildcard", "true" },
		     { HOSTS "/4/loopback", "false" } } },
	{ .name = "a host that is none",
	  .base = "engine",
	  .sets = { ARGS("\"-H\",\"tcp://[::1:1\"") },
	  .wants = { { "effective/hosts", "?not understood" },
		     { "paths/api-sockets", "?not understood" } } },
	{ .name = "fd:// with a port in the socket unit",
	  .base = "engine",
	  .sets = { { "host/units/docker.socket/settings/Socket",
		      "{\"ListenStream\":[\"%t/"
		      "docker.sock\",\"2375\",\"127.0.0.1:99\",\"[::1]:98\",\"vsock:2:1\"]}" } },
	  .wants = { { HOSTS "/0/path", "\"/run/docker.sock\"" },
		     { HOSTS "/1/url", "\"tcp://[::]:2375\"" },
		     { HOSTS "/1/wildcard", "true" },
		     { HOSTS "/1/from", "\"docker.socket\"" },
		     { HOSTS "/2/loopback", "true" },
		     { HOSTS "/3/loopback", "true" },
		     { HOSTS "/4/kind", "\"other\"" },
		     { HOSTS "/4/loopback", "false" },
		     { "paths/socket-group", "\"root\"" } } },
	{ .name = "fd:// and no unit: the process tells, when it listens on no port",
	  .base = "engine",
	  .sets = { { "host/units", "{\"$unread\":\"EACCES\"}" },
		    { "engine/process/Listens/unix",
		      "[\"/run/docker.sock\",\"/run/docker/metrics.sock\"]" } },
	  .wants = { { HOSTS "/0/path", "\"/run/docker.sock\"" },
		     { "paths/api-sockets", "[\"/run/docker.sock\"]" },
		     { "paths/socket-group", "?EACCES" } } },
	{ .name = "fd:// and no unit: a port may be the API",
	  .base = "engine",
	  .sets = { { "host/units", "{\"$unread\":\"EACCES\"}" },
		    { "engine/process/Listens/tcp", "[\"[::]:2375\"]" } },
	  .wants = { { HOSTS, "?fd://" },
		     { "effective/hosts/unexplained", "[\"[::]:2375\"]" },
		     { "paths/api-sockets", "?fd://" } } },
	{ .name = "fd:// with a specifier that is not known",
	  .base = "engine",
	  .sets = { { "host/units/docker.socket/settings/Socket/ListenStream", "[\"%i/x\"]" },
		    { "engine/process/Listens", "{\"$unread\":\"EACCES\"}" } },
	  .wants = { { HOSTS, "?fd://" }, { "effective/hosts/unexplained", "?not known" } } },
	{ .name = "sockets that nothing explains",
	  .base = "engine",
	  .sets = { ARGS("\"-H\",\"tcp://"
			 "127.0.0.1:2375\",\"--metrics-addr=0.0.0.0:9323\",\"--network-diagnostic-"
			 "port=2000\""),
		    { "engine/process/Listens/tcp",
		      "[\"127.0.0.1:2375\",\"[::]:9323\",\"0.0.0.0:9323\",\"127.0.0.1:2000\",\"0.0."
		      "0.0:2375\",\"[::]:4000\",\"[::]:2377\"]" } },
	  .wants = { { "effective/hosts/unexplained",
		       "[\"0.0.0.0:2375\",\"[::]:4000\",\"[::]:2377\"]" } } },
	{ .name = "the sockets of a swarm",
	  .base = "engine",
	  .sets = { { "engine/info/Swarm/LocalNodeState", "\"active\"" },
		    { "engine/process/Listens/tcp",
		      "[\"[::]:2377\",\"[::]:7946\",\"[::]:7947\"]" } },
	  .wants = { { "effective/hosts/unexplained", "[\"[::]:7947\"]" } } },
	{ .name = "the configuration is in doubt, the process is not",
	  .base = "engine",
	  .sets = { NO_ARGS, { "engine/daemon-json/mtime", "1795000009" } },
	  .wants = { { "effective/hosts/value", "[\"unix:///run/docker.sock\"]" },
		     { "effective/hosts/origin", "\"sockets of dockerd\"" } } },
	{ .name = "the configuration is in doubt, and it listens on a port",
	  .base = "engine",
	  .sets = { NO_ARGS,
		    { "engine/daemon-json/mtime", "1795000009" },
		    { "engine/process/Listens/tcp", "[\"[::]:1\"]" } },
	  .wants = { { "effective/hosts", "?changed" } } },

	/* --- daemon.json
	   ---------------------------------------------------------------------------------- */
	{ .name = "a syntax error",
	  .base = "engine",
	  .sets = { { "engine/daemon-json/error", "\"line 3, column 1: trailing comma\"" },
		    { "engine/daemon-json/content", "null" } },
	  .wants = { { "config-errors",
		       "[\"/etc/docker/daemon.json: line 3, column 1: trailing comma\"]" },
		     { "effective/iptables/value", "?line 3" } } },
	{ .name = "no object",
	  .base = "engine",
	  .sets = { FILE_SAYS("[]") },
	  .wants = { { "config-errors/0", "\"/etc/docker/daemon.json holds no JSON object\"" },
		     { "effective/iptables/value", "?no JSON object" } } },
	{ .name = "wrong case, no such key: the engine was not started with this file",
	  .base = "engine",
	  .sets = { FILE_SAYS("{\"ICC\":false,\"nonsense\":1}") },
	  .wants = { { "config-errors/0",
		       "\"/etc/docker/daemon.json: dockerd refuses 'ICC': it is spelt 'icc'\"" },
		     { "config-errors/1", "\"/etc/docker/daemon.json: dockerd refuses 'nonsense': "
					  "there is no such key\"" },
		     { "effective/iptables/value", "?would refuse" } } },
	{ .name = "a key of a later version",
	  .base = "engine",
	  .sets = { FILE_SAYS("{\"allow-direct-routing\":true}") },
	  .wants = { { "config-errors/0", "\"/etc/docker/daemon.json: dockerd refuses "
					  "'allow-direct-routing': there is no such key\"" } } },
	{ .name = "a key that a later engine may know",
	  .base = "engine",
	  .sets = { FILE_SAYS("{\"nonsense\":1}"), { "engine/info/ServerVersion", "\"31.0.0\"" } },
	  .wants = { { "config-errors", "[]" } } },
	{ .name = "keys without effect",
	  .base = "engine",
	  .sets = { FILE_SAYS("{\"default-ulimit\":{},\"insecure-registry\":[\"x\"],\"host\":["
			      "\"tcp://0.0.0.0:1\"],\"label\":1,"
			      "\"containerd-plugins-namespace\":\"x\",\"deprecated-key-path\":"
			      "\"x\"}"),
		    NO_ARGS },
	  .wants = { { "config-errors", "[]" },
		     { "config-ignored/0", "\"/etc/docker/daemon.json: 'insecure-registry' has no "
					   "effect: the key is 'insecure-registries'\"" },
		     { "config-ignored/4", "\"/etc/docker/daemon.json: 'deprecated-key-path' has "
					   "no effect in the file\"" },
		     { "effective/default-ulimits/value", "{}" },
		     { "effective/hosts/value", "[\"unix:///var/run/docker.sock\"]" } } },
	{ .name = "wrong types",
	  .base = "engine",
	  .sets = { FILE_SAYS("{\"icc\":\"false\",\"log-opts\":{\"max-file\":3},\"mtu\":\"1\","
			      "\"hosts\":\"fd://\",\"default-ulimits\":{\"a\":1}}") },
	  .wants = { { "config-errors/0",
		       "\"/etc/docker/daemon.json: 'icc' is not true or false\"" },
		     { "config-errors/1",
		       "\"/etc/docker/daemon.json: 'log-opts' is not an object of strings\"" },
		     { "config-errors/2", "\"/etc/docker/daemon.json: 'mtu' is not an integer\"" },
		     { "config-errors/3",
		       "\"/etc/docker/daemon.json: 'hosts' is not a list of strings\"" },
		     { "config-errors/4", "\"/etc/docker/daemon.json: 'default-ulimits' is not an "
					  "object of ulimits\"" },
		     { "effective/userland-proxy/value", "?would refuse" } } },
	{ .name = "an object where a value belongs",
	  .base = "engine",
	  .sets = { FILE_SAYS("{\"icc\":{}}") },
	  .wants = { { "config-errors/0",
		       "\"/etc/docker/daemon.json: 'icc' is not true or false\"" } } },
	{ .name = "also a flag",
	  .base = "engine",
	  .sets = { FILE_SAYS("{\"iptables\":true,\"hosts\":[\"fd://\"]}"),
		    ARGS("\"-H\",\"fd://\",\"--iptables=true\"") },
	  .wants = { { "config-errors/0",
		       "\"/etc/docker/daemon.json: 'hosts' is given on the command line too\"" },
		     { "effective/iptables/value", "true" },
		     { "effective/iptables/drift", "\"/etc/docker/daemon.json gives it too, and "
						   "dockerd would not start again\"" },
		     { "effective/userland-proxy/value", "?would refuse" } } },
	{ .name = "runtimes may be given twice",
	  .base = "engine",
	  .sets = { FILE_SAYS("{\"runtimes\":{\"a\":{\"path\":\"/a\"}}}"),
		    ARGS("\"--add-runtime=b=/b\"") },
	  .wants = { { "config-errors", "[]" },
		     { "effective/runtimes/value",
		       "{\"a\":{\"path\":\"/a\"},\"b\":{\"path\":\"/b\"}}" } } },
	{ .name = "proxies and other nests",
	  .base = "engine-28",
	  .sets = { FILE_SAYS(
		  "{\"proxies\":{\"http-proxy\":\"http://"
		  "p\"},\"x\":{\"iptables\":false,\"mtu\":1,\"cgroup-parent\":\"/y\"}}") },
	  .wants = { { "config-errors", "[]" },
		     { "effective/http-proxy/configured", "\"http://p\"" },
		     { "effective/iptables/value", "false" },
		     { "effective/cgroup-parent/value", "\"\"" } } },
	{ .name = "choices",
	  .base = "engine",
	  .sets = { FILE_SAYS("{\"log-level\":\"loud\",\"default-ipc-mode\":\"host\",\"icc\":false,"
			      "\"iptables\":false}") },
	  .wants = { { "config-errors/0",
		       "\"/etc/docker/daemon.json: 'log-level' cannot be 'loud'\"" },
		     { "config-errors/1",
		       "\"/etc/docker/daemon.json: 'default-ipc-mode' cannot be 'host'\"" },
		     { "config-errors/2", "\"/etc/docker/daemon.json: 'icc' cannot be false while "
					  "'iptables' is false\"" } } },
	{ .name = "ulimits are told as they are",
	  .base = "engine",
	  .sets = { FILE_SAYS("{\"default-ulimits\":{\"nofile\":{\"Soft\":1,\"Hard\":2}}}") },
	  .wants = { { "effective/default-ulimits/value", "{\"nofile\":{\"Soft\":1,\"Hard\":2}}" },
		     { "config-errors", "[]" } } },
	{ .name = "an empty file",
	  .base = "engine-28",
	  .sets = { { "engine/daemon-json/content", "-" }, { "engine/daemon-json/size", "0" } },
	  .wants = { { "config-errors", "[]" }, { "effective/iptables/value", "true" } } },

	/* --- containerd
	   ----------------------------------------------------------------------------------- */
	{ .name = "a managed containerd",
	  .base = "engine",
	  .sets = { NO_ARGS,
		    { "host/units/containerd.service/path", "null" },
		    { "engine/files", "{}" } },
	  .wants = { { "paths/containerd-socket",
		       "\"/var/run/docker/containerd/containerd.sock\"" },
		     { "paths/containerd-sockets", "[\"/run/containerd/containerd.sock\",\"/var/"
						   "run/docker/containerd/containerd.sock\"]" } } },
	{ .name = "a system containerd",
	  .base = "engine",
	  .sets = { NO_ARGS },
	  .wants = { { "paths/containerd-socket", "\"/run/containerd/containerd.sock\"" } } },
	{ .name = "named",
	  .base = "engine",
	  .sets = { ARGS("\"--containerd=unix:///c.sock\"") },
	  .wants = { { "paths/containerd-socket", "\"/c.sock\"" } } },
	{ .name = "upgraded while it ran",
	  .base = "engine",
	  .sets = { { "engine/process/Exe", "\"/usr/bin/dockerd (deleted)\"" } },
	  .wants = { { "paths/dockerd", "\"/usr/bin/dockerd\"" } } },
	{ .name = "units unread",
	  .base = "engine",
	  .sets = { { "host/units", "{\"$unread\":\"EIO\"}" } },
	  .wants = { { "paths/docker.service", "?EIO" }, { "paths/docker.socket", "?EIO" } } },
	{ .name = "no unit",
	  .base = "engine",
	  .sets = { { "host/units/docker.service",
		      "{\"path\":null,\"drop_ins\":[],\"masked\":false}" },
		    { "host/units/docker.socket", "-" } },
	  .wants = { { "paths/docker.service", "-" },
		     { "paths/docker.socket", "?docker.socket" } } },
};

START_TEST(derived)
{
	derive_case_run(&rows[_i]);
}
END_TEST

int main(void)
{
	Suite *suite;
	TCase *tc = harness_group("effective", &suite);
	tcase_add_loop_test(tc, derived, 0, ARRAY_SIZE(rows));
	return harness_run(suite);
}
