/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The optimistic spin queue under the checker: threads that count under it, the
 * last IMPATIENT of them leaving the queue as soon as they have to wait.
 *
 * KEEP: thread 0 never gives it back, and the others still come out.
 *
 * What it shows: mutual exclusion, also past leavers in every place; no waiter is
 * forgotten; the queue is empty in the end.
 *
 * Built with -DN=threads -DIMPATIENT=n [-DKEEP].
 */
#include <locking/osq_lock.h>
#include <locking/port.h>

static struct optimistic_spin_queue lock;
static u32 counter;
static u32 got[N];

static void setup(void)
{
	for (unsigned int t = 0; t < N; t++)
		port_check_resched[t] = t >= N - IMPATIENT;
}

static void thread(unsigned int t)
{
	if (!osq_lock(&lock))
		return;
	PLAIN_WRITE(counter, PLAIN_READ(counter) + 1);
	if (!IS_ENABLED(KEEP) || t > 0)
		osq_unlock(&lock);
	WRITE_ONCE(got[t], 1);
}

static void final(void)
{
	u32 sum = 0;

	for (unsigned int t = 0; t < N; t++)
		sum += (u32)mc_final(&got[t]);
	mc_assert(mc_final(&counter) == sum);
	mc_assert(sum >= N - IMPATIENT);
	mc_assert((mc_final(&lock.tail.counter) == OSQ_UNLOCKED_VAL) == !IS_ENABLED(KEEP));
}

static unsigned int kind(unsigned int t)
{
	return IS_ENABLED(KEEP) && t == 0 ? 2 : t < N - IMPATIENT;
}

struct mc_client mc_client = {
	.name = "osq", .nr_threads = N, .setup = setup, .thread = thread, .final = final,
	.kind = kind, .areas = { { got, sizeof(got[0]) } },
};
