/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The log's ring: many writers, many readers, every context, no lock.
 *
 *	ring->head		next sequence number	cmpxchg, by the writer that takes it
 *	slot->state		see below		the owner of the slot's current number
 *	slot->*			a piece of a record	the same, while state is odd
 *	ring->dropped		records without room	writers
 *
 * Sequence numbers never wrap (64 bits). Number s lives in slot s % N and is that
 * slot's lap s / N. A slot is a seqcount that steps by two a lap:
 *
 *	state		slot s % N, with L = s / N
 *	2L		lap L-1 is finished: free for number s
 *	2L + 1		the owner of s writes
 *	2L + 2		s is finished: readers may copy; free for number s + N
 *
 *	      reserve: head cmpxchg	       log_commit()
 *	 2L ------------------------> 2L+1 ------------------> 2L+2
 *
 * Writing. A record of k slots takes k numbers with one cmpxchg of head, so that
 * parts of one record are neighbours whatever the others do. Before that, it has
 * seen all k slots free; nobody but the owner of s + i moves that slot on, so if
 * head is still what it was, they are free still. A slot that is odd belongs to a
 * writer a whole lap behind (its CPU was taken away in the middle): the record is
 * dropped and counted, because waiting for it might be waiting for the very code
 * that we have interrupted.
 *
 *	CPU 0				NMI on CPU 0			head
 *	head cmpxchg 7 -> 8						8
 *	slot 7: odd, "hel"
 *					head cmpxchg 8 -> 9		9
 *					slot 8: "NMI", finished
 *	slot 7: "hello", finished
 *
 * Reading. Copy the slots, then look whether state is still what it was: a lap
 * that has begun meanwhile makes the copy worthless, and it is made again from the
 * oldest number there is. A reader stops at an unfinished record: order is kept.
 *
 * Ordering:
 *	log/A	a finished slot: what its owner wrote, to readers (and to the owner
 *		of the next lap, which must not write before)
 *	log/B	a slot that is being rewritten: a reader that copied any of the
 *		new text sees a state that has moved on
 *	log/C	head, before the state of a slot that was taken: who sees that state
 *		move on finds head at least a lap ahead of what was in the slot
 *
 * Cost: one cmpxchg a record, and 24 bytes of head for each 104 of text.
 *
 * Linux:   kernel/printk/printk_ringbuffer.c
 * Differs: slots of one size, where Linux has a ring of descriptors and one of
 *	    bytes: nothing is retired, so there is no tail to push, and a slot
 *	    has three states. The price is memory.
 */
#include <locking/atomic.h>
#include <kernel/log_ring.h>

static u64 nr_slots(const struct log_ring *ring)
{
	return 1ULL << ring->bits;
}

static struct log_slot *slot_of(const struct log_ring *ring, u64 seq)
{
	return &ring->slots[seq & (nr_slots(ring) - 1)];
}

static u64 state_free(const struct log_ring *ring, u64 seq)
{
	return 2 * (seq >> ring->bits);
}

static u64 state_finished(const struct log_ring *ring, u64 seq)
{
	return state_free(ring, seq) + 2;
}

/* ---- writers ------------------------------------------------------------------ */

static bool slots_free(const struct log_ring *ring, u64 seq, unsigned int parts)
{
	unsigned int i;

	for (i = 0; i < parts; i++) {
		/* log/A: pairs with log_commit() */
		/* log/C: pairs with take_numbers() */
		u64 state = smp_load_acquire(&slot_of(ring, seq + i)->state);

		if (state != state_free(ring, seq + i))
			return false;
	}
	return true;
}

static bool take_numbers(struct log_ring *ring, unsigned int parts, u64 *seq)
{
	u64 head = READ_ONCE(ring->head);

	for (;;) {
		if (slots_free(ring, head, parts)) {
			*seq = head;
			/* log/C: pairs with slots_free(), still_there(), slot_age() */
			if (try_cmpxchg(&ring->head, &head, head + parts))
				return true;
		} else {
			u64 now = READ_ONCE(ring->head);

			if (now == head)
				return false;
			head = now;
		}
	}
}

static void entry_write(struct text_sink *sink, const char *s, size_t len);

bool log_reserve(struct log_ring *ring, struct log_entry *entry, size_t len)
{
	bool cut = len > LOG_TEXT_MAX;
	unsigned int i;

	len = min(len, (size_t)LOG_TEXT_MAX);
	*entry = (struct log_entry){
		.sink = { entry_write }, .ring = ring, .room = len, .cut = cut,
		.parts = max(DIV_ROUND_UP(len, LOG_SLOT_TEXT), (size_t)1),
	};
	if (entry->parts > nr_slots(ring) || !take_numbers(ring, entry->parts, &entry->seq)) {
		atomic64_inc(&ring->dropped);
		return false;
	}
	for (i = 0; i < entry->parts; i++)
		WRITE_ONCE(slot_of(ring, entry->seq + i)->state,
			   state_free(ring, entry->seq + i) + 1);
	/* log/B: pairs with still_there() */
	smp_wmb();
	for (i = 0; i < entry->parts; i++) {
		WRITE_ONCE(slot_of(ring, entry->seq + i)->part, i);
		WRITE_ONCE(slot_of(ring, entry->seq + i)->parts, entry->parts);
	}
	return true;
}

