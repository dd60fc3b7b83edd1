/* SPDX-License-Identifier: Apache-2.0 */
/* sshd.c: fuzzes sshd's configuration, its command line and its version. */
#include "fuzz.h"
#include "sshdconf.h"
#include "tree.h"

static const char *const files[] = { "/etc/ssh/sshd_config", "/usr/etc/ssh/sshd_config", NULL };

FUZZ(sshd)
{
	unsigned which = fuzz_pick(&data, &n, 3);

	if (which == 0) {
		struct tree t;

		tree_init(&t, files[0], data, n);
		struct conf_source source = tree_source(&t);
		fuzz_fact(sshdconf_read(files, &source));
		tree_done(&t);
		return 0;
	}
	AUTO_FREE char *text = fuzz_text(data, n);
	if (which == 1) {
		AUTO_FREE char *version = sshdconf_version(text, n);
		(void)version;
		return 0;
	}
	char *file = NULL;
	json_t *arguments = sshdconf_arguments(text, n, &file);

	if (arguments)
		fuzz_fact(arguments);
	free(file);
	return 0;
}
