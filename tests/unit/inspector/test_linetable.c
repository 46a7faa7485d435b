/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Tables that real interpreters made of one function (below), with what their own
 * PyCode_Addr2Line and co_positions() say of every instruction; then tables nobody made.
 *
 *	def f(a, b):
 *	    "doc"                     (not in 2.7, where all lines are one less)
 *	    x = g(
 *	        a,
 *	        h(b,
 *	          1),
 *	    )
 *	    for i in x:
 *	        if i: continue
 *	        y = [j
 *	             for j in i]
 *	    try:
 *	        a.b(
 *	            y)
 *	    finally:
 *	        a = None
 *	    return (x +
 *	            y)
 */
#include "python/linetable.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

/* From this unit up to the next run's, or to the end of the code. */
struct run {
	unsigned unit;
	int line, end_line, column, end_column;
};

/* CPython 2.7.18, first line 1 */
static const uint8_t table_2_7[] = {0x00, 0x01, 0x03, 0x01, 0x03, 0x01, 0x06, 0x01, 0x0c, 0x02,
				    0x0d, 0x01, 0x06, 0x00, 0x06, 0x01, 0x03, 0x01, 0x1a, 0x01,
				    0x03, 0x01, 0x06, 0x01, 0x0b, 0x02, 0x07, 0x01, 0x03, 0x01};
static const struct run runs_2_7[] = {{0, 2, 0, 0, 0},    {3, 3, 0, 0, 0},   {6, 4, 0, 0, 0},
				      {12, 5, 0, 0, 0},   {24, 7, 0, 0, 0},  {37, 8, 0, 0, 0},
				      {49, 9, 0, 0, 0},   {52, 10, 0, 0, 0}, {78, 11, 0, 0, 0},
				      {81, 12, 0, 0, 0},  {87, 13, 0, 0, 0}, {98, 15, 0, 0, 0},
				      {105, 16, 0, 0, 0}, {108, 17, 0, 0, 0}};
enum { END_2_7 = 113 };

/* CPython 3.9.18, first line 1 */
static const uint8_t table_3_9[] = {0x00, 0x02, 0x02, 0x01, 0x02, 0x01, 0x04, 0x01, 0x02, 0xff,
				    0x02, 0xfe, 0x04, 0x05, 0x08, 0x01, 0x06, 0x01, 0x06, 0x01,
				    0x02, 0xff, 0x08, 0x02, 0x02, 0x01, 0x04, 0x01, 0x02, 0xff,
				    0x06, 0x03, 0x0c, 0x01, 0x02, 0x01, 0x02, 0xff};
static const struct run runs_3_9[] = {
	{0, 3, 0, 0, 0},   {1, 4, 0, 0, 0},   {2, 5, 0, 0, 0},   {4, 6, 0, 0, 0},
	{5, 5, 0, 0, 0},   {6, 3, 0, 0, 0},   {8, 8, 0, 0, 0},   {12, 9, 0, 0, 0},
	{15, 10, 0, 0, 0}, {18, 11, 0, 0, 0}, {19, 10, 0, 0, 0}, {23, 12, 0, 0, 0},
	{24, 13, 0, 0, 0}, {26, 14, 0, 0, 0}, {27, 13, 0, 0, 0}, {30, 16, 0, 0, 0},
	{36, 17, 0, 0, 0}, {37, 18, 0, 0, 0}, {38, 17, 0, 0, 0}};
enum { END_3_9 = 40 };

/* CPython 3.10.13, first line 1 */
static const uint8_t table_3_10[] = {0x02, 0x02, 0x02, 0x01, 0x04, 0x01, 0x02, 0x01, 0x02, 0xff,
				     0x04, 0xfe, 0x08, 0x05, 0x06, 0x01, 0x06, 0x01, 0x02, 0x01,
				     0x08, 0xff, 0x02, 0x02, 0x04, 0x01, 0x02, 0x01, 0x06, 0xff,
				     0x04, 0x03, 0x02, 0x01, 0x02, 0x01, 0x04, 0xff, 0x06, 0xff};
