#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define NBUCKETS 4096u

struct word {
    struct word *next;
    unsigned long count;
    char text[];
};

static struct word *table[NBUCKETS];

static void add_word(const char *text)
{
    unsigned h = 5381;
    for (const char *p = text; *p; p++)
        h = h * 33 + (unsigned char)*p;

    struct word **slot = &table[h % NBUCKETS];
    for (struct word *w = *slot; w; w = w->next)
        if (strcmp(w->text, text) == 0) { w->count++; return; }

    struct word *w = malloc(sizeof *w + strlen(text) + 1);
    if (!w) { perror("malloc"); exit(EXIT_FAILURE); }
    strcpy(w->text, text);
    w->count = 1, w->next = *slot, *slot = w;
}

int main(void)
{
    char buf[128];
    size_t len = 0;
    for (int c; (c = getchar()) != EOF || len > 0; ) {
        int letter = c != EOF && (isalpha(c) || c >= 0x80);  /* UTF-8: "é" is 0xC3 0xA9 */
        if (letter && len + 1 < sizeof buf) { buf[len++] = (char)tolower(c); continue; }
        if (len > 0) { buf[len] = '\0'; add_word(buf); }
        len = 0;
    }
    for (size_t i = 0; i < NBUCKETS; i++)
        for (struct word *w = table[i]; w; w = w->next)
            printf("%7lu %s\n", w->count, w->text);
}
