/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Priority inversion, through each lock that a task may sleep with. Three tasks on one
 * CPU: L has the lock, H wants it, M only wants the CPU.
 *
 *	without lending			with
 *	L	has it			L	has it
 *	H	waits			H	waits, and L is as urgent as H
 *	M	runs as long as it	L	goes on, lets go
 *		likes			H	has it
 *	L	goes on, lets go	M	runs
 *	H	has it
 *
 *	who lends what H is		rt_mutex; with CONFIG_PREEMPT_RT mutex, ww_mutex, rw_semaphore
 *					to its writer
 *	who cannot			a wait queue, which has no owner; rw_semaphore to its
 *					readers, who are not known
 *
 * Nothing depends on time: M counts its turns until H has the lock, or for M_TICKS of its
 * own CPU. The times are noted, not judged.
 */
#include "sched_test.h"
#include <kernel/bug.h>
#include <kernel/wait.h>
#include <locking/mutex.h>
#include <locking/rt_mutex.h>
#include <locking/rwsem.h>
#include <locking/ww_mutex.h>

#define RT		IS_ENABLED(CONFIG_PREEMPT_RT)
#define M_TICKS		5	/* how long M runs, if nobody stops it */

static DECLARE_WAIT_QUEUE_HEAD(queue);
static bool queue_held;
static DEFINE_RT_MUTEX(rt_mutex);
static DEFINE_MUTEX(mutex);
static DEFINE_WW_CLASS(ww_class);
static struct ww_mutex ww;
static struct ww_acquire_ctx low_ctx, high_ctx;
static DECLARE_RWSEM(sem);

static void take_queue(void) { wait_event(queue, !xchg(&queue_held, true)); }
static void give_queue(void)
{
	smp_store_release(&queue_held, false);
	wake_up(&queue);
}

static void take_rt_mutex(void) { rt_mutex_lock(&rt_mutex); }
static void give_rt_mutex(void) { rt_mutex_unlock(&rt_mutex); }
static void take_mutex(void) { mutex_lock(&mutex); }
static void give_mutex(void) { mutex_unlock(&mutex); }
static void take_to_write(void) { down_write(&sem); }
static void give_to_write(void) { up_write(&sem); }
static void take_to_read(void) { down_read(&sem); }
static void give_to_read(void) { up_read(&sem); }

static void take_ww(struct ww_acquire_ctx *ctx)
{
	ww_acquire_init(ctx, &ww_class);
	WARN_ON(ww_mutex_lock(&ww, ctx));
}

static void give_ww(struct ww_acquire_ctx *ctx)
{
	ww_mutex_unlock(&ww);
	ww_acquire_fini(ctx);
}

static void take_ww_low(void) { take_ww(&low_ctx); }
static void give_ww_low(void) { give_ww(&low_ctx); }
static void take_ww_high(void) { take_ww(&high_ctx); }
static void give_ww_high(void) { give_ww(&high_ctx); }

/* How L takes it, how H does, and whether H lends. */
struct way {
	const char *name;
	bool lends;
	void (*take_low)(void), (*give_low)(void), (*take_high)(void), (*give_high)(void);
};

static struct inversion {
	const struct way *way;
	struct task_struct *low, *middle, *high;
	unsigned int cpu;
	bool low_has, high_tries;
	/* results */
	u64 middle_turns;
	bool middle_done, high_has;
	u64 turns_before_high;		/* M's, when H got the lock */
	bool middle_was_done;
	u64 waited_ns;
} inv;

/* H waits: it has lent what it is, or if it does not lend has left the CPU. */
static bool high_waits(void)
{
	if (inv.way->lends)
		return task_prio(current) == task_prio(inv.high);
	return !READ_ONCE(inv.high->on_rq) && !READ_ONCE(inv.high->on_cpu);
}

static int low_holds(void *unused)
{
	inv.way->take_low();
	WRITE_ONCE(inv.low_has, true);
	while (!READ_ONCE(inv.high_tries) || !high_waits()) {
		cpu_relax();
		cond_resched();		/* for preempt=none */
	}
	inv.way->give_low();
	return 0;
}

static int middle_runs(void *unused)
{
	u64 end = tick_count_cpu(inv.cpu) + M_TICKS;

	do {
		WRITE_ONCE(inv.middle_turns, inv.middle_turns + 1);
		cpu_relax();
		cond_resched();
	} while (!READ_ONCE(inv.high_has) && tick_count_cpu(inv.cpu) < end);
	WRITE_ONCE(inv.middle_done, true);
	return 0;
}

