/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * printk(): a record into the log, and a nudge to the console.
 *
 *	the_log			kernel/log_ring.c's	any context
 *	console_loglevel	boot parameter, shell
 *
 *	measure		format once, counting characters
 *	reserve		that many, interrupts off
 *	write		format again, straight into the ring
 *	commit		interrupts as they were
 *	flush		kernel/console.c, or leave it to the console's owner
 *
 * Formatting twice costs a microsecond and no buffer: 800 bytes of stack are not
 * there to be had in an NMI on top of an interrupt. Text that changes in between
 * (another task's name) is cut to what was reserved.
 *
 * Linux:   kernel/printk/printk.c
 * Differs: no continuation lines; a record is complete or it is not there.
 */
#include <kernel/arch.h>
#include <kernel/bug.h>
#include <kernel/console.h>
#include <kernel/irqflags.h>
#include <kernel/log_ring.h>
#include <kernel/param.h>
#include <kernel/percpu.h>

#define LOG_BITS	11		/* 2048 slots, 256 KiB */
#define LOGLEVEL_SHOW	LOGLEVEL_DEBUG	/* shown by default: what is below */
#define LOGLEVEL_QUIET	LOGLEVEL_WARNING

static struct log_slot log_slots[1 << LOG_BITS];
static struct log_ring the_log = LOG_RING(log_slots, LOG_BITS);

int console_loglevel = LOGLEVEL_SHOW;
static bool quiet;
BOOT_PARAM_INT(loglevel, console_loglevel, 0, NR_LOGLEVELS,
	       "show log records below this level on the console: 0 none, 4 errors, 7 info, 8 all");
BOOT_PARAM_BOOL(quiet, quiet, "show only errors on the console while booting (loglevel=4)");

const char *const loglevel_names[NR_LOGLEVELS] = {
	"emerg", "alert", "crit", "err", "warning", "notice", "info", "debug",
};

/* ---- writing ------------------------------------------------------------------- */

struct measure_sink {
	struct text_sink sink;
	char last;
};

static void measure(struct text_sink *sink, const char *s, size_t len)
{
	container_of(sink, struct measure_sink, sink)->last = s[len - 1];
}

static int log_add(struct log_record *info, const char *fmt, va_list args)
{
	struct measure_sink m = { { measure }, 0 };
	size_t len = sink_vprintf(&m.sink, fmt, args);
	struct log_entry entry;
	unsigned long flags;
	bool reserved;

	if (m.last == '\n' && !info->raw)
		len--;
	local_irq_save(flags);
	reserved = log_reserve(&the_log, &entry, len);
	if (reserved) {
		info->ts_ns = arch_clock_ns();
		info->cpu = raw_smp_processor_id();
		log_describe(&entry, info);
		sink_vprintf(&entry.sink, fmt, args);
		log_commit(&entry);
	}
	local_irq_restore(flags);
	return reserved ? (int)len : 0;
}

static const char *parse_level(const char *fmt, struct log_record *info)
{
	info->level = LOGLEVEL_DEFAULT;
	if (fmt[0] != KERN_SOH[0] || fmt[1] < '0' || fmt[1] > '7')
		return fmt;
	info->level = fmt[1] - '0';
	return fmt + 2;
}

int vprintk(const char *fmt, va_list args)
{
	struct log_record info = { .raw = false };
	int len;

	fmt = parse_level(fmt, &info);
	len = log_add(&info, fmt, args);
	console_flush();
	return len;
}

int printk(const char *fmt, ...)
{
	va_list args;
	int len;

	va_start(args, fmt);
	len = vprintk(fmt, args);
	va_end(args);
	return len;
}

int printk_level(int level, const char *fmt, ...)
{
	struct log_record info = { .level = level };
	va_list args;
	int len;

	va_start(args, fmt);
	len = log_add(&info, fmt, args);
	va_end(args);
	console_flush();
	return len;
}

void log_raw(const char *fmt, va_list args)
{
	struct log_record info = { .raw = true, .level = LOGLEVEL_INFO };

	log_add(&info, fmt, args);
}

/* ---- reading ------------------------------------------------------------------- */

bool log_read(u64 *seq, struct log_record *rec, u64 *lost)
{
	return log_ring_read(&the_log, seq, rec, lost);
}

int log_prefix(const struct log_record *rec, char *buf, size_t size)
{
	return scnprintf(buf, size, "[%5llu.%06llu] ",
			 (unsigned long long)(rec->ts_ns / 1000000000),
			 (unsigned long long)(rec->ts_ns % 1000000000 / 1000));
}

bool log_readable(u64 seq)
{
	return log_ring_readable(&the_log, seq);
}

bool log_behind(u64 seq)
{
	return log_ring_behind(&the_log, seq);
}

bool log_half_full(u64 seq)
{
	return READ_ONCE(the_log.head) - seq > ARRAY_SIZE(log_slots) / 2;
}

u64 log_dropped(void)
{
	return atomic64_read(&the_log.dropped);
}

int log_console_level(void)
{
	if (panic_in_progress())
		return NR_LOGLEVELS;
	return quiet && console_loglevel == LOGLEVEL_SHOW ? LOGLEVEL_QUIET : console_loglevel;
}

void log_stats(struct log_stats *stats)
{
	stats->slots_used = READ_ONCE(the_log.head);
	stats->slots = 1U << LOG_BITS;
	stats->dropped = log_dropped();
}
