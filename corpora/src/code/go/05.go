package main

import (
	"fmt"
	"log"
	"time"
)

const isoDate = "2006-01-02" // Go's reference date, not an example

// addMonths differs from AddDate: 31 January plus one month is the last day
// of February instead of 2 or 3 March.
func addMonths(t time.Time, months int) time.Time {
	first := time.Date(t.Year(), t.Month()+time.Month(months), 1, t.Hour(), t.Minute(), t.Second(), t.Nanosecond(), t.Location())
	lastDay := first.AddDate(0, 1, -1).Day()
	return first.AddDate(0, 0, min(t.Day(), lastDay)-1)
}

func workdays(from, to time.Time) (n int) {
	for d := from; d.Before(to); d = d.AddDate(0, 0, 1) {
		switch d.Weekday() {
		case time.Saturday, time.Sunday:
		default:
			n++
		}
	}
	return n
}

func main() {
	start, err := time.Parse(isoDate, "2024-01-31")
	if err != nil {
		log.Fatal(err)
	}
	due := addMonths(start, 1)
	fmt.Printf("%s → %s: %.0f days, %d workdays\n", start.Format(isoDate), due.Format("Mon, 2 Jan 2006"), due.Sub(start).Hours()/24, workdays(start, due))

	tokyo := time.FixedZone("JST", 9*60*60)
	fmt.Println(due.Add(36*time.Hour + 30*time.Minute).In(tokyo).Format("2006年1月2日 15時04分 MST"))
	year, week := due.ISOWeek()
	fmt.Printf("%d-W%02d %v\n", year, week, (90 * time.Minute).Round(time.Hour))
}
