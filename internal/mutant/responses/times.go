package responses

import (
	"time"

	"github.com/sa-conformance/conformance/internal/mutant"
	"github.com/sa-conformance/conformance/internal/reference"
)

// whole is RFC 3339 with whole seconds.
const whole = "2006-01-02T15:04:05Z"

// onTime changes date-times, given as instants in UTC.
func onTime(change func(t time.Time) any) func(any) any {
	return mutant.OnText(func(text string) any {
		t, err := time.Parse(time.RFC3339Nano, text)
		if err != nil {
			return text
		}
		return change(t.UTC())
	})
}

// formatted writes instants in a layout of package time.
func formatted(layout string) func(time.Time) any {
	return func(t time.Time) any { return t.Format(layout) }
}

// Times answer with times that are none, or that are wrong.
func Times() []*mutant.Defect {
	const creation, expiry = "/metadata/creationTime", "/status/expiry"
	const unreadable = "clients fail to decode the response, and lose the token"
	var all []*mutant.Defect
	for _, wrong := range []struct {
		name, what string
		change     func(time.Time) any
	}{
		{"zone-less", "without a zone", formatted("2006-01-02T15:04:05")},
		{"without-seconds", "without seconds", formatted("2006-01-02T15:04Z")},
		{"spaced", "with a space in place of the T, and UTC after it", formatted("2006-01-02 15:04:05 UTC")},
		{"offset-too-large", "with an offset of 99 hours", func(t time.Time) any { return t.Format("2006-01-02T15:04:05") + "+99:99" }},
		{"30-february", "on 30 February", func(t time.Time) any { return t.Format("2006") + "-02-30T" + t.Format("15:04:05Z") }},
		{"29-february", "on 29 February of a common year", func(t time.Time) any { return "2027-02-29T" + t.Format("15:04:05Z") }},
		{"hour-24", "at 24:00:00", func(t time.Time) any { return t.Format("2006-01-02") + "T24:00:00Z" }},
		{"second-60", "with a second 60 in the middle of the day", func(t time.Time) any { return t.Format("2006-01-02") + "T12:34:60Z" }},
		{"decimal-comma", "with a comma before the fraction", formatted("2006-01-02T15:04:05,000Z")},
	} {
		all = append(all, mutant.Defective("creation-time-"+wrong.name, "writes metadata.creationTime "+wrong.what, unreadable,
			mutant.Shown(creation, onTime(wrong.change)), "create.metadata.creation-time", "create.body.schema"))
		switch wrong.name {
		case "zone-less", "30-february":
			all = append(all, mutant.Defective("expiry-"+wrong.name, "writes status.expiry "+wrong.what, unreadable,
				mutant.Shown(expiry, onTime(wrong.change)), "create.expiry.rfc3339", "create.body.schema"))
		}
	}
	return mutant.InFamily("times", append(append(all, wrongCreations()...), wrongExpiries()...)...)
}

func wrongCreations() []*mutant.Defect {
	const creation = "/metadata/creationTime"
	moved := func(by time.Duration) func(any) any {
		return onTime(func(t time.Time) any { return t.Add(by).Format(whole) })
	}
	var all []*mutant.Defect
	for _, wrong := range []struct {
		name, what string
		change     func(any) any
	}{
		{"example", "writes the time of the published example for metadata.creationTime", mutant.Always("2024-05-31T14:11:00Z")},
		{"local", "writes the local time, two hours east, for metadata.creationTime, and a Z after it", moved(2 * time.Hour)},
		{"two-minutes-late", "keeps metadata.creationTime two minutes behind its own Date", moved(-2 * time.Minute)},
		{"two-minutes-early", "keeps metadata.creationTime two minutes ahead of its own Date", moved(2 * time.Minute)},
	} {
		all = append(all, mutant.Defective("creation-time-"+wrong.name, wrong.what, "accounts appear older or younger than they are, and are cleaned up at the wrong time",
			mutant.Shown(creation, wrong.change), "create.metadata.creation-time-near", "create.every.creation-time"))
	}
	return append(all,
		mutant.Defective("creation-time-of-described", "writes midnight for the creation time of accounts with a description", "accounts appear older than they are",
			mutant.OnViews(func(v mutant.View) {
				if mutant.Lookup(v.Account, "/metadata/description") != nil {
					mutant.Edited(v.Account, creation, onTime(func(t time.Time) any { return t.Add(-25*time.Hour).Format("2006-01-02") + "T00:00:00Z" }))
				}
			}), "create.every.creation-time"),
	)
}

func wrongExpiries() []*mutant.Defect {
	const expiry = "/status/expiry"
	const early = "clients throw a good token away, or keep one that is over"
	moved := func(by time.Duration) *mutant.Layer {
		return mutant.Shown(expiry, onTime(func(t time.Time) any { return t.Add(by).Format(whole) }))
	}
	always := func(value any) *mutant.Layer { return mutant.Shown(expiry, mutant.Always(value)) }
	return []*mutant.Defect{
		mutant.Defective("expiry-epoch", "writes status.expiry as seconds since 1970", early,
			mutant.Shown(expiry, onTime(func(t time.Time) any { return t.Unix() })), "create.expiry.rfc3339", "create.body.schema"),
		mutant.Defective("expiry-missing", "leaves status.expiry out", early,
			always(mutant.Gone()), "create.expiry.rfc3339", "create.body.schema"),
		mutant.Defective("expiry-past", "writes the published example's expiry, which is over", early,
			always("2025-03-14T16:10:00Z"), "create.expiry.future", "create.every.expiry"),
		mutant.Defective("expiry-is-creation", "writes metadata.creationTime for status.expiry", early,
			mutant.OnViews(func(v mutant.View) {
				mutant.Edited(v.Account, expiry, func(any) any { return mutant.Lookup(v.Account, "/metadata/creationTime") })
			}), "create.expiry.after-creation", "create.expiry.future"),
		mutant.Defective("expiry-before-creation", "counts a short life from a clock that is behind the one of creation times", early,
			mutant.Chain(
				mutant.Shown("/metadata/creationTime", onTime(func(t time.Time) any { return t.Add(40 * time.Second).Format(whole) })),
				&mutant.Layer{Configure: func(c *reference.Config) { c.Lifetime = 30 * time.Second }},
			), "create.expiry.after-creation"),
		mutant.Defective("expiry-of-described", "writes the zero time for the expiry of accounts with tags", early,
			mutant.OnViews(func(v mutant.View) {
				if mutant.Lookup(v.Account, "/metadata/tags") != nil {
					mutant.Edited(v.Account, expiry, func(any) any { return "0001-01-01T00:00:00Z" })
				}
			}), "create.every.expiry"),
		mutant.Defective("expiry-local", "writes the local time, two hours east, for status.expiry, and a Z after it", early,
			moved(2*time.Hour), "token.expiry.agrees"),
	}
}
