/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The explorer against published numbers of executions: textbook forms of the
 * ticket lock and the MCS lock, as other checkers count them.
 *
 *	threads		2	3	4	5
 *	ticket		2	6	24	120
 *	MCS		6	66	1080	23640
 *
 * A count too low is an execution missed, too high is one made twice.
 *
 * Built with -DMCS or without, and -DN=threads. Figures: GenMC, and a prototype
 * of this explorer.
 */
#include <locking/port.h>

struct node {
	struct node *next;
	u64 ready;
};

static u32 next_ticket, now_serving;
static struct node *tail, nodes[N];
static u64 counter;

static void ticket_lock(void)
{
	u32 mine = port_fetch_add(relaxed, &next_ticket, 1);

	/* published/A: pairs with ticket_unlock() */
	smp_cond_load_acquire(&now_serving, VAL == mine);
}

static void ticket_unlock(void)
{
	u32 serving = READ_ONCE(now_serving);

	/* published/A: pairs with ticket_lock() */
	smp_store_release(&now_serving, serving + 1);
}

static void mcs_lock(struct node *me)
{
	struct node *prev;

	WRITE_ONCE(me->next, NULL);
	WRITE_ONCE(me->ready, 0);
	prev = __mc_value(&tail, mc_rmw(&tail, sizeof(tail), MC_XCHG, __mc_bits(me), MC_ACQ_REL));
	if (!prev)
		return;
	/* published/B: pairs with mcs_unlock() */
	smp_store_release(&prev->next, me);
	/* published/C: pairs with mcs_unlock() */
	smp_cond_load_acquire(&me->ready, VAL);
}

static void mcs_unlock(struct node *me)
{
	/* published/B: pairs with mcs_lock() */
	struct node *next = smp_load_acquire(&me->next), *seen = me;

	if (!next) {
		if (port_try_cmpxchg(release, &tail, &seen, NULL))
			return;
		/* published/B: pairs with mcs_lock() */
		next = smp_cond_load_acquire(&me->next, VAL);
	}
	/* published/C: pairs with mcs_lock() */
	smp_store_release(&next->ready, 1);
}

static void thread(unsigned int t)
{
	u64 seen;

	if (IS_ENABLED(MCS))
		mcs_lock(&nodes[t]);
	else
		ticket_lock();
	seen = PLAIN_READ(counter);
	PLAIN_WRITE(counter, seen + 1);
	if (IS_ENABLED(MCS))
		mcs_unlock(&nodes[t]);
	else
		ticket_unlock();
}

static void final(void)
{
	mc_assert(mc_final(&counter) == N);
}

static unsigned int kind(unsigned int t)
{
	return 0;
}

struct mc_client mc_client = {
	.name = IS_ENABLED(MCS) ? "published-mcs" : "published-ticket",
	.nr_threads = N, .thread = thread, .final = final,
	.kind = kind, .areas = { { nodes, sizeof(nodes[0]) } },
};
