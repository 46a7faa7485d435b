/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * libdwfl with the target's own modules, each opened when a pc of it is asked for the first time.
 *
 * All ELF handles of modules are libelf's reading kind (no mapping), and debug files are looked
 * for here instead of by dwfl_standard_find_debuginfo: that one asks debuginfod servers when the
 * environment names one, and opens any kind of file that a .gnu_debuglink names.
 */
#include "native/symbolize.h"

#include "base/cleanup.h"
#include "base/vec.h"
#include "native/debugfile.h"
#include "native/symtab.h"

#include <dlfcn.h>
#include <dwarf.h>
#include <elfutils/libdw.h>
#include <elfutils/libdwfl.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define MAX_INLINED 64 /* nested inlined calls at one pc */

struct module {
	struct pyi_image *image;
	Dwfl_Module *dwfl; /* NULL: not opened yet, or it failed */
	bool tried;
	char name[24];            /* its unique name for libdwfl */
	struct pyi_symtab symtab; /* filled when dwfl is set */
};

struct names {
	uint64_t pc;
	bool exact_pc;
	struct pyi_native_name *list;
	size_t n;
};

struct pyi_symbolizer {
	struct pyi_target *target;
	bool lines;
	Dwfl *dwfl;
	struct module *modules; /* one an image, same order */
	struct names *table;    /* open hash of pc; list NULL is empty */
	size_t table_size, table_used;
	PYI_VEC(char *) strings;                                  /* names of our own making */
	char *(*demangle)(const char *, char *, size_t *, int *); /* NULL: not available */
	bool demangle_tried;
	struct pyi_native_name unknown;
};

/* --- modules --- */

static int find_elf(Dwfl_Module *mod, void **userdata, const char *name, Dwarf_Addr base,
		    char **file_name, Elf **elf)
{
	const struct module *module = *userdata;
	(void)mod, (void)name, (void)base;
	*elf = pyi_image_open_elf(module->image);
	if (*elf) {
		struct pyi_image_info info;
		pyi_image_info(module->image, &info);
		*file_name = strdup(info.path);
	}
	return -1; /* with *elf set: libdwfl takes the handle instead of a descriptor */
}

static int find_debuginfo(Dwfl_Module *mod, void **userdata, const char *name, Dwarf_Addr base,
			  const char *file, const char *debuglink, GElf_Word crc, char **debug_name)
{
	const struct module *module = *userdata;
	struct pyi_image_info info;
	(void)mod, (void)name, (void)base, (void)file, (void)crc;
	pyi_image_info(module->image, &info);
	return pyi_debugfile_open(info.build_id, info.path, debuglink, debug_name);
}

static const Dwfl_Callbacks callbacks = {
	.find_elf = find_elf,
	.find_debuginfo = find_debuginfo,
};

struct pyi_error *pyi_symbolizer_create(struct pyi_target *target, bool lines,
					struct pyi_symbolizer **ret)
{
	struct pyi_symbolizer *sym = calloc(1, sizeof(*sym));
	if (!sym)
		return &pyi_enomem;
	*sym = (struct pyi_symbolizer){.target = target, .lines = lines};
	sym->modules = calloc(target->n_images + 1, sizeof(*sym->modules));
	sym->dwfl = dwfl_begin(&callbacks);
	if (!sym->modules || !sym->dwfl) {
		pyi_symbolizer_destroy(sym);
		return &pyi_enomem;
	}
	for (size_t i = 0; i < target->n_images; i++) {
		sym->modules[i].image = target->images[i];
		snprintf(sym->modules[i].name, sizeof(sym->modules[i].name), "%zu", i);
	}
	*ret = sym;
	return NULL;
}

void pyi_symbolizer_destroy(struct pyi_symbolizer *sym)
{
	if (!sym)
		return;
	for (size_t i = 0; sym->modules && i < sym->target->n_images; i++)
		pyi_symtab_deinit(&sym->modules[i].symtab);
	if (sym->dwfl)
		dwfl_end(sym->dwfl);
	for (size_t i = 0; i < sym->table_size; i++)
		free(sym->table[i].list);
	free(sym->table);
	pyi_vec_for_each (name, &sym->strings)
		free(*name);
	pyi_vec_deinit(&sym->strings);
	free(sym->modules);
	free(sym);
}

