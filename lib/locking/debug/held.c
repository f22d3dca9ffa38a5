/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What a task holds: see <locking/held.h>. Only the task writes its own; an interrupt
 * that frees memory reads it on top, and finds the lock that is being taken or not.
 */
#include <locking/held.h>
#include <locking/task.h>

#ifdef CONFIG_DEBUG_LOCKS

static void add(const struct held_lock *l)
{
	struct held_locks *held = port_held_locks();

	if (held->nr == HELD_LOCKS_MAX)
		return;
	held->locks[held->nr] = *l;
	barrier();
	WRITE_ONCE(held->nr, held->nr + 1);
}

void held_lock_add(const void *lock, const char *kind, const char *name, unsigned long ip)
{
	add(&(struct held_lock){ .lock = lock, .kind = kind, .name = name, .ip = ip });
}

void held_rtlock_add(const void *lock, const char *kind, unsigned long ip)
{
	add(&(struct held_lock){ .lock = lock, .kind = kind, .ip = ip, .rtlock = true });
}

const struct held_lock *held_rtlock(void)
{
	struct held_locks *held = port_held_locks();
	unsigned int i = held->nr;

	while (i && !held->locks[i - 1].rtlock)
		i--;
	return i ? &held->locks[i - 1] : NULL;
}

/* The latest of that address. Not there: taken beyond the limit, or by another task. */
void held_lock_remove(const void *lock)
{
	struct held_locks *held = port_held_locks();
	unsigned int i = held->nr;

	while (i && held->locks[i - 1].lock != lock)
		i--;
	if (!i)
		return;
	for (; i < held->nr; i++)
		held->locks[i - 1] = held->locks[i];
	WRITE_ONCE(held->nr, held->nr - 1);
}

void held_ww_add(const void *ctx, const void *class, const char *class_name)
{
	struct held_locks *held = port_held_locks();

	for (unsigned int i = 0; i < held->nr_ww; i++) {
		if (held->ww[i].ctx == ctx)
			port_report("ww_acquire_init() of a context of class %s that is in use, by %s",
				    class_name, port_task_name(current));
		else if (held->ww[i].class == class)
			port_report("ww_acquire_init() inside another context of class %s, by %s",
				    class_name, port_task_name(current));
	}
	if (held->nr_ww == HELD_WW_MAX)
		return;
	held->ww[held->nr_ww].ctx = ctx;
	held->ww[held->nr_ww++].class = class;
}

void held_ww_remove(const void *ctx)
{
	struct held_locks *held = port_held_locks();
	unsigned int i = 0;

	while (i < held->nr_ww && held->ww[i].ctx != ctx)
		i++;
	if (i < held->nr_ww)
		held->ww[i] = held->ww[--held->nr_ww];
}

void debug_check_no_locks_held(void)
{
	struct held_locks *held = port_held_locks();

	if (held->nr) {
		struct held_lock *l = &held->locks[held->nr - 1];

		port_report("task %s ends and holds %s '%s' at %p, taken at " PORT_SYMBOL,
			    port_task_name(current), l->kind, l->name ? l->name : "?",
			    (void *)l->lock, (void *)l->ip);
	}
	if (held->nr_ww)
		port_report("task %s ends before ww_acquire_fini() of a context at %p",
			    port_task_name(current), (void *)held->ww[0].ctx);
}

void debug_check_no_locks_freed(const void *from, size_t len)
{
	struct held_locks *held = port_held_locks();

	for (unsigned int i = 0; i < READ_ONCE(held->nr); i++) {
		struct held_lock *l = &held->locks[i];

		if ((unsigned long)l->lock - (unsigned long)from < len)
			port_report("memory at %p, %zu bytes, is freed with %s '%s' in it, held by %s, "
				    "taken at " PORT_SYMBOL, (void *)from, len, l->kind,
				    l->name ? l->name : "?", port_task_name(current),
				    (void *)l->ip);
	}
}

#endif
