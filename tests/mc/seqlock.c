/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A sequence counter under the checker: a writer and readers of two words.
 *
 * What it shows: a reader that does not have to retry has seen both words of one
 * write section. LATCH: the same for seqcount_latch_t, whose readers never wait.
 * LOCKED: seqlock_t, whose last reader takes the lock instead; all others write.
 * INVALIDATE: who begins after write_seqcount_invalidate() sees what was written before it.
 * BARRIER: no section, but a barrier between the two words: who sees the second has seen
 * the first.
 *
 * Built with -DN=threads [-DLATCH | -DLOCKED | -DINVALIDATE | -DBARRIER].
 */
#include <locking/seqlock.h>

static seqcount_t seq;
static seqcount_latch_t latch;
static DEFINE_SEQLOCK(lock);
static u32 a, b, data[2][2];

static void write_words(void)
{
	raw_write_seqcount_begin(&seq);
	WRITE_ONCE(a, 1);
	WRITE_ONCE(b, 1);
	raw_write_seqcount_end(&seq);
}

static void read_words(void)
{
	unsigned int start = read_seqcount_begin(&seq);
	u32 first = READ_ONCE(a), second = READ_ONCE(b);

	if (!read_seqcount_retry(&seq, start)) {
		mc_assert(first == second);
		mc_assert(first == start / 2);
	}
}

static void unhook(void)
{
	WRITE_ONCE(a, 1);
	write_seqcount_invalidate(&seq);
}

static void look_for_it(void)
{
	unsigned int start = read_seqcount_begin(&seq);
	u32 seen = READ_ONCE(a);

	if (!read_seqcount_retry(&seq, start))
		mc_assert(!start || seen);
}

static void write_apart(void)
{
	WRITE_ONCE(a, 1);
	raw_write_seqcount_barrier(&seq);
	WRITE_ONCE(b, 1);
}

static void read_apart(void)
{
	unsigned int start = read_seqcount_begin(&seq);
	u32 second = READ_ONCE(b), first = READ_ONCE(a);

	if (!read_seqcount_retry(&seq, start))
		mc_assert(first || !second);
}

static void write_latch(void)
{
	for (unsigned int copy = 0; copy < 2; copy++) {
		raw_write_seqcount_latch(&latch);
		WRITE_ONCE(data[copy][0], 1);
		WRITE_ONCE(data[copy][1], 1);
	}
}

static void read_latch(void)
{
	unsigned int start = raw_read_seqcount_latch(&latch);
	u32 first = READ_ONCE(data[start & 1][0]), second = READ_ONCE(data[start & 1][1]);

	if (!read_seqcount_latch_retry(&latch, start))
		mc_assert(first == second);
}

static void write_locked(void)
{
	write_seqlock(&lock);
	WRITE_ONCE(a, READ_ONCE(a) + 1);
	WRITE_ONCE(b, READ_ONCE(b) + 1);
	write_sequnlock(&lock);
}

static void read_or_lock(void)
{
	int seq = 0;

	for (unsigned int tries = 0; tries < 2; tries++) {
		u32 first, second;

		read_seqbegin_or_lock(&lock, &seq);
		first = READ_ONCE(a);
		second = READ_ONCE(b);
		if (!need_seqretry(&lock, seq)) {
			mc_assert(first == second);
			break;
		}
		mc_assert(tries == 0);
		seq = 1;
	}
	done_seqretry(&lock, seq);
}

static void thread(unsigned int t)
{
	if (IS_ENABLED(INVALIDATE))
		t == 0 ? unhook() : look_for_it();
	else if (IS_ENABLED(LOCKED))
		t < N - 1 ? write_locked() : read_or_lock();
	else if (IS_ENABLED(BARRIER))
		t == 0 ? write_apart() : read_apart();
	else if (t == 0)
		IS_ENABLED(LATCH) ? write_latch() : write_words();
	else
		IS_ENABLED(LATCH) ? read_latch() : read_words();
}

static unsigned int kind(unsigned int t)
{
	return IS_ENABLED(LOCKED) ? t == N - 1 : t == 0;
}

static void final(void)
{
	if (IS_ENABLED(LOCKED))
		mc_assert(mc_final(&a) == N - 1 && mc_final(&b) == N - 1);
}

struct mc_client mc_client = {
	.name = "seqlock", .nr_threads = N, .thread = thread, .kind = kind,
	.final = final,
};
