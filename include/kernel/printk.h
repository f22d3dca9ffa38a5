/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Text out of the kernel: formatting, the log, the console.
 *
 *	you have			use
 *	something the log should keep	pr_err() ... pr_debug(), printk(KERN_* "...")
 *	output of a command, KTAP	con_printf(), console_write(): no prefix, not kept
 *	a buffer to fill		snprintf(), scnprintf()
 *
 * All of printk() works in every context, NMI and a panic included, from the
 * first instruction of C on. One call is one record: it comes out whole, and
 * nothing of another CPU's lands inside it. Records may hold several lines.
 *
 * Format: what C has, without floating point and %n, and
 *	%pS	symbol+0xoff/0xsize of a code address	%ps	symbol alone
 *	%pB	the same for a return address		%pe	-ENOENT of an ERR_PTR()
 *	%*pbl	list of set bits, "0-3,7": nr_bits, bitmap	%*pb	the same in hex
 *	%px	an address (%p prints the same: nothing is hidden from a student)
 */
#ifndef KERNEL_PRINTK_H
#define KERNEL_PRINTK_H

#include <stdarg.h>
#include <base/compiler.h>
#include <base/types.h>

#define KERN_SOH	"\001"
#define KERN_EMERG	KERN_SOH "0"	/* the machine ends */
#define KERN_ALERT	KERN_SOH "1"
#define KERN_CRIT	KERN_SOH "2"
#define KERN_ERR	KERN_SOH "3"
#define KERN_WARNING	KERN_SOH "4"
#define KERN_NOTICE	KERN_SOH "5"
#define KERN_INFO	KERN_SOH "6"
#define KERN_DEBUG	KERN_SOH "7"

enum {
	LOGLEVEL_EMERG, LOGLEVEL_ALERT, LOGLEVEL_CRIT, LOGLEVEL_ERR,
	LOGLEVEL_WARNING, LOGLEVEL_NOTICE, LOGLEVEL_INFO, LOGLEVEL_DEBUG,
	NR_LOGLEVELS
};
/* What printk() takes without a level. */
#define LOGLEVEL_DEFAULT	LOGLEVEL_WARNING

/* Records below this level reach the console: `loglevel=`, `quiet`. */
extern int console_loglevel;

/**
 * printk() - add a record to the log and see that it gets to the console
 * @fmt: format, with a KERN_* in front; a final newline is implied
 * Context: Any. Waits for another CPU to finish its record, except in NMI.
 * Return: characters in the record, 0 if it was dropped (which is counted and reported).
 */
__printf(1, 2) int printk(const char *fmt, ...);
__printf(1, 0) int vprintk(const char *fmt, va_list args);
/* The same with the level as a number. */
__printf(2, 3) int printk_level(int level, const char *fmt, ...);

#ifndef pr_fmt
#define pr_fmt(fmt) fmt
#endif

#define pr_emerg(fmt, ...)	printk(KERN_EMERG pr_fmt(fmt), ##__VA_ARGS__)
#define pr_alert(fmt, ...)	printk(KERN_ALERT pr_fmt(fmt), ##__VA_ARGS__)
#define pr_crit(fmt, ...)	printk(KERN_CRIT pr_fmt(fmt), ##__VA_ARGS__)
#define pr_err(fmt, ...)	printk(KERN_ERR pr_fmt(fmt), ##__VA_ARGS__)
#define pr_warn(fmt, ...)	printk(KERN_WARNING pr_fmt(fmt), ##__VA_ARGS__)
#define pr_notice(fmt, ...)	printk(KERN_NOTICE pr_fmt(fmt), ##__VA_ARGS__)
#define pr_info(fmt, ...)	printk(KERN_INFO pr_fmt(fmt), ##__VA_ARGS__)
#define pr_debug(fmt, ...)	printk(KERN_DEBUG pr_fmt(fmt), ##__VA_ARGS__)

#define pr_err_once(fmt, ...)						\
	({								\
		static bool _printed;					\
		if (!__atomic_exchange_n(&_printed, true, __ATOMIC_RELAXED)) \
			pr_err(fmt, ##__VA_ARGS__);			\
	})

/* ---- formatting ------------------------------------------------------------ */

/*
 * Always terminate @buf (if @size > 0). snprintf() returns the length that the
 * whole text has, scnprintf() the length that is in @buf. Context: any.
 */
__printf(3, 4) int snprintf(char *buf, size_t size, const char *fmt, ...);
__printf(3, 0) int vsnprintf(char *buf, size_t size, const char *fmt, va_list args);
__printf(3, 4) int scnprintf(char *buf, size_t size, const char *fmt, ...);
__printf(3, 0) int vscnprintf(char *buf, size_t size, const char *fmt, va_list args);

/* Where formatted text goes, a piece at a time. */
struct text_sink {
	void (*write)(struct text_sink *sink, const char *s, size_t len);
};
/* Return: characters written. Context: any that sink->write() allows. */
__printf(2, 0) int sink_vprintf(struct text_sink *sink, const char *fmt, va_list args);
__printf(2, 3) int sink_printf(struct text_sink *sink, const char *fmt, ...);

/* ---- console --------------------------------------------------------------- */

/**
 * con_printf() - write to the console: no level, no prefix, not kept in the log
 * @fmt: format; nothing is added, not even a newline
 *
 * The text of one call comes out whole, after every record that was complete
 * when the call began. A record that is printed while the console is inside a
 * line (a prompt) first ends that line.
 *
 * Context: Any. Where the caller may not wait for the console (NMI, or on top
 *	    of the CPU's own printing) the text goes through the log instead.
 */
__printf(1, 2) void con_printf(const char *fmt, ...);
__printf(1, 0) void con_vprintf(const char *fmt, va_list args);
/* The same for bytes as they are: the shell's echo. */
void console_write(const char *s, size_t len);

/* How often a record cut into a line that con_printf() had left open: a line
 * editor that sees it change draws its line again. */
unsigned int console_interruptions(void);

/* ---- the log: dmesg -------------------------------------------------------- */

#ifndef LOG_TEXT_MAX			/* tests/mc has a shorter one */
#define LOG_TEXT_MAX	832		/* characters of a record; longer ones end in "..." */
#endif

struct log_record {
	u64 seq;			/* 0, 1, 2 ... ; a record takes one number or more */
	u64 ts_ns;
	unsigned int cpu;
	unsigned int level;		/* LOGLEVEL_* */
	bool raw;			/* con_printf() that could not wait: no prefix */
	unsigned int len;
	char text[LOG_TEXT_MAX + 1];	/* terminated */
};

/**
 * log_read() - the first whole record at or after *@seq
 * @seq: 0 for the oldest; on return, where to go on
 * @rec: filled on success
 * @lost: if not NULL, increased by how many records' worth of log is gone
 *	  between the *@seq asked for and the record returned
 * Context: Any.
 * Return: true if there was one.
 */
bool log_read(u64 *seq, struct log_record *rec, u64 *lost);
/* "<prefix>" of @rec into @buf: "[    0.123456] ". Return: its length. */
int log_prefix(const struct log_record *rec, char *buf, size_t size);

struct log_stats {
	u64 slots_used;			/* slots ever written; a record takes one or more */
	u64 dropped;			/* records that found the log full of unfinished ones */
	unsigned int slots;		/* how many the log keeps */
};
void log_stats(struct log_stats *stats);

extern const char *const loglevel_names[NR_LOGLEVELS];

/* ---- for panic.c ----------------------------------------------------------- */

/* From here on this CPU alone writes to the console, whoever owned it. */
void console_panic_takeover(void);

#endif
