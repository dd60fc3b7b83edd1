/* SPDX-License-Identifier: Apache-2.0 */
/* collector.h: what the collectors share; one of them is in each collect_*.c. */
#ifndef SW_COLLECTOR_H
#define SW_COLLECTOR_H

#include "collect.h"
#include "facts.h"

struct collector {
	struct asker *asker;
	const struct collect_options *o;
	json_t *world;       /* what was recorded of host and engine so far */
	bool engine_answers; /* /info came */
	bool own_root;       /* the engine sees another root: its files are looked up there */
	char *host_ns[8];    /* ids of init's namespaces, by namespace_names; NULL when unread */
	char *engine_ns[8];
	struct process_search *search; /* begun before /info came; NULL: not yet */
	struct population *containers; /* their list was asked for */
	json_t *used_images; /* ids of images that containers were made from, as members */
	bool used_is_known;  /* they come from the list of containers, all of which was read unless
			      */
	char *used_why;      /* … this says why not */
	json_t *image_users; /* by image id: {name: uid}, or unread; NULL when no layers were walked
			      */
	json_t *unit_folders; /* the names in folders of units, {} of those that are not there;
				 NULL: not yet looked */
	json_t *wanted;       /* what boots start, for collect_service(); NULL: not yet looked */
	json_t *scans;        /* reports of scanners, understood; NULL without --evidence */
};

/* "net", "pid", "ipc", "uts", "user", "mnt", "cgroup". */
extern const char *const namespace_names[];
enum { N_NAMESPACES = 7 };

/* Records a section of the host or the engine; takes the reference. */
void collect_host_section(struct collector *c, const char *section, json_t *body);
void collect_engine_section(struct collector *c, const char *section, json_t *body);

/* Groups by name, of a text in the form of group(5), which is cut into pieces. */
json_t *understand_groups(char *text);

/* The content of a file (malloc'ed, NUL-terminated), or NULL with *ret_why malloc'ed; "" in why: it
 * is not there. */
char *read_file(struct collector *c, unsigned base, const char *path, size_t *ret_len,
		char **ret_why);
/* The same of a text, mended to UTF-8; why also where a NUL would hide what stands behind it. */
char *read_text(struct collector *c, unsigned base, const char *path, char **ret_why);
/* The lines of /etc/inittab (id:runlevels:action:process) with that part in them; null: there is no
 * such file; or unread. */
json_t *inittab_lines(struct collector *c, const char *part);
/* {"exists":true,…} of what is at path, links followed; unread with the reason. */
json_t *stat_fact(const struct answer *answer);
json_t *stat_path(struct collector *c, unsigned base, const char *path);
/*
 * collect_mask.c: does a link to /dev/null stand at path, which takes away what is configured
 * there? Told by the link's text where the tree has no such device. False also of what cannot be
 * read.
 */
bool is_mask(struct collector *c, const char *path);
/* The same of a path at which nothing was found: the link's text alone is to be looked at. */
bool is_dangling_mask(struct collector *c, const char *path);
/* Visits the entries of a folder; false when it cannot be listed (why as above; entries sorted by
 * name). */
typedef void entry_fn(char type, const char *name, void *context);
bool list_folder(struct collector *c, unsigned base, const char *path, entry_fn *entry,
		 void *context, char **ret_why);

/* Waits until *done. */
void collect_wait(struct collector *c, const bool *done);

/*
 * Those called …_ahead() only ask for what the collector will need (ask_ahead()): while an engine
 * thinks about /info there is time for all the rest.
 */
void collect_host_ahead(struct collector *c);
void collect_host(struct collector *c); /* collect_host.c */
/* What else there is of the host and does not hang on an engine. collect.c */
void collect_host_parts(struct collector *c);
void collect_units(struct collector *c); /* collect_units.c */
/* collect_units.c: a unit merged from its files, as in host/units. */
json_t *collect_unit(struct collector *c, const char *unit);
void collect_stat(struct collector *c);     /* collect_stat.c: owners and modes of files */
void collect_fstab(struct collector *c);    /* collect_fstab.c */
void collect_walk(struct collector *c);     /* collect_walk.c: last, as it takes long */
void collect_sshd(struct collector *c);     /* collect_sshd.c */
void collect_boot(struct collector *c);     /* collect_boot.c: and what else is of the kernel */
void collect_engine(struct collector *c);   /* collect_engine.c */
void collect_presence(struct collector *c); /* collect_presence.c */
/* Looks for the engine's process as far as that can be done before the engine has answered. */
void collect_process_ahead(struct collector *c);
void collect_process_begin(struct collector *c);
json_t *collect_process(struct collector *c, json_t *info); /* collect_process.c */
/* engine/mounts, of an engine that does not see what process 1 sees. collect_process.c */
void collect_engine_mounts(struct collector *c, const json_t *process);
json_t *collect_configured(struct collector *c); /* collect_configured.c */
/* The last ExecStart= of a unit's section Service, borrowed; NULL: it has none. */
const char *collect_exec_start(const json_t *service);
/* The words of such a line with the unit's variables; NULL when they depend on what only systemd
 * knows. */
