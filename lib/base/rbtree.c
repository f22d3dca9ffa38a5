/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Red-black trees, the mechanism. The contract is <base/rbtree.h>.
 *
 * Upper case is black, lower case red, (x) either. Each case has a mirror image,
 * had by swapping LEFT and RIGHT.
 *
 * Insertion: n is red and its parent p may be red too. g is black.
 *
 *	1. uncle red: recolour, go on with g	2. uncle black: rotate g
 *
 *	      G		   g <- n		      G		   P
 *	     / \	  / \			     / \	  / \
 *	    p   u  -->   P   U			    p   U  -->   n   g
 *	   /		/			   /		      \
 *	  n	       n			  n		       U
 *
 *	(n an inner child: rotate p first, which makes it the outer one)
 *
 * Erasure: the subtree at n is one black node short; s is its sibling.
 *
 *	1. s red: rotate p, s becomes black	3. s has a red inner child only:
 *	2. s has no red child: paint s red,	   rotate s: the red becomes outer
 *	   go on with p, unless it was red	4. red outer child: rotate p, done
 *
 * Linux:   lib/rbtree.c
 * Differs: written for reading: children by direction, so no mirrored code.
 */
#include <base/rbtree.h>

#define RB_RED		0UL
#define RB_BLACK	1UL

enum side { LEFT, RIGHT };

static struct rb_node **child(struct rb_node *node, enum side side)
{
	return side == LEFT ? &node->rb_left : &node->rb_right;
}

static enum side side_of(const struct rb_node *node, const struct rb_node *parent)
{
	return parent->rb_left == node ? LEFT : RIGHT;
}

/* A missing child counts as black. */
static bool is_black(const struct rb_node *node)
{
	return !node || (node->__rb_parent_color & RB_BLACK);
}

static void set_parent(struct rb_node *node, struct rb_node *parent)
{
	node->__rb_parent_color = (unsigned long)parent | (node->__rb_parent_color & RB_BLACK);
}

static void set_color(struct rb_node *node, unsigned long color)
{
	node->__rb_parent_color = (node->__rb_parent_color & ~RB_BLACK) | color;
}

/* Put @node where @old hangs below @parent; NULL is the root. */
static void change_child(struct rb_node *old, struct rb_node *node, struct rb_node *parent,
			 struct rb_root *root)
{
	if (parent)
		*child(parent, side_of(old, parent)) = node;
	else
		root->rb_node = node;
}

/* Turn @top down towards @side; its other child comes up in its place. */
static void rotate(struct rb_node *top, enum side side, struct rb_root *root)
{
	struct rb_node *up = *child(top, !side), *parent = rb_parent(top);
	struct rb_node *inner = *child(up, side);

	*child(top, !side) = inner;
	if (inner)
		set_parent(inner, top);
	change_child(top, up, parent, root);
	set_parent(up, parent);
	*child(up, side) = top;
	set_parent(top, up);
}

void rb_insert_color(struct rb_node *node, struct rb_root *root)
{
	struct rb_node *parent;

	while ((parent = rb_parent(node)) && !is_black(parent)) {
		struct rb_node *grand = rb_parent(parent);
		enum side side = side_of(parent, grand);
		struct rb_node *uncle = *child(grand, !side);

		if (!is_black(uncle)) {
			set_color(parent, RB_BLACK);
			set_color(uncle, RB_BLACK);
			set_color(grand, RB_RED);
			node = grand;
			continue;
		}
		if (side_of(node, parent) != side) {
			rotate(parent, side, root);
			parent = node;
		}
		set_color(parent, RB_BLACK);
		set_color(grand, RB_RED);
		rotate(grand, !side, root);
		break;
	}
	set_color(root->rb_node, RB_BLACK);
}

/* The subtree at @node, which may be empty, below @parent lacks one black node. */
static void fix_short(struct rb_node *node, struct rb_node *parent, struct rb_root *root)
{
	while (parent && is_black(node)) {
		enum side side = parent->rb_left == node ? LEFT : RIGHT;
		struct rb_node *sibling = *child(parent, !side);

		if (!is_black(sibling)) {
			set_color(sibling, RB_BLACK);
			set_color(parent, RB_RED);
			rotate(parent, side, root);
			sibling = *child(parent, !side);
		}
		if (is_black(sibling->rb_left) && is_black(sibling->rb_right)) {
			set_color(sibling, RB_RED);
			node = parent;
			parent = rb_parent(node);
			continue;
		}
		if (is_black(*child(sibling, !side))) {
			set_color(*child(sibling, side), RB_BLACK);
			set_color(sibling, RB_RED);
			rotate(sibling, !side, root);
			sibling = *child(parent, !side);
		}
		set_color(sibling, parent->__rb_parent_color & RB_BLACK);
		set_color(parent, RB_BLACK);
		set_color(*child(sibling, !side), RB_BLACK);
		rotate(parent, side, root);
		return;
	}
	if (node)
		set_color(node, RB_BLACK);
}

/* @node has two children: its successor takes its place, colour included. */
static void erase_inner(struct rb_node *node, struct rb_root *root)
{
	struct rb_node *succ = node->rb_right, *orphan, *parent;
	bool black;

	while (succ->rb_left)
		succ = succ->rb_left;
	black = is_black(succ);
	orphan = succ->rb_right;
	parent = rb_parent(succ);
	if (parent == node) {
		parent = succ;
	} else {
		parent->rb_left = orphan;
		if (orphan)
			set_parent(orphan, parent);
		succ->rb_right = node->rb_right;
		set_parent(succ->rb_right, succ);
	}
	succ->rb_left = node->rb_left;
	set_parent(succ->rb_left, succ);
	change_child(node, succ, rb_parent(node), root);
	succ->__rb_parent_color = node->__rb_parent_color;
	if (black)
		fix_short(orphan, parent, root);
}

void rb_erase(struct rb_node *node, struct rb_root *root)
{
	struct rb_node *parent = rb_parent(node);
	struct rb_node *orphan = node->rb_left ? node->rb_left : node->rb_right;

	if (node->rb_left && node->rb_right) {
		erase_inner(node, root);
		return;
	}
	change_child(node, orphan, parent, root);
	if (orphan)
		set_parent(orphan, parent);
	if (is_black(node))
		fix_short(orphan, parent, root);
}

static struct rb_node *outermost(struct rb_node *node, enum side side)
{
	while (node && *child(node, side))
		node = *child(node, side);
	return node;
}

struct rb_node *rb_first(const struct rb_root *root)
{
	return outermost(root->rb_node, LEFT);
}

struct rb_node *rb_last(const struct rb_root *root)
{
	return outermost(root->rb_node, RIGHT);
}

/* The next node towards @side: below if there is one, else the first ancestor on that side. */
static struct rb_node *neighbour(const struct rb_node *node, enum side side)
{
	struct rb_node *below = side == LEFT ? node->rb_left : node->rb_right;
	struct rb_node *parent;

	if (below)
		return outermost(below, !side);
	while ((parent = rb_parent(node)) && side_of(node, parent) == side)
		node = parent;
	return parent;
}

struct rb_node *rb_next(const struct rb_node *node)
{
	return neighbour(node, RIGHT);
}

struct rb_node *rb_prev(const struct rb_node *node)
{
	return neighbour(node, LEFT);
}

void rb_replace_node(struct rb_node *victim, struct rb_node *node, struct rb_root *root)
{
	*node = *victim;
	change_child(victim, node, rb_parent(victim), root);
	if (node->rb_left)
		set_parent(node->rb_left, node);
	if (node->rb_right)
		set_parent(node->rb_right, node);
}
