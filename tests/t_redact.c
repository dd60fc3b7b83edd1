/* SPDX-License-Identifier: Apache-2.0 */
/* t_redact.c: secrets go, everything else stays, and twice is as once. */
#include "harness.h"
#include "redact.h"
#include "text.h"

#define R(kind) "\u00abredacted: " kind "\u00bb"
#define A36     "abcdefghijklmnopqrstuvwxyz0123456789"
/* Put together here, lest a scanner take this file for a leak. */
#define AWS_ID                                                                                     \
	"AKIA"                                                                                     \
	"IOSFODNN7EXAMPLE"
#define AWS_KEY "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY"
#define PEM                                                                                        \
	"-----BEGIN RSA "                                                                          \
	"PRIVATE KEY-----\nMIIE\n-----END RSA "                                                    \
	"PRIVATE KEY-----"
#define JWT "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.abc-DEF_1"

static const struct {
	const char *before, *after;
} texts[] = {
	/* forms */
	{ "x " AWS_ID " y", "x " R("aws key") " y" },
	{ "ASIA"
	  "IOSFODNN7EXAMPLE",
	  R("aws key") },
	{ "ghp_" A36, R("github token") },
	{ "a=gho_" A36, "a=" R("github token") },
	{ "https://x/ghs_" A36 "/y", "https://x/" R("github token") "/y" },
	{ "github_pat_" A36, R("github token") },
	{ "glpat-"
	  "abcdefghij0123456789",
	  R("gitlab token") },
	{ "xoxb-"
	  "123456789012-abcdef",
	  R("slack token") },
	{ "AIza" A36, R("google api key") },
	{ "sk_live_"
	  "abcdefghij0123456789",
	  R("stripe key") },
	{ "rk_live_"
	  "abcdefghij0123456789",
	  R("stripe key") },
	{ "Bearer " JWT, "Bearer " R("jwt") },
	{ "SWMTKN-1-" A36 "-" A36, R("swarm token") },
	{ "SWMKEY-1-" A36, R("swarm key") },
	{ "npm_" A36, R("npm token") },
	{ "pypi-AgEIcHlwaS5vcmc" A36, R("pypi token") },
	{ "a\n" PEM "\nb", "a\n" R("private key") "\nb" },
	{ "-----BEGIN "
	  "PRIVATE KEY-----\\nMIIE cut",
	  R("private key") },
	{ "KEY=" PEM, "KEY=" R("private key") },
	{ "postgres://bob:hunter2@db:5432/x", "postgres://bob:" R("url credentials") "@db:5432/x" },
	{ "DATABASE_URL=mysql://u:p@ss@h/d",
	  "DATABASE_URL=mysql://u:" R("url credentials") "@h/d" },
	{ "http://a:b@c http://d:e@f",
	  "http://a:" R("url credentials") "@c http://d:" R("url credentials") "@f" },
	/* names */
	{ "PASSWORD=hunter2", "PASSWORD=" R("password") },
	{ "DB_PASS=hunter2 with blanks", "DB_PASS=" R("password") },
	{ "MYSQL_PWD=hunter2", "MYSQL_PWD=" R("password") },
	{ "dbPassword=hunter2", "dbPassword=" R("password") },
	{ "AWS_SECRET_ACCESS_KEY=" AWS_KEY, "AWS_SECRET_ACCESS_KEY=" R("aws key") },
	{ "SECRET=/" AWS_KEY, "SECRET=" R("secret") },
	{ "API-KEY=xyzzy", "API-KEY=" R("api key") },
	{ "PRIVATE_KEY=xyzzy", "PRIVATE_KEY=" R("private key") },
	{ "BASIC_AUTH=bob:xyzzy", "BASIC_AUTH=" R("credential") },
	{ "GITHUB_TOKEN=ghp_" A36, "GITHUB_TOKEN=" R("github token") },
	{ "TOKEN=1234", "TOKEN=" R("token") },
	{ "--password=hunter2", "--password=" R("password") },
	{ "sh -c 'run --token abc -x'", "sh -c 'run --token " R("token") " -x'" },
	{ "run --password='a b' x", "run --password='" R("password") "' x" },
	{ "curl -H 'Authorization: Bearer abc def' http://x",
	  "curl -H 'Authorization: " R("credential") "' http://x" },
	{ "{\"auths\":{\"r\":{\"auth\":\"Ym9iOnh5enp5\"}}}",
	  "{\"auths\":{\"r\":{\"auth\":\"" R("credential") "\"}}}" },
	{ "{\\\"password\\\":\\\"xyzzy\\\",\\\"a\\\":1}",
	  "{\\\"password\\\":\\\"" R("password") "\\\",\\\"a\\\":1}" },
	{ "http://h/?a=1&token=xyz&b=2", "http://h/?a=1&token=" R("token") "&b=2" },
	{ "Server=x;Password=a b;Encrypt=true",
	  "Server=x;Password=" R("password") ";Encrypt=true" },
	{ "dckr_pat_" A36, R("docker hub token") },
	{ "x dckr_oat_" A36, "x " R("docker hub token") },
	{ "sk-ant-api03-" A36, R("api key") },
	{ "tskey-auth-" A36, R("tailscale key") },
	{ "K8S_B64=LS0tLS1CRUdJTiBSU0EgUFJJ"
	  "VkFURSBLRVktLS0tLQpNSUlF",
	  "K8S_B64=" R("private key") },
	{ "HOOK=https://hooks.slack.com/services/T0/B0/" A36,
	  "HOOK=https://hooks.slack.com/services/" R("webhook") },
	{ "amqp://u:p/w?x@h:5672/v", "amqp://u:" R("url credentials") "@h:5672/v" },
	{ "redis://:hunter2@h:6379", "redis://:" R("url credentials") "@h:6379" },
	{ "git clone https://0123456789abcdef0123@github.com/x",
	  "git clone https://" R("url credentials") "@github.com/x" },
	{ "DSN=root:hunter2@tcp(db:3306)/x a@b",
	  "DSN=root:" R("url credentials") "@tcp(db:3306)/x a@b" },
	{ "HTTP_PROXY=bob:hunter2@proxy.lan:3128 x",
	  "HTTP_PROXY=bob:" R("url credentials") "@proxy.lan:3128 x" },
	{ "bob:a@b:c@[fd00::1]:8080/", "bob:" R("url credentials") "@[fd00::1]:8080/" },
	{ "https://x/c?sv=1&sig=a%2Fb&se=2", "https://x/c?sv=1&sig=" R("signature") "&se=2" },
	{ "https://x/c?X-Amz-Signature=abcdef", "https://x/c?X-Amz-Signature=" R("signature") },
	/* headers whose value follows at once */
	{ "curl -H 'Authorization:Bearer abc def' http://x",
	  "curl -H 'Authorization:" R("credential") "' http://x" },
	{ "curl -H X-Vault-Token:abc http://x", "curl -H X-Vault-Token:" R("token") " http://x" },
	/* names that end so */
	{ "redis-server --requirepass hunter2 --port 1",
	  "redis-server --requirepass " R("password") " --port 1" },
	{ "DBPASS=hunter2", "DBPASS=" R("password") },
	{ "ADMIN_PW=hunter2", "ADMIN_PW=" R("password") },
	{ "PASSWORD=$ecret", "PASSWORD=" R("password") },
	{ "PASSWORD=$SECRET", "PASSWORD=" R("password") },
	{ "x --password ${PW:-hunter2}", "x --password " R("password") },
	/* options of commands */
	{ "mysqladmin ping -uroot -phunter2", "mysqladmin ping -uroot -p" R("password") },
	{ "/usr/bin/mysql -p'hunter 2' -e x", "/usr/bin/mysql -p'" R("password") "' -e x" },
	{ "x; mariadb-dump -p\"hunter2\" db", "x; mariadb-dump -p\"" R("password") "\" db" },
	{ "curl -s -u bob:hunter2 http://x", "curl -s -u bob:" R("password") " http://x" },
	{ "curl -ubob:hunter2 http://x", "curl -ubob:" R("password") " http://x" },
	{ "curl --user \"bob:hunter2\" http://x",
	  "curl --user \"bob:" R("password") "\" http://x" },
	{ "redis-cli -a hunter2 ping", "redis-cli -a " R("password") " ping" },
	{ "sshpass -p hunter2 ssh h", "sshpass -p " R("password") " ssh h" },
	{ "docker login -u bob -p hunter2 r", "docker login -u bob -p " R("password") " r" },
	{ "sqlcmd -S h -U sa -P hunter2", "sqlcmd -S h -U sa -P " R("password") },
	/* an image's history */
	{ "ENV DB_PASSWORD=a b", "ENV DB_PASSWORD=" R("password") },
	{ "/bin/sh -c #(nop)  ENV SECRET=a b", "/bin/sh -c #(nop)  ENV SECRET=" R("secret") },
	{ "ARG TOKEN=abc", "ARG TOKEN=" R("token") },
	{ "|1 TOKEN=a b /bin/sh -c make", "|1 TOKEN=" R("token") " /bin/sh -c make" },
	{ "RUN /bin/sh -c TOKEN=abc make # buildkit",
	  "RUN /bin/sh -c TOKEN=" R("token") " make # buildkit" },
};

