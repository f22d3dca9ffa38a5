/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * From a line to the words of its commands.
 *
 *	run-on 3 'ps'; echo "a;b" c\ d		# two commands, and a comment
 *
 * Words end at spaces, commands at ';', the line at its end or at a '#' that
 * begins a word. Quotes of either kind keep everything together, a backslash
 * keeps the next character; neither may be left open.
 */
#include <base/errno.h>
#include <base/string.h>
#include <kernel/shell_parse.h>

static bool is_space(char c)
{
	return c == ' ' || c == '\t';
}

/* One word from @s into @out. Return: where the word ended, or NULL with *@err set. */
static const char *take_word(const char *s, char **out, const char **err)
{
	char quote = 0, *o = *out;

	for (; *s && (quote || (!is_space(*s) && *s != ';')); s++) {
		if (*s == '\\' && quote != '\'') {
			if (!*++s) {
				*err = "nothing follows the last '\\'";
				return NULL;
			}
			*o++ = *s;
		} else if (quote ? *s == quote : *s == '\'' || *s == '"') {
			quote = quote ? 0 : *s;
		} else {
			*o++ = *s;
		}
	}
	if (quote) {
		*err = quote == '"' ? "the quote \" is not closed" : "the quote ' is not closed";
		return NULL;
	}
	*o++ = '\0';
	*out = o;
	return s;
}

int shell_next_command(const char **line, char *buf, char **argv, int max_args, const char **err)
{
	const char *s = *line;
	int argc = 0;

	while (*s) {
		if (is_space(*s)) {
			s++;
			continue;
		}
		if (*s == '#') {
			s += strlen(s);
			break;
		}
		if (*s == ';') {
			s++;
			if (argc)
				break;
			continue;
		}
		if (argc == max_args) {
			*err = "too many words";
			return -E2BIG;
		}
		argv[argc++] = buf;
		s = take_word(s, &buf, err);
		if (!s)
			return -EINVAL;
	}
	argv[argc] = NULL;
	*line = s;
	return argc;
}
