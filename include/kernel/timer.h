/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Coarse time: jiffies, the timer wheel, delays and sleeps. Timers that need
 * better than a jiffy are <kernel/hrtimer.h>'s.
 *
 * Linux: include/linux/{jiffies,timer,delay}.h, kernel/time/timer.c
 * Differs: jiffies is computed from the clock, not counted by a tick: no CPU has
 *          to count, and none is missed while vCPUs wait for the host.
 */
#ifndef KERNEL_TIMER_H
#define KERNEL_TIMER_H

#include <base/hlist.h>
#include <base/types.h>
#include <kernel/arch.h>
#include <kernel/clock.h>

#define HZ		250

#define NSEC_PER_SEC	1000000000L
#define NSEC_PER_MSEC	1000000L
#define NSEC_PER_USEC	1000L
#define USEC_PER_SEC	1000000L
#define MSEC_PER_SEC	1000L
#define TICK_NSEC	((u64)(NSEC_PER_SEC / HZ))

/* Nanoseconds since boot. Any context, NMI included. */
static inline ktime_t ktime_get(void)
{
	return (ktime_t)arch_clock_ns();
}

static inline u64 ktime_get_ns(void)
{
	return arch_clock_ns();
}

/* Ticks since boot, from the clock: monotonic over all CPUs. */
static inline unsigned long get_jiffies(void)
{
	return (unsigned long)(arch_clock_ns() / TICK_NSEC);
}

#define jiffies			get_jiffies()

#define time_after(a, b)	((long)((b) - (a)) < 0)
#define time_before(a, b)	time_after(b, a)
#define time_after_eq(a, b)	((long)((a) - (b)) >= 0)
#define time_before_eq(a, b)	time_after_eq(b, a)

#define MAX_SCHEDULE_TIMEOUT	__LONG_MAX__
#define MAX_JIFFY_OFFSET	((__LONG_MAX__ >> 1) - 1)

/* Rounded up, so that a sleep is never short. */
static inline unsigned long msecs_to_jiffies(unsigned int m)
{
	return DIV_ROUND_UP((unsigned long)m * HZ, (unsigned long)MSEC_PER_SEC);
}

static inline unsigned long usecs_to_jiffies(unsigned int u)
{
	return DIV_ROUND_UP((unsigned long)u * HZ, (unsigned long)USEC_PER_SEC);
}

static inline unsigned long nsecs_to_jiffies(u64 n)
{
	return (unsigned long)DIV_ROUND_UP(n, TICK_NSEC);
}

static inline unsigned int jiffies_to_msecs(unsigned long j)
{
	return (unsigned int)(j * MSEC_PER_SEC / HZ);
}

/*
 * A coarse timer. Its function runs in softirq context on the CPU that armed it
 * (or was named), once, at or after jiffy @expires; late by up to an eighth of
 * the distance when that is far.
 *
 *	entry		bucket list		the base's lock
 *	expires		jiffy			the base's lock
 *	flags		owning CPU, bucket, TIMER_*	the base's lock
 */
struct timer_list {
	struct hlist_node entry;
	unsigned long expires;
	void (*function)(struct timer_list *timer);
	u32 flags;
};

#define TIMER_CPUMASK		0x0000ffffU
#define TIMER_MIGRATING		0x00010000U
/* The function runs with interrupts off; may be deleted synchronously from an interrupt. */
#define TIMER_IRQSAFE		0x00020000U
/* mod_timer() leaves it on the CPU it was last on. */
#define TIMER_PINNED		0x00040000U
#define TIMER_ARRAYSHIFT	20

#define from_timer(var, timer_, member)	container_of(timer_, __typeof__(*(var)), member)

#define DEFINE_TIMER(name_, function_) \
	struct timer_list name_ = { .function = (function_) }

void timer_setup(struct timer_list *timer, void (*function)(struct timer_list *),
		 unsigned int flags);
#define timer_setup_on_stack(timer, function, flags)	timer_setup(timer, function, flags)
#define destroy_timer_on_stack(timer)			((void)(timer))

/* Queued? A hint unless the caller excludes others. */
static inline bool timer_pending(const struct timer_list *timer)
{
	return *(struct hlist_node **volatile const *)&timer->entry.pprev != NULL;
}

/**
 * mod_timer() - (re)arm @timer for jiffy @expires
 * Context: Any but NMI.
 * Return: 1 if it was queued, 0 if not.
 */
int mod_timer(struct timer_list *timer, unsigned long expires);
/* The same, only if it is queued. */
int mod_timer_pending(struct timer_list *timer, unsigned long expires);
/* Arm a timer that is not queued, for timer->expires; on @cpu. */
void add_timer(struct timer_list *timer);
void add_timer_on(struct timer_list *timer, unsigned int cpu);

/* Dequeue; the function may be running. Return: 1 if it was queued. Context: Any but NMI. */
int timer_delete(struct timer_list *timer);
/* Dequeue unless running. Return: -1 if it runs now. */
int try_to_del_timer_sync(struct timer_list *timer);
/**
 * timer_delete_sync() - dequeue and wait until the function is not running
 * The caller keeps others from arming it again, and holds no lock the function takes.
 * Context: Task or softirq; hardirq only for TIMER_IRQSAFE. Not from @timer's own
 *	    function: that is reported and does not wait.
 * Return: 1 if it was queued.
 */
int timer_delete_sync(struct timer_list *timer);
#define del_timer(timer)	timer_delete(timer)
#define del_timer_sync(timer)	timer_delete_sync(timer)

/* Busy-wait, at least this long. Any context. */
void ndelay(unsigned long nsecs);
void udelay(unsigned long usecs);
void mdelay(unsigned long msecs);

/* Sleep at least this long. Context: Task that may sleep. */
void msleep(unsigned int msecs);
void usleep_range(unsigned long min, unsigned long max);
#define fsleep(usecs)	usleep_range(usecs, 2 * (usecs))
/* Ended early by kthread_interrupt(). Return: milliseconds left. */
unsigned long msleep_interruptible(unsigned int msecs);

/**
 * schedule_timeout() - sleep until woken or until @timeout jiffies have passed
 * The caller set its state first. MAX_SCHEDULE_TIMEOUT has no end.
 * Context: Task that may sleep.
 * Return: jiffies left, 0 when the time was up; the state is RUNNING again.
 */
long schedule_timeout(long timeout);
long schedule_timeout_interruptible(long timeout);
long schedule_timeout_uninterruptible(long timeout);
long schedule_timeout_killable(long timeout);
long schedule_timeout_idle(long timeout);

/*
 * The idle loop's calls. Interrupts off for all of them:
 *	tick_nohz_idle_enter()		once, on entering idle
 *	tick_nohz_idle_stop_tick()	before each halt: no tick, wake for the next timer
 *	tick_nohz_idle_exit()		once, on leaving idle: ticks again
 * arch_cpu_idle() returns after every interrupt, so each halt sees the timers anew.
 */
void tick_nohz_idle_enter(void);
void tick_nohz_idle_stop_tick(void);
void tick_nohz_idle_exit(void);
/* Is @cpu idle with its tick stopped? A hint. */
bool tick_nohz_tick_stopped_cpu(unsigned int cpu);
/* Ticks that @cpu took. */
u64 tick_count_cpu(unsigned int cpu);

#endif
