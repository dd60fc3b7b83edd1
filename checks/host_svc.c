/* SPDX-License-Identifier: Apache-2.0 */
/* host_svc.c: services that a server seldom needs: neither started at boot nor running. */
#include <stddef.h>

#include "host_services.h"
#include "tables.h"

static const char *const xinetd_units[] = { "xinetd", "inetd", "openbsd-inetd", "inetutils-inetd",
					    NULL };
static const char *const xinetd_programs[] = { "xinetd", "inetd", NULL };
static const struct service super_server = { .names = xinetd_units, .programs = xinetd_programs };

/* The super-server that may start it when somebody calls, NULL: none is started. */
static const char *caller_of(struct sw_eval *e, const struct service *s)
{
	const char *how = s->by_inetd ? service_running(e, &super_server) : NULL;

	return how || !s->by_inetd ? how : service_enabled(e, &super_server);
}

static enum sw_verdict is_not_used(struct sw_eval *e)
{
	const struct service *s = sw_arg(e);
	const char *running = service_running(e, s), *enabled = service_enabled(e, s);
	const char *program = service_installed(e, s), *port = service_port_unowned(e, s);
	const char *caller;

	if (running)
		sw_fail(e, "%s runs: %s", s->title, running);
	if (enabled)
		sw_fail(e, "%s%s is started: %s", host_configured(e), s->title, enabled);
	if (!running && port)
		sw_warn(e, "it may be %s of the kernel: %s", s->title, port);
	if (!running && !enabled && program && (caller = caller_of(e, s)))
		sw_warn(e,
			"%s is installed (%s), and %s may start it when somebody calls: see "
			"/etc/inetd.conf and /etc/xinetd.d",
			s->title, program, caller);
	if (s->is_program && program)
		sw_fail(e, "%s is installed: %s", s->title, program);
	if (sw_said(e) != SW_PASS)
		return sw_said(e);
	if (program && sw_count(e, SERVICES "managers") == 0)
		return sw_warn(e,
			       "%s is installed (%s), and what starts services here is not known",
			       s->title, program);
	if (program)
		return sw_pass(e, "%s%s is installed (%s), but not started", host_configured(e),
			       s->title, program);
	return sw_pass(e, "%s%s is not there, or not started", host_configured(e), s->title);
}

static const char *const autofs_units[] = { "autofs", NULL };
static const char *const autofs_programs[] = { "automount", NULL };
static const char *const avahi_units[] = { "avahi-daemon", "avahi-dnsconfd", NULL };
static const char *const avahi_programs[] = { "avahi-daemon", NULL };
static const char *const dhcpd_units[] = {
	"isc-dhcp-server",  "isc-dhcp-server6", "dhcpd",     "dhcpd6", "kea-dhcp4-server",
	"kea-dhcp6-server", "kea-dhcp4",        "kea-dhcp6", NULL
};
static const char *const dhcpd_programs[] = { "dhcpd", "kea-dhcp4", "kea-dhcp6", NULL };
static const char *const dns_units[] = { "named", "bind9", "named-chroot", "unbound",
					 "knot",  "nsd",   "pdns",         NULL };
static const char *const dns_programs[] = {
	"named", "unbound", "knotd", "nsd", "pdns_server", NULL
};
static const char *const dnsmasq_units[] = { "dnsmasq", NULL };
static const char *const dnsmasq_programs[] = { "dnsmasq", NULL };
static const char *const ftp_units[] = { "vsftpd", "proftpd", "pure-ftpd", NULL };
static const char *const ftp_programs[] = { "vsftpd", "proftpd", "pure-ftpd", NULL };
static const char *const ldap_units[] = { "slapd", "dirsrv", "dirsrv.target", NULL };
static const char *const ldap_programs[] = { "slapd", "ns-slapd", NULL };
static const char *const imap_units[] = { "dovecot", "cyrus-imapd", NULL };
static const char *const imap_programs[] = { "dovecot", "cyrmaster", NULL };
static const char *const nfs_units[] = { "nfs-server", "nfs-kernel-server", "nfs-mountd", "nfs",
					 NULL };
