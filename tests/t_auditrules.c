/* SPDX-License-Identifier: Apache-2.0 */
/* t_auditrules.c: rules of the kernel and of files come to one normal form, and nonsense to none.
 */
#include "auditset.h"
#include "facts.h"
#include "harness.h"
#include "text.h"

static const struct auditarch *machine;

/* A rule of the kernel as it is put together. */
union bytes {
	struct audit_rule_data d;
	char all[sizeof(struct audit_rule_data) + 512];
};
enum { TEXT_MAX = 512 };

/* Its texts stand behind it. */
static char *texts_of(union bytes *b)
{
	return b->all + sizeof(b->d);
}

static void add_number(union bytes *b, uint32_t field, uint32_t op, uint32_t value)
{
	b->d.fields[b->d.field_count] = field;
	b->d.fieldflags[b->d.field_count] = op;
	b->d.values[b->d.field_count++] = value;
}

static void add_text(union bytes *b, uint32_t field, const char *text)
{
	size_t n = strlen(text);
	memcpy(texts_of(b) + b->d.buflen, text, n);
	b->d.buflen += (uint32_t)n;
	add_number(b, field, AUDIT_EQUAL, (uint32_t)n);
}

static union bytes exit_rule(void)
{
	union bytes b = { .d = { .flags = AUDIT_FILTER_EXIT, .action = AUDIT_ALWAYS } };
	memset(b.d.mask, 0xff, sizeof(b.d.mask) - sizeof(b.d.mask[0]));
	return b;
}

static json_t *form_of(const union bytes *b)
{
	AUTO_RULE struct auditrule r = { 0 };
	ck_assert_int_eq(auditrule_from_kernel(b, sizeof(b->d) + b->d.buflen, &r, NULL), 0);
	return auditrule_json(&r, machine);
}

/* The rules that the text gives, without their places. */
static json_t *forms_of_text(const char *text, bool is_merged, struct auditset *s)
{
	AUTO_FREE char *copy = xstrdup(text);
	json_t *rule;
	size_t i;
	auditset_init(s, machine, is_merged);
	auditset_read(s, "f", copy, strlen(copy));
	json_array_foreach(s->rules, i, rule)
	{
		json_object_del(rule, "file");
		json_object_del(rule, "line");
	}
	return s->rules;
}

static void expect(json_t *got, const char *wanted, const char *of)
{
	json_t *w = json_loads(wanted, JSON_DECODE_ANY, NULL);
	char *text = json_dumps(got, JSON_COMPACT | JSON_ENCODE_ANY);
	ck_assert_msg(w && json_equal(got, w), "%s\nis     %s\nwanted %s", of, text, wanted);
	free(text);
	json_decref(w);
}

/* --- files
 * -----------------------------------------------------------------------------------------
 */

#define WATCH_ALL "\"list\":\"exit\",\"action\":\"always\""
#define DOCKER    WATCH_ALL ",\"path\":\"/etc/docker\",\"recursive\":"

