#include <stdio.h>

#define MAX_FIELDS 32

enum csv_status { CSV_OK = 0, CSV_TOO_MANY_FIELDS, CSV_UNTERMINATED };

/* Split LINE in place: separators become NULs, doubled quotes are folded into one. */
static enum csv_status csv_split(char *line, char sep, char *fields[], size_t *count)
{
	char *in = line, *out = line;

	for (*count = 0;; in++) {
		int last, quoted = (*in == '"');
		if (*count == MAX_FIELDS)
			return CSV_TOO_MANY_FIELDS;
		fields[(*count)++] = out;
		if (quoted)
			in++;
		for (; *in && (quoted || *in != sep); in++) {
			if (*in == '"' && quoted && *++in != '"')
				quoted = 0, in--;	/* closing quote */
			else
				*out++ = *in;
		}
		if (quoted)
			return CSV_UNTERMINATED;
		last = (*in == '\0');
		*out++ = '\0';
		if (last)
			return CSV_OK;
	}
}

int main(void)
{
	char line[] = "42,\"Kovács, \"\"Béla\"\"\",,3.50";
	char *fields[MAX_FIELDS];
	size_t i, n;

	if (csv_split(line, ',', fields, &n) != CSV_OK)
		return 1;
	for (i = 0; i < n; i++)
		printf("%zu: [%s]\n", i, fields[i]);
	return 0;
}
