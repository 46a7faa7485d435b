/* SPDX-License-Identifier: BSD-2-Clause */
#include "cmd/kept_cores.h"

#include "cmd/crash.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

/* systemd-coredump(8); what pyinspect handler writes to when nothing else was asked; apport. */
static const char *const dirs[] = {"/var/lib/systemd/coredump", PYI_CRASH_DIR, "/var/crash"};

static bool is_core_name(const char *name)
{
	size_t len = strlen(name);

	return strncmp(name, "core.", 5) == 0 ||
	       (len > 5 && strcmp(name + len - 5, ".core") == 0) ||
	       (len > 6 && strcmp(name + len - 6, ".crash") == 0);
}

char *pyi_kept_cores_newest(const char *dir, int64_t *when, bool *forbidden)
{
	DIR *stream = opendir(dir);
	char *newest = NULL;
	struct dirent *entry;

	*forbidden = !stream && errno == EACCES;
	while (stream && (entry = readdir(stream))) {
		struct stat st;
		char *path;

		if (!is_core_name(entry->d_name) ||
		    fstatat(dirfd(stream), entry->d_name, &st, AT_SYMLINK_NOFOLLOW) ||
		    !S_ISREG(st.st_mode) || (newest && st.st_mtime <= *when) ||
		    asprintf(&path, "%s/%s", dir, entry->d_name) < 0)
			continue;
		free(newest);
		newest = path;
		*when = st.st_mtime;
	}
	if (stream)
		closedir(stream);
	return newest;
}

struct pyi_error *pyi_kept_cores_last(char **ret)
{
	char *best = NULL;
	int64_t best_time = 0;
	bool denied = false;

	for (size_t i = 0; i < sizeof(dirs) / sizeof(dirs[0]); i++) {
		int64_t when = 0;
		bool forbidden;
		char *path = pyi_kept_cores_newest(dirs[i], &when, &forbidden);

		denied |= forbidden;
		if (path && (!best || when > best_time)) {
			free(best);
			best = path;
			best_time = when;
		} else {
			free(path);
		}
	}
	if (!best && denied)
		return pyi_error_create(PYI_ERR_PERMISSION,
					"--last: the directories of cores may not be read");
	if (!best)
		return pyi_error_create(PYI_ERR_NOT_FOUND, "--last: no core in %s, %s or %s",
					dirs[0], dirs[1], dirs[2]);
	*ret = best;
	return NULL;
}
