/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Priority lists: sorted, equals in order of arrival, one prio_list entry a prio.
 */
#include <base/plist.h>
#include <base/prandom.h>
#include <locking/testing.h>

#define N	48

struct item {
	struct plist_node node;
	unsigned int arrival;
};

static bool plist_ok(struct plist_head *head, int n)
{
	struct plist_node *node, *last = NULL;
	int seen = 0, firsts = 0, ring = 0;

	plist_for_each(node, head) {
		bool first = !last || last->prio != node->prio;

		seen++;
		firsts += first;
		if (last && last->prio > node->prio)
			return false;
		if (!first && (container_of(last, struct item, node)->arrival >=
			       container_of(node, struct item, node)->arrival ||
			       !list_empty(&node->prio_list)))
			return false;
		last = node;
	}
	if (n) {
		struct list_head *pos = &plist_first(head)->prio_list;

		do {
			ring++;
			pos = pos->next;
		} while (pos != &plist_first(head)->prio_list && ring <= n);
	}
	return seen == n && ring == firsts && plist_head_empty(head) == !n;
}

SELFTEST(plist, sorted_and_fair_after_every_change)
{
	static struct item items[N];
	struct rnd_state rnd = { 3 };
	PLIST_HEAD(head);
	unsigned int arrivals = 0;
	int n = 0;

	for (int i = 0; i < N; i++)
		plist_node_init(&items[i].node, 0);
	for (int step = 0; step < 6000; step++) {
		struct item *it = &items[prandom_u32_below(&rnd, N)];

		if (plist_node_empty(&it->node)) {
			it->node.prio = prandom_u32_below(&rnd, 6);
			it->arrival = arrivals++;
			plist_add(&it->node, &head);
			n++;
		} else if (prandom_u32_below(&rnd, 4)) {
			plist_del(&it->node, &head);
			n--;
		} else {
			it->arrival = arrivals++;
			plist_requeue(&it->node, &head);
		}
		if (!EXPECT(plist_ok(&head, n)))
			return;
	}
}
