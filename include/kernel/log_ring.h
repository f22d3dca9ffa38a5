/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The log's memory: a ring of records that any context may write to and read
 * from without a lock. printk() is the user; the mechanism and the proof are in
 * kernel/log_ring.c.
 */
#ifndef KERNEL_LOG_RING_H
#define KERNEL_LOG_RING_H

#include <locking/atomic.h>
#include <kernel/printk.h>

#ifndef LOG_SLOT_TEXT		/* tests/mc has a shorter one */
#define LOG_SLOT_TEXT	104
#endif

/* A slot is a seqcount around a piece of a record. 128 bytes. */
struct log_slot {
	u64 state;		/* 2 * laps finished; odd while this lap's owner writes */
	/* written by the owner of the slot while state is odd */
	u64 ts_ns;
	u16 len;		/* of the whole record's text */
	u16 cpu;
	u8 level;
	bool raw;
	u8 part;		/* this slot is the part-th of its record */
	u8 parts;		/* how many slots the record has */
	char text[LOG_SLOT_TEXT];
};

_Static_assert(sizeof(struct log_slot) == 128 || LOG_SLOT_TEXT != 104,
	       "two slots would share a line");
_Static_assert(LOG_TEXT_MAX % LOG_SLOT_TEXT == 0, "a record is whole slots");

struct log_ring {
	u64 head;		/* sequence number of the next slot; cmpxchg by writers */
	atomic64_t dropped;	/* records that found no room; writers */
	unsigned int bits;	/* 1 << bits slots; constant */
	struct log_slot *slots;	/* all zero at first */
};

#define LOG_RING(slots_, bits_)	{ .bits = (bits_), .slots = (slots_) }

/* A record being written. Its text comes through the sink. */
struct log_entry {
	struct text_sink sink;
	struct log_ring *ring;
	u64 seq;
	unsigned int parts;
	unsigned int room;	/* characters reserved */
	unsigned int len;	/* characters written */
	bool cut;		/* there were more than LOG_TEXT_MAX */
};

/**
 * log_reserve() - take the slots for a record
 * @len: characters of its text; what goes over LOG_TEXT_MAX is cut
 * Context: any. The caller keeps interrupts off until log_commit(), so that
 *	    readers, who stop at an unfinished record, go on soon.
 * Return: false when the ring is full of unfinished records: the record is
 *	   dropped, and counted.
 */
bool log_reserve(struct log_ring *ring, struct log_entry *entry, size_t len);

/* Head of the record; ts_ns, cpu, level and raw of @info are taken. */
void log_describe(struct log_entry *entry, const struct log_record *info);

/* The record is complete: readers may have it. */
void log_commit(struct log_entry *entry);

/* log_read() on a given ring: see <kernel/printk.h>. */
bool log_ring_read(struct log_ring *ring, u64 *seq, struct log_record *rec, u64 *lost);

/* Would log_ring_read() from @seq find something? */
bool log_ring_readable(const struct log_ring *ring, u64 seq);
/* Has number @seq been taken? */
bool log_ring_behind(const struct log_ring *ring, u64 seq);

#endif
