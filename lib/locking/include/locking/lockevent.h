/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Lock events: how often each branch of each slow path was taken, per CPU.
 *
 *	lockevents	one word an event	written by its CPU only
 *
 * Counting is one instruction on this CPU's copy and orders nothing. A sum over
 * CPUs that count at the same time is of no one moment.
 *
 * Linux: kernel/locking/lock_events.h
 */
#ifndef LOCKING_LOCKEVENT_H
#define LOCKING_LOCKEVENT_H

#include <locking/port.h>

enum lock_event {
#define LOCK_EVENT(name, what)	LOCKEVENT_##name,
#include "../../lockevents.def"
#undef LOCK_EVENT
	LOCKEVENT_NUM
};

struct lockevents {
	unsigned long count[LOCKEVENT_NUM];
};
DECLARE_PER_CPU(struct lockevents, lockevents);

#if IS_ENABLED(PORT_NO_LOCKEVENTS)
#define lockevent_inc(name)	do { } while (0)
#define lockevent_add(name, n)	do { } while (0)
#else
#define lockevent_add(name, n)	this_cpu_add(lockevents.count[LOCKEVENT_##name], n)
#define lockevent_inc(name)	this_cpu_inc(lockevents.count[LOCKEVENT_##name])
#endif

/* "lock_pending", and what it means. */
extern const char *const lockevent_names[LOCKEVENT_NUM];
extern const char *const lockevent_texts[LOCKEVENT_NUM];

unsigned long lockevent_read_cpu(enum lock_event event, unsigned int cpu);
/* Over all CPUs. */
unsigned long lockevent_read(enum lock_event event);
/* To zero. Counts that are made meanwhile may be lost. */
void lockevent_reset(void);

#endif