static const char *const nfs_programs[] = { "rpc.mountd", NULL };
static const char *const nis_units[] = { "ypserv", "yppasswdd", "ypxfrd", NULL };
static const char *const nis_programs[] = { "ypserv", NULL };
static const char *const cups_units[] = { "cups", "cups-browsed", "cupsd", NULL };
static const char *const cups_programs[] = { "cupsd", "cups-browsed", NULL };
static const char *const rpcbind_units[] = { "rpcbind", "portmap", NULL };
static const char *const rpcbind_programs[] = { "rpcbind", NULL };
static const char *const rsync_units[] = { "rsync", "rsyncd", "rsync@.service", NULL };
static const char *const samba_units[] = { "smbd",  "smb",         "nmbd", "nmb",
					   "samba", "samba-ad-dc", NULL };
static const char *const samba_programs[] = { "smbd", "nmbd", NULL };
static const char *const snmp_units[] = { "snmpd", "snmptrapd", NULL };
static const char *const snmp_programs[] = { "snmpd", "snmptrapd", NULL };
static const char *const tftp_units[] = { "tftpd-hpa", "tftp", "atftpd", "in.tftpd", NULL };
static const char *const tftp_programs[] = { "in.tftpd", NULL };
static const char *const proxy_units[] = { "squid", "squid3", NULL };
static const char *const proxy_programs[] = { "squid", NULL };
static const char *const web_units[] = { "apache2", "httpd", "nginx", "caddy", "lighttpd", NULL };
static const char *const web_programs[] = {
	"apache2", "httpd", "nginx", "caddy", "lighttpd", NULL
};
static const char *const telnetd_units[] = { "telnet", "telnetd", "inetutils-telnetd",
					     "telnet@.service", NULL };
static const char *const telnetd_programs[] = { "in.telnetd", "telnetd", NULL };
static const char *const rshd_units[] = { "rsh", "rlogin", "rexec", "ntalk", "talk", NULL };
static const char *const rshd_programs[] = { "in.rshd",   "in.rlogind", "in.rexecd",
					     "in.ntalkd", "in.talkd",   NULL };
static const char *const xorg_units[] = {
	"display-manager", "gdm", "gdm3", "lightdm", "sddm", "xdm", NULL
};
static const char *const xorg_programs[] = { "Xorg", "Xwayland", "Xvfb", NULL };

#define SERVICE(...) (&(const struct service){ __VA_ARGS__ })

