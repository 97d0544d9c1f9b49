#include <stdint.h>
#include <stdio.h>

typedef enum {
    ACCT_OK = 0,
    ACCT_EINVAL = -1,
    ACCT_EFUNDS = -2,
    ACCT_EOVERFLOW = -3
} acct_err_t;

typedef struct {
    char    owner[64];
    int64_t balance_cents;
    int64_t overdraft_cents;
} account_t;

const char *acct_strerror(acct_err_t err)
{
    switch (err) {
    case ACCT_OK:        return "success";
    case ACCT_EINVAL:    return "amount must be positive";
    case ACCT_EFUNDS:    return "insufficient funds";
    case ACCT_EOVERFLOW: return "balance would overflow";
    }
    return "unknown error";
}

acct_err_t acct_deposit(account_t *acct, int64_t cents)
{
    if (cents <= 0) return ACCT_EINVAL;
    if (acct->balance_cents > INT64_MAX - cents) return ACCT_EOVERFLOW;
    acct->balance_cents += cents;
    return ACCT_OK;
}

acct_err_t acct_withdraw(account_t *acct, int64_t cents)
{
    if (cents <= 0) return ACCT_EINVAL;
    if (acct->balance_cents + acct->overdraft_cents < cents) {
        fprintf(stderr, "%s: %s (requested %lld cents)\n", acct->owner, acct_strerror(ACCT_EFUNDS), (long long)cents);
        return ACCT_EFUNDS;
    }
    acct->balance_cents -= cents;   /* may go below zero – down to the overdraft */
    return ACCT_OK;
}
