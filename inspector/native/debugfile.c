/* SPDX-License-Identifier: BSD-2-Clause */
/* Finds separate debug files: by build id, else by the name in .gnu_debuglink. */
#include "native/debugfile.h"

#include "base/cleanup.h"
#include "base/format.h"

#include <elfutils/libdwelf.h>
#include <errno.h>
#include <fcntl.h>
#include <libelf.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#define DEBUG_ROOT "/usr/lib/debug"

static bool same_build_id(int fd, const char *want)
{
	const void *id;
	char hex[41] = "";
	elf_version(EV_CURRENT);
	Elf *elf = elf_begin(fd, ELF_C_READ, NULL);
	ssize_t n = elf ? dwelf_elf_gnu_build_id(elf, &id) : -1;
	for (ssize_t i = 0; i < n && i < 20; i++)
		snprintf(hex + 2 * i, 3, "%02x", ((const unsigned char *)id)[i]);
	elf_end(elf);
	return n > 0 && !strcmp(hex, want);
}

/* Takes path over. */
static int try_open(char *path, const char *build_id, char **name)
{
	struct stat st;
	int fd = path ? open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY) : -1;
	if (fd >= 0 && (fstat(fd, &st) || !S_ISREG(st.st_mode) || !same_build_id(fd, build_id))) {
		close(fd);
		fd = -1;
	}
	if (fd < 0)
		free(path);
	else
		*name = path;
	return fd;
}

int pyi_debugfile_open(const char *build_id, const char *path, const char *debuglink, char **name)
{
	if (strlen(build_id) < 4)
		return -1; /* nothing to tell a right file by */
	int fd = try_open(pyi_format(DEBUG_ROOT "/.build-id/%.2s/%s.debug", build_id, build_id + 2),
			  build_id, name);
	const char *slash = strrchr(path, '/');
	if (fd >= 0 || !debuglink || !*debuglink || strchr(debuglink, '/') || !slash)
		return fd;
	int dir = (int)(slash - path);
	fd = try_open(pyi_format("%.*s/%s", dir, path, debuglink), build_id, name);
	if (fd < 0)
		fd = try_open(pyi_format("%.*s/.debug/%s", dir, path, debuglink), build_id, name);
	if (fd < 0)
		fd = try_open(pyi_format(DEBUG_ROOT "%.*s/%s", dir, path, debuglink), build_id,
			      name);
	return fd;
}
