/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Red-black trees, the nodes embedded in what they order.
 *
 *	__rb_parent_color	parent, and the own colour in bit 0 (1: black)
 *	rb_left rb_right	children
 *	all written by whoever holds the tree's lock
 *
 *	1. the root is black	2. a red node has no red child
 *	3. each path from a node down to a NULL has as many black nodes
 *
 * So the longest path is at most twice the shortest: depth <= 2 log2(n + 1).
 *
 * Linux:   include/linux/rbtree.h
 * Differs: no augmented trees, no latched or RCU variants.
 */
#ifndef BASE_RBTREE_H
#define BASE_RBTREE_H

#include <base/compiler.h>
#include <base/types.h>

struct rb_node {
	unsigned long __rb_parent_color;
	struct rb_node *rb_right;
	struct rb_node *rb_left;
} __aligned(sizeof(long));

struct rb_root {
	struct rb_node *rb_node;
};

/*
 * Remembers its leftmost node, so that the first of a queue costs one load. It may be
 * compared without the tree's lock, as a hint: it is written in one piece.
 */
struct rb_root_cached {
	struct rb_root rb_root;
	struct rb_node *rb_leftmost;
};

#define RB_ROOT			((struct rb_root){ NULL })
#define RB_ROOT_CACHED		((struct rb_root_cached){ { NULL }, NULL })

#define rb_entry(ptr, type, member)	container_of(ptr, type, member)
#define rb_entry_safe(ptr, type, member)				\
	({								\
		__typeof__(ptr) _ptr = (ptr);				\
		_ptr ? rb_entry(_ptr, type, member) : NULL;		\
	})
#define rb_parent(node)		((struct rb_node *)((node)->__rb_parent_color & ~1UL))

#define RB_EMPTY_ROOT(root)	((root)->rb_node == NULL)
/* A node that is in no tree is its own parent, once RB_CLEAR_NODE() said so. */
#define RB_EMPTY_NODE(node)	((node)->__rb_parent_color == (unsigned long)(node))
#define RB_CLEAR_NODE(node)	((node)->__rb_parent_color = (unsigned long)(node))

/* Rebalance after rb_link_node(). */
void rb_insert_color(struct rb_node *node, struct rb_root *root);
void rb_erase(struct rb_node *node, struct rb_root *root);

/* In order; NULL at the end. */
struct rb_node *rb_first(const struct rb_root *root);
struct rb_node *rb_last(const struct rb_root *root);
struct rb_node *rb_next(const struct rb_node *node);
struct rb_node *rb_prev(const struct rb_node *node);

/* Put @node in @victim's place; they must compare equal. */
void rb_replace_node(struct rb_node *victim, struct rb_node *node, struct rb_root *root);

/* Hang @node at *@link, found by a search that ended below @parent. */
static inline void rb_link_node(struct rb_node *node, struct rb_node *parent,
				struct rb_node **link)
{
	node->__rb_parent_color = (unsigned long)parent;
	node->rb_left = NULL;
	node->rb_right = NULL;
	*link = node;
}

#define rb_first_cached(root)	((root)->rb_leftmost)

static inline void rb_insert_color_cached(struct rb_node *node, struct rb_root_cached *root,
					  bool leftmost)
{
	if (leftmost)
		__atomic_store_n(&root->rb_leftmost, node, __ATOMIC_RELAXED);
	rb_insert_color(node, &root->rb_root);
}

/* Return: the new leftmost node, NULL if it did not change. */
static inline struct rb_node *rb_erase_cached(struct rb_node *node, struct rb_root_cached *root)
{
	struct rb_node *leftmost = NULL;

	if (root->rb_leftmost == node) {
		leftmost = rb_next(node);
		__atomic_store_n(&root->rb_leftmost, leftmost, __ATOMIC_RELAXED);
	}
	rb_erase(node, &root->rb_root);
	return leftmost;
}

/**
 * rb_add() - insert @node, behind those that compare equal
 * @less: does the first come before the second?
 * Context: Any, the tree's lock held.
 */
static __always_inline void rb_add(struct rb_node *node, struct rb_root *root,
				   bool (*less)(struct rb_node *, const struct rb_node *))
{
	struct rb_node **link = &root->rb_node, *parent = NULL;

	while (*link) {
		parent = *link;
		link = less(node, parent) ? &parent->rb_left : &parent->rb_right;
	}
	rb_link_node(node, parent, link);
	rb_insert_color(node, root);
}

/* Return: @node if it is the new leftmost, else NULL. */
static __always_inline struct rb_node *
rb_add_cached(struct rb_node *node, struct rb_root_cached *root,
	      bool (*less)(struct rb_node *, const struct rb_node *))
{
	struct rb_node **link = &root->rb_root.rb_node, *parent = NULL;
	bool leftmost = true;

	while (*link) {
		parent = *link;
		if (less(node, parent)) {
			link = &parent->rb_left;
		} else {
			link = &parent->rb_right;
			leftmost = false;
		}
	}
	rb_link_node(node, parent, link);
	rb_insert_color_cached(node, root, leftmost);
	return leftmost ? node : NULL;
}

/* Some node for which @cmp(@key, node) is 0, or NULL. */
static __always_inline struct rb_node *
rb_find(const void *key, const struct rb_root *root,
	int (*cmp)(const void *key, const struct rb_node *))
{
	struct rb_node *node = root->rb_node;

	while (node) {
		int c = cmp(key, node);

		if (c < 0)
			node = node->rb_left;
		else if (c > 0)
			node = node->rb_right;
		else
			return node;
	}
	return NULL;
}

#define rb_for_each_entry(pos, root, member)				\
	for ((pos) = rb_entry_safe(rb_first(root), __typeof__(*(pos)), member); (pos); \
	     (pos) = rb_entry_safe(rb_next(&(pos)->member), __typeof__(*(pos)), member))

#endif
