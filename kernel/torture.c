/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Lock torture, the engine. What is taken how is torture_types.c's.
 *
 *	torture/N (a task on each CPU)		any CPU M, on top of whatever is there
 *	acquires, checks, delays, releases
 *	now and then: a call to M		softirq, hardirq or NMI:
 *						acquires, checks, delays, releases
 *	now and then: yields
 *
 * Locks that sleep are torture_sleep.c's: tasks that move, and are disturbed.
 *
 *	locks[ctx]		taken in that context only
 *	locks[NR_CONTEXTS]	taken in all: the shared one
 *	call[ctx] of a worker	its call under way	not used again until it is done
 *
 * With a number to reach, delays and sleeps are rare: where the host runs the CPUs
 * in turn (--accel tcg-single), each pause in a section is a round of all of them.
 *
 * An error is a second CPU inside, a count that a section lost, or data that a
 * section found half-changed. The first one ends the run.
 */
#include <base/errno.h>
#include <base/string.h>
#include <kernel/kthread.h>
#include <kernel/mm.h>
#include <kernel/sched.h>
#include <kernel/timer.h>
#include <kernel/torture.h>

struct worker {
	struct torture *t;
	struct task_struct *task;
	unsigned int cpu;
	u32 seed;
	unsigned long acquired;
	struct worker_call {
		struct context_call call;
		struct worker *w;
		enum context ctx;
		u32 seed;
	} calls[NR_CONTEXTS];
};

struct torture {
	const struct torture_type *type;
	struct torture_lock *locks;		/* NR_CONTEXTS + 1 */
	struct worker *workers;			/* nr_cpu_ids */
	unsigned long count;
	u64 begin, end;
	atomic_long_t acquired[NR_CONTEXTS];
	atomic_long_t written;			/* what the a's must add up to */
	atomic_long_t refused;
	atomic_long_t errors;
	atomic_t running;
	bool stop;
};

static u32 random(u32 *seed)
{
	*seed = *seed * 1664525 + 1013904223;
	return *seed >> 8;
}

static void delay(const struct torture *t, u32 r)
{
	unsigned int n = r % 256 == 0 ? 2000 : r % 16 == 0 ? 50 : r % 4;

	if (t->count)
		n = r % 1024 == 0 ? 50 : r % 8 == 0;
	while (n--)
		cpu_relax();
}

/* Inside the section; where that may be, now and then asleep. */
static void dwell(const struct torture *t, u32 r)
{
	if (t->type->sleeps && r % (t->count ? 8192 : 32) == 1)
		schedule_timeout_uninterruptible(1);
	else
		delay(t, r);
}

static void check_reader(struct torture *t, struct torture_lock *l, u32 r)
{
	unsigned long a = READ_ONCE(l->a);

	dwell(t, r);
	if (READ_ONCE(l->inside) || READ_ONCE(l->b) != a)
		atomic_long_inc(&t->errors);
}

static void check_writer(struct torture *t, struct torture_lock *l, u32 r)
{
	if (l->inside++ || l->a != l->b)
		atomic_long_inc(&t->errors);
	WRITE_ONCE(l->a, l->a + 1);
	dwell(t, r);
	WRITE_ONCE(l->b, l->b + 1);
	l->inside--;
	atomic_long_inc(&t->written);
}

/* One acquisition in context @ctx, of one lock or the other. Return: was there one? */
static bool acquire_once(struct torture *t, enum context ctx, u32 *seed)
{
	u32 r = random(seed);
	bool shared = t->type->sleeps || r & 1;
	struct torture_grip g = {
		.l = &t->locks[shared ? NR_CONTEXTS : ctx], .ops = t->type->ops,
		.ctx = ctx, .cpu = raw_smp_processor_id(), .shared = shared,
		.read = t->type->readers && (r >> 1) % 4, .variant = r >> 3,
	};

	if (g.read && t->type->read) {
		if (!t->type->read(&g))
			atomic_long_inc(&t->errors);
	} else {
		if (!t->type->acquire(&g)) {
			atomic_long_inc(&t->refused);
			return false;
		}
		if (g.read)
			check_reader(t, g.l, r >> 4);
		else
			check_writer(t, g.l, r >> 4);
		t->type->release(&g);
	}
	atomic_long_inc(&t->acquired[ctx]);
	return true;
}

/* In softirq, hardirq, NMI. */
static void acquire_in_context(void *arg)
{
	struct worker_call *c = arg;

	acquire_once(c->w->t, c->ctx, &c->seed);
}

static unsigned int random_cpu(u32 r)
{
	unsigned int cpu = r % nr_cpu_ids;

	while (!cpu_online(cpu))
		cpu = (cpu + 1) % nr_cpu_ids;
	return cpu;
}

static void call_someone(struct worker *w)
{
	u32 r = random(&w->seed);
	struct worker_call *c = &w->calls[CTX_SOFTIRQ + r % 3];

	/* context/A: pairs with run_calls() */
	if (!smp_load_acquire(&c->call.done))
		return;
	c->seed = r;
	c->call.done = false;
	if (run_in_context_async(c->ctx, random_cpu(r >> 4), &c->call))
		c->call.done = true;
}

