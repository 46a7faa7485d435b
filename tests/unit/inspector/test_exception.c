/* SPDX-License-Identifier: BSD-2-Clause */
/* What a thread raises or handles, version by version, and what led to it. */
#include "fake_objects.h"
#include "python/exception.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>

static uint64_t base_type(struct heap *h)
{
	return heap_type(h, "BaseException", PYI_TPFLAGS_EXCEPTION);
}

static uint64_t make(struct heap *h, const char *type_name, const uint64_t *args, size_t n)
{
	uint64_t type = heap_type(h, type_name, PYI_TPFLAGS_EXCEPTION), at;

	heap_u64(h, type + h->rt.layout.type_base, base_type(h));
	at = heap_object(h, type, 120);
	heap_u64(h, at + h->rt.layout.exc_args, heap_tuple(h, args, n));
	return at;
}

static uint64_t tstate(struct heap *h)
{
	return heap_alloc(h, h->rt.layout.tstate_size < 1024 ? h->rt.layout.tstate_size : 1024);
}

static struct pyi_exception look(struct heap *h, uint64_t at)
{
	struct pyi_tstate ts = {.addr = at};
	struct pyi_exception exception;

	pyi_exception_read(&h->target, &h->rt, &ts, &exception);
	return exception;
}

static void nothing(void **state)
{
	struct heap *h = heap_create(3, 12);
	struct pyi_exception e = look(h, tstate(h));

	assert_int_equal(e.state, PYI_EXCEPTION_NONE);
	pyi_exception_deinit(&e);
	e = look(h, 0x1234); /* not mapped */
	assert_int_equal(e.state, PYI_EXCEPTION_NONE);
	pyi_exception_deinit(&e);
	heap_destroy(h);
}

static void raised_with_chain(void **state)
{
	struct heap *h = heap_create(3, 12);
	uint64_t ts = tstate(h), key = heap_str(h, "k"), text = heap_str(h, "bad");
	uint64_t second = make(h, "KeyError", &key, 1), first = make(h, "ValueError", &text, 1);
	struct pyi_exception e;

	heap_u64(h, ts + h->rt.layout.tstate_exception, first);
	heap_u64(h, first + h->rt.layout.exc_context, second);
	heap_u64(h, second + h->rt.layout.exc_context, first); /* a circle ends it */
	e = look(h, ts);
	assert_int_equal(e.state, PYI_EXCEPTION_RAISED);
	assert_int_equal(e.items.len, 2);
	assert_string_equal(e.items.data[0].type, "ValueError");
	assert_string_equal(e.items.data[0].message, "bad");
	assert_null(e.items.data[0].link);
	assert_string_equal(e.items.data[1].message, "'k'");
	assert_string_equal(e.items.data[1].link, "context");
	pyi_exception_deinit(&e);
	heap_u8(h, first + h->rt.layout.exc_suppress_context, 1);
	e = look(h, ts);
	assert_int_equal(e.items.len, 1);
	pyi_exception_deinit(&e);
	heap_u64(h, first + h->rt.layout.exc_cause, second);
	e = look(h, ts);
	assert_string_equal(e.items.data[1].link, "cause");
	pyi_exception_deinit(&e);
	heap_destroy(h);
}

/* Generators put items before the thread's own; one without an exception hides none. */
static void handled_below_an_empty_item(void **state)
{
	struct heap *h = heap_create(3, 8);
	const struct pyi_layout *l = &h->rt.layout;
	uint64_t ts = tstate(h), inner = heap_alloc(h, 32), outer = heap_alloc(h, 32);
	struct pyi_exception e;

	heap_u64(h, ts + l->tstate_exc_info, inner);
	heap_u64(h, inner + l->excitem_value, heap_object(h, heap_type(h, "NoneType", 0), 16));
	heap_u64(h, inner + l->excitem_previous, outer);
	heap_u64(h, outer + l->excitem_value, make(h, "ValueError", NULL, 0));
	heap_u64(h, outer + l->excitem_previous, inner);
	e = look(h, ts);
	assert_int_equal(e.state, PYI_EXCEPTION_HANDLED);
	assert_string_equal(e.items.data[0].message, "");
	pyi_exception_deinit(&e);
	heap_destroy(h);
}

