/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Bit operations under the checker, both versions: OP(name) is the one under test.
 *
 *	default	writers of different bits of one word: none is lost, each test_and_
 *		says what was there
 *	ORDER	test_and_set_bit() is fully ordered: what is before it in program order
 *		is seen before its bit, what is after it is seen after
 *
 * Built with -DN=threads -DGENERIC or -DARCH [-DORDER].
 */
#include <locking/bitops.h>

#define OP(name) CONCATENATE(CONCATENATE(VERSION, _), name)
#ifdef GENERIC
#define VERSION generic
#else
#define VERSION arch
#endif

static unsigned long word;
static u32 before, after;

static void change_bits(unsigned int t)
{
	switch (t) {
	case 0:
		OP(set_bit)(0, &word);
		mc_assert(OP(test_and_change_bit)(0, &word));
		break;
	case 1:
		OP(clear_bit)(1, &word);
		mc_assert(!OP(test_and_set_bit)(1, &word));
		break;
	default:
		OP(change_bit)(2, &word);
		mc_assert(OP(test_and_clear_bit)(2, &word));
	}
}

static void publish(void)
{
	WRITE_ONCE(before, 1);
	OP(test_and_set_bit)(0, &word);
	WRITE_ONCE(after, 1);
}

static void look(void)
{
	unsigned long seen;
	u32 last = READ_ONCE(after);

	smp_rmb();
	seen = READ_ONCE(word);
	smp_rmb();
	mc_assert(!last || (seen & BIT_MASK(0)));
	mc_assert(!(seen & BIT_MASK(0)) || READ_ONCE(before));
}

static void thread(unsigned int t)
{
	if (!IS_ENABLED(ORDER))
		change_bits(t);
	else if (t == 0)
		publish();
	else
		look();
}

static void setup(void)
{
	word = BIT_MASK(7);
}

static void final(void)
{
	unsigned long expected = IS_ENABLED(ORDER) ? BIT_MASK(0) : N == 1 ? 0 : BIT_MASK(1);

	mc_assert(mc_final(&word) == (BIT_MASK(7) | expected));
}

struct mc_client mc_client = {
	.name = IS_ENABLED(GENERIC) ? "bitops" : "bitops-arch", .nr_threads = N,
	.setup = setup, .thread = thread, .final = final,
};
