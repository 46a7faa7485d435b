/* SPDX-License-Identifier: BSD-2-Clause */
#include "base/error.h"

#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

static void test_create_and_wrap(void **state)
{
	struct pyi_error *err = pyi_error_create(PYI_ERR_BAD_DATA, "field %d is odd", 3);

	err = pyi_error_wrap(err, "thread %d", 7);
	err = pyi_error_wrap(err, "pid 1");
	err = pyi_error_hint(err, "first");
	err = pyi_error_hint(err, "second");
	assert_int_equal(err->code, PYI_ERR_BAD_DATA);
	assert_string_equal(err->message, "pid 1: thread 7: field 3 is odd");
	assert_string_equal(err->hint, "second");
	pyi_error_destroy(err);
}

static void test_fault_keeps_address(void **state)
{
	struct pyi_error *err = pyi_error_fault(0xdead000, "not mapped");

	assert_int_equal(err->code, PYI_ERR_FAULT);
	assert_true(err->address == 0xdead000);
	pyi_error_destroy(err);
}

static void test_errno_codes(void **state)
{
	static const struct {
		int errnum;
		enum pyi_errc code;
	} rows[] = {
		{EPERM, PYI_ERR_PERMISSION}, {EACCES, PYI_ERR_PERMISSION},
		{ENOENT, PYI_ERR_NOT_FOUND}, {ESRCH, PYI_ERR_NOT_FOUND},
		{EIO, PYI_ERR_IO},           {ENOMEM, PYI_ERR_NO_MEMORY},
	};

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct pyi_error *err = pyi_error_errno(rows[i].errnum, "open");

		assert_int_equal(err->code, rows[i].code);
		assert_memory_equal(err->message, "open: ", 6);
		pyi_error_destroy(err);
	}
}

static void test_message_is_safe(void **state)
{
	struct pyi_error *err = pyi_error_create(PYI_ERR_IO, "%s", "a\nb\033[2Jc");

	err = pyi_error_wrap(err, "%s", "x\ny");
	err = pyi_error_hint(err, "%s", "h\033");
	assert_string_equal(err->message, "x\\ny: a\\nb\\x1b[2Jc");
	assert_string_equal(err->hint, "h\\x1b");
	pyi_error_destroy(err);
}

static void test_null_and_static(void **state)
{
	assert_null(pyi_error_wrap(NULL, "x"));
	assert_null(pyi_error_hint(NULL, "x"));
	assert_ptr_equal(pyi_error_wrap(&pyi_enomem, "x"), &pyi_enomem);
	pyi_error_destroy(&pyi_enomem);
	pyi_error_destroy(NULL);
	assert_string_equal(pyi_enomem.message, "out of memory");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_create_and_wrap), cmocka_unit_test(test_fault_keeps_address),
		cmocka_unit_test(test_errno_codes),     cmocka_unit_test(test_message_is_safe),
		cmocka_unit_test(test_null_and_static),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
