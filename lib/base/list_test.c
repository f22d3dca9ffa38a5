/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Lists against an array that does the same.
 */
#include <base/hlist.h>
#include <base/list.h>
#include <base/prandom.h>
#include <locking/testing.h>

#define N	64

struct item {
	int id;
	struct list_head list;
};

/* Is @head the items order[0 .. n-1], both ways round? */
static bool list_is(struct list_head *head, const int *order, int n)
{
	struct item *it;
	int i = 0;

	list_for_each_entry(it, head, list) {
		if (i == n || it->id != order[i++])
			return false;
	}
	list_for_each_entry_reverse(it, head, list) {
		if (i == 0 || it->id != order[--i])
			return false;
	}
	return i == 0 && list_empty(head) == (n == 0) && list_is_singular(head) == (n == 1);
}

static void model_insert(int *order, int *n, int at, int id)
{
	for (int i = (*n)++; i > at; i--)
		order[i] = order[i - 1];
	order[at] = id;
}

static void model_remove(int *order, int *n, int id)
{
	int at = 0;

	while (order[at] != id)
		at++;
	(*n)--;
	for (; at < *n; at++)
		order[at] = order[at + 1];
}

SELFTEST(list, agrees_with_an_array)
{
	static struct item items[N];
	static bool in[N];
	static int order[N];
	struct rnd_state rnd = { 1 };
	LIST_HEAD(head);
	int n = 0;

	for (int i = 0; i < N; i++) {
		items[i] = (struct item){ .id = i };
		in[i] = false;
	}
	for (int step = 0; step < 4000; step++) {
		int id = prandom_u32_below(&rnd, N), what = prandom_u32_below(&rnd, 4);

		if (!in[id]) {
			if (what & 1)
				list_add(&items[id].list, &head);
			else
				list_add_tail(&items[id].list, &head);
			model_insert(order, &n, what & 1 ? 0 : n, id);
			in[id] = true;
		} else if (what < 2) {
			list_del(&items[id].list);
			model_remove(order, &n, id);
			in[id] = false;
		} else {
			model_remove(order, &n, id);
			model_insert(order, &n, what == 2 ? 0 : n, id);
			if (what == 2)
				list_move(&items[id].list, &head);
			else
				list_move_tail(&items[id].list, &head);
		}
		if (!EXPECT(list_is(&head, order, n)))
			return;
	}
}

SELFTEST(list, splice_puts_all_before_the_rest)
{
	struct item items[6];
	LIST_HEAD(a);
	LIST_HEAD(b);

	for (int i = 0; i < 6; i++) {
		items[i].id = i;
		list_add_tail(&items[i].list, i < 3 ? &a : &b);
	}
	list_splice_init(&a, &b);
	EXPECT(list_empty(&a));
	EXPECT(list_is(&b, (int[]){ 0, 1, 2, 3, 4, 5 }, 6));
	list_splice_tail_init(&a, &b);
	EXPECT(list_is(&b, (int[]){ 0, 1, 2, 3, 4, 5 }, 6));
	list_rotate_left(&b);
	EXPECT(list_is(&b, (int[]){ 1, 2, 3, 4, 5, 0 }, 6));
	list_replace(&items[3].list, &a);
	list_replace(&a, &items[3].list);
	EXPECT(list_is(&b, (int[]){ 1, 2, 3, 4, 5, 0 }, 6));
}

SELFTEST(list, the_safe_walk_may_unlink)
{
	struct item items[8], *it, *n;
	LIST_HEAD(head);

	for (int i = 0; i < 8; i++) {
		items[i].id = i;
		list_add_tail(&items[i].list, &head);
	}
	list_for_each_entry_safe(it, n, &head, list) {
		if (it->id & 1)
			list_del_init(&it->list);
	}
	EXPECT(list_is(&head, (int[]){ 0, 2, 4, 6 }, 4));
	EXPECT(list_empty(&items[1].list));
	EXPECT_EQ(list_first_entry(&head, struct item, list)->id, 0);
	EXPECT_EQ(list_last_entry(&head, struct item, list)->id, 6);
	EXPECT(!list_first_entry_or_null(&items[1].list, struct item, list));
}

struct hitem {
	int id;
	struct hlist_node node;
};

SELFTEST(list, hlist_unlinks_without_its_head)
{
	struct hitem items[4], *it;
	struct hlist_node *n;
	HLIST_HEAD(head);
	int sum = 0;

	EXPECT(hlist_empty(&head));
	for (int i = 0; i < 4; i++) {
		items[i].id = 1 << i;
		hlist_add_head(&items[i].node, &head);
	}
	hlist_del_init(&items[3].node);		/* the first */
	hlist_del_init(&items[1].node);
	EXPECT(hlist_unhashed(&items[1].node));
	hlist_for_each_entry(it, &head, node)
		sum += it->id;
	EXPECT_EQ(sum, 1 + 4);
	hlist_for_each_entry_safe(it, n, &head, node)
		hlist_del(&it->node);
	EXPECT(hlist_empty(&head));
}
