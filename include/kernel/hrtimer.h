/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * High-resolution timers: per CPU, sorted by expiry in nanoseconds, driven by the
 * CPU's one-shot timer. The tick is one of them.
 *
 * Linux: include/linux/hrtimer.h, kernel/time/hrtimer.c
 * Differs: one clock (CLOCK_MONOTONIC); slack only as schedule_hrtimeout_range()'s.
 */
#ifndef KERNEL_HRTIMER_H
#define KERNEL_HRTIMER_H

#include <base/rbtree.h>
#include <base/types.h>
#include <kernel/timer.h>

enum { CLOCK_MONOTONIC = 1 };

/*
 * HARD: the function runs in the timer interrupt. SOFT: in HRTIMER_SOFTIRQ. Neither: in
 * the interrupt; but under CONFIG_PREEMPT_RT, where it may want a spinlock_t, as SOFT.
 */
enum hrtimer_mode {
	HRTIMER_MODE_ABS = 0,
	HRTIMER_MODE_REL = 1,
	HRTIMER_MODE_SOFT = 4,
	HRTIMER_MODE_HARD = 8,
	HRTIMER_MODE_ABS_SOFT = HRTIMER_MODE_ABS | HRTIMER_MODE_SOFT,
	HRTIMER_MODE_REL_SOFT = HRTIMER_MODE_REL | HRTIMER_MODE_SOFT,
	HRTIMER_MODE_ABS_HARD = HRTIMER_MODE_ABS | HRTIMER_MODE_HARD,
	HRTIMER_MODE_REL_HARD = HRTIMER_MODE_REL | HRTIMER_MODE_HARD,
};

enum hrtimer_restart { HRTIMER_NORESTART, HRTIMER_RESTART };

/*
 *	node, expires, queued	the base's lock
 *	base			the base's lock; see hrtimer.c
 *
 *	idle --start--> queued --expiry--> running --NORESTART--> idle
 *	                  ^  `--cancel--> idle   `--RESTART, or started anew--> queued
 */
struct hrtimer {
	struct rb_node node;
	ktime_t expires;
	enum hrtimer_restart (*function)(struct hrtimer *timer);
	struct hrtimer_cpu_base *base;
	bool queued;
	bool is_soft, is_hard;		/* hrtimer_setup(); what was asked for: is_hard */
};

void hrtimer_setup(struct hrtimer *timer, enum hrtimer_restart (*function)(struct hrtimer *),
		   int clock_id, enum hrtimer_mode mode);
#define hrtimer_init(timer, clock_id, mode)	hrtimer_setup(timer, NULL, clock_id, mode)

/**
 * hrtimer_start() - (re)arm @timer on this CPU
 * @tim: absolute, or from now, in nanoseconds
 * @mode: HARD and SOFT as it was set up
 * Context: Any but NMI. If the function runs on another CPU, it stays there.
 */
void hrtimer_start(struct hrtimer *timer, ktime_t tim, enum hrtimer_mode mode);
void hrtimer_restart(struct hrtimer *timer);

/* Return: 1 dequeued, 0 was not queued, -1 its function runs now. Context: Any but NMI. */
int hrtimer_try_to_cancel(struct hrtimer *timer);
/**
 * hrtimer_cancel() - dequeue and wait until the function is not running
 * Context: Task or softirq (hardirq for none). Not from @timer's own function: that is
 *	    reported and does not wait. Under CONFIG_PREEMPT_RT the function of one that
 *	    is not HARD may have been preempted, and is waited for asleep.
 * Return: 1 if it was queued.
 */
int hrtimer_cancel(struct hrtimer *timer);

/* Queued or running? */
bool hrtimer_active(struct hrtimer *timer);
bool hrtimer_is_queued(struct hrtimer *timer);
bool hrtimer_callback_running(struct hrtimer *timer);

/* Move expiry past @now by whole @interval steps. Return: how many. Not queued. */
u64 hrtimer_forward(struct hrtimer *timer, ktime_t now, ktime_t interval);
static inline u64 hrtimer_forward_now(struct hrtimer *timer, ktime_t interval)
{
	return hrtimer_forward(timer, ktime_get(), interval);
}

static inline ktime_t hrtimer_get_expires(const struct hrtimer *timer)
{
	return timer->expires;
}

static inline void hrtimer_set_expires(struct hrtimer *timer, ktime_t time)
{
	timer->expires = time;
}

ktime_t hrtimer_get_remaining(struct hrtimer *timer);

/**
 * schedule_hrtimeout() - sleep until woken or until @expires
 * The caller set its state first. NULL has no end.
 * Return: 0 when the time was up, -EINTR when woken before.
 */
int schedule_hrtimeout(ktime_t *expires, enum hrtimer_mode mode);
int schedule_hrtimeout_range(ktime_t *expires, u64 delta, enum hrtimer_mode mode);

/* The next expiry on this CPU, KTIME_MAX if none. Interrupts off. */
#define KTIME_MAX	((ktime_t)0x7fffffffffffffffLL)
ktime_t hrtimer_next_event(void);

#endif
