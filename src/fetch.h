/* SPDX-License-Identifier: Apache-2.0 */
/*
 * fetch.h: the questions that may be asked of the outside, and the frames they travel in.
 *
 * The reader writes questions to the fetcher's socket and reads answers from a pipe. The fetcher
 * has the privilege and parses no reply; the list of questions is closed and each is checked.
 * Answers to GETs come as the engine gives them, so answers carry the number of their question, and
 * come in one or more frames of which the last has FRAME_LAST. All numbers are in host order.
 */
#ifndef SW_FETCH_H
#define SW_FETCH_H

#include "err.h"

enum fetch_op {
	FETCH_API =
		1,  /* arg "1.45", or "" for none: the version that later GETs name in their path */
	FETCH_GET,  /* u.endpoint, arg: its id ("" for those without). Answer: the body; frame.http
		     */
	FETCH_PEER, /* connects to the engine's unix socket: "pid uid gid dev ino\n": SO_PEERCRED,
		       socket file */
	FETCH_STAT, /* u.base, arg: path. Answer: one struct fetch_stat, then its resolved path */
	FETCH_READ, /* u.base, arg: path. Content, at most FETCH_FILE_MAX, else EFBIG */
	FETCH_LIST, /* u.base, arg: path of a folder. Per entry: type letter (f d l s p c b ?),
		       name, NUL */
	FETCH_LINK, /* arg: path below the root. Of the link there: its folder without links, NUL,
		       its text; EINVAL: it is none */
	FETCH_PROC, /* arg "pid": the parts of a process (see below) */
	FETCH_PROC_FDS, /* arg "pid": per link of /proc/<pid>/fd: its target, NUL, the protocol of a
			   socket ("TCP", "TCPv6", "UNIX-STREAM", …) or "", NUL */
	FETCH_PROC_EXES,   /* arg "pid pid …" (at most 128): per pid: pid, NUL, comm, NUL, link of
			      exe, NUL */
	FETCH_PROC_NET,    /* arg "pid name", name one of unix tcp tcp6 udp udp6:
			      /proc/<pid>/net/<name> */
	FETCH_CGROUP_PIDS, /* arg: cgroup path as in /proc/<pid>/cgroup: pids in it and below, a
			      line each */
	FETCH_ENGINE_ROOT, /* arg "pid": opens /proc/<pid>/root as FETCH_BASE_ENGINE; answer: struct
			      fetch_stat */
	FETCH_CANCEL, /* arg: the number of a GET, whose answer then ends with ECANCELED at once */
	FETCH_AUDIT,  /* the kernel's audit status and rules: see audit.h */
	FETCH_WALK_PRUNE, /* arg: a folder that FETCH_WALK leaves out */
	FETCH_WALK,       /* all files of the root: see filewalk.h */
	FETCH_CLOCK, /* adjtimex(2), changing nothing: "state status maxerror\n", in microseconds */
	FETCH_LSM,   /* the security modules that run, as text: see lsm.h */
	FETCH_NFT, /* the rules of nf_tables, as netlink messages: see nftdump.h; ENOENT: not in use
		    */
	FETCH_LABEL,     /* arg: path below the root: its label of SELinux; ENODATA: it has none */
	FETCH_PRIVILEGE, /* what this process may: text "uid N\ncaps HEX\nlocks …\n" */
};

/* Where a path starts. */
enum fetch_base {
	FETCH_BASE_ROOT,   /* the audited host: the root descriptor */
	FETCH_BASE_ENGINE, /* the engine's own root, after FETCH_ENGINE_ROOT */
	FETCH_BASE_PROC, /* the running kernel: the closed list of kernelpaths.h, never with --root
			  */
};

/* The engine's questions: a const table in api.c gives each its path and what its id may be. */
enum fetch_endpoint {
	GET_PING, /* the headers come before the body */
	GET_INFO,
	GET_VERSION,
	GET_NETWORKS,
	GET_VOLUMES,
	GET_PLUGINS,
	GET_IMAGES,
	GET_CONTAINERS,
	GET_CONTAINER, /* id: 64 hex */
	GET_EXEC,      /* id: 64 hex */
	GET_IMAGE,     /* id: sha256:64 hex */
	GET_HISTORY,   /* id: sha256:64 hex */
	GET_SERVICES,
	GET_NODES,
	GET_TASKS,
	GET_SECRETS,
	GET_CONFIGS,
	GET_NETWORK, /* id: 25 of 0-9a-z, as swarm gives them */
	GET_EXPORT, /* id: sha256:64 hex; a tar archive of up to FETCH_EXPORT_MAX bytes, as it comes
		     */
	GET_ENDPOINTS /* how many */
};

