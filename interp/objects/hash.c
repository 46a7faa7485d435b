/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Hash of a run of bytes: eight at a time, each folded in by a 64 x 64 -> 128 bit multiplication
 * whose halves are xored, so that every input bit reaches every output bit. A secret goes in with
 * the first bytes, so that who chooses keys cannot choose their places in a dict.
 */
#include "objects/hash.h"

#include <sys/random.h>
#include <time.h>

static uint64_t secret;

static const uint64_t k0 = 0x9e3779b97f4a7c15u, k1 = 0xd6e8feb86659fd93u, k2 = 0xa0761d6478bd642fu;

static inline uint64_t fold(uint64_t a, uint64_t b)
{
	unsigned __int128 product = (unsigned __int128)a * b;

	return (uint64_t)product ^ (uint64_t)(product >> 64);
}

static inline uint64_t load(const unsigned char *p, size_t n)
{
	uint64_t v = 0;

	memcpy(&v, p, n);
	return v;
}

void _Py_HashInit(void)
{
	const char *wanted = getenv("PYTHONHASHSEED");

	if (wanted && *wanted && strcmp(wanted, "random") != 0) {
		unsigned long long seed = strtoull(wanted, NULL, 10);

		secret = seed ? fold(seed ^ k0, k1) : 0;
	} else if (getrandom(&secret, sizeof(secret), GRND_NONBLOCK) != sizeof(secret)) {
		struct timespec now;

		clock_gettime(CLOCK_MONOTONIC, &now);
		secret = fold((uint64_t)now.tv_nsec ^ k2, (uint64_t)(uintptr_t)&now ^ k0);
	}
}

Py_hash_t _Py_HashBytes(const void *data, size_t n)
{
	const unsigned char *p = data;
	uint64_t h = k0 ^ n ^ secret;
	size_t left = n;
	Py_hash_t ret;

	if (n == 0)
		return 0;
	for (; left > 8; left -= 8, p += 8)
		h = fold(h ^ load(p, 8), k1);
	if (n >= 8)
		h = fold(h ^ load(p + left - 8, 8), k2);
	else
		h = fold(h ^ load(p, left), k2);
	h = fold(h ^ k1, k0 + 2 * secret);
	ret = (Py_hash_t)h;
	return ret == -1 ? -2 : ret;
}
