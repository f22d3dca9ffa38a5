/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The lockbench command: what locks cost. scripts/bench-locks runs it.
 *
 *	lockbench pairs			one CPU, no contention: clock units a pair. Under
 *					icount the clock counts instructions.
 *	lockbench LOCK|all CPUS CS MS	CPUS tasks for MS milliseconds, CS loops inside
 */
#include <base/errno.h>
#include <base/string.h>
#include <kernel/cpumask.h>
#include <kernel/kthread.h>
#include <kernel/printk.h>
#include <kernel/sched.h>
#include <kernel/shell.h>
#include <kernel/timer.h>
#include <locking/lock_ops.h>
#include <locking/rwlock.h>
#include <locking/seqlock.h>
#include <locking/spinlock.h>
#include <locking/tas.h>
#include <locking/ticket.h>

/* ---- pairs ---- */

#define PAIRS	2000

static DEFINE_SPINLOCK(spin);
static DEFINE_RWLOCK(rw);
static DEFINE_SEQLOCK(seq);
static struct tas_spinlock tas;
static struct ticket_spinlock ticket;
static struct qspinlock queued;
static atomic_t atom;

#define MEASURE(name, ...)						\
	do {								\
		unsigned long flags_;					\
		u64 begin, with, without;				\
									\
		local_irq_save(flags_);					\
		begin = local_clock();					\
		for (int i_ = 0; i_ < PAIRS; i_++)			\
			barrier();					\
		without = local_clock() - begin;			\
		begin = local_clock();					\
		for (int i_ = 0; i_ < PAIRS; i_++) {			\
			__VA_ARGS__;					\
			barrier();					\
		}							\
		with = local_clock() - begin;				\
		local_irq_restore(flags_);				\
		with = with > without ? with - without : 0;		\
		con_printf("pair %-16s %llu.%02llu ns\n", name,		\
			   (unsigned long long)(with / PAIRS),		\
			   (unsigned long long)(with % PAIRS * 100 / PAIRS)); \
	} while (0)

static void measure_pairs(void)
{
	unsigned long flags;
	unsigned int start;

	MEASURE("atomic_inc", atomic_inc(&atom));
	MEASURE("spin", spin_lock(&spin); spin_unlock(&spin));
	MEASURE("spin_irqsave", spin_lock_irqsave(&spin, flags);
		spin_unlock_irqrestore(&spin, flags));
	MEASURE("tas", tas_spin_lock(&tas); tas_spin_unlock(&tas));
	MEASURE("ticket", ticket_spin_lock(&ticket); ticket_spin_unlock(&ticket));
	MEASURE("qspinlock", queued_spin_lock(&queued); queued_spin_unlock(&queued));
	MEASURE("read", read_lock(&rw); read_unlock(&rw));
	MEASURE("write", write_lock(&rw); write_unlock(&rw));
	MEASURE("seq_read", do start = read_seqbegin(&seq); while (read_seqretry(&seq, start)));
	MEASURE("seq_write", write_seqlock(&seq); write_sequnlock(&seq));
}

/* ---- contention ---- */

struct bench {
	const struct lock_ops *ops;
	union any_lock lock;
	union any_lock_node nodes[NR_CPUS];
	unsigned int n, cs;
	u64 end;
	atomic_t ready, done;
	unsigned long count[NR_CPUS];
	unsigned long shared;
};

static struct bench bench;

static int bench_thread(void *arg)
{
	unsigned int index = (unsigned long)arg;
	struct bench *b = &bench;
	unsigned long count = 0;

	atomic_inc(&b->ready);
	while (atomic_read(&b->ready) != (int)b->n)
		cond_resched();
	while (local_clock() < b->end) {
		preempt_disable();
		b->ops->lock(&b->lock, &b->nodes[index]);
		b->shared++;
		for (unsigned int i = 0; i < b->cs; i++)
			barrier();
		b->ops->unlock(&b->lock, &b->nodes[index]);
		preempt_enable();
		count++;
	}
	b->count[index] = count;
	/* bench/A: pairs with run_bench() */
	(void)atomic_fetch_inc_release(&b->done);
	return 0;
}

static int run_bench(const struct lock_ops *ops, unsigned int n, unsigned int cs, unsigned int ms)
{
	struct bench *b = &bench;
	unsigned long sum = 0, least = ~0UL, most = 0;
	unsigned int cpu, i = 0;
	u64 begin;

	memset(b, 0, sizeof(*b));
	b->ops = ops;
	b->n = n;
	b->cs = cs;
	begin = local_clock();
	b->end = begin + ms * 1000000ULL;
	for_each_online_cpu(cpu) {
		if (i == n)
			break;
		if (IS_ERR(kthread_run_on_cpu(bench_thread, (void *)(unsigned long)i++, cpu,
					      "lockbench/%u")))
			return -ENOMEM;
	}
	/* bench/A: pairs with bench_thread() */
	while (atomic_read_acquire(&b->done) != (int)n)
		msleep(5);
	for (i = 0; i < n; i++) {
		sum += b->count[i];
		least = min(least, b->count[i]);
		most = max(most, b->count[i]);
	}
	con_printf("lockbench %s cpus %u cs %u: %lu acquisitions %llu ns each, a CPU %lu to %lu\n",
		   ops->name, n, cs, sum, (unsigned long long)(ms * 1000000ULL / (sum ? sum : 1)),
		   least, most);
	return sum == b->shared ? 0 : -EIO;
}

static int cmd_lockbench(int argc, char **argv)
{
	long cpus, cs, ms;
	int err = -ENOENT;

	if (argc == 2 && !strcmp(argv[1], "pairs")) {
		measure_pairs();
		return 0;
	}
	if (argc != 5 || !shell_parse_int(argv[2], "CPUS", 1, num_online_cpus(), &cpus) ||
	    !shell_parse_int(argv[3], "CS", 0, 1000000, &cs) ||
	    !shell_parse_int(argv[4], "MS", 1, 100000, &ms))
		return -EINVAL;
	for (int i = 0; all_lock_ops[i]; i++)
		if (!strcmp(argv[1], "all") || !strcmp(argv[1], all_lock_ops[i]->name)) {
			err = run_bench(all_lock_ops[i], cpus, cs, ms);
			if (err)
				return err;
		}
	if (err)
		con_printf("lockbench: no lock is called %s; `locks` lists them\n", argv[1]);
	return err;
}
SHELL_COMMAND(lockbench, "lockbench pairs | lockbench LOCK|all CPUS CS MS",
	      "what locks cost", cmd_lockbench);
