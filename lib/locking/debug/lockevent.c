/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Lock events, reading them. Counting is <locking/lockevent.h>'s.
 */
#include <locking/lockevent.h>

DEFINE_PER_CPU(struct lockevents, lockevents);

const char *const lockevent_names[LOCKEVENT_NUM] = {
#define LOCK_EVENT(name, what)	#name,
#include "../lockevents.def"
#undef LOCK_EVENT
};

const char *const lockevent_texts[LOCKEVENT_NUM] = {
#define LOCK_EVENT(name, what)	what,
#include "../lockevents.def"
#undef LOCK_EVENT
};

unsigned long lockevent_read_cpu(enum lock_event event, unsigned int cpu)
{
	return READ_ONCE(per_cpu_ptr(&lockevents, cpu)->count[event]);
}

unsigned long lockevent_read(enum lock_event event)
{
	unsigned long sum = 0;

	for (unsigned int cpu = 0; cpu < nr_cpu_ids; cpu++)
		sum += lockevent_read_cpu(event, cpu);
	return sum;
}

void lockevent_reset(void)
{
	for (unsigned int cpu = 0; cpu < nr_cpu_ids; cpu++)
		for (int i = 0; i < LOCKEVENT_NUM; i++)
			WRITE_ONCE(per_cpu_ptr(&lockevents, cpu)->count[i], 0);
}
