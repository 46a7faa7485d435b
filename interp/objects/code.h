/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A code object: what the compiler makes and eval runs. Never changes after it was made, save
 * for the caches, which stand beside the code, not in it: co_code stays what was compiled.
 */
#ifndef MINIPY_OBJECTS_CODE_H
#define MINIPY_OBJECTS_CODE_H

#include "core/object.h"

struct _PyUnitCache;

typedef struct PyCodeObject {
	PyObject_HEAD int co_argcount; /* positional ones, without * and ** */
	int co_posonlyargcount;
	int co_kwonlyargcount;
	int co_nlocals;     /* named locals incl. parameters */
	int co_nlocalsplus; /* all fast slots: locals, cells, free variables */
	int co_ncellvars, co_nfreevars;
	int co_stacksize; /* deepest value stack */
	int co_flags;     /* CO_* */
	int co_firstlineno;
	/* co_argcount of a function that takes nothing but so many values, else -1: a call with
	 * just these has nothing to bind. */
	int co_plain_args;
	int co_heat;                  /* calls and loop turns until there is a cache */
	PyObject *co_code;            /* bytes: code units, (opcode, argument) pairs of bytes */
	PyObject *co_consts;          /* tuple */
	PyObject *co_names;           /* tuple of interned str */
	PyObject *co_localsplusnames; /* tuple of str, one per slot */
	PyObject *co_localspluskinds; /* bytes, CO_FAST_* bits, one per slot */
	PyObject *co_filename, *co_name, *co_qualname;
	PyObject *co_linetable;      /* bytes, CPython 3.11's location table format */
	PyObject *co_exceptiontable; /* bytes: struct PyExceptionEntry[], sorted, not overlapping */
	const uint8_t *co_units;     /* co_code's bytes */
	Py_ssize_t co_nunits;
	int32_t *co_lines;             /* line of every unit, or NULL: not yet wanted */
	int co_line_lookups;           /* until it is */
	struct _PyUnitCache *co_cache; /* vm's, one a unit; freed with PyMem_Free; NULL: cold */
} PyCodeObject;

struct PyExceptionEntry {
	uint32_t start, end; /* units [start, end) */
	uint32_t target;     /* unit of the handler */
	uint32_t
		depth_lasti; /* stack depth at the handler << 1 | push lasti before the exception */
};

#define CO_FAST_LOCAL 0x20
#define CO_FAST_CELL  0x40 /* the slot holds a cell (once MAKE_CELL has run) */
#define CO_FAST_FREE  0x80 /* a cell from the function's closure */

#define CO_OPTIMIZED          0x0001 /* locals are fast slots */
#define CO_NEWLOCALS          0x0002
#define CO_VARARGS            0x0004
#define CO_VARKEYWORDS        0x0008
#define CO_NESTED             0x0010
#define CO_GENERATOR          0x0020
#define CO_COROUTINE          0x0080
#define CO_ITERABLE_COROUTINE 0x0100
#define CO_ASYNC_GENERATOR    0x0200
#define CO_FUTURE_ANNOTATIONS 0x1000000

extern PyTypeObject PyCode_Type;
#define PyCode_Check(o) Py_IS_TYPE(o, &PyCode_Type)

/* All that a code object is made of; references are borrowed (taken anew). */
struct PyCodeSpec {
	int argcount, posonlyargcount, kwonlyargcount, nlocals, ncellvars, nfreevars;
	int stacksize, flags, firstlineno;
	PyObject *code, *consts, *names, *localsplusnames, *localspluskinds;
	PyObject *filename, *name, *qualname, *linetable, *exceptiontable;
};
PyCodeObject *PyCode_New(const struct PyCodeSpec *spec);

/* The position of a unit; any out pointer may be NULL. Lines are 1-based, columns 0-based UTF-8
 * bytes; -1 where the table says none. */
void PyCode_Addr2Location(PyCodeObject *code, int unit, int *line, int *end_line, int *column,
			  int *end_column);
int PyCode_Addr2Line(PyCodeObject *code, int unit);
/* The handler of a unit, or NULL. */
const struct PyExceptionEntry *PyCode_FindHandler(const PyCodeObject *code, int unit);

#endif
