package certificate

import (
	"fmt"
	"strings"
)

// firstBadge is the badge of certificates of format 1, drawn as it was.
func firstBadge(c Claims) []byte {
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
	a, b := firstWidth(left), firstWidth(right)
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

func firstWidth(text string) int { return 16 + len([]rune(text))*66/10 }