json_t *collect_words(struct collector *c, const json_t *service, const char *line);
void collect_programs(struct collector *c); /* collect_programs.c */
void collect_audit_ahead(struct collector *c);
void collect_audit(struct collector *c); /* collect_audit.c */
void collect_host_files(struct collector *c);
void collect_clients(
	struct collector *c); /* collect_clients.c: ~/.docker/config.json of the users */
void collect_sysctl(struct collector *c);          /* collect_sysctl.c */
json_t *collect_sysctl_files(struct collector *c); /* collect_sysctl_files.c */
void collect_coredump(struct collector *c);        /* collect_coredump.c */
void collect_kernels(struct collector *c);         /* collect_coredump.c */
void collect_files(struct collector *c);           /* collect_files.c */
void collect_swarm(
	struct collector *c); /* collect_swarm.c: what is known of a swarm, and its services */
/* Asks for their list, so that the engine makes it while we look at the host. */
void collect_containers_ask(struct collector *c);
void collect_containers(struct collector *c); /* collect_container.c */
void collect_images_ahead(struct collector *c);
void collect_images(struct collector *c); /* collect_image.c */
/* Takes an element of the list of containers: its image is in use. */
void collect_used_image(struct collector *c, json_t *container);
json_t *collect_layers(struct collector *c, const char *id,
		       const json_t *inspect);     /* collect_layers.c */
void collect_accounts(struct collector *c);        /* collect_accounts.c: host/accounts */
void collect_pam(struct collector *c);             /* collect_pam.c: host/pam */
void collect_sudo(struct collector *c);            /* collect_sudo.c: host/sudo */
void collect_crypto_backends(struct collector *c); /* collect_crypto.c: host/crypto-backends */
void collect_processes(struct collector *c); /* collect_processes.c: host/processes, listening */
void collect_services(struct collector *c);  /* collect_services.c: host/services */
void collect_time(struct collector *c);      /* collect_time.c: host/time */
void collect_net(struct collector *c);       /* collect_net.c: host/net */
/* Why the network seen is not the host's, malloc'ed, or NULL. */
char *not_the_hosts_network(struct collector *c);
void collect_firewall(struct collector *c);       /* collect_firewall.c: host/firewall */
json_t *firewall_files_fact(struct collector *c); /* collect_firewall_files.c */
void collect_packages(struct collector *c);       /* collect_packages.c: host/packages */
void collect_updates(struct collector *c);        /* collect_updates.c: host/updates */
void collect_leftovers(struct collector *c);      /* collect_leftovers.c: host/leftovers */
void collect_environment_ahead(struct collector *c);
void collect_environment(struct collector *c); /* collect_environment.c */
void collect_evidence(struct collector *c);    /* collect_evidence.c */
/* collect_service.c: a unit, or what OpenRC calls so: {"path","masked","wanted","active"}. */
json_t *collect_service(struct collector *c, const char *unit);
/* Is there a link to the unit in one of the folders (ends with NULL), as "sockets.target.wants", of
 * a unit path? true, false or unread. */
json_t *collect_is_linked(struct collector *c, const char *const *folders, const char *unit);
/* The first of the paths that is there; null; or unread when one before it cannot be told. */
json_t *collect_first_of(struct collector *c, const char *const *paths, size_t n);
json_t *collect_tuned(struct collector *c);  /* collect_tuned.c: in host/sysctl-files */
void collect_logging(struct collector *c);   /* collect_logging.c: host/journald rsyslog */
void collect_auditd(struct collector *c);    /* collect_auditd.c: host/auditd */
void collect_integrity(struct collector *c); /* collect_integrity.c: host/integrity */
/* The reports about this image, as a list. */
json_t *collect_scans(struct collector *c, const char *id, const json_t *inspect);

/* A population record. error NULL: it was listed whole. */
void collect_population(struct collector *c, const char *kind, size_t listed, size_t delivered,
			size_t gone, const char *error);

#define NEEDS_RUNNING "needs a running system"
#define NOT_A_MANAGER "this node is a worker: services are judged on a manager"

#endif
