#!/bin/sh
# wordfreq – count the words of files or of standard input
#
# usage: wordfreq [-n COUNT] [-m MINLEN] [FILE...]

set -eu

count=10
minlen=1

usage() {
    sed -n '2,4s/^# \{0,1\}//p' "$0" >&2
    exit "${1:-2}"
}

while getopts 'n:m:h' opt; do
    case $opt in
        n) count=$OPTARG ;;
        m) minlen=$OPTARG ;;
        h) usage 0 ;;
        *) usage ;;
    esac
done
shift $((OPTIND - 1))

case $count$minlen in
    *[!0-9]*) echo "wordfreq: -n and -m need whole numbers" >&2; exit 2 ;;
esac

# LC_ALL must name a UTF-8 locale, or "É" is taken apart into bytes (\L needs GNU sed).
export LC_ALL="${LC_ALL:-C.UTF-8}"

cat -- "$@" |
    sed -e 's/.*/\L&/' |
    grep -oE "[[:alpha:]]+(['’][[:alpha:]]+)*" |
    awk -v min="$minlen" 'length($0) >= min { n[$0]++; total++ } END { for (w in n) printf "%d\t%.2f%%\t%s\n", n[w], 100 * n[w] / total, w }' |
    sort -t "$(printf '\t')" -k1,1nr -k3,3 |
    head -n "$count"