/* Something without a type is no exception, and what callers handle is not in its place. */
static void what_is_damaged_is_named(void **state)
{
	struct heap *h = heap_create(3, 8);
	const struct pyi_layout *l = &h->rt.layout;
	uint64_t ts = tstate(h), inner = heap_alloc(h, 32), outer = heap_alloc(h, 32);
	uint64_t first = make(h, "ValueError", NULL, 0), bad = make(h, "KeyError", NULL, 0);
	struct pyi_exception e;

	heap_u64(h, bad + l->object_type, 0x1230);
	heap_u64(h, ts + l->tstate_exc_info, inner);
	heap_u64(h, inner + l->excitem_value, bad);
	heap_u64(h, inner + l->excitem_previous, outer);
	heap_u64(h, outer + l->excitem_value, first);
	e = look(h, ts);
	assert_int_equal(e.state, PYI_EXCEPTION_NONE);
	assert_int_equal(e.damaged, bad);
	pyi_exception_deinit(&e);
	heap_u64(h, inner + l->excitem_value, first);
	heap_u64(h, first + l->exc_context, bad);
	e = look(h, ts);
	assert_int_equal(e.items.len, 1);
	assert_true(e.cut);
	assert_int_equal(e.damaged, bad);
	pyi_exception_deinit(&e);
	heap_destroy(h);
}

static void python_2(void **state)
{
	struct heap *h = heap_create(2, 7);
	const struct pyi_layout *l = &h->rt.layout;
	uint64_t ts = tstate(h);
	struct pyi_exception e;

	heap_u64(h, ts + l->tstate_handled, make(h, "ValueError", NULL, 0));
	e = look(h, ts);
	assert_int_equal(e.state, PYI_EXCEPTION_HANDLED);
	assert_int_equal(e.items.len, 1);
	pyi_exception_deinit(&e);
	/* A class, and the text that its instance will be made of. */
	heap_u64(h, ts + l->tstate_exception_type,
		 heap_type(h, "exceptions.IndexError", PYI_TPFLAGS_EXCEPTION));
	heap_u64(h, ts + l->tstate_exception, heap_bytes(h, "out of range", 12));
	e = look(h, ts);
	assert_int_equal(e.state, PYI_EXCEPTION_RAISED);
	assert_string_equal(e.items.data[0].type, "IndexError");
	assert_string_equal(e.items.data[0].message, "out of range");
	pyi_exception_deinit(&e);
	heap_destroy(h);
}

/* What only the target's own code can say is left out. */
static void own_str(void **state)
{
	struct heap *h = heap_create(3, 12);
	uint64_t ts = tstate(h), class = heap_class(h, "Odd", PYI_TPFLAGS_EXCEPTION);
	uint64_t text = heap_str(h, "x"), at = heap_object(h, class, 120);
	struct pyi_exception e;

	heap_u64(h, class + h->rt.layout.type_base, base_type(h));
	heap_u64(h, at + h->rt.layout.exc_args, heap_tuple(h, &text, 1));
	heap_u64(h, ts + h->rt.layout.tstate_exception, at);
	e = look(h, ts);
	assert_string_equal(e.items.data[0].message, "x");
	pyi_exception_deinit(&e);
	heap_u64(h, class + h->rt.layout.type_dict, 0); /* nothing to look for __str__ in */
	e = look(h, ts);
	assert_string_equal(e.items.data[0].type, "Odd");
	assert_null(e.items.data[0].message);
	assert_string_equal(e.items.data[0].args, "('x',)");
	pyi_exception_deinit(&e);
	heap_destroy(h);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(nothing),
		cmocka_unit_test(raised_with_chain),
		cmocka_unit_test(handled_below_an_empty_item),
		cmocka_unit_test(what_is_damaged_is_named),
		cmocka_unit_test(python_2),
		cmocka_unit_test(own_str),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