START_TEST(secrets_go)
{
	AUTO_FREE char *once = redact_text(texts[_i].before);
	ck_assert_str_eq(once, texts[_i].after);
	AUTO_FREE char *twice = redact_text(once);
	ck_assert_str_eq(twice, once);
	ck_assert_ptr_nonnull(redact_classify(texts[_i].before, strlen(texts[_i].before)));
	ck_assert_ptr_null(redact_classify(once, strlen(once)));
}
END_TEST

static const char *const harmless[] = {
	"",
	"=",
	":",
	"--",
	"PATH=/usr/local/sbin:/usr/local/bin",
	"PASSWORD=",
	"PASSWORD=true",
	"TOKEN=NULL",
	"TOKEN=60",
	"POSTGRES_PASSWORD_FILE=/run/secrets/db",
	"MYSQL_ROOT_PASSWORD_FILE=x",
	"SECRET=/run/secrets/x",
	"SSH_AUTH_SOCK=/run/agent",
	"POSTGRES_HOST_AUTH_METHOD=trust",
	"TOKEN_TTL=3600",
	"COMPASS=north",
	"AUTHOR=bob",
	"GPG_KEY=E3FF2839C048B25C084DEBE9B26995E310250568",
	"label=disable",
	"apparmor=docker-default",
	"no-new-privileges",
	"my-token-service:latest",
	"secret:1.2",
	"http://host:8080/path",
	"http://user@host/",
	"http://[::1]:80/a@b",
	"sha256:2513f51c1948627377ae13d80e01bb352b919e77fc868d2fa20bef419044fc52",
	"npm_config_registry",
	"pypi-server",
	"AKIAAKIA",
	"x" AWS_ID,
	"eyJ",
	"ghp_short",
	"-----BEGIN CERTIFICATE-----\nMII\n-----END CERTIFICATE-----",
	"--password",
	"--password --user",
	"mysqladmin ping --password=$MYSQL_ROOT_PASSWORD",
	"mysqladmin ping -p$MYSQL_ROOT_PASSWORD",
	"mysqladmin ping -p$$MYSQL_ROOT_PASSWORD -h x",
	"mysqladmin ping -p\"${MYSQL_ROOT_PASSWORD}\"",
	"curl -u \"bob:$PASSWORD\" http://x",
	"curl -u bob http://x",
	"mkdir -p /usr/src",
	"mysql -p x",
	"cp -pr a b && ls -p",
	"nc -u a:b",
	"BYPASS=north",
	"bypass=x",
	"dckr_pat_short",
	"LS0tLS1CRUdJTiBDRVJUSUZJQ0FURS0tLS0tCk1JSUR",
	"https://hooks.slack.com/services/",
	"https://a-user-of-this-long-name@host/",
	"http://host:8080/a@b",
	"git+ssh://git@host:org/repo@v1",
	"docker-image://alpine/x:3.19@sha256",
	"alpine:3.19@sha256:12345678901234567890abcdef",
	"alpine:3.19@sha256:1234abcd",
	"mailto:bob@example.com",
	"a:b@host:",
	"a:b@host:123456",
	"http://h/?design=x&assignature=y",
	"my-token:1.2",
	"x: tcp(1)",
};

