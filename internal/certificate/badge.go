package certificate

import (
	"encoding/json"
	"encoding/xml"
	"fmt"
	"net/url"
	"strings"

	"github.com/sa-conformance/conformance/internal/report"
)

// BadgeEndpointFile is the name of the badge as an endpoint of shields.io, beside the bundle.
const BadgeEndpointFile = "badge.json"

// The badge is as high as those of others, and its two halves are not longer than fits beside them.
const (
	badgeHeight    = 20
	longestLabel   = 30
	longestMessage = 40
)

// badge is what a badge shows.
type badge struct {
	label, message, title string
	good                  bool
}

// badgeOf says what a certificate claims: whose it is, verdict and set; the title has the rest.
func badgeOf(c Claims) badge {
	profiles := make([]string, 0, len(c.Profiles))
	for _, p := range c.Profiles {
		profiles = append(profiles, string(p))
	}
	b := badge{label: c.Target.URL, message: string(c.Verdict), good: c.Verdict == report.Conformant || len(c.NotOffered) > 0}
	if address, err := url.Parse(c.Target.URL); err == nil && address.Host != "" {
		b.label = address.Host
	}
	if c.Words() != string(c.Verdict) {
		b.message = fmt.Sprintf("conformant (%d not offered)", len(c.NotOffered))
	}
	if c.Set.Name != "" {
		b.message += " · " + c.Set.Name
	}
	b.title = fmt.Sprintf("create service account at %s: %s · %s · set %s · until %s",
		b.label, c.Words(), strings.Join(profiles, ", "), c.Set.Name, c.ValidUntil.UTC().Format("2006-01-02"))
	b.label, b.message = report.Shorten(report.Printable(b.label), longestLabel), report.Shorten(report.Printable(b.message), longestMessage)
	return b
}

// Badge draws what a certificate claims as SVG. It is the same for the same claims, and refers to nothing outside. A badge
// proves nothing; the bundle does.
func Badge(c Claims) []byte {
	if c.Format == firstFormat {
		return firstBadge(c)
	}
	badge := badgeOf(c)
	color := "#17693f"
	if !badge.good {
		color = "#b3231a"
	}
	left, right := width(badge.label), width(badge.message)
	var s strings.Builder
	fmt.Fprintf(&s, `<svg xmlns="http://www.w3.org/2000/svg" width="%d" height="%d" role="img" aria-label="%s">`+"\n", left+right, badgeHeight, escaped(badge.title))
	fmt.Fprintf(&s, "<title>%s</title>\n", escaped(badge.title))
	fmt.Fprintf(&s, `<clipPath id="r"><rect width="%d" height="%d" rx="3"/></clipPath>`+"\n", left+right, badgeHeight)
	fmt.Fprintf(&s, `<g clip-path="url(#r)"><rect width="%d" height="%d" fill="#3a3f45"/><rect x="%d" width="%d" height="%d" fill="%s"/></g>`+"\n",
		left, badgeHeight, left, right, badgeHeight, color)
	s.WriteString(`<g fill="#fff" font-family="Verdana,DejaVu Sans,sans-serif" font-size="11">` + "\n")
	for _, half := range []struct {
		x, width int
		text     string
	}{{0, left, badge.label}, {left, right, badge.message}} {
		fmt.Fprintf(&s, `<text x="%d" y="14" textLength="%d">%s</text>`+"\n", half.x+badgeMargin, half.width-2*badgeMargin, escaped(half.text))
	}
	s.WriteString("</g>\n</svg>\n")
	return []byte(s.String())
}

// BadgeEndpoint is the badge as JSON of a shields.io endpoint (schemaVersion 1).
func BadgeEndpoint(c Claims) ([]byte, error) {
	badge := badgeOf(c)
	color := "brightgreen"
	if !badge.good {
		color = "red"
	}
	text, err := json.Marshal(struct {
		Version int    `json:"schemaVersion"`
		Label   string `json:"label"`
		Message string `json:"message"`
		Color   string `json:"color"`
	}{1, badge.label, badge.message, color})
	if err != nil {
		return nil, fmt.Errorf("encoding the badge: %w", err)
	}
	return append(text, '\n'), nil
}

// badgeMargin is what is left free before and after a text.
const badgeMargin = 6

// width is that of half a badge in pixels: its text in Verdana of 11 pixels, near enough, and the margins. textLength makes it
// exact where another font is used.
func width(text string) int {
	tenths := 0
	for _, c := range text {
		switch {
		case strings.ContainsRune("iIjl.,:;'|!", c):
			tenths += 40
		case strings.ContainsRune("frt()- ·", c):
			tenths += 48
		case strings.ContainsRune("mwMW@%", c):
			tenths += 103
		case 'A' <= c && c <= 'Z':
			tenths += 78
		default:
			tenths += 68
		}
	}
	return tenths/10 + 2*badgeMargin
}

func escaped(text string) string {
	var b strings.Builder
	_ = xml.EscapeText(&b, []byte(text)) // a Builder takes everything
	return b.String()
}
