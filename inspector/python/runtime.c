/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Finding the runtimes. Candidates are modules that look like an interpreter; each must prove
 * itself (version known, types of the sizes the layout says, threads that point back to their
 * interpreter) before it is taken, so that a build with moved fields is refused, not misread.
 */
#include "python/runtime.h"
#include "base/cleanup.h"
#include "python/debug_offsets.h"
#include "python/scan.h"
#include "python/version.h"
#include "target/link_map.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* The target runs while it is looked at: a list may be torn in the very moment. */
#define TRIES 3
/* Of tp_flags: Py_TPFLAGS_READY (CPython Include/object.h, 2.7 to 3.15). */
#define TYPE_READY (1u << 12)

#define REFUSE(...) pyi_error_create(PYI_ERR_NOT_PYTHON, __VA_ARGS__)

/* A module that may hold a Python. */
struct candidate {
	struct pyi_runtime rt;
	bool is_python;  /* not just any module */
	bool idle;       /* it was not started, or has ended */
	uint64_t interp; /* of the first thread */
};

static uint64_t symbol_address(const struct pyi_image *image, const char *name)
{
	struct pyi_image_symbol symbol;

	return pyi_image_find_symbol(image, name, &symbol) ? symbol.addr : 0;
}

static bool is_ready(const struct pyi_target *target, const struct pyi_layout *layout,
		     uint64_t type)
{
	uint64_t flags = 0;

	pyi_error_destroy(pyi_mem_read_u64(target->mem, type + layout->type_flags, &flags));
	return flags & TYPE_READY;
}

/*
 * A type object that the interpreter in image uses. Where the program is no PIE and names a type,
 * the dynamic linker has moved it into the program's own data, and the one in the image is dead: it
 * was never made ready. Anything else in the program that has the name is of no concern.
 */
static uint64_t type_address(const struct pyi_target *target, const struct pyi_image *image,
			     const struct pyi_layout *layout, const char *name)
{
	uint64_t own = symbol_address(image, name);

	if (own && is_ready(target, layout, own))
		return own;
	for (size_t i = 0; i < target->n_images; i++) {
		struct pyi_image_info info;
		uint64_t addr;

		pyi_image_info(target->images[i], &info);
		addr = info.is_exe ? symbol_address(target->images[i], name) : 0;
		if (addr && is_ready(target, layout, addr))
			return addr;
	}
	return own;
}

/* Where minipy's layout is, 0 when the module has none. */
static uint64_t minipy_layout(const struct pyi_image *image)
{
	uint64_t addr = symbol_address(image, PYI_LAYOUT_SYMBOL_NAME), desc_addr;
	const void *desc;
	int64_t distance;
	size_t size;

	if (addr || !pyi_image_find_note(image, PYI_LAYOUT_NOTE_NAME, PYI_LAYOUT_NOTE_TYPE, &desc,
					 &size, &desc_addr))
		return addr;
	if (size < sizeof(distance))
		return 0;
	memcpy(&distance, desc, sizeof(distance));
	return desc_addr + (uint64_t)distance;
}

static void absent_everywhere(struct pyi_layout *layout)
{
#define ABSENT(name) layout->name = PYI_NONE;
	PYI_LAYOUT_FIELDS(ABSENT)
#undef ABSENT
}

/* Copies what both sides know of the layout at addr. */
static struct pyi_error *read_layout(struct pyi_mem *mem, uint64_t addr, struct pyi_layout *ret)
{
	const size_t head = offsetof(struct pyi_layout, python_major);
	struct pyi_layout layout = {0};
	struct pyi_error *err = pyi_mem_read(mem, addr, &layout, head);
	uint32_t size = layout.size;

	if (err)
		return pyi_error_wrap(err, "minipy's layout");
	if (memcmp(layout.cookie, PYI_LAYOUT_COOKIE, sizeof(layout.cookie)) != 0 || size < head ||
	    size % 4 != 0)
		return REFUSE("minipy's layout has a bad head");
	if (layout.version != 1)
		return REFUSE("minipy's layout has version %u, known is 1", layout.version);
	absent_everywhere(&layout);
	err = pyi_mem_read(mem, addr, &layout, size < sizeof(layout) ? size : sizeof(layout));
	if (err)
		return pyi_error_wrap(err, "minipy's layout");
	layout.size = sizeof(layout);
	*ret = layout;
	return NULL;
}

