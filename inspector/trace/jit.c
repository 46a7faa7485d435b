/* SPDX-License-Identifier: BSD-2-Clause */
#include "trace/jit.h"
#include "base/cleanup.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { ENVIRON_MAX = 1 << 21, CHUNK = 1 << 16 }; /* bytes; the first is what execve takes */

/* The variable's name is in a program only where the JIT is built in. */
static const char variable[] = "PYTHON_JIT";

int pyi_jit_setting(const char *environment, size_t len)
{
	const size_t n = sizeof(variable) - 1;

	for (size_t at = 0; at < len;) {
		const char *text = environment + at;
		size_t size = strnlen(text, len - at);

		if (size > n && memcmp(text, variable, n) == 0 && text[n] == '=')
			return size > n + 1 && !(size == n + 2 && text[n + 1] == '0');
		at += size + 1;
	}
	return -1;
}

/* As the process was started: that is when the variable is read. */
static int setting_of(pid_t pid)
{
	pyi_autofree char *text = malloc(ENVIRON_MAX);
	pyi_autoclose int fd = -1;
	char path[32];
	size_t len = 0;
	ssize_t n;

	snprintf(path, sizeof(path), "/proc/%d/environ", (int)pid);
	fd = open(path, O_RDONLY | O_CLOEXEC);
	while (text && fd >= 0 && len < ENVIRON_MAX &&
	       (n = read(fd, text + len, ENVIRON_MAX - len)) > 0)
		len += (size_t)n;
	return text ? pyi_jit_setting(text, len) : -1;
}

static bool is_built_in(const struct pyi_image *image)
{
	pyi_autofree char *bytes = malloc(CHUNK);
	struct pyi_image_info info;
	ssize_t n;

	pyi_image_info(image, &info);
	for (off_t at = 0; bytes && (n = pread(info.fd, bytes, CHUNK, at)) > 0; at += n) {
		if (memmem(bytes, (size_t)n, variable, sizeof(variable) - 1))
			return true;
		if ((size_t)n > sizeof(variable))
			n -= (ssize_t)sizeof(variable); /* it may lie across the border */
		else
			break;
	}
	return false;
}

/* What it compiles lies in memory that is executable and no file. */
static bool has_compiled(const struct pyi_target *target)
{
	for (size_t i = 0; i < target->maps.n; i++)
		if (target->maps.maps[i].perm & PYI_PERM_X && !*target->maps.maps[i].path)
			return true;
	return false;
}

const char *pyi_jit_sign(const struct pyi_target *target, const struct pyi_image *image)
{
	int setting;

	if (!is_built_in(image))
		return NULL;
	setting = setting_of(target->pid);
	if (setting == 1)
		return "PYTHON_JIT";
	return setting != 0 && has_compiled(target) ? "it has compiled code" : NULL;
}
