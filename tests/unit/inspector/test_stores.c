/* SPDX-License-Identifier: BSD-2-Clause */
/* Sites in eval functions made of what compilers made of CPython's: they lie in this program. */
#include "self_target.h"
#include "trace/sites.h"

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

#ifdef HAVE_BPF

#define FUNCTION(name, body)                                                        \
	__asm__(".pushsection .text\n"                                              \
		".globl " name "\n.type " name ", @function\n" name ":\n"           \
		".cfi_startproc\n" body "\n.cfi_endproc\n.size " name ", . - " name \
		"\n.popsection\n")
#define LABEL(name) ".globl " name "\n" name ":\n"

/* As of 3.9: an entry whose frame stays in %rbx; an exit with it and one without. */
FUNCTION(
	"_PyEval_EvalFrameDefault",
	"push %rbx\n"
	"mov %rsi,%rbx\n"
	"mov %rdi,%rbp\n"
	"mov %rbx,0x18(%rbp)\n"
	"test %eax,%eax\n" LABEL(
		"at_entry") "je 1f\n"
			    "mov %rax,0x18(%r13)\n" /* no exit: what it stores is no f_back */
			    "1: cmp $7,%eax\n" LABEL(
				    "at_branch") "jle 2f\n"
						 "movb $0,0x24(%rbp)\n"
						 "2: movb $0,0x74(%rbx)\n"
						 "mov 0x18(%rbx),%rbx\n" /* the frame's register is
									    gone */
						 "mov %rbx,0x18(%rbp)\n"
						 "jmp *%rax\n" LABEL(
							 "at_start_of_other") "mov "
									      "0x18(%rbx),%rax\n"
									      "mov "
									      "%rax,0x18(%rbp)"
									      "\n" LABEL(
										      "at_call") "c"
												 "a"
												 "l"
												 "l"
												 " "
												 "m"
												 "a"
												 "l"
												 "l"
												 "o"
												 "c"
												 "@"
												 "p"
												 "l"
												 "t"
												 "\n"
												 "r"
												 "e"
												 "t"
												 "\n");

/* As of 2.7: the thread state is in memory, and what comes before is an outcome of a branch. */
FUNCTION("PyEval_EvalFrameEx",
	 "mov %rdi,%r15\n"
	 "mov 8(%rsp),%rax\n"
	 "mov %r15,0x10(%rax)\n" LABEL("at_entry_2") "je 1f\n"
						     "1: test %edx,%edx\n" LABEL(
							     "at_branch_2") "jne 2f\n"
									    "mov 0x18(%r15),%rcx\n"
									    "mov 8(%rsp),%rbx\n"
									    "mov %rcx,0x10(%rbx)\n"
									    "pop %rbx\n"
									    "ret\n"
									    "2: ret\n");

extern const char at_entry[], at_branch[], at_call[], at_entry_2[], at_branch_2[];

enum { R15 = 0, RBX = 5, RBP = 4, RAX = 10 };

struct found {
	struct pyi_target target;
	struct pyi_runtime rt;
	struct pyi_sites sites;
};

static struct pyi_error *find(struct found *found, uint32_t major, uint32_t minor,
			      uint32_t tstate_frame)
{
	self_target_init(&found->target);
	memset(&found->rt.layout, 0xff, sizeof(found->rt.layout));
	strcpy(found->rt.name, "test");
	found->rt.layout.python_major = major;
	found->rt.layout.python_minor = minor;
	found->rt.layout.how_frames = PYI_FRAMES_HEAP;
	found->rt.layout.tstate_frame = tstate_frame;
	found->rt.layout.frame_back = 0x18;
	for (size_t i = 0; i < found->target.n_images; i++) {
		struct pyi_image_info info;

		pyi_image_info(found->target.images[i], &info);
		if ((uintptr_t)at_entry >= info.lo && (uintptr_t)at_entry < info.hi)
			found->rt.image = found->target.images[i];
	}
	assert_non_null(found->rt.image);
	return pyi_sites_stores(&found->target, &found->rt, &found->sites);
}

static void release(struct found *found)
{
	pyi_sites_deinit(&found->sites);
	self_target_deinit(&found->target);
}

/* The site at an address of this program, or NULL. */
static const struct pyi_site_code *site_at(const struct found *found, const char *at)
{
	pyi_vec_for_each (site, &found->sites.list)
		for (size_t i = 0; i < found->target.maps.n; i++) {
			const struct pyi_map *map = &found->target.maps.maps[i];
			uint64_t addr = (uintptr_t)at;

			if (addr >= map->lo && addr < map->hi &&
			    site->offset == addr - map->lo + map->offset)
				return &site->code;
		}
	return NULL;
}

static void entry_and_exits(void **state)
{
	struct found found = {0};
	const struct pyi_site_code *code;

	assert_null(find(&found, 3, 9, 0x18));
	assert_int_equal(found.sites.list.len, 3);
	assert_int_equal(found.sites.stepped, 0);
	code = site_at(&found, at_entry);
	assert_non_null(code);
	assert_int_equal(code->kind, PYI_SITE_ENTERED);
	assert_int_equal(code->reg[0], RBX);
	assert_int_equal(code->reg[1], RBP);
	/* Both ways from the branch lead to the load. */
	code = site_at(&found, at_branch);
	assert_non_null(code);
	assert_int_equal(code->kind, PYI_SITE_LEFT);
	assert_int_equal(code->condition, 0);
	assert_int_equal(code->reg[0], RBX);
	assert_int_equal(code->reg[1], RBP);
	/* The frame is still there behind this store. */
	code = site_at(&found, at_call);
	assert_non_null(code);
	assert_int_equal(code->kind, PYI_SITE_LEFT);
	assert_int_equal(code->reg[0], RBX);
	release(&found);
}

static void an_outcome_of_a_branch(void **state)
{
	struct found found = {0};
	const struct pyi_site_code *code;

	assert_null(find(&found, 2, 7, 0x10));
	assert_int_equal(found.sites.list.len, 2);
	code = site_at(&found, at_entry_2);
	assert_non_null(code);
	assert_int_equal(code->kind, PYI_SITE_ENTERED);
	assert_int_equal(code->reg[0], R15);
	assert_int_equal(code->reg[1], RAX);
	code = site_at(&found, at_branch_2);
	assert_non_null(code);
	assert_int_equal(code->kind, PYI_SITE_LEFT);
	assert_int_equal(code->condition, 1 + 4); /* jne not taken: e */
	assert_int_equal(code->reg[0], R15);
	assert_int_equal(code->flags, PYI_SITE_IN_MEMORY);
	assert_int_equal(code->reg[1], PYI_REG_RSP);
	assert_int_equal(code->disp, 8);
	release(&found);
}

static void no_stores(void **state)
{
	struct found found = {0};
	struct pyi_error *err = find(&found, 3, 9, 0x4440);

	assert_non_null(err);
	assert_int_equal(err->code, PYI_ERR_NOT_PYTHON);
	pyi_error_destroy(err);
	release(&found);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(entry_and_exits),
		cmocka_unit_test(an_outcome_of_a_branch),
		cmocka_unit_test(no_stores),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

#else

static void test_built_without_capstone(void **state)
{
	skip();
}

int main(void)
{
	const struct CMUnitTest tests[] = {cmocka_unit_test(test_built_without_capstone)};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

#endif
