/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Lock-less list: many add, one takes all. Usable from any context, NMI included.
 *
 *	first	newest node, or NULL	written by adders (cmpxchg) and takers (xchg)
 *	next	of each node		written by its adder before it is reachable
 *
 * Ordering: llist/A. llist_add() releases what its caller wrote to the node;
 * llist_del_all() acquires it.
 * Wrap: takers take everything, so a node that comes back does no harm (no ABA).
 *
 * Linux: include/linux/llist.h
 */
#ifndef KERNEL_LLIST_H
#define KERNEL_LLIST_H

#include <base/compiler.h>
#include <base/types.h>
#include <locking/atomic.h>

struct llist_node {
	struct llist_node *next;
};

struct llist_head {
	struct llist_node *first;
};

#define LLIST_HEAD_INIT(name)	{ NULL }
#define LLIST_HEAD(name)	struct llist_head name = LLIST_HEAD_INIT(name)

#define llist_entry(ptr, type, member)	container_of(ptr, type, member)

/* @pos is read past before the body runs: the body may free or reuse the node. */
#define llist_for_each_safe(pos, n, node)				\
	for ((pos) = (node); (pos) && ((n) = (pos)->next, true); (pos) = (n))

static inline void init_llist_head(struct llist_head *list)
{
	WRITE_ONCE(list->first, NULL);
}

static inline bool llist_empty(const struct llist_head *head)
{
	return READ_ONCE(head->first) == NULL;
}

/* Return: true if the list was empty, so that this caller starts the taker. */
static inline bool llist_add(struct llist_node *new, struct llist_head *head)
{
	struct llist_node *first = READ_ONCE(head->first);

	do {
		new->next = first;
		/* llist/A: pairs with llist_del_all() */
	} while (!try_cmpxchg(&head->first, &first, new));
	return !first;
}

/* Return: all nodes, newest first. */
static inline struct llist_node *llist_del_all(struct llist_head *head)
{
	/* llist/A: pairs with llist_add() */
	return xchg(&head->first, NULL);
}

static inline struct llist_node *llist_reverse_order(struct llist_node *head)
{
	struct llist_node *new_head = NULL;

	while (head) {
		struct llist_node *next = head->next;

		head->next = new_head;
		new_head = head;
		head = next;
	}
	return new_head;
}

#endif
