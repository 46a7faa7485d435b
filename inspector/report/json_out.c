/* SPDX-License-Identifier: BSD-2-Clause */
#include "report/json_out.h"

#include <inttypes.h>
#include <string.h>

/* The one control character that jansson leaves raw in ASCII mode is DEL. */
static int write_chunk(const char *buffer, size_t size, void *arg)
{
	const char *del;
	FILE *out = arg;

	while ((del = memchr(buffer, 0x7f, size))) {
		size_t before = (size_t)(del - buffer);

		fwrite(buffer, 1, before, out);
		fputs("\\u007f", out);
		buffer += before + 1;
		size -= before + 1;
	}
	fwrite(buffer, 1, size, out);
	return 0;
}

bool pyi_json_write(json_t *json, FILE *out)
{
	bool done =
		json && json_dump_callback(json, write_chunk, out,
					   JSON_COMPACT | JSON_ENSURE_ASCII | JSON_ENCODE_ANY) == 0;

	json_decref(json);
	return done;
}

json_t *pyi_json_string(const char *s)
{
	json_t *ret = s ? json_string(s) : NULL;

	return ret ? ret : json_null();
}

json_t *pyi_json_hex(uint64_t value)
{
	return json_sprintf("0x%" PRIx64, value);
}