static int high_wants(void *unused)
{
	u64 begin = ktime_get_ns();

	WRITE_ONCE(inv.high_tries, true);
	inv.way->take_high();
	inv.turns_before_high = READ_ONCE(inv.middle_turns);
	inv.middle_was_done = READ_ONCE(inv.middle_done);
	inv.waited_ns = ktime_get_ns() - begin;
	WRITE_ONCE(inv.high_has, true);
	inv.way->give_high();
	return 0;
}

/* We are the most urgent of all on that CPU: what we wake runs when we sleep. */
static bool let_them_meet(struct selftest *t, const struct way *way)
{
	unsigned int cpu = num_online_cpus() - 1;

	inv = (struct inversion){ .way = way, .cpu = cpu };
	inv.low = test_thread_on(low_holds, NULL, cpu, "low");
	inv.middle = test_thread_on(middle_runs, NULL, cpu, "middle");
	inv.high = test_thread_on(high_wants, NULL, cpu, "high");
	if (!EXPECT(inv.low && inv.middle && inv.high))
		return false;
	test_set_fifo(inv.low, SCHED_FIFO, 10);
	test_set_fifo(inv.middle, SCHED_FIFO, 20);
	test_set_fifo(inv.high, SCHED_FIFO, 30);
	EXPECT_EQ(set_cpus_allowed_ptr(current, cpumask_of(cpu)), 0);
	test_set_fifo(current, SCHED_FIFO, 90);

	wake_up_process(inv.low);
	EXPECT_SOON(READ_ONCE(inv.low_has));
	wake_up_process(inv.high);
	wake_up_process(inv.middle);
	EXPECT_SOON(READ_ONCE(inv.high_has) && READ_ONCE(inv.middle_done));
	test_set_normal();
	kthread_stop_put(inv.low);
	kthread_stop_put(inv.middle);
	kthread_stop_put(inv.high);
	return true;
}

static void invert(struct selftest *t, const struct way *way)
{
	if (!let_them_meet(t, way))
		return;
	EXPECT_EQ(inv.middle_was_done, !way->lends);
	EXPECT_EQ(inv.turns_before_high > 0, !way->lends);
	selftest_note(t, "%s, %s: waited %llu us, M ran %llu turns meanwhile", way->name,
		      way->lends ? "lends" : "does not lend", inv.waited_ns / 1000,
		      inv.turns_before_high);
}

SELFTEST(inversion, without_an_owner_a_third_task_delays_the_urgent_one, .timeout_ms = 30000)
{
	static const struct way way = {
		"wait queue", false, take_queue, give_queue, take_queue, give_queue
	};

	queue_held = false;
	invert(t, &way);
}

SELFTEST(inversion, through_an_rt_mutex_it_does_not_run_at_all, .timeout_ms = 30000)
{
	static const struct way way = {
		"rt_mutex", true, take_rt_mutex, give_rt_mutex, take_rt_mutex, give_rt_mutex
	};

	invert(t, &way);
}

SELFTEST(inversion, through_a_mutex_only_with_preempt_rt_not, .timeout_ms = 30000)
{
	static const struct way way = {
		"mutex", RT, take_mutex, give_mutex, take_mutex, give_mutex
	};

	invert(t, &way);
}

SELFTEST(inversion, through_a_ww_mutex_only_with_preempt_rt_not, .timeout_ms = 30000)
{
	static const struct way way = {
		"ww_mutex", RT, take_ww_low, give_ww_low, take_ww_high, give_ww_high
	};

	ww_mutex_init(&ww, &ww_class);
	invert(t, &way);
}

SELFTEST(inversion, through_a_rw_semaphore_a_writer_is_lent_to, .timeout_ms = 30000)
{
	static const struct way ways[] = {
		{ "rw_semaphore, two writers", RT,
		  take_to_write, give_to_write, take_to_write, give_to_write },
		{ "rw_semaphore, a reader waits", RT,
		  take_to_write, give_to_write, take_to_read, give_to_read },
		{ "rw_semaphore, a writer waits for a reader", false,
		  take_to_read, give_to_read, take_to_write, give_to_write },
	};

	for (size_t i = 0; i < ARRAY_SIZE(ways); i++)
		invert(t, &ways[i]);
}
