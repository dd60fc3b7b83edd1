/* SPDX-License-Identifier: Apache-2.0 */
/* fix_table.c: what mends the failures of which check, and what that may break. */
#include "fix.h"

const struct fix_file fix_files[PLACES] = {
	/* Before 99-finalize.rules, which may lock the rules. */
	[PLACE_AUDIT] = { "/etc/audit/rules.d/50-seaworthy.rules", NULL, "augenrules --load" },
	/* The last name wins. */
	[PLACE_SYSCTL] = { "/etc/sysctl.d/99-zz-seaworthy.conf", NULL,
			   "sysctl -p /etc/sysctl.d/99-zz-seaworthy.conf" },
	[PLACE_JOURNALD] = { "/etc/systemd/journald.conf.d/60-seaworthy.conf", "[Journal]",
			     "systemctl restart systemd-journald" },
	[PLACE_ENGINE_UNIT] = { "/etc/systemd/system/docker.service.d/60-seaworthy.conf",
				"[Service]", "systemctl daemon-reload" },
};

#define KEY(check_, breaks_, name_, value_, ...)                                                   \
	{                                                                                          \
		.check = check_, .make = fix_daemon_key, .breaks = breaks_,                        \
		.key = {.name = name_,                                                             \
			.value = value_,                                                           \
			__VA_ARGS__ }                                                              \
	}
#define KEY_WHEN(check_, when_, breaks_, name_, value_, ...)                                       \
	{                                                                                          \
		.check = check_, .when = when_, .make = fix_daemon_key, .breaks = breaks_,         \
		.key = {.name = name_,                                                             \
			.value = value_,                                                           \
			__VA_ARGS__ }                                                              \
	}
#define RIGHTS(check_, owner_, breaks_)                                                            \
	{                                                                                          \
		.check = check_, .make = fix_file_rights, .owner = owner_, .breaks = breaks_       \
	}
#define LINE(check_, make_, place_, breaks_)                                                       \
	{                                                                                          \
		.check = check_, .make = make_, .place = place_, .breaks = breaks_                 \
	}
#define BY_HAND(check_)                                                                            \
	{                                                                                          \
		.check = check_                                                                    \
	}
#define OPTION(check_, run_, compose_, breaks_)                                                    \
	{                                                                                          \
		.check = check_, .make = fix_container_options, .run = run_, .compose = compose_,  \
		.breaks = breaks_                                                                  \
	}

#define READERS                                                                                    \
	"Programs of other users that read or use the file by the rights that are taken away"
#define NEW_CONTAINERS "Holds for containers that are made after the restart: recreate the others"
#define LOG_VOLUME                                                                                 \
	"More records, and with many events a slower host; see that the disk of the audit log "    \
	"has "                                                                                     \
	"room. A rule that is loaded already in another spelling stops the loading of all"

