/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * int, bool, float and complex as repr() prints them.
 *
 * Digits of an int are little-endian. 2.7 to 3.11: abs(ob_size) digits of 30 bits, the sign is
 * ob_size's (CPython v3.11 Include/cpython/longintrepr.h). 3.12+: lv_tag = count << 3 | sign, sign
 * 0 positive, 1 zero, 2 negative (v3.12 Include/cpython/longintrepr.h). minipy: limbs of 64 bits.
 */
#include "python/decimal.h"
#include "python/printer.h"
#include "base/cleanup.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

/* Beyond this a whole conversion, which takes quadratic time, would take more than a moment; only
 * the leading digits are computed then. About 120,000 decimal digits. */
enum { WHOLE_BITS = 400000, LEADING_DIGITS = 1000 };

/* Where an int's digits stand. */
struct int_view {
	uint64_t digits; /* address */
	uint64_t count;  /* 32-bit words */
	unsigned shift;  /* bits used of each word: 30 or 32 */
	bool negative;
};

static struct pyi_error *view_sized(struct pyi_target *target, const struct pyi_layout *l,
				    uint64_t obj, struct int_view *view)
{
	uint64_t size;
	struct pyi_error *err = pyi_field_u64(target, obj, l->var_size, &size);

	if (err)
		return err;
	view->negative = (int64_t)size < 0;
	view->count = view->negative ? 0 - size : size;
	if (l->how_int == PYI_INT_LIMBS && view->count <= (uint64_t)INT64_MAX / 8) {
		view->shift = 32;
		view->count *= 2;
	}
	return NULL;
}

static struct pyi_error *view_tagged(struct pyi_target *target, const struct pyi_layout *l,
				     uint64_t obj, struct int_view *view)
{
	uint64_t tag;
	struct pyi_error *err = pyi_field_u64(target, obj, l->int_tag, &tag);

	if (err)
		return err;
	view->negative = (tag & 3) == 2;
	view->count = (tag & 3) == 1 ? 0 : tag >> 3;
	return NULL;
}

static struct pyi_error *view_int(struct pyi_target *target, const struct pyi_layout *l,
				  uint64_t obj, struct int_view *ret)
{
	struct int_view view = {.digits = obj + l->int_digits, .shift = 30};
	struct pyi_error *err = l->how_int == PYI_INT_TAG ? view_tagged(target, l, obj, &view)
							  : view_sized(target, l, obj, &view);

	if (err)
		return err;
	if (l->int_digits == PYI_NONE || view.count > (uint64_t)INT64_MAX / 32)
		return pyi_error_create(PYI_ERR_BAD_DATA, "no int at 0x%llx",
					(unsigned long long)obj);
	*ret = view;
	return NULL;
}

/* Digits [first, first + n) of the view. */
static struct pyi_error *read_digits(struct pyi_target *target, const struct int_view *view,
				     uint64_t first, uint64_t n, uint32_t *digits)
{
	struct pyi_error *err = pyi_mem_read(target->mem, view->digits + 4 * first, digits, n * 4);

	for (uint64_t i = 0; !err && view->shift < 32 && i < n; i++)
		if (digits[i] >> view->shift)
			return pyi_error_create(PYI_ERR_BAD_DATA, "impossible int digit 0x%x",
						digits[i]);
	return err;
}

struct pyi_error *pyi_int_read(struct pyi_target *target, const struct pyi_runtime *rt,
			       uint64_t obj, uint64_t *ret)
{
	const struct pyi_layout *l = &rt->layout;
	uint32_t digits[3] = {0};
	struct int_view view;
	struct pyi_error *err;

	if (l->how_int == PYI_INT_PY2) {
		uint64_t type, flags;

		err = pyi_object_type(target, rt, obj, &type);
		if (!err)
			err = pyi_field_u64(target, type, l->type_flags, &flags);
		if (err || !(flags & PYI_TPFLAGS_INT))
			return err ? err : pyi_field_u64(target, obj, l->int_tag, ret);
	} else {
		err = pyi_object_check(target, rt, obj, PYI_TPFLAGS_INT, "int");
	}
	if (!err)
		err = view_int(target, l, obj, &view);
	if (!err && (view.negative || view.count > 3))
		return pyi_error_create(PYI_ERR_BAD_DATA, "the int does not fit 64 bits");
	if (!err)
		err = read_digits(target, &view, 0, view.count, digits);
	if (err)
		return err;
	if (digits[2] >> (view.shift == 30 ? 4 : 0))
		return pyi_error_create(PYI_ERR_BAD_DATA, "the int does not fit 64 bits");
	*ret = digits[0] | (uint64_t)digits[1] << view.shift |
	       (view.shift < 32 ? (uint64_t)digits[2] << 60 : 0);
	return NULL;
}

