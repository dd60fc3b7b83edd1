/* SPDX-License-Identifier: Apache-2.0 */
/* files_rows.c: the table of the engine's files whose owner and mode matter, two rows each. */
#include "engine.h"
#include "files.h"

static const struct file_item docker_service = {
	.role = "paths/docker.service",
	.type = "file",
	.mode = 0644,
	.flags = FILE_IS_UNIT,
	.none = "there is no docker.service unit",
	.podman = NO_DOCKERD,
};
static const struct file_item docker_socket = {
	.role = "paths/docker.socket",
	.type = "file",
	.mode = 0644,
	.flags = FILE_IS_UNIT,
	.none = "there is no docker.socket unit",
	.podman = NO_DOCKERD,
};
static const struct file_item etc_docker = {
	.role = "paths/config-dir",
	.type = "dir",
	.mode = 0755,
	.flags = FILE_MOVES,
	.none = "this engine has no configuration folder",
	.podman = NO_DOCKERD,
};
static const struct file_item registry_certs = {
	.role = "certs",
	.type = "file",
	.mode = 0444,
	.flags = FILE_IS_TREE | FILE_MOVES,
	.none = "there are no registry certificates",
};
static const struct file_item tls_ca = {
	.role = "paths/tlscacert",
	.type = "file",
	.mode = 0444,
	.flags = FILE_MOVES,
	.none = "TLS is not configured",
};
static const struct file_item server_cert = {
	.role = "paths/tlscert",
	.type = "file",
	.mode = 0444,
	.flags = FILE_MOVES,
	.none = "TLS is not configured",
};
static const struct file_item server_key = {
	.role = "paths/tlskey",
	.type = "file",
	.mode = 0400,
	.flags = FILE_MOVES | FILE_EXACT_IF_STRICT,
	.none = "TLS is not configured",
};
static const struct file_item api_socket = {
	.role = "paths/api-sockets",
	.type = "socket",
	.mode = 0660,
	.flags = FILE_IS_LIST | FILE_MOVES | FILE_HAS_GROUP,
	.none = "the API is on no unix socket",
};
static const struct file_item daemon_json = {
	.role = "paths/config-file",
	.type = "file",
	.mode = 0644,
	.flags = FILE_MOVES,
	.none = "this engine has no configuration file",
	.podman = NO_DOCKERD,
};
static const struct file_item etc_default_docker = {
	.role = "paths/defaults",
	.type = "file",
	.mode = 0644,
	.none = "there is no /etc/default/docker",
	.podman = NO_DOCKERD,
};
static const struct file_item etc_sysconfig_docker = {
	.role = "paths/sysconfig",
	.type = "file",
	.mode = 0644,
	.none = "there is no /etc/sysconfig/docker",
	.podman = NO_DOCKERD,
};
static const struct file_item containerd_socket = {
	.role = "paths/containerd-socket",
	.type = "socket",
	.mode = 0660,
	.flags = FILE_MOVES,
	.none = "there is no containerd socket",
	.podman = NO_CONTAINERD,
};

static const struct sw_param socket_params[] = {
	{ "strict", SW_BOOL, "false",
	  "root:root is not accepted, only root and the engine's group" },
	{ 0 },
};

static const struct sw_param key_params[] = {
	{ "strict", SW_BOOL, "false", "a mode tighter than 0400 is not accepted" },
	{ 0 },
};

