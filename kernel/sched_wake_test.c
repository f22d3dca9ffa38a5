/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Wake-ups under load: none is lost, none is made up. Two tasks hand a turn to and fro,
 * many wake one, and interrupts come between a sleeper's test and its sleep.
 *
 * A stress case goes on for STRESS_NS; it is bounded, and asserts counts only.
 */
#include "sched.h"
#include "sched_test.h"
#include <locking/atomic.h>
#include <kernel/bug.h>
#include <kernel/ipi.h>
#include <kernel/mm.h>
#include <kernel/percpu.h>

/* ---- ping-pong ---------------------------------------------------------------- */

/* How long a stress test goes on: it must be bounded however slowly the vCPUs run. */
#define STRESS_NS	(200 * (u64)NSEC_PER_MSEC)
#define MIN_ROUNDS	10
#define MAX_ROUNDS	2000

struct table {
	struct task_struct *player[2];
	int turn;			/* whose; written by the one whose turn it was */
	bool over;			/* written by ping in its turn */
	u64 end;
	unsigned int rounds;		/* ping's */
	atomic_t done;
};

static int play(struct table *g, int me)
{
	bool over;

	do {
		for (;;) {
			set_current_state(TASK_UNINTERRUPTIBLE);
			if (READ_ONCE(g->turn) == me)
				break;
			schedule();
		}
		__set_current_state(TASK_RUNNING);
		if (me == 0 && ++g->rounds >= MIN_ROUNDS &&
		    (g->rounds == MAX_ROUNDS || local_clock() > g->end))
			g->over = true;
		over = g->over;
		WRITE_ONCE(g->turn, !me);
		wake_up_process(g->player[!me]);
	} while (!over);
	atomic_inc(&g->done);
	return 0;
}

static int ping(void *arg)
{
	return play(arg, 0);
}

static int pong(void *arg)
{
	return play(arg, 1);
}

static void start_table(struct table *g, int cpu0, int cpu1)
{
	*g = (struct table){ .end = local_clock() + STRESS_NS };
	g->player[0] = test_thread(ping, g, "ping");
	g->player[1] = test_thread(pong, g, "pong");
	if (WARN_ON(!g->player[0] || !g->player[1]))
		return;
	if (cpu0 >= 0)
		kthread_bind(g->player[0], cpu0);
	if (cpu1 >= 0)
		kthread_bind(g->player[1], cpu1);
	wake_up_process(g->player[0]);
	wake_up_process(g->player[1]);
}

static void end_table(struct selftest *t, struct table *g)
{
	EXPECT_SOON(atomic_read(&g->done) == 2);
	EXPECT(g->rounds >= MIN_ROUNDS);
	put_task_struct(g->player[0]);
	put_task_struct(g->player[1]);
}

SELFTEST(sched, ping_pong_on_one_cpu_loses_no_wakeup)
{
	struct table g;

	start_table(&g, 0, 0);
	end_table(t, &g);
}

SELFTEST(sched, ping_pong_between_cpus_loses_no_wakeup, .min_cpus = 2, .timeout_ms = 30000)
{
	unsigned int n = num_online_cpus(), cpu;

	for (cpu = 1; cpu < n; cpu = cpu < 4 ? cpu + 1 : 2 * cpu) {
		struct table g;

		start_table(&g, cpu - 1, cpu);
		end_table(t, &g);
	}
}

SELFTEST(sched, ping_pong_by_all_loses_no_wakeup, .timeout_ms = 60000)
{
	unsigned int tables = num_online_cpus(), i;
	struct table *g = kcalloc(tables, sizeof(*g), GFP_KERNEL);

	if (!EXPECT(g))
		return;
	for (i = 0; i < tables; i++)
		start_table(&g[i], -1, -1);
	for (i = 0; i < tables; i++)
		end_table(t, &g[i]);
	kfree(g);
}

/* ---- many wakers, one sleeper ---------------------------------------------------- */

static struct task_struct *sleeper;
static atomic_t tokens, consumed, sent, wakers;
static u64 wakers_end;

static int consume(void *unused)
{
	while (!kthread_should_stop()) {
		int n;

		set_current_state(TASK_INTERRUPTIBLE);
		n = atomic_xchg(&tokens, 0);
		if (n || kthread_should_stop()) {
			__set_current_state(TASK_RUNNING);
			atomic_add(n, &consumed);
			continue;
		}
		schedule();
	}
	return 0;
}

static int produce(void *unused)
{
	do {
		atomic_inc(&sent);
		atomic_inc(&tokens);
		wake_up_process(sleeper);
	} while (local_clock() < wakers_end);
	atomic_dec(&wakers);
	return 0;
}

/* The wait for the last token must not be helped by a later wake-up. */
SELFTEST(sched, many_wakers_and_a_sleeper_lose_no_wakeup, .timeout_ms = 30000)
{
	unsigned int cpu;

	atomic_set(&tokens, 0);
	atomic_set(&consumed, 0);
	atomic_set(&sent, 0);
	atomic_set(&wakers, num_online_cpus());
	wakers_end = local_clock() + STRESS_NS;
	sleeper = test_thread(consume, NULL, "sleeper");
	if (!EXPECT(sleeper))
		return;
	wake_up_process(sleeper);
	for_each_online_cpu(cpu) {
		struct task_struct *p = kthread_run_on_cpu(produce, NULL, cpu, "waker/%u");

		EXPECT(!IS_ERR(p));
	}
	EXPECT_SOON(!atomic_read(&wakers) && atomic_read(&consumed) == atomic_read(&sent));
	EXPECT_EQ(kthread_stop_put(sleeper), 0);
}

static void wake_from_interrupt(void *arg)
{
	atomic_inc(&tokens);
	wake_up_process(arg);
}

/* Each interrupt comes to the sleeper's own CPU, anywhere between its test and its sleep. */
SELFTEST(sched, wakeups_from_interrupts_are_not_lost, .min_cpus = 2, .timeout_ms = 30000)
{
	u64 end = local_clock() + STRESS_NS;
	int n = 0;

	atomic_set(&tokens, 0);
	atomic_set(&consumed, 0);
	sleeper = test_thread_on(consume, NULL, 1, "sleeper");
	if (!EXPECT(sleeper))
		return;
	WARN_ON(set_cpus_allowed_ptr(current, cpumask_of(0)));
	wake_up_process(sleeper);
	do {
		smp_call_function_single(1, wake_from_interrupt, sleeper, false);
		if (++n % 8 == 0 && !EXPECT_SOON(atomic_read(&consumed) == n))
			break;
	} while (n < 500 && local_clock() < end);
	EXPECT_SOON(atomic_read(&consumed) == n);
	EXPECT_EQ(kthread_stop_put(sleeper), 0);
	test_set_normal();
}
