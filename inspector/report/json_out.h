/* SPDX-License-Identifier: BSD-2-Clause */
/* JSON that is safe to look at: on one line, ASCII only, no control character in it. */
#ifndef PYI_REPORT_JSON_OUT_H
#define PYI_REPORT_JSON_OUT_H

#include <jansson.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

/* Takes json over; NULL or what cannot be written for want of memory is false. */
bool pyi_json_write(json_t *json, FILE *out);
/* s as a string, null when it is NULL. */
json_t *pyi_json_string(const char *s);
/* "0x1f" */
json_t *pyi_json_hex(uint64_t value);

#endif
