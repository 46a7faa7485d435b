/* SPDX-License-Identifier: BSD-2-Clause */
/* An address space made of text and buffers, for those who say what lies where. */
#ifndef TESTS_FAKE_SPACE_H
#define TESTS_FAKE_SPACE_H

#include "report/addrspace_private.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

struct fake_space {
	struct pyi_target target;
	struct pyi_runtime rt;
	struct pyi_survey survey;
	struct pyi_addrspace space;
	char *names[8];
	pid_t tids[8];
};

static inline void fake_space_init(struct fake_space *f, const char *maps)
{
	struct pyi_error *err;

	memset(f, 0, sizeof(*f));
	err = pyi_mem_create(&f->target.mem);
	assert(!err);
	err = pyi_maps_parse(maps, strlen(maps), &f->target.maps);
	assert(!err);
	f->survey.target = &f->target;
	f->survey.rt = &f->rt;
	f->survey.names = f->names;
	f->survey.tids = f->tids;
}

/* data stays the caller's. */
static inline void fake_space_put(struct fake_space *f, uint64_t addr, const void *data, size_t len)
{
	struct pyi_error *err = pyi_mem_add_buffer(f->target.mem, addr, data, len);

	assert(!err);
}

static inline void fake_space_apply(struct fake_space *f)
{
	struct pyi_error *err = pyi_claims_apply(&f->survey.claims, &f->target.maps,
						 pyi_addrspace_base, &f->survey, &f->space);

	assert(!err);
}

static inline void fake_space_deinit(struct fake_space *f)
{
	pyi_vec_for_each (range, &f->space.ranges) {
		free(range->path);
		free(range->detail);
		free(range->module);
	}
	pyi_vec_deinit(&f->space.ranges);
	f->survey.names = NULL;
	f->survey.tids = NULL;
	pyi_addrspace_survey_deinit(&f->survey);
	pyi_images_destroy(f->target.images, f->target.n_images);
	pyi_mem_destroy(f->target.mem);
	pyi_maps_deinit(&f->target.maps);
}

/* The role at an address, PYI_ROLE_COUNT where nothing is. */
static inline enum pyi_role fake_space_role(const struct fake_space *f, uint64_t addr)
{
	const struct pyi_range *range = pyi_addrspace_find(&f->space, addr);

	return range ? range->role : PYI_ROLE_COUNT;
}

static inline const char *fake_space_detail(const struct fake_space *f, uint64_t addr)
{
	const struct pyi_range *range = pyi_addrspace_find(&f->space, addr);

	return range && range->detail ? range->detail : "";
}

static inline void put_u32(void *buf, size_t at, uint32_t value)
{
	memcpy((char *)buf + at, &value, sizeof(value));
}

static inline void put_u64(void *buf, size_t at, uint64_t value)
{
	memcpy((char *)buf + at, &value, sizeof(value));
}

/* A pool of obmalloc with `used` blocks of 16 * (index + 1) bytes handed out, none of them freed.
 */
static inline void put_pool(void *buf, uint32_t pool_size, uint32_t arena, uint32_t index,
			    uint32_t used)
{
	uint32_t size = (index + 1) * 16;

	put_u32(buf, 0, used);
	put_u64(buf, 8, 0);
	put_u32(buf, 32, arena);
	put_u32(buf, 36, index);
	put_u32(buf, 40, 48 + used * size);
	put_u32(buf, 44, pool_size - size);
}

#endif
