package main

import (
	"cmp"
	"fmt"
)

// Search returns the leftmost position of target in sorted and whether it is
// there; if not, the position is the one at which it would be inserted.
func Search[S ~[]E, E cmp.Ordered](sorted S, target E) (pos int, found bool) {
	lo, hi := 0, len(sorted)
	for lo < hi {
		mid := int(uint(lo+hi) >> 1) // avoids overflow
		if sorted[mid] < target {
			lo = mid + 1
		} else {
			hi = mid
		}
	}
	return lo, lo < len(sorted) && sorted[lo] == target
}

func main() {
	cases := []struct {
		name   string
		sorted []int
		target int
	}{
		{"empty", nil, 1},
		{"single, present", []int{7}, 7},
		{"duplicates", []int{1, 4, 4, 4, 9}, 4},
		{"before first", []int{10, 20}, -3},
		{"after last", []int{10, 20}, 99},
	}
	for _, c := range cases {
		pos, found := Search(c.sorted, c.target)
		fmt.Printf("%-16s pos=%d found=%t\n", c.name, pos, found)
	}
	fmt.Println(Search([]string{"gå", "se", "være"}, "være"))
}