enum {
	FETCH_ARG_MAX = 4096,
	FETCH_FILE_MAX = 4 << 20,
	FETCH_REPLY_MAX = 4 << 20,  /* a reply of the engine */
	FETCH_LIST_MAX = 64 << 20,  /* a list of the engine */
	FETCH_WINDOW = 32,          /* questions that may be open at a time */
	FETCH_FRAME_MAX = 64 << 10, /* bytes of payload in one frame */
};

#define FETCH_EXPORT_MAX (UINT64_C(8) << 30) /* an export of the engine */

struct fetch_question {
	uint32_t id;
	uint16_t op;
	uint16_t sub; /* enum fetch_endpoint or enum fetch_base */
	uint32_t len; /* of the argument that follows, without NUL */
};

#define FRAME_LAST 1u

struct fetch_frame {
	uint32_t id;
	uint32_t flags;
	int32_t error; /* in the last frame: 0 or an errno; the payload is then its explanation, if
			  any */
	uint32_t http; /* in the last frame of a GET: the status, 0 when there was none */
	uint32_t len;  /* of the payload that follows */
};

struct fetch_stat {
	uint64_t dev, ino, size;
	int64_t mtime_ns; /* since 1970 */
	int64_t ctime_ns; /* the same, of its last change of any kind: no program can set it */
	int64_t btime_ns; /* when it was made; INT64_MIN: the file system does not tell */
	uint32_t mode;    /* all of st_mode */
	uint32_t uid, gid;
	uint32_t acl_len;  /* bytes of the POSIX access ACL (as getxattr gives it) after the path */
	uint32_t path_len; /* bytes of the resolved path below the base, after this struct */
};

/*
 * FETCH_PROC answers these parts one after the other, each as: name, NUL, errno as decimal text,
 * NUL, length as decimal text, NUL, bytes:
 *   status stat cgroup uid_map gid_map limits mountinfo cmdline environ attr/current
 *   attr/apparmor/current exe root cwd ns/net ns/pid ns/ipc ns/uts ns/user ns/mnt ns/cgroup
 * stat, limits, cmdline, environ, exe, root and cwd only for a question with sub PROC_ENGINE,
 * mountinfo only for one with PROC_CONTAINER_MOUNTS. PROC_HOST is answered with status, cgroup,
 * exe, ns/net and ns/pid alone, PROC_MAPS with the part maps alone, PROC_CONTAINED as
 * PROC_CONTAINER but with stat and without the maps of ids.
 *
 * FETCH_PROC_EXES leaves out a process that has ended; a comm or exe that could not be read is "".
 */
enum fetch_proc {
	PROC_CONTAINER,
	PROC_CONTAINER_MOUNTS,
	PROC_ENGINE,
	PROC_HOST,
	PROC_MAPS,
	PROC_CONTAINED
};

/* The engine to ask. */
struct endpoint {
	char *url; /* "unix:///var/run/docker.sock", "tcp://127.0.0.1:2376"; NULL: none was found */
	char *why; /* "default socket", "DOCKER_HOST", "context 'prod'", "-H" */
	bool named; /* the user named it, so its absence is no "no engine" */
	bool is_unix;
	char *socket;  /* path, when unix */
	char *address; /* "host:port", when TCP */
	bool tls, tls_verify;
	char *ca, *cert, *key; /* paths; NULL: not given */
};
void endpoint_done(struct endpoint *e);

struct fetch_options {
	const struct endpoint *endpoint;
	int root_fd;      /* descriptor of the audited root */
	bool live;        /* /proc and the engine may be asked; false with --root */
	unsigned timeout; /* seconds for one reply */
	unsigned needs;   /* SW_NEEDS_… of the selected rules: which capabilities to keep */
	bool trace;       /* print each question to standard error */
};

/* Loads libraries ahead, while the reader finds out what the rules need. */
void fetch_load(const struct fetch_options *o);

/*
 * The fetcher's main: answers questions until the socket closes; returns an exit status. Called in
 * the child before libcurl is initialised; drops what it does not need first.
 */
int fetch_main(const struct fetch_options *o, int questions, int answers);

#endif
