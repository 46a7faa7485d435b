/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What a character is. Categories and simple case mappings come from utf8proc where minipy is
 * built with it; without it only ASCII and Latin-1 have properties. What utf8proc does not know
 * (derived properties of Unicode 14) stands in tables here.
 */
#include "objects/unicode_priv.h"

#include "core/errors.h"

#ifdef HAVE_UTF8PROC
#include <utf8proc.h>
#else
enum {
	UTF8PROC_CATEGORY_CN,
	UTF8PROC_CATEGORY_LU,
	UTF8PROC_CATEGORY_LL,
	UTF8PROC_CATEGORY_LT,
	UTF8PROC_CATEGORY_LM,
	UTF8PROC_CATEGORY_LO,
	UTF8PROC_CATEGORY_MN,
	UTF8PROC_CATEGORY_MC,
	UTF8PROC_CATEGORY_ME,
	UTF8PROC_CATEGORY_ND,
	UTF8PROC_CATEGORY_NL,
	UTF8PROC_CATEGORY_NO,
	UTF8PROC_CATEGORY_PC,
	UTF8PROC_CATEGORY_PD,
	UTF8PROC_CATEGORY_PS,
	UTF8PROC_CATEGORY_PE,
	UTF8PROC_CATEGORY_PI,
	UTF8PROC_CATEGORY_PF,
	UTF8PROC_CATEGORY_PO,
	UTF8PROC_CATEGORY_SM,
	UTF8PROC_CATEGORY_SC,
	UTF8PROC_CATEGORY_SK,
	UTF8PROC_CATEGORY_SO,
	UTF8PROC_CATEGORY_ZS,
	UTF8PROC_CATEGORY_ZL,
	UTF8PROC_CATEGORY_ZP,
	UTF8PROC_CATEGORY_CC,
	UTF8PROC_CATEGORY_CF,
	UTF8PROC_CATEGORY_CS,
	UTF8PROC_CATEGORY_CO,
};

static int utf8proc_category(int32_t ch)
{
	if (ch < 0x20 || (ch >= 0x7f && ch < 0xa0))
		return UTF8PROC_CATEGORY_CC;
	if (ch == ' ' || ch == 0xa0)
		return UTF8PROC_CATEGORY_ZS;
	if (ch >= '0' && ch <= '9')
		return UTF8PROC_CATEGORY_ND;
	if ((ch >= 'a' && ch <= 'z') || (ch >= 0xdf && ch <= 0xff && ch != 0xf7) || ch == 0xb5)
		return UTF8PROC_CATEGORY_LL;
	if ((ch >= 'A' && ch <= 'Z') || (ch >= 0xc0 && ch <= 0xde && ch != 0xd7))
		return UTF8PROC_CATEGORY_LU;
	if (ch == 0xaa || ch == 0xba)
		return UTF8PROC_CATEGORY_LO;
	if (ch == 0xad)
		return UTF8PROC_CATEGORY_CF;
	if (ch == '_')
		return UTF8PROC_CATEGORY_PC;
	if (ch == 0xb2 || ch == 0xb3 || ch == 0xb9 || (ch >= 0xbc && ch <= 0xbe))
		return UTF8PROC_CATEGORY_NO;
	if (ch >= 0xd800 && ch <= 0xdfff)
		return UTF8PROC_CATEGORY_CS;
	return ch < 0x100 ? UTF8PROC_CATEGORY_PO : UTF8PROC_CATEGORY_LO;
}

static int32_t utf8proc_tolower(int32_t ch)
{
	return utf8proc_category(ch) == UTF8PROC_CATEGORY_LU ? ch + 32 : ch;
}

static int32_t utf8proc_toupper(int32_t ch)
{
	if (ch == 0xb5)
		return 0x39c;
	if (ch == 0xff)
		return 0x178;
	return utf8proc_category(ch) == UTF8PROC_CATEGORY_LL ? ch - 32 : ch;
}

