package matcher

import (
	"net/url"
	"slices"
	"strings"

	"github.com/onsi/gomega/types"
)

// BeURL accepts a string that is an absolute http or https URL with a host, and holds none of the given characters.
func BeURL(without string) types.GomegaMatcher {
	return newMatcher(func(value any) *Mismatch {
		text, ok := value.(string)
		if !ok {
			return &Mismatch{Expected: "an absolute URL", Seen: a(value)}
		}
		u, err := url.Parse(text)
		if err != nil || u.Host == "" || !slices.Contains([]string{"http", "https"}, strings.ToLower(u.Scheme)) {
			return &Mismatch{Expected: "an absolute http or https URL", Seen: Show(text)}
		}
		if strings.ContainsAny(text, without) {
			return &Mismatch{Expected: "a URL without any of " + without, Seen: Show(text)}
		}
		return nil
	})
}
