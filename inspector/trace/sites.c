/* SPDX-License-Identifier: BSD-2-Clause */
#include "trace/sites.h"
#include "trace/jit.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

int pyi_site_register(const char *name, size_t len)
{
	/* Linux arch/x86/include/uapi/asm/ptrace.h, struct pt_regs. */
	static const char *const names[PYI_REGISTERS] = {
		"r15", "r14", "r13", "r12", "rbp", "rbx", "r11", "r10", "r9", "r8",
		"rax", "rcx", "rdx", "rsi", "rdi", NULL,  NULL,  NULL,  NULL, "rsp",
	};

	for (int i = 0; i < PYI_REGISTERS; i++)
		if (names[i] && strlen(names[i]) == len && memcmp(names[i], name, len) == 0)
			return i;
	return -1;
}

static bool is_push(const uint8_t *code, size_t len)
{
	if (len && (code[0] & 0xf8) == 0x50)
		return true;
	return len > 1 && code[0] == 0x41 && (code[1] & 0xf8) == 0x50;
}

static bool is_branch(const uint8_t *code, size_t len)
{
	if (len &&
	    (code[0] == 0xe8 || code[0] == 0xe9 || code[0] == 0xeb || (code[0] & 0xf0) == 0x70))
		return true;
	return len > 1 && code[0] == 0x0f && (code[1] & 0xf0) == 0x80;
}

/* Prefixes that make the kernel refuse or mistake an instruction: cs, ss, ds, es, lock, and the
 * 0f 1f nops and pause behind 66 and f3. */
static bool is_unsafe(const uint8_t *code, size_t len)
{
	static const uint8_t prefixes[] = {0x2e, 0x36, 0x3e, 0x26, 0xf0, 0x66, 0xf3, 0xcc};

	if (!len || memchr(prefixes, code[0], sizeof(prefixes)))
		return true;
	return len > 1 && code[0] == 0x0f && (code[1] == 0x1f || code[1] == 0x0b);
}

enum pyi_site_class pyi_site_classify(const uint8_t *code, size_t len)
{
	if (len && code[0] == 0x90)
		return PYI_SITE_EMULATED;
	if (is_push(code, len) || is_branch(code, len))
		return PYI_SITE_EMULATED;
	return is_unsafe(code, len) ? PYI_SITE_NEVER : PYI_SITE_STEPPED;
}

void pyi_sites_print(const struct pyi_sites *sites, FILE *out)
{
	static const char *const kinds[] = {
		[PYI_SITE_PUSH] = "frame__push",
		[PYI_SITE_POP] = "frame__pop",
		[PYI_SITE_ENTRY] = "entry",
		[PYI_SITE_STORE] = "on a store",
		[PYI_SITE_STORED] = "behind a store",
		[PYI_SITE_TSTORE] = "on a store",
		[PYI_SITE_TSTORED] = "behind a store",
		[PYI_SITE_RESUMED] = "in RESUME",
		[PYI_SITE_CFRAME] = "on an exit",
		[PYI_SITE_ENTERED] = "behind a store",
		[PYI_SITE_LEFT] = "at an exit",
	};
	struct pyi_image_info info;

	pyi_image_info(sites->image, &info);
	pyi_vec_for_each (site, &sites->list) {
		uint8_t code[16];
		ssize_t n = pread(info.fd, code, sizeof(code), (off_t)site->offset);
		bool emulated = n > 0 && pyi_site_classify(code, (size_t)n) == PYI_SITE_EMULATED;

		fprintf(out, "site %s+0x%llx  %-14s  %s\n", info.name,
			(unsigned long long)site->offset, kinds[site->code.kind],
			emulated ? "emulated, about 0.5 us a hit"
				 : "single-stepped, about 1 to 5 us a hit");
	}
}

void pyi_sites_deinit(struct pyi_sites *sites)
{
	pyi_vec_deinit(&sites->list);
}

#ifdef HAVE_BPF
/* Versions whose eval function was compared with the interpreter's own counts. */
static bool is_supported(const struct pyi_runtime *rt)
{
	uint32_t minor = rt->layout.python_minor;

	return rt->layout.python_major == 2 ? minor == 7 : minor >= 6 && minor <= 15;
}
#endif

static struct pyi_error *unsupported(const struct pyi_runtime *rt)
{
	return pyi_error_create(PYI_ERR_NOT_PYTHON, "%s: this version cannot trace it yet",
				rt->name);
}

#ifdef HAVE_BPF
static struct pyi_error *find_stores(struct pyi_target *target, const struct pyi_runtime *rt,
				     struct pyi_sites *ret)
{
	const char *why = rt->layout.python_minor >= 13 && rt->layout.python_major == 3
				  ? pyi_jit_sign(target, rt->image)
				  : NULL;

	if (why)
		return pyi_error_create(PYI_ERR_NOT_PYTHON,
					"%s: its JIT is on (%s), and compiled code shows no calls",
					rt->name, why);
	return pyi_sites_stores(target, rt, ret);
}
#endif

struct pyi_error *pyi_sites_find(struct pyi_target *target, const struct pyi_runtime *rt,
				 struct pyi_sites *ret)
{
	struct pyi_sites sites = {.image = rt->image};
	struct pyi_image_info info;
	struct pyi_error *err;

	if (!rt->image)
		return pyi_error_create(PYI_ERR_NOT_PYTHON, "%s: its program file is not known",
					rt->name);
	pyi_image_info(rt->image, &info);
	if (info.fd < 0)
		return pyi_error_create(PYI_ERR_NOT_PYTHON, "%s: cannot be read", info.path);
	if (rt->minipy)
		err = pyi_sites_usdt(rt->image, &sites);
#ifdef HAVE_BPF
	else if (is_supported(rt))
		err = find_stores(target, rt, &sites);
#endif
	else
		err = unsupported(rt);
	if (err) {
		pyi_sites_deinit(&sites);
		return err;
	}
	*ret = sites;
	return NULL;
}
