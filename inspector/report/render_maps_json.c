/* SPDX-License-Identifier: BSD-2-Clause */
/* Schema "pyinspect-maps/1": see addrspace.h and whereis.h. */
#include "report/json_out.h"
#include "report/render_maps.h"
#include "report/report.h"

static json_t *bytes_json(uint64_t bytes, bool known)
{
	return known ? json_integer((json_int_t)bytes) : json_null();
}

static json_t *tid_json(pid_t tid)
{
	return tid ? json_integer(tid) : json_null();
}

static json_t *range_json(const struct pyi_addrspace *space, const struct pyi_range *range)
{
	const bool live = space->kind == PYI_TARGET_LIVE;
	const bool known = range->rss != PYI_RSS_UNKNOWN;
	const char perms[] = {range->perm & PYI_PERM_R ? 'r' : '-',
			      range->perm & PYI_PERM_W ? 'w' : '-',
			      range->perm & PYI_PERM_X ? 'x' : '-',
			      range->perm & PYI_PERM_SHARED ? 's' : 'p', '\0'};

	return json_pack("{so so ss sI so ss so sI so so so}", "start", pyi_json_hex(range->lo),
			 "end", pyi_json_hex(range->hi), "perms", perms, "offset",
			 (json_int_t)range->offset, "path", pyi_json_string(range->path), "role",
			 pyi_role_name(range->role), "detail", pyi_json_string(range->detail),
			 "size", (json_int_t)(range->hi - range->lo), "rss",
			 bytes_json(range->rss, live && known), "captured",
			 bytes_json(range->rss, !live && known), "tid", tid_json(range->tid));
}

static json_t *roles_json(const struct pyi_addrspace *space)
{
	const bool live = space->kind == PYI_TARGET_LIVE;
	json_t *roles = json_object();

	for (int i = 0; i < PYI_ROLE_COUNT; i++)
		if (space->roles[i].size)
			json_object_set_new(
				roles, pyi_role_name((enum pyi_role)i),
				json_pack("{sI so so}", "size", (json_int_t)space->roles[i].size,
					  "rss",
					  bytes_json(space->roles[i].rss, live && space->rss_known),
					  "captured", bytes_json(space->roles[i].rss, !live)));
	return roles;
}

static json_t *warnings_json(const struct pyi_addrspace *space)
{
	json_t *list = json_array();

	pyi_vec_for_each (warning, &space->warnings)
		json_array_append_new(list, pyi_json_string(*warning));
	return list;
}

static json_t *stack_json(const struct pyi_whereis *where)
{
	if (!where->range || !where->below_top)
		return json_null();
	return json_pack("{so sI}", "tid", tid_json(where->range->tid), "below_top",
			 (json_int_t)where->below_top);
}

static json_t *where_json(const struct pyi_whereis *where)
{
	const char *role = where->kernel ? pyi_role_name(PYI_ROLE_KERNEL) : NULL;
	json_t *block = json_null();

	if (where->range)
		role = pyi_role_name(where->range->role);
	if (where->block_lo)
		block = json_pack("{so si}", "start", pyi_json_hex(where->block_lo), "size",
				  (int)where->block_size);
	return json_pack("{so so so so so so so so so}", "address", pyi_json_hex(where->addr),
			 "role", pyi_json_string(role), "module", pyi_json_string(where->module),
			 "module_offset", bytes_json(where->module_offset, where->module != NULL),
			 "symbol", pyi_json_string(where->symbol), "symbol_offset",
			 bytes_json(where->symbol_offset, where->symbol != NULL), "thread",
			 stack_json(where), "frame", pyi_json_string(where->frame), "block", block);
}

struct pyi_error *pyi_render_maps_json(const struct pyi_addrspace *space,
				       const struct pyi_whereis *where, FILE *out)
{
	size_t written = 0;
	bool done;

	fprintf(out, "{\"schema\":\"pyinspect-maps/1\",\"kind\":\"%s\",\"pid\":%d,\"runtime\":",
		pyi_target_kind_name(space->kind), (int)space->pid);
	done = pyi_json_write(pyi_json_string(space->runtime), out);
	fputs(",\"ranges\":[", out);
	pyi_vec_for_each (range, &space->ranges) {
		if (!done || (where && range != where->range))
			continue;
		if (written++)
			putc(',', out);
		done = pyi_json_write(range_json(space, range), out);
	}
	fputs("],\"roles\":", out);
	done = done && pyi_json_write(roles_json(space), out);
	fputs(",\"warnings\":", out);
	done = done && pyi_json_write(warnings_json(space), out);
	if (where) {
		fputs(",\"address\":", out);
		done = done && pyi_json_write(where_json(where), out);
	}
	fputs("}\n", out);
	return done ? NULL : &pyi_enomem;
}
