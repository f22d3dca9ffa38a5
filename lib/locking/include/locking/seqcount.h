/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Sequence counters: readers never write, and read again if a writer was there.
 *
 *	sequence	even: no writer; odd: one is inside	written by writers
 *
 *	writer				reader
 *	sequence: 0 -> 1		do {
 *	  wmb(1)				s = sequence until even
 *	data = ...				  rmb(2)
 *	  wmb(3)				copy = data
 *	sequence: 1 -> 2			  rmb(4)
 *					} while (sequence != s)
 *
 *	(1) with (4)	a reader that saw any of the new data sees an odd or later sequence
 *	(3) with (2)	a reader that saw the new even sequence sees all of the new data
 *
 * The data is read while it changes: no pointers in it that a writer frees, and
 * every shared word through READ_ONCE()/WRITE_ONCE() or copied and checked.
 *
 *	seqcount_t		the caller excludes writers, preemption off
 *	seqcount_LOCKNAME_t	the same, and names the lock that does it: spinlock,
 *				raw_spinlock, rwlock, mutex, ww_mutex. A debug build checks
 *				it. With the last two the write section turns preemption off
 *				itself.
 *	seqlock_t		with its own spinlock: <locking/seqlock.h>
 *	seqcount_latch_t	two copies: an NMI may read on top of a writer
 *
 * A reader that interrupts the writer spins for ever: if a handler reads, the
 * writer keeps it out (_irqsave, _bh), or use the latch.
 * Wrap: a reader must not sleep through 2^31 write sections.
 *
 * Linux: include/linux/seqlock.h
 */
#ifndef LOCKING_SEQCOUNT_H
#define LOCKING_SEQCOUNT_H

#include <locking/rwlock.h>
#include <locking/spinlock.h>

typedef struct seqcount {
	unsigned int sequence;
} seqcount_t;

#define SEQCNT_ZERO(name)	{ .sequence = 0 }
#define seqcount_init(s)	do { *(s) = (seqcount_t)SEQCNT_ZERO(s); } while (0)

/* ---- seqcount_LOCKNAME_t ---- */

#define SEQCOUNT_LOCKNAME(lockname, locktype, assert_held)		\
	typedef struct seqcount_##lockname {				\
		seqcount_t seqcount;					\
		locktype *lock;		/* read with CONFIG_DEBUG_LOCKS, PREEMPT_RT */ \
	} seqcount_##lockname##_t;					\
	static __always_inline seqcount_t *				\
	__seqprop_##lockname##_ptr(const seqcount_##lockname##_t *s)	\
	{								\
		return (seqcount_t *)&s->seqcount;			\
	}								\
	static __always_inline void					\
	__seqprop_##lockname##_assert(const seqcount_##lockname##_t *s)	\
	{								\
		if (IS_ENABLED(CONFIG_DEBUG_LOCKS))			\
			assert_held(s->lock);				\
	}								\
	static __always_inline void					\
	seqcount_##lockname##_init(seqcount_##lockname##_t *s, locktype *lock) \
	{								\
		seqcount_init(&s->seqcount);				\
		s->lock = lock;						\
	}

#define assert_rwlock_write_locked(lock)				\
	do {								\
		if (IS_ENABLED(CONFIG_SMP) && !rwlock_is_write_locked(lock)) \
			port_report("rwlock %p is not write-locked", (void *)(lock)); \
	} while (0)

/*
 * An odd sequence: wait for the writer. With CONFIG_PREEMPT_RT one that holds a lock
 * that sleeps may be preempted, by the reader too: wait for that lock, which lends it
 * the reader's priority.
 */
#ifdef CONFIG_PREEMPT_RT
#define SEQCOUNT_WAIT(lockname, lock_fn, unlock_fn)			\
	static __always_inline void					\
	__seqprop_##lockname##_wait(const seqcount_##lockname##_t *s)	\
	{								\
		lock_fn(s->lock);					\
		unlock_fn(s->lock);					\
	}
#else
#define SEQCOUNT_WAIT(lockname, lock_fn, unlock_fn)			\
	static __always_inline void					\
	__seqprop_##lockname##_wait(const seqcount_##lockname##_t *s)	\
	{								\
		__seqprop_wait(&s->seqcount);				\
	}
#endif

static __always_inline void __seqprop_wait(const seqcount_t *s)
{
	smp_cond_load_relaxed(&s->sequence, !(VAL & 1));
}

SEQCOUNT_LOCKNAME(raw_spinlock, raw_spinlock_t, assert_raw_spin_locked)
SEQCOUNT_LOCKNAME(spinlock, spinlock_t, assert_spin_locked)
SEQCOUNT_LOCKNAME(rwlock, rwlock_t, assert_rwlock_write_locked)
/* Out of line, sleep/seqcount_mutex.c: this page is below the mutexes'. */
struct mutex;
struct ww_mutex;
void seqcount_assert_mutex(struct mutex *lock);
void seqcount_lock_mutex(struct mutex *lock);
void seqcount_unlock_mutex(struct mutex *lock);
void seqcount_assert_ww_mutex(struct ww_mutex *lock);
void seqcount_lock_ww_mutex(struct ww_mutex *lock);
void seqcount_unlock_ww_mutex(struct ww_mutex *lock);
SEQCOUNT_LOCKNAME(mutex, struct mutex, seqcount_assert_mutex)
SEQCOUNT_LOCKNAME(ww_mutex, struct ww_mutex, seqcount_assert_ww_mutex)

