/* SPDX-License-Identifier: BSD-2-Clause */
#include "report/extension.h"

#include <stdio.h>
#include <string.h>

/* Below these folders a path is packages and a module; the innermost one counts. */
static const char *const roots[] = {"/site-packages/", "/dist-packages/", "/lib-dynload/"};

static const char *below_root(const char *path)
{
	const char *slash = strrchr(path, '/');
	const char *best = NULL;

	for (size_t i = 0; i < sizeof(roots) / sizeof(roots[0]); i++)
		for (const char *at = path; (at = strstr(at, roots[i])); at++)
			if (!best || at + strlen(roots[i]) > best)
				best = at + strlen(roots[i]);
	if (best)
		return best;
	return slash ? slash + 1 : path;
}

bool pyi_extension_dotted(const char *path, char *buf, size_t size)
{
	const char *start = below_root(path);
	const char *slash = strrchr(start, '/');
	const char *file = slash ? slash + 1 : start;
	size_t len = (size_t)(file - start) + strcspn(file, ".");

	if (!strcspn(file, ".") || len >= size)
		return false;
	for (size_t i = 0; i < len; i++)
		buf[i] = start[i] == '/' ? '.' : start[i];
	buf[len] = '\0';
	return true;
}

static bool exports_init(const struct pyi_image *image, const char *name, size_t len)
{
	static const char *const prefixes[] = {"PyInit_", "init"};

	for (size_t i = 0; i < 2; i++) {
		struct pyi_image_symbol symbol;
		char init[300];
		int n = snprintf(init, sizeof(init), "%s%.*s", prefixes[i], (int)len, name);

		if (n > 0 && (size_t)n < sizeof(init) &&
		    pyi_image_find_symbol(image, init, &symbol))
			return true;
	}
	return false;
}

bool pyi_extension_name(const struct pyi_image *image, char *buf, size_t size)
{
	static const char suffix[] = "module"; /* arraymodule.so is the module array (2.7) */
	struct pyi_image_info info;
	const char *dot, *base;
	size_t len;

	pyi_image_info(image, &info);
	if (info.is_exe || *info.path != '/' || !pyi_extension_dotted(info.path, buf, size))
		return false;
	dot = strrchr(buf, '.');
	base = dot ? dot + 1 : buf;
	len = strlen(base);
	if (exports_init(image, base, len))
		return true;
	if (len < sizeof(suffix) || strcmp(base + len + 1 - sizeof(suffix), suffix) != 0 ||
	    !exports_init(image, base, len + 1 - sizeof(suffix)))
		return false;
	buf[strlen(buf) + 1 - sizeof(suffix)] = '\0';
	return true;
}
