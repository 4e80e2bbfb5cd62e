package evidence

import (
	"net/url"
	"regexp"
	"strings"

	"github.com/onsi/gomega/types"

	"github.com/sa-conformance/conformance/internal/discovery"
	"github.com/sa-conformance/conformance/internal/exchange"
	. "github.com/sa-conformance/conformance/suites/matcher"
)

// Document is the response of a step that was to yield a JSON object.
func Document(ev *exchange.Evidence, step string) *exchange.Exchange {
	e := Success(ev, step)
	if found, _ := e.Document(); !IsObject(found) {
		Inconclusive("%s was answered with a body that is no JSON object", e.ID)
	}
	return e
}

// Discovered is a text that openid-configuration holds.
func Discovered(ev *exchange.Evidence, pointer string) string {
	e := Document(ev, "openid-configuration")
	if e.Text(pointer) == "" {
		Inconclusive("%s has no text at %s", e.ID, pointer)
	}
	return e.Text(pointer)
}

// BeAddress accepts the address of the target, whose scheme and host have any letter case and whose path may end with a slash.
func BeAddress(base string) types.GomegaMatcher {
	normal := func(address string) string {
		u, err := url.Parse(address)
		if err != nil || u.Host == "" || u.RawQuery != "" || u.Fragment != "" {
			return ""
		}
		return strings.ToLower(u.Scheme) + "://" + discovery.Origin(u) + strings.TrimRight(u.EscapedPath(), "/")
	}
	return By(func(value any) *Mismatch {
		if text, ok := value.(string); ok && normal(text) != "" && normal(text) == normal(base) {
			return nil
		}
		return &Mismatch{Expected: "the address of the target, " + Show(base), Seen: Show(value)}
	})
}

// scope is the scope-token of RFC 6749 section 3.3.
var scope = regexp.MustCompile(`^[\x21\x23-\x5B\x5D-\x7E]+$`)

func BeScope() types.GomegaMatcher {
	return By(func(value any) *Mismatch {
		if text, ok := value.(string); ok && scope.MatchString(text) {
			return nil
		}
		return &Mismatch{Expected: "a scope", Seen: Show(value)}
	})
}
