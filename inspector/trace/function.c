/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * An open hash table of (code, ident). A code record's str objects are raw bytes: they are put at
 * their addresses into a memory of their own and decoded as those of a target.
 */
#include "trace/function.h"
#include "base/cleanup.h"
#include "base/print.h"
#include "base/utf8.h"
#include "python/str.h"

#include <fnmatch.h>
#include <jansson.h>
#include <string.h>

/* A target that makes code without end does not take our memory. */
enum { MAX_FUNCTIONS = 1 << 20 };

struct pyi_functions {
	const struct pyi_runtime *rt;
	struct pyi_function_filter filter;
	PYI_VEC(struct pyi_function *) list; /* the unknown one first */
	struct pyi_function **slots;         /* a power of two, at most half of them used */
	size_t n_slots;
};

static void function_destroy(struct pyi_function *function)
{
	if (!function)
		return;
	free(function->qualname);
	free(function->file);
	free(function->json_name);
	free(function->json);
	free(function);
}

static struct pyi_function **lookup(struct pyi_function **slots, size_t n, uint64_t code,
				    uint32_t ident)
{
	size_t i = (size_t)((code ^ (uint64_t)ident << 32) * 0x9e3779b97f4a7c15 >> 32) & (n - 1);

	while (slots[i] && (slots[i]->code != code || slots[i]->ident != ident))
		i = (i + 1) & (n - 1);
	return &slots[i];
}

/* Text, or NULL when there is no memory. */
static char *printable(const char *text)
{
	struct pyi_strbuf escaped = PYI_STRBUF_INIT;
	char *ret;

	pyi_print_escape(&escaped, text, strlen(text));
	ret = pyi_strbuf_steal(&escaped);
	pyi_strbuf_deinit(&escaped);
	return ret;
}

static char *json_text(const char *text)
{
	json_t *string = json_string(text);
	char *ret = string ? json_dumps(string, JSON_ENSURE_ASCII | JSON_ENCODE_ANY) : NULL;

	json_decref(string);
	return ret;
}

static bool make_json(struct pyi_function *function, const char *qualname, const char *file)
{
	pyi_autofree char *path = json_text(file);

	function->json_name = json_text(qualname);
	return function->json_name && path &&
	       asprintf(&function->json, "\"function\":%s,\"file\":%s,\"line\":%d",
			function->json_name, path, function->line) >= 0;
}

static bool is_wanted(const struct pyi_function_filter *filter, const char *name, const char *file)
{
	const char *base = strrchr(file, '/');

	if (filter->name && fnmatch(filter->name, name, 0) != 0)
		return false;
	if (!filter->file)
		return true;
	return fnmatch(filter->file, strchr(filter->file, '/') || !base ? file : base + 1, 0) == 0;
}

/* Takes over neither name nor file. */
static struct pyi_function *add(struct pyi_functions *functions, uint64_t code, uint32_t ident,
				const char *name, const char *file, int line)
{
	struct pyi_function *function = calloc(1, sizeof(*function)), **kept;

	if (!function)
		return NULL;
	*function = (struct pyi_function){.code = code, .ident = ident, .line = line};
	function->min_ns = UINT64_MAX;
	function->qualname = printable(name);
	function->file = printable(file);
	function->wanted = is_wanted(&functions->filter, name, file);
	kept = function->qualname && function->file && make_json(function, name, file)
		       ? pyi_vec_push(&functions->list)
		       : NULL;
	if (!kept) {
		function_destroy(function);
		return NULL;
	}
	return *kept = function;
}

struct pyi_error *pyi_functions_create(const struct pyi_runtime *rt,
				       const struct pyi_function_filter *filter,
				       struct pyi_functions **ret)
{
	struct pyi_functions *functions = calloc(1, sizeof(*functions));

	if (!functions)
		return &pyi_enomem;
	*functions = (struct pyi_functions){.rt = rt, .filter = *filter, .n_slots = 1024};
	functions->slots = calloc(functions->n_slots, sizeof(struct pyi_function *));
	if (!functions->slots || !add(functions, 0, 0, "???", "???", 0)) {
		pyi_functions_destroy(functions);
		return &pyi_enomem;
	}
	*ret = functions;
	return NULL;
}

