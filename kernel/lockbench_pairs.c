/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What a lock and unlock pair costs when nobody else wants the lock.
 *
 * A pair is a function with a loop around it. Each runs RUNS times, LOOPS pairs a
 * run; the least counts, so that a timer interrupt in one run does no harm. What the
 * same loop costs around nothing is taken off.
 *
 *	P(name, ...)	the API, as a user of it would write it: inline fast paths,
 *			calls where there are calls
 *	locks.def	each algorithm through its lock_ops, two indirect calls included;
 *			"none" is what these cost around nothing
 *
 * The unit is the clock's. In the deterministic run mode (-icount) it advances by the
 * same time each instruction, and the figure is a number of instructions.
 */
#include <kernel/lockbench.h>
#include <kernel/percpu.h>
#include <kernel/preempt.h>
#include <kernel/printk.h>
#include <kernel/sched.h>
#include <locking/bit_spinlock.h>
#include <locking/lock_ops.h>
#include <locking/mutex.h>
#include <locking/mutex_v4.h>
#include <locking/percpu_rwsem.h>
#include <locking/rt_mutex.h>
#include <locking/rwlock.h>
#include <locking/rwsem.h>
#include <locking/rwsem_v4.h>
#include <locking/semaphore.h>
#include <locking/seqlock.h>
#include <locking/spinlock.h>
#include <locking/tas.h>
#include <locking/ticket.h>
#include <locking/ww_mutex.h>

#define LOOPS	500
#define RUNS	5

struct lockbench_mark lockbench_mark;

static DEFINE_RAW_SPINLOCK(raw);
static DEFINE_SPINLOCK(spin);
static DEFINE_RWLOCK(rw);
static DEFINE_SEQLOCK(seq);
static DEFINE_MUTEX(mutex);
static struct mutex_v4 mutex_v4 = MUTEX_V4_INIT(mutex_v4);
static DEFINE_SEMAPHORE(semaphore, 1);
static DEFINE_WW_CLASS(ww_class);
static struct ww_mutex ww;
static struct ww_acquire_ctx ctx;
static DEFINE_RT_MUTEX(rt);
static DECLARE_RWSEM(sem);
static struct rwsem_v4 sem_v4 = RWSEM_V4_INIT(sem_v4);
DEFINE_STATIC_PERCPU_RWSEM(percpu_sem);
static struct tas_spinlock tas;
static struct ticket_spinlock ticket;
static unsigned long word;
static atomic_t atom;
static DEFINE_PER_CPU(int, number);

/* What Linux has too: name, then the pair. */
#define FOR_EACH_PAIR(P)						\
	P(atomic_inc, atomic_inc(&atom))				\
	P(this_cpu_inc, this_cpu_inc(number))				\
	P(raw_spin, raw_spin_lock(&raw); raw_spin_unlock(&raw))		\
	P(spin, spin_lock(&spin); spin_unlock(&spin))			\
	P(spin_bh, spin_lock_bh(&spin); spin_unlock_bh(&spin))		\
	P(spin_irqsave, spin_lock_irqsave(&spin, flags);		\
	  spin_unlock_irqrestore(&spin, flags))				\
	P(tas, tas_spin_lock(&tas); tas_spin_unlock(&tas))		\
	P(ticket, ticket_spin_lock(&ticket); ticket_spin_unlock(&ticket)) \
	P(bit_spin, bit_spin_lock(0, &word); bit_spin_unlock(0, &word))	\
	P(read, read_lock(&rw); read_unlock(&rw))			\
	P(write, write_lock(&rw); write_unlock(&rw))			\
	P(seq_read, do start = read_seqbegin(&seq); while (read_seqretry(&seq, start))) \
	P(seq_write, write_seqlock(&seq); write_sequnlock(&seq))	\
	P(mutex, mutex_lock(&mutex); mutex_unlock(&mutex))		\
	P(mutex_v4, mutex_v4_lock(&mutex_v4); mutex_v4_unlock(&mutex_v4)) \
	P(semaphore, down(&semaphore); up(&semaphore))			\
	P(ww_mutex, BUG_ON(ww_mutex_lock(&ww, NULL)); ww_mutex_unlock(&ww)) \
	P(ww_mutex_ctx, ww_acquire_init(&ctx, &ww_class);		\
	  BUG_ON(ww_mutex_lock(&ww, &ctx)); ww_mutex_unlock(&ww); ww_acquire_fini(&ctx)) \
	P(rt_mutex, rt_mutex_lock(&rt); rt_mutex_unlock(&rt))		\
	P(rwsem_read, down_read(&sem); up_read(&sem))			\
	P(rwsem_write, down_write(&sem); up_write(&sem))		\
	P(rwsem_v4_read, rwsem_v4_down_read(&sem_v4); rwsem_v4_up_read(&sem_v4)) \
	P(rwsem_v4_write, rwsem_v4_down_write(&sem_v4); rwsem_v4_up_write(&sem_v4)) \
	P(percpu_read, percpu_down_read(&percpu_sem); percpu_up_read(&percpu_sem))

#define DEFINE_PAIR(name_, ...)						\
	static noinline void pair_##name_(unsigned int n,		\
					  const struct lock_ops *ops __maybe_unused) \
	{								\
		unsigned long flags __maybe_unused;			\
		unsigned int start __maybe_unused;			\
									\
		for (; n; n--) {					\
			__VA_ARGS__;					\
			barrier();					\
		}							\
	}
DEFINE_PAIR(nothing)
FOR_EACH_PAIR(DEFINE_PAIR)

static union any_lock any;
static union any_lock_node node;
DEFINE_PAIR(algorithm, ops->lock(&any, &node); ops->unlock(&any, &node))

static void lock_nothing(void *lock, union any_lock_node *n)
{
}

static const struct lock_ops no_lock = { .lock = lock_nothing, .unlock = lock_nothing };

typedef void pair_fn(unsigned int n, const struct lock_ops *ops);

/* Return: clock units of LOOPS pairs, of the best run. */
static u64 best_run(pair_fn *fn, const struct lock_ops *ops)
{
	u64 best = ~0ULL;

	for (int i = 0; i < RUNS; i++) {
		u64 begin = local_clock();

		WRITE_ONCE(lockbench_mark.begin, i);
		fn(LOOPS, ops);
		WRITE_ONCE(lockbench_mark.end, i);
		best = min(best, local_clock() - begin);
	}
	return best;
}

static u64 report(const char *kind, const char *name, pair_fn *fn, const struct lock_ops *ops,
		  u64 nothing)
{
	u64 all = best_run(fn, ops);
	u64 cost = all > nothing ? all - nothing : 0;

	con_printf("pair %s %s: %llu.%02llu ns\n", kind, name,
		   (unsigned long long)(cost / LOOPS),
		   (unsigned long long)(cost % LOOPS * 100 / LOOPS));
	return all;
}

void lockbench_pairs(void)
{
	u64 nothing = report("base", "api", pair_nothing, NULL, 0);

	ww_mutex_init(&ww, &ww_class);
#define REPORT(name_, ...)	report("api", #name_, pair_##name_, NULL, nothing);
	FOR_EACH_PAIR(REPORT)
	report("algorithm", "none", pair_algorithm, &no_lock, nothing);
	for (int i = 0; all_lock_ops[i]; i++) {
		any = (union any_lock){ };
		node = (union any_lock_node){ };
		report("algorithm", all_lock_ops[i]->name, pair_algorithm, all_lock_ops[i],
		       nothing);
	}
}