static const struct run runs_3_10[] = {
	{0, 3, 0, 0, 0},   {1, 4, 0, 0, 0},   {2, 5, 0, 0, 0},   {4, 6, 0, 0, 0},
	{5, 5, 0, 0, 0},   {6, 3, 0, 0, 0},   {8, 8, 0, 0, 0},   {12, 9, 0, 0, 0},
	{15, 10, 0, 0, 0}, {18, 11, 0, 0, 0}, {19, 10, 0, 0, 0}, {23, 12, 0, 0, 0},
	{24, 13, 0, 0, 0}, {26, 14, 0, 0, 0}, {27, 13, 0, 0, 0}, {30, 16, 0, 0, 0},
	{32, 17, 0, 0, 0}, {33, 18, 0, 0, 0}, {34, 17, 0, 0, 0}, {36, 16, 0, 0, 0}};
enum { END_3_10 = 39 };

/* CPython 3.11.7, first line 1 */
static const uint8_t table_3_11[] = {
	0x80, 0x00, 0xe5, 0x08, 0x09, 0xd8, 0x08, 0x09, 0xdd, 0x08, 0x09, 0x88, 0x21, 0xd8, 0x0a,
	0x0b, 0xf1, 0x03, 0x01, 0x09, 0x0d, 0xf4, 0x00, 0x01, 0x09, 0x0d, 0xf1, 0x05, 0x04, 0x09,
	0x06, 0xf4, 0x00, 0x04, 0x09, 0x06, 0x80, 0x41, 0xf0, 0x0a, 0x00, 0x0e, 0x0f, 0xf0, 0x00,
	0x03, 0x05, 0x19, 0xf0, 0x00, 0x03, 0x05, 0x19, 0x88, 0x01, 0xd8, 0x0b, 0x0c, 0x88, 0x0e,
	0x88, 0x68, 0xf0, 0x02, 0x01, 0x0d, 0x19, 0xf0, 0x00, 0x01, 0x0d, 0x19, 0xd8, 0x16, 0x17,
	0xf0, 0x03, 0x01, 0x0d, 0x19, 0xf1, 0x00, 0x01, 0x0d, 0x19, 0xf4, 0x00, 0x01, 0x0d, 0x19,
	0x88, 0x01, 0x88, 0x01, 0xf0, 0x04, 0x04, 0x05, 0x11, 0xd8, 0x08, 0x09, 0x8f, 0x03, 0x8a,
	0x03, 0xd8, 0x0c, 0x0d, 0xf1, 0x03, 0x01, 0x09, 0x0f, 0xf4, 0x00, 0x01, 0x09, 0x0f, 0xf0,
	0x00, 0x01, 0x09, 0x0f, 0xf0, 0x06, 0x00, 0x0d, 0x11, 0x88, 0x01, 0x88, 0x01, 0xf8, 0x88,
	0x44, 0x88, 0x01, 0x88, 0x08, 0x88, 0x08, 0x88, 0x08, 0x88, 0x08, 0xd8, 0x0c, 0x0d, 0xd8,
	0x0c, 0x0d, 0xf1, 0x03, 0x01, 0x0d, 0x0e, 0xf0, 0x00, 0x01, 0x05, 0x0f};
static const struct run runs_3_11[] = {
	{0, 1, 1, 1, 1},      {1, 3, 3, 9, 10},     {7, 4, 4, 9, 10},     {8, 5, 5, 9, 10},
	{14, 5, 5, 11, 12},   {15, 6, 6, 11, 12},   {16, 5, 6, 9, 13},    {23, 3, 7, 9, 6},
	{30, 3, 3, 5, 6},     {31, 8, 8, 14, 15},   {32, 8, 11, 5, 25},   {34, 8, 8, 9, 10},
	{35, 9, 9, 12, 13},   {36, 9, 9, 9, 23},    {37, 9, 9, 15, 23},   {38, 10, 11, 13, 25},
	{40, 11, 11, 23, 24}, {41, 10, 11, 13, 25}, {49, 10, 10, 9, 10},  {51, 12, 16, 5, 17},
	{52, 13, 13, 9, 10},  {53, 13, 13, 9, 12},  {64, 14, 14, 13, 14}, {65, 13, 14, 9, 15},
	{73, 16, 16, 13, 17}, {74, 16, 16, 9, 10},  {76, 0, 0, 0, 0},     {77, 16, 16, 13, 17},
	{78, 16, 16, 9, 10},  {79, 16, 16, 9, 17},  {83, 17, 17, 13, 14}, {84, 18, 18, 13, 14},
	{85, 17, 18, 13, 14}, {87, 17, 18, 5, 15}};
