/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Doubly linked lists whose head is one pointer, for tables of many, mostly empty lists.
 * The links are embedded in what they link.
 *
 *	head.first --> node.next --> node.next --> NULL
 *	     ^------------ pprev      pprev
 *	               ^--------------'
 *
 *	next pprev	written by whoever holds the list's lock
 *
 *	unlinked	pprev NULL after hlist_del_init() and INIT_HLIST_NODE(), poison
 *			after hlist_del()
 *
 * pprev points to what points to the node, so a node leaves its list without knowing the
 * head. hlist_empty() and hlist_unhashed() may be asked without the lock, as a hint.
 *
 * Linux: include/linux/list.h
 */
#ifndef BASE_HLIST_H
#define BASE_HLIST_H

#include <base/list.h>

struct hlist_node {
	struct hlist_node *next, **pprev;
};

struct hlist_head {
	struct hlist_node *first;
};

#define HLIST_HEAD_INIT		{ .first = NULL }
#define HLIST_HEAD(name)	struct hlist_head name = HLIST_HEAD_INIT
#define INIT_HLIST_HEAD(head)	((head)->first = NULL)

static inline void INIT_HLIST_NODE(struct hlist_node *node)
{
	node->next = NULL;
	node->pprev = NULL;
}

static inline bool hlist_unhashed(const struct hlist_node *node)
{
	return !__LIST_READ(node->pprev);
}

static inline bool hlist_empty(const struct hlist_head *head)
{
	return !__LIST_READ(head->first);
}

static inline void hlist_add_head(struct hlist_node *node, struct hlist_head *head)
{
	struct hlist_node *first = head->first;

	node->next = first;
	if (first)
		first->pprev = &node->next;
	__LIST_WRITE(head->first, node);
	node->pprev = &head->first;
}

static inline void __hlist_del(struct hlist_node *node)
{
	__LIST_WRITE(*node->pprev, node->next);
	if (node->next)
		node->next->pprev = node->pprev;
}

static inline void hlist_del(struct hlist_node *node)
{
	__hlist_del(node);
	node->next = LIST_POISON1;
	node->pprev = LIST_POISON2;
}

static inline void hlist_del_init(struct hlist_node *node)
{
	if (hlist_unhashed(node))
		return;
	__hlist_del(node);
	INIT_HLIST_NODE(node);
}

/* Move all of @old to @head, which must be empty. */
static inline void hlist_move_list(struct hlist_head *old, struct hlist_head *head)
{
	head->first = old->first;
	if (head->first)
		head->first->pprev = &head->first;
	old->first = NULL;
}

#define hlist_entry(ptr, type, member)	container_of(ptr, type, member)
#define hlist_entry_safe(ptr, type, member)				\
	({								\
		__typeof__(ptr) _ptr = (ptr);				\
		_ptr ? hlist_entry(_ptr, type, member) : NULL;		\
	})
#define hlist_for_each_entry(pos, head, member)				\
	for ((pos) = hlist_entry_safe((head)->first, __typeof__(*(pos)), member); \
	     (pos);							\
	     (pos) = hlist_entry_safe((pos)->member.next, __typeof__(*(pos)), member))
/* @n is a struct hlist_node *; the body may unlink and free @pos. */
#define hlist_for_each_entry_safe(pos, n, head, member)			\
	for ((pos) = hlist_entry_safe((head)->first, __typeof__(*(pos)), member); \
	     (pos) && ({ (n) = (pos)->member.next; true; });		\
	     (pos) = hlist_entry_safe(n, __typeof__(*(pos)), member))

#endif
