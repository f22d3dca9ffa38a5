/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * rwbase_rt under the checker: writers add one to two words, readers compare them.
 *
 *	WRITERS=n	the first n threads write, the others read
 *	READ		the last one, a reader, holds it when all begin
 *	DOWNGRADE	writers go on as readers
 *	TRY		thread 0 tries only
 *	INTR		thread 0, a writer, waits interruptibly; the last one interrupts it first
 *	STAY		and wakes it for nothing before that, and stays a reader
 *
 * What it shows: no reader sees half a section, no section is lost, nobody sleeps for
 * ever, the door is open in the end. The waiters' trees are no events, as in rt_mutex.c.
 *
 * Built with -DN=threads -DWRITERS=n and these; STATE: how they wait.
 */
#include <locking/rt_mutex_waiter.h>
#include <locking/rwbase_rt.h>

#ifndef STATE
#define STATE TASK_UNINTERRUPTIBLE
#endif

static struct rwbase_rt rwb;
static u32 a, b, wrote[N];

static void setup(void)
{
	rwbase_init(&rwb);
	if (IS_ENABLED(READ))
		rwb.readers.counter = RWBASE_READER_BIAS + 1;
}

static void compare(void)
{
	u32 first = PLAIN_READ(a), second = PLAIN_READ(b);

	mc_assert(first == second);
}

static bool get_to_write(unsigned int t)
{
	if (IS_ENABLED(TRY) && t == 0)
		return rwbase_write_trylock(&rwb);
	return !rwbase_write_lock(&rwb, IS_ENABLED(INTR) && t == 0 ? TASK_INTERRUPTIBLE : STATE);
}

static void write_words(unsigned int t)
{
	WRITE_ONCE(wrote[t], 0);
	if (!get_to_write(t))
		return;
	PLAIN_WRITE(a, PLAIN_READ(a) + 1);
	PLAIN_WRITE(b, PLAIN_READ(b) + 1);
	WRITE_ONCE(wrote[t], 1);
	if (IS_ENABLED(DOWNGRADE)) {
		rwbase_write_downgrade(&rwb);
		compare();
		rwbase_read_unlock(&rwb, STATE);
	} else {
		rwbase_write_unlock(&rwb);
	}
}

static void thread(unsigned int t)
{
	if (IS_ENABLED(STAY) && t == N - 1)
		wake_up_process(&port_tasks[0]);
	if (IS_ENABLED(INTR) && t == N - 1)
		kthread_interrupt(&port_tasks[0]);
	if (IS_ENABLED(STAY) && t == N - 1)
		return;
	if (t < WRITERS) {
		write_words(t);
		return;
	}
	if (!IS_ENABLED(READ) || t != N - 1)
		(void)rwbase_read_lock(&rwb, STATE);
	compare();
	rwbase_read_unlock(&rwb, IS_ENABLED(INTR) ? TASK_INTERRUPTIBLE : STATE);
}

static void final(void)
{
	u32 sum = 0;

	for (unsigned int t = 0; t < WRITERS; t++)
		sum += (u32)mc_final(&wrote[t]);
	mc_assert(mc_final(&a) == sum && mc_final(&b) == sum);
	mc_assert(IS_ENABLED(INTR) || IS_ENABLED(TRY) || sum == WRITERS);
	mc_assert(!IS_ENABLED(STAY) || !sum);
	mc_assert((int)mc_final(&rwb.readers.counter) == RWBASE_READER_BIAS + IS_ENABLED(STAY));
	mc_assert(!mc_final(&rwb.rtmutex.owner) && !rb_first_cached(&rwb.rtmutex.waiters));
	for (unsigned int t = 0; t < N; t++)
		mc_assert(mc_final(&port_tasks[t].__state) == TASK_RUNNING);
}

struct mc_client mc_client = {
	.name = "rwbase_rt", .nr_threads = N, .setup = setup, .thread = thread, .final = final,
};
