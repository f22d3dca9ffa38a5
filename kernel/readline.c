/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Line editing: bytes from a terminal become an edited line.
 *
 *	Left Right ^B ^F	move			Home End ^A ^E	to the ends
 *	Backspace ^H Delete	delete a character	^W ^U ^K	word, to ends
 *	Up Down ^P ^N		history			^Y		put back what they took
 *	Tab			complete		^L		clear the screen
 *	^C			give the line up	^D		delete; end of file
 *	^Left ^Right		by words
 *
 * The screen holds one row: prompt, and as much of the line as fits, scrolled
 * sideways so that the cursor shows. A character typed at the end of a line that
 * fits is sent as it is; everything else marks the row dirty, and the row is
 * drawn again once no more input is pending. So a pasted burst costs one byte out
 * for a byte in, and a script's log holds no escape sequences.
 *
 * Escape sequences come as ESC [ number letter or ESC O letter; esc counts how
 * far one got:
 *
 *	ESC_NONE --ESC--> ESC_START --'[' or 'O'--> ESC_PARAM --digit ;--> ESC_PARAM
 *	    ^------------ any other <-----------------------'
 *
 * History and completion are in readline_words.c.
 *
 * Context: one task at a time; nothing here locks.
 * Limits: bytes are characters. A line longer than the buffer keeps its start, and
 *	   dropped says how many characters are missing.
 */
#include <base/string.h>
#include <kernel/readline.h>

#define CTRL(c)		((c) & 0x1f)

enum { ESC_NONE, ESC_START, ESC_PARAM };

/* ---- drawing -------------------------------------------------------------- */

static void put(struct readline *rl, const char *s)
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

	put(rl, "\r");
	put(rl, rl->prompt);
	rl->output(rl->buf + first, shown);
	put(rl, "\033[K");
	if (rl->pos != first + shown) {
		put(rl, "\r");
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
		put(rl, "\r\033[K");
	rl->drawn = false;
}

void readline_show(struct readline *rl)
{
	draw(rl);
}

static void draw_unless_pending(struct readline *rl)
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
		put(rl, "\a");
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

static void delete_range(struct readline *rl, size_t from, size_t to)
{
	memmove(rl->buf + from, rl->buf + to, rl->len - to);
	rl->len -= to - from;
	rl->buf[rl->len] = '\0';
	rl->pos = from;
	rl->dirty = true;
}

static void backspace(struct readline *rl)
{
	bool plain = rl->drawn && !rl->dirty && rl->pos == rl->len && rl->len <= window(rl);

	if (!rl->pos)
		return;
	delete_range(rl, rl->pos - 1, rl->pos);
	if (plain) {
		put(rl, "\b \b");
		rl->dirty = false;
	}
}

static void kill_range(struct readline *rl, size_t from, size_t to)
{
	if (from == to)
		return;
	rl->kill_len = to - from;
	memcpy(rl->kill, rl->buf + from, rl->kill_len);
	delete_range(rl, from, to);
}

static void move_to(struct readline *rl, size_t pos)
{
	if (pos == rl->pos)
		return;
	rl->pos = pos;
	rl->dirty = true;
}

static size_t word_left(const struct readline *rl)
{
	size_t p = rl->pos;

	while (p && rl->buf[p - 1] == ' ')
		p--;
	while (p && rl->buf[p - 1] != ' ')
		p--;
	return p;
}

static size_t word_right(const struct readline *rl)
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

/* ---- keys ----------------------------------------------------------------- */

static void escape_letter(struct readline *rl, char c)
{
	bool by_word = rl->esc_param == 5 || rl->esc_param == 3;

	switch (c) {
	case 'A':
		readline_history_up(rl);
		break;
	case 'B':
		readline_history_down(rl);
		break;
	case 'C':
		move_to(rl, by_word ? word_right(rl) : min(rl->pos + 1, rl->len));
		break;
	case 'D':
		move_to(rl, by_word ? word_left(rl) : rl->pos - !!rl->pos);
		break;
	case 'H':
		move_to(rl, 0);
		break;
	case 'F':
		move_to(rl, rl->len);
		break;
	case '~':
		if (rl->esc_param == 1 || rl->esc_param == 7)
			move_to(rl, 0);
		else if (rl->esc_param == 4 || rl->esc_param == 8)
			move_to(rl, rl->len);
		else if (rl->esc_param == 3 && rl->pos < rl->len)
			delete_range(rl, rl->pos, rl->pos + 1);
		break;
	}
}

static void escape_key(struct readline *rl, char c)
{
	if (rl->esc == ESC_START) {
		rl->esc = c == '[' || c == 'O' ? ESC_PARAM : ESC_NONE;
		rl->esc_param = 0;
	} else if (c >= '0' && c <= '9') {
		rl->esc_param = rl->esc_param * 10 + (c - '0');
	} else if (c == ';') {
		rl->esc_param = 0;
	} else {
		rl->esc = ESC_NONE;
		escape_letter(rl, c);
	}
}

static void editing_key(struct readline *rl, char c)
{
	switch (c) {
	case CTRL('a'):
		move_to(rl, 0);
		break;
	case CTRL('e'):
		move_to(rl, rl->len);
		break;
	case CTRL('b'):
		move_to(rl, rl->pos - !!rl->pos);
		break;
	case CTRL('f'):
		move_to(rl, min(rl->pos + 1, rl->len));
		break;
	case CTRL('p'):
		readline_history_up(rl);
		break;
	case CTRL('n'):
		readline_history_down(rl);
		break;
	case CTRL('u'):
		kill_range(rl, 0, rl->pos);
		break;
	case CTRL('k'):
		kill_range(rl, rl->pos, rl->len);
		break;
	case CTRL('w'):
		kill_range(rl, word_left(rl), rl->pos);
		break;
	case CTRL('y'):
		readline_insert(rl, rl->kill, rl->kill_len);
		break;
	case CTRL('l'):
		put(rl, "\033[H\033[2J");
		rl->dirty = true;
		break;
	case CTRL('h'):
	case 0x7f:
		backspace(rl);
		break;
	case CTRL('d'):
		if (rl->pos < rl->len)
			delete_range(rl, rl->pos, rl->pos + 1);
		break;
	case '\t':
		readline_complete(rl);
		break;
	default:
		if ((unsigned char)c >= ' ')
			readline_insert(rl, &c, 1);
	}
}

static enum readline_event end_line(struct readline *rl, const char *mark,
				    enum readline_event event)
{
	move_to(rl, rl->len);
	readline_flush(rl);
	put(rl, mark);
	put(rl, "\n");
	rl->drawn = false;
	return event;
}

enum readline_event readline_feed(struct readline *rl, char c)
{
	bool newline_pair = c == '\n' && rl->last_was_cr;

	rl->last_was_cr = c == '\r';
	if (newline_pair)
		return READLINE_MORE;
	if (rl->esc != ESC_NONE && (unsigned char)c >= ' ') {
		escape_key(rl, c);
		c = 0;
	} else if (c == '\033') {
		rl->esc = ESC_START;
	} else if (c == '\r' || c == '\n') {
		return end_line(rl, "", READLINE_LINE);
	} else if (c == CTRL('c')) {
		return end_line(rl, "^C", READLINE_INTR);
	} else if (c == CTRL('d') && !rl->len) {
		return end_line(rl, "^D", READLINE_EOF);
	} else {
		editing_key(rl, c);
	}
	rl->last_was_tab = c == '\t';
	draw_unless_pending(rl);
	return READLINE_MORE;
}

static void clear(struct readline *rl)
{
	rl->len = rl->pos = rl->dropped = 0;
	rl->buf[0] = '\0';
	rl->esc = ESC_NONE;
	rl->last_was_tab = false;
	rl->hist_pos = rl->hist_used;
	rl->dirty = rl->drawn = false;
}

void readline_start(struct readline *rl)
{
	clear(rl);
	put(rl, rl->prompt);
	rl->drawn = true;
}

void readline_init(struct readline *rl)
{
	rl->hist_used = rl->kill_len = 0;
	rl->last_was_cr = false;
	clear(rl);
}
