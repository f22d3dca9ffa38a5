/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Priority-sorted list: lowest prio first, equals in order of arrival.
 *
 *	node_list	all nodes, sorted
 *	prio_list	one node of each prio, the first; so an insertion
 *			costs O(number of prios), not O(nodes)
 *	all written by whoever holds the list's lock
 *
 *	prio_list	 1 <----------> 5 <------------------> 9
 *	node_list	 1 <--> 1 <--> 5 <--> 5 <--> 5 <--> 9 <--> 9
 *
 * Linux: include/linux/plist.h, lib/plist.c
 */
#ifndef BASE_PLIST_H
#define BASE_PLIST_H

#include <base/list.h>

struct plist_head {
	struct list_head node_list;
};

struct plist_node {
	int prio;
	struct list_head prio_list;
	struct list_head node_list;
};

#define PLIST_HEAD_INIT(head)	{ .node_list = LIST_HEAD_INIT((head).node_list) }
#define PLIST_HEAD(head)	struct plist_head head = PLIST_HEAD_INIT(head)
#define PLIST_NODE_INIT(node, prio_)					\
	{								\
		.prio = (prio_),					\
		.prio_list = LIST_HEAD_INIT((node).prio_list),		\
		.node_list = LIST_HEAD_INIT((node).node_list),		\
	}

static inline void plist_head_init(struct plist_head *head)
{
	INIT_LIST_HEAD(&head->node_list);
}

static inline void plist_node_init(struct plist_node *node, int prio)
{
	node->prio = prio;
	INIT_LIST_HEAD(&node->prio_list);
	INIT_LIST_HEAD(&node->node_list);
}

static inline bool plist_head_empty(const struct plist_head *head)
{
	return list_empty(&head->node_list);
}

static inline bool plist_node_empty(const struct plist_node *node)
{
	return list_empty(&node->node_list);
}

/* Insert @node, which is in no list, behind those of its prio. */
void plist_add(struct plist_node *node, struct plist_head *head);
/* Remove @node; it may be added again. */
void plist_del(struct plist_node *node, struct plist_head *head);
/* To the end of its prio. */
void plist_requeue(struct plist_node *node, struct plist_head *head);

#define plist_first(head) \
	list_first_entry(&(head)->node_list, struct plist_node, node_list)
#define plist_last(head) \
	list_last_entry(&(head)->node_list, struct plist_node, node_list)
#define plist_first_entry(head, type, member) \
	container_of(plist_first(head), type, member)
#define plist_last_entry(head, type, member) \
	container_of(plist_last(head), type, member)
#define plist_next(pos)		list_next_entry(pos, node_list)
#define plist_prev(pos)		list_prev_entry(pos, node_list)

#define plist_for_each(pos, head) \
	list_for_each_entry(pos, &(head)->node_list, node_list)
#define plist_for_each_safe(pos, n, head) \
	list_for_each_entry_safe(pos, n, &(head)->node_list, node_list)
#define plist_for_each_entry(pos, head, member) \
	list_for_each_entry(pos, &(head)->node_list, member.node_list)
#define plist_for_each_entry_safe(pos, n, head, member) \
	list_for_each_entry_safe(pos, n, &(head)->node_list, member.node_list)

#endif