#define utf8proc_totitle utf8proc_toupper
#endif

struct range {
	Py_UCS4 first, last;
};

static bool in_ranges(const struct range *ranges, size_t n, Py_UCS4 ch)
{
	size_t low = 0, high = n;

	while (low < high) {
		size_t mid = (low + high) / 2;

		if (ch < ranges[mid].first)
			high = mid;
		else if (ch > ranges[mid].last)
			low = mid + 1;
		else
			return true;
	}
	return false;
}
#define IN(table, ch) in_ranges(table, sizeof(table) / sizeof((table)[0]), ch)

/* PropList.txt Other_Lowercase, Other_Uppercase. */
static const struct range other_lowercase[] = {
	{0xaa, 0xaa},       {0xba, 0xba},       {0x2b0, 0x2b8},     {0x2c0, 0x2c1},
	{0x2e0, 0x2e4},     {0x345, 0x345},     {0x37a, 0x37a},     {0x1d2c, 0x1d6a},
	{0x1d78, 0x1d78},   {0x1d9b, 0x1dbf},   {0x2071, 0x2071},   {0x207f, 0x207f},
	{0x2090, 0x209c},   {0x2170, 0x217f},   {0x24d0, 0x24e9},   {0x2c7c, 0x2c7d},
	{0xa69c, 0xa69d},   {0xa770, 0xa770},   {0xa7f8, 0xa7f9},   {0xab5c, 0xab5f},
	{0x10780, 0x10780}, {0x10783, 0x10785}, {0x10787, 0x107b0}, {0x107b2, 0x107ba},
};
static const struct range other_uppercase[] = {
	{0x2160, 0x216f},   {0x24b6, 0x24cf},   {0x1f130, 0x1f149},
	{0x1f150, 0x1f169}, {0x1f170, 0x1f189},
};
/* Digits that are no decimal digits (UnicodeData.txt, numeric type Digit). */
static const struct range other_digits[] = {
	{0xb2, 0xb3},       {0xb9, 0xb9},       {0x1369, 0x1371},   {0x19da, 0x19da},
	{0x2070, 0x2070},   {0x2074, 0x2079},   {0x2080, 0x2089},   {0x2460, 0x2468},
	{0x2474, 0x247c},   {0x2488, 0x2490},   {0x24ea, 0x24ea},   {0x24f5, 0x24fd},
	{0x24ff, 0x24ff},   {0x2776, 0x277e},   {0x2780, 0x2788},   {0x278a, 0x2792},
	{0x10a40, 0x10a43}, {0x10e60, 0x10e68}, {0x11052, 0x1105a}, {0x1f100, 0x1f10a},
};
/* Letters with a number's value (Unihan numeric properties), the common ones. */
static const struct range number_letters[] = {
	{0x3405, 0x3405}, {0x3483, 0x3483}, {0x382a, 0x382a}, {0x3b4d, 0x3b4d}, {0x4e00, 0x4e00},
	{0x4e03, 0x4e03}, {0x4e07, 0x4e07}, {0x4e09, 0x4e09}, {0x4e5d, 0x4e5d}, {0x4e8c, 0x4e8c},
	{0x4e94, 0x4e94}, {0x4e96, 0x4e96}, {0x4ebf, 0x4ec0}, {0x4edf, 0x4edf}, {0x4ee8, 0x4ee8},
	{0x4f0d, 0x4f0d}, {0x4f70, 0x4f70}, {0x5104, 0x5104}, {0x5146, 0x5146}, {0x5169, 0x5169},
	{0x516b, 0x516b}, {0x516d, 0x516d}, {0x5341, 0x5341}, {0x5343, 0x5345}, {0x534c, 0x534c},
	{0x53c1, 0x53c4}, {0x56db, 0x56db}, {0x58f1, 0x58f1}, {0x58f9, 0x58f9}, {0x5e7a, 0x5e7a},
	{0x5efe, 0x5eff}, {0x5f0c, 0x5f0e}, {0x5f10, 0x5f10}, {0x62fe, 0x62fe}, {0x634c, 0x634c},
	{0x67d2, 0x67d2}, {0x6f06, 0x6f06}, {0x7396, 0x7396}, {0x767e, 0x767e}, {0x8086, 0x8086},
	{0x842c, 0x842c}, {0x8cae, 0x8cae}, {0x8cb3, 0x8cb3}, {0x8d30, 0x8d30}, {0x9621, 0x9621},
	{0x9646, 0x9646}, {0x964c, 0x964c}, {0x9678, 0x9678}, {0x96f6, 0x96f6},
};
/* Other_ID_Start, and what may only follow. */
static const struct range other_id_start[] = {
	{0x1885, 0x1886},
	{0x2118, 0x2118},
	{0x212e, 0x212e},
	{0x309b, 0x309c},
};
static const struct range other_id_continue[] = {
	{0xb7, 0xb7},
	{0x387, 0x387},
	{0x1369, 0x1371},
	{0x19da, 0x19da},
};

