package spec

import (
	"errors"
	"fmt"
	"strconv"
	"strings"
	"time"
)

// ParseDateTime reads a date-time of RFC 3339 section 5.6, strictly: a real calendar date, "T" and "Z" in either
// case, hours to 23, offsets to 23:59, and second 60 only where a leap second can be, at the end of the last day of a
// month in UTC. A leap second is returned as the first instant after it; fractions beyond nanoseconds are cut off.
// Errors say what is wrong and do not hold the string.
func ParseDateTime(s string) (time.Time, error) {
	const shape = "0000-00-00T00:00:00"
	if len(s) < len(shape) {
		return time.Time{}, errors.New("shorter than a date, T and a time with seconds")
	}
	for i := range len(shape) {
		switch want := shape[i]; {
		case want == '0' && !isDigit(s[i]):
			return time.Time{}, fmt.Errorf("no digit at position %d", i)
		case want == 'T' && s[i] != 'T' && s[i] != 't':
			return time.Time{}, errors.New("no T between date and time")
		case (want == '-' || want == ':') && s[i] != want:
			return time.Time{}, fmt.Errorf("no %q at position %d", want, i)
		}
	}
	nanoseconds, rest, err := fraction(s[len(shape):])
	if err != nil {
		return time.Time{}, err
	}
	zone, err := offset(rest)
	if err != nil {
		return time.Time{}, err
	}
	return assemble(s[:len(shape)], nanoseconds, zone)
}

// assemble checks the ranges of a date and time whose shape is good.
func assemble(s string, nanoseconds int, zone *time.Location) (time.Time, error) {
	number := func(from, to int) int { n, _ := strconv.Atoi(s[from:to]); return n }
	year, month, day := number(0, 4), time.Month(number(5, 7)), number(8, 10)
	hour, minute, second := number(11, 13), number(14, 16), number(17, 19)
	switch {
	case month < time.January || month > time.December:
		return time.Time{}, errors.New("a month outside 01 to 12")
	case day < 1 || day > time.Date(year, month+1, 0, 0, 0, 0, 0, time.UTC).Day():
		return time.Time{}, errors.New("a day that the month does not have")
	case hour > 23:
		return time.Time{}, errors.New("an hour outside 00 to 23")
	case minute > 59:
		return time.Time{}, errors.New("a minute outside 00 to 59")
	case second > 60:
		return time.Time{}, errors.New("a second outside 00 to 60")
	}
	if second < 60 {
		return time.Date(year, month, day, hour, minute, second, nanoseconds, zone), nil
	}
	next := time.Date(year, month, day, hour, minute, second, 0, zone)
	if utc := next.UTC(); utc.Day() != 1 || utc.Hour() != 0 || utc.Minute() != 0 {
		return time.Time{}, errors.New("second 60 where no leap second can be")
	}
	return next, nil
}

// fraction reads the optional fraction of a second at the beginning of s.
func fraction(s string) (nanoseconds int, rest string, err error) {
	if !strings.HasPrefix(s, ".") {
		return 0, s, nil
	}
	digits := 0
	for digits < len(s)-1 && isDigit(s[1+digits]) {
		digits++
	}
	if digits == 0 {
		return 0, "", errors.New("no digit after the decimal point")
	}
	nine := (s[1:1+digits] + "00000000")[:9]
	nanoseconds, err = strconv.Atoi(nine)
	return nanoseconds, s[1+digits:], err
}

// offset reads the offset from UTC that ends a date-time.
func offset(s string) (*time.Location, error) {
	switch {
	case s == "Z" || s == "z":
		return time.UTC, nil
	case s == "":
		return nil, errors.New("no Z and no offset at the end")
	case s[0] != '+' && s[0] != '-':
		return nil, errors.New("something other than a fraction, Z or an offset after the seconds")
	case len(s) != len("+00:00") || !isDigit(s[1]) || !isDigit(s[2]) || s[3] != ':' || !isDigit(s[4]) || !isDigit(s[5]):
		return nil, errors.New("an offset that is not two digits, a colon and two digits")
	}
	hours, minutes := int(s[1]-'0')*10+int(s[2]-'0'), int(s[4]-'0')*10+int(s[5]-'0')
	if hours > 23 || minutes > 59 {
		return nil, errors.New("an offset outside 00:00 to 23:59")
	}
	seconds := hours*3600 + minutes*60
	if s[0] == '-' {
		seconds = -seconds
	}
	return time.FixedZone("", seconds), nil
}
