/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A queue entry taken off by its waker, and looked at by its waiter without the
 * queue's lock.
 *
 * Linux: list_del_init_careful(), list_empty_careful(), include/linux/list.h
 */
#ifndef LOCKING_SLEEP_CAREFUL_H
#define LOCKING_SLEEP_CAREFUL_H

#include <base/list.h>
#include <locking/barrier.h>

/*
 * Off the queue by the waker; the waiter, seeing that, goes on without the lock
 * and may reuse the entry: so the store it looks at comes last.
 */
static inline void list_del_init_careful(struct list_head *entry)
{
	__list_del_entry(entry);
	WRITE_ONCE(entry->prev, entry);
	/* wait/B: pairs with list_left_careful() */
	smp_store_release(&entry->next, entry);
}

/* Has the waker finished with our entry? */
static inline bool list_left_careful(const struct list_head *entry)
{
	/* wait/B: pairs with list_del_init_careful() */
	return port_peek_equal(&entry->next, entry) &&
	       smp_load_acquire(&entry->next) == entry;
}

#endif