static struct pyi_error *choose_minipy(struct pyi_target *target, struct pyi_image *image,
				       uint64_t addr, struct pyi_runtime *rt)
{
	uint64_t version = symbol_address(image, "minipy_version");
	pyi_autofree char *text = NULL;
	struct pyi_image_symbol eval;
	struct pyi_error *err = read_layout(target->mem, addr, &rt->layout);

	if (err)
		return err;
	rt->minipy = true;
	snprintf(rt->name, sizeof(rt->name), "minipy");
	if (!rt->layout.runtime)
		return REFUSE("minipy is still starting");
	err = pyi_layout_validate(&rt->layout);
	if (err)
		return pyi_error_wrap(err, "minipy");
	rt->root = rt->layout.runtime;
	if (rt->layout.eval && rt->layout.eval_size != PYI_NONE) {
		rt->eval_lo = rt->layout.eval;
		rt->eval_hi = rt->eval_lo + rt->layout.eval_size;
	} else if (pyi_image_find_symbol(image, "PyEval_EvalFrame", &eval)) {
		rt->eval_lo = eval.addr;
		rt->eval_hi = eval.addr + eval.size;
	}
	if (version)
		pyi_error_destroy(pyi_mem_read_cstr(target->mem, version, 32, &text));
	if (text)
		snprintf(rt->name, sizeof(rt->name), "minipy %s", text);
	return NULL;
}

/* The root of a CPython's state, 0 when the module has none. */
static uint64_t cpython_root(const struct pyi_image *image)
{
	uint64_t root = symbol_address(image, "_PyRuntime"), size;

	if (root || pyi_image_find_section(image, ".PyRuntime", &root, &size))
		return root;
	return symbol_address(image, "interp_head"); /* 2.7, 3.6: a static symbol */
}

/* A version newer than the table, whose debug offsets begin as the last known one's: what is shown
 * of it are frames, which the checks of threads and types have to bear out. */
static void read_as_older(struct pyi_target *target, struct pyi_runtime *rt, uint32_t minor)
{
	pyi_target_warn(target,
			"%s is newer than this pyinspect: it is read as %u.%u, without locals",
			rt->name, rt->layout.python_major, rt->layout.python_minor);
	rt->layout.python_minor = minor;
	rt->layout.frame_localsplus = PYI_NONE;
}

/* The row for the version, with the target's own table over it where there is one. */
static struct pyi_error *choose_row(struct pyi_target *target, struct pyi_image *image,
				    struct candidate *candidate)
{
	struct pyi_runtime *rt = &candidate->rt;
	uint8_t table[PYI_DEBUG_OFFSETS_MAX];
	size_t len = pyi_mem_read_some(target->mem, rt->root, table, sizeof(table));
	bool free_threaded = false, has_table, known;
	const struct pyi_layout *row;
	struct pyi_version version;
	struct pyi_error *err;
	uint32_t hex;

	has_table = pyi_debug_offsets_present(table, len, &hex, &free_threaded);
	if (has_table)
		version = pyi_version_from_hex(hex);
	else if (!pyi_version_of_image(target, image, &version)) {
		candidate->idle = true; /* the first thing that it does is to write its version */
		return REFUSE("a CPython whose version cannot be told");
	}
	snprintf(rt->name, sizeof(rt->name), "CPython ");
	pyi_version_format(&version, rt->name + strlen(rt->name), sizeof(rt->name) - 8);
	if (free_threaded)
		return REFUSE("%s is a free-threaded build, which is not supported", rt->name);
	row = pyi_layout_for(version.major, version.minor, version.micro);
	known = row != NULL;
	if (!row && has_table)
		row = pyi_layout_before(version.major, version.minor);
	if (!row)
		return REFUSE("%s is a version whose layout is not known", rt->name);
	if (known && (version.level == 'a' || version.level == 'b'))
		return REFUSE("%s is a pre-release whose layout is not known", rt->name);
	if (!has_table && row->how_frames == PYI_FRAMES_CURRENT)
		return REFUSE("%s is still starting, or is a build without debug offsets",
			      rt->name);
	rt->layout = *row;
	rt->layout.python_micro = version.micro;
	rt->layout.runtime = rt->root;
	err = has_table ? pyi_debug_offsets_merge(table, len, &rt->layout) : NULL;
	if (err)
		return pyi_error_wrap(err, "%s", rt->name);
	if (!known)
		read_as_older(target, rt, version.minor);
	return NULL;
}

