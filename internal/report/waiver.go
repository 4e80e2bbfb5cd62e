package report

import (
	"fmt"
	"slices"
	"strings"
	"time"
)

// Waiver is a failure that somebody answers for until a day.
type Waiver struct {
	Requirement string `json:"requirement"`
	// Message is a part of what the failure says, see Matches; "" for any failure of the requirement.
	Message string `json:"message,omitempty"`
	Reason  string `json:"reason"`
	Owner   string `json:"owner"`
	Ticket  string `json:"ticket,omitempty"`
	// Expires is the last day, in UTC, on which it holds: "2027-01-31".
	Expires string `json:"expires"`
	// Intermittent says that the failure comes and goes: the waiver is not stale if it does not occur.
	Intermittent bool `json:"intermittent,omitempty"`
	// WithFollowers extends the waiver to the failures that follow from this one.
	WithFollowers bool `json:"withFollowers,omitempty"`
	// Expired is set if that day was over when the gate was decided.
	Expired bool `json:"expired"`
}

// Matches reports whether the waiver is for a failure: the requirement is the same, and the message, if there is one, is
// a part of what was found, be it as the message of the result or as "expected …, seen … at …". White space is alike.
func (w Waiver) Matches(r Result) bool {
	if w.Requirement != r.ID || !r.Outcome.Broke() {
		return false
	}
	part := oneLine(w.Message)
	return strings.Contains(Found(r), part) || strings.Contains(oneLine(r.Message), part)
}

// after reports whether the last day of the waiver was over.
func (w Waiver) after(today time.Time) bool {
	last, err := time.Parse(time.DateOnly, w.Expires)
	return err != nil || !today.UTC().Before(last.AddDate(0, 0, 1))
}

// waive gives each failure its waiver, a valid one rather than an expired one, and counts.
func (g *Gate) waive(r *Report, p Policy) {
	for i := range r.Results {
		r.Results[i].Waiver = nil
	}
	for _, w := range p.Waivers {
		w.Expired = w.after(p.Today)
		i := slices.IndexFunc(r.Results, func(x Result) bool { return x.ID == w.Requirement })
		switch {
		case i >= 0 && w.Matches(r.Results[i]):
			if held := r.Results[i].Waiver; held == nil || held.Expired {
				r.Results[i].Waiver = &w
			}
		case i >= 0 && r.LeftOut(r.Results[i]):
		case i >= 0 && r.Results[i].Outcome != Pass && !r.Results[i].Outcome.Broke():
			g.Warnings = append(g.Warnings, fmt.Sprintf("unobserved waiver: %s was not judged in this run (waived by %s until %s)",
				w.Requirement, w.Owner, w.Expires))
		case i >= 0 && w.Intermittent && !w.Expired: // another time it may fail again
		default:
			g.Stale++
			g.say(true, "stale waiver: %s; take it out", stale(w, r, i))
		}
	}
	extend(r.Results)
	for _, x := range CountedResults(r) {
		if x.Waived() {
			g.Waived++
		}
	}
	g.say(g.Waived > 0, "%s waived", Plural(g.Waived, "failure", "failures"))
	for _, x := range CountedResults(r) {
		if w := x.Waiver; w != nil && w.Expired {
			g.say(true, "the waiver of %s for %s expired on %s", w.Owner, x.ID, w.Expires)
		}
	}
}

// extend gives each failure that has no valid waiver of its own that of its cause, if that one is for what follows too.
func extend(results []Result) {
	for i, x := range results {
		if !x.Outcome.Broke() || x.ConsequenceOf == "" || x.Waived() {
			continue
		}
		cause := slices.IndexFunc(results, func(y Result) bool { return y.ID == x.ConsequenceOf })
		if cause < 0 || results[cause].Waiver == nil || !results[cause].Waiver.WithFollowers {
			continue
		}
		if w := results[cause].Waiver; x.Waiver == nil || !w.Expired {
			results[i].Waiver = w
		}
	}
}

func stale(w Waiver, r *Report, i int) string {
	switch {
	case i < 0:
		return w.Requirement + " is not a requirement"
	case r.Results[i].Outcome == Pass:
		return w.Requirement + " passed"
	}
	return w.Requirement + " failed with another message than the waiver's"
}

// Waived reports whether the result is a failure that a valid waiver holds for.
func (r Result) Waived() bool { return r.Outcome.Broke() && r.Waiver != nil && !r.Waiver.Expired }

// Standing is the outcome with what else there is to know of how it counts: "fail (waived by platform until 2027-01-31)".
func (r Result) Standing() string {
	text := strings.ReplaceAll(string(r.Outcome), "-", " ")
	switch w := r.Waiver; {
	case w == nil || !r.Outcome.Broke():
	case w.Expired:
		text += fmt.Sprintf(" (waiver of %s expired on %s)", w.Owner, w.Expires)
	default:
		text += fmt.Sprintf(" (waived by %s until %s%s)", w.Owner, w.Expires, with(w, r))
	}
	if r.Unscored {
		text += " (not scored)"
	}
	return text
}

// with names the failure that a waiver is for, if it holds for another one as a follower.
func with(w *Waiver, r Result) string {
	if w.Requirement == r.ID {
		return ""
	}
	return " with " + w.Requirement
}

// StandingNote is Standing where it says more than the outcome, with the waiver's reason and ticket; "" elsewhere.
func StandingNote(r Result) string {
	if r.Waiver == nil && !bool(r.Unscored) {
		return ""
	}
	text := r.Standing()
	if w := r.Waiver; w != nil && r.Outcome.Broke() {
		text += ": " + w.Reason
		if w.Ticket != "" {
			text += " [" + w.Ticket + "]"
		}
	}
	return text
}

// Found says in one printable line, however long, what was found.
func Found(r Result) string {
	text := r.Message
	if r.Expected != "" && r.Seen != "" {
		text = "expected " + r.Expected + ", seen " + r.Seen
		if r.Pointer != "" {
			text += " at " + r.Pointer
		}
	}
	return oneLine(text)
}

func oneLine(text string) string { return Printable(strings.Join(strings.Fields(text), " ")) }
