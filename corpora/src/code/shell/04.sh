#!/usr/bin/env bash
# stock.sh – keeps a small inventory in a tab-separated file
set -euo pipefail

readonly DB=${STOCK_DB:-$HOME/.local/share/stock.tsv}
readonly E_USAGE=64 E_UNKNOWN=66 E_SHORT=75

die() {
    local status=$1
    shift
    printf '%s: %s\n' "${0##*/}" "$*" >&2
    exit "$status"
}

declare -A stock=()

load() { while IFS=$'\t' read -r sku qty; do stock[$sku]=$qty; done < "$DB"; }

save() {
    local tmp sku
    tmp=$(mktemp "${DB}.XXXXXX")
    for sku in "${!stock[@]}"; do printf '%s\t%d\n' "$sku" "${stock[$sku]}"; done | sort > "$tmp"
    mv -f -- "$tmp" "$DB" # atomic – readers never see half a file
}

[[ $# -ge 1 ]] || die $E_USAGE "usage: ${0##*/} {add|remove} SKU QUANTITY | list"
mkdir -p -- "$(dirname "$DB")" && touch -- "$DB"
load
sku=${2:-} qty=${3:-}

case $1 in
    add | remove)
        [[ -n $sku && $qty =~ ^[1-9][0-9]*$ ]] || die $E_USAGE "invalid quantity: '$qty'"
        [[ $1 == add || -v stock[$sku] ]] || die $E_UNKNOWN "no such item: $sku (e.g. „TEE-GRÜN“)"
        have=${stock[$sku]:-0}
        if [[ $1 == remove ]]; then
            ((have >= qty)) || die $E_SHORT "only $have of $sku left, $qty requested"
            qty=-$qty
        fi
        stock[$sku]=$((have + qty))
        save ;;
    list) column -t -s $'\t' "$DB" ;;
    *) die $E_USAGE "unknown command: $1" ;;
esac