/* Types whose tp_basicsize follows from the layout: a build that moved fields shows here. */
static struct pyi_error *check_types(struct pyi_target *target, struct pyi_image *image,
				     const struct pyi_runtime *rt)
{
	const struct pyi_layout *l = &rt->layout;
	const bool pointer = l->how_lasti == PYI_LASTI_POINTER;
	const struct {
		const char *symbol;
		uint32_t at, plus; /* basicsize is at + plus; at PYI_NONE: not checked */
	} types[] = {
		{"PyCode_Type", pointer ? l->code_code : l->code_size, 0},
		{"PyFrame_Type", l->how_frames == PYI_FRAMES_HEAP ? l->frame_size : PYI_NONE, 0},
		{"PyTuple_Type", l->tuple_items, 0},
		{"PyDict_Type", l->dict_values, 8},
		{"PyUnicode_Type", l->str_state == PYI_NONE ? PYI_NONE : l->str_any_data, 8},
		{"PyBytes_Type", l->how_str == PYI_STR_PY2 ? PYI_NONE : l->bytes_data, 1},
	};

	for (size_t i = 0; i < sizeof(types) / sizeof(types[0]); i++) {
		uint64_t type = type_address(target, image, l, types[i].symbol), size, wanted;
		struct pyi_error *err;

		if (!type || types[i].at == PYI_NONE)
			continue;
		wanted = (uint64_t)types[i].at + types[i].plus;
		err = pyi_mem_read_u64(target->mem, type + l->type_basicsize, &size);
		if (err) {
			pyi_error_destroy(err);
			return REFUSE("%s is starting or ending: its types cannot be read",
				      rt->name);
		}
		if (size != wanted)
			return REFUSE("%s: %s has %llu bytes where %llu are expected: a build with "
				      "another layout",
				      rt->name, types[i].symbol, (unsigned long long)size,
				      (unsigned long long)wanted);
	}
	return NULL;
}

static struct pyi_error *choose_cpython(struct pyi_target *target, struct pyi_image *image,
					uint64_t root, struct candidate *candidate)
{
	struct pyi_runtime *rt = &candidate->rt;
	struct pyi_image_symbol eval;
	const char *name;
	struct pyi_error *err;

	rt->root = root;
	err = choose_row(target, image, candidate);
	if (err)
		return err;
	name = rt->layout.how_entry == PYI_ENTRY_COUNT ? "PyEval_EvalFrameEx"
						       : "_PyEval_EvalFrameDefault";
	if (pyi_image_find_symbol(image, name, &eval)) {
		rt->eval_lo = eval.addr;
		rt->eval_hi = eval.addr + eval.size;
	}
	if (rt->layout.how_gil == PYI_GIL_CURRENT_ONLY)
		rt->current = symbol_address(image, "_PyThreadState_Current");
	return NULL;
}

/* Thread states whose interpreter is the one they were found in: what a misread never gives. */
static struct pyi_error *check_threads(struct pyi_target *target, struct candidate *candidate)
{
	const struct pyi_runtime *rt = &candidate->rt;
	bool broken = false, gone;
	uint8_t byte;

	/* Of a file that is cut off. */
	gone = pyi_mem_read_some(target->mem, rt->root, &byte, 1) == 0;
	for (int i = 0; i < TRIES; i++) {
		struct pyi_tstates tstates;
		struct pyi_error *err;
		size_t found;

		if (i)
			pyi_mem_refresh(target->mem);
		err = pyi_tstates_read(target, rt, &tstates);
		if (err)
			return err;
		found = tstates.states.len;
		candidate->interp = found ? tstates.states.data[0].interp : 0;
		broken = tstates.cut && !gone;
		pyi_tstates_deinit(&tstates);
		if (found)
			return NULL;
	}
	if (broken)
		return REFUSE("%s: its thread states make no sense", rt->name);
	candidate->idle = !gone;
	if (gone)
		return REFUSE("%s: its state is not in what can be read", rt->name);
	return REFUSE("%s is still starting, or has ended: it has no threads", rt->name);
}

/* How a module is looked at. Sets rt and is_python. */
typedef struct pyi_error *choose_fn(struct pyi_target *target, struct pyi_image *image,
				    struct candidate *ret);

