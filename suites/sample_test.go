package suites

import "time"

// racedParts is how many parts tables of whole runs are cut into under the race detector, where a run costs eight times as
// much. Another part is tried every day. Without the detector, as in make cover, every case is tried.
const racedParts = 6

// tried reports whether a case of a table is tried now.
func tried(name string) bool {
	return !raced || partOf(name, racedParts) == time.Now().YearDay()%racedParts
}

// Raced is raced, for the tests outside the package.
const Raced = raced
