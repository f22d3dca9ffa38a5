/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Misuse of a rw_semaphore, reported with its name and its owner.
 *
 *	found				by
 *	uninitialised, corrupted, copied	magic is the address it was initialised at
 *	recursion to write, upgrade	the caller is the owner, before the wait
 *	up_write by another		the owner is not the caller
 *	up_read of one nobody reads	no reader in the count
 *
 * A reader that takes it twice is not seen: nothing remembers who reads. What up_read()
 * can do is to take its own name off the owner word, if the form has one, so that a report
 * does not name a reader that has gone.
 *
 * Linux: DEBUG_RWSEMS_WARN_ON(), kernel/locking/rwsem.c
 */
#include <locking/held.h>
#include <locking/port.h>
#include <locking/rwsem.h>

#ifdef CONFIG_DEBUG_LOCKS

static __cold void report(struct rw_semaphore *sem, const char *what)
{
	bool sound = READ_ONCE(sem->magic) == sem;

	port_report("rw_semaphore '%s': %s by %s; %lu readers, owner %s%s",
		    sound && sem->name ? sem->name : "?", what, port_task_name(current),
		    __rwsem_readers(sem), sound ? port_task_name(__rwsem_owner(sem)) : "?",
		    __rwsem_readers(sem) ? " (to read)" : "");
}

static void check_magic(struct rw_semaphore *sem)
{
	if (unlikely(READ_ONCE(sem->magic) != sem))
		report(sem, "use of an uninitialised, copied or corrupted one");
}

void rwsem_check_down(struct rw_semaphore *sem, bool write)
{
	check_magic(sem);
	if (unlikely(__rwsem_write_held(sem) && __rwsem_owner(sem) == current))
		report(sem, write ? "down_write: recursion" : "down_read: it is held to write");
}

void rwsem_check_written(struct rw_semaphore *sem, unsigned long ip)
{
	held_lock_add(sem, "rw_semaphore", sem->name, ip ? ip : _RET_IP_);
}

void rwsem_check_up_read(struct rw_semaphore *sem)
{
	check_magic(sem);
	if (unlikely(__rwsem_write_held(sem) || !__rwsem_readers(sem)))
		report(sem, "up_read of one that nobody reads");
	__rwsem_forget_reader(sem);
}

void rwsem_check_up_write(struct rw_semaphore *sem)
{
	check_magic(sem);
	if (unlikely(!__rwsem_write_held(sem)))
		report(sem, "up_write of one that nobody writes");
	if (unlikely(__rwsem_owner(sem) != current))
		report(sem, "up_write by a task that does not hold it");
	held_lock_remove(sem);
}

#endif
