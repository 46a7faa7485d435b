/* SPDX-License-Identifier: BSD-2-Clause */
/* Singletons, unknown types, and values that changed since they were captured. */
#include "expect_value.h"

static void singletons(void **state)
{
	struct heap *h = heap_create(3, 12);

	expect_repr(h, heap_new(h, "NoneType"), "None");
	expect_repr(h, heap_new(h, "ellipsis"), "Ellipsis");
	expect_repr(h, heap_new(h, "NotImplementedType"), "NotImplemented");
	heap_destroy(h);
}

static void others(void **state)
{
	struct heap *h = heap_create(3, 12);
	uint64_t obj = heap_object(h, heap_class(h, "Worker", 0), 64);
	struct pyi_value value = heap_read(h, obj, 0);
	char want[64];

	snprintf(want, sizeof(want), "<Worker at 0x%llx>", (unsigned long long)obj);
	assert_string_equal(value.repr, want);
	assert_string_equal(value.type, "Worker");
	pyi_value_deinit(&value);
	/* A class that calls itself int, and is a subclass of it, may print anything. */
	obj = heap_object(h, heap_class(h, "int", PYI_TPFLAGS_INT), 64);
	snprintf(want, sizeof(want), "<int at 0x%llx>", (unsigned long long)obj);
	expect_repr(h, obj, want);
	heap_destroy(h);
}

static void unreadable(void **state)
{
	struct heap *h = heap_create(3, 12);
	struct pyi_value value = heap_read(h, 0x10, 0);

	assert_string_equal(value.type, "?");
	assert_true(value.unreadable);
	assert_memory_equal(value.repr, "<unreadable: ", 13);
	pyi_value_deinit(&value);
	heap_destroy(h);
}

/* A "target" whose bytes can change between two reads. */
struct moving {
	struct heap *h;
	uint64_t watch; /* address whose 8 bytes change... */
	uint64_t now;   /* ...to this once armed; 0: never */
	bool armed;
};

static void moving_readv(void *arg, struct pyi_mem_iov *iov, size_t n)
{
	struct moving *m = arg;

	for (size_t i = 0; i < n; i++) {
		uint64_t at = iov[i].addr;

		memcpy(iov[i].buf, m->h->bytes + (at - HEAP_BASE), iov[i].len);
		iov[i].got = iov[i].len;
		if (m->armed && m->watch >= at && m->watch + 8 <= at + iov[i].len)
			memcpy((char *)iov[i].buf + (m->watch - at), &m->now, 8);
	}
}

static struct moving *moving_create(struct heap *h)
{
	struct moving *m = calloc(1, sizeof(*m));
	const struct pyi_mem_source src = {.readv = moving_readv, .arg = m, .cached = true};

	m->h = h;
	pyi_mem_destroy(h->target.mem);
	assert_null(pyi_mem_create(&h->target.mem));
	assert_null(pyi_mem_add(h->target.mem, HEAP_BASE, HEAP_BASE + HEAP_SIZE, &src));
	return m;
}

/* The list is captured in the pause, its item is first read afterwards, when the list no longer
 * holds it: the item's memory may be anything by now. */
static void changed_item(void **state)
{
	struct heap *h = heap_create(3, 12);
	uint64_t items[2] = {heap_small(h, 1), 0}, list, slot, word;
	struct moving *m;
	struct pyi_value value;

	h->next += 2 * PYI_PAGE_SIZE;
	list = heap_list(h, NULL, 0);
	slot = heap_alloc(h, 16);
	h->next += 2 * PYI_PAGE_SIZE;
	items[1] = heap_str(h, "late");
	heap_put(h, slot, items, 16);
	heap_u64(h, list + h->rt.layout.var_size, 2);
	heap_u64(h, list + h->rt.layout.list_items, slot);
	m = moving_create(h);
	assert_null(pyi_mem_read_u64(h->target.mem, list, &word));
	assert_null(pyi_mem_read_u64(h->target.mem, slot, &word));
	pyi_mem_freeze(h->target.mem);
	expect_repr(h, list, "[1, 'late']");
	m->armed = true;
	m->watch = slot + 8;
	value = heap_read(h, list, 0);
	assert_string_equal(value.repr, "[1, <changed>]");
	assert_true(value.unreadable);
	pyi_value_deinit(&value);
	heap_destroy(h);
	free(m);
}

/* The value itself is late: the slot that led to it decides. */
static void changed_root(void **state)
{
	struct heap *h = heap_create(3, 12);
	uint64_t slot = heap_alloc(h, 16), obj, word;
	struct moving *m;
	struct pyi_value value;

	h->next += 2 * PYI_PAGE_SIZE;
	obj = heap_small(h, 7);
	heap_u64(h, slot, obj);
	m = moving_create(h);
	assert_null(pyi_mem_read_u64(h->target.mem, slot, &word));
	pyi_mem_freeze(h->target.mem);
	for (int armed = 0; armed < 2; armed++) {
		m->armed = armed;
		m->watch = slot;
		pyi_value_read(&h->target, &h->rt, obj, &(struct pyi_value_options){.slot = slot},
			       &value);
		assert_string_equal(value.repr, armed ? "<changed>" : "7");
		assert_int_equal(value.unreadable, armed);
		pyi_value_deinit(&value);
	}
	/* What was found out is noted, and a snapshot, where nothing moves, says it again. */
	assert_null(pyi_notes_create(NULL, &h->target.notes));
	for (int armed = 1; armed >= 0; armed--) {
		m->armed = armed;
		pyi_value_read(&h->target, &h->rt, obj, &(struct pyi_value_options){.slot = slot},
			       &value);
		assert_string_equal(value.repr, "<changed>");
		pyi_value_deinit(&value);
	}
	pyi_notes_destroy(h->target.notes);
	heap_destroy(h);
	free(m);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(singletons),   cmocka_unit_test(others),
		cmocka_unit_test(unreadable),   cmocka_unit_test(changed_item),
		cmocka_unit_test(changed_root),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
