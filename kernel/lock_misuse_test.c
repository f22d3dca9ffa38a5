/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Locks used wrongly, on request: what CONFIG=debug must report, and CONFIG=rt of a lock
 * that sleeps. The boots of tests/qemu/locks.table run each; without CONFIG_DEBUG_LOCKS
 * some would hang. Locks that are left behind: lock_left_test.c;
 * that sleep inside a spinlock_t: lock_nest_test.c.
 *
 *	in-raw, irqs-off	a lock that may sleep, where a task must not
 *	mutex-in-raw, rwsem-in-raw	the same
 *	irq, softirq	a task holds the lock with that context on, and the handler takes
 *			it: what _irqsave and _bh are there to prevent
 */
#include <base/errno.h>
#include <base/string.h>
#include <kernel/context.h>
#include <kernel/ipi.h>
#include <kernel/kthread.h>
#include <kernel/printk.h>
#include <kernel/shell.h>
#include <locking/bit_spinlock.h>
#include <locking/completion.h>
#include <locking/mutex.h>
#include <locking/rwlock.h>
#include <locking/rwsem.h>
#include <locking/seqlock.h>
#include <locking/spinlock.h>
#include <locking/ww_mutex.h>
#include "lock_misuse_test.h"

static DEFINE_SPINLOCK(victim);
static DEFINE_RWLOCK(rw_victim);
static DECLARE_RWSEM(rwsem_victim);
static spinlock_t never_initialised;

static void take_victim(void *arg)
{
	spin_lock(&victim);
	spin_unlock(&victim);
}

static void unlock_victim(void *arg)
{
	spin_unlock(&victim);
}

static void double_unlock(void)
{
	spin_lock(&victim);
	spin_unlock(&victim);
	spin_unlock(&victim);
}

static void other_cpu(void)
{
	unsigned int cpu;

	spin_lock(&victim);
	cpu = smp_processor_id() ? 0 : 1;
	smp_call_function_single(cpu, unlock_victim, NULL, true);
}

static void uninitialised(void)
{
	spin_lock(&never_initialised);
}

static void corrupted(void)
{
	spin_lock(&victim);
	memset(&victim, 0x5a, sizeof(victim));
	spin_unlock(&victim);
}

static void recursion(void)
{
	spin_lock(&victim);
	spin_lock(&victim);
}

static void taken_on_top(enum context ctx)
{
	spin_lock(&victim);
	run_in_context(ctx, smp_processor_id(), take_victim, NULL);
}

static void in_raw(void)
{
	static DEFINE_RAW_SPINLOCK(outer);

	raw_spin_lock(&outer);
	spin_lock(&victim);
}

static void irqs_off(void)
{
	local_irq_disable();
	spin_lock(&victim);
}

static void irq(void)
{
	taken_on_top(CTX_HARDIRQ);
}

static void softirq(void)
{
	taken_on_top(CTX_SOFTIRQ);
}

static void nmi(void)
{
	taken_on_top(CTX_NMI);
}

static void write_recursion(void)
{
	write_lock(&rw_victim);
	read_lock(&rw_victim);
}

static void read_unlock_free(void)
{
	read_unlock(&rw_victim);
}

static void bit_unlock(void)
{
	static unsigned long word;

	bit_spin_lock(4, &word);
	bit_spin_unlock(3, &word);
}

static void seqcount_unlocked(void)
{
	static seqcount_spinlock_t s = SEQCNT_SPINLOCK_ZERO(s, &victim);

	write_seqcount_begin(&s);
}

static void seqcount_ww_unlocked(void)
{
	static DEFINE_WW_CLASS(class);
	static struct ww_mutex ww;
	static seqcount_ww_mutex_t s = SEQCNT_WW_MUTEX_ZERO(s, &ww);

	ww_mutex_init(&ww, &class);
	write_seqcount_begin(&s);
}

static DEFINE_MUTEX(mutex_victim);

static void mutex_recursion(void)
{
	mutex_lock(&mutex_victim);
	mutex_lock(&mutex_victim);
}

static void mutex_atomic(void)
{
	spin_lock(&victim);
	mutex_lock(&mutex_victim);
}

