/* SPDX-License-Identifier: Apache-2.0 */
/* host_packages.c: programs of another age that a server does not need. */
#include <string.h>

#include "host_common.h"
#include "tables.h"

#define PACKAGES "@host/packages/"

struct software {
	const char *const *packages, *const *programs; /* end with NULL */
	const char *title;
};

/* Says what is installed; where the list cannot be read the programs decide. */
static void judge_packages(struct sw_eval *e, const struct software *s)
{
	if (!sw_is_known(e, PACKAGES "asked"))
		return;
	for (const char *const *p = s->packages; *p; p++) {
		const char *at = sw_at(e, PACKAGES "asked/%s", *p);
		if (!sw_has(e, at))
			sw_unknown(e, "the package %s was not looked for", *p);
		else if (sw_bool(e, sw_at(e, "%s/installed", at), false))
			sw_fail(e, "the package %s %s is installed", *p,
				sw_str(e, sw_at(e, "%s/version", at), ""));
	}
}

static bool ends_like(const char *path, const char *name)
{
	size_t n = strlen(path), m = strlen(name);
	return n >= m && strcmp(path + n - m, name) == 0;
}

static void judge_program(struct sw_eval *e, const char *at)
{
	const char *path = sw_str(e, sw_at(e, "%s/path", at), "");
	const char *resolved = sw_str(e, sw_at(e, "%s/resolved", at), "");

	if (ends_like(resolved, "/busybox") || ends_like(resolved, "/toybox"))
		sw_warn(e, "%s is there as an applet of %s", path, resolved);
	else if (ends_like(resolved, "/ssh") || ends_like(resolved, "/scp") ||
		 ends_like(resolved, "/slogin"))
		return; /* ssh under its old name */
	else
		sw_fail(e, "%s is there", path);
}

static enum sw_verdict is_absent(struct sw_eval *e)
{
	const struct software *s = sw_arg(e);

	judge_packages(e, s);
	for (const char *const *p = s->programs; *p; p++) {
		const char *list = sw_at(e, PACKAGES "programs/%s", *p);
		if (!sw_has(e, list))
			sw_unknown(e, "the program %s was not looked for", *p);
		for (size_t i = 0, n = sw_count(e, list); i < n; i++)
			judge_program(e, sw_at(e, "%s/%zu", list, i));
	}
	if (sw_said(e) != SW_PASS)
		return sw_said(e);
	if (strcmp(sw_str(e, PACKAGES "manager", ""), "none") == 0)
		return sw_pass(e, "%s: none of its programs is there, and no list of packages",
			       s->title);
	if (!sw_is_known(e, PACKAGES "asked"))
		return sw_pass(e,
			       "%s: none of its programs is there; the list of packages of %s was "
			       "not read",
			       s->title, sw_str(e, PACKAGES "manager", ""));
	return sw_pass(e, "%s is not there", s->title);
}

/* "enabled=0", quoted or not. */
static bool is_off(const char *value)
{
	return strcmp(value, "0") == 0 || strcmp(value, "\"0\"") == 0 || strcmp(value, "'0'") == 0;
}

static enum sw_verdict apport_is_off(struct sw_eval *e)
{
	const char *list = PACKAGES "apport/settings/enabled", *pattern;

	if (host_is_running(e)) {
		pattern = sw_str(e, PACKAGES "core-pattern", "");
		if (strstr(pattern, "apport"))
			return sw_fail(e,
				       "kernel.core_pattern is '%s': the core dumps of containers "
				       "go to it as well",
				       pattern);
	}
	if (sw_is_known(e, PACKAGES "asked") &&
	    !sw_bool(e, PACKAGES "asked/apport/installed", false))
		return sw_pass(e, "apport is not installed");
	if (sw_count(e, PACKAGES "programs/apport-cli") == 0 && sw_count(e, list) == 0)
		return sw_pass(e, "apport is not there");
	if (sw_count(e, list) > 0 && is_off(sw_str(e, sw_at(e, "%s/0/value", list), "")))
		return sw_pass(e, "%sapport is switched off", host_configured(e));
	return sw_fail(e, "%sapport is installed and not switched off", host_configured(e));
}

#define NAMES(...)    ((const char *const[]){ __VA_ARGS__, NULL })
#define SOFTWARE(...) (&(const struct software){ __VA_ARGS__ })

#define CLEAR                                                                                      \
	"It sends all that is typed, passwords too, in the clear; where it is there somebody "     \
	"uses "                                                                                    \
	"it."

/* Rows that differ in what they look for. */
#define CLIENT(name, ttl, reason, ...)                                                             \
	{                                                                                          \
		.id = "host.pkg." name, .kind = SW_HOST, .severity = SW_LOW, .title = ttl,         \
		.why = reason, .wanted = "neither the package nor the program",                    \
		.remedy = "apt-get purge PACKAGE (dnf remove PACKAGE, apk del PACKAGE)",           \
		.fn = is_absent, .arg = SOFTWARE(__VA_ARGS__), .needs = SW_NEEDS_PACKAGES,         \
	}

const struct sw_check sw_host_package_checks[] = {
	CLIENT("nis", "No NIS client is installed",
	       "A client of NIS believes whoever answers first about who has which account.",
	       NAMES("nis", "ypbind", "ypbind-mt", "yp-tools"), NAMES("ypbind", "ypwhich"),
	       "the NIS client"),
	CLIENT("rsh", "No rsh client is installed", CLEAR,
	       NAMES("rsh-client", "rsh-redone-client", "rsh", "netkit-rsh"),
	       NAMES("rsh", "rlogin", "rcp"), "the rsh client"),
	CLIENT("talk", "No talk client is installed", CLEAR,
	       NAMES("talk", "netkit-ntalk", "inetutils-talk"), NAMES("talk", "ntalk"),
	       "the talk client"),
	CLIENT("telnet", "No telnet client is installed", CLEAR,
	       NAMES("telnet", "inetutils-telnet", "telnet-ssl", "netkit-telnet"), NAMES("telnet"),
	       "the telnet client"),
	CLIENT("ldap", "No LDAP client tools are installed",
	       "They read a directory for whoever got onto the host; what needs LDAP brings a "
	       "library of its own.",
	       NAMES("ldap-utils", "openldap-clients", "openldap2-client"), NAMES("ldapsearch"),
	       "the LDAP client"),
	CLIENT("ftp", "No FTP client is installed", CLEAR,
	       NAMES("ftp", "tnftp", "inetutils-ftp", "ftp-ssl"), NAMES("ftp", "tnftp"),
	       "the FTP client"),
	CLIENT("tftp", "No TFTP client is installed", CLEAR, NAMES("tftp", "tftp-hpa", "atftp"),
	       NAMES("tftp", "atftp"), "the TFTP client"),
	CLIENT("prelink", "prelink is not installed",
	       "It changes programs on disk, so that no check of their sums holds, and undoes the "
	       "random placing of libraries.",
	       NAMES("prelink"), NAMES("prelink"), "prelink"),
	{
		.id = "host.pkg.apport",
		.kind = SW_HOST,
		.severity = SW_LOW,
		.title = "Crash reports are not gathered by apport",
		.why = "apport runs as root on each crash and parses what the crashed process "
		       "left, "
		       "also of processes in containers.",
		.wanted = "enabled=0, or not installed",
		.remedy = "/etc/default/apport: enabled=0; systemctl disable --now "
			  "apport.service; or apt-get purge apport",
		.fn = apport_is_off,
		.needs = SW_NEEDS_PACKAGES,
	},
	{ 0 },
};
