/* SPDX-License-Identifier: BSD-2-Clause */
#include "report/death.h"

#include "base/strbuf.h"
#include "base/utf8.h"
#include "report/disassemble.h"
#include "report/signals.h"

#include <inttypes.h>
#include <string.h>

#define NULL_PAGES 0x10000u /* a field of a structure at address 0 */
/* As far below a full stack as one frame may reach, and as little as is left in one. */
#define STACK_REACH (UINT64_C(1) << 20)
#define USER_HALF   (UINT64_C(1) << 47) /* x86-64 with 4-level page tables */
#define STACK_LEFT  (UINT64_C(64) << 10)

struct place {
	const struct pyi_target *target;
	uint64_t addr;
	const struct pyi_map *map; /* that holds addr, or NULL */
	struct pyi_strbuf text;
};

/* The mapping whose stack grows down towards addr: [stack], or what a thread's sp was last seen in
 * or next to. */
static const struct pyi_map *stack_above(const struct place *place, const struct pyi_thread *thread)
{
	const struct pyi_maps *maps = &place->target->maps;
	uint64_t sp = thread->regs.rsp;

	for (size_t i = 0; i < maps->n; i++) {
		const struct pyi_map *map = &maps->maps[i];
		bool is_stack = thread->main ? strcmp(map->path, "[stack]") == 0
					     : !*map->path && map->perm & PYI_PERM_W;

		if (is_stack && sp < map->hi && map->lo <= sp + STACK_REACH)
			return map;
	}
	return NULL;
}

/* Nothing is mapped from addr up to the stack, of which next to nothing is left. */
static bool runs_into(const struct place *place, const struct pyi_thread *thread,
		      const struct pyi_map *stack)
{
	const struct pyi_maps *maps = &place->target->maps;

	if (stack > maps->maps && stack[-1].hi > place->addr)
		return false;
	return thread->regs.rsp < stack->lo || thread->regs.rsp - stack->lo < STACK_LEFT;
}

/* Below the end of a thread's stack, where nothing may be. */
static bool say_stack(struct place *place)
{
	for (size_t i = 0; i < place->target->n_threads; i++) {
		const struct pyi_thread *thread = &place->target->threads[i];
		const struct pyi_map *stack =
			thread->have_regs || thread->have_pc_sp ? stack_above(place, thread) : NULL;
		uint64_t below = stack ? stack->lo - place->addr : 0;

		if (!stack || place->addr >= stack->lo || below > STACK_REACH)
			continue;
		if (place->map ? (place->map->perm & (PYI_PERM_R | PYI_PERM_W)) ||
					 place->map + 1 != stack
			       : !runs_into(place, thread, stack))
			continue;
		pyi_strbuf_printf(&place->text,
				  "%" PRIu64 " byte%s below the end of thread %d's "
				  "stack, %s",
				  below, below == 1 ? "" : "s", (int)thread->tid,
				  place->map ? "in its guard page" : "which is full");
		pyi_strbuf_printf(&place->text, " (%" PRIu64 " KiB)",
				  (stack->hi - stack->lo) / 1024);
		return true;
	}
	return false;
}

static void say_name(struct place *place, const struct pyi_map *map)
{
	const char *slash = strrchr(map->path, '/');
	const char *name = slash ? slash + 1 : map->path;

	if (*name)
		pyi_utf8_append(&place->text, name, strlen(name));
	else
		pyi_strbuf_puts(&place->text, "anonymous memory");
}

static void say_mapped(struct place *place)
{
	unsigned perm = place->map->perm;

	pyi_strbuf_puts(&place->text, "in ");
	say_name(place, place->map);
	pyi_strbuf_printf(&place->text, " (%c%c%c)", perm & PYI_PERM_R ? 'r' : '-',
			  perm & PYI_PERM_W ? 'w' : '-', perm & PYI_PERM_X ? 'x' : '-');
}

static void say_unmapped(struct place *place)
{
	const struct pyi_maps *maps = &place->target->maps;
	const struct pyi_map *below = NULL, *above = NULL;

	for (size_t i = 0; i < maps->n && !above; i++) {
		if (maps->maps[i].lo > place->addr)
			above = &maps->maps[i];
		else
			below = &maps->maps[i];
	}
	pyi_strbuf_puts(&place->text, "not mapped");
	if (place->addr >= USER_HALF) {
		pyi_strbuf_puts(&place->text, ", and no address of a program");
		return;
	}
	if (below && (!above || place->addr - below->hi <= above->lo - place->addr)) {
		pyi_strbuf_printf(&place->text, "; nearest: %" PRIu64 " bytes above the end of ",
				  place->addr - below->hi);
		say_name(place, below);
	} else if (above) {
		pyi_strbuf_printf(&place->text, "; nearest: %" PRIu64 " bytes below ",
				  above->lo - place->addr);
		say_name(place, above);
	}
}

char *pyi_death_place(const struct pyi_target *target, uint64_t addr)
{
	struct place place = {.target = target,
			      .addr = addr,
			      .map = pyi_maps_find(&target->maps, addr),
			      .text = PYI_STRBUF_INIT};

	if (addr == 0)
		pyi_strbuf_puts(&place.text, "a null pointer");
	else if (addr < NULL_PAGES && !place.map)
		pyi_strbuf_printf(&place.text, "%" PRIu64 " bytes behind a null pointer", addr);
	else if (!say_stack(&place) && place.map)
		say_mapped(&place);
	else if (!place.text.len)
		say_unmapped(&place);
	return pyi_strbuf_steal(&place.text);
}

static const struct pyi_thread *crashed_thread(const struct pyi_target *target)
{
	for (size_t i = 0; i < target->n_threads; i++)
		if (target->threads[i].crashed)
			return &target->threads[i];
	return NULL;
}

struct pyi_error *pyi_death_describe(const struct pyi_target *target, struct pyi_report *report)
{
	const struct pyi_death *death = &target->death;
	const struct pyi_thread *thread = crashed_thread(target);
	struct pyi_report_signal *to = &report->signal;

	if (!death->signal)
		return NULL;
	to->number = death->signal;
	to->name = pyi_signal_name(death->signal);
	to->tid = death->tid;
	if (!death->have_info)
		return NULL;
	to->code = pyi_signal_code_name(death->signal, death->info.si_code);
	to->has_sender = pyi_signal_has_sender(death->info.si_code);
	if (to->has_sender) {
		to->sender = death->info.si_pid;
		to->sender_uid = death->info.si_uid;
	}
	to->has_address = pyi_signal_has_address(death->signal, death->info.si_code);
	if (!to->has_address)
		return NULL;
	to->address = (uint64_t)(uintptr_t)death->info.si_addr;
	if (death->signal != SIGSEGV && death->signal != SIGBUS)
		return NULL; /* there the address is that of the instruction */
	to->place = pyi_death_place(target, to->address);
	if (to->place && thread && thread->have_regs && thread->regs.rip == to->address) {
		char *place = NULL;

		if (asprintf(&place, "%s, which was called or jumped to", to->place) >= 0) {
			free(to->place);
			to->place = place;
		}
	}
	return to->place ? NULL : &pyi_enomem;
}

struct pyi_error *pyi_death_registers(const struct pyi_target *target,
				      const struct pyi_thread *from, struct pyi_report_thread *to)
{
	if (!target->death.signal || !from->have_regs)
		return NULL;
	to->have_regs = true;
	to->regs = from->regs;
	return from->crashed ? pyi_disassemble(target->mem, from->regs.rip, to) : NULL;
}
