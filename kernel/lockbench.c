/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A contest: a task on each of some CPUs takes one lock as often as it can.
 *
 *	contestant, CPU n				data
 *	acquire
 *	after another CPU: now - stamp is a hand-over	handovers, ns, worst
 *	the section: loops
 *	stamp = now, holder = n				stamp, holder
 *	release
 *
 *	lockbench_data	written by the holder; a line of its own, which a model of
 *			caches can leave out: it is what the lock guards, not the lock
 *	over		set by the first who sees that the time is up; nothing counts
 *			after it, but who waits gets the lock once more
 *
 * With host threads (-accel tcg) a loop is an instruction or two, and what is
 * measured is real time. In the deterministic run mode one host thread runs the
 * CPUs in turn, each until it pauses, so a section without a pause would never be
 * seen from outside. There a loop is cpu_relax(): each other CPU runs until it waits
 * once. Interrupts are off then, so that nothing but the lock is counted, unless the
 * lock is one that sleeps.
 *
 * Which locks there are and how each is taken is torture_types.c's. Of four
 * acquisitions of a read-write lock three read.
 */
#include <base/errno.h>
#include <kernel/cpumask.h>
#include <kernel/kthread.h>
#include <kernel/lockbench.h>
#include <kernel/mm.h>
#include <kernel/sched.h>
#include <kernel/timer.h>

struct lockbench_data {
	unsigned long written;
	u64 stamp;
	unsigned int holder;
	unsigned long handovers;
	u64 handover_ns;
	u64 worst_ns;
} ____cacheline_aligned;

/* Not static: looked up in the image, by name. */
extern struct lockbench_data lockbench_data;
struct lockbench_data lockbench_data;

struct contestant {
	struct contest *c;
	unsigned int index;
	unsigned long acquired, written;
} ____cacheline_aligned;

struct contest {
	struct torture_lock lock;
	struct lockbench_contest *asked;
	u64 begin, end;
	atomic_t ready ____cacheline_aligned;
	atomic_t done ____cacheline_aligned;
	bool go ____cacheline_aligned;
	atomic_t over ____cacheline_aligned;
	struct contestant who[];
};

static void section_begin(struct contestant *me)
{
	struct lockbench_data *d = &lockbench_data;
	u64 ns;

	if (!d->stamp || d->holder == me->index)
		return;
	ns = local_clock() - d->stamp;
	d->handovers++;
	d->handover_ns += ns;
	d->worst_ns = max(d->worst_ns, ns);
}

static void section_end(struct contestant *me)
{
	struct lockbench_data *d = &lockbench_data;

	d->written++;
	me->written++;
	d->holder = me->index;
	d->stamp = local_clock();
}

static void work(const struct lockbench_contest *asked)
{
	for (unsigned int i = 0; i < asked->loops; i++) {
		if (asked->turns)
			cpu_relax();
		else
			barrier();
	}
}

static void compete_once(struct contest *c, struct contestant *me, struct torture_grip *g)
{
	const struct torture_type *type = c->asked->type;

	g->cpu = raw_smp_processor_id();
	g->read = type->readers && me->acquired % 4;
	if (g->read && type->read) {
		me->acquired += type->read(g);
		return;
	}
	if (!type->acquire(g))
		return;
	if (!g->read && !atomic_read(&c->over)) {
		section_begin(me);
		work(c->asked);
		section_end(me);
	} else {
		work(c->asked);
	}
	if (!atomic_read(&c->over))
		me->acquired++;
	type->release(g);
}

static void wait_for_start(struct contest *c)
{
	if (atomic_inc_return(&c->ready) == (int)c->asked->cpus) {
		c->begin = local_clock();
		c->end = c->begin + c->asked->ms * 1000000ULL;
		WRITE_ONCE(lockbench_mark.begin, 0);
		/* lockbench/A: pairs with itself */
		smp_store_release(&c->go, true);
		return;
	}
	/* lockbench/A: pairs with itself */
	while (!smp_load_acquire(&c->go)) {
		cpu_relax();
		cond_resched();
	}
}

static void time_is_up(struct contest *c)
{
	if (atomic_read(&c->over) || atomic_xchg(&c->over, 1))
		return;
	WRITE_ONCE(lockbench_mark.end, 0);
	c->asked->ns = local_clock() - c->begin;
}

/* In a real-time kernel only the algorithms and raw locks spin. */
static bool may_sleep(const struct torture_type *type)
{
	return type->sleeps || (IS_ENABLED(CONFIG_PREEMPT_RT) && !type->ops);
}

static int contestant_thread(void *arg)
{
	struct contestant *me = arg;
	struct contest *c = me->c;
	const struct lockbench_contest *asked = c->asked;
	bool quiet = asked->turns && !may_sleep(asked->type);
	struct torture_grip g = {
		.l = &c->lock, .ops = asked->type->ops, .ctx = CTX_TASK, .shared = quiet,
	};
	unsigned long flags = 0;

	wait_for_start(c);
	if (quiet)
		local_irq_save(flags);
	while (local_clock() < c->end) {
		compete_once(c, me, &g);
		if (asked->turns)
			cpu_relax();
		if (!quiet)
			cond_resched();
	}
	time_is_up(c);
	if (quiet)
		local_irq_restore(flags);
	/* lockbench/B: pairs with lockbench_contest() */
	(void)atomic_fetch_inc_release(&c->done);
	return 0;
}

/* Return: how many contestants there are now. */
static unsigned int start(struct contest *c)
{
	unsigned int cpu, n = 0;

	for_each_online_cpu(cpu) {
		if (n == c->asked->cpus)
			break;
		c->who[n] = (struct contestant){ .c = c, .index = n };
		if (IS_ERR(kthread_run_on_cpu(contestant_thread, &c->who[n], cpu, "lockbench/%u")))
			break;
		n++;
	}
	return n;
}

static int judge(const struct contest *c, struct lockbench_contest *result)
{
	const struct lockbench_data *d = &lockbench_data;
	unsigned long written = 0;

	result->least = ~0UL;
	result->most = result->acquired = 0;
	for (unsigned int i = 0; i < result->cpus; i++) {
		const struct contestant *w = &c->who[i];

		written += w->written;
		result->acquired += w->acquired;
		result->least = min(result->least, w->acquired);
		result->most = max(result->most, w->acquired);
	}
	result->handovers = d->handovers;
	result->handover_ns = d->handover_ns;
	result->worst_ns = d->worst_ns;
	return written == d->written ? 0 : -EIO;
}

int lockbench_contest(struct lockbench_contest *asked)
{
	struct contest *c = kzalloc(sizeof(*c) + asked->cpus * sizeof(c->who[0]), GFP_KERNEL);
	unsigned int started;
	int err;

	if (!c)
		return -ENOMEM;
	lockbench_data = (struct lockbench_data){ };
	torture_init_lock(&c->lock);
	c->asked = asked;
	started = start(c);
	if (started < asked->cpus) {
		/* Let those that are there go, and home at once. */
		atomic_set(&c->over, 1);
		WRITE_ONCE(c->go, true);
	}
	/* lockbench/B: pairs with contestant_thread() */
	while (atomic_read_acquire(&c->done) != (int)started)
		msleep(5);
	err = started < asked->cpus ? -ENOMEM : judge(c, asked);
	kfree(c);
	return err;
}
