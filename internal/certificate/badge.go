package certificate

import (
	"encoding/xml"
	"fmt"
	"strings"
)

// Badge draws what a certificate claims: verdict, profiles, set, and the last day on which it is valid. It is the same for
// the same claims, and refers to nothing outside. A badge proves nothing; the bundle does.
func Badge(c Claims) []byte {
	profiles := make([]string, 0, len(c.Profiles))
	for _, p := range c.Profiles {
		profiles = append(profiles, string(p))
	}
	left := "create service account"
	right := fmt.Sprintf("%s · %s · set %s · until %s", c.Words(), strings.Join(profiles, ", "), c.Set.Name, c.ValidUntil.UTC().Format("2006-01-02"))
	color := "#17693f"
	if c.Verdict != "conformant" && len(c.NotOffered) == 0 {
		color = "#b3231a"
	}
	a, b := width(left), width(right)
	var s strings.Builder
	fmt.Fprintf(&s, `<svg xmlns="http://www.w3.org/2000/svg" width="%d" height="22" role="img" aria-label="%s: %s">`+"\n", a+b, escaped(left), escaped(right))
	fmt.Fprintf(&s, "<title>%s: %s</title>\n", escaped(left), escaped(right))
	fmt.Fprintf(&s, `<clipPath id="r"><rect width="%d" height="22" rx="4"/></clipPath>`+"\n", a+b)
	fmt.Fprintf(&s, `<g clip-path="url(#r)"><rect width="%d" height="22" fill="#3a3f45"/><rect x="%d" width="%d" height="22" fill="%s"/></g>`+"\n", a, a, b, color)
	s.WriteString(`<g fill="#fff" font-family="Verdana,DejaVu Sans,sans-serif" font-size="11">` + "\n")
	fmt.Fprintf(&s, `<text x="8" y="15" textLength="%d">%s</text>`+"\n", a-16, escaped(left))
	fmt.Fprintf(&s, `<text x="%d" y="15" textLength="%d">%s</text>`+"\n", a+8, b-16, escaped(right))
	s.WriteString("</g>\n</svg>\n")
	return []byte(s.String())
}

// width is that of a text in the badge's font, near enough: textLength makes it so.
func width(text string) int { return 16 + len([]rune(text))*66/10 }

func escaped(text string) string {
	var b strings.Builder
	_ = xml.EscapeText(&b, []byte(text)) // a Builder takes everything
	return b.String()
}
