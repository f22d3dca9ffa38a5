/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * printf() into a buffer: the sink of vsprintf.c that keeps counting when it is full.
 *
 *	snprintf()	returns the length that the whole text has
 *	scnprintf()	returns how much of it is there
 *
 * Both end the text with a 0, if there is room for anything.
 *
 * Linux: lib/vsprintf.c
 */
#include <kernel/vsprintf.h>

struct buffer_sink {
	struct text_sink sink;
	char *buf;
	size_t room;			/* without the terminating 0 */
};

static void buffer_write(struct text_sink *sink, const char *s, size_t len)
{
	struct buffer_sink *b = container_of(sink, struct buffer_sink, sink);

	for (; len && b->room; len--, b->room--)
		*b->buf++ = *s++;
}

int vsnprintf(char *buf, size_t size, const char *fmt, va_list args)
{
	struct buffer_sink b = { { buffer_write }, buf, size ? size - 1 : 0 };
	int len = sink_vprintf(&b.sink, fmt, args);

	if (size)
		*b.buf = 0;
	return len;
}

int vscnprintf(char *buf, size_t size, const char *fmt, va_list args)
{
	int len = vsnprintf(buf, size, fmt, args);

	return (size_t)len < size ? len : size ? (int)size - 1 : 0;
}

int snprintf(char *buf, size_t size, const char *fmt, ...)
{
	va_list args;
	int len;

	va_start(args, fmt);
	len = vsnprintf(buf, size, fmt, args);
	va_end(args);
	return len;
}

int scnprintf(char *buf, size_t size, const char *fmt, ...)
{
	va_list args;
	int len;

	va_start(args, fmt);
	len = vscnprintf(buf, size, fmt, args);
	va_end(args);
	return len;
}
