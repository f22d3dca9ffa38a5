/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Line editing: the line, and the row of the screen that shows it.
 *
 *	buf	 s e l f t e s t   s c h e d . *
 *	                ^ pos, the cursor	 ^ len
 *
 * The screen holds one row: prompt, and as much of the line as fits, scrolled
 * sideways so that the cursor shows. A character typed at the end of a line that
 * fits is sent as it is; everything else marks the row dirty, and the row is
 * drawn again once no more input is pending. So a pasted burst costs one byte out
 * for a byte in, and a script's log holds no escape sequences.
 *
 * Limits: bytes are characters. A line longer than the buffer keeps its start, and
 *	   dropped says how many characters are missing.
 */
#include <base/string.h>
#include <kernel/readline.h>

/* ---- drawing -------------------------------------------------------------- */

void readline_put(struct readline *rl, const char *s)
{
	rl->output(s, strlen(s));
}

/* How much of the line one row shows. The last column stays free: terminals wrap there. */
static size_t window(const struct readline *rl)
{
	size_t columns = rl->columns ? rl->columns : 80;
	size_t used = strlen(rl->prompt) + 1;

	return columns > used + 8 ? columns - used : 8;
}

/* ESC [ n C: n to the right */
static void cursor_right(struct readline *rl, size_t n)
{
	char seq[16] = "\033[";
	char digits[8];
	size_t d = 0, i = 2;

	if (!n)
		return;
	for (; n && d < sizeof(digits); n /= 10)
		digits[d++] = '0' + n % 10;
	while (d)
		seq[i++] = digits[--d];
	seq[i++] = 'C';
	rl->output(seq, i);
}

static void draw(struct readline *rl)
{
	size_t width = window(rl);
	size_t first = rl->pos > width ? rl->pos - width : 0;
	size_t shown = min(rl->len - first, width);

	readline_put(rl, "\r");
	readline_put(rl, rl->prompt);
	rl->output(rl->buf + first, shown);
	readline_put(rl, "\033[K");
	if (rl->pos != first + shown) {
		readline_put(rl, "\r");
		cursor_right(rl, strlen(rl->prompt) + rl->pos - first);
	}
	rl->dirty = false;
	rl->drawn = true;
}

void readline_flush(struct readline *rl)
{
	if (rl->dirty || !rl->drawn)
		draw(rl);
}

void readline_hide(struct readline *rl)
{
	if (rl->drawn)
		readline_put(rl, "\r\033[K");
	rl->drawn = false;
}

void readline_show(struct readline *rl)
{
	draw(rl);
}

void readline_draw(struct readline *rl)
{
	if (!rl->input_pending || !rl->input_pending())
		readline_flush(rl);
}

/* ---- the buffer ----------------------------------------------------------- */

void readline_insert(struct readline *rl, const char *s, size_t n)
{
	size_t room = READLINE_MAX - 1 - rl->len;
	bool plain;

	if (n > room) {
		rl->dropped += n - room;
		readline_put(rl, "\a");
		n = room;
	}
	plain = rl->drawn && !rl->dirty && rl->pos == rl->len && rl->len + n <= window(rl);
	memmove(rl->buf + rl->pos + n, rl->buf + rl->pos, rl->len - rl->pos);
	memcpy(rl->buf + rl->pos, s, n);
	rl->pos += n;
	rl->len += n;
	rl->buf[rl->len] = '\0';
	if (plain)
		rl->output(s, n);
	else
		rl->dirty = true;
}

void readline_delete(struct readline *rl, size_t from, size_t to)
{
	memmove(rl->buf + from, rl->buf + to, rl->len - to);
	rl->len -= to - from;
	rl->buf[rl->len] = '\0';
	rl->pos = from;
	rl->dirty = true;
}

void readline_backspace(struct readline *rl)
{
	bool plain = rl->drawn && !rl->dirty && rl->pos == rl->len && rl->len <= window(rl);

	if (!rl->pos)
		return;
	readline_delete(rl, rl->pos - 1, rl->pos);
	if (plain) {
		readline_put(rl, "\b \b");
		rl->dirty = false;
	}
}

void readline_kill(struct readline *rl, size_t from, size_t to)
{
	if (from == to)
		return;
	rl->kill_len = to - from;
	memcpy(rl->kill, rl->buf + from, rl->kill_len);
	readline_delete(rl, from, to);
}

void readline_move(struct readline *rl, size_t pos)
{
	if (pos == rl->pos)
		return;
	rl->pos = pos;
	rl->dirty = true;
}

size_t readline_word_left(const struct readline *rl)
{
	size_t p = rl->pos;

	while (p && rl->buf[p - 1] == ' ')
		p--;
	while (p && rl->buf[p - 1] != ' ')
		p--;
	return p;
}

size_t readline_word_right(const struct readline *rl)
{
	size_t p = rl->pos;

	while (p < rl->len && rl->buf[p] == ' ')
		p++;
	while (p < rl->len && rl->buf[p] != ' ')
		p++;
	return p;
}

void readline_set(struct readline *rl, const char *s, size_t n)
{
	memcpy(rl->buf, s, n);
	rl->len = rl->pos = n;
	rl->buf[n] = '\0';
	rl->dirty = true;
}
