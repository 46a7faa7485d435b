/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A source file is read once, whole, up to a limit. Its encoding is UTF-8 unless a PEP 263 cookie
 * says Latin-1; bytes that do not fit show as \xNN. A file that is newer than the process is warned
 * about: it may not be what runs.
 */
#include "report/source.h"

#include "base/cleanup.h"
#include "base/utf8.h"
#include "target/proc.h"

#include <ctype.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#define MAX_FILE_BYTES  (16u << 20)
#define MAX_TOTAL_BYTES (128u << 20)
#define MAX_LINE_BYTES  4096u

struct source {
	char *path;
	char *text; /* NULL: not at hand */
	size_t len;
};

struct pyi_sources {
	struct pyi_target *target;
	int64_t started_s;            /* the target's start since the epoch; INT64_MAX unknown */
	PYI_VEC(struct source) files; /* few: searched one by one, the last hit first */
	size_t last;
	size_t total_bytes;
};

/* When the target was started, in seconds since the epoch. */
static int64_t start_time(const struct pyi_target *target)
{
	struct pyi_proc_stat stat;
	struct timespec now, boot;
	char path[40];

	if (target->kind == PYI_TARGET_CORE)
		return target->time_s;
	snprintf(path, sizeof(path), "/proc/%d/stat", (int)target->pid);
	if (target->kind != PYI_TARGET_LIVE || !pyi_proc_stat(AT_FDCWD, path, &stat) ||
	    clock_gettime(CLOCK_REALTIME, &now) != 0 || clock_gettime(CLOCK_BOOTTIME, &boot) != 0)
		return INT64_MAX;
	return (int64_t)now.tv_sec - (int64_t)boot.tv_sec +
	       (int64_t)(stat.start_time / (uint64_t)sysconf(_SC_CLK_TCK));
}

struct pyi_error *pyi_sources_create(struct pyi_target *target, struct pyi_sources **ret)
{
	struct pyi_sources *sources = calloc(1, sizeof(*sources));

	if (!sources)
		return &pyi_enomem;
	sources->target = target;
	sources->started_s = start_time(target);
	*ret = sources;
	return NULL;
}

void pyi_sources_destroy(struct pyi_sources *sources)
{
	if (!sources)
		return;
	pyi_vec_for_each (file, &sources->files) {
		free(file->path);
		free(file->text);
	}
	pyi_vec_deinit(&sources->files);
	free(sources);
}

/* A relative path is relative to where the target is now, which need not be where it began. */
static int open_source(const struct pyi_target *target, const char *path)
{
	char cwd[64];
	int dir, fd;

	if (*path == '/')
		return pyi_target_open_file(target, path);
	if (target->kind != PYI_TARGET_LIVE)
		return -1;
	snprintf(cwd, sizeof(cwd), "/proc/%d/cwd", (int)target->pid);
	dir = open(cwd, O_PATH | O_DIRECTORY | O_CLOEXEC);
	if (dir < 0)
		return -1;
	fd = openat(dir, path, O_RDONLY | O_NONBLOCK | O_NOCTTY | O_CLOEXEC);
	close(dir);
	return fd;
}

static bool read_all(int fd, char *text, size_t len)
{
	while (len) {
		ssize_t n = read(fd, text, len);

		if (n <= 0)
			return false;
		text += n;
		len -= (size_t)n;
	}
	return true;
}

static void load(struct pyi_sources *sources, struct source *file)
{
	pyi_autoclose int fd = -1;
	size_t n = strlen(file->path);
	struct stat st;

	if (n == 0 || (file->path[0] == '<' && file->path[n - 1] == '>'))
		return;
	fd = open_source(sources->target, file->path);
	if (fd < 0 || fstat(fd, &st) != 0 || !S_ISREG(st.st_mode) || st.st_size <= 0 ||
	    (uint64_t)st.st_size > MAX_FILE_BYTES ||
	    (uint64_t)st.st_size > MAX_TOTAL_BYTES - sources->total_bytes)
		return;
	file->text = malloc((size_t)st.st_size);
	if (!file->text)
		return;
	if (!read_all(fd, file->text, (size_t)st.st_size)) {
		free(file->text);
		file->text = NULL;
		return;
	}
	file->len = (size_t)st.st_size;
	/* Both times are whole seconds. */
	if (st.st_mtime > sources->started_s && st.st_mtime - sources->started_s > 1)
		pyi_target_warn(sources->target,
				"%s was changed after the process %s: its lines may be others",
				file->path,
				sources->target->kind == PYI_TARGET_CORE ? "died" : "began");
	sources->total_bytes += file->len;
}

