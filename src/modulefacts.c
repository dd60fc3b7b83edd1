/* SPDX-License-Identifier: Apache-2.0 */
/* modulefacts.c: see modulefacts.h. */
#include "modulefacts.h"

#include <fnmatch.h>

#include "facts.h"
#include "record.h"

const struct module_name module_names[] = {
	{ "af_802154", "IEEE802154_SOCKET" },
	{ "af_alg", "CRYPTO_USER_API" },
	{ "algif_aead", "CRYPTO_USER_API_AEAD" },
	{ "algif_hash", "CRYPTO_USER_API_HASH" },
	{ "algif_rng", "CRYPTO_USER_API_RNG" },
	{ "algif_skcipher", "CRYPTO_USER_API_SKCIPHER" },
	{ "appletalk", "ATALK" },
	{ "atm", "ATM" },
	{ "ax25", "AX25" },
	{ "bluetooth", "BT" },
	{ "br_netfilter", "BRIDGE_NETFILTER" },
	{ "bridge", "BRIDGE" },
	{ "can", "CAN" },
	{ "cramfs", "CRAMFS" },
	{ "dccp", "IP_DCCP" },
	{ "decnet", "DECNET" },
	{ "firewire_core", "FIREWIRE" },
	{ "freevxfs", "VXFS_FS" },
	{ "hfs", "HFS_FS" },
	{ "hfsplus", "HFSPLUS_FS" },
	{ "ieee802154_socket", "IEEE802154_SOCKET" },
	{ "ip_tables", "IP_NF_IPTABLES" },
	{ "ipt_MASQUERADE", "IP_NF_TARGET_MASQUERADE" },
	{ "iptable_filter", "IP_NF_FILTER" },
	{ "iptable_nat", "IP_NF_NAT" },
	{ "ipx", "IPX" },
	{ "jffs2", "JFFS2_FS" },
	{ "n_gsm", "N_GSM" },
	{ "n_hdlc", "N_HDLC" },
	{ "netrom", "NETROM" },
	{ "nf_nat", "NF_NAT" },
	{ "nf_tables", "NF_TABLES" },
	{ "overlay", "OVERLAY_FS" },
	{ "rds", "RDS" },
	{ "rose", "ROSE" },
	{ "sctp", "IP_SCTP" },
	{ "squashfs", "SQUASHFS" },
	{ "tipc", "TIPC" },
	{ "udf", "UDF_FS" },
	{ "usb_storage", "USB_STORAGE" },
	{ "veth", "VETH" },
	{ "vfat", "VFAT_FS" },
	{ "x25", "X25" },
	{ "xt_addrtype", "NETFILTER_XT_MATCH_ADDRTYPE" },
	{ "xt_conntrack", "NETFILTER_XT_MATCH_CONNTRACK" },
};
const size_t module_names_n = ARRAY_SIZE(module_names);

static void underscore(char *s)
{
	for (; *s; s++)
		if (*s == '-')
			*s = '_';
}

/* "usb_storage" of "kernel/drivers/usb/storage/usb-storage.ko.xz", malloc'ed. */
static char *name_of_file(const char *path)
{
	const char *name = strrchr(path, '/');
	name = name ? name + 1 : path;
	const char *end = strstr(name, ".ko");
	char *copy = xstrndup(name, end ? (size_t)(end - name) : strlen(name));
	underscore(copy);
	return copy;
}

static bool is_looked_for(const char *name)
{
	for (size_t i = 0; i < module_names_n; i++)
		if (streq(module_names[i].name, name))
			return true;
	return false;
}

static void note_file(json_t *all, json_t *fs, const char *path, bool is_builtin)
{
	AUTO_FREE char *name = name_of_file(path);
	if (!strstr(path, ".ko"))
		return;
	if (!is_builtin && starts_with(path, "kernel/fs/"))
		json_array_append_new(fs, json_string(name));
	if (!is_looked_for(name))
		return;
	json_object_set_new(all, name,
			    is_builtin ? json_pack("{ss}", "state", "builtin")
				       : json_pack("{ss ss}", "state", "module", "file", path));
}

/* Lines "path: paths it depends on", or "path". */
static void note_files(json_t *all, json_t *fs, char *text, bool is_builtin)
{
	utf8_mend(text, strlen(text));
	for (char *line; (line = strsep(&text, "\n"));) {
		line[strcspn(line, ":")] = '\0';
		if (*line)
			note_file(all, fs, line, is_builtin);
	}
}

