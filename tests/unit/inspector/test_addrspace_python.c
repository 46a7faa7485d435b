/* SPDX-License-Identifier: BSD-2-Clause */
/* Arenas by their pools and the interpreter's table; data stack chunks. */
#include "fake_space.h"

#include <setjmp.h>
#include <stdarg.h>
#include <cmocka.h>

#define POOL  UINT64_C(16384)
#define ARENA (UINT64_C(1) << 20)
#define LO    UINT64_C(0x7f0000005000) /* no pool's border */
#define FIRST UINT64_C(0x7f0000008000)

static struct pyi_pool *add_pool(struct fake_space *f, uint64_t addr, uint32_t arena, uint32_t used)
{
	struct pyi_pool *pool = pyi_vec_push(&f->survey.evidence.pools);

	assert_non_null(pool);
	*pool = (struct pyi_pool){.addr = addr, .arena = arena, .block_size = 64, .used = used};
	return pool;
}

/* Without the table the pools bound the arenas: what is not in them is not Python's. */
static void test_pools_alone(void **state)
{
	struct fake_space f;

	(void)state;
	fake_space_init(&f, "7f0000000000-7f0000400000 rw-p 00000000 00:00 0\n");
	f.survey.pool_size = POOL;
	add_pool(&f, 0x7f0000010000, 4, 1);
	add_pool(&f, 0x7f0000014000, 4, 2);
	add_pool(&f, 0x7f0000094000, 5, 1); /* another arena: the first one ends here */
	add_pool(&f, 0x7f0000300000, 6, 0); /* nothing in use: left over */
	assert_null(pyi_addrspace_claim_arenas(&f.survey));
	fake_space_apply(&f);
	assert_int_equal(fake_space_role(&f, 0x7f000000f000), PYI_ROLE_ANONYMOUS);
	assert_int_equal(fake_space_role(&f, 0x7f0000010000), PYI_ROLE_ARENA);
	assert_int_equal(fake_space_role(&f, 0x7f0000093fff), PYI_ROLE_ARENA);
	assert_string_equal(fake_space_detail(&f, 0x7f0000093fff), "arena 4, 2 pools in use");
	assert_string_equal(fake_space_detail(&f, 0x7f0000094000), "arena 5, 1 pools in use");
	assert_int_equal(fake_space_role(&f, 0x7f000018ffff), PYI_ROLE_ARENA);
	assert_int_equal(fake_space_role(&f, 0x7f0000190000), PYI_ROLE_ANONYMOUS);
	assert_int_equal(fake_space_role(&f, 0x7f0000300000), PYI_ROLE_ANONYMOUS);
	fake_space_deinit(&f);
}

static void put_arena(uint8_t *table, uint32_t index, uint64_t addr, uint32_t free_pools,
		      uint32_t pools)
{
	put_u64(table, index * 48u, addr);
	put_u32(table, index * 48u + 16, free_pools);
	put_u32(table, index * 48u + 20, pools);
}

static int open_self(void *arg, const struct pyi_map *map, const char **status)
{
	(void)arg, (void)map;
	return -1;
}

/* A module whose writable segment is one page that holds words. */
static void add_module(struct fake_space *f, uint8_t *page)
{
	static const struct {
		uint32_t type, flags;
		uint64_t offset, vaddr, size;
	} loads[] = {{1, 5, 0, 0, 0x1000}, {1, 6, 0x1000, 0x1000, 0x1000}};

	memcpy(page, "\177ELF\2\1\1", 7);
	put_u32(page, 16, 3 | 62 << 16); /* ET_DYN, EM_X86_64 */
	put_u64(page, 32, 64);           /* e_phoff */
	put_u32(page, 52, 64 | 56 << 16);
	put_u32(page, 56, 2);
	for (size_t i = 0; i < 2; i++) {
		size_t at = 64 + 56 * i;

		put_u32(page, at, loads[i].type);
		put_u32(page, at + 4, loads[i].flags);
		put_u64(page, at + 8, loads[i].offset);
		put_u64(page, at + 16, loads[i].vaddr);
		put_u64(page, at + 32, loads[i].size);
		put_u64(page, at + 40, loads[i].size);
	}
	fake_space_put(f, 0x500000, page, 0x2000);
	assert_null(pyi_images_create(&f->target.maps, f->target.mem, open_self, NULL, 0,
				      &f->target.images, &f->target.n_images));
	assert_int_equal(f->target.n_images, 1);
	f->rt.image = f->target.images[0];
}