const struct sw_check sw_host_svc_checks[] = {
	{
		.id = "host.svc.autofs",
		.kind = SW_HOST,
		.severity = SW_LOW,
		.title = "No automounter is started",
		.why = "Whoever can name a path under an automounted folder, or plug in a "
		       "medium, has the kernel mount it.",
		.wanted = "not there, or masked or disabled, and not running",
		.remedy = "systemctl mask --now autofs; better: remove the package",
		.fn = is_not_used,
		.arg = SERVICE(.names = autofs_units, .title = "the automounter",
			       .programs = autofs_programs),
		.needs = SW_NEEDS_SERVICES,
	},
	{
		.id = "host.svc.avahi",
		.kind = SW_HOST,
		.severity = SW_LOW,
		.title = "No mDNS daemon is started",
		.why = "It tells the whole network what the host offers, and parses what "
		       "anyone there sends.",
		.wanted = "not there, or masked or disabled, and not running",
		.remedy = "systemctl mask --now avahi-daemon.socket avahi-daemon.service; "
			  "better: remove the package",
		.fn = is_not_used,
		.arg = SERVICE(.names = avahi_units, .title = "the mDNS daemon",
			       .programs = avahi_programs),
		.needs = SW_NEEDS_SERVICES,
	},
	{
		.id = "host.svc.dhcpd",
		.kind = SW_HOST,
		.severity = SW_LOW,
		.title = "No DHCP server is started",
		.why = "A DHCP server that nobody planned gives its network another "
		       "gateway and resolver.",
		.wanted = "not there, or masked or disabled, and not running",
		.remedy = "systemctl mask --now isc-dhcp-server; better: remove the package",
		.fn = is_not_used,
		.arg = SERVICE(.names = dhcpd_units, .title = "a DHCP server",
			       .programs = dhcpd_programs),
		.needs = SW_NEEDS_SERVICES,
	},
	{
		.id = "host.svc.dns",
		.kind = SW_HOST,
		.severity = SW_LOW,
		.title = "No DNS server is started",
		.why = "A name server is a large parser on an open port, and answers for "
		       "others make it an amplifier.",
		.wanted = "not there, or masked or disabled, and not running",
		.remedy = "systemctl mask --now named; better: remove the package",
		.fn = is_not_used,
		.arg = SERVICE(.names = dns_units, .title = "a DNS server",
			       .programs = dns_programs),
		.needs = SW_NEEDS_SERVICES,
	},
	{
		.id = "host.svc.dnsmasq",
		.kind = SW_HOST,
		.severity = SW_LOW,
		.title = "dnsmasq is not started as a service",
		.why = "It answers DNS and DHCP on all interfaces unless told otherwise. "
		       "One that libvirt or LXD runs for itself does not count.",
		.wanted = "not there, or masked or disabled, and not running",
		.remedy = "systemctl mask --now dnsmasq; better: remove the package",
		.fn = is_not_used,
		.arg = SERVICE(.names = dnsmasq_units, .title = "dnsmasq",
			       .programs = dnsmasq_programs, .other_units = true),
		.needs = SW_NEEDS_SERVICES,
	},
	{
		.id = "host.svc.ftp",
		.kind = SW_HOST,
		.severity = SW_LOW,
		.title = "No FTP server is started",
		.why = "FTP sends passwords and files in the clear.",
		.wanted = "not there, or masked or disabled, and not running",
		.remedy = "systemctl mask --now vsftpd; better: remove the package",
		.fn = is_not_used,
		.arg = SERVICE(.names = ftp_units, .title = "an FTP server",
			       .programs = ftp_programs, .by_inetd = true),
		.needs = SW_NEEDS_SERVICES,
	},
	{
		.id = "host.svc.ldap",
		.kind = SW_HOST,
		.severity = SW_LOW,
		.title = "No LDAP server is started",
		.why = "A directory of accounts on a host of containers is one escape from"
		       " being read.",
		.wanted = "not there, or masked or disabled, and not running",
		.remedy = "systemctl mask --now slapd; better: remove the package",
		.fn = is_not_used,
		.arg = SERVICE(.names = ldap_units, .title = "an LDAP server",
			       .programs = ldap_programs),
		.needs = SW_NEEDS_SERVICES,
	},
	{
		.id = "host.svc.imap",
		.kind = SW_HOST,
		.severity = SW_LOW,
		.title = "No mail access server is started",
		.why = "It takes passwords on an open port; one that nobody uses is one "
		       "that nobody updates.",
		.wanted = "not there, or masked or disabled, and not running",
		.remedy = "systemctl mask --now dovecot.socket dovecot.service; better: "
			  "remove the package",
		.fn = is_not_used,
		.arg = SERVICE(.names = imap_units, .title = "a server of IMAP or POP3",
			       .programs = imap_programs),
		.needs = SW_NEEDS_SERVICES,
	},
	{
		.id = "host.svc.nfs",
		.kind = SW_HOST,
		.severity = SW_LOW,
		.title = "No NFS server is started",
		.why = "Exports trust the uid that a client claims. Volumes on NFS need "
		       "the client only.",
		.wanted = "not there, or masked or disabled, and not running",
		.remedy = "systemctl mask --now nfs-server; better: remove the package",
		.fn = is_not_used,
		.arg = SERVICE(.names = nfs_units, .title = "the NFS server", .port = 2049,
			       .programs = nfs_programs),
		.needs = SW_NEEDS_SERVICES,
	},
	{
		.id = "host.svc.nis",
		.kind = SW_HOST,
		.severity = SW_LOW,
		.title = "No NIS server is started",
		.why = "NIS hands the accounts' hashes to whoever asks for the right name.",
		.wanted = "not there, or masked or disabled, and not running",
		.remedy = "systemctl mask --now ypserv; better: remove the package",
		.fn = is_not_used,
		.arg = SERVICE(.names = nis_units, .title = "the NIS server",
			       .programs = nis_programs),
		.needs = SW_NEEDS_SERVICES,
	},
	{
		.id = "host.svc.cups",
		.kind = SW_HOST,
		.severity = SW_LOW,
		.title = "No print server is started",
		.why = "It parses documents and what printers announce, with the rights of"
		       " root; servers seldom print.",
		.wanted = "not there, or masked or disabled, and not running",
		.remedy = "systemctl mask --now cups.socket cups.path cups-browsed "
			  "cups.service; better: remove the package",
		.fn = is_not_used,
		.arg = SERVICE(.names = cups_units, .title = "the print server",
			       .programs = cups_programs),
		.needs = SW_NEEDS_SERVICES,
	},
	{
		.id = "host.svc.rpcbind",
		.kind = SW_HOST,
		.severity = SW_LOW,
		.title = "rpcbind is not started",
		.why = "It tells which services there are, and is used to amplify attacks "
		       "on others. Only NFS before version 4 needs it.",
		.wanted = "not there, or masked or disabled, and not running",
		.remedy = "systemctl mask --now rpcbind.socket rpcbind.service; better: "
			  "remove the package",
		.fn = is_not_used,
		.arg = SERVICE(.names = rpcbind_units, .title = "rpcbind",
			       .programs = rpcbind_programs),
		.needs = SW_NEEDS_SERVICES,
	},
	{
		.id = "host.svc.rsync",
		.kind = SW_HOST,
		.severity = SW_LOW,
		.title = "No rsync daemon is started",
		.why = "It is neither encrypted nor, as a rule, asks who one is. rsync "
		       "over ssh does not need it.",
		.wanted = "not there, or masked or disabled, and not running",
		.remedy = "systemctl mask --now rsync.socket rsync.service rsyncd.socket "
			  "rsyncd.service; better: remove the package",
		.fn = is_not_used,
		.arg = SERVICE(.names = rsync_units, .title = "the rsync daemon"),
		.needs = SW_NEEDS_SERVICES,
	},
	{
		.id = "host.svc.samba",
		.kind = SW_HOST,
		.severity = SW_LOW,
		.title = "No Samba server is started",
		.why = "File shares of Windows are looked for and attacked all the time.",
		.wanted = "not there, or masked or disabled, and not running",
		.remedy = "systemctl mask --now smbd nmbd; better: remove the package",
		.fn = is_not_used,
		.arg = SERVICE(.names = samba_units, .title = "Samba", .programs = samba_programs),
		.needs = SW_NEEDS_SERVICES,
	},
	{
		.id = "host.svc.snmp",
		.kind = SW_HOST,
		.severity = SW_LOW,
		.title = "No SNMP agent is started",
		.why = "Before version 3 the word that opens it goes over the network in "
		       "the clear, and it tells all about the host.",
		.wanted = "not there, or masked or disabled, and not running",
		.remedy = "systemctl mask --now snmpd; better: remove the package",
		.fn = is_not_used,
		.arg = SERVICE(.names = snmp_units, .title = "the SNMP agent",
			       .programs = snmp_programs),
		.needs = SW_NEEDS_SERVICES,
	},
	{
		.id = "host.svc.tftp",
		.kind = SW_HOST,
		.severity = SW_LOW,
		.title = "No TFTP server is started",
		.why = "TFTP asks nobody who he is.",
		.wanted = "not there, or masked or disabled, and not running",
		.remedy = "systemctl mask --now tftp.socket tftpd-hpa; better: remove the "
			  "package",
		.fn = is_not_used,
		.arg = SERVICE(.names = tftp_units, .title = "the TFTP server",
			       .programs = tftp_programs, .by_inetd = true),
		.needs = SW_NEEDS_SERVICES,
	},
	{
		.id = "host.svc.proxy",
		.kind = SW_HOST,
		.severity = SW_LOW,
		.title = "No web proxy is started",
		.why = "A proxy lets others act from this host's address.",
		.wanted = "not there, or masked or disabled, and not running",
		.remedy = "systemctl mask --now squid; better: remove the package",
		.fn = is_not_used,
		.arg = SERVICE(.names = proxy_units, .title = "the web proxy",
			       .programs = proxy_programs),
		.needs = SW_NEEDS_SERVICES,
	},
	{
		.id = "host.svc.web",
		.kind = SW_HOST,
		.severity = SW_LOW,
		.title = "No web server is started on the host itself",
		.why = "What serves the web on a host of containers belongs into one: on "
		       "the host a flaw in it is a flaw of the host.",
		.wanted = "not there, or masked or disabled, and not running",
		.remedy = "systemctl mask --now nginx; better: remove the package",
		.fn = is_not_used,
		.arg = SERVICE(.names = web_units, .title = "a web server",
			       .programs = web_programs),
		.needs = SW_NEEDS_SERVICES,
	},
	{
		.id = "host.svc.xinetd",
		.kind = SW_HOST,
		.severity = SW_LOW,
		.title = "No super-server of the inetd family is started",
		.why = "It starts daemons from another age on any of their ports.",
		.wanted = "not there, or masked or disabled, and not running",
		.remedy = "systemctl mask --now xinetd; better: remove the package",
		.fn = is_not_used,
		.arg = SERVICE(.names = xinetd_units, .title = "a super-server",
			       .programs = xinetd_programs),
		.needs = SW_NEEDS_SERVICES,
	},
	{
		.id = "host.svc.telnetd",
		.kind = SW_HOST,
		.severity = SW_LOW,
		.title = "No telnet server is started",
		.why = "telnet sends passwords and all that is typed in the clear.",
		.wanted = "not there, or masked or disabled, and not running",
		.remedy = "systemctl mask --now telnet.socket; better: remove the package",
		.fn = is_not_used,
		.arg = SERVICE(.names = telnetd_units, .title = "the telnet server",
			       .programs = telnetd_programs, .by_inetd = true),
		.needs = SW_NEEDS_SERVICES,
	},
	{
		.id = "host.svc.rshd",
		.kind = SW_HOST,
		.severity = SW_LOW,
		.title = "None of the r-services and talk is started",
		.why = "They believe the network address they are called from, and encrypt"
		       " nothing.",
		.wanted = "not there, or masked or disabled, and not running",
		.remedy = "systemctl mask --now rsh.socket rlogin.socket rexec.socket "
			  "ntalk.socket; better: remove the package",
		.fn = is_not_used,
		.arg = SERVICE(.names = rshd_units,
			       .title = "a server of rsh, rlogin, rexec or talk",
			       .programs = rshd_programs, .by_inetd = true),
		.needs = SW_NEEDS_SERVICES,
	},
	{
		.id = "host.svc.xorg",
		.kind = SW_HOST,
		.severity = SW_LOW,
		.title = "No X server is there",
		.why = "An X server is much code with much of the hardware in its hands, "
		       "and lets its clients watch each other. Servers have no screen.",
		.wanted = "not installed",
		.remedy = "apt-get purge 'xserver-xorg*' (dnf remove 'xorg-x11-server*'); "
			  "systemctl set-default multi-user.target",
		.fn = is_not_used,
		.arg = SERVICE(.names = xorg_units, .title = "an X server",
			       .programs = xorg_programs, .is_program = true),
		.needs = SW_NEEDS_SERVICES,
	},
	{ 0 },
};
