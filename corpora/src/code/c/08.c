#include <stdio.h>
#include <string.h>

#include "account.h"

static int tests_run, tests_failed;

#define CHECK(cond) do { \
        tests_run++; \
        if (!(cond)) { \
            tests_failed++; \
            fprintf(stderr, "%s:%d: %s: check failed: %s\n", __FILE__, __LINE__, __func__, #cond); \
        } \
    } while (0)

static void test_deposit(void)
{
    account_t acct = { .owner = "Nguyễn Văn An" };

    CHECK(acct_deposit(&acct, 1250) == ACCT_OK);
    CHECK(acct.balance_cents == 1250);
    CHECK(acct_deposit(&acct, 0) == ACCT_EINVAL);
    CHECK(acct_deposit(&acct, -1) == ACCT_EINVAL);
    CHECK(acct_deposit(&acct, INT64_MAX) == ACCT_EOVERFLOW);
}

static void test_withdraw_respects_overdraft(void)
{
    account_t acct = { .owner = "Søren", .balance_cents = 100, .overdraft_cents = 50 };

    CHECK(acct_withdraw(&acct, 151) == ACCT_EFUNDS);
    CHECK(acct.balance_cents == 100);   /* unchanged after an error */
    CHECK(acct_withdraw(&acct, 150) == ACCT_OK);
    CHECK(acct.balance_cents == -50);
    CHECK(strcmp(acct_strerror(ACCT_EFUNDS), "insufficient funds") == 0);
}

int main(void)
{
    test_deposit();
    test_withdraw_respects_overdraft();
    printf("%d checks, %d failed\n", tests_run, tests_failed);
    return tests_failed != 0;
}
