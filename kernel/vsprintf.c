/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * printf(): a format string and arguments become pieces of text for a sink.
 *
 *	sink_vprintf()	walks the format; every piece goes to sink->write()
 *	vsnprintf()	the sink is a buffer: snprintf.c
 *	printk()	the sink is a record of the log, con_printf() the console
 *
 * No buffer holds the whole text, so none can overflow and a caller's stack
 * pays for one number (NUM_MAX bytes) only, which NMI and fault handlers need.
 *
 * What %p takes is in <kernel/printk.h>, how it is done in vsprintf_pointer.c. A
 * conversion that does not exist is printed as it stands and takes no argument; the
 * compiler has warned by then.
 *
 * Linux:   lib/vsprintf.c
 * Differs: %p prints the address. Pieces go to a sink.
 */
#include <kernel/vsprintf.h>

#define NUM_MAX		24		/* 22 octal digits hold 64 bits */

int emit(struct text_sink *sink, const char *s, size_t len)
{
	if (len)
		sink->write(sink, s, len);
	return (int)len;
}

static int pad(struct text_sink *sink, char c, int n)
{
	static const char spaces[] = "                ", zeros[] = "0000000000000000";
	const char *from = c == '0' ? zeros : spaces;
	int left = n;

	for (; left > 16; left -= 16)
		emit(sink, from, 16);
	if (left > 0)
		emit(sink, from, left);
	return n > 0 ? n : 0;
}

int emit_string(struct text_sink *sink, const struct spec *spec, const char *s)
{
	int len = 0, done = 0;

	if (!s)
		s = "(null)";
	while ((spec->precision < 0 || len < spec->precision) && s[len])
		len++;
	if (!spec->left)
		done += pad(sink, ' ', spec->width - len);
	done += emit(sink, s, len);
	if (spec->left)
		done += pad(sink, ' ', spec->width - len);
	return done;
}

static int to_digits(char *end, u64 value, unsigned int base, bool upper)
{
	const char *digits = upper ? "0123456789ABCDEF" : "0123456789abcdef";
	int n = 0;

	for (; value; value /= base)
		end[-++n] = digits[value % base];
	return n;
}

/* sign or 0x prefix, zeros up to the precision or the width, digits */
int emit_number(struct text_sink *sink, const struct spec *spec, u64 value,
		unsigned int base, const char *prefix)
{
	char digits[NUM_MAX];
	int prefix_len = 0, n, zeros, blanks, done = 0;

	n = to_digits(digits + NUM_MAX, value, base, spec->conv == 'X');
	while (prefix[prefix_len])
		prefix_len++;
	zeros = (spec->precision < 0 ? 1 : spec->precision) - n;
	if (zeros < 0)
		zeros = 0;
	blanks = spec->width - prefix_len - zeros - n;
	if (blanks > 0 && spec->zero && !spec->left && spec->precision < 0) {
		zeros += blanks;
		blanks = 0;
	}
	if (!spec->left)
		done += pad(sink, ' ', blanks);
	done += emit(sink, prefix, prefix_len);
	done += pad(sink, '0', zeros);
	done += emit(sink, digits + NUM_MAX - n, n);
	if (spec->left)
		done += pad(sink, ' ', blanks);
	return done;
}

/* ---- the format -------------------------------------------------------------- */

static int parse_number(const char **fmt)
{
	int n = 0;

	while (**fmt >= '0' && **fmt <= '9')
		n = n * 10 + *(*fmt)++ - '0';
	return n;
}

static const char *parse_flags(const char *fmt, struct spec *spec)
{
	for (;; fmt++) {
		switch (*fmt) {
		case '-': spec->left = true; break;
		case '+': spec->plus = true; break;
		case ' ': spec->space = true; break;
		case '#': spec->alt = true; break;
		case '0': spec->zero = true; break;
		default: return fmt;
		}
	}
}

static const char *parse_length(const char *fmt, struct spec *spec)
{
	char c = *fmt;

	if (c != 'h' && c != 'l' && c != 'z' && c != 't' && c != 'j')
		return fmt;
	spec->length = c;
	if (fmt[1] != c || (c != 'h' && c != 'l'))
		return fmt + 1;
	spec->length = c == 'h' ? 'H' : 'q';
	return fmt + 2;
}

/* A va_list that functions can share: the array type decays, a struct member does not. */
struct args { va_list list; };

