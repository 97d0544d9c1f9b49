#!/usr/bin/env bash
# Binary search in a sorted array of integers.

# usage: binary_search TARGET [ITEM...]
# Prints the index of the first match; returns 1 if there is none.
binary_search() {
    local -i target=$1 lo=0 hi mid
    shift
    local -a items=("$@")
    hi=${#items[@]}

    while ((lo < hi)); do
        ((mid = lo + (hi - lo) / 2))
        if ((items[mid] < target)); then
            ((lo = mid + 1))
        else
            ((hi = mid))
        fi
    done

    ((lo < ${#items[@]} && items[lo] == target)) || return 1
    echo "$lo"
}

check() {
    local expected=$1 actual
    shift
    actual=$(binary_search "$@") || actual=none
    if [[ $actual == "$expected" ]]; then
        echo "ok – search for $1 in (${*:2})"
    else
        echo "NOT OK – search for $1 in (${*:2}): expected $expected, got $actual" >&2
        return 1
    fi
}

check none 3            # empty list
check 0 3 3             # one item
check 1 3 1 3 3 3 8     # duplicates: the leftmost counts
check none 9 1 3 8
check 0 -5 -5 0 5
