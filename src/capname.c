/* SPDX-License-Identifier: Apache-2.0 */
/* capname.c: the kernel's names of capabilities and their bits, as libcap knows them. */
#include <ctype.h>
#include <strings.h>
#include <sys/capability.h>

#include <seaworthy/check.h>

#include "util.h"

enum { NAME_MAX_LEN = 64, BITS = 64 };

static void cap_free_p(char **s)
{
	cap_free(*s);
}

/* libcap takes numbers for names too, and what is before a blank; the engine does not. */
int sw_capability_bit(const char *name)
{
	char full[NAME_MAX_LEN + 8];
	cap_value_t bit;

	if (!isalpha((unsigned char)*name) || strlen(name) > NAME_MAX_LEN ||
	    name[strspn(name, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz_")])
		return -1;
	bool has_prefix = strncasecmp(name, "CAP_", 4) == 0;
	snprintf(full, sizeof(full), "%s%s", has_prefix ? "" : "cap_", name);
	if (cap_from_name(full, &bit) < 0)
		return -1;
	return bit >= 0 && bit < BITS ? bit : -1;
}

static const char *name_of(struct sw_eval *e, unsigned bit)
{
	CLEANUP(cap_free_p) char *name = cap_to_name((cap_value_t)bit);

	if (!name || strncmp(name, "cap_", 4) != 0)
		return sw_at(e, "capability %u", bit);
	for (char *c = name; *c; c++)
		*c = (char)toupper((unsigned char)*c);
	return sw_at(e, "%s", name + 4);
}

const char *sw_capability_names(struct sw_eval *e, uint64_t set)
{
	const char *names = "";

	for (unsigned i = 0; i < BITS; i++)
		if (set & UINT64_C(1) << i)
			names = sw_at(e, "%s%s%s", names, *names ? ", " : "", name_of(e, i));
	return names;
}