static __always_inline void __seqprop_raw_spinlock_wait(const seqcount_raw_spinlock_t *s)
{
	__seqprop_wait(&s->seqcount);
}

SEQCOUNT_WAIT(spinlock, spin_lock, spin_unlock)
SEQCOUNT_WAIT(rwlock, read_lock, read_unlock)
SEQCOUNT_WAIT(mutex, seqcount_lock_mutex, seqcount_unlock_mutex)
SEQCOUNT_WAIT(ww_mutex, seqcount_lock_ww_mutex, seqcount_unlock_ww_mutex)

#define SEQCNT_LOCKNAME_ZERO(name, assoc) \
	{ .seqcount = SEQCNT_ZERO(name), .lock = (assoc) }
#define SEQCNT_RAW_SPINLOCK_ZERO(name, lock)	SEQCNT_LOCKNAME_ZERO(name, lock)
#define SEQCNT_SPINLOCK_ZERO(name, lock)	SEQCNT_LOCKNAME_ZERO(name, lock)
#define SEQCNT_RWLOCK_ZERO(name, lock)		SEQCNT_LOCKNAME_ZERO(name, lock)
#define SEQCNT_MUTEX_ZERO(name, lock)		SEQCNT_LOCKNAME_ZERO(name, lock)
#define SEQCNT_WW_MUTEX_ZERO(name, lock)	SEQCNT_LOCKNAME_ZERO(name, lock)

static __always_inline seqcount_t *__seqprop_ptr(const seqcount_t *s)
{
	return (seqcount_t *)s;
}

static __always_inline void __seqprop_assert(const seqcount_t *s __maybe_unused)
{
	lockdep_assert_preemption_disabled();
}

/* The functions below take any of the six types. */
#define __seqprop(s, prop) _Generic(*(s),				\
	seqcount_t:		__seqprop_##prop,			\
	seqcount_raw_spinlock_t: __seqprop_raw_spinlock_##prop,		\
	seqcount_spinlock_t:	__seqprop_spinlock_##prop,		\
	seqcount_rwlock_t:	__seqprop_rwlock_##prop,		\
	seqcount_mutex_t:	__seqprop_mutex_##prop,			\
	seqcount_ww_mutex_t:	__seqprop_ww_mutex_##prop)(s)
#define seqprop_ptr(s)		__seqprop(s, ptr)
#define seqprop_assert(s)	__seqprop(s, assert)
#define seqprop_wait(s)		__seqprop(s, wait)
/* May its writers be preempted, and readers wait for one that does not run? */
#define seqprop_preemptible(s)	_Generic(*(s),				\
	seqcount_mutex_t:	!IS_ENABLED(CONFIG_PREEMPT_RT),		\
	seqcount_ww_mutex_t:	!IS_ENABLED(CONFIG_PREEMPT_RT),		\
	default:		false)

/* ---- readers ---- */

/**
 * raw_read_seqcount() - the sequence, odd or even
 * Ordering: ACQUIRE.
 */
#define raw_read_seqcount(s)		do_raw_read_seqcount(seqprop_ptr(s))
/**
 * read_seqcount_begin() - start a read section
 * @s: the counter
 * Context: Any that may not interrupt a writer of @s.
 * Ordering: ACQUIRE.
 * Return: what read_seqcount_retry() wants to know: an even sequence.
 */
#define read_seqcount_begin(s)						\
	({								\
		unsigned int _seq;					\
									\
		seqcount_acquire_read(s, 0, 0, _RET_IP_);		\
		while (unlikely((_seq = raw_read_seqcount(s)) & 1))	\
			seqprop_wait(s);				\
		_seq;							\
	})
#define raw_read_seqcount_begin(s)	read_seqcount_begin(s)
#define __read_seqcount_begin(s)	read_seqcount_begin(s)
/* The same without a wait: an odd sequence becomes one that will not match. */
#define raw_seqcount_begin(s)		(do_raw_read_seqcount(seqprop_ptr(s)) & ~1U)
/**
 * read_seqcount_retry() - end a read section
 * @start: from read_seqcount_begin()
 * Ordering: the section's loads are done before the check.
 * Return: true if a writer was there: what was read means nothing, read again.
 */
#define read_seqcount_retry(s, start)	do_read_seqcount_retry(seqprop_ptr(s), start)
#define __read_seqcount_retry(s, start)	do___read_seqcount_retry(seqprop_ptr(s), start)

static __always_inline unsigned int do_raw_read_seqcount(const seqcount_t *s)
{
	/* seqcount/B: pairs with do_raw_write_seqcount_end() */
	return smp_load_acquire(&s->sequence);
}