/* Of a core, where no file has its symbols. */
static struct pyi_error *choose_minipy_by_scan(struct pyi_target *target, struct pyi_image *image,
					       struct candidate *ret)
{
	struct pyi_image_info info;
	uint64_t addr;

	pyi_image_info(image, &info);
	addr = target->kind == PYI_TARGET_CORE && !info.has_file ? pyi_scan_minipy(target, image)
								 : 0;
	ret->is_python = addr != 0;
	return addr ? choose_minipy(target, image, addr, &ret->rt) : NULL;
}

/* A name like "python3.11" alone makes no Python: it may be the launcher of a library. */
static struct pyi_error *choose_by_scan(struct pyi_target *target, struct pyi_image *image,
					struct candidate *ret)
{
	const struct pyi_layout *row = NULL;
	struct pyi_version version;
	uint64_t root;

	if (pyi_version_of_image(target, image, &version))
		row = pyi_layout_for(version.major, version.minor, version.micro);
	ret->is_python = row != NULL;
	if (!row)
		return choose_minipy_by_scan(target, image, ret);
	root = pyi_scan_root(target, image, row);
	if (root)
		return choose_cpython(target, image, root, ret);
	ret->idle = !symbol_address(image, "Py_InitializeEx");
	return REFUSE("CPython %u.%u without symbols: its state is not in its data", version.major,
		      version.minor);
}

static struct pyi_error *choose_by_symbol(struct pyi_target *target, struct pyi_image *image,
					  struct candidate *ret)
{
	uint64_t addr = minipy_layout(image);

	ret->is_python = true;
	if (addr)
		return choose_minipy(target, image, addr, &ret->rt);
	addr = cpython_root(image);
	if (addr)
		return choose_cpython(target, image, addr, ret);
	/* 2.7 and 3.6 keep their root to themselves once they are stripped. */
	if (symbol_address(image, "Py_InitializeEx"))
		return choose_by_scan(target, image, ret);
	ret->is_python = false;
	return NULL;
}

static struct pyi_error *try_image(struct pyi_target *target, struct pyi_image *image,
				   choose_fn *choose, struct candidate *ret)
{
	struct pyi_error *err;

	*ret = (struct candidate){.rt = {.image = image}};
	err = choose(target, image, ret);
	/* Threads first: a module that is still being mapped has no types either. */
	if (!err && ret->is_python)
		err = check_threads(target, ret);
	if (!err && ret->is_python && !ret->rt.minipy)
		err = check_types(target, image, &ret->rt);
	if (err || !ret->is_python)
		return err;
	ret->rt.type_type = type_address(target, image, &ret->rt.layout, "PyType_Type");
	ret->rt.code_type = type_address(target, image, &ret->rt.layout, "PyCode_Type");
	return NULL;
}

/* A module whose Python cannot be shown. */
struct refusal {
	const struct pyi_image *image;
	struct pyi_error *why;
	bool idle;
};

struct finder {
	struct pyi_target *target;
	struct pyi_runtimes *out;
	uint64_t interps[PYI_RUNTIMES_MAX]; /* of each in out, that of its first thread */
	PYI_VEC(struct refusal) refusals;   /* the likeliest module first */
};

static struct pyi_error *refuse(struct finder *finder, const struct candidate *candidate,
				struct pyi_error *why)
{
	struct refusal *refusal = pyi_vec_push(&finder->refusals);

	/* What makes no sense is no Python that we know; the fault is not ours. */
	if (why->code == PYI_ERR_BAD_DATA)
		why->code = PYI_ERR_NOT_PYTHON;
	if (!refusal) {
		pyi_error_destroy(why);
		return &pyi_enomem;
	}
	*refusal = (struct refusal){candidate->rt.image, why, candidate->idle};
	return NULL;
}

/* One runtime may be found twice: a program that was linked with a Python may have a copy of its
 * root, and where a module's headers are missing, what lies behind its data and leads to the
 * interpreter seems to be a part of it. */
static void accept(struct finder *finder, const struct candidate *candidate)
{
	struct pyi_runtimes *out = finder->out;
	const struct pyi_runtime *rt = &candidate->rt;

	for (size_t i = 0; i < out->n; i++)
		if (out->all[i].root == rt->root || finder->interps[i] == candidate->interp)
			return;
	if (out->n == PYI_RUNTIMES_MAX) {
		pyi_target_warn(finder->target, "there are more than %d Pythons: not all are shown",
				PYI_RUNTIMES_MAX);
		return;
	}
	finder->interps[out->n] = candidate->interp;
	out->all[out->n] = *rt;
	out->all[out->n].number = (int)out->n;
	out->n++;
}

