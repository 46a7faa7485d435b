/* SPDX-License-Identifier: BSD-2-Clause */
#include "report/plumbing.h"

#include <string.h>

/* A trailing * stands for any rest. Compiler suffixes (.cold, .lto_priv.0, .constprop.1) and a
 * version behind @ do not count. */

/* Call machinery: evaluation, calling, slots, generators. Names of CPython 2.7 to 3.15
 * (Python/ceval.c, Objects/{call,typeobject,methodobject,descrobject,genobject,object}.c) and of
 * minipy. */
static const char *const machinery[] = {
	"_PyEval*",
	"_PyFrame_*",
	"_PyCallMethodDescriptor*",
	"_PyOp_*",
	"_Py_BuiltinCall*",
	"_Py_CallBuiltin*",
	"_Py_HandlePending",
	"_Py_LoadAttr_*",
	"_Py_VectorCall*",
	"_Py_call_instrumentation*",
	"_Py_slot_*",
	"eval_frame_handle_pending",
	"PyEval_Eval*",
	"PyEval_Call*",
	"_TAIL_CALL_*",
	"_PyObject_*",
	"PyObject_*",
	"_PyVectorcall_*",
	"PyVectorcall_*",
	"_PyFunction_*",
	"PyFunction_*",
	"_PyStack_*",
	"_PyMethodDef_*",
	"_PyCFunction_*",
	"PyCFunction_*",
	"PyInstance_*",
	"_PyGen_*",
	"PyGen_*",
	"_PyType_*",
	"PyType_*",
	"_PyMethod*",
	"bound_vectorcall",
	"builtin___build_class__",
	"call_function",
	"call_instrumentation_vector",
	"call_method",
	"call_one_instrument",
	"call_special",
	"call_trace*",
	"call_trampoline",
	"call_values",
	"call_wrapper",
	"cfunction_*",
	"classmethod_*",
	"cm_*",
	"do_call",
	"do_call_core",
	"eval_loop",
	"ext_do_call",
	"fast_function",
	"function_call",
	"function_code_fastcall",
	"gen_iternext",
	"gen_resume",
	"gen_send",
	"gen_send_ex",
	"gen_send_ex2",
	"instance_call",
	"instancemethod_*",
	"lookup_maybe_method",
	"maybe_call_*",
	"method_call",
	"method_vectorcall*",
	"object_vacall",
	"profile_trampoline",
	"property_descr_*",
	"run_eval_code_obj",
	"run_frame",
	"run_mod",
	"slot_*",
	"sys_profile_*",
	"sys_trace_*",
	"trace_call_function",
	"trace_trampoline",
	"type_call",
	"type_vectorcall",
	"vectorcall_*",
	"wrap_*",
	"wrapper_call",
	"wrapper_vectorcall",
	"wrapperdescr_*",
};

/* Below the outermost Python frame everything of the interpreter's module is startup. Outside of
 * it, only what every program and thread begins with, and a main that calls the interpreter's. */
static const char *const startup[] = {
	"_start", "__libc_start_*", "start_thread", "clone", "clone3", "__clone*",
};
/* Where their functions have no names: a C library without debug symbols. */
static const char *const startup_modules[] = {"libc.so*", "libc-*", "libpthread*", "ld-*"};
static const char *const entry_points[] = {"Py_Main", "Py_BytesMain", "Py_RunMain", "pymain_*"};

#define COUNT(table) (sizeof(table) / sizeof((table)[0]))

static bool matches(const char *pattern, const char *name, size_t len)
{
	size_t n = strlen(pattern);

	if (pattern[n - 1] == '*')
		return len >= n - 1 && strncmp(pattern, name, n - 1) == 0;
	return len == n && strncmp(pattern, name, n) == 0;
}

static bool listed(const char *const *table, size_t n, const char *name)
{
	size_t len = strcspn(name, ".@");

	for (size_t i = 0; i < n; i++)
		if (matches(table[i], name, len))
			return true;
	return false;
}

static bool in_startup_module(const char *module)
{
	for (size_t i = 0; i < COUNT(startup_modules); i++)
		if (matches(startup_modules[i], module, strlen(module)))
			return true;
	return false;
}

static bool unnamed(const struct pyi_report_frame *frame)
{
	return frame->kind == PYI_FRAME_NATIVE && frame->runtime >= 0 && !frame->function;
}

/* Runs of unnamed frames that touch plumbing on either side. */
static void mark_unnamed(struct pyi_report_frame *frames, size_t n)
{
	for (size_t i = 1; i < n; i++)
		if (unnamed(&frames[i]) && frames[i - 1].plumbing)
			frames[i].plumbing = true;
	for (size_t i = n; i-- > 1;)
		if (unnamed(&frames[i - 1]) && frames[i].plumbing)
			frames[i - 1].plumbing = true;
}

static bool nameless_libc(const struct pyi_report_frame *frame)
{
	return frame->kind == PYI_FRAME_NATIVE && !frame->function && frame->module &&
	       in_startup_module(frame->module);
}

/* The C library's way into a system call, where it has several functions for that (glibc 2.41 and
 * later: __syscall_cancel_arch and who calls it, nptl/cancellation.c) and does not export their
 * names: what counts is its function that was called, poll or read, with or without a name. */
static void mark_syscall_wrappers(struct pyi_report_frame *frames, size_t n)
{
	size_t first = 0, end;

	while (first < n && frames[first].kind == PYI_FRAME_KERNEL)
		first++;
	for (end = first; end < n && nameless_libc(&frames[end]); end++)
		;
	if (end == first || end == n)
		return;
	if (frames[end].kind != PYI_FRAME_NATIVE || !frames[end].module ||
	    strcmp(frames[end].module, frames[first].module) != 0)
		end--;
	for (size_t i = first; i < end; i++)
		frames[i].plumbing = true;
}

/* An embedding program's own main, which does more than call an entry point, stays. */
static bool is_launcher(const struct pyi_report_frame *frame, const struct pyi_report_frame *callee)
{
	return strcmp(frame->function, "main") == 0 && callee && callee->runtime >= 0 &&
	       (!callee->function || listed(entry_points, COUNT(entry_points), callee->function));
}

static void mark_startup(struct pyi_report_frame *frames, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		struct pyi_report_frame *frame = &frames[i];

		if (frame->kind != PYI_FRAME_NATIVE)
			continue;
		if (frame->runtime >= 0 ||
		    (!frame->function && frame->module && in_startup_module(frame->module)) ||
		    (frame->function && (listed(startup, COUNT(startup), frame->function) ||
					 is_launcher(frame, i ? frame - 1 : NULL))))
			frame->plumbing = true;
	}
}

void pyi_plumbing_mark(struct pyi_report_frame *frames, size_t n)
{
	size_t outermost = n;

	for (size_t i = 0; i < n; i++)
		if (frames[i].kind == PYI_FRAME_PYTHON)
			outermost = i;
	if (outermost == n)
		return;
	mark_syscall_wrappers(frames, n);
	for (size_t i = 0; i < outermost; i++)
		if (frames[i].kind == PYI_FRAME_NATIVE && frames[i].runtime >= 0 &&
		    frames[i].function && listed(machinery, COUNT(machinery), frames[i].function))
			frames[i].plumbing = true;
	mark_startup(frames + outermost + 1, n - outermost - 1);
	mark_unnamed(frames, n);
}
