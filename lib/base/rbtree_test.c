/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Red-black trees: the three rules after every change, and the order.
 */
#include <base/bits.h>
#include <base/prandom.h>
#include <base/rbtree.h>
#include <locking/testing.h>

#define N	128

struct item {
	struct rb_node node;
	int key;
	bool in;
};

static bool less(struct rb_node *a, const struct rb_node *b)
{
	return rb_entry(a, struct item, node)->key < rb_entry(b, struct item, node)->key;
}

static int compare(const void *key, const struct rb_node *node)
{
	return *(const int *)key - rb_entry(node, struct item, node)->key;
}

static bool is_red(const struct rb_node *node)
{
	return node && !(node->__rb_parent_color & 1);
}

/* Black nodes on the way down, -1 where a rule is broken. Depth is at most 2 log2(N + 1). */
static int black_height(const struct rb_node *node, const struct rb_node *parent, int depth)
{
	int left, right;

	if (!node)
		return 0;
	if (rb_parent(node) != parent || (is_red(node) && (!parent || is_red(parent))) ||
	    depth > 2 * fls(N))
		return -1;
	left = black_height(node->rb_left, node, depth + 1);
	right = black_height(node->rb_right, node, depth + 1);
	return left < 0 || left != right ? -1 : left + !is_red(node);
}

static bool sorted(const struct rb_root *root, int n)
{
	struct rb_node *node;
	int last = -1, seen = 0;

	for (node = rb_first(root); node; node = rb_next(node), seen++) {
		int key = rb_entry(node, struct item, node)->key;

		if (key < last || (rb_next(node) && rb_prev(rb_next(node)) != node))
			return false;
		last = key;
	}
	return seen == n && (!n || rb_entry(rb_last(root), struct item, node)->key == last);
}

SELFTEST(rbtree, rules_hold_after_every_change)
{
	static struct item items[N];
	struct rb_root_cached root = RB_ROOT_CACHED;
	struct rnd_state rnd = { 2 };
	int n = 0;

	for (int i = 0; i < N; i++)
		items[i].in = false;
	for (int step = 0; step < 6000; step++) {
		struct item *it = &items[prandom_u32_below(&rnd, N)];

		if (it->in) {
			rb_erase_cached(&it->node, &root);
			n--;
		} else {
			it->key = prandom_u32_below(&rnd, N);
			rb_add_cached(&it->node, &root, less);
			n++;
		}
		it->in = !it->in;
		if (!EXPECT(black_height(root.rb_root.rb_node, NULL, 0) >= 0) ||
		    !EXPECT(rb_first_cached(&root) == rb_first(&root.rb_root)) ||
		    (step % 16 == 0 && !EXPECT(sorted(&root.rb_root, n))))
			return;
	}
}

SELFTEST(rbtree, equals_stay_in_order_of_arrival)
{
	struct item items[9];
	struct rb_root root = RB_ROOT;
	struct item *it;
	int i = 0;

	for (i = 0; i < 9; i++) {
		items[i].key = i % 3;
		rb_add(&items[i].node, &root, less);
	}
	i = 0;
	rb_for_each_entry(it, &root, node) {
		EXPECT_EQ(it - items, (i % 3) * 3 + i / 3);
		i++;
	}
	EXPECT_EQ(i, 9);
}

SELFTEST(rbtree, finds_what_is_there_and_nothing_else)
{
	struct item items[32], other;
	struct rb_root root = RB_ROOT;

	for (int i = 0; i < 32; i++) {
		items[i].key = 2 * (i * 7 % 32);
		rb_add(&items[i].node, &root, less);
	}
	for (int key = -1; key < 66; key++) {
		struct rb_node *node = rb_find(&key, &root, compare);

		EXPECT((node != NULL) == (key >= 0 && key < 64 && key % 2 == 0));
		EXPECT(!node || rb_entry(node, struct item, node)->key == key);
	}
	other.key = items[5].key;
	rb_replace_node(&items[5].node, &other.node, &root);
	EXPECT(rb_find(&other.key, &root, compare) == &other.node);
	EXPECT(black_height(root.rb_node, NULL, 0) >= 0);
	EXPECT(sorted(&root, 32));
}
