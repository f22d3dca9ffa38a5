/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Line editing: bytes from a terminal become keys, and keys an edited line.
 *
 *	Left Right ^B ^F	move			Home End ^A ^E	to the ends
 *	Backspace ^H Delete	delete a character	^W ^U ^K	word, to ends
 *	Up Down ^P ^N		history			^Y		put back what they took
 *	Tab			complete		^L		clear the screen
 *	^C			give the line up	^D		delete; end of file
 *	^Left ^Right		by words
 *
 * Escape sequences come as ESC [ number letter or ESC O letter; esc counts how
 * far one got:
 *
 *	ESC_NONE --ESC--> ESC_START --'[' or 'O'--> ESC_PARAM --digit ;--> ESC_PARAM
 *	    ^------------ any other <-----------------------'
 *
 * The line and its row on the screen are in readline_line.c, history and completion in
 * readline_words.c.
 *
 * Context: one task at a time; nothing here locks.
 */
#include <kernel/readline.h>

#define CTRL(c)		((c) & 0x1f)

enum { ESC_NONE, ESC_START, ESC_PARAM };

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
		readline_move(rl, by_word ? readline_word_right(rl) : min(rl->pos + 1, rl->len));
		break;
	case 'D':
		readline_move(rl, by_word ? readline_word_left(rl) : rl->pos - !!rl->pos);
		break;
	case 'H':
		readline_move(rl, 0);
		break;
	case 'F':
		readline_move(rl, rl->len);
		break;
	case '~':
		if (rl->esc_param == 1 || rl->esc_param == 7)
			readline_move(rl, 0);
		else if (rl->esc_param == 4 || rl->esc_param == 8)
			readline_move(rl, rl->len);
		else if (rl->esc_param == 3 && rl->pos < rl->len)
			readline_delete(rl, rl->pos, rl->pos + 1);
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
		readline_move(rl, 0);
		break;
	case CTRL('e'):
		readline_move(rl, rl->len);
		break;
	case CTRL('b'):
		readline_move(rl, rl->pos - !!rl->pos);
		break;
	case CTRL('f'):
		readline_move(rl, min(rl->pos + 1, rl->len));
		break;
	case CTRL('p'):
		readline_history_up(rl);
		break;
	case CTRL('n'):
		readline_history_down(rl);
		break;
	case CTRL('u'):
		readline_kill(rl, 0, rl->pos);
		break;
	case CTRL('k'):
		readline_kill(rl, rl->pos, rl->len);
		break;
	case CTRL('w'):
		readline_kill(rl, readline_word_left(rl), rl->pos);
		break;
	case CTRL('y'):
		readline_insert(rl, rl->kill, rl->kill_len);
		break;
	case CTRL('l'):
		readline_put(rl, "\033[H\033[2J");
		rl->dirty = true;
		break;
	case CTRL('h'):
	case 0x7f:
		readline_backspace(rl);
		break;
	case CTRL('d'):
		if (rl->pos < rl->len)
			readline_delete(rl, rl->pos, rl->pos + 1);
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
	readline_move(rl, rl->len);
	readline_flush(rl);
	readline_put(rl, mark);
	readline_put(rl, "\n");
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
	readline_draw(rl);
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
	readline_put(rl, rl->prompt);
	rl->drawn = true;
}

void readline_init(struct readline *rl)
{
	rl->hist_used = rl->kill_len = 0;
	rl->last_was_cr = false;
	clear(rl);
}
