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
 *	seqcount_t			the caller excludes writers, preemption off
 *	seqcount_LOCKNAME_t		the same, and names the lock that does it
 *	seqlock_t			with its own spinlock
 *	seqcount_latch_t		two copies: NMI may read on top of a writer
 *
 * A reader that interrupts the writer spins for ever: if a handler reads, the
 * writer keeps it out (_irqsave, _bh), or use the latch.
 * Wrap: a reader must not sleep through 2^31 write sections.
 *
 * Linux: include/linux/seqlock.h
 */
#ifndef LOCKING_SEQLOCK_H
#define LOCKING_SEQLOCK_H

#include <locking/spinlock.h>

typedef struct seqcount {
	unsigned int sequence;
} seqcount_t;

#define SEQCNT_ZERO(name)	{ .sequence = 0 }
#define seqcount_init(s)	do { *(s) = (seqcount_t)SEQCNT_ZERO(s); } while (0)

/* ---- readers of a seqcount_t ---- */

/* The sequence, odd or even. Ordering: ACQUIRE. */
static __always_inline unsigned int raw_read_seqcount(const seqcount_t *s)
{
	/* seqcount/B: pairs with raw_write_seqcount_end() */
	return smp_load_acquire(&s->sequence);
}

/* Even: of a section that no writer is in. Ordering: ACQUIRE. */
static __always_inline unsigned int raw_read_seqcount_begin(const seqcount_t *s)
{
	unsigned int seq = raw_read_seqcount(s);

	if (unlikely(seq & 1)) {
		/* seqcount/B: pairs with raw_write_seqcount_end() */
		seq = smp_cond_load_acquire(&s->sequence, !(VAL & 1));
	}
	return seq;
}

/**
 * read_seqcount_begin() - start a read section
 * @s: the counter
 * Context: Any that may not interrupt a writer of @s.
 * Ordering: ACQUIRE.
 * Return: what read_seqcount_retry() wants to know.
 */
static __always_inline unsigned int read_seqcount_begin(const seqcount_t *s)
{
	seqcount_acquire_read(s, 0, 0, _RET_IP_);
	return raw_read_seqcount_begin(s);
}

/* The same without a wait: an odd sequence becomes one that will not match. */
static __always_inline unsigned int raw_seqcount_begin(const seqcount_t *s)
{
	return raw_read_seqcount(s) & ~1U;
}

static __always_inline bool __read_seqcount_retry(const seqcount_t *s, unsigned int start)
{
	return unlikely(READ_ONCE(s->sequence) != start);
}

/**
 * read_seqcount_retry() - end a read section
 * @start: from read_seqcount_begin()
 * Ordering: the section's loads are done before the check.
 * Return: true if a writer was there: what was read means nothing, read again.
 */
static __always_inline bool read_seqcount_retry(const seqcount_t *s, unsigned int start)
{
	/* seqcount/A: pairs with raw_write_seqcount_begin() */
	smp_rmb();
	return __read_seqcount_retry(s, start);
}

/* ---- writers ---- */

static __always_inline void raw_write_seqcount_begin(seqcount_t *s)
{
	WRITE_ONCE(s->sequence, s->sequence + 1);
	/* seqcount/A: pairs with read_seqcount_retry() */
	smp_wmb();
}

static __always_inline void raw_write_seqcount_end(seqcount_t *s)
{
	/* seqcount/B: pairs with raw_read_seqcount(), raw_read_seqcount_begin() */
	smp_wmb();
	WRITE_ONCE(s->sequence, s->sequence + 1);
}

/* Readers that started before it retry, and no section opens: for data that was unhooked. */
static __always_inline void write_seqcount_invalidate(seqcount_t *s)
{
	/* seqcount/A: pairs with read_seqcount_retry() */
	smp_wmb();
	WRITE_ONCE(s->sequence, s->sequence + 2);
}

