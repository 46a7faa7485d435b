/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * minipy_layout: where everything is, for those who look from outside (include/pyi_layout.h). The
 * note names it where symbols were stripped.
 */
#include "core/heap.h"
#include "core/state.h"
#include "main/main.h"

#include "objects/bytearray.h"
#include "objects/bytes.h"
#include "objects/cell.h"
#include "objects/code.h"
#include "objects/complex.h"
#include "objects/dict.h"
#include "objects/exceptions.h"
#include "objects/float.h"
#include "objects/function.h"
#include "objects/list.h"
#include "objects/long.h"
#include "objects/method.h"
#include "objects/module.h"
#include "objects/set.h"
#include "objects/tuple.h"
#include "objects/unicode.h"
#include "pyi_layout.h"
#include "vm/eval.h"
#include "vm/frame.h"
#include "vm/generator.h"
#include "vm/traceback.h"

/* What the inspector calls this runtime. */
__attribute__((visibility("default"))) const char minipy_version[] = MINIPY_VERSION_NUMBER;

__attribute__((visibility("default"))) struct pyi_layout minipy_layout = {
	.cookie = {'p', 'y', 'i', 'l', 'a', 'y', 't', '1'},
	.version = 1,
	.size = sizeof(struct pyi_layout),
};

/* name "pyinspect", type 1, descriptor: the distance from the descriptor to minipy_layout. */
__asm__(".pushsection .note.pyinspect, \"a\", @note\n"
	".balign 4\n"
	".4byte 2f-1f, 4f-3f, 1\n"
	"1: .asciz \"pyinspect\"\n"
	"2: .balign 4\n"
	"3: .8byte minipy_layout - .\n"
	"4: .balign 4\n"
	".popsection\n");

#define HOW(field, value)                                   \
	{                                                   \
		offsetof(struct pyi_layout, field), (value) \
	}
#define AT(field, type, member)                                            \
	{                                                                  \
		offsetof(struct pyi_layout, field), offsetof(type, member) \
	}
#define SIZE(field, type)                                        \
	{                                                        \
		offsetof(struct pyi_layout, field), sizeof(type) \
	}

