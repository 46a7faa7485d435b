/* SPDX-License-Identifier: BSD-2-Clause */
/* Unwinding children with known call chains, and stacks made of nonsense. */
#include "native/unwind.h"

#include "child.h"

#include <dlfcn.h>
#include <pthread.h>
#include <setjmp.h>
#include <stdarg.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <ucontext.h>
#include <cmocka.h>

#define NOINLINE __attribute__((noinline, noclone))
/* After a call: keeps it from becoming a jump or a loop. */
#define KEEP_CALL __asm__ volatile("" ::: "memory")

/* A captured child and its unwound first thread. */
struct view {
	struct child child;
	struct pyi_target *target;
	struct pyi_unwinder *uw;
	struct pyi_native_stack stack;
};

static void view_open(struct view *view, void (*body)(int, int), bool no_stop, const char *states)
{
	*view = (struct view){0};
	assert_true(child_start(&view->child, body));
	assert_int_equal(child_read(&view->child), 'r');
	assert_true(child_wait_state(view->child.pid, view->child.pid, states));
	assert_null(pyi_target_open_live(view->child.pid, &view->target));
	struct pyi_capture_options options = {.no_stop = no_stop};
	assert_null(pyi_target_capture(view->target, &options));
	assert_null(pyi_unwinder_create(view->target, &view->uw));
	assert_null(pyi_unwind(view->uw, &view->target->threads[0], 1000, &view->stack));
}

static void view_close(struct view *view)
{
	pyi_native_stack_deinit(&view->stack);
	pyi_unwinder_destroy(view->uw);
	pyi_target_close(view->target);
	child_end(&view->child);
}

/* The index of the first frame at or after `from` inside fn, which begins at its unwind entry. */
static size_t find_frame(const struct pyi_native_stack *stack, size_t from, const void *fn)
{
	for (size_t i = from; i < stack->frames.len; i++) {
		if (stack->frames.data[i].start == (uint64_t)fn)
			return i;
	}
	print_error("no frame of %p in %zu frames\n", fn, stack->frames.len);
	fail();
	return 0;
}

/* What must hold for every good stack. */
static void check_shape(const struct pyi_native_stack *stack)
{
	for (size_t i = 0; i < stack->frames.len; i++) {
		const struct pyi_native_frame *frame = &stack->frames.data[i];
		bool after_signal = i && stack->frames.data[i - 1].signal;
		assert_int_equal(frame->exact_pc, i == 0 || after_signal);
		if (i + 1 < stack->frames.len) {
			assert_int_equal(frame->cfa, frame[1].sp);
			assert_true(frame->cfa > frame->sp || frame->signal);
		} else {
			assert_int_equal(frame->cfa, 0);
		}
	}
}

static int body_in, body_out;

static NOINLINE int leaf(void)
{
	char byte;
	child_say(body_out, 'r');
	while (read(body_in, &byte, 1) == 1)
		child_say(body_out, byte);
	return 1;
}

static NOINLINE int recurse(int n)
{
	int value = n ? recurse(n - 1) : leaf();
	KEEP_CALL;
	return value + 1;
}

static void chain_body(int in, int out)
{
	body_in = in;
	body_out = out;
	recurse(10);
	KEEP_CALL;
}

static void check_chain(const struct pyi_native_stack *stack)
{
	assert_int_equal(stack->end, PYI_END_COMPLETE);
	check_shape(stack);
	size_t at = find_frame(stack, 0, leaf);
	for (int i = 0; i < 11; i++)
		at = find_frame(stack, at + 1, recurse);
	at = find_frame(stack, at, chain_body);
	assert_true(at >= 13 && stack->frames.len > at + 3);
}