static void test_table(void **state)
{
	static uint8_t module[0x2000], heap[0x1000];
	uint8_t *table = heap + 0x110;
	struct fake_space f;

	(void)state;
	fake_space_init(&f, "500000-501000 r-xp 00000000 08:01 9 /lib/libpython3.so\n"
			    "501000-502000 rw-p 00001000 08:01 9 /lib/libpython3.so\n"
			    "600000-601000 rw-p 00000000 00:00 0 [heap]\n"
			    "7f0000000000-7f0000400000 rw-p 00000000 00:00 0\n");
	f.survey.pool_size = POOL;
	put_u64(heap, 0x108, (8 * 48 + 16) | 1); /* malloc's size of the table */
	put_arena(table, 0, LO, 60, 63);
	put_arena(table, 1, 0, 0, 0);                /* not in use */
	put_arena(table, 2, LO + ARENA, 63, 63);     /* no pool of it was seen */
	put_arena(table, 3, 0x100000000000, 0, 63);  /* not mapped */
	put_arena(table, 4, LO + 2 * ARENA, 64, 63); /* makes no sense */
	fake_space_put(&f, 0x600000, heap, sizeof(heap));
	put_u64(module, 0x1000, 0x600010); /* not that one */
	put_u64(module, 0x1080, 0x600110);
	add_module(&f, module);
	add_pool(&f, FIRST, 0, 5);
	add_pool(&f, FIRST + POOL, 0, 5);
	add_pool(&f, FIRST + 2 * POOL, 0, 0);
	add_pool(&f, 0x7f0000350000, 5, 1); /* of another interpreter */
	assert_null(pyi_addrspace_claim_arenas(&f.survey));
	fake_space_apply(&f);
	assert_int_equal(fake_space_role(&f, LO - 1), PYI_ROLE_ANONYMOUS);
	assert_int_equal(fake_space_role(&f, LO), PYI_ROLE_ARENA);
	assert_string_equal(fake_space_detail(&f, LO), "arena 0, 3 of 63 pools in use");
	assert_string_equal(fake_space_detail(&f, LO + ARENA), "arena 2, 0 of 63 pools in use");
	assert_int_equal(fake_space_role(&f, LO + 2 * ARENA), PYI_ROLE_ANONYMOUS);
	assert_string_equal(fake_space_detail(&f, 0x7f0000350000), "arena 5, 1 pools in use");
	fake_space_deinit(&f);
}

static void test_list(void **state)
{
	static uint8_t runtime[0x100], arenas[4][0x100];
	const uint64_t first = 0x7f0000100000;
	struct pyi_layout *l;
	struct fake_space f;

	(void)state;
	fake_space_init(&f, "600000-601000 rw-p 00000000 00:00 0\n"
			    "7f0000000000-7f0000400000 rw-p 00000000 00:00 0\n"
			    "7f0000400000-7f0000600000 rw-p 00000000 08:01 9 /lib/libpython3.so\n");
	f.survey.known = true;
	f.rt.root = 0x600000;
	l = &f.rt.layout;
	l->runtime_heap_arenas = 0x20;
	l->arena_next = 8, l->arena_pools = 16, l->arena_free_pools = 20;
	l->arena_log2_bytes = 20;
	put_u64(runtime, 0x20, first);
	for (uint32_t i = 0; i < 4; i++) {
		put_u64(arenas[i], 8, first + (i + 1) * ARENA);
		put_u32(arenas[i], 16, 64);
		put_u32(arenas[i], 20, 60 + 3 * i); /* the third has more than it can have */
		fake_space_put(&f, first + i * ARENA, arenas[i], sizeof(arenas[i]));
	}
	fake_space_put(&f, 0x600000, runtime, sizeof(runtime));
	assert_null(pyi_addrspace_claim_arenas(&f.survey));
	fake_space_apply(&f);
	assert_int_equal(fake_space_role(&f, first - 1), PYI_ROLE_ANONYMOUS);
	assert_string_equal(fake_space_detail(&f, first), "4 of 64 pools in use");
	assert_string_equal(fake_space_detail(&f, first + 2 * ARENA - 1), "1 of 64 pools in use");
	assert_int_equal(fake_space_role(&f, first + 2 * ARENA), PYI_ROLE_ANONYMOUS);
	fake_space_deinit(&f);
}

