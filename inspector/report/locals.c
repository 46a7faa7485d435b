/* SPDX-License-Identifier: BSD-2-Clause */
#include "report/locals.h"

#include "base/cleanup.h"
#include "python/values.h"

#include <string.h>

static const char *const kinds[] = {
	[PYI_LOCAL_ARG] = "arg",
	[PYI_LOCAL_LOCAL] = "local",
	[PYI_LOCAL_CELL] = "cell",
	[PYI_LOCAL_FREE] = "free",
};

/* All values of a report together: a deep recursion may show one large object in every frame. */
#define ALL_VALUES_BYTES   ((size_t)16 << 20)
#define BEYOND_VALUE_BYTES 100
/* What text shows of a value by default: of a snapshot too, which counts every value once. */
#define BEYOND_ONCE_BYTES 1000

/* How long the next value's text may be. */
static size_t value_limit(struct pyi_thread_context *ctx)
{
	size_t limit = ctx->options->max_value_bytes;

	if (ctx->value_bytes < ALL_VALUES_BYTES)
		return limit;
	if (ctx->options->values_once)
		return limit && limit < BEYOND_ONCE_BYTES ? limit : BEYOND_ONCE_BYTES;
	pyi_target_warn(ctx->target, "values beyond %zu MiB in all are cut to %d bytes",
			ALL_VALUES_BYTES >> 20, BEYOND_VALUE_BYTES);
	return limit && limit < BEYOND_VALUE_BYTES ? limit : BEYOND_VALUE_BYTES;
}

static struct pyi_error *fill(struct pyi_thread_context *ctx, const struct pyi_runtime *rt,
			      struct pyi_locals *locals, struct pyi_report_frame *to)
{
	to->locals = calloc(locals->locals.len + 1, sizeof(*to->locals));
	if (!to->locals)
		return &pyi_enomem;
	pyi_vec_for_each (from, &locals->locals) {
		struct pyi_report_local *local = &to->locals[to->n_locals++];
		struct pyi_value value = {0};
		struct pyi_value_options options = {.max_bytes = value_limit(ctx),
						    .slot = from->slot};

		local->name = pyi_steal(from->name);
		local->kind = kinds[from->kind];
		if (ctx->options->values_once &&
		    pyi_seen_add(&ctx->values, from->obj) == PYI_SEEN_OLD)
			continue;
		pyi_value_read(ctx->target, rt, from->obj, &options, &value);
		local->type = pyi_steal(value.type);
		local->repr = pyi_steal(value.repr);
		ctx->value_bytes += local->repr ? strlen(local->repr) : 0;
		local->truncated = value.truncated;
		local->unreadable = value.unreadable;
		pyi_value_deinit(&value);
		if (local->unreadable)
			ctx->incomplete = true;
	}
	return NULL;
}

struct pyi_error *pyi_report_locals(struct pyi_thread_context *ctx, const struct pyi_runtime *rt,
				    const struct pyi_py_frame *from, struct pyi_report_frame *to)
{
	struct pyi_locals locals = {0};
	struct pyi_error *err =
		pyi_locals_read(ctx->target, rt, ctx->codes[rt->number], from, &locals);

	to->has_locals = true;
	if (err && err->code != PYI_ERR_NO_MEMORY) {
		pyi_error_destroy(err);
		ctx->incomplete = true;
		return NULL;
	}
	if (!err)
		err = fill(ctx, rt, &locals, to);
	pyi_locals_deinit(&locals);
	return err;
}
