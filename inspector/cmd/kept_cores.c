/* SPDX-License-Identifier: BSD-2-Clause */
#include "cmd/kept_cores.h"

#include "base/cleanup.h"
#include "base/strbuf.h"
#include "cmd/crash.h"
#include "target/unpack.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

/* systemd-coredump(8); what pyinspect handler writes to when nothing else was asked; apport. */
const char *const pyi_kept_cores_dirs[] = {"/var/lib/systemd/coredump", PYI_CRASH_DIR, "/var/crash",
					   NULL};

struct kept_core {
	char *path; /* NULL: none */
	size_t dir_len;
	struct timespec time;
};

static bool ends_with(const char *name, const char *suffix)
{
	size_t len = strlen(name), n = strlen(suffix);

	return len > n && strcmp(name + len - n, suffix) == 0;
}

static bool is_newer(const struct stat *st, const char *name, const struct kept_core *than)
{
	if (!than->path)
		return true;
	if (st->st_mtim.tv_sec != than->time.tv_sec)
		return st->st_mtim.tv_sec > than->time.tv_sec;
	if (st->st_mtim.tv_nsec != than->time.tv_nsec)
		return st->st_mtim.tv_nsec > than->time.tv_nsec;
	return strcmp(name, than->path + than->dir_len + 1) > 0;
}

/* One that may not be read counts: opening it says so. */
static bool has_core(int dir, const char *name)
{
	pyi_autoclose int fd = openat(dir, name, O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK);

	return fd < 0 || pyi_unpack_has_core(fd);
}

static bool is_core(int dir, const char *name)
{
	return strncmp(name, "core.", 5) == 0 || ends_with(name, ".core") ||
	       (ends_with(name, ".crash") && has_core(dir, name));
}

static struct pyi_error *take_newest(const char *dir, DIR *stream, struct kept_core *best)
{
	for (struct dirent *entry; (entry = readdir(stream));) {
		struct stat st;
		char *path;

		if (fstatat(dirfd(stream), entry->d_name, &st, AT_SYMLINK_NOFOLLOW) ||
		    !S_ISREG(st.st_mode) || !is_newer(&st, entry->d_name, best) ||
		    !is_core(dirfd(stream), entry->d_name))
			continue;
		if (asprintf(&path, "%s/%s", dir, entry->d_name) < 0)
			return &pyi_enomem;
		free(best->path);
		*best = (struct kept_core){path, strlen(dir), st.st_mtim};
	}
	return NULL;
}

static struct pyi_error *none_found(const char *const *dirs, const char *unseen)
{
	pyi_autostrbuf names = PYI_STRBUF_INIT;

	if (unseen)
		return pyi_error_hint(
			pyi_error_create(PYI_ERR_PERMISSION, "--last: %s may not be read", unseen),
			"root may, " PYI_HINT_SUDO);
	for (size_t i = 0; dirs[i]; i++)
		pyi_strbuf_printf(&names, "%s%s", i ? ", " : "", dirs[i]);
	return pyi_error_create(PYI_ERR_NOT_FOUND, "--last: no core in %s",
				names.data ? names.data : "");
}

struct pyi_error *pyi_kept_cores_last(const char *const *dirs, char **ret, char **unseen)
{
	struct kept_core best = {.path = NULL};
	pyi_autostrbuf denied = PYI_STRBUF_INIT;
	struct pyi_error *err = NULL;

	for (size_t i = 0; dirs[i] && !err; i++) {
		DIR *stream = opendir(dirs[i]);

		if (!stream && errno == EACCES)
			pyi_strbuf_printf(&denied, "%s%s", denied.len ? ", " : "", dirs[i]);
		if (!stream)
			continue;
		err = take_newest(dirs[i], stream, &best);
		closedir(stream);
	}
	if (!err && denied.failed)
		err = &pyi_enomem;
	if (!err && !best.path)
		err = none_found(dirs, denied.len ? denied.data : NULL);
	if (err) {
		free(best.path);
		return err;
	}
	*ret = best.path;
	*unseen = denied.len ? pyi_strbuf_steal(&denied) : NULL;
	return NULL;
}
