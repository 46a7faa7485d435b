/* SPDX-License-Identifier: BSD-2-Clause */
/* Names of this process's own code and of files made for it. */
#include "native/symbolize.h"

#include "native/debugfile.h"

#include <dlfcn.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include <cmocka.h>

#define NOINLINE __attribute__((noinline, noclone))

static struct pyi_target *self;

static int open_self(void **state)
{
	(void)state;
	return pyi_target_open_live(getpid(), &self) != NULL;
}

static int close_self(void **state)
{
	(void)state;
	pyi_target_close(self);
	return 0;
}

static struct pyi_symbolizer *new_symbolizer(struct pyi_target *target, bool lines)
{
	struct pyi_symbolizer *sym = NULL;
	assert_null(pyi_symbolizer_create(target, lines, &sym));
	return sym;
}

static uint64_t inlined_pc, outer_pc;

/* The address of the instruction behind the call of here(). */
static NOINLINE uint64_t here(void)
{
	return (uint64_t)__builtin_return_address(0);
}

static inline __attribute__((always_inline)) uint64_t inlined_one(void)
{
	uint64_t pc = here();
	__asm__ volatile("");
	return pc;
}

static inline __attribute__((always_inline)) uint64_t inlined_two(void)
{
	return inlined_one();
}

static NOINLINE int outer_line(void)
{
	inlined_pc = inlined_two();
	int line = __LINE__ - 1;
	outer_pc = here();
	__asm__ volatile("");
	return line;
}

static void test_names(void **state)
{
	(void)state;
	struct pyi_symbolizer *sym = new_symbolizer(self, false);
	size_t n;
	outer_line();
	const struct pyi_native_name *name = pyi_symbolize(sym, outer_pc, false, &n);
	assert_int_equal(n, 1);
	assert_string_equal(name->function, "outer_line");
	assert_non_null(strstr(name->module, "test_symbolize"));
	assert_int_equal(name->offset, outer_pc - (uint64_t)&outer_line);
	assert_null(name->file);
	assert_int_equal(name->line, 0);
	/* The first byte belongs to the function when the pc is exact, to the one before if not. */
	name = pyi_symbolize(sym, (uint64_t)&outer_line, true, &n);
	assert_string_equal(name->function, "outer_line");
	assert_int_equal(name->offset, 0);
	name = pyi_symbolize(sym, (uint64_t)&outer_line, false, &n);
	assert_true(!name->function || strcmp(name->function, "outer_line") != 0);
	/* Library functions, without the version. */
	name = pyi_symbolize(sym, (uint64_t)dlsym(RTLD_NEXT, "hsearch_r") + 1, true, &n);
	assert_string_equal(name->function, "hsearch_r");
	assert_non_null(strstr(name->module, "libc"));
	/* Asked again: the same answer from the same place. */
	const char *function = name->function;
	name = pyi_symbolize(sym, (uint64_t)dlsym(RTLD_NEXT, "hsearch_r") + 1, true, &n);
	assert_ptr_equal(name->function, function);
	pyi_symbolizer_destroy(sym);
}

static void test_nowhere(void **state)
{
	(void)state;
	struct pyi_symbolizer *sym = new_symbolizer(self, true);
	static const uint64_t nowhere[] = {0, 1, UINT64_MAX, UINT64_C(0x1234567890)};
	size_t n;
	for (size_t i = 0; i < sizeof(nowhere) / sizeof(*nowhere); i++) {
		for (int exact = 0; exact < 2; exact++) {
			const struct pyi_native_name *name =
				pyi_symbolize(sym, nowhere[i], exact, &n);
			assert_int_equal(n, 1);
			assert_null(name->function);
			assert_null(name->module);
		}
	}
	pyi_symbolizer_destroy(sym);
}

static void test_lines_and_inlined(void **state)
{
	(void)state;
	struct pyi_symbolizer *sym = new_symbolizer(self, true);
	size_t n;
	int line = outer_line();
	const struct pyi_native_name *name = pyi_symbolize(sym, inlined_pc, false, &n);
	assert_int_equal(n, 3);
	assert_string_equal(name[0].function, "inlined_one");
	assert_string_equal(name[1].function, "inlined_two");
	assert_string_equal(name[2].function, "outer_line");
	assert_true(name[0].inlined && name[1].inlined && !name[2].inlined);
	assert_int_equal(name[2].line, line);
	for (size_t i = 0; i < 3; i++) {
		assert_non_null(strstr(name[i].file, "test_symbolize.c"));
		assert_true(name[i].line > 0 && name[i].line <= line);
	}
	pyi_symbolizer_destroy(sym);
}

