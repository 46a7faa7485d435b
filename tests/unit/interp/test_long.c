/* SPDX-License-Identifier: BSD-2-Clause */
#include "world.h"

#include <gmp.h>
#include <math.h>

/* A number of up to max_bits random bits, as an int and as GMP has it. */
static PyObject *draw(mpz_t z, gmp_randstate_t rand, unsigned max_bits)
{
	char *text;
	PyObject *v;

	mpz_rrandomb(z, rand, gmp_urandomm_ui(rand, max_bits) + 1);
	if (gmp_urandomb_ui(rand, 1))
		mpz_neg(z, z);
	text = mpz_get_str(NULL, 10, z);
	v = PyLong_FromString(text, NULL, 10);
	free(text);
	return v;
}

/* v (stolen) must be z. */
static void assert_is(PyObject *v, const mpz_t z)
{
	char *text = mpz_get_str(NULL, 10, z);

	assert_repr(v, text);
	free(text);
}

static void arithmetic_is_gmps(void **state)
{
	gmp_randstate_t rand;
	mpz_t a, b, r;

	gmp_randinit_default(rand);
	gmp_randseed_ui(rand, 20260);
	mpz_inits(a, b, r, NULL);
	for (int i = 0; i < 3000; i++) {
		PyObject *x = draw(a, rand, i % 2 ? 70 : 700), *y = draw(b, rand, i % 3 ? 70 : 400);
		unsigned long shift = gmp_urandomm_ui(rand, 200);
		PyObject *n = PyLong_FromUnsignedLong(shift);

		mpz_add(r, a, b);
		assert_is(PyNumber_Add(x, y), r);
		mpz_sub(r, a, b);
		assert_is(PyNumber_Subtract(x, y), r);
		mpz_mul(r, a, b);
		assert_is(PyNumber_Multiply(x, y), r);
		mpz_and(r, a, b);
		assert_is(PyNumber_And(x, y), r);
		mpz_ior(r, a, b);
		assert_is(PyNumber_Or(x, y), r);
		mpz_xor(r, a, b);
		assert_is(PyNumber_Xor(x, y), r);
		if (mpz_sgn(b)) {
			mpz_fdiv_q(r, a, b);
			assert_is(PyNumber_FloorDivide(x, y), r);
			mpz_fdiv_r(r, a, b);
			assert_is(PyNumber_Remainder(x, y), r);
		}
		mpz_mul_2exp(r, a, shift);
		assert_is(PyNumber_Lshift(x, n), r);
		mpz_fdiv_q_2exp(r, a, shift);
		assert_is(PyNumber_Rshift(x, n), r);
		assert_int_equal(PyObject_RichCompareBool(x, y, Py_LT), mpz_cmp(a, b) < 0);
		assert_int_equal(_PyLong_NumBits(x), mpz_sgn(a) ? mpz_sizeinbase(a, 2) : 0);
		Py_DECREF(x);
		Py_DECREF(y);
		Py_DECREF(n);
	}
	mpz_clears(a, b, r, NULL);
	gmp_randclear(rand);
}

static void c_numbers_come_and_go(void **state)
{
	static const int64_t edges[] = {
		0, 1, -1, -5, -6, 1023, 1024, INT64_MAX, INT64_MIN + 1, INT64_MIN};
	PyObject *v;

	for (size_t i = 0; i < sizeof(edges) / sizeof(edges[0]); i++) {
		v = PyLong_FromLong(edges[i]);
		assert_int_equal(PyLong_AsLong(v), edges[i]);
		assert_true(PyLong_AsUnsignedLongMask(v) == (unsigned long)edges[i]);
		Py_DECREF(v);
	}
	v = PyLong_FromUnsignedLong(UINT64_MAX);
	assert_true(PyLong_AsUnsignedLong(v) == UINT64_MAX);
	assert_int_equal(PyLong_AsLong(v), -1);
	assert_raised(PyExc_OverflowError, "Python int too large to convert to C long");
	Py_DECREF(v);
	v = PyLong_FromLong(-1);
	assert_true(PyLong_AsUnsignedLong(v) == UINT64_MAX);
	assert_raised(PyExc_OverflowError, "can't convert negative value to unsigned int");
	Py_DECREF(v);
}

static void doubles_round_half_to_even(void **state)
{
	static const struct {
		const char *text;
		double value;
	} cases[] = {
		{"9007199254740993", 9007199254740992.0},
		{"9007199254740995", 9007199254740996.0},
		{"18446744073709551615", 18446744073709551616.0},
		{"18446744073709550591", 18446744073709549568.0},
		{"18446744073709550593", 18446744073709551616.0},
		{"-9007199254740993", -9007199254740992.0},
	};

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		PyObject *v = PyLong_FromString(cases[i].text, NULL, 10);

		assert_true(PyLong_AsDouble(v) == cases[i].value);
		Py_DECREF(v);
	}
	assert_repr(PyLong_FromDouble(-1e25), "-10000000000000000905969664");
	assert_null(PyLong_FromDouble(NAN));
	assert_raised(PyExc_ValueError, "cannot convert float NaN to integer");
}

static void small_ints_are_one_object(void **state)
{
	PyObject *a = PyLong_FromLong(1023), *b = PyLong_FromString("0x3ff", NULL, 0);

	assert_ptr_equal(a, b);
	Py_DECREF(a);
	Py_DECREF(b);
	a = PyLong_FromLong(1024);
	b = PyNumber_Subtract(a, a);
	assert_ptr_equal(b, _PyLong_Zero());
	Py_DECREF(a);
	Py_DECREF(b);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(arithmetic_is_gmps),
		cmocka_unit_test(c_numbers_come_and_go),
		cmocka_unit_test(doubles_round_half_to_even),
		cmocka_unit_test(small_ints_are_one_object),
	};

	return cmocka_run_group_tests(tests, world_setup, NULL);
}
