#!/usr/bin/env bash
# Create an issue through a JSON API and wait until it has been processed.
set -euo pipefail

API_URL="${API_URL:-https://tracker.example.com/api/v1}"
: "${API_TOKEN:?set API_TOKEN to your access token}"

tmp_dir=$(mktemp -d)
trap 'rm -rf -- "$tmp_dir"' EXIT

# api METHOD PATH [JSON] – prints the body; fails for any status other than 2xx
api() {
    local method=$1 path=$2 payload=${3:-} status
    local -a args=(--silent --show-error --location --max-time 20 --retry 3 --retry-delay 2 --request "$method")
    args+=(--header "Authorization: Bearer ${API_TOKEN}" --header 'Accept: application/json')
    if [[ -n $payload ]]; then
        args+=(--header 'Content-Type: application/json; charset=utf-8' --data-binary "$payload")
    fi

    status=$(curl "${args[@]}" --output "$tmp_dir/body.json" --write-out '%{http_code}' "${API_URL}${path}")
    if [[ $status != 2?? ]]; then
        echo "$method $path failed with HTTP $status:" >&2
        jq -r '.error.message // .' "$tmp_dir/body.json" >&2 || cat "$tmp_dir/body.json" >&2
        return 1
    fi
    cat "$tmp_dir/body.json"
}

title=${1:?usage: $0 TITLE [LABEL...]}
shift
payload=$(jq -n --arg title "$title" '{title: $title, labels: $ARGS.positional, priority: 2}' --args -- "$@")
issue_id=$(api POST /issues "$payload" | jq -er '.id')
echo "Created issue #${issue_id} – “${title}”"

for delay in 1 2 4 8; do
    state=$(api GET "/issues/${issue_id}" | jq -r '.state')
    [[ $state == ready ]] && exit 0
    sleep "$delay"
done
echo "Issue #${issue_id} is still '${state}'." >&2
exit 1
