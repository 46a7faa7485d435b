/* SPDX-License-Identifier: BSD-2-Clause */
/* Types, functions, methods, code objects, exceptions. */
#include "expect_value.h"

static void types(void **state)
{
	struct heap *h = heap_create(3, 11);

	expect_repr(h, h->type, "<class 'type'>");
	expect_repr(h, heap_type(h, "collections.deque", 0), "<class 'collections.deque'>");
	expect_repr(h, heap_class(h, "Worker", 0), "<class 'app.Worker'>");
	heap_destroy(h);
}

static uint64_t function(struct heap *h, const char *qualname)
{
	uint64_t at = heap_object(h, heap_type(h, "function", 0), 160);

	heap_u64(h, at + h->rt.layout.func_qualname, heap_str(h, qualname));
	return at;
}

static void functions_and_methods(void **state)
{
	struct heap *h = heap_create(3, 12);
	uint64_t func = function(h, "Worker.run"), method = heap_new(h, "method");
	uint64_t self = heap_object(h, heap_class(h, "Worker", 0), 64);
	char want[200];

	snprintf(want, sizeof(want), "<function Worker.run at 0x%llx>", (unsigned long long)func);
	expect_repr(h, func, want);
	heap_u64(h, method + h->rt.layout.method_func, func);
	heap_u64(h, method + h->rt.layout.method_self, self);
	snprintf(want, sizeof(want), "<bound method Worker.run of <Worker at 0x%llx>>",
		 (unsigned long long)self);
	expect_repr(h, method, want);
	/* Bound to something whose repr only the target knows. */
	heap_u64(h, method + h->rt.layout.method_func, self);
	snprintf(want, sizeof(want), "<method at 0x%llx>", (unsigned long long)method);
	expect_repr(h, method, want);
	heap_destroy(h);
}

static void code_objects(void **state)
{
	struct heap *h = heap_create(3, 12);
	uint64_t code = heap_code(h, "work", 1, 0, NULL, NULL, 0);
	char want[200];

	snprintf(want, sizeof(want), "<code object work at 0x%llx, file \"/app.py\", line 7>",
		 (unsigned long long)code);
	expect_repr(h, code, want);
	heap_destroy(h);
}

static uint64_t exception(struct heap *h, const uint64_t *args, size_t n)
{
	uint64_t at = heap_object(h, heap_type(h, "ValueError", PYI_TPFLAGS_EXCEPTION), 80);

	heap_u64(h, at + h->rt.layout.exc_args, heap_tuple(h, args, n));
	return at;
}

static void exceptions(void **state)
{
	struct heap *h = heap_create(3, 12);
	uint64_t args[] = {heap_str(h, "x"), heap_small(h, 2)}, self;

	expect_repr(h, exception(h, NULL, 0), "ValueError()");
	expect_repr(h, exception(h, args, 1), "ValueError('x')");
	expect_repr(h, exception(h, args, 2), "ValueError('x', 2)");
	self = exception(h, args, 0);
	heap_u64(h, self + h->rt.layout.exc_args, heap_tuple(h, &self, 1));
	expect_repr(h, self, "ValueError(...)");
	heap_u64(h, self + h->rt.layout.exc_args, args[0]);
	expect_unreadable(h, self, "no tuple");
	heap_destroy(h);
	h = heap_create(3, 6);
	args[0] = heap_str(h, "x");
	expect_repr(h, exception(h, args, 1), "ValueError('x',)");
	heap_destroy(h);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(types),
		cmocka_unit_test(functions_and_methods),
		cmocka_unit_test(code_objects),
		cmocka_unit_test(exceptions),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