static int category(Py_UCS4 ch)
{
	return utf8proc_category((int32_t)ch);
}

static bool is_ascii_letter(Py_UCS4 ch)
{
	return (ch | 0x20) >= 'a' && (ch | 0x20) <= 'z';
}

int _PyUnicode_IsAlpha(Py_UCS4 ch)
{
	int c;

	if (ch < 0x80)
		return is_ascii_letter(ch);
	c = category(ch);
	return c >= UTF8PROC_CATEGORY_LU && c <= UTF8PROC_CATEGORY_LO;
}

int _PyUnicode_ToDecimalDigit(Py_UCS4 ch)
{
	Py_UCS4 zero = ch;

	if (ch < 0x80)
		return ch >= '0' && ch <= '9' ? (int)(ch - '0') : -1;
	if (category(ch) != UTF8PROC_CATEGORY_ND)
		return -1;
	/* Decimal digits come in runs of tens, from zero to nine. */
	while (category(zero - 1) == UTF8PROC_CATEGORY_ND)
		zero--;
	return (int)((ch - zero) % 10);
}

int _PyUnicode_IsDecimalDigit(Py_UCS4 ch)
{
	return ch < 0x80 ? ch >= '0' && ch <= '9' : category(ch) == UTF8PROC_CATEGORY_ND;
}

int _PyUnicode_IsDigit(Py_UCS4 ch)
{
	return _PyUnicode_IsDecimalDigit(ch) || (ch >= 0x80 && IN(other_digits, ch));
}

int _PyUnicode_IsNumeric(Py_UCS4 ch)
{
	int c;

	if (ch < 0x80)
		return ch >= '0' && ch <= '9';
	c = category(ch);
	return c == UTF8PROC_CATEGORY_ND || c == UTF8PROC_CATEGORY_NL ||
	       c == UTF8PROC_CATEGORY_NO || (c == UTF8PROC_CATEGORY_LO && IN(number_letters, ch));
}

int _PyUnicode_IsAlnum(Py_UCS4 ch)
{
	return _PyUnicode_IsAlpha(ch) || _PyUnicode_IsNumeric(ch);
}

int _PyUnicode_IsLowercase(Py_UCS4 ch)
{
	if (ch < 0x80)
		return ch >= 'a' && ch <= 'z';
	return category(ch) == UTF8PROC_CATEGORY_LL || IN(other_lowercase, ch);
}

int _PyUnicode_IsUppercase(Py_UCS4 ch)
{
	if (ch < 0x80)
		return ch >= 'A' && ch <= 'Z';
	return category(ch) == UTF8PROC_CATEGORY_LU || IN(other_uppercase, ch);
}

int _PyUnicode_IsTitlecase(Py_UCS4 ch)
{
	return ch >= 0x80 && category(ch) == UTF8PROC_CATEGORY_LT;
}