static void test_chain(void **state)
{
	(void)state;
	struct view view;
	view_open(&view, chain_body, false, "S");
	check_chain(&view.stack);
	assert_true(child_answers(&view.child));
	/* Everything needed is here: the process is not. */
	child_end(&view.child);
	struct pyi_native_stack again;
	assert_null(pyi_unwind(view.uw, &view.target->threads[0], 1000, &again));
	check_chain(&again);
	pyi_native_stack_deinit(&again);
	struct pyi_unwinder *fresh;
	assert_null(pyi_unwinder_create(view.target, &fresh));
	assert_null(pyi_unwind(fresh, &view.target->threads[0], 1000, &again));
	check_chain(&again);
	pyi_native_stack_deinit(&again);
	pyi_unwinder_destroy(fresh);
	pyi_native_stack_deinit(&view.stack);
	pyi_unwinder_destroy(view.uw);
	pyi_target_close(view.target);
}

static void test_pc_and_sp_only(void **state)
{
	(void)state;
	struct view view;
	view_open(&view, chain_body, true, "S");
	assert_false(view.target->threads[0].have_regs);
	/* Registers that a caller keeps are unknown: at -O0 the frame pointer is needed. */
	if (view.stack.end == PYI_END_COMPLETE)
		check_chain(&view.stack);
	else
		assert_true(view.stack.frames.len > 0);
	view_close(&view);
}

static void test_limit(void **state)
{
	(void)state;
	struct view view;
	view_open(&view, chain_body, false, "S");
	struct pyi_native_stack cut;
	assert_null(pyi_unwind(view.uw, &view.target->threads[0], 5, &cut));
	assert_int_equal(cut.frames.len, 5);
	assert_int_equal(cut.end, PYI_END_LIMIT);
	pyi_native_stack_deinit(&cut);
	assert_null(pyi_unwind(view.uw, &view.target->threads[0], 0, &cut));
	assert_int_equal(cut.frames.len, 0);
	pyi_native_stack_deinit(&cut);
	view_close(&view);
}

static void test_no_registers(void **state)
{
	(void)state;
	struct view view;
	view_open(&view, chain_body, false, "S");
	struct pyi_thread thread = {.tid = 1};
	struct pyi_native_stack stack;
	assert_null(pyi_unwind(view.uw, &thread, 5, &stack));
	assert_int_equal(stack.frames.len, 0);
	assert_int_equal(stack.end, PYI_END_RUNNING);
	pyi_native_stack_deinit(&stack);
	view_close(&view);
}

/* --- signals --- */

static NOINLINE void handler(int sig)
{
	(void)sig;
	leaf();
	KEEP_CALL;
}

static NOINLINE void raise_it(void)
{
	raise(SIGUSR1);
	KEEP_CALL;
}

static void signal_body(int in, int out)
{
	static char alt[65536];
	stack_t ss = {.ss_sp = alt, .ss_size = sizeof(alt)};
	struct sigaction sa = {.sa_handler = handler, .sa_flags = SA_ONSTACK};
	body_in = in;
	body_out = out;
	sigaltstack(&ss, NULL);
	sigaction(SIGUSR1, &sa, NULL);
	raise_it();
	KEEP_CALL;
}

static void test_signal_frame(void **state)
{
	(void)state;
	struct view view;
	view_open(&view, signal_body, false, "S");
	assert_int_equal(view.stack.end, PYI_END_COMPLETE);
	check_shape(&view.stack);
	size_t at = find_frame(&view.stack, 0, handler);
	assert_true(view.stack.frames.data[at + 1].signal);
	assert_true(view.stack.frames.data[at + 2].exact_pc);
	find_frame(&view.stack, at + 2, raise_it);
	size_t n = 0;
	for (size_t i = 0; i < view.stack.frames.len; i++)
		n += view.stack.frames.data[i].signal;
	assert_int_equal(n, 1);
	view_close(&view);
}

/* --- code without unwind entries --- */

static NOINLINE int call_it(int (*fn)(int (*)(void)))
{
	int value = fn(leaf);
	KEEP_CALL;
	return value + 1;
}

