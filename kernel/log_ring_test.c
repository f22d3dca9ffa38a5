/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The log's ring, one step at a time: two writers and a reader are interleaved by
 * hand, in the ways in which an NMI or a lost CPU would interleave them.
 */
#include <base/string.h>
#include <kernel/log_ring.h>
#include <kernel/selftest.h>

#define BITS	3

static struct log_slot slots[1 << BITS];
static struct log_ring ring;
static struct log_record rec;
static char long_text[LOG_TEXT_MAX + 100];

static void fresh(void)
{
	memset(slots, 0, sizeof(slots));
	ring = (struct log_ring)LOG_RING(slots, BITS);
}

static bool begin(struct log_entry *e, const char *text)
{
	struct log_record info = { .level = LOGLEVEL_INFO };

	if (!log_reserve(&ring, e, strlen(text)))
		return false;
	log_describe(e, &info);
	sink_printf(&e->sink, "%s", text);
	return true;
}

static bool add(const char *text)
{
	struct log_entry e;

	if (!begin(&e, text))
		return false;
	log_commit(&e);
	return true;
}

static bool next_is(u64 *seq, const char *text)
{
	return log_ring_read(&ring, seq, &rec, NULL) && !strcmp(rec.text, text);
}

SELFTEST(log_ring, records_come_out_in_order)
{
	u64 seq = 0;

	fresh();
	EXPECT(!log_ring_read(&ring, &seq, &rec, NULL));
	EXPECT(add("one"));
	EXPECT(add(""));
	EXPECT(add("three"));
	EXPECT(next_is(&seq, "one"));
	EXPECT(next_is(&seq, ""));
	EXPECT(next_is(&seq, "three"));
	EXPECT(!log_ring_read(&ring, &seq, &rec, NULL));
	EXPECT_EQ(seq, 3);
}

/* An NMI prints in the middle of a record. */
SELFTEST(log_ring, an_unfinished_record_holds_back_later_ones)
{
	struct log_entry outer;
	u64 seq = 0;

	fresh();
	EXPECT(begin(&outer, "outer"));
	EXPECT(add("inner"));
	EXPECT(!log_ring_readable(&ring, 0));
	EXPECT(!log_ring_read(&ring, &seq, &rec, NULL));
	log_commit(&outer);
	EXPECT(next_is(&seq, "outer"));
	EXPECT(next_is(&seq, "inner"));
}

SELFTEST(log_ring, long_records_take_several_slots)
{
	struct log_entry e;
	u64 seq = 0, lost = 0;
	unsigned int i;

	fresh();
	for (i = 0; i < sizeof(long_text) - 1; i++)
		long_text[i] = 'a' + i % 26;
	long_text[3 * LOG_SLOT_TEXT - 1] = 0;
	EXPECT(add("first"));
	EXPECT(add(long_text));
	EXPECT_EQ(ring.head, 4);
	EXPECT(next_is(&seq, "first"));
	EXPECT(next_is(&seq, long_text));
	/* Its end is behind the ring's. */
	EXPECT(add("a"));
	EXPECT(add("b"));
	EXPECT(add(long_text));
	EXPECT(next_is(&seq, "a"));
	EXPECT(next_is(&seq, "b"));
	EXPECT(next_is(&seq, long_text));
	/* One more slot: the first record that is still whole begins three later. */
	seq = 1;
	EXPECT(begin(&e, "x"));
	log_commit(&e);
	EXPECT(log_ring_read(&ring, &seq, &rec, &lost));
	EXPECT_STREQ(rec.text, "a");
	EXPECT_EQ(lost, 3);
}

SELFTEST(log_ring, what_is_too_long_is_cut_and_says_so)
{
	u64 seq = 0;

	fresh();
	memset(long_text, 'x', sizeof(long_text) - 1);
	long_text[sizeof(long_text) - 1] = 0;
	EXPECT(add(long_text));
	EXPECT(log_ring_read(&ring, &seq, &rec, NULL));
	EXPECT_EQ(rec.len, LOG_TEXT_MAX);
	EXPECT_STREQ(rec.text + LOG_TEXT_MAX - 5, "xx...");
}

SELFTEST(log_ring, wraps_and_counts_what_the_reader_missed)
{
	u64 seq = 0, lost = 0;
	char text[8];
	int i;

	fresh();
	for (i = 0; i < 20; i++) {
		snprintf(text, sizeof(text), "%d", i);
		EXPECT(add(text));
	}
	EXPECT(log_ring_read(&ring, &seq, &rec, &lost));
	EXPECT_EQ(lost, 12);
	EXPECT_EQ(rec.seq, 12);
	EXPECT_STREQ(rec.text, "12");
	for (i = 13; i < 20; i++) {
		snprintf(text, sizeof(text), "%d", i);
		EXPECT(next_is(&seq, text));
	}
	EXPECT_EQ(atomic64_read(&ring.dropped), 0);
}

/* A writer loses its CPU for a whole lap. */
SELFTEST(log_ring, drops_and_counts_when_a_writer_is_a_lap_behind)
{
	struct log_entry slow;
	u64 seq = 0, lost = 0;
	int i;

	fresh();
	EXPECT(begin(&slow, "slow"));
	for (i = 1; i < 1 << BITS; i++)
		EXPECT(add("fast"));
	EXPECT(!add("no room"));
	EXPECT(!add("no room"));
	EXPECT_EQ(atomic64_read(&ring.dropped), 2);
	log_commit(&slow);
	EXPECT(add("room again"));
	EXPECT(log_ring_read(&ring, &seq, &rec, &lost));
	EXPECT_EQ(lost, 1);
	for (i = 2; i < 1 << BITS; i++)
		EXPECT(next_is(&seq, "fast"));
	EXPECT(next_is(&seq, "room again"));
}

/* A writer has taken its slot, a lap later, and not begun to write. */
SELFTEST(log_ring, a_record_that_is_being_overwritten_is_not_read)
{
	struct log_entry e;
	u64 seq = 0, lost = 0;
	int i;

	fresh();
	for (i = 0; i < 1 << BITS; i++)
		EXPECT(add("old"));
	EXPECT(begin(&e, "new"));
	EXPECT(log_ring_read(&ring, &seq, &rec, &lost));
	EXPECT_EQ(rec.seq, 1);
	EXPECT_EQ(lost, 1);
	log_commit(&e);
}