static const struct {
	const char *text, *rules;
} texts[] = {
	{ "", "[]" },
	{ "# -w /etc/docker\n\n  # x\n", "[]" },
	{ "-w /etc/docker -p wa -k docker",
	  "[{" DOCKER "null,\"perm\":\"wa\",\"key\":\"docker\",\"full\":\"wa\"}]" },
	{ "-w /etc/docker/ -p aw", "[{" DOCKER "null,\"perm\":\"wa\",\"full\":\"wa\"}]" },
	{ "-w //etc///docker// -p wa\n", "[{" DOCKER "null,\"perm\":\"wa\",\"full\":\"wa\"}]" },
	{ "-w /etc/docker", "[{" DOCKER "null,\"perm\":\"rwxa\",\"full\":\"rwxa\"}]" },
	{ "-a always,exit -F path=/etc/docker -F perm=wa",
	  "[{" DOCKER "false,\"perm\":\"wa\",\"full\":\"wa\"}]" },
	{ "-a exit,always -F perm=wa -F dir=/etc/docker -F key=a -k b",
	  "[{" DOCKER "true,\"perm\":\"wa\",\"key\":\"a,b\",\"full\":\"wa\"}]" },
	{ "-a always,exit -S all -F dir=/etc/docker", "[{" DOCKER "true,\"full\":\"rwxa\"}]" },
	{ "-a always,exit -F arch=b64 -F dir=/etc/docker -F perm=a",
	  "[{" DOCKER "true,\"arch\":\"b64\",\"perm\":\"a\",\"full\":\"a\"}]" },
	{ "-a always,exit -F arch=i386 -F dir=/etc/docker -F perm=a",
	  "[{" DOCKER "true,\"arch\":\"b32\",\"perm\":\"a\",\"full\":\"a\"}]" },
	{ "-a always,exit -F arch=aarch64 -F dir=/etc/docker",
	  "[{" DOCKER "true,\"fields\":[{\"field\":\"arch\",\"op\":\"=\",\"value\":\"aarch64\"}],"
	  "\"full\":\"rwxa\"}]" },
	{ "-a always,exit -F dir=/etc/docker -F auid>=1000 -F auid!=4294967295 -F auid!=-1",
	  "[{" DOCKER "true,\"fields\":[{\"field\":\"auid\",\"op\":\">=\",\"value\":\"1000\"},"
	  "{\"field\":\"auid\",\"op\":\"!=\",\"value\":\"unset\"},"
	  "{\"field\":\"auid\",\"op\":\"!=\",\"value\":\"unset\"}],\"full\":\"rwxa\"}]" },
	{ "-a always,exit -F arch=b64 -S execve -C euid!=uid",
	  "[{" WATCH_ALL
	  ",\"arch\":\"b64\",\"syscalls\":[\"execve\"],\"fields\":[{\"field\":\"uid\","
	  "\"op\":\"!=\",\"value\":\"euid\",\"compare\":true}],\"full\":\"\",\"some\":\"x\"}]" },
	{ "-a always,exit -F arch=b64 -S execve,59 -S execveat",
	  "[{" WATCH_ALL
	  ",\"arch\":\"b64\",\"syscalls\":[\"execve\",\"execveat\"],\"full\":\"x\"}]" },
	{ "-w /srv/with\\ blank -p w",
	  "[{" WATCH_ALL ",\"path\":\"/srv/with blank\",\"recursive\":null,\"perm\":\"w\","
	  "\"full\":\"w\"}]" },
	{ "-a never,task", "[{\"list\":\"task\",\"action\":\"never\"}]" },
	{ "-a never,exclude -F msgtype=SYSCALL", "[{\"list\":\"exclude\",\"action\":\"never\","
						 "\"fields\":[{\"field\":\"msgtype\",\"op\":\"=\","
						 "\"value\":\"SYSCALL\"}]}]" },
	{ "-w /a -p w\n-A never,exit -F dir=/a",
	  "[{\"list\":\"exit\",\"action\":\"never\",\"path\":\"/"
	  "a\",\"recursive\":true,\"full\":\"rwxa\"},"
	  "{" WATCH_ALL ",\"path\":\"/a\",\"recursive\":null,\"perm\":\"w\",\"full\":\"w\"}]" },
	{ "-w /a -p w\n-D\n-w /b -p w",
	  "[{" WATCH_ALL ",\"path\":\"/b\",\"recursive\":null,\"perm\":\"w\",\"full\":\"w\"}]" },
	{ "-w /a -p w -k x\n-w /b -p w -k y\n-D -k x",
	  "[{" WATCH_ALL ",\"path\":\"/b\",\"recursive\":null,\"perm\":\"w\",\"key\":\"y\","
	  "\"full\":\"w\"}]" },
	{ "-w /a -p w\n-w /b -p w\n-W /a -p w",
	  "[{" WATCH_ALL ",\"path\":\"/b\",\"recursive\":null,\"perm\":\"w\",\"full\":\"w\"}]" },
	{ "-e 2\n-w /a -p w", "[]" },
	/* Not understood, so no rule. */
	{ "-w etc/docker -p wa", "[]" },
	{ "-w /etc/docker -p wq", "[]" },
	{ "-w /etc/docker -p", "[]" },
	{ "-w /etc/docker -p wa extra", "[]" },
	{ "-w\t/etc/docker -p wa", "[]" },
	{ "-a sometimes,exit -F dir=/etc/docker", "[]" },
	{ "-a always,entry -F dir=/etc/docker", "[]" },
	{ "-a always", "[]" },
	{ "-a always,exit -F colour=blue", "[]" },
	{ "-a always,exit -F dir", "[]" },
	{ "-a always,exit -S no_such_call", "[]" },
	{ "-a always,exit -S 99999999999999999999", "[]" },
	{ "-a always,exit -S -1", "[]" },
	{ "-a always,exit -C uid!=path", "[]" },
	{ "-F dir=/etc/docker", "[]" },
	{ "-e maybe", "[]" },
};

