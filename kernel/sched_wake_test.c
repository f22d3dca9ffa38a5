/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Wake-ups: none is lost, none is made up.
 */
#include "sched.h"
#include "sched_test.h"
#include <base/string.h>
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

/* ---- what a wake-up returns --------------------------------------------------------- */

static int sleep_once(void *state)
{
	set_current_state((unsigned int)(unsigned long)state);
	schedule();
	while (!kthread_should_stop())
		schedule_timeout_interruptible(1);
	return 7;
}

static struct task_struct *asleep_in(struct selftest *t, unsigned long state)
{
	struct task_struct *p = test_thread(sleep_once, (void *)state, "asleep");

	if (EXPECT(p)) {
		wake_up_process(p);
		EXPECT_SOON(task_state(p) == state && !READ_ONCE(p->on_rq));
	}
	return p;
}

SELFTEST(sched, a_wakeup_wakes_only_the_states_it_names)
{
	struct task_struct *p = asleep_in(t, TASK_UNINTERRUPTIBLE);

	EXPECT(!wake_up_state(p, TASK_INTERRUPTIBLE));
	EXPECT_EQ(task_state(p), TASK_UNINTERRUPTIBLE);
	EXPECT(wake_up_process(p));
	EXPECT_EQ(kthread_stop_put(p), 7);

	p = asleep_in(t, TASK_INTERRUPTIBLE);
	EXPECT(!wake_up_state(p, TASK_UNINTERRUPTIBLE));
	EXPECT(wake_up_state(p, TASK_INTERRUPTIBLE));
	EXPECT_EQ(kthread_stop_put(p), 7);
}

SELFTEST(sched, a_running_or_dead_task_cannot_be_woken)
{
	struct task_struct *p = asleep_in(t, TASK_INTERRUPTIBLE);

	EXPECT(!wake_up_process(current));
	EXPECT_EQ(kthread_stop(p), 7);
	EXPECT_SOON(task_state(p) == TASK_DEAD);
	EXPECT(!wake_up_process(p));
	EXPECT_EQ(task_state_char(p), 'X');
	put_task_struct(p);
}

SELFTEST(sched, a_task_that_set_its_state_and_is_woken_does_not_sleep)
{
	set_current_state(TASK_UNINTERRUPTIBLE);
	EXPECT(wake_up_process(current));
	schedule();
	EXPECT_EQ(get_current_state(), TASK_RUNNING);
}

SELFTEST(sched, a_preempted_task_keeps_its_state_and_comes_back)
{
	set_current_state(TASK_UNINTERRUPTIBLE);
	preempt_schedule_now();
	EXPECT_EQ(get_current_state(), TASK_UNINTERRUPTIBLE);
	__set_current_state(TASK_RUNNING);
}

SELFTEST(sched, sleeping_with_a_pending_interrupt_returns_at_once)
{
	kthread_interrupt(current);
	EXPECT(schedule_timeout_interruptible(100 * HZ) > 0);
	EXPECT(signal_pending(current));
	EXPECT(kthread_flush_signals());
	EXPECT(!signal_pending(current));

	kthread_interrupt(current);
	EXPECT_EQ(schedule_timeout_killable(1), 0);
	kthread_kill(current);
	EXPECT(schedule_timeout_killable(100 * HZ) > 0);
	kthread_flush_signals();
}

SELFTEST(sched, schedule_timeout_sleeps_its_time)
{
	unsigned long begin = jiffies;

	EXPECT_EQ(schedule_timeout_uninterruptible(3), 0);
	EXPECT(time_after_eq(jiffies, begin + 3));
	EXPECT_EQ(get_current_state(), TASK_RUNNING);
}

/* ---- a sleep within a sleep --------------------------------------------------------- */

struct two_sleeps {
	unsigned int state;		/* of the outer one */
	bool lock_free;			/* what the inner one waits for */
	bool inner_over, outer_over;	/* the task */
	unsigned int restored;		/* the task: its state after the inner one */
};

static int sleep_twice(void *arg)
{
	struct two_sleeps *s = arg;

	set_current_state(s->state);
	local_irq_disable();
	current_save_and_set_rtlock_wait_state();
	while (!READ_ONCE(s->lock_free)) {
		local_irq_enable();
		schedule_rtlock();
		local_irq_disable();
		if (READ_ONCE(s->lock_free))
			break;
		raw_spin_lock(&current->pi_lock);
		WRITE_ONCE(current->__state, TASK_RTLOCK_WAIT);
		raw_spin_unlock(&current->pi_lock);
	}
	current_restore_rtlock_saved_state();
	s->restored = get_current_state();
	local_irq_enable();
	WRITE_ONCE(s->inner_over, true);
	schedule();
	WRITE_ONCE(s->outer_over, true);
	return 0;
}

static struct task_struct *start_two_sleeps(struct selftest *t, struct two_sleeps *s)
{
	struct task_struct *p = test_thread(sleep_twice, s, "two sleeps");

	if (EXPECT(p)) {
		wake_up_process(p);
		EXPECT_SOON(task_state(p) == TASK_RTLOCK_WAIT && !READ_ONCE(p->on_rq));
	}
	return p;
}

static void free_lock(struct two_sleeps *s, struct task_struct *p)
{
	WRITE_ONCE(s->lock_free, true);
	wake_up_state(p, TASK_RTLOCK_WAIT);
}

SELFTEST(sched, a_wakeup_during_a_lock_wait_is_kept_for_the_sleep_beneath)
{
	struct two_sleeps s = { .state = TASK_INTERRUPTIBLE };
	struct task_struct *p = start_two_sleeps(t, &s);

	if (!p)
		return;
	EXPECT(!wake_up_state(p, TASK_UNINTERRUPTIBLE));
	EXPECT(wake_up_state(p, TASK_INTERRUPTIBLE));
	EXPECT(!wake_up_state(p, TASK_INTERRUPTIBLE));
	EXPECT_EQ(task_state(p), TASK_RTLOCK_WAIT);
	EXPECT(!READ_ONCE(s.inner_over));
	free_lock(&s, p);
	EXPECT_SOON(READ_ONCE(s.outer_over));
	EXPECT_EQ(s.restored, TASK_RUNNING);
	EXPECT_EQ(kthread_stop_put(p), 0);
}

SELFTEST(sched, a_lock_wait_gives_the_state_beneath_back)
{
	struct two_sleeps s = { .state = TASK_UNINTERRUPTIBLE };
	struct task_struct *p = start_two_sleeps(t, &s);

	if (!p)
		return;
	EXPECT(!wake_up_state(p, TASK_INTERRUPTIBLE));
	free_lock(&s, p);
	EXPECT_SOON(READ_ONCE(s.inner_over) && !READ_ONCE(p->on_rq));
	EXPECT_EQ(s.restored, TASK_UNINTERRUPTIBLE);
	EXPECT_EQ(task_state(p), TASK_UNINTERRUPTIBLE);
	EXPECT(!READ_ONCE(s.outer_over));
	EXPECT(wake_up_process(p));
	EXPECT_SOON(READ_ONCE(s.outer_over));
	EXPECT_EQ(kthread_stop_put(p), 0);
}
