#!/usr/bin/env bats
# Tests for stock.sh – run with: bats test/stock.bats

setup() {
    STOCK_DB="$BATS_TEST_TMPDIR/stock.tsv"
    export STOCK_DB
    PATH="$BATS_TEST_DIRNAME/../bin:$PATH"
}

assert_quantity() {
    local sku=$1 expected=$2 actual
    actual=$(awk -F '\t' -v sku="$sku" '$1 == sku { print $2 }' "$STOCK_DB")
    if [[ "$actual" != "$expected" ]]; then
        echo "quantity of $sku: expected $expected, got '${actual:-nothing}'"
        return 1
    fi
}

@test "add creates an item" {
    run stock.sh add PIÑATA-01 12
    [ "$status" -eq 0 ]
    assert_quantity PIÑATA-01 12
}

@test "remove subtracts from the stock" {
    stock.sh add MUG 10
    stock.sh remove MUG 3
    assert_quantity MUG 7
}

@test "removing too much fails and changes nothing" {
    stock.sh add MUG 2
    run stock.sh remove MUG 5
    [ "$status" -eq 75 ]
    [[ "$output" == *"only 2 of MUG left, 5 requested"* ]]
    assert_quantity MUG 2
}

@test "quantities must be positive whole numbers" {
    for bad in 0 -1 1.5 two ''; do
        run stock.sh add MUG "$bad"
        [ "$status" -eq 64 ] || { echo "accepted: '$bad'"; return 1; }
    done
}