START_TEST(text_to_normal_form)
{
	struct auditset s CLEANUP(auditset_done) = { 0 };
	expect(forms_of_text(texts[_i].text, false, &s), texts[_i].rules, texts[_i].text);
	bool is_refused = streq(texts[_i].rules, "[]") && *texts[_i].text == '-';
	ck_assert_msg((json_array_size(s.errors) > 0) == is_refused, "%s: errors", texts[_i].text);
}
END_TEST

START_TEST(merged_files_differ)
{
	struct auditset s CLEANUP(auditset_done) = { 0 };
	json_t *rules =
		forms_of_text("-w /a -p w\n-e 2\n-D\n-w /b -p w\n-e 1\n-b 8192\n", true, &s);
	ck_assert_uint_eq(json_array_size(rules), 2);
	expect(s.settings, "{\"enabled\":1,\"backlog_limit\":8192}", "settings");
}
END_TEST

START_TEST(rule_files_are_bounded)
{
	AUTO_TEXT struct text t = { 0 };
	struct auditset s CLEANUP(auditset_done) = { 0 };
	for (int i = 0; i <= AUDITSET_RULES; i++)
		text_printf(&t, "-w /%d\n", i);
	ck_assert_uint_eq(json_array_size(forms_of_text(text_str(&t), false, &s)), AUDITSET_RULES);
	ck_assert(s.is_cut);
	auditset_done(&s);

	text_clear(&t);
	for (int i = 0; i < 1000; i++)
		text_add(&t, "-W /x\n");
	forms_of_text(text_str(&t), false, &s);
	ck_assert(s.is_cut);
	auditset_done(&s);

	text_clear(&t);
	for (int i = 0; i < 1000; i++)
		text_add(&t, "nonsense\n");
	forms_of_text(text_str(&t), false, &s);
	ck_assert_uint_eq(json_array_size(s.errors), AUDITSET_ERRORS);
	auditset_done(&s);

	text_clear(&t);
	text_add(&t, "-w /");
	for (int i = 0; i < 7000; i++)
		text_add_char(&t, 'x');
	ck_assert_uint_eq(json_array_size(forms_of_text(text_str(&t), false, &s)), 0);
	ck_assert_uint_eq(json_array_size(s.errors), 1);
}
END_TEST

START_TEST(files_have_an_order)
{
	static const char *const order[] = { "1.rules",      "9-x.rules",     "10-a.rules",
					     "10-a-b.rules", "10-b.rules",    "99-z.rules",
					     "a.rules",      "a2.rules",      "a10.rules",
					     "b~x.rules",    "b.local.rules", "b.rules" };
	for (size_t i = 0; i + 1 < ARRAY_SIZE(order); i++) {
		int c = auditfile_compare(order[i], order[i + 1]);
		ck_assert_msg(c < 0, "%s, %s: %d", order[i], order[i + 1], c);
		ck_assert_int_eq(auditfile_compare(order[i], order[i]), 0);
		c = auditfile_compare(order[i + 1], order[i]);
		ck_assert_msg(c > 0, "%s, %s: %d", order[i + 1], order[i], c);
	}
}
END_TEST

/* --- the kernel
 * ------------------------------------------------------------------------------------
 */

