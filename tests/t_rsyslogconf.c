/* SPDX-License-Identifier: Apache-2.0 */
/* t_rsyslogconf.c: rsyslog's configuration is understood in both of its languages. */
#include "conftree.h"
#include "facts.h"
#include "harness.h"
#include "rsyslogconf.h"

static const struct {
	const char *text, *path, *wanted;
} cases[] = {
	{ "*.* -/var/log/x\n", "output/0/value", "/var/log/x" },
	{ "*.* -/var/log/x\n", "output/0/mode", "0644" },
	{ "$FileCreateMode 0640\n*.* /var/log/x\n", "output/0/mode", "0640" },
	{ "*.* /var/log/x\n$FileCreateMode 0640\n", "output/0/mode", "0644" },
	{ "$IncludeConfig /etc/rsyslog.d/*.conf\n*.* /x\n", "output/0/mode", "0600" },
	{ "include(file=\"/etc/rsyslog.d/*.conf\" mode=\"optional\")\n*.* /x\n", "output/0/mode",
	  "0600" },
	{ "module(load=\"builtin:omfile\" FileCreateMode=\"0600\")\n"
	  "action(type=\"omfile\" file=\"/x\")\n",
	  "output/0/mode", "0600" },
	{ "action(type=\"omfile\"\n  file=\"/x\" # here\n  fileCreateMode=\"0604\")\n",
	  "output/0/mode", "0604" },
	{ "auth,authpriv.* /x;Template\n", "output/0/selector", "auth,authpriv.*" },
	{ "auth,authpriv.* /x;Template\n", "output/0/value", "/x" },
	{ ":msg, contains, \"a b\" /x\n", "output/0/value", "/x" },
	{ "*.* @@logs.example:514\n", "remote/0/value", "logs.example:514" },
	{ "*.* action(type=\"omfwd\" target=\"10.0.0.1\")\n", "remote/0/value", "10.0.0.1" },
	{ "*.* action(type=\"omfwd\" target=\"10.0.0.1\")\n", "remote/0/selector", "*.*" },
	{ "if $msg contains 'x' then { action(type=\"omfwd\" target=\"h\") stop }\n",
	  "remote/0/value", "h" },
	{ "# *.* @@commented\n", "remote/0/value", NULL },
	{ "/* *.* @@commented\n*.* @@too\n*/\n", "remote/0/value", NULL },
	{ "input(type=\"imtcp\" port=\"514\")\n", "input/0/value", "imtcp" },
	{ "input(type=\"imudp\" address=\"127.0.0.1\")\n", "input/0/address", "127.0.0.1" },
	{ "$UDPServerAddress 127.0.0.1\n$UDPServerRun 514\n", "input/0/address", "127.0.0.1" },
	{ "$UDPServerRun 514\n$UDPServerAddress 127.0.0.1\n", "input/0/address", "" },
	{ "$InputTCPServerRun 514\n", "input/0/value", "imtcp" },
	{ "module(load=\"imjournal\")\n", "module/0/value", "imjournal" },
	{ "$Umask 0027\n", "umask/0/value", "0027" },
	{ "global(workDirectory=\"/w\" umask=\"0077\")\n", "umask/0/value", "0077" },
	{ "$ModLoad imjournal\n", "module/0/value", "imjournal" },
	{ "if $programname == 'a.b' then /var/log/x\n& stop\n", "output/0/value", "/var/log/x" },
	{ "if $programname == 'x' then -/var/log/x;T\n", "output/0/value", "/var/log/x" },
	{ "if ($msg contains \"then /y\") then {\n  /x.log stop\n}\n", "output/0/value", "/x.log" },
	{ "if ($msg contains \"then /y\") then {\n  /x.log stop\n}\n", "output/1/value", NULL },
	{ "if $msg == 'x' then {/x}else{/y}\n", "output/1/value", "/y" },
	{ "if $msg == 'x' then stop else @@h:1\n", "remote/0/value", "h:1" },
	{ "if ($a == 'x') then action(type=\"omfile\" file=\"/x\")\n", "output/0/value", "/x" },
	{ "if ($a == 'x') then action(type=\"omfile\" file=\"/x\")\n", "output/1/value", NULL },
	{ "$FileCreateMode 0600\nif $a == 'x' then /x\n", "output/0/mode", "0600" },
	{ "-host\n*.* /x\n", "output/0/value", "/x" },
	{ "$outchannel c,/var/log/x\n*.* :omfile:$c\n", "output/0/value", "$c" },
	{ "$InputPTCPServerListenIP 127.0.0.1\n$InputTCPServerRun 514\n", "input/0/address", "" },
	{ "$InputPTCPServerListenIP 127.0.0.1\n$InputPTCPServerRun 514\n", "input/0/address",
	  "127.0.0.1" },
	{ "$InputGSSServerRun 514\n", "input/0/value", "imgssapi" },
};

static json_t *read_conf(const char *text)
{
	const struct conf_file files[] = {
		{ "/etc/rsyslog.conf", text },
		{ "/etc/rsyslog.d/a.conf", "$FileCreateMode 0600\n" },
		{ 0 },
	};
	struct conf_tree tree = { .files = files };
	struct conf_source source = conftree_source(&tree);
	return rsyslogconf_read(&source);
}

START_TEST(lines)
{
	json_t *conf = read_conf(cases[_i].text);
	AUTO_FREE char *path = xasprintf("settings/%s", cases[_i].path);
	struct fact f = facts_find(conf, path);
	const char *got = f.state == FACT_KNOWN ? json_string_value(f.value) : NULL;
	if (cases[_i].wanted)
		ck_assert_msg(got && streq(got, cases[_i].wanted), "%s: %s is %s", cases[_i].text,
			      cases[_i].path, got ? got : "(none)");
	else
		ck_assert_msg(!got, "%s: %s is %s", cases[_i].text, cases[_i].path, got);
	json_decref(conf);
}
END_TEST

/* What has no end might have said anything. */
START_TEST(without_end)
{
	static const char *const texts[] = { "input(type=\"imtcp\"\n", "/* never closed\n" };
	json_t *conf = read_conf(texts[_i]);
	ck_assert(fact_is_unread(json_object_get(conf, "settings")));
	json_decref(conf);
}
END_TEST

int main(void)
{
	Suite *suite;
	TCase *tc = harness_group("rsyslogconf", &suite);
	tcase_add_loop_test(tc, lines, 0, ARRAY_SIZE(cases));
	tcase_add_loop_test(tc, without_end, 0, 2);
	return harness_run(suite);
}
