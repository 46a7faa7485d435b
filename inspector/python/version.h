/* SPDX-License-Identifier: BSD-2-Clause */
/* Which CPython a module is, by what it holds and by its name. */
#ifndef PYI_PYTHON_VERSION_H
#define PYI_PYTHON_VERSION_H

#include "target/target.h"

#define PYI_MICRO_UNKNOWN UINT32_MAX

struct pyi_version {
	uint32_t major, minor;
	uint32_t micro; /* or PYI_MICRO_UNKNOWN */
	char level;     /* 'a', 'b', 'c'; 'f' = final */
	uint32_t serial;
};

/* From PY_VERSION_HEX. */
struct pyi_version pyi_version_from_hex(uint32_t hex);
/* From sys.version, e.g. "3.9.18 (main, ...) [GCC ...]": false when the text is no such thing. */
bool pyi_version_parse(const char *text, size_t len, struct pyi_version *ret);
/* From a file name such as libpython3.9.so.1.0 or python3.9; micro stays unknown. */
bool pyi_version_from_name(const char *name, struct pyi_version *ret);
/* The symbol Py_Version, else sys.version in the module's data, else the file's name. */
bool pyi_version_of_image(struct pyi_target *target, const struct pyi_image *image,
			  struct pyi_version *ret);
/* "3.11.2", "3.15.0b2", "3.9" */
void pyi_version_format(const struct pyi_version *version, char *buf, size_t size);

#endif