/* push %rbp; mov %rsp,%rbp; call *%rdi; pop %rbp; ret: what a JIT compiler makes. */
static void jit_body(int in, int out)
{
	static const unsigned char code[] = {0x55, 0x48, 0x89, 0xe5, 0xff, 0xd7, 0x5d, 0xc3};
	void *page = mmap(NULL, 4096, PROT_READ | PROT_WRITE | PROT_EXEC,
			  MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	int (*fn)(int (*)(void));
	body_in = in;
	body_out = out;
	memcpy(page, code, sizeof(code));
	memcpy(&fn, &page, sizeof(fn));
	call_it(fn);
	KEEP_CALL;
}

static void test_jit_frame(void **state)
{
	(void)state;
	struct view view;
	view_open(&view, jit_body, false, "S");
	assert_int_equal(view.stack.end, PYI_END_COMPLETE);
	check_shape(&view.stack);
	size_t at = find_frame(&view.stack, 0, leaf);
	assert_int_equal(view.stack.frames.data[at + 1].start, 0);
	assert_int_equal(find_frame(&view.stack, at + 1, call_it), at + 2);
	find_frame(&view.stack, at + 1, jit_body);
	view_close(&view);
}

/* A call through a null pointer, caught in its moment by a handler that sleeps. */
static NOINLINE int call_null(int (*volatile fn)(void))
{
	int value = fn();
	KEEP_CALL;
	return value + 1;
}

static void null_body(int in, int out)
{
	struct sigaction sa = {.sa_handler = handler};
	body_in = in;
	body_out = out;
	sigaction(SIGSEGV, &sa, NULL);
	call_null(NULL);
	KEEP_CALL;
}

static void test_null_call(void **state)
{
	(void)state;
	struct view view;
	view_open(&view, null_body, false, "S");
	size_t at = find_frame(&view.stack, 0, handler);
	assert_true(view.stack.frames.data[at + 1].signal);
	assert_int_equal(view.stack.frames.data[at + 2].pc, 0);
	assert_int_equal(find_frame(&view.stack, 0, call_null), at + 3);
	assert_int_equal(view.stack.end, PYI_END_COMPLETE);
	check_shape(&view.stack);
	/* The same place as a thread that dies there shows it. The trampoline's sp points to the
	 * registers that the kernel saved. */
	ucontext_t saved;
	assert_null(pyi_mem_read(view.target->mem, view.stack.frames.data[at + 1].sp, &saved,
				 sizeof(saved)));
	struct pyi_thread thread = {
		.have_regs = true,
		.regs = {.rip = 0,
			 .rsp = (unsigned long long)saved.uc_mcontext.gregs[REG_RSP],
			 .rbp = (unsigned long long)saved.uc_mcontext.gregs[REG_RBP]}};
	assert_int_equal(saved.uc_mcontext.gregs[REG_RIP], 0);
	struct pyi_native_stack stack;
	assert_null(pyi_unwind(view.uw, &thread, 1000, &stack));
	assert_int_equal(stack.frames.data[0].pc, 0);
	assert_int_equal(find_frame(&stack, 0, call_null), 1);
	find_frame(&stack, 1, null_body);
	assert_int_equal(stack.end, PYI_END_COMPLETE);
	pyi_native_stack_deinit(&stack);
	view_close(&view);
}

/* --- other stacks --- */

static ucontext_t own_stack_context;

static void on_own_stack(void)
{
	leaf();
	KEEP_CALL;
}

static void own_stack_body(int in, int out)
{
	static ucontext_t back;
	size_t size = 1 << 20;
	body_in = in;
	body_out = out;
	getcontext(&own_stack_context);
	own_stack_context.uc_stack.ss_sp =
		mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	own_stack_context.uc_stack.ss_size = size;
	own_stack_context.uc_link = &back;
	makecontext(&own_stack_context, on_own_stack, 0);
	swapcontext(&back, &own_stack_context);
}

static void test_own_stack(void **state)
{
	(void)state;
	struct view view;
	view_open(&view, own_stack_body, false, "S");
	find_frame(&view.stack, 0, on_own_stack);
	check_shape(&view.stack);
	assert_true(view.stack.frames.len < 10);
	view_close(&view);
}

/* --- nonsense --- */

static uint64_t next_random(uint64_t *seed)
{
	*seed ^= *seed << 13;
	*seed ^= *seed >> 7;
	*seed ^= *seed << 17;
	return *seed;
}

/* Stacks of random words mixed with code addresses, stack addresses and extremes. Must end. */
static void test_garbage(void **state)
{
	(void)state;
	enum { WORDS = 8192 };
	struct view view;
	view_open(&view, chain_body, false, "S");
	static uint64_t words[WORDS];
	uint64_t seed = 88172645463325252u, base = 0x10000;
	assert_null(pyi_mem_add_buffer(view.target->mem, base, words, sizeof(words)));
	for (int round = 0; round < 300; round++) {
		for (size_t i = 0; i < WORDS; i++) {
			uint64_t r = next_random(&seed);
			const struct pyi_native_frame *frames = view.stack.frames.data;
			switch (r % 5) {
			case 0: words[i] = r; break;
			case 1: words[i] = frames[r / 5 % view.stack.frames.len].pc; break;
			case 2: words[i] = base + r / 5 % sizeof(words); break;
			case 3: words[i] = UINT64_MAX - r / 5 % 16; break;
			default:
				words[i] =
					frames[r / 5 % view.stack.frames.len].pc + r / 64 % 64 - 32;
				break;
			}
		}
		struct pyi_thread thread = {.have_regs = true, .have_pc_sp = round % 2};
		unsigned long long *regs = (unsigned long long *)&thread.regs;
		for (size_t i = 0; i < sizeof(thread.regs) / 8; i++)
			regs[i] = words[next_random(&seed) % WORDS];
		if (round % 3)
			thread.regs.rsp = base + next_random(&seed) % sizeof(words);
		if (round % 7 == 0)
			thread.regs.rsp = UINT64_MAX - 7;
		struct pyi_native_stack stack;
		assert_null(pyi_unwind(view.uw, &thread, 10000, &stack));
		assert_true(stack.frames.len <= 10000 && stack.frames.len >= 1);
		pyi_native_stack_deinit(&stack);
	}
	view_close(&view);
}

/* A frame pointer chain that goes in a circle. */
static void test_cycle(void **state)
{
	(void)state;
	struct view view;
	view_open(&view, jit_body, false, "S");
	size_t at = find_frame(&view.stack, 0, leaf) + 1;
	uint64_t jit_pc = view.stack.frames.data[at].pc, base = 0x20000;
	static uint64_t words[64];
	for (size_t i = 0; i < 64; i += 2) {
		words[i] = base;
		words[i + 1] = jit_pc;
	}
	assert_null(pyi_mem_add_buffer(view.target->mem, base, words, sizeof(words)));
	struct pyi_thread thread = {.have_regs = true,
				    .regs = {.rip = jit_pc, .rsp = base, .rbp = base}};
	struct pyi_native_stack stack;
	assert_null(pyi_unwind(view.uw, &thread, 10000, &stack));
	assert_true(stack.frames.len < 100);
	assert_int_not_equal(stack.end, PYI_END_COMPLETE);
	pyi_native_stack_deinit(&stack);
	view_close(&view);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_chain),        cmocka_unit_test(test_pc_and_sp_only),
		cmocka_unit_test(test_limit),        cmocka_unit_test(test_no_registers),
		cmocka_unit_test(test_signal_frame), cmocka_unit_test(test_jit_frame),
		cmocka_unit_test(test_null_call),    cmocka_unit_test(test_own_stack),
		cmocka_unit_test(test_garbage),      cmocka_unit_test(test_cycle),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