enum { END_3_11 = 88 };

/* CPython 3.13.0, first line 1 */
static const uint8_t table_3_13[] = {
	0x80, 0x00, 0xe4, 0x08, 0x09, 0xd8, 0x08, 0x09, 0xdc, 0x08, 0x09, 0x88, 0x21, 0xd8,
	0x0a, 0x0b, 0xf3, 0x03, 0x01, 0x09, 0x0d, 0xf3, 0x05, 0x04, 0x09, 0x06, 0x80, 0x41,
	0xf3, 0x0a, 0x00, 0x0e, 0x0f, 0x88, 0x01, 0xde, 0x0b, 0x0c, 0x89, 0x68, 0xe1, 0x16,
	0x17, 0xf3, 0x03, 0x01, 0x0d, 0x19, 0xd9, 0x16, 0x17, 0x90, 0x11, 0xf3, 0x03, 0x00,
	0x0e, 0x0f, 0xd9, 0x16, 0x17, 0xf0, 0x03, 0x00, 0x09, 0x0a, 0xf0, 0x00, 0x01, 0x0d,
	0x19, 0x89, 0x01, 0xf1, 0x05, 0x00, 0x0e, 0x0f, 0xf0, 0x08, 0x04, 0x05, 0x11, 0xd8,
	0x08, 0x09, 0x8f, 0x03, 0x89, 0x03, 0xd8, 0x0c, 0x0d, 0xf4, 0x03, 0x01, 0x09, 0x0f,
	0xf0, 0x06, 0x00, 0x0d, 0x11, 0x88, 0x01, 0xd8, 0x0c, 0x0d, 0xd8, 0x0c, 0x0d, 0xf1,
	0x03, 0x01, 0x0d, 0x0e, 0xf0, 0x00, 0x01, 0x05, 0x0f, 0xf9, 0xf2, 0x0f, 0x01, 0x0d,
	0x19, 0xf8, 0xf0, 0x0c, 0x00, 0x0d, 0x11, 0x89, 0x01, 0xfa};
static const struct run runs_3_13[] = {
	{0, 1, 1, 1, 1},      {1, 3, 3, 9, 10},     {6, 4, 4, 9, 10},     {7, 5, 5, 9, 10},
	{12, 5, 5, 11, 12},   {13, 6, 6, 11, 12},   {14, 5, 6, 9, 13},    {18, 3, 7, 9, 6},
	{22, 3, 3, 5, 6},     {23, 8, 8, 14, 15},   {27, 8, 8, 9, 10},    {28, 9, 9, 12, 13},
	{35, 9, 9, 15, 23},   {37, 11, 11, 23, 24}, {39, 10, 11, 13, 25}, {43, 11, 11, 23, 24},
	{45, 11, 11, 18, 19}, {46, 10, 10, 14, 15}, {50, 11, 11, 23, 24}, {52, 10, 10, 9, 10},
	{53, 10, 11, 13, 25}, {54, 10, 10, 9, 10},  {56, 8, 8, 14, 15},   {58, 12, 16, 5, 17},
	{59, 13, 13, 9, 10},  {60, 13, 13, 9, 12},  {70, 14, 14, 13, 14}, {71, 13, 14, 9, 15},
	{76, 16, 16, 13, 17}, {77, 16, 16, 9, 10},  {78, 17, 17, 13, 14}, {79, 18, 18, 13, 14},
	{80, 17, 18, 13, 14}, {82, 17, 18, 5, 15},  {83, 0, 0, 0, 0},     {85, 10, 11, 13, 25},
	{88, 0, 0, 0, 0},     {89, 16, 16, 13, 17}, {90, 16, 16, 9, 10},  {92, 0, 0, 0, 0}};
enum { END_3_13 = 95 };

