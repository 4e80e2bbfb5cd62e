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
	// old is set if it was good once.
	old bool
}

// color is that of the right half, for a picture and for shields.io.
func (b badge) color() (picture, endpoint string) {
	switch {
	case b.old:
		return "#5b5f66", "lightgrey"
	case b.good:
		return "#17693f", "brightgreen"
	}
	return "#b3231a", "red"
}

// NoticeBadge draws what whoever publishes a certificate says of it instead of what it claims, such as that it was revoked, as
// SVG and as JSON of a shields.io endpoint. It is grey for a certificate that was good once.
func NoticeBadge(label, message string, old bool) (picture, endpoint []byte, err error) {
	b := badge{label: report.Shorten(report.Printable(label), longestLabel), message: report.Shorten(report.Printable(message), longestMessage), old: old}
	b.title = "create service account at " + b.label + ": " + b.message
	endpoint, err = b.endpoint()
	return b.picture(), endpoint, err
}

// Host is the host of the target, by which a badge and a column name it.
func (c Claims) Host() string {
	if address, err := url.Parse(c.Target.URL); err == nil && address.Host != "" {
		return address.Host
	}
	return c.Target.URL
}

// badgeOf says what a certificate claims: whose it is, verdict and set; the title has the rest.
func badgeOf(c Claims) badge {
	profiles := make([]string, 0, len(c.Profiles))
	for _, p := range c.Profiles {
		profiles = append(profiles, string(p))
	}
	b := badge{label: c.Host(), message: string(c.Verdict), good: c.Verdict == report.Conformant || len(c.NotOffered) > 0}
	if c.Words() != string(c.Verdict) {
		b.message = fmt.Sprintf("conformant (%d not offered)", len(c.NotOffered))
	}
	if c.Set.Name != "" {
		b.message += " · " + c.Set.Name
	}
	b.title = fmt.Sprintf("create service account at %s: %s · %s · set %s · until %s",
		b.label, c.Words(), strings.Join(profiles, ", "), c.Set.Name, c.ValidUntil.UTC().Format("2006-01-02"))
	b.title = report.Printable(b.title)
	b.label, b.message = report.Shorten(report.Printable(b.label), longestLabel), report.Shorten(report.Printable(b.message), longestMessage)
	return b
}

// Badge draws what a certificate claims as SVG. It is the same for the same claims, and refers to nothing outside. A badge
// proves nothing; the bundle does.
func Badge(c Claims) []byte {
	if c.Format == firstFormat {
		return firstBadge(c)
	}
	return badgeOf(c).picture()
}

func (b badge) picture() []byte {
	color, _ := b.color()
	left, right := width(b.label), width(b.message)
	var s strings.Builder
	fmt.Fprintf(&s, `<svg xmlns="http://www.w3.org/2000/svg" width="%d" height="%d" role="img" aria-label="%s">`+"\n", left+right, badgeHeight, escaped(b.title))
	fmt.Fprintf(&s, "<title>%s</title>\n", escaped(b.title))
	fmt.Fprintf(&s, `<clipPath id="r"><rect width="%d" height="%d" rx="3"/></clipPath>`+"\n", left+right, badgeHeight)
	fmt.Fprintf(&s, `<g clip-path="url(#r)"><rect width="%d" height="%d" fill="#3a3f45"/><rect x="%d" width="%d" height="%d" fill="%s"/></g>`+"\n",
		left, badgeHeight, left, right, badgeHeight, color)
	s.WriteString(`<g fill="#fff" font-family="Verdana,DejaVu Sans,sans-serif" font-size="11">` + "\n")
	for _, half := range []struct {
		x, width int
		text     string
	}{{0, left, b.label}, {left, right, b.message}} {
		fmt.Fprintf(&s, `<text x="%d" y="14" textLength="%d">%s</text>`+"\n", half.x+badgeMargin, half.width-2*badgeMargin, escaped(half.text))
	}
	s.WriteString("</g>\n</svg>\n")
	return []byte(s.String())
}

// BadgeEndpoint is the badge as JSON of a shields.io endpoint (schemaVersion 1).
func BadgeEndpoint(c Claims) ([]byte, error) {
	return badgeOf(c).endpoint()
}

func (b badge) endpoint() ([]byte, error) {
	_, color := b.color()
	text, err := json.Marshal(struct {
		Version int    `json:"schemaVersion"`
		Label   string `json:"label"`
		Message string `json:"message"`
		Color   string `json:"color"`
	}{1, b.label, b.message, color})
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