START_TEST(the_rest_stays)
{
	AUTO_FREE char *after = redact_text(harmless[_i]);
	ck_assert_str_eq(after, harmless[_i]);
	ck_assert_ptr_null(redact_classify(harmless[_i], strlen(harmless[_i])));
}
END_TEST

static const struct {
	const char *before, *after;
} records[] = {
	{ "{'Config':{'Env':['A=b','PASSWORD=x y'],'Labels':{'org.x.api-key':'xyzzy','a':'b'}}}",
	  "{'Config':{'Env':['A=b','PASSWORD=" R("password") "'],'Labels':{'org.x.api-key':'" R(
		  "api key") "','a':'b'}}}" },
	{ "{'Cmd':['x','--password','hunter2','--port','80']}",
	  "{'Cmd':['x','--password','" R("password") "','--port','80']}" },
	{ "{'Cmd':['x','--password','--port','80']}", "{'Cmd':['x','--password','--port','80']}" },
	{ "{'Test':['CMD','mysqladmin','ping','-uroot','-phunter2']}",
	  "{'Test':['CMD','mysqladmin','ping','-uroot','-p" R("password") "']}" },
	{ "{'Cmd':['/usr/bin/curl','-u','bob:hunter2','-s','x']}",
	  "{'Cmd':['/usr/bin/curl','-u','bob:" R("password") "','-s','x']}" },
	{ "{'Cmd':['curl','-ubob:hunter2','-u','bob']}",
	  "{'Cmd':['curl','-ubob:" R("password") "','-u','bob']}" },
	{ "{'Cmd':['redis-cli','-a','hunter2','ping']}",
	  "{'Cmd':['redis-cli','-a','" R("password") "','ping']}" },
	{ "{'Cmd':['mkdir','-p','/x','-pabc',3,'-p'],'x':['mysql','-p']}",
	  "{'Cmd':['mkdir','-p','/x','-pabc',3,'-p'],'x':['mysql','-p']}" },
	{ "{'Cmd':['--password=hunter2']}", "{'Cmd':['--password=" R("password") "']}" },
	{ "{'LogConfig':{'Config':{'splunk-token':'1f2e','tag':'x'}}}",
	  "{'LogConfig':{'Config':{'splunk-token':'" R("token") "','tag':'x'}}}" },
	{ "{'Tokens':null,'Secret':true,'Token':7,'Authorization':['plugin']}",
	  "{'Tokens':null,'Secret':true,'Token':7,'Authorization':['plugin']}" },
	{ "{'SecurityOpt':['label=disable','seccomp=unconfined']}",
	  "{'SecurityOpt':['label=disable','seccomp=unconfined']}" },
	{ "{'refs':{'my-token:latest':'sha256:"
	  "2513f51c1948627377ae13d80e01bb352b919e77fc868d2fa20bef"
	  "419044fc52'}}",
	  "{'refs':{'my-token:latest':'sha256:"
	  "2513f51c1948627377ae13d80e01bb352b919e77fc868d2fa20bef"
	  "419044fc52'}}" },
	{ "{'SecretID':'abcdef','SecretName':'db'}", "{'SecretID':'abcdef','SecretName':'db'}" },
	{ "{'SandboxKey':'/run/docker/netns/x'}", "{'SandboxKey':'/run/docker/netns/x'}" },
	{ "{'Labels':{'glpat-abcdefghij0123456789':'','glpat-0123456789abcdefghij':'y'}}",
	  "{'Labels':{'" R("gitlab token") "':'','" R("gitlab token") " #2':'y'}}" },
	{ "{'Environ':{'HTTP_PROXY':'http://u:p@h'}}",
	  "{'Environ':{'HTTP_PROXY':'http://u:" R("url credentials") "@h'}}" },
	{ "{'secret':{'$unread':'EACCES: x'}}", "{'secret':{'$unread':'EACCES: x'}}" },
};

