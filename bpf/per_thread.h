/* SPDX-License-Identifier: (BSD-2-Clause OR GPL-2.0) */
/*
 * A value for each thread. It is kept in the thread's task and goes with it; kernels that hold no
 * large values there (Linux 6.19 and later: 8 KiB) keep it in a hash, by what no other thread ever
 * has, and user space throws away those of threads that have ended. Included by frames.bpf.c.
 */
#ifndef PYI_PER_THREAD_H
#define PYI_PER_THREAD_H

#define THREADS (1 << 14) /* at a time */

#define PER_THREAD(name, value_type)                     \
	struct {                                         \
		__uint(type, BPF_MAP_TYPE_TASK_STORAGE); \
		__uint(map_flags, BPF_F_NO_PREALLOC);    \
		__type(key, int);                        \
		__type(value, struct value_type);        \
	} name SEC(".maps");                             \
	struct {                                         \
		__uint(type, BPF_MAP_TYPE_HASH);         \
		__uint(map_flags, BPF_F_NO_PREALLOC);    \
		__uint(max_entries, THREADS);            \
		__type(key, struct pyi_thread_key);      \
		__type(value, struct value_type);        \
	} name##_hash SEC(".maps");                      \
	/* what a new one is copied from */              \
	struct {                                         \
		__uint(type, BPF_MAP_TYPE_ARRAY);        \
		__uint(max_entries, 1);                  \
		__type(key, uint32_t);                   \
		__type(value, struct value_type);        \
	} name##_blank SEC(".maps")

struct task_struct {
	uint64_t start_boottime;
}
#ifdef __bpf__
__attribute__((preserve_access_index))
#endif
;

static __always_inline void *find_in_hash(void *hash, void *blank, const struct task_struct *task,
					  bool create)
{
	struct pyi_thread_key key = {bpf_get_current_pid_tgid(), task->start_boottime};
	void *value = bpf_map_lookup_elem(hash, &key);
	uint32_t zero = 0;

	if (value || !create)
		return value;
	value = bpf_map_lookup_elem(blank, &zero);
	if (!value || bpf_map_update_elem(hash, &key, value, BPF_NOEXIST))
		return 0;
	return bpf_map_lookup_elem(hash, &key);
}

/* The current task's value, all 0 when it is new; NULL: it has none, or there is no memory. */
#define per_thread(name, task, create)                                           \
	(config.hashed ? find_in_hash(&name##_hash, &name##_blank, task, create) \
		       : bpf_task_storage_get(&name, task, 0,                    \
					      create ? BPF_LOCAL_STORAGE_GET_F_CREATE : 0))

#endif
