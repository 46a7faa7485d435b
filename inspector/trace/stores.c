/* SPDX-License-Identifier: BSD-2-Clause */
#include "trace/sites.h"

struct pyi_error *pyi_sites_stores(struct pyi_target *target, const struct pyi_runtime *rt,
				   struct pyi_sites *ret)
{
	return pyi_error_create(PYI_ERR_NOT_PYTHON, "%s: this version cannot trace it yet",
				rt->name);
}