/* The same rule in three spellings. */
START_TEST(spellings_are_one)
{
	union bytes b = exit_rule();
	struct auditset s CLEANUP(auditset_done) = { 0 };
	add_text(&b, AUDIT_DIR, "/etc/docker");
	add_number(&b, AUDIT_PERM, AUDIT_EQUAL, AUDIT_PERM_WRITE | AUDIT_PERM_ATTR);
	add_text(&b, AUDIT_FILTERKEY, "docker");
	json_t *form = form_of(&b);
	json_t *rules = forms_of_text("-a exit,always -F perm=wa -F key=docker -F dir=/etc/docker/",
				      false, &s);
	ck_assert(json_equal(json_array_get(rules, 0), form));
	expect(form, "{" DOCKER "true,\"perm\":\"wa\",\"key\":\"docker\",\"full\":\"wa\"}",
	       "kernel");
	json_decref(form);
}
END_TEST

START_TEST(kernel_fields)
{
	union bytes b = exit_rule();
	add_number(&b, AUDIT_ARCH, AUDIT_EQUAL, machine->b32);
	add_number(&b, AUDIT_LOGINUID, AUDIT_NOT_EQUAL, UINT32_MAX);
	add_number(&b, AUDIT_EXIT, AUDIT_EQUAL, (uint32_t)-13);
	add_number(&b, AUDIT_FIELD_COMPARE, AUDIT_NOT_EQUAL, AUDIT_COMPARE_UID_TO_EUID);
	add_number(&b, 4711, AUDIT_BIT_TEST, 3);
	add_text(&b, AUDIT_EXE, "/usr/bin/x");
	json_t *form = form_of(&b);
	expect(form,
	       "{" WATCH_ALL ",\"arch\":\"b32\",\"fields\":["
	       "{\"field\":\"auid\",\"op\":\"!=\",\"value\":\"unset\"},"
	       "{\"field\":\"exit\",\"op\":\"=\",\"value\":\"-13\"},"
	       "{\"field\":\"uid\",\"op\":\"!=\",\"value\":\"euid\",\"compare\":true},"
	       "{\"field\":\"4711\",\"op\":\"&=\",\"value\":\"3\"},"
	       "{\"field\":\"exe\",\"op\":\"=\",\"value\":\"/usr/bin/x\"}],\"full\":\"rwxa\"}",
	       "fields");
	json_decref(form);
}
END_TEST

/* A path that is no text, or one of two, must not turn a narrow rule into one for everything. */
START_TEST(odd_paths_narrow)
{
	static const char *const paths[] = { "/etc/\xff", "", "etc", "\xc3" };
	for (size_t i = 0; i < ARRAY_SIZE(paths); i++) {
		union bytes b = exit_rule();
		add_text(&b, AUDIT_WATCH, paths[i]);
		json_t *form = form_of(&b);
		ck_assert_ptr_null(json_object_get(form, "path"));
		ck_assert_uint_eq(json_array_size(json_object_get(form, "fields")), 1);
		json_decref(form);
	}
	union bytes b = exit_rule();
	add_text(&b, AUDIT_WATCH, "/a");
	add_text(&b, AUDIT_DIR, "/b");
	json_t *form = form_of(&b);
	ck_assert_str_eq(json_string_value(json_object_get(form, "path")), "/a");
	ck_assert_uint_eq(json_array_size(json_object_get(form, "fields")), 1);
	json_decref(form);
}
END_TEST

/* Numbers without an arch are those of either interface: a never rule may hit both. */
START_TEST(never_without_arch)
{
	union bytes b = exit_rule();
	memset(b.d.mask, 0, sizeof(b.d.mask));
	b.d.action = AUDIT_NEVER;
	b.d.mask[39 / 32] |= UINT32_C(1) << (39 % 32); /* getpid of x86_64, mkdir of i386 */
	json_t *form = form_of(&b);
	ck_assert_ptr_null(json_object_get(form, "arch"));
	ck_assert_str_eq(json_string_value(json_object_get(form, "some")), "w");
	json_decref(form);
	b.d.action = AUDIT_ALWAYS;
	form = form_of(&b);
	ck_assert_str_eq(json_string_value(json_object_get(form, "arch")), "b64");
	ck_assert_str_eq(json_string_value(json_object_get(form, "full")), "");
	json_decref(form);
}
END_TEST

