/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Priority-sorted lists, the mechanism. The contract is <base/plist.h>.
 *
 * A node that is not the first of its prio has an empty prio_list. When the
 * first leaves, the next of the same prio takes its place there.
 */
#include <base/plist.h>

void plist_add(struct plist_node *node, struct plist_head *head)
{
	struct plist_node *first, *iter, *prev = NULL;
	struct list_head *before = &head->node_list;

	if (plist_head_empty(head))
		goto insert;
	first = iter = plist_first(head);
	do {
		if (node->prio < iter->prio) {
			before = &iter->node_list;
			break;
		}
		prev = iter;
		iter = list_entry(iter->prio_list.next, struct plist_node, prio_list);
	} while (iter != first);

	if (!prev || prev->prio != node->prio)
		list_add_tail(&node->prio_list, &iter->prio_list);
insert:
	list_add_tail(&node->node_list, before);
}

void plist_del(struct plist_node *node, struct plist_head *head)
{
	if (!list_empty(&node->prio_list)) {
		if (!list_is_last(&node->node_list, &head->node_list)) {
			struct plist_node *next = plist_next(node);

			if (list_empty(&next->prio_list))
				list_add(&next->prio_list, &node->prio_list);
		}
		list_del_init(&node->prio_list);
	}
	list_del_init(&node->node_list);
}

void plist_requeue(struct plist_node *node, struct plist_head *head)
{
	plist_del(node, head);
	plist_add(node, head);
}
