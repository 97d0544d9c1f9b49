#!/usr/bin/env bash
# Date arithmetic with GNU date; all calculations are done in UTC.
set -o errexit -o nounset -o pipefail
export TZ=UTC

epoch_day() { echo $(($(date -d "$1" +%s) / 86400)); }

days_between() { echo $(($(epoch_day "$2") - $(epoch_day "$1"))); }

# date -d "2024-01-31 +1 month" gives 2 March; clamp to the end of February instead
add_months() {
    local first last day=${1##*-}
    first=$(date -d "${1%-*}-01 +$2 months" +%F)
    last=$(date -d "$first +1 month -1 day" +%d)
    printf '%s-%02d\n' "${first%-*}" "$((10#$day < 10#$last ? 10#$day : 10#$last))"
}

working_days() {
    local day=$1 end=$2 n=0
    while [[ $day < $end ]]; do
        (($(date -d "$day" +%u) < 6)) && n=$((n + 1))
        day=$(date -d "$day +1 day" +%F)
    done
    echo "$n"
}

human_duration() {
    local -i s=$1
    printf '%dd %02dh %02dm %02ds\n' $((s / 86400)) $((s % 86400 / 3600)) $((s % 3600 / 60)) $((s % 60))
}

start=2024-01-31
due=$(add_months "$start" 1)
echo "Due: $due – $(days_between "$start" "$due") days, $(working_days "$start" "$due") of them working days"
date -d "$due" '+%A, %-d %B %Y / %Y年%m月%d日 / week %G-W%V'
TZ=Asia/Tokyo date -d '2024-03-30T22:15:00+01:00' --iso-8601=minutes
human_duration 93784
find "${BACKUP_DIR:-/tmp}" -maxdepth 1 -name "backup-*.tar.gz" -not -newermt "$(date -d '30 days ago' +%F)" -print 2>/dev/null || true