const struct fix_row fix_rows[] = {
	/* The engine's configuration; settings.c knows which version has a key. */
	KEY("daemon.icc",
	    "Containers on the default bridge that talk to each other by address, or by --link to "
	    "ports that are not exposed: put them on a network of their own first",
	    "icc", "false", .guard = fix_needs_iptables),
	KEY("daemon.log-level", "Nothing known; the log of the engine gets longer or shorter",
	    "log-level", "\"info\""),
	KEY("daemon.iptables",
	    "The engine writes its own filter and NAT rules at the start: rules written by hand "
	    "for containers may be doubled or come too late",
	    "iptables", "true", .guard = fix_filter_is_told),
	KEY("daemon.insecure-registries",
	    "Pulls from those registries, until their CA is in certs.d of the engine's folder; "
	    "loopback needs no entry",
	    "insecure-registries", NULL, .reloads = true),
	KEY("daemon.userland-proxy",
	    "Published ports by ::1 or, on some kernels, by localhost; every port then depends on "
	    "the packet filter",
	    "userland-proxy", "false", .guard = fix_needs_iptables),
	KEY("daemon.live-restore",
	    "docker swarm init and join are refused from then on; an upgrade over more than one "
	    "release may lose containers",
	    "live-restore", "true", .guard = fix_not_in_swarm, .reloads = true),
	KEY("daemon.experimental",
	    "What uses experimental features, such as ip6tables before Docker 27", "experimental",
	    "false"),
	KEY("daemon.userns-remap",
	    "All images, containers and volumes of before are not seen any more, for the engine "
	    "takes another data root (take the key out to see them again); bind mounts belong to "
	    "nobody inside; --privileged, --network host and --pid host need --userns host",
	    "userns-remap", "\"default\"", .guard = fix_no_image_store),
	KEY("daemon.no-new-privileges",
	    "sudo, su, ping and other set-id programs inside containers. " NEW_CONTAINERS,
	    "no-new-privileges", "true"),
	KEY_WHEN("daemon.seccomp-profile", "the profile is unconfined",
		 "Programs that need a system call which Docker's own profile "
		 "refuses. " NEW_CONTAINERS,
		 "seccomp-profile", NULL),
	KEY_WHEN("daemon.cgroup-parent", "is not an allowed cgroup parent",
		 "Limits that were set on that cgroup do not hold any more. " NEW_CONTAINERS,
		 "cgroup-parent", NULL),
	KEY_WHEN("daemon.default-ulimits", "no default ulimits are set",
		 "Programs that open more than 65536 files at once. Whether these are the right "
		 "limits is for a person: the rule then warns. " NEW_CONTAINERS,
		 "default-ulimits",
		 "{\"nofile\": {\"Name\": \"nofile\", \"Soft\": 65536, \"Hard\": 65536}}",
		 .guard = fix_no_required_ulimits),
	KEY("engine.default-ipc",
	    "Containers that join the shared memory of another: start that one with --ipc "
	    "shareable. " NEW_CONTAINERS,
	    "default-ipc-mode", "\"private\""),
	KEY("engine.default-cgroupns",
	    "Monitoring in a container that reads the host's tree of cgroups. " NEW_CONTAINERS,
	    "default-cgroupns-mode", "\"private\""),
	KEY("engine.log-growth", "Logs older than the last 30 MB of a container. " NEW_CONTAINERS,
	    "log-opts", "{\"max-size\": \"10m\", \"max-file\": \"3\"}", .guard = fix_is_json_file),
	KEY("engine.publish-address",
	    "Whoever reaches new containers' ports from other hosts without an address in -p: "
	    "write -p 0.0.0.0:80:80 where that is meant. " NEW_CONTAINERS,
	    "ip", "\"127.0.0.1\""),
	KEY("engine.ipv6-filter",
	    "Connections by IPv6 to ports of containers that are not published", "ip6tables",
	    "true", .since = "27.0", .guard = fix_filter_is_told),
	KEY_WHEN("engine.firewall-bypass", "allow-direct-routing is on",
		 "Hosts that reach containers by a route of their own", "allow-direct-routing",
		 NULL),
	KEY_WHEN("engine.firewall-bypass", "ip-forward-no-drop is on",
		 "Forwarding of other things through this host, until rules of your own allow it",
		 "ip-forward-no-drop", NULL),
	KEY("engine.selinux",
	    "Bind mounts without :z or :Z, and hosts without the policy of "
	    "container-selinux. " NEW_CONTAINERS,
	    "selinux-enabled", "true"),

	/* Files. What is taken away, and not a mode, so that nothing is ever opened. */
	RIGHTS("file.programs", "root", READERS),
	RIGHTS("file.api-socket.mode", NULL,
	       "Users who are not in the socket's group. It lasts until the socket is made anew: "
	       "see SocketMode= of docker.socket"),
	RIGHTS("file.api-socket.owner", "root:socket-group",
	       "Users of the group that it had. It lasts until the socket is made anew: see "
	       "SocketGroup= of docker.socket, or \"group\" in daemon.json"),
	RIGHTS("file.*.mode", NULL, READERS),
	RIGHTS("file.*.owner", "root:root", READERS),
	RIGHTS("host.file.passwd", NULL, READERS),
	RIGHTS("host.file.passwd_bak", NULL, READERS),
	RIGHTS("host.file.group", NULL, READERS),
	RIGHTS("host.file.group_bak", NULL, READERS),
	RIGHTS("host.file.shells", NULL, READERS),
	RIGHTS("host.file.opasswd", NULL, READERS),
	RIGHTS("host.file.motd", NULL, READERS),
	RIGHTS("host.file.issue", NULL, READERS),
	RIGHTS("host.file.issue_net", NULL, READERS),
	RIGHTS("host.file.crontab", NULL, READERS),
	RIGHTS("host.file.cron_hourly", NULL, READERS),
	RIGHTS("host.file.cron_daily", NULL, READERS),
	RIGHTS("host.file.cron_weekly", NULL, READERS),
	RIGHTS("host.file.cron_monthly", NULL, READERS),
	RIGHTS("host.file.cron_d", NULL, READERS),
	RIGHTS("host.file.sshd_config", "root:root", READERS),
	RIGHTS("host.file.ssh_host_pub", "root:root", READERS),

	/* Audit rules. */
	LINE("audit.data-root", fix_audit_watch, PLACE_AUDIT,
	     "Every write of a container to its layers and volumes is recorded too: expect very "
	     "many records, or put a never rule for overlay2 and volumes before it. " LOG_VOLUME),
	LINE("audit.*", fix_audit_watch, PLACE_AUDIT, LOG_VOLUME),
	LINE("host.audit.rule.*", fix_audit_lines, PLACE_AUDIT, LOG_VOLUME),

	/* Kernel settings. Forwarding is what containers live by; the others differ by host. */
	BY_HAND("host.sysctl.*forward*"),
	BY_HAND("host.sysctl.net.ipv6.accept_ra"),
	BY_HAND("host.sysctl.vm.mmap_rnd_bits"),
	LINE("host.sysctl.kernel.yama.ptrace_scope", fix_sysctl_lines, PLACE_SYSCTL,
	     "gdb -p, strace -p and the like by ordinary users"),
	LINE("host.sysctl.kernel.unprivileged_bpf_disabled", fix_sysctl_lines, PLACE_SYSCTL,
	     "Tools that load BPF programs without privilege; 1 stays until the next start"),
	LINE("host.sysctl.kernel.io_uring_disabled", fix_sysctl_lines, PLACE_SYSCTL,
	     "Databases and proxies that use io_uring and have nothing to fall back to"),
	LINE("host.sysctl.kernel.kexec_load_disabled", fix_sysctl_lines, PLACE_SYSCTL,
	     "kdump and kexec, until the next start: set it after kdump.service where that is "
	     "used"),
	LINE("host.sysctl.kernel.apparmor_restrict_unprivileged_*", fix_sysctl_lines, PLACE_SYSCTL,
	     "Rootless engines, browsers and others that make user namespaces: each needs a "
	     "profile"),
	LINE("host.sysctl.net.ipv4.ip_unprivileged_port_start", fix_sysctl_lines, PLACE_SYSCTL,
	     "Services and rootless engines that bind a low port without a privilege"),
	LINE("host.sysctl.net.ipv4.log_martians", fix_sysctl_lines, PLACE_SYSCTL,
	     "Nothing, but a noisy network fills the kernel's log"),
	LINE("host.sysctl.net.ipv4.rp_filter", fix_sysctl_lines, PLACE_SYSCTL,
	     "Routes whose answers come in by another interface (several uplinks, some overlays)"),
	LINE("host.sysctl.*", fix_sysctl_lines, PLACE_SYSCTL,
	     "Programs that lived by the looser setting; of networks, interfaces that are there "
	     "already keep theirs until the next start"),

	/* systemd. */
	LINE("host.log.*", fix_journald_line, PLACE_JOURNALD,
	     "Nothing known; the journal may take more of the disk, or less"),
	LINE("engine.environment", fix_unset_variable, PLACE_ENGINE_UNIT,
	     "What the variable was set for; it holds after systemctl restart docker"),

	/* Containers: for a person to make anew. */
	OPTION("container.privileged", "without --privileged; --cap-add and --device as needed",
	       "privileged: false", "What the container does with rights that it has not named"),
	OPTION("container.capabilities", "--cap-drop ALL --cap-add NAME, with what it needs",
	       "cap_drop: [ALL]; cap_add: [NAME]", "What needs a capability that is not added"),
	OPTION("container.escape-capabilities", "--cap-drop ALL --cap-add NAME, with what it needs",
	       "cap_drop: [ALL]; cap_add: [NAME]", "What needs a capability that is not added"),
	OPTION("container.no-new-privileges", "--security-opt no-new-privileges=true",
	       "security_opt: [\"no-new-privileges=true\"]",
	       "sudo, su and other set-id programs in it"),
	OPTION("container.read-only-root", "--read-only --tmpfs /tmp",
	       "read_only: true; tmpfs: [/tmp]", "Programs that write elsewhere than volumes"),
	OPTION("container.memory-limit", "--memory 512m --memory-swap 512m",
	       "mem_limit: 512m; memswap_limit: 512m",
	       "It is ended when it needs more: measure first (docker stats)"),
	OPTION("container.cpu-limit", "--cpus 1", "cpus: 1",
	       "It is slowed down when it needs more"),
	OPTION("container.pids-limit", "--pids-limit 200", "pids_limit: 200",
	       "Programs with more threads and processes than that"),
	OPTION("container.ulimits", "without --ulimit", NULL, "What needed the looser limit"),
	OPTION("container.cgroup-parent", "without --cgroup-parent", NULL,
	       "Limits that were set on that cgroup"),
	OPTION("container.seccomp", "without --security-opt seccomp=unconfined and --privileged",
	       NULL, "Programs that need a system call which the profile refuses"),
	OPTION("container.apparmor", "--security-opt apparmor=docker-default",
	       "security_opt: [\"apparmor=docker-default\"]", "Mounts and writes to /proc in it"),
	OPTION("container.selinux", "without --security-opt label=disable", NULL,
	       "Bind mounts without :z or :Z"),
	OPTION("container.net-namespace", "--network NAME -p 127.0.0.1:8080:80",
	       "networks: [NAME]; ports: [\"127.0.0.1:8080:80\"]",
	       "Who reaches it by the addresses of the host"),
	OPTION("container.pid-namespace", "without --pid host", NULL,
	       "What watches processes of the host"),
	OPTION("container.ipc-namespace", "--ipc private", "ipc: private",
	       "Shared memory with others"),
	OPTION("container.uts-namespace", "without --uts host", NULL, "Its name on the network"),
	OPTION("container.user-namespace", "without --userns host", NULL,
	       "Owners of files that it wrote before"),
	OPTION("container.cgroup-namespace", "--cgroupns private", "cgroup: private",
	       "Monitoring that reads the host's tree of cgroups"),
	OPTION("container.bind-address", "-p 127.0.0.1:HOST:CONTAINER",
	       "ports: [\"127.0.0.1:HOST:CONTAINER\"]", "Who reaches it from other hosts"),
	OPTION("container.default-bridge", "--network NAME, after docker network create NAME",
	       "networks: [NAME]", "Who reaches it by its address on the default bridge"),
	OPTION("container.restart-policy", "--restart on-failure:5", "restart: on-failure:5",
	       "It stays down after five failures, and when the engine starts anew"),
	OPTION("container.log-growth", "--log-opt max-size=10m --log-opt max-file=3",
	       "logging: {options: {max-size: 10m, max-file: \"3\"}}", "Older logs"),
	OPTION("container.user", "--user 10001:10001", "user: \"10001:10001\"",
	       "Files of the image and volumes that are root's"),
	OPTION("container.mount-propagation", "--mount ...,bind-propagation=rslave", NULL,
	       "Mounts that it makes for the host"),
	{ 0 },
};
