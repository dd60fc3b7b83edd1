/* SPDX-License-Identifier: Apache-2.0 */
/*
 * reference.c: fetches what an audit fetches and understands none of it: the floor that the bench
 * compares seaworthy with.
 *
 *	reference SOCKET
 *
 * The same URLs over four connections that are kept open, the same files of /proc for each running
 * container. Ids and pids are found by looking for the text around them. One process, all
 *privileges.
 */
#include <dirent.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <curl/curl.h>

enum { SLOTS = 4, ID = 64, FILE_BYTES = 64 << 10 };

enum kind { PLAIN, PING, CONTAINERS, CONTAINER };

struct job {
	enum kind kind;
	char path[128];
};

struct slot {
	CURL *easy;
	struct job job;
	char *body;
	size_t n, cap;
	bool busy;
};

struct totals {
	unsigned long requests, failed, files, bytes;
};

static struct job *jobs;
static size_t n_jobs, next_job, cap_jobs;
static struct slot slots[SLOTS];
static struct totals totals;
static const char *version = "/v1.41";
static char own_version[16];

static void *need(void *p)
{
	if (!p) {
		fprintf(stderr, "reference: out of memory\n");
		exit(2);
	}
	return p;
}

static void add_job(enum kind kind, const char *before, const char *id, const char *after)
{
	if (n_jobs == cap_jobs) {
		cap_jobs = cap_jobs ? 2 * cap_jobs : 64;
		jobs = need(realloc(jobs, cap_jobs * sizeof(*jobs)));
	}
	jobs[n_jobs].kind = kind;
	snprintf(jobs[n_jobs].path, sizeof(jobs[n_jobs].path), "%s%.*s%s", before, ID, id, after);
	n_jobs++;
}

/* --- /proc ----------------------------------------------------------------------------------- */

static char file[FILE_BYTES + 1];

static size_t read_file(int dir, const char *name)
{
	size_t n = 0;
	ssize_t got;
	int fd = openat(dir, name, O_RDONLY | O_CLOEXEC);
	if (fd >= 0) {
		while (n < FILE_BYTES && (got = read(fd, file + n, FILE_BYTES - n)) > 0)
			n += (size_t)got;
		close(fd);
	}
	file[n] = '\0';
	totals.files++;
	totals.bytes += n;
	return n;
}

static void read_link(int dir, const char *name)
{
	ssize_t n = readlinkat(dir, name, file, FILE_BYTES);
	totals.files++;
	totals.bytes += n > 0 ? (size_t)n : 0;
}

static int open_pid(const char *pid)
{
	char path[32];
	snprintf(path, sizeof(path), "/proc/%s", pid);
	return open(path, O_PATH | O_DIRECTORY | O_CLOEXEC);
}

static void read_program(const char *pid)
{
	int dir = open_pid(pid);
	if (dir < 0)
		return;
	read_file(dir, "comm");
	read_link(dir, "exe");
	close(dir);
}

