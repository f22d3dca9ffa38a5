/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The plugins' model and decoder against what is known: who misses when CPUs read and
 * write a line in turn, and which instructions are atomic.
 */
#include <stdio.h>
#include <stdlib.h>

#include "atomic_insn.h"
#include "mesi_model.h"

static struct mesi m;
static int failed;

/* "0r 1w 0a": CPU, and read, write or atomic; all on one line of memory. */
static void expect(const char *trace, unsigned int reads, unsigned int writes,
		   unsigned int upgrades, unsigned int invalidations, unsigned int cold)
{
	mesi_reset(&m);
	for (const char *p = trace; *p; p++) {
		char *end;
		unsigned long cpu = strtoul(p, &end, 10);

		mesi_access(&m, (unsigned int)cpu, 0x1234, *end != 'r');
		p = end + (end[1] == ' ');
	}
	if (m.read_misses == reads && m.write_misses == writes && m.upgrades == upgrades &&
	    m.invalidations == invalidations && m.cold == cold)
		return;
	printf("%s: read %u write %u upgrades %u invalidations %u cold %u; expected "
	       "%u %u %u %u %u\n", trace, (unsigned int)m.read_misses,
	       (unsigned int)m.write_misses, (unsigned int)m.upgrades,
	       (unsigned int)m.invalidations, (unsigned int)m.cold, reads, writes, upgrades,
	       invalidations, cold);
	failed = 1;
}

static void check_model(void)
{
	expect("0r 0r 0w 0w 0r", 0, 0, 0, 0, 1);		/* alone: E, then M */
	expect("0r 1r 0r 1r", 0, 0, 0, 0, 2);			/* sharing costs nothing */
	expect("0r 1r 0w", 0, 0, 1, 1, 2);			/* S to M */
	expect("0r 1r 0w 1r", 1, 0, 1, 1, 2);			/* and the other must read again */
	expect("0w 1w 0w 1w", 0, 2, 0, 3, 2);			/* ping pong */
	expect("0r 1r 2r 3r 0w 1r 2r 3r", 3, 0, 1, 3, 4);	/* one store, all pollers miss */
	expect("0r 1r 255r 0w 255r", 1, 0, 1, 2, 3);		/* CPUs in other words */
	for (uint64_t i = 1; i <= MESI_LINES; i++)
		mesi_access(&m, 0, i << MESI_LINE_SHIFT, true);
	if (!m.full) {
		printf("a full table is not noticed\n");
		failed = 1;
	}
}

static void check_insn(bool x86, bool atomic, const char *name, const char *bytes, size_t n)
{
	if (is_atomic(x86, (const uint8_t *)bytes, n) == atomic)
		return;
	printf("%s is taken for %s\n", name, atomic ? "an ordinary one" : "an atomic");
	failed = 1;
}

static void check_decoder(void)
{
	check_insn(true, true, "lock incl (rax)", "\xf0\xff\x00", 3);
	check_insn(true, true, "gs lock xadd", "\x65\xf0\x0f\xc1\x07", 5);
	check_insn(true, true, "xchg eax,(rdi)", "\x87\x07", 2);
	check_insn(true, true, "xchg r8,(rdi)", "\x4c\x87\x07", 3);
	check_insn(true, true, "xchg ax,(rdi)", "\x66\x87\x07", 3);
	check_insn(true, false, "xchg eax,ebx", "\x87\xc3", 2);
	check_insn(true, false, "xchg ax,ax", "\x66\x90", 2);
	check_insn(true, false, "mov (rdi),eax", "\x8b\x07", 2);
	check_insn(true, false, "pause", "\xf3\x90", 2);
	check_insn(true, false, "nothing", "", 0);
	check_insn(false, true, "ldadda w1,w0,[x2]", "\x40\x00\xa1\xb8", 4);
	check_insn(false, true, "swpal x1,x0,[x2]", "\x40\x80\xe1\xf8", 4);
	check_insn(false, true, "casa w0,w1,[x2]", "\x41\x7c\xe0\x88", 4);
	check_insn(false, true, "stlxr w3,x1,[x2]", "\x41\xfc\x03\xc8", 4);
	check_insn(false, false, "ldaxr x1,[x2]", "\x41\xfc\x5f\xc8", 4);
	check_insn(false, false, "ldar w1,[x2]", "\x41\xfc\xdf\x88", 4);
	check_insn(false, false, "stlr w1,[x2]", "\x41\xfc\x9f\x88", 4);
	check_insn(false, false, "ldapr w1,[x2]", "\x41\xc0\xbf\xb8", 4);
	check_insn(false, false, "ldr x1,[x2]", "\x41\x00\x40\xf9", 4);
	check_insn(false, false, "stur x1,[x2]", "\x41\x00\x00\xf8", 4);
	check_insn(false, false, "ldr x1,[x2,x3]", "\x41\x68\x63\xf8", 4);
}

int main(void)
{
	check_model();
	check_decoder();
	puts(failed ? "mesi-model-test: FAILED" : "mesi-model-test: ok");
	return failed;
}