void pyi_functions_destroy(struct pyi_functions *functions)
{
	if (!functions)
		return;
	pyi_vec_for_each (function, &functions->list)
		function_destroy(*function);
	pyi_vec_deinit(&functions->list);
	free(functions->slots);
	free(functions);
}

static size_t at_most(size_t n, size_t max)
{
	return n < max ? n : max;
}

/* 2.7: names are str objects of bytes, most likely UTF-8. Their type, which is not here, is not
 * looked at. */
static char *decode_bytes(const struct pyi_layout *l, const uint8_t *bytes, size_t got)
{
	pyi_autostrbuf text = PYI_STRBUF_INIT;
	uint64_t length = 0;

	if (got >= l->bytes_data && l->str_length <= l->bytes_data - sizeof(length)) {
		memcpy(&length, bytes + l->str_length, sizeof(length));
		got -= l->bytes_data;
		pyi_utf8_append(&text, (const char *)bytes + l->bytes_data, at_most(length, got));
	}
	if (got < length)
		pyi_strbuf_puts(&text, "...");
	if (!text.len)
		pyi_strbuf_puts(&text, "???");
	return pyi_strbuf_steal(&text);
}

/* The str whose raw bytes these are; what is cut ends with "...". NULL when memory is out. */
static char *decode(const struct pyi_runtime *rt, uint64_t addr, const uint8_t *bytes, size_t got)
{
	pyi_autostrbuf text = PYI_STRBUF_INIT;
	struct pyi_target target = {0};
	struct pyi_str str;
	uint64_t n = 0;
	uint32_t c;
	struct pyi_error *err;

	if (rt->layout.how_str == PYI_STR_PY2)
		return decode_bytes(&rt->layout, bytes, got);
	err = pyi_mem_create(&target.mem);

	if (!err)
		err = pyi_mem_add_buffer(target.mem, addr, bytes, got);
	if (!err)
		err = pyi_str_open(&target, rt, addr, &str);
	while (!err && n < str.length) {
		err = pyi_str_chars(&target, &str, n, &c, 1);
		if (!err) {
			pyi_strbuf_put_utf8(&text, c);
			n++;
		}
	}
	if (err)
		pyi_strbuf_puts(&text, n ? "..." : "???");
	pyi_error_destroy(err);
	pyi_mem_destroy(target.mem);
	return pyi_strbuf_steal(&text);
}

static bool grow(struct pyi_functions *functions)
{
	size_t n = functions->n_slots * 2;
	struct pyi_function **slots = calloc(n, sizeof(struct pyi_function *));

	if (!slots)
		return false;
	for (size_t i = 1; i < functions->list.len; i++) {
		struct pyi_function *function = functions->list.data[i];

		*lookup(slots, n, function->code, function->ident) = function;
	}
	free(functions->slots);
	functions->slots = slots;
	functions->n_slots = n;
	return true;
}

struct pyi_error *pyi_functions_add(struct pyi_functions *functions,
				    const struct pyi_code_record *record)
{
	pyi_autofree char *name = NULL, *file = NULL;
	struct pyi_function *function;

	if (*lookup(functions->slots, functions->n_slots, record->code, record->ident) ||
	    functions->list.len >= MAX_FUNCTIONS)
		return NULL;
	name = decode(functions->rt, record->name, record->name_bytes,
		      at_most(record->name_got, PYI_NAME_BYTES));
	file = decode(functions->rt, record->file, record->file_bytes,
		      at_most(record->file_got, PYI_FILE_BYTES));
	if (!name || !file)
		return &pyi_enomem;
	if ((functions->list.len + 1) * 2 > functions->n_slots && !grow(functions))
		return &pyi_enomem;
	function =
		add(functions, record->code, record->ident, name, file, (int)record->firstlineno);
	if (!function)
		return &pyi_enomem;
	*lookup(functions->slots, functions->n_slots, record->code, record->ident) = function;
	return NULL;
}

struct pyi_function *pyi_functions_find(struct pyi_functions *functions, uint64_t code,
					uint32_t ident)
{
	struct pyi_function *found = *lookup(functions->slots, functions->n_slots, code, ident);

	return found ? found : functions->list.data[0];
}

