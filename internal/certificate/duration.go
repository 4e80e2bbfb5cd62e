package certificate

import (
	"errors"
	"strconv"
	"strings"
	"time"
)

const day = 24 * time.Hour

// ParseDuration reads a duration of one hour to ten years, in days (90d) or as Go writes it (36h).
func ParseDuration(text string) (time.Duration, error) {
	var d time.Duration
	var err error
	if number, ok := strings.CutSuffix(text, "d"); ok {
		var n int
		if n, err = strconv.Atoi(number); err == nil && n <= 3650 {
			d = time.Duration(n) * day
		}
	} else {
		d, err = time.ParseDuration(text)
	}
	if err == nil && (d < time.Hour || d > 3650*day) {
		err = errors.New("out of range")
	}
	return d, err
}