static void double_quotes(char *s)
{
	for (; *s; s++)
		if (*s == '\'')
			*s = '"';
}

START_TEST(records_are_walked)
{
	AUTO_FREE char *before = xstrdup(records[_i].before);
	AUTO_FREE char *wanted = xstrdup(records[_i].after);
	double_quotes(before);
	double_quotes(wanted);
	json_t *v = json_loads(before, 0, NULL);
	ck_assert_ptr_nonnull(v);
	for (int round = 0; round < 2; round++) {
		redact_json(v);
		char *after = json_dumps(v, JSON_COMPACT);
		ck_assert_str_eq(after, wanted);
		free(after);
	}
	json_decref(v);
}
END_TEST

/* Texts of beginnings without end: each must be read about once. check's own timeout is the judge.
 */
static const char *const repeated[] = {
	"eyJ-",      "eyJaaaaaaaa.", "://a:",      "-----BEGIN ",
	"glpat-",    "TOKEN=",       " token: a",  "AKIA-",
	"a=",        "=\"",          "TOKEN=\"",   "{\"token\":",
	"token= a ", " --token ",    "------",     "\\\"token\\\":\\\"",
	"?token=a",  "github_pat_",  "        =",  "token ",
	"mysql -p",  "-p ",          "a:",         "://a:b/",
	"LS0t",      "&sig=",        "curl -u a:", "x-:",
};

