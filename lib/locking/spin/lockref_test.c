/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * lockref: counts without the lock, never against it.
 */
#include <locking/lockref.h>
#include <locking/testing.h>

static void init(struct lockref *ref, int count)
{
	__builtin_memset(ref, 0, sizeof(*ref));
	spin_lock_init(&ref->lock);
	ref->count = count;
}

SELFTEST(lockref, each_operation_keeps_its_bound)
{
	struct lockref ref;
	int returned;

	init(&ref, 1);
	lockref_get(&ref);
	EXPECT_EQ(ref.count, 2);
	EXPECT(lockref_get_not_zero(&ref));
	EXPECT(lockref_put_or_lock(&ref));
	returned = lockref_put_return(&ref);
	EXPECT(returned == 1 || (returned == -1 && ref.count == 2));
	ref.count = 1;
	EXPECT(!lockref_put_or_lock(&ref));
	EXPECT_EQ(ref.count, 1);
	lockref_mark_dead(&ref);
	spin_unlock(&ref.lock);
	EXPECT(__lockref_is_dead(&ref));
	EXPECT(!lockref_get_not_dead(&ref));
	EXPECT(!lockref_get_not_zero(&ref));
	EXPECT_EQ(lockref_put_return(&ref), -1);

	init(&ref, 0);
	EXPECT(!lockref_get_not_zero(&ref));
	EXPECT(lockref_get_not_dead(&ref));
	EXPECT_EQ(ref.count, 1);
	EXPECT(!spin_is_locked(&ref.lock));
}

/* Held: a trylock fails, or without SMP the lock may be released. */
#define EXPECT_HELD(ref)						\
	do {								\
		EXPECT(!IS_ENABLED(CONFIG_SMP) || spin_is_locked(&(ref)->lock)); \
		spin_unlock(&(ref)->lock);				\
	} while (0)

SELFTEST(lockref, who_may_not_count_has_the_lock_or_is_told)
{
	struct lockref ref;

	init(&ref, 2);
	EXPECT(lockref_put_not_zero(&ref));
	EXPECT(!lockref_put_not_zero(&ref));
	EXPECT_EQ(ref.count, 1);
	EXPECT(lockref_get_or_lock(&ref));
	EXPECT_EQ(ref.count, 2);
	EXPECT(lockref_put_or_lock(&ref));
	EXPECT(!spin_is_locked(&ref.lock));
	EXPECT(!lockref_put_or_lock(&ref));
	EXPECT_HELD(&ref);
	init(&ref, 0);
	EXPECT(!lockref_get_or_lock(&ref));
	EXPECT_EQ(ref.count, 0);
	EXPECT_HELD(&ref);
}

struct shared {
	struct lockref ref;
	unsigned long moved;		/* counts that changed while the lock was held */
	unsigned long taken[NR_CPUS];
};

static void get_and_put(unsigned int index, void *arg)
{
	struct shared *s = arg;

	for (int i = 0; i < 1000 && !(i && test_budget_over()); i++) {
		if (index == 0 && i % 4 == 0) {
			spin_lock(&s->ref.lock);
			int count = READ_ONCE(s->ref.count);

			for (int k = 0; k < 20; k++)
				cpu_relax();
			s->moved += READ_ONCE(s->ref.count) != count;
			spin_unlock(&s->ref.lock);
			continue;
		}
		if (lockref_get_not_zero(&s->ref))
			s->taken[index]++;
		if (i % 2 && lockref_put_or_lock(&s->ref))
			s->taken[index]--;
	}
}

SELFTEST(lockref, a_held_lock_holds_the_count_still, .min_cpus = 2)
{
	static struct shared s;
	unsigned long taken = 0;

	__builtin_memset(&s, 0, sizeof(s));
	init(&s.ref, 1000);
	test_on_cpus(test_cpus(NR_CPUS), get_and_put, &s);
	for (int i = 0; i < NR_CPUS; i++)
		taken += s.taken[i];
	EXPECT_EQ(s.moved, 0);
	EXPECT_EQ(s.ref.count, 1000 + (long long)taken);
}

struct stand {
	struct lockref ref;
	int held, trying, done;		/* rounds: the lock is held, someone is about to count, has */
	unsigned long moved;
};

static void hold(struct stand *s, int round)
{
	int count;

	spin_lock(&s->ref.lock);
	count = READ_ONCE(s->ref.count);
	WRITE_ONCE(s->held, round);
	smp_cond_load_relaxed(&s->trying, VAL == round);
	for (int k = 0; k < 200; k++)
		cpu_relax();
	s->moved += READ_ONCE(s->ref.count) != count;
	spin_unlock(&s->ref.lock);
	smp_cond_load_relaxed(&s->done, VAL == round);
}

static void hold_or_get(unsigned int index, void *arg)
{
	struct stand *s = arg;

	for (int round = 1; round <= 50; round++) {
		if (index == 0) {
			hold(s, round);
		} else if (index == 1) {
			smp_cond_load_relaxed(&s->held, VAL == round);
			WRITE_ONCE(s->trying, round);
			lockref_get(&s->ref);
			WRITE_ONCE(s->done, round);
		}
	}
}

SELFTEST(lockref, who_counts_waits_for_the_lock, .min_cpus = 2)
{
	static struct stand s;

	__builtin_memset(&s, 0, sizeof(s));
	init(&s.ref, 1);
	test_on_cpus(2, hold_or_get, &s);
	EXPECT_EQ(s.moved, 0);
	EXPECT_EQ(s.ref.count, 51);
}

#define USES	50
#define USERS	4

struct shared_object {
	struct lockref ref;
	int used[USERS];		/* written by who has a reference, read by who has the last */
	int left;			/* rounds that the last one is through with */
	unsigned long unseen;
};

static void put_own(struct lockref *ref, bool count)
{
	if (count && lockref_put_return(ref) >= 0)
		return;
	if (!lockref_put_or_lock(ref))
		spin_unlock(&ref->lock);
}

static void use_and_put(unsigned int index, void *arg)
{
	struct shared_object *s = arg;
	unsigned int n = test_cpus(USERS);

	for (int round = 1; round <= USES; round++) {
		if (index > 0) {
			smp_cond_load_acquire(&s->left, VAL == round - 1);
			s->used[index] = round;
			put_own(&s->ref, index & 1);
			continue;
		}
		smp_cond_load_relaxed(&s->ref.count, VAL == 1);
		if (lockref_put_or_lock(&s->ref))
			s->unseen++;
		for (unsigned int i = 1; i < n; i++)
			s->unseen += s->used[i] != round;
		s->ref.count = (int)n;
		spin_unlock(&s->ref.lock);
		smp_store_release(&s->left, round);
	}
}

SELFTEST(lockref, the_last_sees_what_the_others_did, .min_cpus = 2)
{
	static struct shared_object s;

	__builtin_memset(&s, 0, sizeof(s));
	init(&s.ref, (int)test_cpus(USERS));
	test_on_cpus(test_cpus(USERS), use_and_put, &s);
	EXPECT_EQ(s.unseen, 0);
}
