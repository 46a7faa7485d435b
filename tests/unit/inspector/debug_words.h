/* SPDX-License-Identifier: BSD-2-Clause */
/* The tables of CPython 3.13.0 and of Debian's 3.14.10 and 3.15.2, after their heads. */
#ifndef TESTS_DEBUG_WORDS_H
#define TESTS_DEBUG_WORDS_H

#include <stdint.h>

/* clang-format off */
__attribute__((unused)) static const uint64_t words_3_13[] = {
	/* runtime_state */ 283320, 608, 632,
	/* interpreter_state */ 194968, 7272, 7264, 7344, 7400, 7656, 7640, 7648, 16, 7752, 0, 7768, 7760,
	/* thread_state */ 304, 0, 8, 16, 72, 152, 160, 232, 32,
	/* interpreter_frame */ 80, 8, 0, 56, 72, 70,
	/* code_object */ 208, 112, 120, 128, 136, 68, 52, 96, 104, 200,
	/* pyobject */ 16, 8,
	/* type_object */ 416, 24, 88, 168,
	/* tuple_object */ 32, 24, 16,
	/* list_object */ 40, 24, 16,
	/* dict_object */ 48, 32, 40,
	/* float_object */ 24, 16,
	/* long_object */ 32, 16, 24,
	/* bytes_object */ 40, 16, 32,
	/* unicode_object */ 64, 32, 16, 40,
	/* gc */ 240, 200,
};

__attribute__((unused)) static const uint64_t words_3_14[] = {
	/* runtime_state */ 316616, 784, 808,
	/* interpreter_state */ 225864, 7280, 7272, 7344, 7360, 7408, 7688,
	7672, 7680, 16, 7784, 0, 7800, 7792, 7992, 0,
	/* thread_state */ 832, 0, 8, 16, 72, 152, 160, 232, 32,
	/* interpreter_frame */ 88, 8, 0, 56, 80, 74, 64, 0,
	/* code_object */ 216, 112, 120, 128, 136, 68, 52, 96, 104, 208, 0,
	/* pyobject */ 16, 8,
	/* type_object */ 416, 24, 88, 168,
	/* tuple_object */ 40, 32, 16,
	/* list_object */ 40, 24, 16,
	/* set_object */ 200, 24, 40, 32,
	/* dict_object */ 48, 32, 40,
	/* float_object */ 24, 16,
	/* long_object */ 32, 16, 24,
	/* bytes_object */ 40, 16, 32,
	/* unicode_object */ 64, 32, 16, 40,
	/* gc */ 264, 192,
	/* gen_object */ 160, 24, 72, 67,
	/* llist_node */ 0, 8,
	/* debugger_support */ 24, 304, 8076, 0, 4, 512,
};

__attribute__((unused)) static const uint64_t words_3_15[] = {
	/* runtime_state */ 346568, 912, 936,
	/* interpreter_state */ 226240, 7272, 7264, 7336, 7352, 7400, 7592,
	7576, 7584, 16, 7736, 0, 7752, 7744, 7944, 0,
	/* thread_state */ 888, 0, 8, 16, 72, 80, 88, 96, 176, 184, 256, 32, 36, 40, 136, 288,
	/* err_stackitem */ 0,
	/* interpreter_frame */ 88, 8, 0, 56, 80, 74, 64, 0,
	/* code_object */ 216, 112, 120, 128, 136, 68, 52, 96, 104, 208, 0,
	/* pyobject */ 16, 8,
	/* type_object */ 424, 24, 88, 168, 32, 288,
	/* heap_type_object */ 944, 888,
	/* tuple_object */ 40, 32, 16,
	/* list_object */ 40, 24, 16,
	/* set_object */ 200, 24, 40, 32,
	/* dict_object */ 48, 32, 40,
	/* float_object */ 24, 16,
	/* long_object */ 32, 16, 24,
	/* bytes_object */ 40, 16, 32,
	/* unicode_object */ 64, 32, 16, 40, 56,
	/* gc */ 176, 112, 120, 1120, 104,
	/* gen_object */ 160, 24, 72, 67,
	/* llist_node */ 0, 8,
	/* debugger_support */ 24, 344, 8028, 0, 4, 512,
};

/* clang-format on */

#endif
