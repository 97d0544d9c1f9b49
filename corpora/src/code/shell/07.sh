#!/usr/bin/env bash
# Number formats, bit masks and a little matrix arithmetic.
set -euo pipefail

readonly PLANCK=6.62607015e-34 # J·s
readonly MASK_LOW=0x0f
readonly FLAG_READ=$((1 << 0)) FLAG_WRITE=$((1 << 1)) FLAG_EXEC=$((1 << 2))
readonly NUMBER_RE='^[+-]?([0-9]+(\.[0-9]*)?|\.[0-9]+)([eE][+-]?[0-9]+)?$'
readonly COLOR_RE='^#([[:xdigit:]]{2})([[:xdigit:]]{2})([[:xdigit:]]{2})$'

to_binary() {
    local -i n=$1
    local bits=''
    while ((n > 0)); do
        bits=$((n & 1))$bits
        ((n >>= 1, 1))
    done
    printf '%08d\n' "${bits:-0}"
}

rgb() {
    [[ $1 =~ $COLOR_RE ]] || { echo "not a colour: $1" >&2; return 1; }
    printf 'rgb(%d, %d, %d)\n' "0x${BASH_REMATCH[1]}" "0x${BASH_REMATCH[2]}" "0x${BASH_REMATCH[3]}"
}

mode=$((FLAG_READ | FLAG_EXEC))
to_binary $((mode & ~FLAG_WRITE))
printf 'hex=%#x octal=%#o low=%d big=%X float=%.3e\n' 48879 493 $((0xBEEF & MASK_LOW)) $((2 ** 62 - 1)) "$PLANCK"
rgb '#1E90ff'
echo "base 36: $((36#zz)), negative modulo: $((-7 % 3)), shift: $((-16 >> 2))"

for token in 3.14 -1e-9 .5 1.2.3 '½'; do
    [[ $token =~ $NUMBER_RE ]] && echo "$token ✓" || echo "$token ✗"
done

# 2 × 2 matrices, one row per line: A on fields 1–2, B on fields 3–4
awk '{ for (k = 1; k <= 2; k++) { a[NR, k] = $k; b[NR, k] = $(k + 2) } }
     END { for (i = 1; i <= 2; i++) { for (j = 1; j <= 2; j++) printf "%10.3f", a[i, 1] * b[1, j] + a[i, 2] * b[2, j]; print "" } }' <<< $'1 2 0.5 -1e-2\n3 4 2.5e1 0'