static void mutex_in_raw(void)
{
	static DEFINE_RAW_SPINLOCK(outer);

	raw_spin_lock(&outer);
	mutex_lock(&mutex_victim);
}

static DECLARE_COMPLETION(begun);
static DEFINE_MUTEX(other_mutex);

static int hold_both(void *unused)
{
	mutex_lock(&other_mutex);
	complete(&begun);
	mutex_lock(&mutex_victim);
	while (!kthread_should_stop())
		schedule_timeout_idle(MAX_SCHEDULE_TIMEOUT);
	return 0;
}

static void mutex_of_another(void)
{
	kthread_run(hold_both, NULL, "holds");
	wait_for_completion(&begun);
	mutex_unlock(&other_mutex);
}

/* Whoever comes second closes it. */
static void mutex_circle(void)
{
	mutex_lock(&mutex_victim);
	kthread_run(hold_both, NULL, "holds");
	wait_for_completion(&begun);
	mutex_lock(&other_mutex);
}

static void rwsem_in_raw(void)
{
	static DEFINE_RAW_SPINLOCK(outer);

	raw_spin_lock(&outer);
	down_read(&rwsem_victim);
}

static void rwsem_recursion(void)
{
	down_write(&rwsem_victim);
	down_write(&rwsem_victim);
}

static void rwsem_upgrade(void)
{
	down_write(&rwsem_victim);
	down_read(&rwsem_victim);
}

static void rwsem_up_free(void)
{
	up_write(&rwsem_victim);
}

static void rwsem_up_read_free(void)
{
	up_read(&rwsem_victim);
}

static void rwsem_copied(void)
{
	struct rw_semaphore copy = rwsem_victim;

	down_read(&copy);
}

static const struct misuse misuses[] = {
	{ "double-unlock", double_unlock },
	{ "other-cpu", other_cpu },
	{ "uninitialised", uninitialised },
	{ "corrupted", corrupted },
	{ "recursion", recursion },
	{ "in-raw", in_raw },
	{ "irqs-off", irqs_off },
	{ "irq", irq },
	{ "softirq", softirq },
	{ "nmi", nmi },
	{ "write-recursion", write_recursion },
	{ "read-unlock", read_unlock_free },
	{ "bit-unlock", bit_unlock },
	{ "seqcount", seqcount_unlocked },
	{ "seqcount_ww", seqcount_ww_unlocked },
	{ "mutex-recursion", mutex_recursion },
	{ "mutex-atomic", mutex_atomic },
	{ "mutex-in-raw", mutex_in_raw },
	{ "mutex-of-another", mutex_of_another },
	{ "mutex-circle", mutex_circle },
	{ "rwsem-in-raw", rwsem_in_raw },
	{ "rwsem-recursion", rwsem_recursion },
	{ "rwsem-upgrade", rwsem_upgrade },
	{ "rwsem-up", rwsem_up_free },
	{ "rwsem-up-read", rwsem_up_read_free },
	{ "rwsem-copied", rwsem_copied },
	{ }
};

static const struct misuse *const tables[] = { misuses, misuses_left, misuses_nest };

static int cmd_misuse(int argc, char **argv)
{
	if (!IS_ENABLED(CONFIG_DEBUG_LOCKS) && !IS_ENABLED(CONFIG_PREEMPT_RT)) {
		con_printf("misuse: only with CONFIG=debug or CONFIG=rt, which notice\n");
		return -EINVAL;
	}
	for (size_t i = 0; argc == 2 && i < ARRAY_SIZE(tables); i++) {
		for (const struct misuse *m = tables[i]; m->name; m++) {
			if (strcmp(argv[1], m->name))
				continue;
			m->fn();
			con_printf("misuse %s: not noticed\n", argv[1]);
			return -EIO;
		}
	}
	con_printf("misuse: KIND is one of");
	for (size_t i = 0; i < ARRAY_SIZE(tables); i++)
		for (const struct misuse *m = tables[i]; m->name; m++)
			con_printf(" %s", m->name);
	con_printf("\n");
	return -EINVAL;
}
SHELL_COMMAND(misuse, "misuse KIND", "use a lock wrongly", cmd_misuse);