static struct source *find(struct pyi_sources *sources, const char *path)
{
	struct source *file;

	if (sources->files.len && strcmp(sources->files.data[sources->last].path, path) == 0)
		return &sources->files.data[sources->last];
	for (size_t i = 0; i < sources->files.len; i++) {
		if (strcmp(sources->files.data[i].path, path) == 0) {
			sources->last = i;
			return &sources->files.data[i];
		}
	}
	file = pyi_vec_push(&sources->files);
	if (!file)
		return NULL;
	file->path = strdup(path);
	if (!file->path) {
		sources->files.len--;
		return NULL;
	}
	sources->last = sources->files.len - 1;
	load(sources, file);
	return file;
}

char *pyi_source_line(struct pyi_sources *sources, const char *path, int line)
{
	struct pyi_notes *notes = sources->target->notes;
	const json_t *noted;
	struct source *file;
	char *text;

	if (!path || line <= 0)
		return NULL;
	noted = pyi_notes_get(notes, "sources", "%d %s", line, path);
	if (noted)
		return json_is_string(noted) ? strdup(pyi_notes_string(noted)) : NULL;
	file = find(sources, path);
	text = file && file->text ? pyi_source_pick(file->text, file->len, line) : NULL;
	pyi_notes_put(notes, "sources", pyi_notes_text(text), "%d %s", line, path);
	return text;
}

/* The end of the line that starts at p, without its line break; *next is the next line's start. */
static const char *line_end(const char *p, const char *end, const char **next)
{
	const char *stop = p;

	while (stop < end && *stop != '\n' && *stop != '\r')
		stop++;
	*next = stop < end ? stop + 1 : end;
	if (stop + 1 < end && stop[0] == '\r' && stop[1] == '\n')
		*next = stop + 2;
	return stop;
}

/* PEP 263: a comment in the first two lines that matches coding[:=]\s*([-\w.]+). */
static bool says_latin1(const char *text, const char *end)
{
	static const char *const names[] = {"latin-1",   "latin1",     "latin_1", "iso-8859-1",
					    "iso8859-1", "iso_8859_1", "l1"};

	for (int i = 0; i < 2 && text < end; i++) {
		const char *next, *stop = line_end(text, end, &next);
		const char *hash = memchr(text, '#', (size_t)(stop - text));
		const char *p = hash ? memmem(hash, (size_t)(stop - hash), "coding", 6) : NULL;

		text = next;
		if (!p || p + 7 > stop || (p[6] != ':' && p[6] != '='))
			continue;
		for (p += 7; p < stop && (*p == ' ' || *p == '\t'); p++)
			;
		for (size_t n = 0; n < sizeof(names) / sizeof(names[0]); n++) {
			size_t len = strlen(names[n]);

			if ((size_t)(stop - p) >= len && strncasecmp(p, names[n], len) == 0 &&
			    (p + len == stop || !(isalnum((unsigned char)p[len]) || p[len] == '-')))
				return true;
		}
		return false;
	}
	return false;
}

char *pyi_source_pick(const char *text, size_t len, int line)
{
	struct pyi_strbuf sb = PYI_STRBUF_INIT;
	const char *end = text + len, *p = text, *next = text, *stop = text;

	for (int i = 1; i <= line; i++) {
		p = next;
		if (p >= end)
			return NULL;
		stop = line_end(p, end, &next);
	}
	while (p < stop && isspace((unsigned char)*p))
		p++;
	while (stop > p && isspace((unsigned char)stop[-1]))
		stop--;
	if ((size_t)(stop - p) > MAX_LINE_BYTES)
		stop = p + MAX_LINE_BYTES;
	if (says_latin1(text, end))
		for (; p < stop; p++)
			pyi_strbuf_put_utf8(&sb, (unsigned char)*p);
	else
		pyi_utf8_append(&sb, p, (size_t)(stop - p));
	return pyi_strbuf_steal(&sb);
}
