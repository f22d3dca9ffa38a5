/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The log's ring, explored: two writers, and a reader that looks twice. A record
 * that is read is one writer's from end to end; the second is not before the first.
 *
 *	-DBITS=0 -DFIRST=1 -DSECOND=1	one slot: each lap overwrites the last
 *	-DBITS=1 -DFIRST=1 -DSECOND=1	two slots: the writers race for the first
 *	-DBITS=1 -DFIRST=2 -DSECOND=2	records of two slots, a lap each
 *	-DBITS=1 -DFIRST=1 -DSECOND=2	the longer may need the shorter's slot
 *
 * A slot has one character here (LOG_SLOT_TEXT=1): each access is a choice of the
 * explorer, and there are enough of them.
 */
#include <locking/port.h>
#include <kernel/log_ring.h>

static struct log_slot slots[1 << BITS];
static struct log_ring ring = LOG_RING(slots, BITS);
static bool wrote[2];			/* each its thread's */
static const unsigned int length[2] = { FIRST, SECOND };

static void write_record(unsigned int t)
{
	struct log_record info = { .ts_ns = t + 1, .cpu = t + 1, .level = t + 1 };
	struct log_entry e;
	char text[] = { (char)(t + 1), (char)(t + 1) };

	if (!log_reserve(&ring, &e, length[t]))
		return;
	log_describe(&e, &info);
	e.sink.write(&e.sink, text, length[t]);
	log_commit(&e);
	wrote[t] = true;
}

static void read_records(void)
{
	struct log_record rec;
	u64 seq = 0, lost = 0, last = 0;
	int i, j;

	for (i = 0; i < 2 && log_ring_read(&ring, &seq, &rec, &lost); i++) {
		mc_assert(i == 0 || rec.seq > last);
		mc_assert(rec.ts_ns == 1 || rec.ts_ns == 2);
		mc_assert(rec.len == length[rec.ts_ns - 1]);
		for (j = 0; j < (int)rec.len; j++)
			mc_assert(rec.text[j] == (char)rec.ts_ns);
		last = rec.seq;
	}
	mc_assert(seq <= FIRST + SECOND && lost <= FIRST + SECOND);
}

static void thread(unsigned int t)
{
	if (t < 2)
		write_record(t);
	else
		read_records();
}

static void setup(void)
{
	wrote[0] = wrote[1] = false;
}

static void final(void)
{
	mc_assert(wrote[0] || wrote[1]);
	mc_assert(mc_final(&ring.head) == wrote[0] * FIRST + wrote[1] * SECOND);
}

struct mc_client mc_client = {
	.name = "log-ring", .nr_threads = N, .setup = setup,
	.thread = thread, .final = final,
};
