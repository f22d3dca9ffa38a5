/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Line editing on a terminal: bytes in, edited lines out, all drawing through
 * one output function. Knows nothing of consoles, tasks or locks, so a test can
 * feed it keys and look at the buffer.
 */
#ifndef KERNEL_READLINE_H
#define KERNEL_READLINE_H

#include <base/compiler.h>
#include <base/types.h>

#define READLINE_MAX		4096	/* with the NUL */
#define READLINE_HISTORY	8192	/* bytes of history, oldest go first */
#define COMPLETION_MAX		4096	/* bytes of offered words */

enum readline_event {
	READLINE_MORE,		/* the line goes on */
	READLINE_LINE,		/* Enter: the line is in buf */
	READLINE_INTR,		/* Ctrl-C: the line was given up */
	READLINE_EOF,		/* Ctrl-D on an empty line */
};

/* Words that fit what was typed so far. */
struct completion_list {
	const char *prefix;		/* the word being completed */
	size_t prefix_len;
	const char *line;		/* what is before it: the command, other arguments */
	size_t line_len;
	size_t used;
	unsigned int nr;
	bool overflow;
	char words[COMPLETION_MAX];	/* NUL-separated */
};

struct readline {
	/* set by the owner before readline_init() */
	const char *prompt;
	unsigned int columns;		/* of the terminal; 0 is 80 */
	void (*output)(const char *s, size_t n);
	bool (*input_pending)(void);	/* more bytes wait: drawing may too; may be NULL */
	void (*complete)(struct completion_list *list);	/* may be NULL */

	/* the line: text in buf[0, len), cursor before buf[pos] */
	size_t len, pos;
	size_t dropped;			/* characters that did not fit */
	char buf[READLINE_MAX];

	/* private to readline*.c */
	unsigned int esc;		/* state of an escape sequence */
	unsigned int esc_param;
	bool dirty;			/* the screen does not show the line as it is */
	bool drawn;			/* the prompt is on the screen */
	bool last_was_tab;
	bool last_was_cr;
	size_t kill_len;
	char kill[READLINE_MAX];	/* for Ctrl-Y */
	size_t hist_used;
	size_t hist_pos;		/* offset of the line shown; hist_used: the new line */
	size_t saved_len;
	char saved[READLINE_MAX];	/* the new line, while history is shown */
	char history[READLINE_HISTORY];	/* NUL-terminated lines, oldest first */
	struct completion_list completions;
};

void readline_init(struct readline *rl);
/* Begin a new line: empty buffer, prompt drawn. */
void readline_start(struct readline *rl);
/* One byte from the terminal. */
enum readline_event readline_feed(struct readline *rl, char c);
/* Draw what readline_feed() put off while input was pending. */
void readline_flush(struct readline *rl);
/* Take prompt and line off the screen, so that others may print; and put them back. */
void readline_hide(struct readline *rl);
void readline_show(struct readline *rl);

/* Remember a line; empty lines and repeats of the last one are dropped. */
void readline_history_add(struct readline *rl, const char *line);

/* ---- between readline.c, readline_line.c and readline_words.c ---- */

void readline_put(struct readline *rl, const char *s);
/* Draw the row, unless more input is pending. */
void readline_draw(struct readline *rl);
void readline_move(struct readline *rl, size_t pos);
void readline_delete(struct readline *rl, size_t from, size_t to);
/* The same, kept for Ctrl-Y. */
void readline_kill(struct readline *rl, size_t from, size_t to);
void readline_backspace(struct readline *rl);
/* Where the word before, or after, the cursor begins, or ends. */
size_t readline_word_left(const struct readline *rl);
size_t readline_word_right(const struct readline *rl);
void readline_history_up(struct readline *rl);
void readline_history_down(struct readline *rl);
void readline_complete(struct readline *rl);
void readline_insert(struct readline *rl, const char *s, size_t n);
void readline_set(struct readline *rl, const char *s, size_t n);

/* A completer offers @word; it is kept if it begins with what was typed. */
void completion_offer(struct completion_list *list, const char *word);

#endif