#define CHECK_ALL(how, version)                                                  \
	check_all(how, table_##version, sizeof(table_##version), runs_##version, \
		  sizeof(runs_##version) / sizeof(runs_##version[0]), END_##version)

static void check_all(enum pyi_how_lines how, const uint8_t *table, size_t len,
		      const struct run *runs, size_t n, unsigned end)
{
	for (size_t i = 0; i < n; i++) {
		unsigned until = i + 1 < n ? runs[i + 1].unit : end;

		for (unsigned unit = runs[i].unit; unit < until; unit++) {
			struct pyi_position pos = pyi_linetable_lookup(how, table, len, 1, unit);

			assert_int_equal(pos.line, runs[i].line);
			assert_int_equal(pos.end_line, runs[i].end_line);
			assert_int_equal(pos.column, runs[i].column);
			assert_int_equal(pos.end_column, runs[i].end_column);
		}
	}
}

static int line_of(enum pyi_how_lines how, const uint8_t *table, size_t len, uint64_t unit)
{
	return pyi_linetable_lookup(how, table, len, 10, unit).line;
}

static void lnotab_of_2_7(void **state)
{
	CHECK_ALL(PYI_LINES_LNOTAB_UNSIGNED, 2_7);
}

static void lnotab_of_3_9(void **state)
{
	CHECK_ALL(PYI_LINES_LNOTAB, 3_9);
}

static void linetable_of_3_10(void **state)
{
	CHECK_ALL(PYI_LINES_LINETABLE, 3_10);
}

static void locations_of_3_11(void **state)
{
	CHECK_ALL(PYI_LINES_LOCATIONS, 3_11);
}

static void locations_of_3_13(void **state)
{
	CHECK_ALL(PYI_LINES_LOCATIONS, 3_13);
}

/* A line step of 0xff is 255 lines on in 2.7 and one line back from 3.6 on. */
static void the_sign_of_a_step(void **state)
{
	static const uint8_t table[] = {2, 0xff};

	assert_int_equal(line_of(PYI_LINES_LNOTAB_UNSIGNED, table, 2, 2), 265);
	assert_int_equal(line_of(PYI_LINES_LNOTAB_UNSIGNED, table, 2, 1), 10);
	assert_int_equal(line_of(PYI_LINES_LNOTAB, table, 2, 1), 9);
	assert_int_equal(line_of(PYI_LINES_LNOTAB, table, 2, 0), 10);
}

/* -128 is "no line", but its bytes count. */
static void no_line_in_3_10(void **state)
{
	static const uint8_t table[] = {4, 1, 6, 0x80, 2, 2};

	assert_int_equal(line_of(PYI_LINES_LINETABLE, table, 6, 0), 11);
	assert_int_equal(line_of(PYI_LINES_LINETABLE, table, 6, 1), 11);
	assert_int_equal(line_of(PYI_LINES_LINETABLE, table, 6, 2), 0);
	assert_int_equal(line_of(PYI_LINES_LINETABLE, table, 6, 4), 0);
	assert_int_equal(line_of(PYI_LINES_LINETABLE, table, 6, 5), 13);
	assert_int_equal(line_of(PYI_LINES_LINETABLE, table, 6, 6), 0);
}

#define ENTRY(kind, units) (0x80 | (kind) << 3 | ((units)-1))

static void kinds_of_locations(void **state)
{
	static const uint8_t table[] = {
		ENTRY(13, 2),
		4,            /* no columns, line + 2 */
		ENTRY(15, 1), /* none */
		ENTRY(14, 8),
		0x43,
		0x01,
		2,
		5,
		0, /* long, line - 33, two lines, column 5, no end */
		ENTRY(12, 1),
		200,
		255, /* line + 2, columns in bytes */
		ENTRY(9, 1),
		0xff, /* the largest short form */
	};
	struct pyi_position pos;

	pos = pyi_linetable_lookup(PYI_LINES_LOCATIONS, table, sizeof(table), 100, 1);
	assert_int_equal(pos.line, 102);
	assert_int_equal(pos.end_line, 102);
	assert_int_equal(pos.column, 0);
	assert_int_equal(pos.end_column, 0);
	pos = pyi_linetable_lookup(PYI_LINES_LOCATIONS, table, sizeof(table), 100, 2);
	assert_int_equal(pos.line, 0);
	for (unsigned unit = 3; unit < 11; unit++) {
		pos = pyi_linetable_lookup(PYI_LINES_LOCATIONS, table, sizeof(table), 100, unit);
		assert_int_equal(pos.line, 69);
		assert_int_equal(pos.end_line, 71);
		assert_int_equal(pos.column, 5);
		assert_int_equal(pos.end_column, 0);
	}
	pos = pyi_linetable_lookup(PYI_LINES_LOCATIONS, table, sizeof(table), 100, 11);
	assert_int_equal(pos.line, 71);
	assert_int_equal(pos.column, 201);
	assert_int_equal(pos.end_column, 256);
	pos = pyi_linetable_lookup(PYI_LINES_LOCATIONS, table, sizeof(table), 100, 12);
	assert_int_equal(pos.line, 71);
	assert_int_equal(pos.column, 80);
	assert_int_equal(pos.end_column, 95);
	pos = pyi_linetable_lookup(PYI_LINES_LOCATIONS, table, sizeof(table), 100, 13);
	assert_int_equal(pos.line, 0);
}

/* Every prefix of a table: what is whole in it is told, the rest has no line. */
static void cut_tables(void **state)
{
	static const uint8_t table[] = {
		ENTRY(13, 1), 4, ENTRY(10, 1), 7, 9, ENTRY(14, 1), 0x42, 1, 0, 1, 2};
	static const size_t whole[] = {2, 5, 11};

	for (size_t len = 0; len <= sizeof(table); len++) {
		assert_int_equal(line_of(PYI_LINES_LOCATIONS, table, len, 0),
				 len >= whole[0] ? 12 : 0);
		assert_int_equal(line_of(PYI_LINES_LOCATIONS, table, len, 1),
				 len >= whole[1] ? 12 : 0);
		assert_int_equal(line_of(PYI_LINES_LOCATIONS, table, len, 2),
				 len >= whole[2] ? 45 : 0);
	}
	assert_int_equal(line_of(PYI_LINES_LNOTAB, (const uint8_t[]){0, 3, 0}, 3, 0), 13);
	assert_int_equal(line_of(PYI_LINES_LINETABLE, (const uint8_t[]){2}, 1, 0), 0);
	assert_int_equal(line_of(PYI_LINES_LOCATIONS, NULL, 0, 0), 0);
}

static void malformed_tables(void **state)
{
	/* An entry must begin with bit 7. */
	static const uint8_t no_head[] = {ENTRY(13, 1), 2, 0x05, ENTRY(13, 1), 2};
	/* A number that never ends. */
	static const uint8_t endless[] = {ENTRY(14, 1), 0x7f, 0x7f, 0x7f, 0x7f,
					  0x7f,         0x7f, 1,    1,    1};
	/* Lines that leave what an int holds, and lines before the first. */
	static const uint8_t far[] = {ENTRY(13, 1), 0x7e, 0x7f, 0x7f, 0x7f, 0x3f};
	static const uint8_t back[] = {ENTRY(13, 1), 0x7f, 0x01};

	assert_int_equal(line_of(PYI_LINES_LOCATIONS, no_head, sizeof(no_head), 0), 11);
	assert_int_equal(line_of(PYI_LINES_LOCATIONS, no_head, sizeof(no_head), 1), 0);
	assert_int_equal(line_of(PYI_LINES_LOCATIONS, endless, sizeof(endless), 0), 0);
	assert_int_equal(
		pyi_linetable_lookup(PYI_LINES_LOCATIONS, far, sizeof(far), 0x7fffffff, 0).line, 0);
	assert_int_equal(line_of(PYI_LINES_LOCATIONS, back, sizeof(back), 0), 0);
	assert_int_equal(line_of((enum pyi_how_lines)99, back, sizeof(back), 0), 0);
}

static void a_frame_that_has_not_started(void **state)
{
	assert_int_equal(line_of(PYI_LINES_LOCATIONS, table_3_11, sizeof(table_3_11), UINT64_MAX),
			 10);
	assert_int_equal(line_of(PYI_LINES_LNOTAB, table_3_9, sizeof(table_3_9), UINT64_MAX), 10);
	assert_int_equal(line_of(PYI_LINES_LINETABLE, table_3_10, sizeof(table_3_10), 1ull << 63),
			 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(lnotab_of_2_7),
		cmocka_unit_test(lnotab_of_3_9),
		cmocka_unit_test(linetable_of_3_10),
		cmocka_unit_test(locations_of_3_11),
		cmocka_unit_test(locations_of_3_13),
		cmocka_unit_test(the_sign_of_a_step),
		cmocka_unit_test(no_line_in_3_10),
		cmocka_unit_test(kinds_of_locations),
		cmocka_unit_test(cut_tables),
		cmocka_unit_test(malformed_tables),
		cmocka_unit_test(a_frame_that_has_not_started),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