int _PyUnicode_IsCased(Py_UCS4 ch)
{
	return _PyUnicode_IsLowercase(ch) || _PyUnicode_IsUppercase(ch) ||
	       _PyUnicode_IsTitlecase(ch);
}

int _PyUnicode_IsCaseIgnorable(Py_UCS4 ch)
{
	int c = category(ch);

	return c == UTF8PROC_CATEGORY_MN || c == UTF8PROC_CATEGORY_ME ||
	       c == UTF8PROC_CATEGORY_CF || c == UTF8PROC_CATEGORY_LM ||
	       c == UTF8PROC_CATEGORY_SK || ch == '\'' || ch == '.' || ch == ':' || ch == 0xb7 ||
	       ch == 0x2019;
}

int _PyUnicode_IsPrintable(Py_UCS4 ch)
{
	if (ch < 0x80)
		return ch >= ' ' && ch < 0x7f;
	switch (category(ch)) {
	case UTF8PROC_CATEGORY_CC:
	case UTF8PROC_CATEGORY_CF:
	case UTF8PROC_CATEGORY_CS:
	case UTF8PROC_CATEGORY_CO:
	case UTF8PROC_CATEGORY_CN:
	case UTF8PROC_CATEGORY_ZL:
	case UTF8PROC_CATEGORY_ZP:
	case UTF8PROC_CATEGORY_ZS: return 0;
	default: return 1;
	}
}

int _PyUnicode_IsWhitespace(Py_UCS4 ch)
{
	if (ch < 0x80)
		return ch == ' ' || (ch >= 0x9 && ch <= 0xd) || (ch >= 0x1c && ch <= 0x1f);
	return ch == 0x85 || ch == 0xa0 || ch == 0x1680 || (ch >= 0x2000 && ch <= 0x200a) ||
	       ch == 0x2028 || ch == 0x2029 || ch == 0x202f || ch == 0x205f || ch == 0x3000;
}

int _PyUnicode_IsLinebreak(Py_UCS4 ch)
{
	return (ch >= 0xa && ch <= 0xd) || (ch >= 0x1c && ch <= 0x1e) || ch == 0x85 ||
	       ch == 0x2028 || ch == 0x2029;
}

int _PyUnicode_IsXidStart(Py_UCS4 ch)
{
	if (ch < 0x80)
		return is_ascii_letter(ch);
	return (_PyUnicode_IsAlpha(ch) && ch != 0x37a) || category(ch) == UTF8PROC_CATEGORY_NL ||
	       IN(other_id_start, ch);
}

int _PyUnicode_IsXidContinue(Py_UCS4 ch)
{
	int c;

	if (ch < 0x80)
		return is_ascii_letter(ch) || ch == '_' || (ch >= '0' && ch <= '9');
	if (_PyUnicode_IsXidStart(ch) || IN(other_id_continue, ch))
		return 1;
	c = category(ch);
	return c == UTF8PROC_CATEGORY_MN || c == UTF8PROC_CATEGORY_MC ||
	       c == UTF8PROC_CATEGORY_ND || c == UTF8PROC_CATEGORY_PC;
}

/* -- Case -------------------------------------------------------------------------------------- */
Py_UCS4 _PyUnicode_ToLowercase(Py_UCS4 ch)
{
	if (ch < 0x80)
		return ch >= 'A' && ch <= 'Z' ? ch + 32 : ch;
	return (Py_UCS4)utf8proc_tolower((int32_t)ch);
}

Py_UCS4 _PyUnicode_ToUppercase(Py_UCS4 ch)
{
	if (ch < 0x80)
		return ch >= 'a' && ch <= 'z' ? ch - 32 : ch;
	if (ch == 0xdf) /* utf8proc says U+1E9E */
		return ch;
	return (Py_UCS4)utf8proc_toupper((int32_t)ch);
}

Py_UCS4 _PyUnicode_ToTitlecase(Py_UCS4 ch)
{
	if (ch < 0x80 || ch == 0xdf)
		return _PyUnicode_ToUppercase(ch);
	return (Py_UCS4)utf8proc_totitle((int32_t)ch);
}

