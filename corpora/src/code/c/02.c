#include <assert.h>
#include <stddef.h>

typedef int (*compare_fn)(const void *key, const void *elem);

/* Like bsearch(), but returns the FIRST match – or NULL if there is none. */
void *find_first(const void *key, const void *base, size_t nmemb, size_t size, compare_fn compare)
{
    const char *lo = base;
    const void *match = NULL;

    while (nmemb > 0) {
        size_t half = nmemb / 2;
        const char *mid = lo + half * size;
        int order = compare(key, mid);

        if (order > 0) {
            lo = mid + size;
            nmemb -= half + 1;
        } else {
            if (order == 0)
                match = mid;
            nmemb = half;
        }
    }
    return (void *)match;
}

static int compare_ints(const void *a, const void *b)
{
    int x = *(const int *)a, y = *(const int *)b;
    return (x > y) - (x < y);   /* x - y could overflow */
}

int main(void)
{
    static const int primes[] = { 2, 3, 3, 3, 5, 7, 11 };
    const size_t n = sizeof primes / sizeof primes[0];
    int three = 3, eight = 8, two = 2;

    assert(find_first(&three, primes, n, sizeof *primes, compare_ints) == &primes[1]);
    assert(find_first(&eight, primes, n, sizeof *primes, compare_ints) == NULL);
    assert(find_first(&two, primes, 0, sizeof *primes, compare_ints) == NULL);
    return 0;
}
