/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Softirqs, between the page that all builds have (softirq.c: pending, serving, the
 * thread) and the one that says where they are served:
 *
 *	softirq_direct.c	at interrupt exit and in local_bh_enable(), on the stack
 *				of whatever runs there
 *	softirq_rt.c		CONFIG_PREEMPT_RT: in tasks, preemptible
 */
#ifndef KERNEL_SOFTIRQ_INTERNAL_H
#define KERNEL_SOFTIRQ_INTERNAL_H

#include <kernel/softirq.h>

/* ---- softirq.c ---- */

/* Serve what is pending here, for a while; what is left is ksoftirqd's. Interrupts off, and
 * on while a vector runs; the caller has marked the context as serving. */
void handle_softirqs(void);
/* Before there is one, the next interrupt's exit serves, or the thread when it comes. */
void wakeup_softirqd(void);
/* Mark @mask pending. Interrupts off. */
void or_softirq_pending(u32 mask);

/* ---- the other page ---- */

/* Is a raised vector served without ksoftirqd's help? Interrupts off. */
bool softirq_is_served_anyway(void);
/* Raise a timer's vector, from the timer interrupt. */
void raise_timer_vector(unsigned int nr);
/* ksoftirqd, interrupts off: serve. */
void serve_in_thread(void);
/* Threads besides ksoftirqd, on @cpu. */
void softirq_more_threads(unsigned int cpu);

#endif