/* A list that leads in a circle, into a library or nowhere ends. */
static void test_list_of_lies(void **state)
{
	static const uint64_t wrong[] = {0x7f0000100000, 0x7f0000400000, 0x7f0000100010, 0x900000};

	(void)state;
	for (size_t i = 0; i < sizeof(wrong) / sizeof(*wrong); i++) {
		static uint8_t runtime[0x100], arena[0x100];
		struct fake_space f;

		fake_space_init(&f, "600000-601000 rw-p 00000000 00:00 0\n"
				    "7f0000000000-7f0000400000 rw-p 00000000 00:00 0\n"
				    "7f0000400000-7f0000600000 rw-p 00000000 08:01 9 /lib/x.so\n");
		f.survey.known = true;
		f.rt.root = 0x600000;
		f.rt.layout.arena_next = 8;
		f.rt.layout.arena_pools = 16, f.rt.layout.arena_free_pools = 20;
		f.rt.layout.arena_log2_bytes = 20;
		put_u64(runtime, 0, 0x7f0000100000);
		put_u64(arena, 8, wrong[i]);
		put_u32(arena, 16, 64);
		fake_space_put(&f, 0x600000, runtime, sizeof(runtime));
		fake_space_put(&f, 0x7f0000100000, arena, sizeof(arena));
		assert_null(pyi_addrspace_claim_arenas(&f.survey));
		fake_space_apply(&f);
		assert_string_equal(fake_space_detail(&f, 0x7f0000100000), "64 of 64 pools in use");
		assert_int_equal(fake_space_role(&f, 0x7f0000400000), PYI_ROLE_FILE);
		fake_space_deinit(&f);
	}
}

static void test_data_stacks(void **state)
{
	static uint8_t tstate[0x1000], chunks[0x9000];
	struct fake_space f;
	struct pyi_tstate *ts;

	(void)state;
	fake_space_init(&f, "10000-11000 rw-p 00000000 00:00 0\n"
			    "20000-29000 rw-p 00000000 00:00 0\n");
	f.survey.known = true;
	f.rt.layout.runtime_heap_arenas = PYI_NONE;
	f.rt.layout.tstate_datastack_chunk = 0x40;
	f.rt.layout.chunk_previous = 0;
	f.rt.layout.chunk_size = 8;
	ts = pyi_vec_push(&f.survey.tstates.states);
	ts->addr = 0x10000;
	f.tids[0] = 9;
	f.names[0] = (char *)"worker";
	put_u64(tstate, 0x40, 0x24000);
	put_u64(chunks, 0x4000, 0x20000);
	put_u64(chunks, 0x4008, 0x4000);
	put_u64(chunks, 8, 0x2000);
	put_u64(chunks, 0, 0x24000); /* a circle */
	fake_space_put(&f, 0x10000, tstate, sizeof(tstate));
	fake_space_put(&f, 0x20000, chunks, sizeof(chunks));
	pyi_addrspace_claim_data_stacks(&f.survey);
	fake_space_apply(&f);
	assert_int_equal(fake_space_role(&f, 0x20000), PYI_ROLE_DATA_STACK);
	assert_int_equal(fake_space_role(&f, 0x22000), PYI_ROLE_ANONYMOUS);
	assert_int_equal(fake_space_role(&f, 0x27fff), PYI_ROLE_DATA_STACK);
	assert_int_equal(fake_space_role(&f, 0x28000), PYI_ROLE_ANONYMOUS);
	assert_string_equal(fake_space_detail(&f, 0x20000), "9 \"worker\"");
	assert_int_equal(pyi_addrspace_find(&f.space, 0x20000)->tid, 9);
	fake_space_deinit(&f);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_pools_alone), cmocka_unit_test(test_table),
		cmocka_unit_test(test_list),        cmocka_unit_test(test_list_of_lies),
		cmocka_unit_test(test_data_stacks),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