static const struct special {
	Py_UCS4 ch, upper[3], title[3];
} special[] = {
#define SPECIAL(ch, u0, u1, u2, t0, t1, t2) {ch, {u0, u1, u2}, {t0, t1, t2}},
#include "objects/unicode_special.def"
#undef SPECIAL
};

static const struct special *find_special(Py_UCS4 ch)
{
	size_t low = 0, high = sizeof(special) / sizeof(special[0]);

	if (ch < 0xdf)
		return NULL;
	while (low < high) {
		size_t mid = (low + high) / 2;

		if (special[mid].ch == ch)
			return &special[mid];
		if (special[mid].ch < ch)
			low = mid + 1;
		else
			high = mid;
	}
	return NULL;
}

static int copy_special(const Py_UCS4 *from, Py_UCS4 *to)
{
	int n = 0;

	while (n < 3 && from[n]) {
		to[n] = from[n];
		n++;
	}
	return n;
}

int _PyUnicode_ToLowerFull(Py_UCS4 ch, Py_UCS4 *to)
{
	if (ch == 0x130) {
		to[0] = 'i';
		to[1] = 0x307;
		return 2;
	}
	to[0] = _PyUnicode_ToLowercase(ch);
	return 1;
}

int _PyUnicode_ToUpperFull(Py_UCS4 ch, Py_UCS4 *to)
{
	const struct special *s = find_special(ch);

	if (s)
		return copy_special(s->upper, to);
	to[0] = _PyUnicode_ToUppercase(ch);
	return 1;
}

int _PyUnicode_ToTitleFull(Py_UCS4 ch, Py_UCS4 *to)
{
	const struct special *s = find_special(ch);

	if (s)
		return copy_special(s->title, to);
	to[0] = _PyUnicode_ToTitlecase(ch);
	return 1;
}

int _PyUnicode_ToFoldedFull(Py_UCS4 ch, Py_UCS4 *to)
{
#ifdef HAVE_UTF8PROC
	utf8proc_int32_t out[8];
	int last = 0;
	utf8proc_ssize_t n;

	if (ch < 0x80) {
		to[0] = _PyUnicode_ToLowercase(ch);
		return 1;
	}
	n = utf8proc_decompose_char((utf8proc_int32_t)ch, out, 8, UTF8PROC_CASEFOLD, &last);
	if (n < 1 || n > 3) {
		to[0] = ch;
		return 1;
	}
	for (int i = 0; i < n; i++)
		to[i] = (Py_UCS4)out[i];
	return (int)n;
#else
	if (ch == 0xdf) {
		to[0] = to[1] = 's';
		return 2;
	}
	to[0] = _PyUnicode_ToLowercase(ch == 0xb5 ? 0x3bc : ch);
	return 1;
#endif
}

PyObject *_PyUnicode_TransformDecimalAndSpaceToASCII(PyObject *o)
{
	Py_ssize_t n = PyUnicode_GET_LENGTH(o);
	int kind = PyUnicode_KIND(o);
	const void *data = PyUnicode_DATA(o);
	PyObject *ret;

	if (PyUnicode_IS_ASCII(o))
		return Py_NewRef(o);
	ret = PyUnicode_New(n, 0x7f);
	if (!ret)
		return NULL;
	for (Py_ssize_t i = 0; i < n; i++) {
		Py_UCS4 ch = PyUnicode_READ(kind, data, i);
		int digit;

		if (ch >= 0x80) {
			digit = _PyUnicode_ToDecimalDigit(ch);
			ch = digit >= 0 ? (Py_UCS4)('0' + digit)
					: (_PyUnicode_IsWhitespace(ch) ? ' ' : '?');
		}
		PyUnicode_1BYTE_DATA(ret)[i] = (Py_UCS1)ch;
	}
	return ret;
}
