/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The explorer's command line. A checked program is this, linked with the lock
 * library built for the check port, and one client.
 *
 *	--model sc|tso|arm|llsc		which memory model (arm: LSE atomics)
 *	--all				count errors instead of stopping at the first
 *	--no-symmetry			explore executions that differ in names only
 *	--max-executions N, --max-seconds S, --progress S
 *	--save FILE			write the first counterexample
 *	--replay FILE			see a counterexample again
 *
 * Exit status: 0 everything explored, nothing wrong; 1 something is wrong;
 * 2 usage; 3 not everything was explored (a bound was hit).
 */
#include "explore.h"

#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>

static enum model_id parse_model(const char *name)
{
	for (unsigned int m = 0; m < NR_MODELS; m++)
		if (!strcmp(name, model_names[m]))
			return m;
	fprintf(stderr, "unknown model \"%s\": accepted are sc, tso, arm, llsc\n", name);
	exit(2);
}

static double parse_number(const char *text, const char *option)
{
	char *end;
	double v = strtod(text, &end);

	if (end == text || *end || v < 0) {
		fprintf(stderr, "--%s wants a number >= 0, not \"%s\"\n", option, text);
		exit(2);
	}
	return v;
}

static const struct option long_options[] = {
	{ "model", required_argument, NULL, 'm' },
	{ "all", no_argument, NULL, 'a' },
	{ "no-symmetry", no_argument, NULL, 'y' },
	{ "max-executions", required_argument, NULL, 'x' },
	{ "max-seconds", required_argument, NULL, 's' },
	{ "progress", required_argument, NULL, 'p' },
	{ "save", required_argument, NULL, 'o' },
	{ "replay", required_argument, NULL, 'r' },
	{ NULL, 0, NULL, 0 },
};

static const char *parse_options(int argc, char **argv)
{
	const char *file = NULL;
	int c;

	while ((c = getopt_long(argc, argv, "", long_options, NULL)) != -1) {
		switch (c) {
		case 'm':
			opt.model = parse_model(optarg);
			break;
		case 'a':
			opt.keep_going = true;
			break;
		case 'y':
			opt.symmetry = false;
			break;
		case 'x':
			opt.max_executions = parse_number(optarg, "max-executions");
			break;
		case 's':
			opt.max_seconds = parse_number(optarg, "max-seconds");
			break;
		case 'p':
			opt.progress_seconds = parse_number(optarg, "progress");
			break;
		case 'o':
			opt.counterexample = optarg;
			break;
		case 'r':
			file = optarg;
			break;
		default:
			fprintf(stderr, "accepted: --model sc|tso|arm|llsc --all --no-symmetry --max-executions N "
				"--max-seconds S --progress S --save FILE --replay FILE\n");
			exit(2);
		}
	}
	if (optind < argc) {
		fprintf(stderr, "unexpected argument \"%s\"\n", argv[optind]);
		exit(2);
	}
	return file;
}

int main(int argc, char **argv)
{
	const char *file = parse_options(argc, argv);

	if (mc_client.nr_threads < 1 || mc_client.nr_threads > MC_MAX_THREADS)
		mc_bug("a client has 1 to MC_MAX_THREADS threads");
	fiber_catch_wild_accesses();
	if (file)
		replay(file);
	else
		explore();
	report_result();
	return res.races + res.hangs + res.failures ? 1 : res.limit ? 3 : 0;
}
