/* SPDX-License-Identifier: BSD-2-Clause */
/* libdebuginfod(3). It is opened at run time: only --debuginfod needs it. */
#include "target/debuginfod.h"

#include <dlfcn.h>
#include <stddef.h>
#include <string.h>
#include <unistd.h>

typedef struct debuginfod_client client_t;
typedef client_t *begin_fn(void);
typedef int find_fn(client_t *client, const unsigned char *id, int id_len, char **path);
typedef void end_fn(client_t *client);

static void *open_library(void)
{
	static void *library;
	static int tried;

	if (!tried)
		library = dlopen("libdebuginfod.so.1", RTLD_LAZY | RTLD_LOCAL);
	tried = 1;
	return library;
}

char *pyi_debuginfod_executable(const char *build_id)
{
	void *library = open_library();
	begin_fn *begin = library ? (begin_fn *)dlsym(library, "debuginfod_begin") : NULL;
	find_fn *find = library ? (find_fn *)dlsym(library, "debuginfod_find_executable") : NULL;
	end_fn *end = library ? (end_fn *)dlsym(library, "debuginfod_end") : NULL;
	client_t *client = begin && find && end ? begin() : NULL;
	char *path = NULL;
	int fd;

	if (!client)
		return NULL;
	fd = find(client, (const unsigned char *)build_id, 0, &path); /* 0: id is a hex string */
	if (fd >= 0)
		close(fd);
	else
		path = NULL;
	end(client);
	return path;
}