struct pyi_error *pyi_print_bool(struct pyi_printer *p, uint64_t obj, const struct pyi_type *type)
{
	const struct pyi_layout *l = &p->rt->layout;
	struct int_view view;
	uint64_t value;
	struct pyi_error *err;

	if (l->how_int == PYI_INT_PY2) {
		err = pyi_field_u64(p->target, obj, l->int_tag, &value);
	} else {
		err = view_int(p->target, l, obj, &view);
		value = err ? 0 : view.count;
	}
	if (!err)
		pyi_printer_puts(p, value ? "True" : "False");
	return err;
}

static struct pyi_error *print_digits(struct pyi_printer *p, const struct int_view *view)
{
	bool whole = view->count <= WHOLE_BITS / view->shift;
	uint64_t n = whole ? view->count : pyi_decimal_leading_words(LEADING_DIGITS, view->shift);
	pyi_autofree uint32_t *digits = calloc(n + 1, sizeof(*digits));
	pyi_autofree char *text = NULL;
	struct pyi_error *err;

	if (!digits)
		return &pyi_enomem;
	pyi_printer_touch(p, view->digits + 4 * (view->count - n), 4);
	pyi_printer_touch(p, view->digits + 4 * view->count - 1, 1);
	err = read_digits(p->target, view, view->count - n, n, digits);
	if (err)
		return err;
	if (view->negative)
		pyi_printer_puts(p, "-");
	if (whole)
		text = pyi_decimal_whole(digits, n, view->shift);
	else
		text = pyi_decimal_leading(digits, n, view->shift, view->count - n, LEADING_DIGITS);
	if (!text)
		return &pyi_enomem;
	pyi_printer_puts(p, text);
	p->cut = p->cut || !whole;
	return NULL;
}

struct pyi_error *pyi_print_long(struct pyi_printer *p, uint64_t obj, const struct pyi_type *type)
{
	struct int_view view;
	struct pyi_error *err = view_int(p->target, &p->rt->layout, obj, &view);

	if (!err)
		err = print_digits(p, &view);
	if (!err && type->obj == PYI_OBJ_LONG)
		pyi_printer_puts(p, "L");
	return err;
}

struct pyi_error *pyi_print_int(struct pyi_printer *p, uint64_t obj, const struct pyi_type *type)
{
	uint64_t value;
	struct pyi_error *err;

	if (p->rt->layout.how_int != PYI_INT_PY2)
		return pyi_print_long(p, obj, type);
	err = pyi_field_u64(p->target, obj, p->rt->layout.int_tag, &value);
	if (!err)
		pyi_printer_format(p, "%lld", (long long)value);
	return err;
}

struct pyi_error *pyi_print_float(struct pyi_printer *p, uint64_t obj, const struct pyi_type *type)
{
	uint64_t bits;
	double value;
	char text[PYI_DOUBLE_MAX];
	struct pyi_error *err = pyi_field_u64(p->target, obj, p->rt->layout.float_value, &bits);

	if (err)
		return err;
	memcpy(&value, &bits, sizeof(value));
	pyi_decimal_double(value, true, text);
	pyi_printer_puts(p, text);
	return NULL;
}

/* A real part of positive zero is left out, the imaginary one then has no plus sign (CPython
 * Objects/complexobject.c, complex_repr). */
struct pyi_error *pyi_print_complex(struct pyi_printer *p, uint64_t obj,
				    const struct pyi_type *type)
{
	uint64_t bits[2];
	double part[2];
	char re[PYI_DOUBLE_MAX], im[PYI_DOUBLE_MAX];
	struct pyi_error *err = pyi_field_u64(p->target, obj, p->rt->layout.complex_real, &bits[0]);

	if (!err)
		err = pyi_field_u64(p->target, obj, p->rt->layout.complex_real + 8, &bits[1]);
	if (err)
		return err;
	memcpy(part, bits, sizeof(part));
	pyi_decimal_double(part[0], false, re);
	pyi_decimal_double(part[1], false, im);
	if (part[0] == 0 && !signbit(part[0]))
		pyi_printer_format(p, "%sj", im);
	else
		pyi_printer_format(p, "(%s%s%sj)", re, im[0] == '-' ? "" : "+", im);
	return NULL;
}
