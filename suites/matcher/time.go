package matcher

import (
	"net/http"
	"time"

	"github.com/onsi/gomega/types"

	"github.com/sa-conformance/conformance/internal/exchange"
	"github.com/sa-conformance/conformance/spec"
)

// ClockTolerance is how far the clock of a target may be from the time of an exchange.
const ClockTolerance = time.Minute

// BeRFC3339 accepts a string that is a date-time (RFC 3339 section 5.6) on a real calendar.
func BeRFC3339() types.GomegaMatcher { return onTime(func(time.Time) *Mismatch { return nil }) }

// BeNear accepts a date-time that lies within tolerance of an exchange, by the suite's clock or, if the clocks differ,
// by the Date header of the response (RFC 9110 section 6.6.1).
func BeNear(e *exchange.Exchange, tolerance time.Duration) types.GomegaMatcher {
	return onTime(func(t time.Time) *Mismatch {
		if within(t, e.StartedAt, e.FinishedAt(), tolerance) {
			return nil
		}
		expected := "a time within " + tolerance.String() + " of " + e.StartedAt.UTC().Format(time.RFC3339)
		if date, err := http.ParseTime(e.Response.Header.Get("Date")); err == nil {
			if within(t, date.Add(-e.Timings.Total), date.Add(time.Second), tolerance) {
				return nil
			}
			expected += ", or of the target's Date " + date.UTC().Format(time.RFC3339)
		}
		return &Mismatch{Expected: expected, Seen: t.Format(time.RFC3339Nano)}
	})
}

// BeLaterThan accepts a date-time after a moment, which the message calls by name.
func BeLaterThan(moment time.Time, name string) types.GomegaMatcher {
	return onTime(func(t time.Time) *Mismatch {
		if t.After(moment) {
			return nil
		}
		return &Mismatch{
			Expected: "a time later than " + name + ", " + moment.UTC().Format(time.RFC3339), Seen: t.UTC().Format(time.RFC3339Nano),
		}
	})
}

// BeSameSecond accepts a date-time less than a second away from another: what one response shows with a fraction, a later
// one may have cut off.
func BeSameSecond(other time.Time) types.GomegaMatcher {
	return onTime(func(t time.Time) *Mismatch {
		if t.Sub(other).Abs() < time.Second {
			return nil
		}
		return &Mismatch{Expected: other.UTC().Format(time.RFC3339Nano), Seen: t.UTC().Format(time.RFC3339Nano)}
	})
}

// TargetClock is the target's own idea of when it answered: its Date header, or the suite's clock where it sent none.
func TargetClock(e *exchange.Exchange) time.Time {
	if date, err := http.ParseTime(e.Response.Header.Get("Date")); err == nil {
		return date
	}
	return e.FinishedAt()
}

func within(t, from, to time.Time, tolerance time.Duration) bool {
	return !t.Before(from.Add(-tolerance)) && !t.After(to.Add(tolerance))
}

func onTime(judge func(time.Time) *Mismatch) types.GomegaMatcher {
	return newMatcher(func(text string) *Mismatch {
		t, err := spec.ParseDateTime(text)
		if err != nil {
			return &Mismatch{Expected: "an RFC 3339 date-time", Seen: Show(text) + ": " + err.Error()}
		}
		return judge(t)
	})
}