/* The same names from the notes alone, with and without lines. */
static void test_noted(void **state)
{
	(void)state;
	struct pyi_target noted = {.kind = PYI_TARGET_SNAPSHOT};
	assert_null(pyi_notes_create(NULL, &noted.notes));
	self->notes = noted.notes;
	outer_line();
	for (int lines = 1; lines >= 0; lines--) {
		struct pyi_symbolizer *live = new_symbolizer(self, true);
		struct pyi_symbolizer *plain = new_symbolizer(self, lines);
		struct pyi_symbolizer *dead = new_symbolizer(&noted, lines);
		size_t n_live, n_want, n_got;
		pyi_symbolize(live, inlined_pc, false, &n_live);
		assert_true(n_live == 3);
		const struct pyi_native_name *want, *got;
		want = pyi_symbolize(plain, inlined_pc, false, &n_want);
		got = pyi_symbolize(dead, inlined_pc, false, &n_got);
		assert_int_equal(n_want, lines ? 3 : 1);
		assert_int_equal(n_got, n_want);
		for (size_t i = 0; i < n_want; i++) {
			assert_string_equal(got[i].function, want[i].function);
			assert_string_equal(got[i].module, want[i].module);
			assert_int_equal(got[i].line, want[i].line);
			assert_int_equal(got[i].inlined, want[i].inlined);
			assert_int_equal(!got[i].file, !want[i].file);
		}
		assert_int_equal(got[n_got - 1].offset, want[n_want - 1].offset);
		got = pyi_symbolize(dead, inlined_pc, true, &n_got); /* never asked for */
		assert_int_equal(n_got, 1);
		assert_null(got->function);
		pyi_symbolizer_destroy(live);
		pyi_symbolizer_destroy(plain);
		pyi_symbolizer_destroy(dead);
	}
	self->notes = NULL;
	pyi_notes_destroy(noted.notes);
}

static void test_vdso(void **state)
{
	(void)state;
	struct pyi_symbolizer *sym = new_symbolizer(self, true);
	size_t n;
	for (size_t i = 0; i < self->n_images; i++) {
		struct pyi_image_info info;
		struct pyi_image_symbol found;
		pyi_image_info(self->images[i], &info);
		if (strcmp(info.name, "[vdso]") != 0 ||
		    !pyi_image_find_symbol(self->images[i], "__vdso_getcpu", &found))
			continue;
		const struct pyi_native_name *name = pyi_symbolize(sym, found.addr, true, &n);
		assert_string_equal(name->module, "[vdso]");
		assert_non_null(strstr(name->function, "getcpu"));
	}
	pyi_symbolizer_destroy(sym);
}

/* --- files made by the compiler of this machine --- */

static const char source[] = "int exported_before(int x) { return x * 3 + 1; }\n"
			     "__attribute__((noinline)) static int hidden(int x)\n"
			     "{ __asm__ volatile(\"\" : \"+r\"(x)); return x * 5; }\n"
			     "int exported_after(int x) { return hidden(x) + hidden(x + 1); }\n"
			     "int (*hidden_address(void))(int) { return hidden; }\n";

static bool run(const char *fmt, const char *dir)
{
	char command[1024];
	snprintf(command, sizeof(command), fmt, dir, dir, dir, dir, dir);
	return system(command) == 0;
}

/* In a stripped library a static function has no name; that of the exported one before it would be
 * wrong. With its debug file it has. */
