/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Is an instruction an atomic read-modify-write? From its bytes.
 *
 *	x86_64	a LOCK prefix, or XCHG with memory, which locks without one
 *	arm64	LSE: LDADD and the like, SWP, CAS, CASP. LL/SC: the store exclusive,
 *		so that a loop that succeeds at once counts as one
 */
#ifndef PLUGINS_ATOMIC_INSN_H
#define PLUGINS_ATOMIC_INSN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

static inline bool x86_is_atomic(const uint8_t *p, size_t n)
{
	size_t i = 0;

	for (; i < n && strchr("\x26\x2e\x36\x3e\x64\x65\x66\x67\xf0\xf2\xf3", p[i]) && p[i]; i++)
		if (p[i] == 0xf0)
			return true;
	if (i < n && (p[i] & 0xf0) == 0x40)
		i++;
	return i + 1 < n && (p[i] & 0xfe) == 0x86 && p[i + 1] < 0xc0;
}

static inline bool arm64_is_atomic(const uint8_t *p, size_t n)
{
	uint32_t insn;

	if (n != 4)
		return false;
	memcpy(&insn, p, 4);
	if ((insn & 0x3ffffc00) == 0x38bfc000)		/* LDAPR: a load */
		return false;
	return (insn & 0x3b200c00) == 0x38200000 ||	/* LDADD, LDSET ... SWP */
	       (insn & 0x3fa07c00) == 0x08a07c00 ||	/* CAS */
	       (insn & 0xbfa07c00) == 0x08207c00 ||	/* CASP */
	       (insn & 0x3fe00000) == 0x08000000;	/* STXR, STLXR */
}

static inline bool is_atomic(bool x86, const uint8_t *p, size_t n)
{
	return x86 ? x86_is_atomic(p, n) : arm64_is_atomic(p, n);
}

#endif
