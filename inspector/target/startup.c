/* SPDX-License-Identifier: BSD-2-Clause */
#include "target/startup.h"

#include "base/cleanup.h"

#include <elf.h>
#include <string.h>

#define MAX_SEARCH   (UINT64_C(1) << 20) /* bytes below the strings */
#define MAX_POINTERS (1u << 16)
#define MAX_ARG      (128u << 10) /* the kernel's MAX_ARG_STRLEN */
#define MAX_ALL      (UINT64_C(8) << 20)

/* Where the vector stands: by its own first entries, below a string that it names. 0: nowhere. */
static uint64_t find_auxv(const struct pyi_target *target)
{
	uint64_t words[PYI_PAGE_SIZE / 8], end = pyi_target_auxv(target, AT_RANDOM) & ~UINT64_C(7);
	size_t head = target->auxv_size < 64 ? target->auxv_size : 64;

	if (head < 32 || !end)
		return 0;
	for (uint64_t page = end & ~(uint64_t)(PYI_PAGE_SIZE - 1); page && end - page < MAX_SEARCH;
	     page -= PYI_PAGE_SIZE) {
		size_t got = pyi_mem_read_some(target->mem, page, words, sizeof(words)) / 8;

		if (!got)
			return 0;
		for (size_t i = got; i-- > 0;) {
			uint8_t found[64];

			if (memcmp(&words[i], target->auxv, sizeof(*words)) != 0)
				continue;
			if (pyi_mem_read_some(target->mem, page + i * 8, found, head) == head &&
			    !memcmp(found, target->auxv, head))
				return page + i * 8;
		}
	}
	return 0;
}

static bool read_word(const struct pyi_target *target, uint64_t addr, uint64_t *ret)
{
	return pyi_mem_read_some(target->mem, addr, ret, sizeof(*ret)) == sizeof(*ret);
}

/* Goes down over pointers to the NULL before them; 0 when there is none. */
static uint64_t skip_pointers(const struct pyi_target *target, uint64_t addr)
{
	uint64_t word;

	for (size_t i = 0; i < MAX_POINTERS; i++) {
		addr -= sizeof(word);
		if (!read_word(target, addr, &word))
			return 0;
		if (!word)
			return addr;
	}
	return 0;
}

/* argv[0]: going down from its end, where the words behind are as many as argc says. */
static uint64_t find_argv(const struct pyi_target *target, uint64_t argv_end, size_t *argc)
{
	uint64_t word;

	for (size_t n = 0; n < MAX_POINTERS; n++) {
		uint64_t addr = argv_end - (n + 1) * sizeof(word);

		if (!read_word(target, addr, &word) || !word)
			return 0;
		if (word == n) {
			*argc = n;
			return addr + sizeof(word);
		}
	}
	return 0;
}

struct pyi_error *pyi_startup_read(struct pyi_target *target)
{
	uint64_t auxv = find_auxv(target), env_end, argv_end, argv = 0, all = 0;
	size_t argc = 0;

	/* [argc] [argv...] NULL [envp...] NULL [auxv...] */
	env_end = auxv ? auxv - 8 : 0;
	argv_end = env_end ? skip_pointers(target, env_end) : 0;
	if (argv_end)
		argv = find_argv(target, argv_end, &argc);
	target->cmdline = calloc(argc + 1, sizeof(char *));
	if (!target->cmdline)
		return &pyi_enomem;
	for (size_t i = 0; argv && i < argc && all < MAX_ALL; i++) {
		uint64_t addr;
		char *text = NULL;

		if (!read_word(target, argv + i * 8, &addr))
			break;
		pyi_error_destroy(pyi_mem_read_cstr(target->mem, addr, MAX_ARG, &text));
		if (!text)
			break;
		all += strlen(text);
		target->cmdline[target->cmdline_n++] = text;
	}
	return NULL;
}
