/* SPDX-License-Identifier: Apache-2.0 */
/* audit_rules_rows.c: the table of what audit shall record changes of. */
#include "audit_rules.h"
#include "engine.h"
#include "tables.h"

/* path is where it mostly is; the finding has the line with the path of this host. */
#define REMEDY(path)                                                                               \
	"In /etc/audit/rules.d/docker.rules the line that the finding names, mostly:\n"            \
	"-w " path " -p wa -k docker\n"                                                            \
	"Then: augenrules --load"

/* io_uring: measured with 6.18; kernel/auditsc.c has a list of its own for it. */
#define WANTED                                                                                     \
	"a loaded rule that records writes and changes of attributes (perm=wa) by system calls; "  \
	"no rule of this list records what is done through io_uring, which "                       \
	"kernel.io_uring_disabled=2 shuts off"

static const struct audit_item dockerd = {
	.role = "paths/dockerd",
	.none = "dockerd's program is not known",
	.podman = NO_DOCKERD,
};
static const struct audit_item run_containerd = {
	.role = "paths/run-containerd",
	.none = "there is no /run/containerd",
	.podman = NO_CONTAINERD,
};
static const struct audit_item data_root = {
	.role = "paths/data-root",
	.flags = AUDIT_IS_DATA_ROOT,
	.none = "the engine's data root is not known",
};
static const struct audit_item etc_docker = {
	.role = "paths/config-dir",
	.none = "this engine has no configuration folder",
	.podman = NO_DOCKERD,
};
static const struct audit_item docker_service = {
	.role = "paths/docker.service",
	.flags = AUDIT_IS_UNIT,
	.none = "there is no docker.service unit",
	.podman = NO_DOCKERD,
};
static const struct audit_item containerd_socket = {
	.role = "paths/containerd-socket",
	.none = "there is no containerd socket",
	.podman = NO_CONTAINERD,
};
static const struct audit_item api_socket = {
	.role = "paths/api-sockets",
	.flags = AUDIT_IS_LIST,
	.none = "the API is on no unix socket",
};
static const struct audit_item etc_default_docker = {
	.role = "paths/defaults",
	.none = "there is no /etc/default/docker",
	.podman = NO_DOCKERD,
};
static const struct audit_item daemon_json = {
	.role = "paths/config-file",
	.none = "this engine has no configuration file",
	.podman = NO_DOCKERD,
};
static const struct audit_item containerd_config = {
	.role = "paths/containerd-config",
	.none = "containerd has no configuration file",
	.podman = NO_CONTAINERD,
};
static const struct audit_item etc_sysconfig_docker = {
	.role = "paths/sysconfig",
	.none = "there is no /etc/sysconfig/docker",
	.podman = NO_DOCKERD,
};
static const struct audit_item containerd = {
	.role = "paths/containerd",
	.none = "containerd's program is not there",
	.podman = NO_CONTAINERD,
};
static const struct audit_item containerd_shim = {
	.role = "paths/containerd-shim",
	.none = "there is no containerd-shim",
	.podman = NO_CONTAINERD,
};
static const struct audit_item containerd_shim_runc_v1 = {
	.role = "paths/containerd-shim-runc-v1",
	.none = "there is no containerd-shim-runc-v1",
	.podman = NO_CONTAINERD,
};
static const struct audit_item containerd_shim_runc_v2 = {
	.role = "paths/containerd-shim-runc-v2",
	.none = "there is no containerd-shim-runc-v2",
	.podman = NO_CONTAINERD,
};
static const struct audit_item runc = {
	.role = "paths/runtimes",
	.flags = AUDIT_IS_LIST,
	.none = "no runtime's program is there",
};

