/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What follows %p: addresses, symbols, error names, bitmaps. The list of letters is
 * in <kernel/printk.h>.
 *
 * Linux: pointer(), lib/vsprintf.c
 */
#include <base/bits.h>
#include <base/errno.h>
#include <kernel/symbols.h>
#include <kernel/vsprintf.h>

static int emit_address(struct text_sink *sink, const struct spec *spec, const void *ptr)
{
	struct spec hex = *spec;

	hex.conv = 'x';
	return emit_number(sink, &hex, (unsigned long)ptr, 16, "0x");
}

static int emit_symbol(struct text_sink *sink, const struct spec *spec, const void *ptr,
		       char how)
{
	/* A call that never returns leaves an address past its function's end. */
	unsigned long addr = (unsigned long)ptr - (how == 'B');
	unsigned long offset, size;
	const char *name = symbol_name(addr, &offset, &size);

	if (!name)
		return emit_address(sink, spec, ptr);
	if (how == 's')
		return emit_string(sink, spec, name);
	return emit_string(sink, spec, name) +
	       sink_printf(sink, "+0x%lx/0x%lx", offset + (how == 'B'), size);
}

static bool bit_is_set(const unsigned long *bits, int bit)
{
	return bits[bit / BITS_PER_LONG] >> (bit % BITS_PER_LONG) & 1;
}

static int emit_bit_list(struct text_sink *sink, const unsigned long *bits, int nr)
{
	const char *comma = "";
	int done = 0, first, last;

	for (first = 0; first < nr; first = last + 1) {
		last = first;
		if (!bit_is_set(bits, first))
			continue;
		while (last + 1 < nr && bit_is_set(bits, last + 1))
			last++;
		done += sink_printf(sink, "%s%d", comma, first);
		if (last > first)
			done += sink_printf(sink, "-%d", last);
		comma = ",";
	}
	return done;
}

static int emit_bit_hex(struct text_sink *sink, const unsigned long *bits, int nr)
{
	int done = 0, bit;

	for (bit = (nr - 1) / 32 * 32; bit >= 0; bit -= 32) {
		u32 word = (u32)(bits[bit / BITS_PER_LONG] >> (bit % BITS_PER_LONG));

		if (nr - bit < 32)
			word &= (1U << (nr - bit)) - 1;
		done += sink_printf(sink, bit ? "%08x," : "%08x", word);
	}
	return done;
}

static const char *errno_name(long err)
{
	static const struct { int err; const char *name; } names[] = {
#define E(e) { e, "-" #e }
		E(EPERM), E(ENOENT), E(ESRCH), E(EINTR), E(EIO), E(EAGAIN), E(ENOMEM),
		E(EFAULT), E(EBUSY), E(EEXIST), E(ENODEV), E(EINVAL), E(EOPNOTSUPP), E(ENOSPC), E(ERANGE),
		E(EDEADLK), E(ENAMETOOLONG), E(ENOSYS), E(ETIME), E(EALREADY), E(ETIMEDOUT),
		E(ECANCELED), E(EOWNERDEAD),
#undef E
	};
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(names); i++)
		if (names[i].err == -err)
			return names[i].name;
	return NULL;
}

static int emit_error(struct text_sink *sink, const struct spec *spec, const void *ptr)
{
	const char *name = IS_ERR(ptr) ? errno_name(PTR_ERR(ptr)) : NULL;

	if (name)
		return emit_string(sink, spec, name);
	if (IS_ERR(ptr))
		return sink_printf(sink, "%ld", PTR_ERR(ptr));
	return emit_address(sink, spec, ptr);
}

/* @fmt: what follows the 'p'; moved past the letters that were ours */
int emit_pointer(struct text_sink *sink, const struct spec *spec, const void *ptr,
		 const char **fmt)
{
	const char ext = **fmt;

	switch (ext) {
	case 'S': case 's': case 'B':
		++*fmt;
		return emit_symbol(sink, spec, ptr, ext);
	case 'e':
		++*fmt;
		return emit_error(sink, spec, ptr);
	case 'b':
		++*fmt;
		if (**fmt != 'l')
			return emit_bit_hex(sink, ptr, spec->width);
		++*fmt;
		return emit_bit_list(sink, ptr, spec->width);
	case 'x':
		++*fmt;
		fallthrough;
	default:
		return emit_address(sink, spec, ptr);
	}
}