void log_describe(struct log_entry *entry, const struct log_record *info)
{
	struct log_slot *first = slot_of(entry->ring, entry->seq);

	WRITE_ONCE(first->ts_ns, info->ts_ns);
	WRITE_ONCE(first->cpu, info->cpu);
	WRITE_ONCE(first->level, info->level);
	WRITE_ONCE(first->raw, info->raw);
}

static char *char_at(struct log_entry *entry, unsigned int i)
{
	struct log_slot *slot = slot_of(entry->ring, entry->seq + i / LOG_SLOT_TEXT);

	return &slot->text[i % LOG_SLOT_TEXT];
}

static void entry_write(struct text_sink *sink, const char *s, size_t len)
{
	struct log_entry *entry = container_of(sink, struct log_entry, sink);

	for (; len && entry->len < entry->room; len--)
		WRITE_ONCE(*char_at(entry, entry->len++), *s++);
}

/* The first slot last: who sees it finished sees the whole record. */
void log_commit(struct log_entry *entry)
{
	struct log_ring *ring = entry->ring;
	unsigned int i;

	if (entry->cut)
		for (i = entry->len; i-- > entry->len - 3; )
			WRITE_ONCE(*char_at(entry, i), '.');
	WRITE_ONCE(slot_of(ring, entry->seq)->len, entry->len);
	for (i = entry->parts; i-- > 0; )
		/* log/A: pairs with slots_free(), slot_age() */
		smp_store_release(&slot_of(ring, entry->seq + i)->state,
				  state_finished(ring, entry->seq + i));
}

/* ---- readers ------------------------------------------------------------------ */

/* < 0: number @seq is not finished yet. 0: it is here. > 0: it is gone. */
static s64 slot_age(const struct log_ring *ring, u64 seq)
{
	/* log/A: pairs with log_commit() */
	/* log/C: pairs with take_numbers() */
	u64 state = smp_load_acquire(&slot_of(ring, seq)->state);

	return (s64)(state - state_finished(ring, seq));
}

static u64 skip_overwritten(const struct log_ring *ring, u64 seq, u64 *lost)
{
	u64 oldest = READ_ONCE(ring->head) - nr_slots(ring);

	if (lost)
		*lost += oldest - seq;
	return oldest;
}

/* The text may change under us, which the second look finds out. */
static void copy_text(const struct log_ring *ring, u64 seq, struct log_record *rec)
{
	unsigned int i;

	for (i = 0; i < rec->len; i++)
		rec->text[i] = READ_ONCE(slot_of(ring, seq + i / LOG_SLOT_TEXT)->
					 text[i % LOG_SLOT_TEXT]);
	rec->text[i] = 0;
}

static bool still_there(const struct log_ring *ring, u64 seq, unsigned int parts)
{
	unsigned int i;

	/* log/B: pairs with log_reserve() */
	smp_rmb();
	for (i = 0; i < parts; i++) {
		/* log/C: pairs with take_numbers() */
		u64 state = smp_load_acquire(&slot_of(ring, seq + i)->state);

		if (state != state_finished(ring, seq + i))
			return false;
	}
	return true;
}

/* Return: slots that the record takes from here on; 0 when a writer overtook us. */
static unsigned int copy_record(const struct log_ring *ring, u64 seq, struct log_record *rec,
				unsigned int *part)
{
	const struct log_slot *slot = slot_of(ring, seq);
	unsigned int parts = 1;

	*part = READ_ONCE(slot->part);
	if (*part == 0) {
		parts = clamp(READ_ONCE(slot->parts), 1, LOG_TEXT_MAX / LOG_SLOT_TEXT);
		rec->seq = seq;
		rec->ts_ns = READ_ONCE(slot->ts_ns);
		rec->cpu = READ_ONCE(slot->cpu);
		rec->level = READ_ONCE(slot->level);
		rec->raw = READ_ONCE(slot->raw);
		rec->len = min(READ_ONCE(slot->len), (u16)LOG_TEXT_MAX);
		copy_text(ring, seq, rec);
	}
	return still_there(ring, seq, parts) ? parts : 0;
}

bool log_ring_read(struct log_ring *ring, u64 *seq, struct log_record *rec, u64 *lost)
{
	unsigned int part, parts;

	for (;;) {
		s64 age = slot_age(ring, *seq);

		if (age < 0)
			return false;
		parts = age == 0 ? copy_record(ring, *seq, rec, &part) : 0;
		if (!parts) {
			*seq = skip_overwritten(ring, *seq, lost);
			continue;
		}
		*seq += parts;
		if (part == 0)
			return true;
		/* The record's beginning is gone: so is the rest. */
		if (lost)
			*lost += 1;
	}
}

bool log_ring_readable(const struct log_ring *ring, u64 seq)
{
	return slot_age(ring, seq) >= 0;
}

bool log_ring_behind(const struct log_ring *ring, u64 seq)
{
	return (s64)(READ_ONCE(ring->head) - seq) > 0;
}
