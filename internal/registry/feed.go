package registry

import (
	"crypto/sha256"
	"encoding/xml"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/sa-conformance/conformance/internal/report"
)

// The feed is Atom (RFC 4287). Its links are relative to its own address, so that a site works wherever it is published.
type (
	atomFeed struct {
		XMLName xml.Name    `xml:"http://www.w3.org/2005/Atom feed"`
		Lang    string      `xml:"xml:lang,attr"`
		ID      string      `xml:"id"`
		Title   string      `xml:"title"`
		Updated string      `xml:"updated"`
		Author  atomAuthor  `xml:"author"`
		Links   []atomLink  `xml:"link"`
		Entries []atomEntry `xml:"entry"`
	}
	atomAuthor struct {
		Name string `xml:"name"`
	}
	atomLink struct {
		Rel  string `xml:"rel,attr"`
		Type string `xml:"type,attr"`
		Href string `xml:"href,attr"`
	}
	atomEntry struct {
		ID      string   `xml:"id"`
		Title   string   `xml:"title"`
		Updated string   `xml:"updated"`
		Link    atomLink `xml:"link"`
		Summary string   `xml:"summary"`
	}
)

// feed lists what is valid, expired or revoked, the newest event first. The id of an entry is that of its certificate, and its
// time is that of the event.
func (r *Registry) feed(reviews []*Review, now time.Time) ([]byte, error) {
	f := atomFeed{
		Lang: "en", ID: urn("registry\n" + r.Name), Title: report.Printable(r.Name), Author: atomAuthor{report.Printable(r.Name)},
		Links: []atomLink{{"self", "application/atom+xml", feedFile}, {"alternate", "text/html", indexPage}},
	}
	var newest time.Time
	for _, review := range reviews {
		if review.Standing() == Refused {
			continue
		}
		at := r.event(review, now)
		if at.After(newest) {
			newest = at
		}
		s, c := review.Submission, review.Verification.Claims
		summary := fmt.Sprintf("%s at %s: %s, profiles %s, set %s, until %s", review.Standing(), c.Target.URL, c.Words(), joined(c.Profiles),
			c.Set.Name, c.ValidUntil.UTC().Format(time.DateOnly))
		if x := review.Revoked; x != nil {
			summary = fmt.Sprintf("revoked since %s: %s; it was for %s", x.Since, x.Reason, c.Target.URL)
		}
		f.Entries = append(f.Entries, atomEntry{
			ID: urn(review.Verification.SHA256), Title: short(fmt.Sprintf("%s %s of %s: %s", s.Product, s.Version, s.Vendor, review.Standing())),
			Updated: at.Format(time.RFC3339), Link: atomLink{"alternate", "text/html", review.file("certificates", ".html")}, Summary: short(summary),
		})
	}
	slices.SortStableFunc(f.Entries, func(a, b atomEntry) int { return strings.Compare(b.Updated, a.Updated) })
	if newest.IsZero() {
		newest = now
	}
	f.Updated = newest.UTC().Truncate(time.Second).Format(time.RFC3339)
	text, err := xml.MarshalIndent(f, "", "  ")
	if err != nil {
		return nil, fmt.Errorf("encoding the feed: %w", err)
	}
	return append([]byte(xml.Header), append(text, '\n')...), nil
}

// event is when the certificate became what it is, and not after now.
func (r *Registry) event(review *Review, now time.Time) time.Time {
	c := review.Verification.Claims
	at := c.ValidFrom
	switch review.Standing() {
	case Revoked:
		at = review.Revoked.Day()
	case Expired:
		if at = c.ValidUntil; r.Policy.MaxAge > 0 && c.ValidFrom.Add(r.Policy.MaxAge).Before(at) {
			at = c.ValidFrom.Add(r.Policy.MaxAge)
		}
	}
	if at.After(now) {
		at = now
	}
	return at.UTC().Truncate(time.Second)
}

// urn is a UUID of version 8 (RFC 9562 section 5.8) made of a text: the same for the same text.
func urn(text string) string {
	sum := sha256.Sum256([]byte(text))
	sum[6], sum[8] = sum[6]&0x0f|0x80, sum[8]&0x3f|0x80
	return fmt.Sprintf("urn:uuid:%x-%x-%x-%x-%x", sum[0:4], sum[4:6], sum[6:8], sum[8:10], sum[10:16])
}