const struct sw_check sw_file_checks[] = {
	{
		.id = "file.docker-service.owner",
		.kind = SW_ENGINE,
		.severity = SW_HIGH,
		.title = "The docker.service unit file belongs to root",
		.why = "It says what root runs as the engine: who can change it is root at the "
		       "next start.",
		.wanted = "root:root",
		.remedy = "chown root:root \"$(systemctl show -P FragmentPath docker.service)\"",
		.fn = file_owner_is_right,
		.arg = &docker_service,
	},
	{
		.id = "file.docker-service.mode",
		.kind = SW_ENGINE,
		.severity = SW_HIGH,
		.title = "The docker.service unit file grants no more than mode 0644",
		.why = "It says what root runs as the engine: who can change it is root at the "
		       "next start.",
		.wanted = "0644 or tighter, no wider ACL",
		.remedy = "chmod 0644 \"$(systemctl show -P FragmentPath docker.service)\"\n"
			  "Where an ACL gives more: setfacl -b \"$(systemctl show -P FragmentPath "
			  "docker.service)\"",
		.fn = file_mode_is_tight,
		.arg = &docker_service,
	},
	{
		.id = "file.docker-socket.owner",
		.kind = SW_ENGINE,
		.severity = SW_HIGH,
		.title = "The docker.socket unit file belongs to root",
		.why = "It says where the API listens and who may use it: who can change it opens "
		       "the engine to anyone.",
		.wanted = "root:root",
		.remedy = "chown root:root \"$(systemctl show -P FragmentPath docker.socket)\"",
		.fn = file_owner_is_right,
		.arg = &docker_socket,
	},
	{
		.id = "file.docker-socket.mode",
		.kind = SW_ENGINE,
		.severity = SW_HIGH,
		.title = "The docker.socket unit file grants no more than mode 0644",
		.why = "It says where the API listens and who may use it: who can change it opens "
		       "the engine to anyone.",
		.wanted = "0644 or tighter, no wider ACL",
		.remedy = "chmod 0644 \"$(systemctl show -P FragmentPath docker.socket)\"\n"
			  "Where an ACL gives more: setfacl -b \"$(systemctl show -P FragmentPath "
			  "docker.socket)\"",
		.fn = file_mode_is_tight,
		.arg = &docker_socket,
	},
	{
		.id = "file.etc-docker.owner",
		.kind = SW_ENGINE,
		.severity = SW_HIGH,
		.title = "The engine's configuration folder belongs to root",
		.why = "Who can put files there decides how the engine runs and whom it trusts.",
		.wanted = "root:root",
		.remedy = "chown root:root /etc/docker",
		.fn = file_owner_is_right,
		.arg = &etc_docker,
	},
	{
		.id = "file.etc-docker.mode",
		.kind = SW_ENGINE,
		.severity = SW_HIGH,
		.title = "The engine's configuration folder grants no more than mode 0755",
		.why = "Who can put files there decides how the engine runs and whom it trusts.",
		.wanted = "0755 or tighter, no wider ACL",
		.remedy = "chmod 0755 /etc/docker\n"
			  "Where an ACL gives more: setfacl -b /etc/docker",
		.fn = file_mode_is_tight,
		.arg = &etc_docker,
	},
	{
		.id = "file.registry-certs.owner",
		.kind = SW_ENGINE,
		.severity = SW_MEDIUM,
		.title = "Registry certificates and keys belong to root",
		.why = "They decide which registries are trusted and prove who this host is: "
		       "changed, another's images are pulled.",
		.wanted = "root:root",
		.remedy = "chown root:root -R /etc/docker/certs.d",
		.fn = file_owner_is_right,
		.arg = &registry_certs,
	},
	{
		.id = "file.registry-certs.mode",
		.kind = SW_ENGINE,
		.severity = SW_MEDIUM,
		.title = "Registry certificates and keys grant no more than mode 0444",
		.why = "They decide which registries are trusted and prove who this host is: "
		       "changed, another's images are pulled.",
		.wanted = "0444 or tighter, no wider ACL",
		.remedy = "find /etc/docker/certs.d -type f -exec chmod a-wx {} +; find "
			  "/etc/docker/certs.d -name '*.key' -exec chmod 0400 {} +\n"
			  "Where an ACL gives more: find /etc/docker/certs.d -type f -exec "
			  "setfacl -b {} +",
		.fn = file_mode_is_tight,
		.arg = &registry_certs,
	},
	{
		.id = "file.tls-ca.owner",
		.kind = SW_ENGINE,
		.severity = SW_HIGH,
		.title = "The CA file of the API belongs to root",
		.why = "Whose certificates it holds may use the API, which is to be root here.",
		.wanted = "root:root",
		.remedy = "chown root:root /etc/docker/ca.pem",
		.fn = file_owner_is_right,
		.arg = &tls_ca,
	},
	{
		.id = "file.tls-ca.mode",
		.kind = SW_ENGINE,
		.severity = SW_MEDIUM,
		.title = "The CA file of the API grants no more than mode 0444",
		.why = "Whose certificates it holds may use the API, which is to be root here.",
		.wanted = "0444 or tighter, no wider ACL",
		.remedy = "chmod 0444 /etc/docker/ca.pem\n"
			  "Where an ACL gives more: setfacl -b /etc/docker/ca.pem",
		.fn = file_mode_is_tight,
		.arg = &tls_ca,
	},
	{
		.id = "file.server-cert.owner",
		.kind = SW_ENGINE,
		.severity = SW_MEDIUM,
		.title = "The server certificate of the API belongs to root",
		.why = "Replaced, clients are turned away, or talk to somebody else.",
		.wanted = "root:root",
		.remedy = "chown root:root /etc/docker/cert.pem",
		.fn = file_owner_is_right,
		.arg = &server_cert,
	},
	{
		.id = "file.server-cert.mode",
		.kind = SW_ENGINE,
		.severity = SW_MEDIUM,
		.title = "The server certificate of the API grants no more than mode 0444",
		.why = "Replaced, clients are turned away, or talk to somebody else.",
		.wanted = "0444 or tighter, no wider ACL",
		.remedy = "chmod 0444 /etc/docker/cert.pem\n"
			  "Where an ACL gives more: setfacl -b /etc/docker/cert.pem",
		.fn = file_mode_is_tight,
		.arg = &server_cert,
	},
	{
		.id = "file.server-key.owner",
		.kind = SW_ENGINE,
		.severity = SW_HIGH,
		.title = "The server key of the API belongs to root",
		.why = "Who has it can pose as this engine to its clients.",
		.wanted = "root:root",
		.remedy = "chown root:root /etc/docker/key.pem",
		.fn = file_owner_is_right,
		.arg = &server_key,
	},
	{
		.id = "file.server-key.mode",
		.kind = SW_ENGINE,
		.severity = SW_HIGH,
		.title = "The server key of the API grants no more than mode 0400",
		.why = "Who has it can pose as this engine to its clients.",
		.wanted = "0400 or tighter, no wider ACL",
		.remedy = "chmod 0400 /etc/docker/key.pem\n"
			  "Where an ACL gives more: setfacl -b /etc/docker/key.pem",
		.fn = file_mode_is_tight,
		.arg = &server_key,
		.params = key_params,
	},
	{
		.id = "file.api-socket.owner",
		.kind = SW_ENGINE,
		.severity = SW_HIGH,
		.title = "The API socket belongs to root and the engine's group",
		.why = "Who can write to it can start a container that owns the host.",
		.wanted = "root and the engine's group",
		.remedy = "chown root:docker /run/docker.sock",
		.fn = file_owner_is_right,
		.arg = &api_socket,
		.params = socket_params,
	},
	{
		.id = "file.api-socket.mode",
		.kind = SW_ENGINE,
		.severity = SW_HIGH,
		.title = "The API socket grants no more than mode 0660",
		.why = "Who can write to it can start a container that owns the host.",
		.wanted = "0660 or tighter, no wider ACL",
		.remedy = "chmod 0660 /run/docker.sock\n"
			  "Where an ACL gives more: setfacl -b /run/docker.sock",
		.fn = file_mode_is_tight,
		.arg = &api_socket,
	},
	{
		.id = "file.daemon-json.owner",
		.kind = SW_ENGINE,
		.severity = SW_HIGH,
		.title = "daemon.json belongs to root",
		.why = "Who can change it chooses what root runs at the engine's next start, and "
		       "whom the engine trusts.",
		.wanted = "root:root",
		.remedy = "chown root:root /etc/docker/daemon.json",
		.fn = file_owner_is_right,
		.arg = &daemon_json,
	},
	{
		.id = "file.daemon-json.mode",
		.kind = SW_ENGINE,
		.severity = SW_HIGH,
		.title = "daemon.json grants no more than mode 0644",
		.why = "Who can change it chooses what root runs at the engine's next start, and "
		       "whom the engine trusts.",
		.wanted = "0644 or tighter, no wider ACL",
		.remedy = "chmod 0644 /etc/docker/daemon.json\n"
			  "Where an ACL gives more: setfacl -b /etc/docker/daemon.json",
		.fn = file_mode_is_tight,
		.arg = &daemon_json,
	},
	{
		.id = "file.etc-default-docker.owner",
		.kind = SW_ENGINE,
		.severity = SW_HIGH,
		.title = "/etc/default/docker belongs to root",
		.why = "Services read it as root for options and environment of the engine.",
		.wanted = "root:root",
		.remedy = "chown root:root /etc/default/docker",
		.fn = file_owner_is_right,
		.arg = &etc_default_docker,
	},
	{
		.id = "file.etc-default-docker.mode",
		.kind = SW_ENGINE,
		.severity = SW_HIGH,
		.title = "/etc/default/docker grants no more than mode 0644",
		.why = "Services read it as root for options and environment of the engine.",
		.wanted = "0644 or tighter, no wider ACL",
		.remedy = "chmod 0644 /etc/default/docker\n"
			  "Where an ACL gives more: setfacl -b /etc/default/docker",
		.fn = file_mode_is_tight,
		.arg = &etc_default_docker,
	},
	{
		.id = "file.etc-sysconfig-docker.owner",
		.kind = SW_ENGINE,
		.severity = SW_HIGH,
		.title = "/etc/sysconfig/docker belongs to root",
		.why = "Services read it as root for options and environment of the engine.",
		.wanted = "root:root",
		.remedy = "chown root:root /etc/sysconfig/docker",
		.fn = file_owner_is_right,
		.arg = &etc_sysconfig_docker,
	},
	{
		.id = "file.etc-sysconfig-docker.mode",
		.kind = SW_ENGINE,
		.severity = SW_HIGH,
		.title = "/etc/sysconfig/docker grants no more than mode 0644",
		.why = "Services read it as root for options and environment of the engine.",
		.wanted = "0644 or tighter, no wider ACL",
		.remedy = "chmod 0644 /etc/sysconfig/docker\n"
			  "Where an ACL gives more: setfacl -b /etc/sysconfig/docker",
		.fn = file_mode_is_tight,
		.arg = &etc_sysconfig_docker,
	},
	{
		.id = "file.containerd-socket.owner",
		.kind = SW_ENGINE,
		.severity = SW_HIGH,
		.title = "The containerd socket belongs to root",
		.why = "Who can write to it can start containers past the engine and its rules, "
		       "and so own the host.",
		.wanted = "root:root",
		.remedy = "chown root:root /run/containerd/containerd.sock",
		.fn = file_owner_is_right,
		.arg = &containerd_socket,
	},
	{
		.id = "file.containerd-socket.mode",
		.kind = SW_ENGINE,
		.severity = SW_HIGH,
		.title = "The containerd socket grants no more than mode 0660",
		.why = "Who can write to it can start containers past the engine and its rules, "
		       "and so own the host.",
		.wanted = "0660 or tighter, no wider ACL",
		.remedy = "chmod 0660 /run/containerd/containerd.sock\n"
			  "Where an ACL gives more: setfacl -b /run/containerd/containerd.sock",
		.fn = file_mode_is_tight,
		.arg = &containerd_socket,
	},
	{ 0 },
};
