/* SPDX-License-Identifier: Apache-2.0 */
/* daemon.c: fuzzes dockerd's command line, daemon.json and what follows from both. */
#include "derive.h"
#include "flags.h"
#include "fuzz.h"
#include "record.h"

static json_t *world_of_base(void)
{
	static json_t *base;

	if (!base) {
		size_t n;
		AUTO_FREE char *text = fuzz_test_file("cases/base/engine.json", &n);
		json_t *file = json_loads(text, 0, NULL);

		base = json_incref(json_object_get(file, "world"));
		json_decref(file);
	}
	return json_deep_copy(base);
}

/* Lines of text, the program's name before them. */
static json_t *arguments_of(char *text)
{
	json_t *list = json_pack("[s]", "/usr/bin/dockerd");

	utf8_mend(text, strlen(text));
	for (char *line; (line = strsep(&text, "\n"));)
		if (*line)
			json_array_append_new(list, json_string(line));
	return list;
}

static void replace(json_t *world, const char *section, const char *key, json_t *value)
{
	json_t *engine = json_object_get(world, "engine");

	json_object_set(json_object_get(engine, section), key, value);
}

/* Up to the first blank line arguments, then a daemon.json, then anything of /info. */
FUZZ(daemon)
{
	CLEANUP(err_done) struct err err = { 0 };
	AUTO_FREE char *line = fuzz_part(&data, &n);
	AUTO_FREE char *file = fuzz_part(&data, &n);
	AUTO_FREE char *reply = fuzz_part(&data, &n);
	AUTO_JSON json_t *arguments = arguments_of(line);
	AUTO_JSON json_t *config = json_parse_hostile(file, strlen(file), &err);
	AUTO_JSON json_t *info = json_loads(reply, 0, NULL);
	AUTO_JSON json_t *world = world_of_base();
	struct flags flags;

	flags_parse(arguments, &flags);
	fuzz_fact(json_incref(flags.values));
	fuzz_fact(json_incref(flags.errors));
	flags_done(&flags);
	if (config) {
		replace(world, "daemon-json", "content", config);
	}
	replace(world, "process", "Args", arguments);
	if (json_is_object(info))
		json_object_update(json_object_get(json_object_get(world, "engine"), "info"), info);
	derive_world(world);
	fuzz_fact(json_incref(world));
	return 0;
}