static const struct {
	size_t where; /* in struct pyi_layout */
	size_t value;
} rows[] = {
	HOW(python_major, 3),
	HOW(python_minor, 11),
	HOW(python_micro, 0),
	HOW(how_threads, PYI_THREADS_RUNTIME),
	HOW(how_frames, PYI_FRAMES_HEAP),
	HOW(how_code, PYI_CODE_PLAIN),
	HOW(how_lasti, PYI_LASTI_UNITS),
	HOW(how_lines, PYI_LINES_LOCATIONS),
	HOW(how_entry, PYI_ENTRY_SLOT),
	HOW(how_locals, PYI_LOCALS_PLUS),
	HOW(how_int, PYI_INT_LIMBS),
	HOW(how_str, PYI_STR_PEP393),
	HOW(how_dict, PYI_DICT_LOG2),
	HOW(how_instance, PYI_INSTANCE_DICTOFFSET),
	HOW(how_gil, PYI_GIL_RUNTIME),
	/* runtime */
	SIZE(runtime_size, PyRuntimeState),
	AT(runtime_interp_head, PyRuntimeState, interpreters_head),
	AT(runtime_interp_main, PyRuntimeState, interpreters_main),
	AT(runtime_finalizing, PyRuntimeState, finalizing),
	AT(runtime_main_thread, PyRuntimeState, main_thread),
	AT(gil_locked, PyRuntimeState, gil.locked),
	AT(gil_holder, PyRuntimeState, gil.holder),
	/* interpreter */
	SIZE(interp_size, PyInterpreterState),
	AT(interp_next, PyInterpreterState, next),
	AT(interp_id, PyInterpreterState, id),
	AT(interp_tstate_head, PyInterpreterState, threads_head),
	AT(interp_tstate_main, PyInterpreterState, threads_main),
	AT(interp_modules, PyInterpreterState, modules),
	AT(interp_gc_collecting, PyInterpreterState, gc_collecting),
	/* thread state */
	SIZE(tstate_size, PyThreadState),
	AT(tstate_next, PyThreadState, next),
	AT(tstate_prev, PyThreadState, prev),
	AT(tstate_interp, PyThreadState, interp),
	AT(tstate_frame, PyThreadState, frame),
	AT(tstate_thread_id, PyThreadState, thread_id),
	AT(tstate_native_id, PyThreadState, native_thread_id),
	AT(tstate_id, PyThreadState, id),
	AT(tstate_exception, PyThreadState, current_exception),
	AT(tstate_exc_info, PyThreadState, exc_info),
	AT(tstate_gil_requested, PyThreadState, waits_for_gil),
	AT(excitem_value, _PyErr_StackItem, exc_value),
	AT(excitem_previous, _PyErr_StackItem, previous_item),
	/* frame */
	SIZE(frame_size, PyFrameObject),
	AT(frame_back, PyFrameObject, f_back),
	AT(frame_code, PyFrameObject, f_code),
	AT(frame_lasti, PyFrameObject, f_lasti),
	AT(frame_globals, PyFrameObject, f_globals),
	AT(frame_builtins, PyFrameObject, f_builtins),
	AT(frame_locals, PyFrameObject, f_locals),
	AT(frame_localsplus, PyFrameObject, f_localsplus),
	AT(frame_stacktop, PyFrameObject, f_stacktop),
	AT(frame_is_entry, PyFrameObject, f_is_entry),
	AT(frame_owner, PyFrameObject, f_owner),
	AT(frame_state, PyFrameObject, f_state),
	HOW(owner_generator, 1),
	/* code object */
	SIZE(code_size, PyCodeObject),
	AT(code_argcount, PyCodeObject, co_argcount),
	AT(code_posonlyargcount, PyCodeObject, co_posonlyargcount),
	AT(code_kwonlyargcount, PyCodeObject, co_kwonlyargcount),
	AT(code_nlocals, PyCodeObject, co_nlocals),
	AT(code_flags, PyCodeObject, co_flags),
	AT(code_firstlineno, PyCodeObject, co_firstlineno),
	AT(code_nlocalsplus, PyCodeObject, co_nlocalsplus),
	AT(code_filename, PyCodeObject, co_filename),
	AT(code_name, PyCodeObject, co_name),
	AT(code_qualname, PyCodeObject, co_qualname),
	AT(code_linetable, PyCodeObject, co_linetable),
	AT(code_localsplusnames, PyCodeObject, co_localsplusnames),
	AT(code_localspluskinds, PyCodeObject, co_localspluskinds),
	AT(code_code, PyCodeObject, co_code),
	/* objects */
	SIZE(object_size, PyObject),
	AT(object_type, PyObject, ob_type),
	AT(var_size, PyVarObject, ob_size),
	SIZE(type_size, PyTypeObject),
	AT(type_name, PyTypeObject, tp_name),
	AT(type_basicsize, PyTypeObject, tp_basicsize),
	AT(type_itemsize, PyTypeObject, tp_itemsize),
	AT(type_flags, PyTypeObject, tp_flags),
	AT(type_base, PyTypeObject, tp_base),
	AT(type_dict, PyTypeObject, tp_dict),
	AT(type_dictoffset, PyTypeObject, tp_dictoffset),
	AT(type_mro, PyTypeObject, tp_mro),
	AT(heaptype_name, PyTypeObject, ht_name),
	AT(heaptype_qualname, PyTypeObject, ht_qualname),
	AT(int_digits, PyLongObject, ob_limb),
	AT(float_value, PyFloatObject, ob_fval),
	AT(complex_real, PyComplexObject, cval),
	AT(str_length, PyASCIIObject, length),
	AT(str_state, PyASCIIObject, state),
	SIZE(str_ascii_data, PyASCIIObject),
	SIZE(str_compact_data, PyCompactUnicodeObject),
	AT(bytes_data, PyBytesObject, ob_sval),
	AT(bytearray_start, PyByteArrayObject, ob_start),
	AT(tuple_items, PyTupleObject, ob_item),
	AT(list_items, PyListObject, ob_item),
	AT(dict_used, PyDictObject, ma_used),
	AT(dict_keys, PyDictObject, ma_keys),
	AT(dict_values, PyDictObject, ma_values),
	AT(keys_log2_size, PyDictKeysObject, dk_log2_size),
	AT(keys_log2_index_bytes, PyDictKeysObject, dk_log2_index_bytes),
	AT(keys_kind, PyDictKeysObject, dk_kind),
	AT(keys_nentries, PyDictKeysObject, dk_nentries),
	AT(keys_indices, PyDictKeysObject, dk_indices),
	AT(set_used, PySetObject, used),
	AT(set_mask, PySetObject, mask),
	AT(set_table, PySetObject, table),
	AT(setentry_key, setentry, key),
	AT(setentry_hash, setentry, hash),
	AT(cell_value, PyCellObject, ob_ref),
	AT(func_code, PyFunctionObject, func_code),
	AT(func_name, PyFunctionObject, func_name),
	AT(func_qualname, PyFunctionObject, func_qualname),
	AT(func_module, PyFunctionObject, func_module),
	AT(method_func, PyMethodObject, im_func),
	AT(method_self, PyMethodObject, im_self),
	AT(module_dict, PyModuleObject, md_dict),
	AT(module_name, PyModuleObject, md_name),
	AT(gen_frame, PyGenObject, gi_frame),
	AT(gen_name, PyGenObject, gi_name),
	AT(gen_qualname, PyGenObject, gi_qualname),
	AT(exc_args, PyBaseExceptionObject, args),
	AT(exc_traceback, PyBaseExceptionObject, traceback),
	AT(exc_context, PyBaseExceptionObject, context),
	AT(exc_cause, PyBaseExceptionObject, cause),
	AT(exc_suppress_context, PyBaseExceptionObject, suppress_context),
	AT(traceback_next, PyTracebackObject, tb_next),
	AT(traceback_frame, PyTracebackObject, tb_frame),
	AT(traceback_lasti, PyTracebackObject, tb_lasti),
	AT(traceback_lineno, PyTracebackObject, tb_lineno),
	SIZE(gc_head_size, PyGC_Head),
	AT(runtime_heap_arenas, PyRuntimeState, heap_arenas),
	AT(arena_next, struct _PyArena, next),
	AT(arena_pools, struct _PyArena, pools),
	AT(arena_free_pools, struct _PyArena, free_pools),
	HOW(arena_log2_bytes, PY_HEAP_ARENA_SHIFT),
};

void _PyLayout_Publish(void)
{
	char *base = (char *)&minipy_layout;

	for (size_t i = offsetof(struct pyi_layout, python_major); i < sizeof(minipy_layout);
	     i += sizeof(uint32_t))
		*(uint32_t *)(base + i) = PYI_NONE;
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++)
		*(uint32_t *)(base + rows[i].where) = (uint32_t)rows[i].value;
	minipy_layout.eval_slot = (uint32_t)_PyEval_MeasureSlot();
	minipy_layout.runtime = (uint64_t)&_PyRuntime;
	minipy_layout.eval = (uint64_t)&PyEval_EvalFrame;
	minipy_layout.eval_size =
		(uint32_t)((uintptr_t)__stop_minipy_eval - (uintptr_t)__start_minipy_eval);
}