static void test_stripped(void **state)
{
	(void)state;
	char dir[] = "/tmp/pyi-sym-XXXXXX", path[64];
	size_t n;
	assert_non_null(mkdtemp(dir));
	snprintf(path, sizeof(path), "%s/l.c", dir);
	FILE *f = fopen(path, "we");
	assert_non_null(f);
	fputs(source, f);
	fclose(f);
	if (!run("cd %s && cc -O1 -g -shared -fPIC -Wl,--build-id -o l.so l.c 2>/dev/null && "
		 "objcopy --only-keep-debug l.so l.debug && strip l.so && "
		 "objcopy --add-gnu-debuglink=l.debug l.so",
		 dir)) {
		run("rm -rf %s", dir);
		skip(); /* no compiler here */
	}
	snprintf(path, sizeof(path), "%s/l.so", dir);
	void *lib = dlopen(path, RTLD_NOW);
	assert_non_null(lib);
	int (*(*hidden_address)(void))(int);
	void *fn = dlsym(lib, "hidden_address");
	memcpy(&hidden_address, &fn, sizeof(fn));
	uint64_t hidden = (uint64_t)hidden_address();
	uint64_t before = (uint64_t)dlsym(lib, "exported_before");
	for (int with_debug = 1; with_debug >= 0; with_debug--) {
		struct pyi_target *target = NULL;
		if (!with_debug) /* the file is there, but it is another library's */
			assert_true(
				run("cd %s && echo 'int x;' | cc -x c -g -shared -Wl,--build-id -o "
				    "l.debug - 2>/dev/null",
				    dir));
		assert_null(pyi_target_open_live(getpid(), &target));
		struct pyi_symbolizer *sym = new_symbolizer(target, true);
		const struct pyi_native_name *name = pyi_symbolize(sym, hidden + 1, true, &n);
		assert_string_equal(name->module, "l.so");
		if (with_debug) {
			assert_string_equal(name->function, "hidden");
			assert_non_null(strstr(name->file, "l.c"));
			assert_true(name->line >= 2 && name->line <= 3);
		} else {
			assert_null(name->function);
			assert_null(name->file);
		}
		name = pyi_symbolize(sym, before, true, &n);
		assert_string_equal(name->function, "exported_before");
		pyi_symbolizer_destroy(sym);
		pyi_target_close(target);
	}
	dlclose(lib);
	run("rm -rf %s", dir);
}

static void test_cxx(void **state)
{
	(void)state;
	char dir[] = "/tmp/pyi-cxx-XXXXXX", path[64];
	size_t n;
	assert_non_null(mkdtemp(dir));
	if (!dlopen("libstdc++.so.6", RTLD_LAZY) ||
	    !run("cd %s && echo 'namespace ns { int deep(int x) { return x + 1; } }' >x.cc && "
		 "c++ -shared -fPIC -o x.so x.cc 2>/dev/null",
		 dir)) {
		run("rm -rf %s", dir);
		skip(); /* no C++ here */
	}
	snprintf(path, sizeof(path), "%s/x.so", dir);
	void *lib = dlopen(path, RTLD_NOW);
	assert_non_null(lib);
	struct pyi_target *target;
	assert_null(pyi_target_open_live(getpid(), &target));
	struct pyi_symbolizer *sym = new_symbolizer(target, false);
	const struct pyi_native_name *name =
		pyi_symbolize(sym, (uint64_t)dlsym(lib, "_ZN2ns4deepEi"), true, &n);
	assert_string_equal(name->function, "ns::deep(int)");
	pyi_symbolizer_destroy(sym);
	pyi_target_close(target);
	dlclose(lib);
	run("rm -rf %s", dir);
}

/* A name in .gnu_debuglink comes from the target: no way out of the directories, no waiting. */
static void test_debuglink_is_untrusted(void **state)
{
	(void)state;
	char dir[] = "/tmp/pyi-dbg-XXXXXX", path[64], fifo[64], *name = NULL;
	assert_non_null(mkdtemp(dir));
	snprintf(path, sizeof(path), "%s/lib.so", dir);
	snprintf(fifo, sizeof(fifo), "%s/fifo", dir);
	assert_int_equal(mkfifo(fifo, 0600), 0);
	static const char *const links[] = {"fifo", "../../etc/passwd", "", ".", NULL};
	for (size_t i = 0; i < sizeof(links) / sizeof(*links); i++)
		assert_int_equal(pyi_debugfile_open("0123456789abcdef", path, links[i], &name), -1);
	assert_int_equal(pyi_debugfile_open("", path, "fifo", &name), -1);
	assert_int_equal(pyi_debugfile_open("0123456789", "[vdso]", "fifo", &name), -1);
	assert_null(name);
	run("rm -rf %s", dir);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_names),
		cmocka_unit_test(test_nowhere),
		cmocka_unit_test(test_lines_and_inlined),
		cmocka_unit_test(test_noted),
		cmocka_unit_test(test_vdso),
		cmocka_unit_test(test_stripped),
		cmocka_unit_test(test_cxx),
		cmocka_unit_test(test_debuglink_is_untrusted),
	};
	return cmocka_run_group_tests(tests, open_self, close_self);
}
