/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Kinds of load: threads, timers, ipis, alloc, locks, work.
 *
 *	threads	a kthread is made, runs on any CPU, is stopped; its result must arrive
 *	timers	a coarse and a high-resolution timer; neither may fire early
 *	ipis	a call to a CPU chosen at random; it must run there, once
 *	alloc	objects and pages of all sizes; each must hold what was written to it
 *	locks	two counters under one spinlock, read together by all; they must agree
 *	work	a work item on a CPU chosen at random; flushed, it must have run
 */
#include <base/string.h>
#include <locking/spinlock.h>
#include <kernel/cpumask.h>
#include <kernel/hrtimer.h>
#include <kernel/ipi.h>
#include <kernel/kthread.h>
#include <kernel/mm.h>
#include <kernel/sched.h>
#include <kernel/stress.h>
#include <kernel/timer.h>
#include <kernel/workqueue.h>

u32 stress_random(struct stress_worker *w)
{
	w->random ^= w->random << 13;
	w->random ^= w->random >> 7;
	w->random ^= w->random << 17;
	return (u32)(w->random >> 16);
}

static unsigned int random_cpu(struct stress_worker *w)
{
	unsigned int cpu, nth = stress_random(w) % num_online_cpus();

	for_each_online_cpu(cpu)
		if (!nth--)
			return cpu;
	return 0;
}

/* ---- threads ----------------------------------------------------------------------- */

static int wait_for_stop(void *data)
{
	set_current_state(TASK_INTERRUPTIBLE);
	while (!kthread_should_stop()) {
		schedule();
		set_current_state(TASK_INTERRUPTIBLE);
	}
	__set_current_state(TASK_RUNNING);
	return (int)(long)data;
}

static bool one_thread(struct stress_worker *w)
{
	int answer = (int)(stress_random(w) & 0xffff);
	struct task_struct *p;
	int ret;

	p = kthread_run(wait_for_stop, (void *)(long)answer, "stress-thread");
	if (IS_ERR(p))
		return false;
	if (answer & 1)
		yield();
	ret = kthread_stop(p);
	/* Stopped before it ran, it has no result. */
	return ret == answer || ret == -EINTR;
}

/* ---- timers ------------------------------------------------------------------------ */

static bool one_timer(struct stress_worker *w)
{
	unsigned long until = jiffies + 1 + stress_random(w) % 3;
	ktime_t expires = ktime_get() + 10000 + stress_random(w) % 1000000;
	bool early, stopped;

	set_current_state(TASK_UNINTERRUPTIBLE);
	schedule_hrtimeout(&expires, HRTIMER_MODE_ABS);
	early = ktime_get() < expires;
	stopped = kthread_should_stop();	/* that wakes, too */
	while (time_before(jiffies, until))
		schedule_timeout_uninterruptible((long)(until - jiffies));
	return !early || stopped;
}

/* ---- ipis -------------------------------------------------------------------------- */

struct ipi_check {
	unsigned int runs, cpu;
};

static void count_ipi(void *arg)
{
	struct ipi_check *c = arg;

	c->runs++;
	c->cpu = smp_processor_id();
}

static bool one_ipi(struct stress_worker *w)
{
	struct ipi_check check = { 0 };
	unsigned int cpu = random_cpu(w);

	return !smp_call_function_single(cpu, count_ipi, &check, true) && check.runs == 1 &&
	       check.cpu == cpu;
}

/* ---- alloc ------------------------------------------------------------------------- */

static bool free_object(struct stress_worker *w, unsigned int i)
{
	unsigned char *p = w->objects[i].p;
	bool ok = !p || !memchr_inv(p, (int)(w->cpu + i) & 0xff, w->objects[i].size);

	kfree(p);
	w->objects[i].p = NULL;
	return ok;
}

static bool one_alloc(struct stress_worker *w)
{
	unsigned int i = stress_random(w) % STRESS_OBJECTS;
	size_t size = 1 + (stress_random(w) & ((1U << stress_random(w) % 15) - 1));
	bool ok = free_object(w, i);

	w->objects[i].p = kmalloc(size, GFP_KERNEL | __GFP_NOWARN);
	w->objects[i].size = size;
	if (w->objects[i].p)
		memset(w->objects[i].p, (int)(w->cpu + i) & 0xff, size);
	return ok;
}

static bool end_alloc(struct stress_worker *w)
{
	bool ok = true;

	for (unsigned int i = 0; i < STRESS_OBJECTS; i++)
		ok &= free_object(w, i);
	return ok;
}

/* ---- locks ------------------------------------------------------------------------- */

static DEFINE_SPINLOCK(counters_lock);
static u64 counters[2];			/* counters_lock: always equal outside it */

static bool one_lock(struct stress_worker *w)
{
	bool equal;

	spin_lock(&counters_lock);
	equal = counters[0]++ == counters[1];
	barrier();
	counters[1]++;
	spin_unlock(&counters_lock);
	return equal;
}

/* ---- work -------------------------------------------------------------------------- */

struct work_check {
	struct work_struct work;
	unsigned int runs;
};

static void count_work(struct work_struct *work)
{
	container_of(work, struct work_check, work)->runs++;
}

static bool one_work(struct stress_worker *w)
{
	struct work_check check = { .runs = 0 };
	bool ok;

	INIT_WORK_ONSTACK(&check.work, count_work);
	ok = queue_work_on(random_cpu(w), system_wq, &check.work);
	flush_work(&check.work);
	return ok && check.runs == 1;
}

const struct stress_kind stress_kinds[] = {
	{ "threads", "kthreads made and stopped", one_thread, NULL },
	{ "timers", "sleeps on both kinds of timer", one_timer, NULL },
	{ "ipis", "calls to other CPUs", one_ipi, NULL },
	{ "alloc", "objects filled and checked", one_alloc, end_alloc },
	{ "locks", "turns at one spinlock", one_lock, NULL },
	{ "work", "work items on other CPUs", one_work, NULL },
};

const unsigned int nr_stress_kinds = ARRAY_SIZE(stress_kinds);