static const char *parse_spec(const char *fmt, struct spec *spec, struct args *args)
{
	*spec = (struct spec){ .precision = -1 };
	fmt = parse_flags(fmt, spec);
	if (*fmt == '*') {
		spec->width = va_arg(args->list, int);
		fmt++;
	} else {
		spec->width = parse_number(&fmt);
	}
	if (spec->width < 0) {
		spec->left = true;
		spec->width = -spec->width;
	}
	if (*fmt == '.') {
		if (*++fmt == '*') {
			spec->precision = va_arg(args->list, int);
			fmt++;
		} else {
			spec->precision = parse_number(&fmt);
		}
	}
	fmt = parse_length(fmt, spec);
	spec->conv = *fmt;
	return *fmt ? fmt + 1 : fmt;
}

static u64 unsigned_arg(struct args *args, char length)
{
	switch (length) {
	case 'H': return (unsigned char)va_arg(args->list, unsigned int);
	case 'h': return (unsigned short)va_arg(args->list, unsigned int);
	case 'l': return va_arg(args->list, unsigned long);
	case 'q': return va_arg(args->list, unsigned long long);
	case 'j': return va_arg(args->list, uintmax_t);
	case 'z': return va_arg(args->list, size_t);
	case 't': return va_arg(args->list, ptrdiff_t);
	default: return va_arg(args->list, unsigned int);
	}
}

static s64 signed_arg(struct args *args, char length)
{
	switch (length) {
	case 'H': return (signed char)va_arg(args->list, int);
	case 'h': return (short)va_arg(args->list, int);
	case 'l': return va_arg(args->list, long);
	case 'q': return va_arg(args->list, long long);
	case 'j': return va_arg(args->list, intmax_t);
	case 'z': return (ssize_t)va_arg(args->list, size_t);
	case 't': return va_arg(args->list, ptrdiff_t);
	default: return va_arg(args->list, int);
	}
}

static int emit_signed(struct text_sink *sink, const struct spec *spec, struct args *args)
{
	s64 v = signed_arg(args, spec->length);
	const char *sign = v < 0 ? "-" : spec->plus ? "+" : spec->space ? " " : "";

	return emit_number(sink, spec, v < 0 ? -(u64)v : (u64)v, 10, sign);
}

static int emit_unsigned(struct text_sink *sink, const struct spec *spec, struct args *args)
{
	u64 v = unsigned_arg(args, spec->length);

	switch (spec->conv) {
	case 'o':
		return emit_number(sink, spec, v, 8, spec->alt && v ? "0" : "");
	case 'x':
		return emit_number(sink, spec, v, 16, spec->alt && v ? "0x" : "");
	case 'X':
		return emit_number(sink, spec, v, 16, spec->alt && v ? "0X" : "");
	default:
		return emit_number(sink, spec, v, 10, "");
	}
}

/* One conversion, *@fmt past its '%'. */
static int emit_conversion(struct text_sink *sink, const char **fmt, struct args *args)
{
	const char *percent = *fmt - 1;
	struct spec spec;
	char c;

	*fmt = parse_spec(*fmt, &spec, args);
	switch (spec.conv) {
	case '%':
		return emit(sink, "%", 1);
	case 'c':
		c = (char)va_arg(args->list, int);
		spec.precision = 1;
		return c ? emit_string(sink, &spec, (char[]){ c, 0 }) : emit(sink, &c, 1);
	case 's':
		return emit_string(sink, &spec, va_arg(args->list, const char *));
	case 'd': case 'i':
		return emit_signed(sink, &spec, args);
	case 'u': case 'o': case 'x': case 'X':
		return emit_unsigned(sink, &spec, args);
	case 'p':
		return emit_pointer(sink, &spec, va_arg(args->list, const void *), fmt);
	default:
		return emit(sink, percent, *fmt - percent);
	}
}

int sink_vprintf(struct text_sink *sink, const char *fmt, va_list list)
{
	struct args args;
	const char *plain;
	int done = 0;

	va_copy(args.list, list);
	while (*fmt) {
		for (plain = fmt; *fmt && *fmt != '%'; fmt++)
			;
		done += emit(sink, plain, fmt - plain);
		if (*fmt == '%') {
			fmt++;
			done += emit_conversion(sink, &fmt, &args);
		}
	}
	va_end(args.list);
	return done;
}

int sink_printf(struct text_sink *sink, const char *fmt, ...)
{
	va_list args;
	int done;

	va_start(args, fmt);
	done = sink_vprintf(sink, fmt, args);
	va_end(args);
	return done;
}
