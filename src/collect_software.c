/* SPDX-License-Identifier: Apache-2.0 */
/* collect_software.c: where the programs are that rules ask for. */
#include "collect_software.h"

const char *const software_daemons[] = {
	"automount", "avahi-daemon", "dhcpd",        "kea-dhcp4",
	"kea-dhcp6", "named",        "unbound",      "knotd",
	"nsd",       "pdns_server",  "dnsmasq",      "vsftpd",
	"proftpd",   "pure-ftpd",    "slapd",        "ns-slapd",
	"dovecot",   "cyrmaster",    "rpc.nfsd",     "rpc.mountd",
	"ypserv",    "cupsd",        "cups-browsed", "rpcbind",
	"rsync",     "smbd",         "nmbd",         "snmpd",
	"snmptrapd", "in.tftpd",     "squid",        "apache2",
	"httpd",     "nginx",        "caddy",        "lighttpd",
	"xinetd",    "inetd",        "in.telnetd",   "telnetd",
	"in.rshd",   "in.rlogind",   "in.rexecd",    "in.ntalkd",
	"in.talkd",  "Xorg",         "Xwayland",     "Xvfb",
	"postfix",   "exim4",        "exim",         "sendmail",
	"chronyd",   "ntpd",         "openntpd",     "systemd-timesyncd",
	NULL,
};

const char *const software_clients[] = {
	"ypbind", "ypwhich", "rsh",     "rlogin",     "rcp",  "talk",
	"ntalk",  "telnet",  "ftp",     "tnftp",      "lftp", "ldapsearch",
	"tftp",   "atftp",   "prelink", "apport-cli", NULL,
};

static const char *const folders[] = {
	"/usr/local/sbin", "/usr/local/bin",   "/usr/sbin",    "/usr/bin", "/sbin", "/bin",
	"/usr/libexec",    "/usr/lib/systemd", "/lib/systemd",
};

struct looking {
	struct collector *c;
	const char *const *names;
	const char *folder;
	json_t *found, *seen;
};

static void add_program(char type, const char *name, void *context)
{
	struct looking *l = context;
	json_t *list = json_object_get(l->found, name);
	if (!list || type == 'd')
		return;
	AUTO_FREE char *path = xasprintf("%s/%s", l->folder, name);
	json_t *st = stat_path(l->c, FETCH_BASE_ROOT, path);
	json_t *resolved = json_object_get(st, "path");
	if (json_is_true(json_object_get(st, "exists")) || fact_is_unread(st))
		json_array_append_new(list, json_pack("{ss sO}", "path", path, "resolved",
						      resolved ? resolved : st));
	json_decref(st);
}

/* The folder's own path, NULL when it is not there; of those that are the same one the first is
 * looked into. */
static bool is_new_folder(struct looking *l, json_t *st)
{
	const char *path = json_string_value(json_object_get(st, "path"));
	if (!path || json_object_get(l->seen, path))
		return false;
	json_object_set_new(l->seen, path, json_true());
	return true;
}

json_t *collect_programs_called(struct collector *c, const char *const *names)
{
	struct looking l = {
		.c = c, .names = names, .found = json_object(), .seen = json_object()
	};
	for (size_t i = 0; names[i]; i++)
		json_object_set_new(l.found, names[i], json_array());
	for (size_t i = 0; i < ARRAY_SIZE(folders) && !fact_is_unread(l.found); i++) {
		AUTO_FREE char *why = NULL;
		json_t *st = stat_path(c, FETCH_BASE_ROOT, folders[i]);
		l.folder = folders[i];
		if (fact_is_unread(st))
			why = xstrdup(fact_reason(st));
		else if (is_new_folder(&l, st))
			list_folder(c, FETCH_BASE_ROOT, folders[i], add_program, &l, &why);
		json_decref(st);
		if (why && *why) {
			json_decref(l.found);
			l.found = fact_unread("%s: %s", folders[i], why);
		}
	}
	json_decref(l.seen);
	return l.found;
}