struct pyi_function *pyi_functions_unknown(struct pyi_functions *functions)
{
	return functions->list.data[0];
}

static uint64_t key_of(const struct pyi_function *function, enum pyi_function_key key)
{
	switch (key) {
	case PYI_BY_SELF_NS: return function->self_ns;
	case PYI_BY_EACH_NS: return function->each_ns;
	case PYI_BY_CALLS: break;
	}
	return function->calls;
}

static int compare(const void *a, const void *b, void *arg)
{
	const struct pyi_function *x = *(struct pyi_function *const *)a;
	const struct pyi_function *y = *(struct pyi_function *const *)b;
	const enum pyi_function_key *key = arg;
	uint64_t of_x = key_of(x, *key), of_y = key_of(y, *key);

	if (of_x != of_y)
		return of_x < of_y ? 1 : -1;
	return strcmp(x->qualname, y->qualname);
}

struct pyi_function **pyi_functions_sorted(const struct pyi_functions *functions,
					   enum pyi_function_key key, size_t *n)
{
	struct pyi_function **list = calloc(functions->list.len, sizeof(*list));

	*n = 0;
	if (!list)
		return NULL;
	pyi_vec_for_each (f, &functions->list)
		if ((*f)->wanted && (key == PYI_BY_EACH_NS ? (*f)->timed : (*f)->calls))
			list[(*n)++] = *f;
	qsort_r(list, *n, sizeof(*list), compare, &key);
	return list;
}

void pyi_function_add_stats(struct pyi_function *function, const struct pyi_function_stats *stats)
{
	function->calls += stats->calls;
	function->timed += stats->timed;
	function->total_ns += stats->total_ns;
	function->self_ns += stats->self_ns;
	function->each_ns += stats->each_ns;
	if (stats->min_ns_1 && stats->min_ns_1 - 1 < function->min_ns)
		function->min_ns = stats->min_ns_1 - 1;
	if (stats->max_ns > function->max_ns)
		function->max_ns = stats->max_ns;
	for (size_t i = 0; i < PYI_BUCKETS; i++)
		function->buckets[i] += stats->buckets[i];
}

/* As bpf/calls.h has it. */
static size_t bucket_of(uint64_t ns)
{
	unsigned power = ns ? 63 - (unsigned)__builtin_clzll(ns) : 0;
	size_t bucket = power * PYI_BUCKETS_A_POWER + (power < 2 ? 0 : ns >> (power - 2) & 3);

	return bucket < PYI_BUCKETS ? bucket : PYI_BUCKETS - 1;
}

void pyi_function_add_call(struct pyi_function *function, uint64_t duration_ns, uint64_t self_ns,
			   bool again)
{
	function->timed++;
	function->each_ns += duration_ns;
	function->self_ns += self_ns;
	if (!again)
		function->total_ns += duration_ns;
	if (duration_ns < function->min_ns)
		function->min_ns = duration_ns;
	if (duration_ns > function->max_ns)
		function->max_ns = duration_ns;
	function->buckets[bucket_of(duration_ns)]++;
}

uint64_t pyi_bucket_ns(size_t bucket)
{
	uint64_t power = bucket / PYI_BUCKETS_A_POWER, quarter = bucket % PYI_BUCKETS_A_POWER;

	if (power < 2)
		return bucket == 0 ? 0 : 1ull << power;
	return (PYI_BUCKETS_A_POWER + quarter) << (power - 2);
}

uint64_t pyi_function_percentile(const struct pyi_function *function, double share)
{
	double left = share * (double)function->timed;
	size_t i = 0;

	if (!function->timed)
		return 0;
	for (; i < PYI_BUCKETS - 1; i++) {
		left -= (double)function->buckets[i];
		if (left <= 0)
			break;
	}
	/* The middle of the bucket, and never outside of what was seen. */
	uint64_t ns = (pyi_bucket_ns(i) + pyi_bucket_ns(i + 1)) / 2;

	if (ns > function->max_ns)
		ns = function->max_ns;
	return ns < function->min_ns ? function->min_ns : ns;
}
