/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Boot parameters: one line each, beside the variable they set.
 *
 *	BOOT_PARAM_ENUM(preempt, preempt_mode, "how eagerly ...", "none", "voluntary", "full");
 *
 * The command line is "name" or "name=value", separated by spaces; quotes keep
 * spaces together: run="ps; cpus". '-' and '_' in names are the same. An unknown
 * name is reported with the nearest known ones and ignored; a bad value is
 * reported with what is accepted, and the default stays; given twice, the last
 * one wins, with a note. Values are set before the first init step that may
 * read them (see the table in kernel/main.c).
 */
#ifndef KERNEL_PARAM_H
#define KERNEL_PARAM_H

#include <base/compiler.h>
#include <base/types.h>

enum param_type { PARAM_BOOL, PARAM_INT, PARAM_ENUM, PARAM_STRING };

struct boot_param {
	const char *name;
	const char *help;
	enum param_type type;
	void *var;			/* bool, int, int, char[size] */
	long min, max;			/* PARAM_INT */
	const char *const *values;	/* PARAM_ENUM, NULL-terminated; the index is stored */
	size_t size;			/* PARAM_STRING: of the buffer */
	const char *bare;		/* PARAM_STRING: value of "name" alone; NULL: not allowed */
};

#define __BOOT_PARAM(name_, ...)					\
	static const struct boot_param CONCATENATE(boot_param_, name_)	\
	__used __section(".boot_params") __aligned(8) = { .name = #name_, __VA_ARGS__ }

/* name, name=on|yes|true|1, name=off|no|false|0 */
#define BOOT_PARAM_BOOL(name_, var_, help_)				\
	__BOOT_PARAM(name_, .help = help_, .type = PARAM_BOOL, .var = &(var_))
/* Decimal or 0x; a value outside min..max is refused. */
#define BOOT_PARAM_INT(name_, var_, min_, max_, help_)			\
	__BOOT_PARAM(name_, .help = help_, .type = PARAM_INT, .var = &(var_), \
		     .min = (min_), .max = (max_))
#define BOOT_PARAM_ENUM(name_, var_, help_, ...)			\
	__BOOT_PARAM(name_, .help = help_, .type = PARAM_ENUM, .var = &(var_), \
		     .values = (const char *const[]){ __VA_ARGS__, NULL })
/* A value that does not fit is refused. Trailing .bare = "value" allows "name" alone. */
#define BOOT_PARAM_STRING(name_, buf_, help_, ...)			\
	__BOOT_PARAM(name_, .help = help_, .type = PARAM_STRING, .var = (buf_), \
		     .size = sizeof(buf_), ##__VA_ARGS__)

/**
 * param_parse() - set the variables that a command line names
 * @cmdline: not changed
 * Context: boot CPU, before SMP.
 * Return: how many parameters were unknown or refused.
 */
unsigned int param_parse(const char *cmdline);

/* The same on one parameter table; for tests. */
unsigned int param_parse_table(const char *cmdline, const struct boot_param *params,
			       unsigned int nr);

/* "on|off", "0..255", "none|voluntary|full", "TEXT" into @buf. */
void param_accepted(const struct boot_param *p, char *buf, size_t size);
/* The value it has now, as text, into @buf. */
void param_value(const struct boot_param *p, char *buf, size_t size);

/* All parameters: what for, what is accepted, the value now. */
void param_list(void (*print)(const char *fmt, ...));

extern const struct boot_param __start_boot_params[], __stop_boot_params[];

#define for_each_boot_param(p) \
	for ((p) = __start_boot_params; (p) < __stop_boot_params; (p)++)

#endif
