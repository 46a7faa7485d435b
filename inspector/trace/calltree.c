/* SPDX-License-Identifier: BSD-2-Clause */
#include "trace/calltree.h"

#include <stdlib.h>

/* Deeper frames than any interpreter allows: a record that says so is no record. */
enum { MAX_DEPTH = 1 << 20 };

struct call {
	struct pyi_function *function;
	uint64_t begun_ns; /* 0: not seen, or a loss lies between */
	uint64_t children_ns;
	bool again; /* the function is already on the stack below */
};

struct thread {
	pid_t tid;
	uint32_t seq;
	uint64_t lost;
	PYI_VEC(struct call) stack; /* outermost first */
};

struct pyi_calltree {
	struct pyi_functions *functions;
	PYI_VEC(struct thread *) threads;
	struct thread *recent;
};

struct pyi_error *pyi_calltree_create(struct pyi_functions *functions, struct pyi_calltree **ret)
{
	struct pyi_calltree *tree = calloc(1, sizeof(*tree));

	if (!tree)
		return &pyi_enomem;
	tree->functions = functions;
	*ret = tree;
	return NULL;
}

void pyi_calltree_destroy(struct pyi_calltree *tree)
{
	if (!tree)
		return;
	pyi_vec_for_each (thread, &tree->threads) {
		pyi_vec_deinit(&(*thread)->stack);
		free(*thread);
	}
	pyi_vec_deinit(&tree->threads);
	free(tree);
}

static struct thread *find_thread(struct pyi_calltree *tree, pid_t tid)
{
	struct thread *thread, **kept;

	if (tree->recent && tree->recent->tid == tid)
		return tree->recent;
	pyi_vec_for_each (each, &tree->threads)
		if ((*each)->tid == tid)
			return tree->recent = *each;
	thread = calloc(1, sizeof(*thread));
	kept = thread ? pyi_vec_push(&tree->threads) : NULL;
	if (!kept) {
		free(thread);
		return NULL;
	}
	thread->tid = tid;
	*kept = thread;
	return tree->recent = thread;
}

/* What is open now may have ended and begun again in what is missing. */
static uint64_t note_loss(struct thread *thread, uint32_t seq)
{
	uint64_t lost = (uint32_t)(seq - thread->seq - 1);

	/* A tid that is used again starts anew. */
	if (seq == 1)
		lost = 0;
	if (seq == 1 && thread->seq)
		thread->stack.len = 0;
	thread->seq = seq;
	if (!lost)
		return 0;
	thread->lost += lost;
	pyi_vec_for_each (call, &thread->stack)
		call->begun_ns = 0;
	return lost;
}

/* Makes the stack depth calls deep; those that were never seen are of the unknown function. */
static bool fit(struct pyi_calltree *tree, struct thread *thread, size_t depth)
{
	while (thread->stack.len < depth) {
		struct call *call = pyi_vec_push(&thread->stack);

		if (!call)
			return false;
		call->function = pyi_functions_unknown(tree->functions);
	}
	thread->stack.len = depth;
	return true;
}

static bool is_on_stack(const struct thread *thread, const struct pyi_function *function)
{
	/* From the top: recursion is mostly direct. */
	for (size_t i = thread->stack.len; i-- > 0;)
		if (thread->stack.data[i].function == function)
			return true;
	return false;
}

static bool enter(struct pyi_calltree *tree, struct thread *thread, struct pyi_trace_event *event)
{
	struct call *call;
	bool again;

	if (!fit(tree, thread, event->depth - 1))
		return false;
	again = is_on_stack(thread, event->function);
	call = pyi_vec_push(&thread->stack);
	if (!call)
		return false;
	*call = (struct call){event->function, event->t_ns, 0, again};
	event->function->calls++;
	return true;
}

static bool leave(struct pyi_calltree *tree, struct thread *thread, struct pyi_trace_event *event)
{
	struct call *call;
	bool known;

	if (!fit(tree, thread, event->depth))
		return false;
	call = &thread->stack.data[event->depth - 1];
	known = event->function == call->function;
	if (event->function == pyi_functions_unknown(tree->functions)) {
		event->function = call->function;
		known = true;
	}
	event->timed = known && call->begun_ns && call->begun_ns <= event->t_ns;
	if (event->timed) {
		event->duration_ns = event->t_ns - call->begun_ns;
		pyi_function_add_call(event->function, event->duration_ns,
				      event->duration_ns > call->children_ns
					      ? event->duration_ns - call->children_ns
					      : 0,
				      call->again);
		if (event->depth > 1)
			call[-1].children_ns += event->duration_ns;
	}
	thread->stack.len--;
	return true;
}

struct pyi_error *pyi_calltree_add(struct pyi_calltree *tree, const struct pyi_frame_record *record,
				   struct pyi_trace_event *ret)
{
	struct thread *thread = find_thread(tree, (pid_t)record->tid);
	struct pyi_trace_event event = {
		.t_ns = record->t_ns,
		.tid = (pid_t)record->tid,
		.event = (enum pyi_frame_event)record->event,
		.function = pyi_functions_find(tree->functions, record->code, record->ident),
		.depth = record->depth ? record->depth : 1,
	};
	bool fits;

	if (!thread)
		return &pyi_enomem;
	if (event.depth > MAX_DEPTH || record->event >= PYI_FRAME_EVENTS)
		return pyi_error_create(PYI_ERR_BAD_DATA, "impossible record: event %u, depth %u",
					record->event, record->depth);
	event.lost = note_loss(thread, record->seq);
	if (event.event == PYI_FRAME_CALL || event.event == PYI_FRAME_RESUME)
		fits = enter(tree, thread, &event);
	else
		fits = leave(tree, thread, &event);
	if (!fits)
		return &pyi_enomem;
	*ret = event;
	return NULL;
}

void pyi_calltree_losses(struct pyi_calltree *tree, void (*fn)(void *arg, pid_t tid, uint64_t lost),
			 void *arg)
{
	pyi_vec_for_each (thread, &tree->threads)
		if ((*thread)->lost)
			fn(arg, (*thread)->tid, (*thread)->lost);
}
