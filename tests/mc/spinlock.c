/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Any spinlock of locks.def under the checker: N threads, each takes the lock
 * and adds one to a plain counter, ROUNDS times (the last thread; the others
 * once, so that a re-acquisition meets a queue that is being taken down, and
 * brings a node that was in it).
 *
 * What it shows: mutual exclusion (the counter is right, no access of it
 * races), no execution in which a waiter waits for ever, trylock (with TRY,
 * the last thread tries instead of waiting).
 *
 * Built with -DLOCK=name -DN=threads [-DROUNDS=n] [-DTRY].
 */
#include <locking/lock_ops.h>
#include <locking/port.h>

#include <string.h>

#ifndef N
#define N 3
#endif
#ifndef ROUNDS
#define ROUNDS 1
#endif

static union any_lock the_lock;
static union any_lock_node nodes[N];
static u32 counter;
static unsigned int given_up;

static const struct lock_ops *const ops = &CONCATENATE(LOCK, _lock_ops);

static void setup(void)
{
	given_up = 0;
	/* What an algorithm keeps in its own node without telling anyone. */
	memset(nodes, 0, sizeof(nodes));
}

static void add_one(void)
{
	u32 seen = PLAIN_READ(counter);

	PLAIN_WRITE(counter, seen + 1);
}

static void thread(unsigned int t)
{
	unsigned int rounds = t == N - 1 ? ROUNDS : 1;

	for (unsigned int i = 0; i < rounds; i++) {
		if (IS_ENABLED(TRY) && ops->trylock && t == N - 1) {
			if (!ops->trylock(&the_lock, &nodes[t])) {
				given_up++;
				continue;
			}
		} else {
			ops->lock(&the_lock, &nodes[t]);
		}
		add_one();
		ops->unlock(&the_lock, &nodes[t]);
	}
}

static void final(void)
{
	mc_assert(mc_final(&counter) == N - 1 + ROUNDS - given_up);
}

/* With one round and no trylock, no thread is special. */
static unsigned int kind(unsigned int t)
{
	return (ROUNDS > 1 || IS_ENABLED(TRY)) && t == N - 1;
}

struct mc_client mc_client = {
	.name = __stringify(LOCK), .nr_threads = N,
	.setup = setup, .thread = thread, .final = final,
	.kind = kind, .areas = { { nodes, sizeof(nodes[0]) } },
};