static void read_group_folder(int dir, unsigned depth)
{
	char *next, *pids;
	read_file(dir, "cgroup.procs");
	pids = next = need(strdup(file));
	for (char *pid; (pid = strsep(&next, "\n")) && *pid;)
		read_program(pid);
	free(pids);
	DIR *d = depth < 16 ? fdopendir(dup(dir)) : NULL;
	for (struct dirent *e; d && (e = readdir(d));) {
		if (e->d_type != DT_DIR || e->d_name[0] == '.')
			continue;
		int fd = openat(dir, e->d_name, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
		if (fd >= 0) {
			read_group_folder(fd, depth + 1);
			close(fd);
		}
	}
	if (d)
		closedir(d);
}

/* file holds /proc/<pid>/cgroup. */
static void read_group(void)
{
	static const char *const trees[] = { "/sys/fs/cgroup", "/sys/fs/cgroup/unified",
					     "/sys/fs/cgroup/pids" };
	char path[512];
	char *group = strstr(file, "0::");
	if (!group)
		return;
	group[strcspn(group, "\n")] = '\0';
	for (size_t i = 0; i < sizeof(trees) / sizeof(*trees); i++) {
		snprintf(path, sizeof(path), "%s%s/.", trees[i], group + 3);
		int fd = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
		if (fd < 0)
			continue;
		read_group_folder(fd, 0);
		close(fd);
		return;
	}
}

static void read_process(const char *pid)
{
	static const char *const files[] = { "status",  "stat",         "uid_map",
					     "gid_map", "attr/current", "attr/apparmor/current" };
	static const char *const links[] = { "cwd",    "ns/net",  "ns/pid", "ns/ipc",
					     "ns/uts", "ns/user", "ns/mnt", "ns/cgroup" };
	int dir = open_pid(pid);
	if (dir < 0)
		return;
	for (size_t i = 0; i < sizeof(files) / sizeof(*files); i++)
		read_file(dir, files[i]);
	for (size_t i = 0; i < sizeof(links) / sizeof(*links); i++)
		read_link(dir, links[i]);
	read_file(dir, "cgroup");
	read_group();
	close(dir);
}

/* --- replies --------------------------------------------------------------------------------- */

static void scan_ping(char *text)
{
	char *v = strstr(text, "Api-Version: ");
	if (v && snprintf(own_version, sizeof(own_version), "/v%.*s", (int)strcspn(v + 13, "\r\n"),
			  v + 13) > 2)
		version = own_version;
}

static void scan_containers(char *text)
{
	for (char *p = text; (p = strstr(p, "\"Id\":\"")); p += 6) {
		if (strspn(p + 6, "0123456789abcdef") >= ID)
			add_job(CONTAINER, "/containers/", p + 6, "/json");
	}
}

static void scan_container(char *text)
{
	char *pid = strstr(text, "\"Pid\":"), *execs = strstr(text, "\"ExecIDs\":[");
	if (strstr(text, "\"Running\":true") && pid) {
		char number[16] = "";
		memcpy(number, pid + 6, strspn(pid + 6, "0123456789") % sizeof(number));
		read_process(number);
	}
	for (char *p = execs ? execs + 11 : NULL; p && *p == '"';
	     p += p[ID + 2] == ',' ? ID + 3 : ID + 2) {
		if (strspn(p + 1, "0123456789abcdef") != ID)
			break;
		add_job(PLAIN, "/exec/", p + 1, "/json");
	}
}

static void (*const scans[])(char *text) = {
	[PING] = scan_ping,
	[CONTAINERS] = scan_containers,
	[CONTAINER] = scan_container,
};

/* --- transfers ------------------------------------------------------------------------------- */

static size_t on_data(char *data, size_t size, size_t n, void *context)
{
	struct slot *s = context;
	n *= size;
	if (s->n + n + 1 > s->cap) {
		s->cap = 2 * (s->n + n + 1);
		s->body = need(realloc(s->body, s->cap));
	}
	memcpy(s->body + s->n, data, n);
	s->n += n;
	s->body[s->n] = '\0';
	return n;
}

static void open_slot(struct slot *s, const char *socket)
{
	s->easy = need(curl_easy_init());
	curl_easy_setopt(s->easy, CURLOPT_UNIX_SOCKET_PATH, socket);
	curl_easy_setopt(s->easy, CURLOPT_PROXY, "");
	curl_easy_setopt(s->easy, CURLOPT_NOSIGNAL, 1L);
	curl_easy_setopt(s->easy, CURLOPT_WRITEFUNCTION, on_data);
	curl_easy_setopt(s->easy, CURLOPT_WRITEDATA, s);
	curl_easy_setopt(s->easy, CURLOPT_PRIVATE, s);
}

static void start(CURLM *multi, struct slot *s, const char *socket)
{
	char url[192];
	if (!s->easy)
		open_slot(s, socket);
	s->job = jobs[next_job++];
	s->n = 0;
	s->busy = true;
	snprintf(url, sizeof(url), "http://d%s%s", s->job.kind == PING ? "" : version, s->job.path);
	curl_easy_setopt(s->easy, CURLOPT_URL, url);
	curl_easy_setopt(s->easy, CURLOPT_HEADERFUNCTION, s->job.kind == PING ? on_data : NULL);
	curl_easy_setopt(s->easy, CURLOPT_HEADERDATA, s->job.kind == PING ? s : NULL);
	curl_multi_add_handle(multi, s->easy);
	totals.requests++;
}

static void finish(CURLM *multi, const CURLMsg *m)
{
	char *private = NULL;
	curl_easy_getinfo(m->easy_handle, CURLINFO_PRIVATE, &private);
	struct slot *s = (struct slot *)(void *)private;
	curl_multi_remove_handle(multi, s->easy);
	s->busy = false;
	totals.failed += m->data.result != CURLE_OK;
	totals.bytes += s->n;
	if (m->data.result == CURLE_OK && s->n > 0 && scans[s->job.kind])
		scans[s->job.kind](s->body);
}

/* Until there is nothing more to fetch. */
static void fetch(CURLM *multi, const char *socket)
{
	int running, left, busy;
	do {
		busy = 0;
		for (size_t i = 0; i < SLOTS; i++) {
			if (!slots[i].busy && next_job < n_jobs)
				start(multi, &slots[i], socket);
			busy += slots[i].busy;
		}
		if (busy == 0)
			return;
		curl_multi_perform(multi, &running);
		if (running == busy)
			curl_multi_poll(multi, NULL, 0, 1000, NULL);
		for (CURLMsg *m; (m = curl_multi_info_read(multi, &left));)
			finish(multi, m);
	} while (true);
}

int main(int argc, char **argv)
{
	static const char *const lists[] = { "/info", "/version", "/networks", "/volumes",
					     "/images/json" };
	if (argc != 2) {
		fprintf(stderr, "usage: reference SOCKET\n");
		return 2;
	}
	/* Without TLS, which is most of libcurl's start. */
	curl_global_init(CURL_GLOBAL_NOTHING);
	CURLM *multi = need(curl_multi_init());
	curl_multi_setopt(multi, CURLMOPT_MAXCONNECTS, (long)SLOTS);
	add_job(PING, "/_ping", "", "");
	fetch(multi, argv[1]);
	add_job(CONTAINERS, "/containers/json?all=1", "", "");
	for (size_t i = 0; i < sizeof(lists) / sizeof(*lists); i++)
		add_job(PLAIN, lists[i], "", "");
	fetch(multi, argv[1]);
	for (size_t i = 0; i < SLOTS; i++) {
		curl_easy_cleanup(slots[i].easy);
		free(slots[i].body);
	}
	curl_multi_cleanup(multi);
	free(jobs);
	printf("%lu requests, %lu failed, %lu files, %lu bytes\n", totals.requests, totals.failed,
	       totals.files, totals.bytes);
	return totals.failed > 0;
}
