/* SPDX-License-Identifier: BSD-2-Clause */
#include "cmd/core_pattern.h"

#include "base/strbuf.h"
#include "target/proc.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define PATTERN    "/proc/sys/kernel/core_pattern"
#define PIPE_LIMIT "/proc/sys/kernel/core_pipe_limit"
#define STATE_DIR  "/var/lib/pyinspect"
#define STATE      STATE_DIR "/core_pattern"
#define STATE_PART STATE ".part"

#define MAX_ARGUMENTS 64

static struct pyi_error *read_text(const char *path, char *text, size_t size)
{
	ssize_t n = pyi_proc_read_small(AT_FDCWD, path, text, size);

	return n < 0 ? pyi_error_errno(errno, "%s", path) : NULL;
}

static struct pyi_error *write_text(const char *path, const char *text)
{
	int fd = open(path, O_WRONLY | O_CLOEXEC);
	struct pyi_error *err = NULL;

	if (fd < 0 || write(fd, text, strlen(text)) < 0)
		err = pyi_error_errno(errno, "%s", path);
	if (fd >= 0)
		close(fd);
	if (err && err->code == PYI_ERR_PERMISSION)
		return pyi_error_hint(err, "only root can change it: sudo pyinspect handler ...");
	return err;
}

struct pyi_error *pyi_core_pattern_read(struct pyi_core_pattern *ret)
{
	struct pyi_core_pattern now = {.pipe_limit = 0};
	char limit[32];
	struct pyi_error *err = read_text(PATTERN, now.pattern, sizeof(now.pattern));

	if (!err)
		err = read_text(PIPE_LIMIT, limit, sizeof(limit));
	if (err)
		return err;
	now.pattern[strcspn(now.pattern, "\n")] = '\0';
	now.pipe_limit = (unsigned)strtoul(limit, NULL, 10);
	*ret = now;
	return NULL;
}

struct pyi_error *pyi_core_pattern_write(const struct pyi_core_pattern *now)
{
	char limit[32];
	struct pyi_error *err;

	snprintf(limit, sizeof(limit), "%u", now->pipe_limit);
	err = write_text(PIPE_LIMIT, limit);
	/* An empty pattern is "\n" to write. */
	return err ? err : write_text(PATTERN, *now->pattern ? now->pattern : "\n");
}

struct pyi_error *pyi_core_pattern_saved(struct pyi_core_pattern *ret)
{
	struct pyi_core_pattern saved = {.pipe_limit = 0};
	char text[PYI_CORE_PATTERN_MAX + 32], *end;
	struct pyi_error *err = read_text(STATE, text, sizeof(text));

	if (err)
		return err;
	end = strchr(text, '\n');
	if (!end || (size_t)(end - text) >= sizeof(saved.pattern))
		return pyi_error_create(PYI_ERR_BAD_DATA, STATE ": is damaged");
	memcpy(saved.pattern, text, (size_t)(end - text));
	saved.pipe_limit = (unsigned)strtoul(end + 1, NULL, 10);
	*ret = saved;
	return NULL;
}

struct pyi_error *pyi_core_pattern_save(const struct pyi_core_pattern *before)
{
	struct pyi_error *err = NULL;
	FILE *out;

	if (mkdir(STATE_DIR, 0755) != 0 && errno != EEXIST)
		return pyi_error_errno(errno, STATE_DIR);
	out = fopen(STATE_PART, "we");
	if (!out)
		return pyi_error_errno(errno, STATE);
	fprintf(out, "%s\n%u\n", before->pattern, before->pipe_limit);
	if (fflush(out) != 0)
		err = pyi_error_errno(errno, STATE);
	fclose(out);
	if (!err && rename(STATE_PART, STATE) != 0)
		err = pyi_error_errno(errno, STATE);
	return err;
}

void pyi_core_pattern_forget(void)
{
	unlink(STATE);
}

bool pyi_core_pattern_is_ours(const struct pyi_core_pattern *pattern)
{
	const char *end = strchr(pattern->pattern, ' ');
	static const char name[] = "/pyinspect";

	return pattern->pattern[0] == '|' && end &&
	       (size_t)(end - pattern->pattern) > strlen(name) &&
	       strncmp(end - strlen(name), name, strlen(name)) == 0 &&
	       strncmp(end, " handler ", strlen(" handler ")) == 0;
}

/* A path as one word: the kernel makes its slashes exclamation marks. */
static void put_path(struct pyi_strbuf *sb, const char *path)
{
	for (; *path; path++)
		pyi_strbuf_putc(sb, *path == '/' ? '!' : *path);
}

static void put_value(struct pyi_strbuf *sb, char letter, const struct pyi_core_values *values)
{
	const char *slash = strrchr(values->exe, '/');

	switch (letter) {
	case '%': pyi_strbuf_putc(sb, '%'); break;
	case 'p': pyi_strbuf_printf(sb, "%ld", values->inner); break;
	case 'P': pyi_strbuf_printf(sb, "%ld", values->pid); break;
	case 'i': pyi_strbuf_printf(sb, "%ld", values->inner_t); break;
	case 'I': pyi_strbuf_printf(sb, "%ld", values->tid); break;
	case 'u': pyi_strbuf_printf(sb, "%ld", values->uid); break;
	case 'g': pyi_strbuf_printf(sb, "%ld", values->gid); break;
	case 'd': pyi_strbuf_printf(sb, "%ld", values->dumpable); break;
	case 's': pyi_strbuf_printf(sb, "%ld", values->signal); break;
	case 't': pyi_strbuf_printf(sb, "%ld", values->time); break;
	case 'c': pyi_strbuf_printf(sb, "%lu", (unsigned long)values->limit); break;
	case 'h': put_path(sb, values->host); break;
	case 'e': put_path(sb, values->comm); break;
	case 'f': put_path(sb, slash ? slash + 1 : values->exe); break;
	case 'E': put_path(sb, values->exe); break;
	default: break; /* the kernel leaves out what it does not know */
	}
}

static void put_words(struct pyi_strbuf *sb, const char *pattern,
		      const struct pyi_core_values *values, size_t *n)
{
	bool in_word = false;

	for (; *pattern && *n < MAX_ARGUMENTS; pattern++) {
		if (*pattern == ' ') {
			if (in_word)
				pyi_strbuf_putc(sb, '\0');
			*n += in_word;
			in_word = false;
			continue;
		}
		in_word = true;
		if (*pattern != '%')
			pyi_strbuf_putc(sb, *pattern);
		else if (pattern[1])
			put_value(sb, *++pattern, values);
	}
	if (in_word)
		pyi_strbuf_putc(sb, '\0');
	*n += in_word;
}

char **pyi_core_pattern_arguments(const char *pattern, const struct pyi_core_values *values)
{
	pyi_autostrbuf words = PYI_STRBUF_INIT;
	char **block, *text;
	size_t n = 0;

	if (*pattern != '|')
		return NULL;
	put_words(&words, pattern + 1, values, &n);
	if (words.failed || !n)
		return NULL;
	block = calloc(1, (n + 1) * sizeof(*block) + words.len);
	if (!block)
		return NULL;
	text = (char *)(block + n + 1);
	memcpy(text, words.data, words.len);
	for (size_t i = 0; i < n; i++, text += strlen(text) + 1)
		block[i] = text;
	return block;
}