const struct sw_check sw_audit_rule_checks[] = {
	{
		.id = "audit.dockerd",
		.kind = SW_ENGINE,
		.severity = SW_MEDIUM,
		.title = "Audit records changes of the engine's program",
		.why = "Who replaces the engine's program runs code as root at its next start; "
		       "without a record nobody learns when and by whom.",
		.wanted = WANTED,
		.remedy = REMEDY("/usr/bin/dockerd"),
		.fn = audit_rule_covers,
		.arg = &dockerd,
		.needs = SW_NEEDS_AUDIT,
	},
	{
		.id = "audit.run-containerd",
		.kind = SW_ENGINE,
		.severity = SW_MEDIUM,
		.title = "Audit records changes of /run/containerd",
		.why = "It holds containerd's socket and the state of running containers: what is "
		       "changed here changes containers behind the engine's back.",
		.wanted = WANTED,
		.remedy = REMEDY("/run/containerd"),
		.fn = audit_rule_covers,
		.arg = &run_containerd,
		.needs = SW_NEEDS_AUDIT,
	},
	{
		.id = "audit.data-root",
		.kind = SW_ENGINE,
		.severity = SW_MEDIUM,
		.title = "Audit records changes of the engine's data root",
		.why = "It holds the images, the configuration and the secrets of all containers: "
		       "who writes here owns them.",
		.wanted = WANTED,
		.remedy = "In /etc/audit/rules.d/docker.rules, with the path that the finding "
			  "names:\n"
			  "-a never,exit -F dir=/var/lib/docker/overlay2\n"
			  "-a never,exit -F dir=/var/lib/docker/volumes\n"
			  "-w /var/lib/docker -p wa -k docker\n"
			  "Then: augenrules --load\n"
			  "The first two keep what containers write out of the log.",
		.fn = audit_rule_covers,
		.arg = &data_root,
		.needs = SW_NEEDS_AUDIT,
	},
	{
		.id = "audit.etc-docker",
		.kind = SW_ENGINE,
		.severity = SW_MEDIUM,
		.title = "Audit records changes of the engine's configuration folder",
		.why = "It holds the engine's settings and the certificates of registries: a "
		       "change here may open the engine to others.",
		.wanted = WANTED,
		.remedy = REMEDY("/etc/docker"),
		.fn = audit_rule_covers,
		.arg = &etc_docker,
		.needs = SW_NEEDS_AUDIT,
	},
	{
		.id = "audit.docker-service",
		.kind = SW_ENGINE,
		.severity = SW_MEDIUM,
		.title = "Audit records changes of the docker.service unit file",
		.why = "It says what root runs as the engine, and with which options.",
		.wanted = WANTED,
		.remedy = REMEDY("/usr/lib/systemd/system/docker.service"),
		.fn = audit_rule_covers,
		.arg = &docker_service,
		.needs = SW_NEEDS_AUDIT,
	},
	{
		.id = "audit.containerd-socket",
		.kind = SW_ENGINE,
		.severity = SW_MEDIUM,
		.title = "Audit records changes of containerd's socket",
		.why = "Who may write to it is root on this host, past all that the engine checks.",
		.wanted = WANTED,
		.remedy = REMEDY("/run/containerd/containerd.sock"),
		.fn = audit_rule_covers,
		.arg = &containerd_socket,
		.needs = SW_NEEDS_AUDIT,
	},
	{
		.id = "audit.api-socket",
		.kind = SW_ENGINE,
		.severity = SW_MEDIUM,
		.title = "Audit records changes of the sockets of the engine's API",
		.why = "Who may write to it is root on this host: a change of its owner or mode "
		       "gives that away.",
		.wanted = WANTED,
		.remedy = REMEDY("/run/docker.sock"),
		.fn = audit_rule_covers,
		.arg = &api_socket,
		.needs = SW_NEEDS_AUDIT,
	},
	{
		.id = "audit.etc-default-docker",
		.kind = SW_ENGINE,
		.severity = SW_LOW,
		.title = "Audit records changes of /etc/default/docker",
		.why = "Where the engine is started with it, it sets the engine's options and "
		       "environment.",
		.wanted = WANTED,
		.remedy = REMEDY("/etc/default/docker"),
		.fn = audit_rule_covers,
		.arg = &etc_default_docker,
		.needs = SW_NEEDS_AUDIT,
	},
	{
		.id = "audit.daemon-json",
		.kind = SW_ENGINE,
		.severity = SW_MEDIUM,
		.title = "Audit records changes of the engine's configuration file",
		.why = "It holds the engine's settings: one line in it opens the API to the "
		       "network.",
		.wanted = WANTED,
		.remedy = REMEDY("/etc/docker/daemon.json"),
		.fn = audit_rule_covers,
		.arg = &daemon_json,
		.needs = SW_NEEDS_AUDIT,
	},
	{
		.id = "audit.containerd-config",
		.kind = SW_ENGINE,
		.severity = SW_MEDIUM,
		.title = "Audit records changes of containerd's configuration file",
		.why = "It says which programs containerd runs as root, and where it listens.",
		.wanted = WANTED,
		.remedy = REMEDY("/etc/containerd/config.toml"),
		.fn = audit_rule_covers,
		.arg = &containerd_config,
		.needs = SW_NEEDS_AUDIT,
	},
	{
		.id = "audit.etc-sysconfig-docker",
		.kind = SW_ENGINE,
		.severity = SW_LOW,
		.title = "Audit records changes of /etc/sysconfig/docker",
		.why = "Where the engine is started with it, it sets the engine's options and "
		       "environment.",
		.wanted = WANTED,
		.remedy = REMEDY("/etc/sysconfig/docker"),
		.fn = audit_rule_covers,
		.arg = &etc_sysconfig_docker,
		.needs = SW_NEEDS_AUDIT,
	},
	{
		.id = "audit.containerd",
		.kind = SW_ENGINE,
		.severity = SW_MEDIUM,
		.title = "Audit records changes of containerd's program",
		.why = "It starts all containers as root: who replaces it runs code as root.",
		.wanted = WANTED,
		.remedy = REMEDY("/usr/bin/containerd"),
		.fn = audit_rule_covers,
		.arg = &containerd,
		.needs = SW_NEEDS_AUDIT,
	},
	{
		.id = "audit.containerd-shim",
		.kind = SW_ENGINE,
		.severity = SW_LOW,
		.title = "Audit records changes of the program containerd-shim",
		.why = "It runs as root beside each container: who replaces it runs code as root.",
		.wanted = WANTED,
		.remedy = REMEDY("/usr/bin/containerd-shim"),
		.fn = audit_rule_covers,
		.arg = &containerd_shim,
		.needs = SW_NEEDS_AUDIT,
	},
	{
		.id = "audit.containerd-shim-runc-v1",
		.kind = SW_ENGINE,
		.severity = SW_LOW,
		.title = "Audit records changes of the program containerd-shim-runc-v1",
		.why = "It runs as root beside each container: who replaces it runs code as root.",
		.wanted = WANTED,
		.remedy = REMEDY("/usr/bin/containerd-shim-runc-v1"),
		.fn = audit_rule_covers,
		.arg = &containerd_shim_runc_v1,
		.needs = SW_NEEDS_AUDIT,
	},
	{
		.id = "audit.containerd-shim-runc-v2",
		.kind = SW_ENGINE,
		.severity = SW_LOW,
		.title = "Audit records changes of the program containerd-shim-runc-v2",
		.why = "It runs as root beside each container: who replaces it runs code as root.",
		.wanted = WANTED,
		.remedy = REMEDY("/usr/bin/containerd-shim-runc-v2"),
		.fn = audit_rule_covers,
		.arg = &containerd_shim_runc_v2,
		.needs = SW_NEEDS_AUDIT,
	},
	{
		.id = "audit.runc",
		.kind = SW_ENGINE,
		.severity = SW_MEDIUM,
		.title = "Audit records changes of the programs of all runtimes",
		.why = "A runtime sets up every container as root: who replaces it runs code as "
		       "root in each of them.",
		.wanted = WANTED,
		.remedy = REMEDY("/usr/bin/runc"),
		.fn = audit_rule_covers,
		.arg = &runc,
		.needs = SW_NEEDS_AUDIT,
	},
	{ 0 },
};