static bool enough(const struct torture *t, const struct worker *w)
{
	return READ_ONCE(t->stop) || atomic_long_read(&t->errors) ||
	       (t->count && w->acquired >= t->count) || local_clock() >= t->end;
}

static int torture_thread(void *arg)
{
	struct worker *w = arg;
	struct torture *t = w->t;

	while (!enough(t, w)) {
		w->acquired += acquire_once(t, CTX_TASK, &w->seed);
		if (t->type->sleeps)
			kthread_flush_signals();
		else if (random(&w->seed) % 4 == 0)
			call_someone(w);
		if (random(&w->seed) % 64 == 0)
			yield();
		cond_resched();
	}
	for (int ctx = CTX_SOFTIRQ; ctx < NR_CONTEXTS; ctx++)
		/* context/A: pairs with run_calls() */
		while (!smp_load_acquire(&w->calls[ctx].call.done))
			cond_resched();
	/* torture/B: pairs with wait_for_workers() */
	(void)atomic_fetch_dec_release(&t->running);
	return 0;
}

static int start_workers(struct torture *t)
{
	unsigned int cpu;

	for_each_online_cpu(cpu) {
		struct worker *w = &t->workers[cpu];

		*w = (struct worker){ .t = t, .cpu = cpu, .seed = cpu * 77 + 1 };
		for (int ctx = 0; ctx < NR_CONTEXTS; ctx++)
			w->calls[ctx] = (struct worker_call){
				.call = { .fn = acquire_in_context, .arg = &w->calls[ctx],
					  .done = true },
				.w = w, .ctx = ctx,
			};
		w->task = t->type->sleeps ?
			kthread_create(torture_thread, w, "torture/%u", cpu) :
			kthread_create_on_cpu(torture_thread, w, cpu, "torture/%u");
		if (IS_ERR(w->task)) {
			w->task = NULL;
			return -ENOMEM;
		}
		get_task_struct(w->task);
		atomic_inc(&t->running);
		wake_up_process(w->task);
	}
	return 0;
}

/* Till all have ended; those that sleep are disturbed meanwhile. */
static void wait_for_workers(struct torture *t)
{
	u32 seed = 1;
	unsigned int cpu;

	/* torture/B: pairs with torture_thread() */
	while (atomic_read_acquire(&t->running)) {
		struct task_struct *p = t->workers[random_cpu(random(&seed))].task;

		if (t->type->sleeps && p)
			torture_disturb(p, random(&seed));
		msleep(t->type->sleeps ? 1 : 10);
	}
	for_each_online_cpu(cpu)
		if (t->workers[cpu].task)
			put_task_struct(t->workers[cpu].task);
}

static int judge(struct torture *t, struct torture_result *result)
{
	unsigned long a = 0;
	unsigned int cpu;
	int err = 0;

	for (int i = 0; i <= NR_CONTEXTS; i++)
		a += t->locks[i].a;
	if (a != (unsigned long)atomic_long_read(&t->written))
		atomic_long_inc(&t->errors);
	*result = (struct torture_result){ .least = ~0UL,
		.refused = atomic_long_read(&t->refused),
		.ns = local_clock() - t->begin };
	for (int ctx = 0; ctx < NR_CONTEXTS; ctx++)
		result->acquired[ctx] = atomic_long_read(&t->acquired[ctx]);
	for_each_online_cpu(cpu) {
		result->least = min(result->least, t->workers[cpu].acquired);
		result->most = max(result->most, t->workers[cpu].acquired);
	}
	result->errors = atomic_long_read(&t->errors);
	if (result->errors)
		err = -EIO;
	else if (t->count && result->least < t->count)
		err = -ETIMEDOUT;
	return err;
}

int torture_run(const struct torture_type *type, unsigned int seconds, unsigned long count,
		struct torture_result *result)
{
	struct torture *t = kzalloc(sizeof(*t), GFP_KERNEL);
	int err = -ENOMEM;

	if (!t)
		return err;
	t->type = type;
	t->count = count;
	t->begin = local_clock();
	t->end = t->begin + (u64)seconds * 1000000000ULL;
	t->locks = kmalloc(sizeof(*t->locks) * (NR_CONTEXTS + 1), GFP_KERNEL);
	t->workers = kzalloc(sizeof(*t->workers) * nr_cpu_ids, GFP_KERNEL);
	if (t->locks && t->workers) {
		for (int i = 0; i <= NR_CONTEXTS; i++)
			torture_init_lock(&t->locks[i]);
		err = start_workers(t);
		if (err)
			WRITE_ONCE(t->stop, true);
		wait_for_workers(t);
		if (!err)
			err = judge(t, result);
	}
	kfree(t->workers);
	kfree(t->locks);
	kfree(t);
	return err;
}
