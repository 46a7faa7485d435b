/* SPDX-License-Identifier: BSD-2-Clause */
/* minipy's probes as notes of a file: this program carries some of its own. */
#include "self_target.h"
#include "trace/sites.h"

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

/* A site of a provider's probe, as <sys/sdt.h> makes one. */
#define NOTE(provider, name, site, args)                 \
	".pushsection .note.stapsdt,\"\",\"note\"\n"     \
	".balign 4\n.4byte 992f-991f, 994f-993f, 3\n"    \
	"991: .asciz \"stapsdt\"\n992: .balign 4\n"      \
	"993: .8byte " site "\n.8byte 0\n.8byte 0\n"     \
	".asciz \"" provider "\"\n.asciz \"" name "\"\n" \
	".asciz \"" args "\"\n994: .balign 4\n.popsection\n"

__asm__(".pushsection .text\n"
	".globl at_push, at_pop\n"
	"at_push: nop\n"
	"at_pop: nop\n"
	"at_other: ret\n"
	".popsection\n" NOTE("minipy", "frame__push", "at_push", "8@%rbx 8@%r12 8@%rax")
		NOTE("minipy", "frame__pop", "at_pop", "8@%rbx 8@%r12 8@%rax 8@%rdx")
			NOTE("minipy", "line", "at_other", "8@%rbx 8@%r12")
				NOTE("python", "frame__push", "at_other", "8@%rbx 8@%r12 8@%rax"));

extern const char at_push[], at_pop[];

enum { RBX = 5, R12 = 3, RDX = 12 };

static void registers_have_numbers(void **state)
{
	assert_int_equal(pyi_site_register("r15", 3), 0);
	assert_int_equal(pyi_site_register("rdi and more", 3), 14);
	assert_int_equal(pyi_site_register("rsp", 3), 19);
	assert_int_equal(pyi_site_register("rip", 3), -1);
	assert_int_equal(pyi_site_register("eax", 3), -1);
	assert_int_equal(pyi_site_register("", 0), -1);
}

static void notes_of_a_file(void **state)
{
	struct pyi_target target;
	struct pyi_sites sites = {0};
	const struct pyi_image *own = NULL;
	const struct pyi_session_site *push, *pop;

	self_target_init(&target);
	for (size_t i = 0; i < target.n_images; i++) {
		struct pyi_image_info info;

		pyi_image_info(target.images[i], &info);
		if ((uintptr_t)at_push >= info.lo && (uintptr_t)at_push < info.hi)
			own = target.images[i];
	}
	assert_non_null(own);
	assert_null(pyi_sites_usdt(own, &sites));
	assert_int_equal(sites.list.len, 2); /* not the line, not the other provider's */
	push = &sites.list.data[0];
	pop = &sites.list.data[1];
	assert_int_equal(push->code.kind, PYI_SITE_PUSH);
	assert_int_equal(push->code.reg[0], RBX);
	assert_int_equal(push->code.reg[1], R12);
	assert_int_equal(pop->code.kind, PYI_SITE_POP);
	assert_int_equal(pop->code.reg[2], RDX);
	assert_int_equal(pop->offset, push->offset + 1);
	pyi_sites_deinit(&sites);
	self_target_deinit(&target);
}

static void a_file_without(void **state)
{
	struct pyi_target target;
	struct pyi_sites sites = {0};
	struct pyi_error *err = NULL;

	self_target_init(&target);
	for (size_t i = 0; i < target.n_images && !err; i++) {
		struct pyi_image_info info;

		pyi_image_info(target.images[i], &info);
		if (strstr(info.name, "libc.so"))
			err = pyi_sites_usdt(target.images[i], &sites);
	}
	assert_non_null(err);
	assert_int_equal(err->code, PYI_ERR_NOT_PYTHON);
	pyi_error_destroy(err);
	pyi_sites_deinit(&sites);
	self_target_deinit(&target);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(registers_have_numbers),
		cmocka_unit_test(notes_of_a_file),
		cmocka_unit_test(a_file_without),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
