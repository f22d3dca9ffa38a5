/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Boot parameters: one line each, beside the variable they set.
 *
 *	BOOT_PARAM_ENUM(preempt, preempt_mode, "how eagerly ...", "none", "voluntary", "full");
 *
 * The command line is "name" or "name=value", separated by spaces. An unknown
 * name is reported and ignored; a bad value is reported with what is accepted,
 * and the default stays. Values are set before the first init step that may
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
};

#define __BOOT_PARAM(name_, ...)					\
	static const struct boot_param CONCATENATE(boot_param_, name_)	\
	__used __section(".boot_params") __aligned(8) = { .name = #name_, __VA_ARGS__ }

#define BOOT_PARAM_BOOL(name_, var_, help_)				\
	__BOOT_PARAM(name_, .help = help_, .type = PARAM_BOOL, .var = &(var_))
#define BOOT_PARAM_INT(name_, var_, min_, max_, help_)			\
	__BOOT_PARAM(name_, .help = help_, .type = PARAM_INT, .var = &(var_), \
		     .min = (min_), .max = (max_))
#define BOOT_PARAM_ENUM(name_, var_, help_, ...)			\
	__BOOT_PARAM(name_, .help = help_, .type = PARAM_ENUM, .var = &(var_), \
		     .values = (const char *const[]){ __VA_ARGS__, NULL })
#define BOOT_PARAM_STRING(name_, buf_, help_)				\
	__BOOT_PARAM(name_, .help = help_, .type = PARAM_STRING, .var = (buf_), \
		     .size = sizeof(buf_))

/* Parse @cmdline into the variables. Context: boot CPU, before SMP. */
void param_parse(const char *cmdline);

#endif
