#!/bin/sh
# Limits wherever a shell runs: a cron job, Jenkins, Buildkite, before a release.
#
#     examples/check.sh                      the nearest tokaudit.toml
#     examples/check.sh --config x.toml      any options of `tokaudit check`
#
# The page is written where TOKAUDIT_PAGE says. Exits with 0 if every limit is kept, with 1 if one is
# broken, with more if there is no verdict: treat the two alike only if you mean it.
set -u

page=${TOKAUDIT_PAGE:-tokaudit.html}
tokaudit check --quiet --output "$page" "$@"
code=$?
case $code in
    0) echo "every limit is kept: $page" ;;
    1) echo "limits are broken: $page" >&2 ;;
    *) echo "there is no verdict (exit code $code)" >&2 ;;
esac
exit $code
