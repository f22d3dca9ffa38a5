/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Misuse of a mutex, reported with its name, its owner, and where that took it.
 *
 *	found				by
 *	uninitialised, corrupted, moved	magic is its own address, at every lock and unlock
 *	recursion			the owner is the caller, before the wait
 *	unlock of a free one		no owner
 *	unlock by another task		the owner is not the caller
 *	lock or trylock in an interrupt	the context: an interrupt is not an owner
 *	initialised while held		magic and an owner, at the initialisation
 *	destroyed while held or used	an owner or sleepers; afterwards magic is gone
 *	task ends, memory freed		what the task holds: held.c
 *
 * Linux: kernel/locking/mutex-debug.c, Documentation/locking/mutex-design.rst
 */
#include <locking/held.h>
#include <locking/mutex.h>

#ifdef CONFIG_DEBUG_LOCKS

static __cold void report(struct mutex *lock, const char *what)
{
	bool is_mutex = READ_ONCE(lock->magic) == lock;

	port_report("mutex '%s' at %p: %s by %s; owner %s, taken at " PORT_SYMBOL,
		    is_mutex && lock->name ? lock->name : "?", (void *)lock, what,
		    port_task_name(current),
		    is_mutex ? port_task_name(mutex_get_owner(lock)) : "?",
		    (void *)READ_ONCE(lock->ip));
}

static void check_magic(struct mutex *lock)
{
	if (unlikely(READ_ONCE(lock->magic) != lock))
		report(lock, "use of an uninitialised, corrupted or destroyed mutex");
}

void debug_mutex_lock(struct mutex *lock)
{
	check_magic(lock);
	if (unlikely(port_context() != CTX_TASK)) {
		report(lock, "lock in an interrupt");
		return;
	}
	if (unlikely(mutex_get_owner(lock) == current))
		report(lock, "recursion");
	might_sleep();
}

void debug_mutex_locked(struct mutex *lock, unsigned long ip)
{
	check_magic(lock);
	if (unlikely(port_context() != CTX_TASK))
		report(lock, "trylock in an interrupt");
	ip = ip ? ip : _RET_IP_;
	WRITE_ONCE(lock->ip, ip);
	held_lock_add(lock, "mutex", lock->name, ip);
}

void debug_mutex_unlock(struct mutex *lock)
{
	struct task_struct *owner = mutex_get_owner(lock);

	check_magic(lock);
	if (unlikely(!owner))
		report(lock, "unlock of a free mutex");
	else if (unlikely(owner != current))
		report(lock, "unlock of another task's mutex");
	held_lock_remove(lock);
}

void debug_mutex_init(struct mutex *lock, const char *name)
{
	if (unlikely(READ_ONCE(lock->magic) == lock && mutex_get_owner(lock)))
		report(lock, "initialisation of a held mutex");
	WRITE_ONCE(lock->magic, lock);
	lock->name = name;
	lock->ip = 0;
}

void mutex_destroy(struct mutex *lock)
{
	check_magic(lock);
	if (mutex_is_locked(lock))
		report(lock, "destruction of a held mutex");
	WRITE_ONCE(lock->magic, NULL);
}

#endif