/* A module and when its turn comes. */
struct turn {
	struct pyi_image *image;
	int rank;
	size_t place;  /* in the dynamic linker's list */
	size_t number; /* by address */
};

/* The program first, then modules whose name says Python, then the others (embedded copies); of
 * these, what was loaded first. */
static int compare_turns(const void *a, const void *b)
{
	const struct turn *x = a, *y = b;

	if (x->rank != y->rank)
		return x->rank - y->rank;
	if (x->place != y->place)
		return x->place < y->place ? -1 : 1;
	return x->number < y->number ? -1 : 1;
}

static struct turn *order_modules(struct pyi_target *target)
{
	size_t *places = pyi_link_map_places(target);
	struct turn *turns = calloc(target->n_images + 1, sizeof(*turns));

	for (size_t i = 0; turns && places && i < target->n_images; i++) {
		struct pyi_image_info info;

		pyi_image_info(target->images[i], &info);
		turns[i] = (struct turn){target->images[i],
					 info.is_exe                   ? 0
					 : strstr(info.name, "python") ? 1
								       : 2,
					 places[i], i};
	}
	if (turns && places)
		qsort(turns, target->n_images, sizeof(*turns), compare_turns);
	else
		free(turns);
	free(places);
	return places ? turns : NULL;
}

static struct pyi_error *look(struct finder *finder, const struct turn *turns, choose_fn *choose)
{
	struct pyi_target *target = finder->target;

	for (size_t i = 0; i < target->n_images; i++) {
		struct candidate candidate;
		struct pyi_error *err = try_image(target, turns[i].image, choose, &candidate);

		if (err)
			err = refuse(finder, &candidate, err);
		else if (candidate.is_python)
			accept(finder, &candidate);
		if (err)
			return err;
	}
	return NULL;
}

/* What was refused is the result where nothing was found, else worth a warning if it has run. */
static struct pyi_error *settle(struct finder *finder)
{
	struct pyi_error *first = NULL;

	pyi_vec_for_each (refusal, &finder->refusals) {
		struct pyi_image_info info;

		if (!finder->out->n && !first) {
			first = refusal->why;
			continue;
		}
		pyi_image_info(refusal->image, &info);
		if (finder->out->n && !refusal->idle)
			pyi_target_warn(finder->target,
					"%s holds another Python, which is not shown: %s",
					info.name, refusal->why->message);
		pyi_error_destroy(refusal->why);
	}
	pyi_vec_deinit(&finder->refusals);
	if (first || finder->out->n)
		return first;
	return REFUSE("no Python found in the program or in its %zu modules",
		      finder->target->n_images);
}

struct pyi_error *pyi_runtimes_find(struct pyi_target *target, struct pyi_runtimes *ret)
{
	struct finder finder = {.target = target, .out = ret};
	pyi_autofree struct turn *turns = order_modules(target);
	struct pyi_error *err, *refused;

	ret->n = 0;
	if (!turns)
		return &pyi_enomem;
	err = look(&finder, turns, choose_by_symbol);
	if (!err && !ret->n && !finder.refusals.len)
		err = look(&finder, turns, choose_by_scan);
	refused = settle(&finder);
	if (!err)
		return refused;
	pyi_error_destroy(refused);
	return err;
}

struct pyi_error *pyi_runtime_find(struct pyi_target *target, struct pyi_runtime *ret)
{
	struct pyi_runtimes runtimes;
	struct pyi_error *err = pyi_runtimes_find(target, &runtimes);

	if (err)
		return err;
	for (size_t i = 1; i < runtimes.n; i++)
		pyi_target_warn(target, "%s holds another Python, %s, which is not shown",
				pyi_runtime_module(&runtimes.all[i]), runtimes.all[i].name);
	*ret = runtimes.all[0];
	return NULL;
}

const char *pyi_runtime_module(const struct pyi_runtime *rt)
{
	struct pyi_image_info info = {.name = ""};

	if (rt->image)
		pyi_image_info(rt->image, &info);
	return info.name;
}