static struct module *find_module(struct pyi_symbolizer *sym, const struct pyi_image *image)
{
	for (size_t i = 0; i < sym->target->n_images; i++) {
		if (sym->modules[i].image == image)
			return &sym->modules[i];
	}
	return NULL;
}

static Dwfl_Module *open_module(struct pyi_symbolizer *sym, struct module *module)
{
	if (module->tried)
		return module->dwfl;
	module->tried = true;
	struct pyi_image_info info;
	pyi_image_info(module->image, &info);
	uint64_t lo = pyi_image_load_addr(module->image);
	/* add: the modules reported before stay. */
	dwfl_report_begin_add(sym->dwfl);
	Dwfl_Module *mod =
		lo < info.hi ? dwfl_report_module(sym->dwfl, module->name, lo, info.hi) : NULL;
	void **userdata;
	if (mod) {
		dwfl_module_info(mod, &userdata, NULL, NULL, NULL, NULL, NULL, NULL);
		*userdata = module;
	}
	dwfl_report_end(sym->dwfl, NULL, NULL);
	GElf_Addr bias;
	if (mod && dwfl_module_getelf(mod, &bias)) {
		module->dwfl = mod;
		pyi_symtab_init(&module->symtab, mod);
	}
	return module->dwfl;
}

/* --- one pc --- */

/* Takes text over; fallback when there is none or memory is out. */
static const char *keep(struct pyi_symbolizer *sym, char *text, const char *fallback)
{
	char **slot = text ? pyi_vec_push(&sym->strings) : NULL;
	if (slot)
		return *slot = text;
	free(text);
	return fallback;
}

/* C++ names, when the C++ library happens to be installed; nothing else of ours needs it. */
static const char *demangle(struct pyi_symbolizer *sym, const char *name)
{
	if (!sym->demangle_tried) {
		void *lib = dlopen("libstdc++.so.6", RTLD_LAZY | RTLD_LOCAL);
		void *fn = lib ? dlsym(lib, "__cxa_demangle") : NULL;
		memcpy(&sym->demangle, &fn, sizeof(fn));
		sym->demangle_tried = true;
	}
	int status;
	return keep(sym, sym->demangle ? sym->demangle(name, NULL, NULL, &status) : NULL, name);
}

/* As people write it: demangled, without the symbol version (poll@@GLIBC_2.2.5). */
static const char *plain_name(struct pyi_symbolizer *sym, const char *name)
{
	size_t len = strcspn(name, "@");
	if (len && name[len])
		name = keep(sym, strndup(name, len), name);
	return strncmp(name, "_Z", 2) ? name : demangle(sym, name);
}

/* The symbol that really covers pc. The nearest one before it is, in a stripped file, often an
 * unrelated exported function, and a wrong name is worse than none: one without a size must begin
 * where the unwind table says that the function begins. */
static const char *symbol_at(struct pyi_symbolizer *sym, struct module *module, uint64_t pc,
			     uint64_t *offset)
{
	uint64_t start;
	const struct pyi_symbol *found = pyi_symtab_find(&module->symtab, pc);
	if (!found)
		return NULL;
	if (!found->size &&
	    (!pyi_image_unwind_start(module->image, pc, &start) || start != found->addr))
		return NULL;
	*offset = pc - found->addr;
	return plain_name(sym, found->name);
}

static Dwarf_Die *find_cu(Dwfl_Module *mod, uint64_t pc, Dwarf_Addr *bias)
{
	Dwarf_Die *cu = dwfl_module_addrdie(mod, pc, bias);
	if (cu)
		return cu;
	/* No .debug_aranges (clang): ask each unit for its ranges. */
	while ((cu = dwfl_module_nextcu(mod, cu, bias))) {
		if (dwarf_haspc(cu, pc - *bias) > 0)
			return cu;
	}
	return NULL;
}

static const char *die_name(struct pyi_symbolizer *sym, Dwarf_Die *die)
{
	static const unsigned attributes[] = {DW_AT_linkage_name, DW_AT_MIPS_linkage_name,
					      DW_AT_name};
	for (size_t i = 0; i < sizeof(attributes) / sizeof(*attributes); i++) {
		Dwarf_Attribute attr;
		const char *name =
			dwarf_formstring(dwarf_attr_integrate(die, attributes[i], &attr));
		if (name)
			return plain_name(sym, name);
	}
	return NULL;
}

