/* SPDX-License-Identifier: BSD-2-Clause */
#include "trace/finder.h"

enum { WALK_INSNS = 64 };

static bool file_offset(const struct pyi_finder *f, uint64_t addr, uint64_t *ret)
{
	uint64_t ranges[32][3];
	size_t n = pyi_image_readonly_ranges(f->image, ranges, 32);

	for (size_t i = 0; i < n; i++) {
		if (addr < ranges[i][0] || addr >= ranges[i][1])
			continue;
		*ret = addr - ranges[i][0] + ranges[i][2];
		return true;
	}
	return false;
}

static void merge(struct pyi_site_code *code, const struct pyi_site_code *other)
{
	if (code->condition != other->condition)
		code->condition = 0;
}

struct pyi_error *pyi_finder_add(struct pyi_finder *f, uint64_t addr, struct pyi_site_code code,
				 enum pyi_site_class class)
{
	struct pyi_session_site site = {.code = code}, *kept;

	if (!file_offset(f, addr, &site.offset))
		return pyi_error_create(PYI_ERR_BAD_DATA, "a probe site lies in no file");
	pyi_vec_for_each (other, &f->out->list)
		if (other->offset == site.offset) {
			merge(&other->code, &code);
			return NULL;
		}
	kept = pyi_vec_push(&f->out->list);
	if (!kept)
		return &pyi_enomem;
	*kept = site;
	f->out->stepped += class != PYI_SITE_EMULATED;
	return NULL;
}

size_t pyi_finder_index(const struct pyi_finder *f, uint64_t addr)
{
	size_t lo = 0, hi = f->insns.list.len;

	while (lo < hi) {
		size_t mid = lo + (hi - lo) / 2;

		if (f->insns.list.data[mid].addr < addr)
			lo = mid + 1;
		else
			hi = mid;
	}
	return lo;
}

const struct pyi_insn *pyi_finder_next(const struct pyi_finder *f, size_t i, uint32_t kept)
{
	for (size_t k = i + 1; k < f->insns.list.len && k <= i + WALK_INSNS; k++) {
		const struct pyi_insn *insn = &f->insns.list.data[k];

		if (insn->addr != insn[-1].addr + insn[-1].len)
			return NULL;
		if (pyi_site_classify(insn->bytes, insn->len) == PYI_SITE_EMULATED)
			return insn;
		if (insn->kind == PYI_INSN_END || insn->writes & kept)
			return NULL;
	}
	return NULL;
}