START_TEST(settings_are_walked)
{
	json_t *v = json_pack("{s[{ss si}{ss}] s[ss] s[{ss}] s{so}}", "DB_TOKEN", "value", "xyzzy",
			      "line", 1, "value", "/run/x", "rootpw", "a", "hunter2", "PROXY",
			      "value", "http://u:p@h", "password", "$unread", json_string("x"));
	json_t *wanted = json_pack(
		"{s[{ss si}{ss}] s[ss] s[{ss}] s{so}}", "DB_TOKEN", "value", R("token"), "line", 1,
		"value", "/run/x", "rootpw", "a", "hunter2", "PROXY", "value",
		"http://u:" R("url credentials") "@h", "password", "$unread", json_string("x"));
	json_object_set_new(v, "root-pw", json_pack("[ss]", "hunter2", ""));
	json_object_set_new(wanted, "root-pw", json_pack("[ss]", R("password"), ""));
	for (int round = 0; round < 2; round++) {
		redact_settings(v);
		ck_assert(json_equal(v, wanted));
	}
	json_decref(v);
	json_decref(wanted);
}
END_TEST

START_TEST(hostile_text_ends)
{
	enum { MIB = 1 << 20 };
	AUTO_TEXT struct text t = { 0 };
	while (t.len < MIB)
		text_add(&t, repeated[_i]);
	AUTO_FREE char *after = redact_text(text_str(&t));
	ck_assert_ptr_nonnull(after);
}
END_TEST

int main(void)
{
	Suite *suite;
	TCase *t = harness_group("redact", &suite);
	tcase_set_timeout(t, 20);
	tcase_add_loop_test(t, secrets_go, 0, ARRAY_SIZE(texts));
	tcase_add_loop_test(t, the_rest_stays, 0, ARRAY_SIZE(harmless));
	tcase_add_loop_test(t, records_are_walked, 0, ARRAY_SIZE(records));
	tcase_add_loop_test(t, hostile_text_ends, 0, ARRAY_SIZE(repeated));
	tcase_add_test(t, settings_are_walked);
	return harness_run(suite);
}