static int die_number(Dwarf_Die *die, unsigned attribute)
{
	Dwarf_Attribute attr;
	Dwarf_Word value;
	if (dwarf_formudata(dwarf_attr(die, attribute, &attr), &value) || value > INT32_MAX)
		return 0;
	return (int)value;
}

static const char *call_file(Dwarf_Die *cu, Dwarf_Die *inlined)
{
	Dwarf_Files *files;
	size_t n;
	int at = die_number(inlined, DW_AT_call_file);
	if (dwarf_getsrcfiles(cu, &files, &n) || (size_t)at >= n)
		return NULL;
	return dwarf_filesrc(files, (size_t)at, NULL, NULL);
}

/* Fills names with the inlined calls at pc, innermost first, then the function itself, whose name
 * the caller knows better. Returns their number, 0 without DWARF. */
static size_t source_names(struct pyi_symbolizer *sym, Dwfl_Module *mod, uint64_t pc,
			   struct pyi_native_name *names)
{
	Dwarf_Addr bias;
	Dwarf_Die *cu = find_cu(mod, pc, &bias);
	Dwarf_Line *line = cu ? dwarf_getsrc_die(cu, pc - bias) : NULL;
	if (!line)
		return 0;
	size_t n = 0;
	names[0] = (struct pyi_native_name){.file = dwarf_linesrc(line, NULL, NULL)};
	dwarf_lineno(line, &names[0].line);
	/* The first call finds the innermost scope, the second the scopes around it in the code
	 * (the first one's own list goes on with the abstract function). */
	pyi_autofree Dwarf_Die *inner = NULL, *scopes = NULL;
	int n_scopes = dwarf_getscopes(cu, pc - bias, &inner);
	if (n_scopes > 0)
		n_scopes = dwarf_getscopes_die(&inner[0], &scopes);
	for (int i = 0; i < n_scopes && n + 1 < MAX_INLINED; i++) {
		int tag = dwarf_tag(&scopes[i]);
		if (tag == DW_TAG_subprogram) {
			names[n].function = die_name(sym, &scopes[i]);
			break;
		}
		if (tag != DW_TAG_inlined_subroutine)
			continue;
		names[n].function = die_name(sym, &scopes[i]);
		names[n++].inlined = true;
		names[n] =
			(struct pyi_native_name){.file = call_file(cu, &scopes[i]),
						 .line = die_number(&scopes[i], DW_AT_call_line)};
	}
	return n + 1;
}

/* Where an image is only a piece of a file, the names are those of the whole. */
static struct module *module_of(struct pyi_symbolizer *sym, struct pyi_image *image, uint64_t *pc)
{
	struct pyi_image_info info, whole;
	pyi_image_info(image, &info);
	if (!info.whole)
		return find_module(sym, image);
	pyi_image_info(info.whole, &whole);
	*pc += whole.bias - info.bias;
	return find_module(sym, info.whole);
}

/* --- what a snapshot knows --- */

#define NOTED       "names"
#define NOTED_KEY   "0x%" PRIx64 "%s"
#define EXACT(flag) ((flag) ? "" : " return")

static json_t *name_note(const struct pyi_native_name *name)
{
	return json_pack("{so so si sb}", "function", pyi_notes_text(name->function), "file",
			 pyi_notes_text(name->file), "line", name->line, "inlined", name->inlined);
}

/* plain: the names as they are without source lines. */
static void note_names(struct pyi_symbolizer *sym, uint64_t pc, bool exact_pc,
		       const struct pyi_native_name *plain, const struct pyi_native_name *names,
		       size_t n)
{
	if (!sym->target->notes)
		return;
	json_t *note = name_note(plain), *lines = json_array();
	json_object_set_new(note, "module", pyi_notes_text(plain->module));
	json_object_set_new(note, "offset", json_integer((json_int_t)plain->offset));
	for (size_t i = 0; sym->lines && i < n; i++)
		json_array_append_new(lines, name_note(&names[i]));
	json_object_set_new(note, "lines", lines);
	pyi_notes_put(sym->target->notes, NOTED, note, NOTED_KEY, pc, EXACT(exact_pc));
}

static struct pyi_native_name noted_name(const json_t *note, const json_t *module)
{
	json_int_t line = json_integer_value(json_object_get(note, "line"));
	return (struct pyi_native_name){
		.function = pyi_notes_string(json_object_get(note, "function")),
		.module = pyi_notes_string(module),
		.file = pyi_notes_string(json_object_get(note, "file")),
		.line = line > 0 && line <= INT32_MAX ? (int)line : 0,
		.inlined = json_is_true(json_object_get(note, "inlined")),
	};
}

