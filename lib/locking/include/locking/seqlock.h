/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * seqlock_t: a sequence counter with the spinlock that excludes its writers.
 *
 *	seqcount	<locking/seqcount.h>'s		written by the lock's holder
 *	lock		writers, and readers that must not retry for ever
 *
 *	reader			writer			both wait for a writer
 *	read_seqbegin()		write_seqlock()		read_seqlock_excl()
 *	read_seqretry()		write_sequnlock()	read_sequnlock_excl()
 *
 * Readers do not delay writers; writers may make readers retry without end:
 * read_seqbegin_or_lock() takes the lock at the second try.
 *
 * Linux: include/linux/seqlock.h
 */
#ifndef LOCKING_SEQLOCK_H
#define LOCKING_SEQLOCK_H

#include <locking/seqcount.h>
#include <locking/spinlock.h>

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

#ifdef CONFIG_PREEMPT_RT
/* The writer may be preempted, by us too: wait for its lock, and lend it our priority. */
static __always_inline unsigned int read_seqbegin(const seqlock_t *sl)
{
	unsigned int seq;

	while ((seq = raw_read_seqcount(&sl->seqcount)) & 1) {
		spin_lock((spinlock_t *)&sl->lock);
		spin_unlock((spinlock_t *)&sl->lock);
	}
	return seq;
}
#else
static __always_inline unsigned int read_seqbegin(const seqlock_t *sl)
{
	return read_seqcount_begin(&sl->seqcount);
}
#endif

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

/* The same, with interrupts off while it holds the lock. Return: the flags of before. */
static __always_inline unsigned long read_seqbegin_or_lock_irqsave(seqlock_t *sl, int *seq)
{
	unsigned long flags = 0;

	if (!(*seq & 1))
		*seq = read_seqbegin(sl);
	else
		read_seqlock_excl_irqsave(sl, flags);
	return flags;
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

static __always_inline void done_seqretry_irqrestore(seqlock_t *sl, int seq, unsigned long flags)
{
	if (seq & 1)
		read_sequnlock_excl_irqrestore(sl, flags);
}

#endif
