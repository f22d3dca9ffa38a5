/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Softirqs: work an interrupt leaves behind, run with interrupts on as soon as
 * the interrupt is over, and never nested. Tasklets are softirq work that may be
 * made at run time. ksoftirqd/N goes on when there is too much of it. Under
 * CONFIG_PREEMPT_RT they run in threads only, and in local_bh_enable().
 *
 * Linux: include/linux/{interrupt,bottom_half}.h, kernel/softirq.c
 */
#ifndef KERNEL_SOFTIRQ_H
#define KERNEL_SOFTIRQ_H

#include <base/compiler.h>
#include <base/types.h>
#include <locking/atomic.h>
#include <kernel/irqflags.h>
#include <kernel/preempt.h>

/* In the order in which they are served. */
enum {
	HI_SOFTIRQ,
	TIMER_SOFTIRQ,
	TASKLET_SOFTIRQ,
	SCHED_SOFTIRQ,
	HRTIMER_SOFTIRQ,
	CONTEXT_SOFTIRQ,
	NR_SOFTIRQS
};

extern const char *const softirq_to_name[NR_SOFTIRQS];

/* Set the function of vector @nr. Context: init, once a vector. */
void open_softirq(int nr, void (*action)(void));

/**
 * raise_softirq() - mark vector @nr pending on this CPU
 * Context: Any but NMI. Outside interrupts it wakes ksoftirqd, except where
 *	    softirqs are disabled: local_bh_enable() will run it.
 */
void raise_softirq(unsigned int nr);
/* The same with interrupts off already. */
void raise_softirq_irqoff(unsigned int nr);
/* Mark only: for callers from which an interrupt's exit or local_bh_enable() follows. */
void __raise_softirq_irqoff(unsigned int nr);

/* For a timer's vector, from the timer interrupt: under CONFIG_PREEMPT_RT ktimers/N serves it. */
void raise_timer_softirq(unsigned int nr);

/* Bit mask of this CPU's raised vectors. */
u32 local_softirq_pending(void);
/* How often @cpu ran vector @nr; how many of all runs were ksoftirqd's. */
u64 kstat_softirqs_cpu(unsigned int nr, unsigned int cpu);
u64 kstat_ksoftirqd_cpu(unsigned int cpu);

/* From irq_exit(), hardirq count already down: serve what is pending, or have it served. */
void softirq_irq_exit(void);

void __local_bh_enable_ip(unsigned long ip, unsigned int cnt);

#ifdef CONFIG_PREEMPT_RT
void __local_bh_disable_ip(unsigned long ip, unsigned int cnt);
#else
static __always_inline void __local_bh_disable_ip(unsigned long ip __maybe_unused,
						  unsigned int cnt)
{
	__preempt_count_add(cnt);
	barrier();
}
#endif

#define _THIS_IP_	({ __label__ __here; __here: (unsigned long)&&__here; })
#define _RET_IP_	((unsigned long)__builtin_return_address(0))

/**
 * local_bh_disable() - no softirq runs on this CPU until local_bh_enable()
 * Context: Any but NMI; nests. Disables preemption as well; under CONFIG_PREEMPT_RT
 *	    only migration, it may wait for another task to enable them, and must not
 *	    be called in hardirq.
 */
static __always_inline void local_bh_disable(void)
{
	__local_bh_disable_ip(_RET_IP_, SOFTIRQ_DISABLE_OFFSET);
}

/**
 * local_bh_enable() - undo one local_bh_disable(); the last one runs what is pending
 * Context: Task or softirq, interrupts on: anything else is reported.
 */
static __always_inline void local_bh_enable(void)
{
	__local_bh_enable_ip(_RET_IP_, SOFTIRQ_DISABLE_OFFSET);
}

/*
 * Tasklets. One runs on one CPU at a time, the one that scheduled it; scheduled
 * again while it runs, it runs once more.
 *
 *	state	TASKLET_STATE_SCHED	wanted, not yet begun	set by schedulers
 *		TASKLET_STATE_RUN	running			set by the CPU that runs it
 *		TASKLET_STATE_PARKED	wanted, but disabled	set by the CPU that met it
 *	count	disable depth; runs only at 0
 */
struct tasklet_struct {
	struct tasklet_struct *next;	/* its CPU's list; that CPU, interrupts off */
	atomic_t state;
	atomic_t count;
	bool hi;			/* which list; whoever set SCHED */
	void (*callback)(struct tasklet_struct *t);
};

enum { TASKLET_STATE_SCHED = 1, TASKLET_STATE_RUN = 2, TASKLET_STATE_PARKED = 4 };

#define DECLARE_TASKLET(name_, callback_) \
	struct tasklet_struct name_ = { .callback = (callback_) }
#define DECLARE_TASKLET_DISABLED(name_, callback_) \
	struct tasklet_struct name_ = { .count = ATOMIC_INIT(1), .callback = (callback_) }

void tasklet_setup(struct tasklet_struct *t, void (*callback)(struct tasklet_struct *t));
/* Queue on this CPU unless queued already. Context: Any but NMI. */
void tasklet_schedule(struct tasklet_struct *t);
void tasklet_hi_schedule(struct tasklet_struct *t);
/* Keep it from running; the first waits until it does not run. Context: not from @t itself. */
void tasklet_disable(struct tasklet_struct *t);
void tasklet_disable_nosync(struct tasklet_struct *t);
void tasklet_enable(struct tasklet_struct *t);
void tasklet_unlock_wait(struct tasklet_struct *t);
/* Wait until neither queued nor running. Context: Task; not disabled, nobody re-schedules it. */
void tasklet_kill(struct tasklet_struct *t);

#endif