/* 0: not noted. */
static size_t noted_names(struct pyi_symbolizer *sym, uint64_t pc, bool exact_pc,
			  struct pyi_native_name *names)
{
	const json_t *note =
		pyi_notes_get(sym->target->notes, NOTED, NOTED_KEY, pc, EXACT(exact_pc));
	const json_t *lines = json_object_get(note, "lines"), *module;
	if (!note)
		return 0;
	module = json_object_get(note, "module");
	size_t n = sym->lines ? json_array_size(lines) : 0;
	n = n < MAX_INLINED ? n : MAX_INLINED;
	for (size_t i = 0; i < n; i++)
		names[i] = noted_name(json_array_get(lines, i), module);
	if (!n)
		names[n++] = noted_name(note, module);
	names[n - 1].offset = (uint64_t)json_integer_value(json_object_get(note, "offset"));
	return n;
}

/* --- one pc, all of it --- */

/* Fills names; at least one. */
static size_t lookup(struct pyi_symbolizer *sym, uint64_t pc, bool exact_pc,
		     struct pyi_native_name *names)
{
	size_t noted = noted_names(sym, pc, exact_pc, names);
	if (noted)
		return noted;
	struct pyi_image *image = pyi_target_find_image(sym->target, exact_pc ? pc : pc - 1);
	names[0] = (struct pyi_native_name){0};
	if (!image)
		return 1;
	struct pyi_image_info info;
	pyi_image_info(image, &info);
	uint64_t at = exact_pc ? pc : pc - 1, offset = 0;
	struct module *module = module_of(sym, image, &at);
	size_t n = 0;
	const char *function = NULL;
	if (module && open_module(sym, module)) {
		function = symbol_at(sym, module, at, &offset);
		if (sym->lines)
			n = source_names(sym, module->dwfl, at, names);
	}
	if (!n)
		n = 1;
	struct pyi_native_name *outer = &names[n - 1];
	struct pyi_native_name plain = {.function = function, .module = info.name};
	if (function) {
		outer->function = function;
		outer->offset = plain.offset = offset + !exact_pc;
	}
	for (size_t i = 0; i < n; i++)
		names[i].module = info.name;
	note_names(sym, pc, exact_pc, &plain, names, n);
	return n;
}

/* --- what was asked before --- */

static size_t slot_of(const struct pyi_symbolizer *sym, uint64_t pc, bool exact_pc)
{
	size_t mask = sym->table_size - 1;
	size_t i = (size_t)((pc * 2 + exact_pc) * UINT64_C(0x9e3779b97f4a7c15) >> 32) & mask;
	while (sym->table[i].list && (sym->table[i].pc != pc || sym->table[i].exact_pc != exact_pc))
		i = (i + 1) & mask;
	return i;
}

static bool grow(struct pyi_symbolizer *sym)
{
	if (sym->table_used * 2 < sym->table_size)
		return true;
	struct names *old = sym->table;
	size_t old_size = sym->table_size, size = old_size ? old_size * 2 : 256;
	struct names *table = calloc(size, sizeof(*table));
	if (!table)
		return false;
	sym->table = table;
	sym->table_size = size;
	for (size_t i = 0; i < old_size; i++) {
		if (old[i].list)
			table[slot_of(sym, old[i].pc, old[i].exact_pc)] = old[i];
	}
	free(old);
	return true;
}

const struct pyi_native_name *pyi_symbolize(struct pyi_symbolizer *sym, uint64_t pc, bool exact_pc,
					    size_t *n)
{
	*n = 1;
	if (!grow(sym))
		return &sym->unknown;
	struct names *slot = &sym->table[slot_of(sym, pc, exact_pc)];
	if (!slot->list) {
		struct pyi_native_name names[MAX_INLINED];
		size_t count = lookup(sym, pc, exact_pc, names);
		struct pyi_native_name *list = calloc(count, sizeof(*list));
		if (!list)
			return &sym->unknown;
		memcpy(list, names, count * sizeof(*list));
		*slot = (struct names){.pc = pc, .exact_pc = exact_pc, .list = list, .n = count};
		sym->table_used++;
	}
	*n = slot->n;
	return slot->list;
}
