/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Between the two halves of printf(): kernel/vsprintf.c and vsprintf_pointer.c.
 * Everybody else uses <kernel/printk.h>.
 */
#ifndef KERNEL_VSPRINTF_H
#define KERNEL_VSPRINTF_H

#include <kernel/printk.h>

/* A conversion, as it stands between % and its letter. */
struct spec {
	bool left, plus, space, alt, zero;	/* flags - + ' ' # 0 */
	int width;
	int precision;				/* -1: none */
	char length;				/* 0, h l z t j; H is hh, q is ll */
	char conv;
};

/* Each writes to @sink and returns how many characters that were. */
int emit(struct text_sink *sink, const char *s, size_t len);
int emit_string(struct text_sink *sink, const struct spec *spec, const char *s);
int emit_number(struct text_sink *sink, const struct spec *spec, u64 value,
		unsigned int base, const char *prefix);
/* @fmt: what follows the 'p'; moved past the letters that were used. */
int emit_pointer(struct text_sink *sink, const struct spec *spec, const void *ptr,
		 const char **fmt);

#endif