static __always_inline bool do___read_seqcount_retry(const seqcount_t *s, unsigned int start)
{
	return unlikely(READ_ONCE(s->sequence) != start);
}

static __always_inline bool do_read_seqcount_retry(const seqcount_t *s, unsigned int start)
{
	/*
	 * seqcount/A: pairs with do_raw_write_seqcount_begin(), do_write_seqcount_invalidate(),
	 * do_raw_write_seqcount_barrier()
	 */
	smp_rmb();
	return do___read_seqcount_retry(s, start);
}

/* ---- writers: one at a time and preemption off; the caller sees to both ---- */

#define raw_write_seqcount_begin(s)					\
	do {								\
		if (seqprop_preemptible(s))				\
			preempt_disable();				\
		do_raw_write_seqcount_begin(seqprop_ptr(s));		\
	} while (0)
#define raw_write_seqcount_end(s)					\
	do {								\
		do_raw_write_seqcount_end(seqprop_ptr(s));		\
		if (seqprop_preemptible(s))				\
			preempt_enable();				\
	} while (0)
#define write_seqcount_begin_nested(s, subclass) \
	((void)(subclass), write_seqcount_begin(s))

/* Ordering: the section's stores come after the sequence is odd. */
#define write_seqcount_begin(s)						\
	do {								\
		seqprop_assert(s);					\
		seqcount_acquire(seqprop_ptr(s), 0, 0, _RET_IP_);	\
		raw_write_seqcount_begin(s);				\
	} while (0)

/* Ordering: the section's stores come before the sequence is even. */
#define write_seqcount_end(s)						\
	do {								\
		seqcount_release(seqprop_ptr(s), _RET_IP_);		\
		raw_write_seqcount_end(s);				\
	} while (0)

static __always_inline void do_raw_write_seqcount_begin(seqcount_t *s)
{
	ADD_ONCE(s->sequence, 1);
	/* seqcount/A: pairs with do_read_seqcount_retry() */
	smp_wmb();
}

static __always_inline void do_raw_write_seqcount_end(seqcount_t *s)
{
	/* seqcount/B: pairs with do_raw_read_seqcount() */
	smp_wmb();
	ADD_ONCE(s->sequence, 1);
}

/* Readers that started before it retry, and no section opens: for data that was unhooked. */
#define write_seqcount_invalidate(s)	do_write_seqcount_invalidate(seqprop_ptr(s))
/* The same, and the caller's stores before it are seen before those after it. */
#define raw_write_seqcount_barrier(s)	do_raw_write_seqcount_barrier(seqprop_ptr(s))

static __always_inline void do_write_seqcount_invalidate(seqcount_t *s)
{
	/* seqcount/A: pairs with do_read_seqcount_retry() */
	smp_wmb();
	ADD_ONCE(s->sequence, 2);
}

static __always_inline void do_raw_write_seqcount_barrier(seqcount_t *s)
{
	ADD_ONCE(s->sequence, 1);
	/* seqcount/A: pairs with do_read_seqcount_retry() */
	smp_wmb();
	ADD_ONCE(s->sequence, 1);
}

/* ---- seqcount_latch_t ----
 *
 * Two copies of the data; readers use data[sequence & 1], which no writer is in:
 *
 *	writer					reader, NMI even
 *	raw_write_seqcount_latch(): 0 -> 1	do {
 *	data[0] = new		readers use 1		s = raw_read_seqcount_latch()
 *	raw_write_seqcount_latch(): 1 -> 2		copy = data[s & 1]
 *	data[1] = new		readers use 0	} while (read_seqcount_latch_retry(s))
 *
 * An interrupted writer leaves the other copy whole: the reader on top of it ends
 * in one round.
 */
typedef struct {
	seqcount_t seqcount;
} seqcount_latch_t;

#define SEQCNT_LATCH_ZERO(name)	{ .seqcount = SEQCNT_ZERO(name) }

static inline void seqcount_latch_init(seqcount_latch_t *s)
{
	seqcount_init(&s->seqcount);
}

/* Send the readers to the other copy. Ordering: stores before and after stay there. */
static __always_inline void raw_write_seqcount_latch(seqcount_latch_t *s)
{
	/* latch/A: pairs with raw_read_seqcount_latch(): the copy is whole before readers use it */
	smp_wmb();
	WRITE_ONCE(s->seqcount.sequence, READ_ONCE(s->seqcount.sequence) + 1);
	/* latch/B: pairs with read_seqcount_latch_retry(): they leave before it changes */
	smp_wmb();
}

/* Context: any, NMI included. Ordering: ACQUIRE. */
static __always_inline unsigned int raw_read_seqcount_latch(const seqcount_latch_t *s)
{
	/* latch/A: pairs with raw_write_seqcount_latch() */
	return smp_load_acquire(&s->seqcount.sequence);
}

static __always_inline bool read_seqcount_latch_retry(const seqcount_latch_t *s,
						      unsigned int start)
{
	/* latch/B: pairs with raw_write_seqcount_latch() */
	smp_rmb();
	return unlikely(READ_ONCE(s->seqcount.sequence) != start);
}

#endif
