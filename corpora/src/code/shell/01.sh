#!/usr/bin/env bash
# Split lines of CSV; print one field per line, numbered.
set -euo pipefail

# parse_csv_line LINE [SEPARATOR] – fills the global array "fields"
parse_csv_line() {
    local line=$1 sep=${2:-,} field='' in_quotes=0 i char
    fields=()
    for ((i = 0; i < ${#line}; i++)); do
        char=${line:i:1}
        if ((in_quotes)) && [[ $char == '"' && ${line:i+1:1} == '"' ]]; then
            field+='"'
            ((++i))
        elif [[ $char == '"' ]] && { ((in_quotes)) || [[ -z $field ]]; }; then
            ((in_quotes = !in_quotes, 1))
        elif [[ $char == "$sep" ]] && ! ((in_quotes)); then
            fields+=("$field")
            field=''
        else
            field+=$char
        fi
    done
    if ((in_quotes)); then
        echo "error: unterminated quote: $line" >&2
        return 65
    fi
    fields+=("$field")
}

while IFS= read -r line || [[ -n $line ]]; do
    parse_csv_line "${line%$'\r'}" || continue
    for n in "${!fields[@]}"; do
        printf '%2d: [%s]\n' "$((n + 1))" "${fields[n]}"
    done
done <<'CSV'
1,"Café ""Zoë""",12.50
2,,"a, b and c"
3,"never closed
CSV
