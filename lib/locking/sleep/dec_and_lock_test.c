/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * refcount_dec_and_lock() and its like: the last one has the lock, the others not.
 */
#include <locking/dec_and_lock.h>
#include <locking/testing.h>

static DEFINE_SPINLOCK(lock);
static DEFINE_MUTEX(mutex);

/* Two references: the first goes, the second comes with the lock; @held is asked then. */
#define EXPECT_LAST_LOCKS(put, held, unlock)				\
	do {								\
		EXPECT(!(put));						\
		EXPECT(!(held) || !IS_ENABLED(CONFIG_SMP));		\
		EXPECT(put);						\
		EXPECT(held);						\
		unlock;							\
	} while (0)
/* UP: a spinlock's word does not tell, it has none. */
#define HELD(l)	(!IS_ENABLED(CONFIG_SMP) || spin_is_locked(l))

SELFTEST(dec_and_lock, only_the_last_one_has_the_lock)
{
	unsigned long flags = 0;
	refcount_t r = REFCOUNT_INIT(2);
	atomic_t v = ATOMIC_INIT(2);

	EXPECT_LAST_LOCKS(refcount_dec_and_lock(&r, &lock), HELD(&lock), spin_unlock(&lock));
	EXPECT_LAST_LOCKS(atomic_dec_and_lock(&v, &lock), HELD(&lock), spin_unlock(&lock));
	refcount_set(&r, 2);
	EXPECT_LAST_LOCKS(refcount_dec_and_lock_irqsave(&r, &lock, &flags), HELD(&lock),
			  spin_unlock_irqrestore(&lock, flags));
	atomic_set(&v, 2);
	EXPECT_LAST_LOCKS(atomic_dec_and_lock_irqsave(&v, &lock, flags), HELD(&lock),
			  spin_unlock_irqrestore(&lock, flags));
	refcount_set(&r, 2);
	EXPECT_LAST_LOCKS(refcount_dec_and_mutex_lock(&r, &mutex), mutex_is_locked(&mutex),
			  mutex_unlock(&mutex));
	atomic_set(&v, 2);
	EXPECT_LAST_LOCKS(atomic_dec_and_mutex_lock(&v, &mutex), mutex_is_locked(&mutex),
			  mutex_unlock(&mutex));
	EXPECT(!irqs_disabled());
}

#define TURNS	500

/* A table of one place, and the object in it. */
struct table {
	spinlock_t lock;
	refcount_t refs;
	bool there;			/* lock */
	unsigned long made, freed;	/* lock */
	unsigned long dead;		/* lock: found with no reference left */
};

static void get(struct table *t)
{
	guard(spinlock)(&t->lock);
	if (!t->there) {
		refcount_set(&t->refs, 1);
		t->there = true;
		t->made++;
		return;
	}
	t->dead += !refcount_read(&t->refs);
	refcount_inc(&t->refs);
}

static void get_and_put(unsigned int index __maybe_unused, void *arg)
{
	struct table *t = arg;

	for (int i = 0; i < TURNS && !(i && test_budget_over()); i++) {
		get(t);
		if (refcount_dec_and_lock(&t->refs, &t->lock)) {
			t->there = false;
			t->freed++;
			spin_unlock(&t->lock);
		}
	}
}

SELFTEST(dec_and_lock, nobody_finds_an_object_that_is_on_its_way_out)
{
	static struct table t_;
	struct table *table = &t_;

	__builtin_memset(table, 0, sizeof(*table));
	spin_lock_init(&table->lock);
	test_on_cpus(test_cpus(NR_CPUS), get_and_put, table);
	EXPECT_EQ(table->dead, 0);
	EXPECT_EQ(table->made, table->freed);
	EXPECT(!table->there);
}