/* One writer at a time and preemption off: the caller sees to both. */
static __always_inline void write_seqcount_begin(seqcount_t *s)
{
	seqcount_acquire(s, 0, 0, _RET_IP_);
	raw_write_seqcount_begin(s);
}

static __always_inline void write_seqcount_end(seqcount_t *s)
{
	seqcount_release(s, _RET_IP_);
	raw_write_seqcount_end(s);
}

/* ---- seqlock_t ---- */

typedef struct {
	seqcount_t seqcount;
	spinlock_t lock;
} seqlock_t;

#define __SEQLOCK_UNLOCKED(name) \
	{ .seqcount = SEQCNT_ZERO(name), .lock = __SPIN_LOCK_UNLOCKED(name) }
#define DEFINE_SEQLOCK(name)	seqlock_t name = __SEQLOCK_UNLOCKED(name)
#define seqlock_init(sl)						\
	do {								\
		seqcount_init(&(sl)->seqcount);				\
		spin_lock_init(&(sl)->lock);				\
	} while (0)

static __always_inline unsigned int read_seqbegin(const seqlock_t *sl)
{
	return read_seqcount_begin(&sl->seqcount);
}

static __always_inline bool read_seqretry(const seqlock_t *sl, unsigned int start)
{
	return read_seqcount_retry(&sl->seqcount, start);
}

/* write_seqlock() and write_sequnlock(), and the variants of spin_lock(). */
#define SEQLOCK_WRITE(suffix)						\
	static __always_inline void write_seqlock##suffix(seqlock_t *sl) \
	{								\
		spin_lock##suffix(&sl->lock);				\
		write_seqcount_begin(&sl->seqcount);			\
	}								\
	static __always_inline void write_sequnlock##suffix(seqlock_t *sl) \
	{								\
		write_seqcount_end(&sl->seqcount);			\
		spin_unlock##suffix(&sl->lock);				\
	}								\
	static __always_inline void read_seqlock_excl##suffix(seqlock_t *sl) \
	{								\
		spin_lock##suffix(&sl->lock);				\
	}								\
	static __always_inline void read_sequnlock_excl##suffix(seqlock_t *sl) \
	{								\
		spin_unlock##suffix(&sl->lock);				\
	}
SEQLOCK_WRITE()
SEQLOCK_WRITE(_bh)
SEQLOCK_WRITE(_irq)

#define write_seqlock_irqsave(sl, flags)				\
	do {								\
		spin_lock_irqsave(&(sl)->lock, flags);			\
		write_seqcount_begin(&(sl)->seqcount);			\
	} while (0)

static __always_inline void write_sequnlock_irqrestore(seqlock_t *sl, unsigned long flags)
{
	write_seqcount_end(&sl->seqcount);
	spin_unlock_irqrestore(&sl->lock, flags);
}

#define read_seqlock_excl_irqsave(sl, flags)	spin_lock_irqsave(&(sl)->lock, flags)

static __always_inline void read_sequnlock_excl_irqrestore(seqlock_t *sl, unsigned long flags)
{
	spin_unlock_irqrestore(&sl->lock, flags);
}

/*
 * A reader that must end: lockless first, with the lock the second time.
 *
 *	int seq = 0;
 *	do {
 *		read_seqbegin_or_lock(&sl, &seq);
 *		...
 *	} while (need_seqretry(&sl, seq) && (seq = 1));
 *	done_seqretry(&sl, seq);
 */
static __always_inline void read_seqbegin_or_lock(seqlock_t *sl, int *seq)
{
	if (!(*seq & 1))
		*seq = read_seqbegin(sl);
	else
		read_seqlock_excl(sl);
}

static __always_inline bool need_seqretry(seqlock_t *sl, int seq)
{
	return !(seq & 1) && read_seqretry(sl, seq);
}

static __always_inline void done_seqretry(seqlock_t *sl, int seq)
{
	if (seq & 1)
		read_sequnlock_excl(sl);
}

#endif
