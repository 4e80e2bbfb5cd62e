package report

import (
	"fmt"
	"strings"
)

// What a format shows of one thing at most, where nothing else is asked for.
const (
	BodyLines     = 30
	LineLength    = 500
	MostFollowers = 8
	MostAlso      = 10 // exchanges that a card names without showing them
)

// Summary says in one printable line of 200 characters at most what was found.
func Summary(r Result) string { return Shorten(Found(r), 200) }

// Shorten cuts a text to a number of characters.
func Shorten(s string, limit int) string {
	runes := []rune(s)
	if len(runes) <= limit {
		return s
	}
	return string(runes[:limit-1]) + "…"
}

// Plural says how many there are of something.
func Plural(n int, one, many string) string {
	if n == 1 {
		return "1 " + one
	}
	return fmt.Sprintf("%d %s", n, many)
}

// SomeIDs lists some ids, and counts the rest.
func SomeIDs(ids []string) string {
	if len(ids) <= MostFollowers {
		return strings.Join(ids, ", ")
	}
	return strings.Join(ids[:MostFollowers], ", ") + fmt.Sprintf(" and %d more", len(ids)-MostFollowers)
}

// ProofLine says how the judge was tried.
func ProofLine(p Proof) string {
	text := fmt.Sprintf("%d of %d defects killed, %d of %d legal variants spared", p.Killed, p.Defects, p.Spared, p.Variants)
	if p.Version != "" {
		text += fmt.Sprintf("; by suite %s on %s", Printable(p.Version), Printable(p.Date))
	}
	switch {
	case p.Current:
		return text + ", of this catalogue"
	case p.Catalogue != "":
		return text + ", of another catalogue: " + Printable(p.Catalogue[:min(len("sha256:")+12, len(p.Catalogue))])
	default:
		return text + ", of another catalogue"
	}
}

// Confirmed says in brackets whether the counts are confirmed, with a space before.
func (a Accounts) Confirmed() string {
	switch {
	case a.Verified:
		return " (verified by list)"
	case a.Unverified != "":
		return " (not verified: " + a.Unverified + ")"
	case a.Left == 0:
		return " (not verified: the list could not be read)"
	}
	return ""
}