json_t *modules_of_lists(char *dep, char *builtin, json_t **ret_fs)
{
	json_t *all = json_object(), *fs = json_array();
	for (size_t i = 0; i < module_names_n; i++)
		json_object_set_new(all, module_names[i].name, json_pack("{ss}", "state", "none"));
	note_files(all, fs, dep, false);
	note_files(all, fs, builtin, true);
	*ret_fs = fs;
	return all;
}

json_t *modules_of_config(const json_t *config)
{
	json_t *all = json_object(), *settings = json_object_get(config, "settings");
	for (size_t i = 0; i < module_names_n; i++) {
		const char *value =
			json_string_value(json_object_get(settings, module_names[i].symbol));
		bool is_builtin = value && streq(value, "y"),
		     is_module = !value || streq(value, "m");
		json_object_set_new(all, module_names[i].name,
				    json_pack("{ss}", "state",
					      is_builtin  ? "builtin"
					      : is_module ? "unseen"
							  : "none"));
	}
	return all;
}

json_t *modules_loaded(char *text)
{
	json_t *all = json_object();
	utf8_mend(text, strlen(text));
	for (char *line; (line = strsep(&text, "\n"));) {
		line[strcspn(line, " ")] = '\0';
		underscore(line);
		if (*line)
			json_object_set_new(all, line, json_true());
	}
	return all;
}

json_t *filesystems_known(char *text)
{
	json_t *all = json_array();
	utf8_mend(text, strlen(text));
	for (char *line; (line = strsep(&text, "\n"));) {
		char *tab = strrchr(line, '\t');
		const char *name = tab ? tab + 1 : line;
		if (*name)
			json_array_append_new(all, json_string(name));
	}
	return all;
}

/* --- modprobe.d ------------------------------------------------------------------------------- */

/* install NAME COMMAND…, blacklist NAME; others do not keep a module away. */
static void modprobe_line(struct conf *c, char *line)
{
	static const char *const words[] = { "install", "blacklist" };
	char *name = line + strcspn(line, " \t");
	if (*name)
		*name++ = '\0';
	name += strspn(name, " \t");
	char *command = name + strcspn(name, " \t");
	if (*command)
		*command++ = '\0';
	underscore(name);
	for (size_t i = 0; i < ARRAY_SIZE(words); i++) {
		if (!streq(line, words[i]) || !*name)
			continue;
		json_t *one = conf_set(c, line, conf_cut_blanks(command));
		if (one)
			json_object_set_new(one, "name", json_string(name));
	}
}

/* The first of the list whose name is this one, or matches it. */
static json_t *first_for(const json_t *list, const char *name, bool has_patterns)
{
	size_t i;
	json_t *one;
	json_array_foreach(list, i, one)
	{
		const char *told = json_string_value(json_object_get(one, "name"));
		if (has_patterns ? fnmatch(told, name, 0) == 0 : streq(told, name))
			return one;
	}
	return NULL;
}

static json_t *names_of(const json_t *settings)
{
	json_t *names = json_object();
	for (size_t i = 0; i < module_names_n; i++) {
		const char *name = module_names[i].name;
		json_t *install = first_for(json_object_get(settings, "install"), name, true);
		json_t *blacklist = first_for(json_object_get(settings, "blacklist"), name, false);
		json_object_set_new(
			names, name,
			json_pack("{sO* sO*}", "install", install, "blacklist", blacklist));
	}
	return names;
}

json_t *modprobe_read(const struct conf_source *source)
{
	static const char *const dirs[] = { "/etc/modprobe.d",           "/run/modprobe.d",
					    "/usr/local/lib/modprobe.d", "/usr/lib/modprobe.d",
					    "/lib/modprobe.d",           NULL };
	static const struct conf_spec spec = { .dirs = dirs,
					       .suffix = ".conf",
					       .comments = "#",
					       .flags = CONF_CONTINUES,
					       .merge = CONF_FIRST,
					       .line = modprobe_line };
	json_t *read = conf_read(&spec, source), *settings = json_object_get(read, "settings");
	json_t *names = fact_is_unread(settings) ? json_incref(settings) : names_of(settings);
	json_t *fact =
		json_pack("{sO so}", "files", json_object_get(read, "files"), "names", names);
	json_decref(read);
	return fact;
}
