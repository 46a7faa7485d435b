/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Memory by the byte: small blocks are the heap's (core/heap.h), larger ones the C library's.
 */
#include "core/heap.h"
#include "core/object.h"
#include "core/state.h"

#ifdef PY_ALLOC_TEST
/* Tests set it to n: the n-th allocation from now fails, once. */
long _PyMem_fail_after;
#define ALLOCATION_FAILS() (_PyMem_fail_after > 0 && --_PyMem_fail_after == 0)
#else
#define ALLOCATION_FAILS() false
#endif

void *PyMem_RawMalloc(size_t n)
{
	return n > PY_SSIZE_T_MAX || ALLOCATION_FAILS() ? NULL : malloc(n ? n : 1);
}

void *PyMem_RawCalloc(size_t n, size_t size)
{
	return ALLOCATION_FAILS() ? NULL : calloc(n ? n : 1, size ? size : 1);
}

void *PyMem_RawRealloc(void *p, size_t n)
{
	return n > PY_SSIZE_T_MAX || ALLOCATION_FAILS() ? NULL : realloc(p, n ? n : 1);
}

void PyMem_RawFree(void *p)
{
	free(p);
}

void *PyMem_Malloc(size_t n)
{
	if (Py_UNLIKELY(ALLOCATION_FAILS()))
		return NULL;
	if (Py_LIKELY(n - 1 < PY_HEAP_MAX))
		return _PyHeap_Alloc(n);
	if (n > PY_SSIZE_T_MAX)
		return NULL;
	return n ? malloc(n) : _PyHeap_Alloc(1);
}

void *PyMem_Calloc(size_t n, size_t size)
{
	size_t total;
	void *p;

	if (__builtin_mul_overflow(n, size, &total) || total > PY_SSIZE_T_MAX)
		return NULL;
	if (total > PY_HEAP_MAX)
		return ALLOCATION_FAILS() ? NULL : calloc(1, total);
	p = PyMem_Malloc(total);
	return p ? memset(p, 0, total) : NULL;
}

/* A block of the heap that changes its class, or becomes too large for one. */
static void *move(void *p, size_t n)
{
	size_t size = _PyHeap_PoolOf(p)->block_size;
	void *ret;

	if (n <= size && n > size / 2)
		return p;
	ret = PyMem_Malloc(n);
	if (!ret)
		return NULL;
	memcpy(ret, p, n < size ? n : size);
	_PyHeap_Free(p);
	return ret;
}

void *PyMem_Realloc(void *p, size_t n)
{
	if (!p)
		return PyMem_Malloc(n);
	if (_PyHeap_Owns(p))
		return move(p, n);
	return PyMem_RawRealloc(p, n);
}

void PyMem_Free(void *p)
{
	if (Py_LIKELY(_PyHeap_Owns(p)))
		_PyHeap_Free(p);
	else
		free(p);
}

void *PyObject_Malloc(size_t n)
{
	return PyMem_Malloc(n);
}

void *PyObject_Realloc(void *o, size_t n)
{
	return PyMem_Realloc(o, n);
}

void PyObject_Free(void *o)
{
	PyMem_Free(o);
}
