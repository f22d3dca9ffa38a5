/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Misuse of spinlock_t, raw_spinlock_t and rwlock_t, reported with the lock's
 * name, its owner, the owner's CPU and where the owner took it.
 *
 *	found				by
 *	uninitialised, corrupted	magic, at every lock and unlock
 *	recursion			owner_cpu is this CPU, before the wait: the holder
 *					is below us, and cannot go on
 *	double unlock			owner_cpu is -1 at the unlock
 *	unlock by another CPU		owner_cpu is not this CPU
 *	a wait in an NMI		for a lock that was held outside one: the holder
 *					may be below us. trylock is for that.
 *	_bh in a hardirq or NMI		it cannot run softirqs at the unlock
 *
 * The owner fields are written by the holder only, but read by all: a value that
 * equals this CPU was written by this CPU. The task is for the report: a run
 * queue's lock is taken by one task and released by the next.
 *
 * Linux: kernel/locking/spinlock_debug.c
 */
#include <locking/rwlock.h>
#include <locking/spinlock.h>

#ifdef CONFIG_DEBUG_LOCKS

struct owner_view {
	const char *kind, *name;
	u32 magic;
	int owner_cpu;
	const void *owner;
	unsigned long ip;
};

static __cold void report(const struct owner_view *v, const char *what)
{
	port_report("%s '%s': %s on CPU %u by %s; owner %s on CPU %d, taken at " PORT_SYMBOL
		    " (magic %08x)", v->kind, v->name ? v->name : "?", what,
		    raw_smp_processor_id(), port_task_name(port_current()),
		    v->owner_cpu < 0 ? "nobody" : port_task_name(v->owner), v->owner_cpu,
		    (void *)v->ip, v->magic);
}

/* A name is only believed in a lock that is one. */
#define VIEW(kind_, lock, magic_) {					\
	.kind = kind_, .magic = READ_ONCE((lock)->magic),		\
	.name = READ_ONCE((lock)->magic) == (magic_) ? (lock)->name : NULL, \
	.owner_cpu = READ_ONCE((lock)->owner_cpu),			\
	.owner = READ_ONCE((lock)->magic) == (magic_) ? READ_ONCE((lock)->owner) : NULL, \
	.ip = READ_ONCE((lock)->ip),					\
}

static int this_cpu_number(void)
{
	return (int)raw_smp_processor_id();
}

#define CHECK(cond, kind, lock, magic_, what)				\
	do {								\
		if (unlikely(cond)) {					\
			struct owner_view v = VIEW(kind, lock, magic_);	\
									\
			report(&v, what);				\
		}							\
	} while (0)
#define CHECK_SPIN(cond, lock, what)	CHECK(cond, "spinlock", lock, SPINLOCK_MAGIC, what)
#define CHECK_RW(cond, lock, what)	CHECK(cond, "rwlock", lock, RWLOCK_MAGIC, what)

static const char not_a_lock[] = "uninitialised or corrupted lock";

static const char waits_in_nmi[] = "a wait in an NMI for a lock that is taken elsewhere too";

/* Written once: the line of a read-mostly lock stays where it is. */
#define NOTE_CONTEXT(lock)						\
	do {								\
		if (!READ_ONCE((lock)->outside_nmi) && port_context() != CTX_NMI) \
			WRITE_ONCE((lock)->outside_nmi, true);		\
	} while (0)
#define WAITS_IN_NMI(lock)	(READ_ONCE((lock)->outside_nmi) && port_context() == CTX_NMI)

/* ---- spinlocks ---- */

void debug_spin_lock_before(raw_spinlock_t *lock)
{
	CHECK_SPIN(READ_ONCE(lock->magic) != SPINLOCK_MAGIC, lock, not_a_lock);
	CHECK_SPIN(READ_ONCE(lock->owner_cpu) == this_cpu_number(), lock, "recursion");
	CHECK_SPIN(WAITS_IN_NMI(lock), lock, waits_in_nmi);
}

void debug_spin_lock_bh(raw_spinlock_t *lock)
{
	CHECK_SPIN(port_context() > CTX_SOFTIRQ, lock, "_bh in a hardirq or NMI");
}

void debug_spin_lock_after(raw_spinlock_t *lock)
{
	NOTE_CONTEXT(lock);
	WRITE_ONCE(lock->ip, _RET_IP_);
	WRITE_ONCE(lock->owner, port_current());
	WRITE_ONCE(lock->owner_cpu, this_cpu_number());
}

void debug_spin_unlock(raw_spinlock_t *lock)
{
	int owner_cpu = READ_ONCE(lock->owner_cpu);

	CHECK_SPIN(READ_ONCE(lock->magic) != SPINLOCK_MAGIC, lock, not_a_lock);
	CHECK_SPIN(owner_cpu == -1, lock, "unlock of a free lock");
	CHECK_SPIN(owner_cpu != this_cpu_number(), lock, "unlock by another CPU");
	WRITE_ONCE(lock->owner_cpu, -1);
}

/* ---- reader-writer locks: who reads is not known, only how many ---- */

#ifndef CONFIG_PREEMPT_RT

static bool read_held(rwlock_t *lock)
{
#ifdef CONFIG_SMP
	return atomic_read(&lock->raw_lock.cnts) >> _QR_SHIFT;
#else
	return true;
#endif
}

void debug_read_lock_before(rwlock_t *lock)
{
	CHECK_RW(READ_ONCE(lock->magic) != RWLOCK_MAGIC, lock, not_a_lock);
	CHECK_RW(READ_ONCE(lock->owner_cpu) == this_cpu_number(), lock, "recursion");
	CHECK_RW(WAITS_IN_NMI(lock), lock, waits_in_nmi);
	NOTE_CONTEXT(lock);
}

void debug_read_unlock(rwlock_t *lock)
{
	CHECK_RW(READ_ONCE(lock->magic) != RWLOCK_MAGIC, lock, not_a_lock);
	CHECK_RW(!read_held(lock), lock, "read unlock of a lock that nobody reads");
}

void debug_write_lock_before(rwlock_t *lock)
{
	debug_read_lock_before(lock);
}

void debug_write_lock_after(rwlock_t *lock)
{
	NOTE_CONTEXT(lock);
	WRITE_ONCE(lock->ip, _RET_IP_);
	WRITE_ONCE(lock->owner, port_current());
	WRITE_ONCE(lock->owner_cpu, this_cpu_number());
}

void debug_write_unlock(rwlock_t *lock)
{
	int owner_cpu = READ_ONCE(lock->owner_cpu);

	CHECK_RW(READ_ONCE(lock->magic) != RWLOCK_MAGIC, lock, not_a_lock);
	CHECK_RW(owner_cpu == -1, lock, "write unlock of a lock that nobody writes");
	CHECK_RW(owner_cpu != this_cpu_number(), lock, "unlock by another CPU");
	WRITE_ONCE(lock->owner_cpu, -1);
}

#endif
#endif