START_TEST(broken_bytes_are_refused)
{
	union bytes whole = exit_rule();
	AUTO_RULE struct auditrule r = { 0 };
	add_text(&whole, AUDIT_WATCH, "/etc/docker");
	size_t n = sizeof(whole.d) + whole.d.buflen;
	for (size_t cut = 0; cut < n; cut++) {
		AUTO_FREE char *copy = xalloc(cut + 1);
		memcpy(copy, &whole, cut);
		ck_assert_int_lt(auditrule_from_kernel(copy, cut, &r, NULL), 0);
		auditrule_done(&r);
	}
	union bytes b = whole;
	b.d.field_count = AUDIT_MAX_FIELDS + 1;
	ck_assert_int_lt(auditrule_from_kernel(&b, n, &r, NULL), 0);
	auditrule_done(&r);
	b = whole;
	b.d.buflen = UINT32_MAX;
	ck_assert_int_lt(auditrule_from_kernel(&b, n, &r, NULL), 0);
	auditrule_done(&r);
	b = whole;
	b.d.values[0] = UINT32_MAX;
	ck_assert_int_lt(auditrule_from_kernel(&b, n, &r, NULL), 0);
	auditrule_done(&r);
	b = whole;
	texts_of(&b)[3] = '\0';
	ck_assert_int_lt(auditrule_from_kernel(&b, n, &r, NULL), 0);
}
END_TEST

/* Any bytes give a rule or an error, and the same ones each time. */
START_TEST(noise)
{
	uint64_t seed = 88172645463325252 + (uint64_t)_i;
	union bytes b;
	unsigned char *p = (unsigned char *)&b;
	for (size_t i = 0; i < sizeof(b); i++) {
		seed ^= seed << 13;
		seed ^= seed >> 7;
		seed ^= seed << 17;
		p[i] = (unsigned char)seed;
	}
	b.d.field_count %= AUDIT_MAX_FIELDS + 2;
	b.d.buflen %= TEXT_MAX + 2;
	for (uint32_t i = 0; i < AUDIT_MAX_FIELDS; i++) {
		b.d.fields[i] %= 220;
		b.d.values[i] %= _i % 2 ? 40 : UINT32_MAX;
	}
	AUTO_RULE struct auditrule r = { 0 };
	if (auditrule_from_kernel(&b, sizeof(b), &r, NULL) < 0)
		return;
	json_t *form = auditrule_json(&r, _i % 3 ? machine : NULL);
	ck_assert_ptr_nonnull(json_object_get(form, "list"));
	json_decref(form);
}
END_TEST

START_TEST(noisy_text)
{
	static const char *const words[] = {
		"-a",  "-A", "-w", "-W", "-F", "-S",    "-k",   "-p",     "-D",
		"-e",  "-C", "\n", "2",  "/a", "dir=/", "wa",   "path=/", "always,exit",
		"all", "\\", ",",  "=",  "!=", "-d",    "b64=", "arch=",  "\x01\xff"
	};
	AUTO_TEXT struct text t = { 0 };
	struct auditset s CLEANUP(auditset_done) = { 0 };
	uint64_t seed = 2463534242 + (uint64_t)_i;
	for (int i = 0; i < 400; i++) {
		seed ^= seed << 13;
		seed ^= seed >> 7;
		seed ^= seed << 17;
		text_add(&t, words[seed % ARRAY_SIZE(words)]);
		if (seed >> 20 & 3)
			text_add_char(&t, ' ');
	}
	json_t *rules = forms_of_text(text_str(&t), _i % 2, &s), *rule;
	size_t i;
	json_array_foreach(rules, i, rule) ck_assert_ptr_nonnull(json_object_get(rule, "action"));
}
END_TEST

int main(void)
{
	Suite *suite;
	TCase *t = harness_group("auditrules", &suite);
	machine = auditarch_find("x86_64");
	tcase_add_loop_test(t, text_to_normal_form, 0, (int)ARRAY_SIZE(texts));
	tcase_add_test(t, merged_files_differ);
	tcase_add_test(t, rule_files_are_bounded);
	tcase_add_test(t, files_have_an_order);
	tcase_add_test(t, spellings_are_one);
	tcase_add_test(t, kernel_fields);
	tcase_add_test(t, odd_paths_narrow);
	tcase_add_test(t, never_without_arch);
	tcase_add_test(t, broken_bytes_are_refused);
	tcase_add_loop_test(t, noise, 0, 200);
	tcase_add_loop_test(t, noisy_text, 0, 100);
	return harness_run(suite);
}
