package tracking

import (
	"fmt"
	"net/url"
	"regexp"
	"strings"

	"github.com/sa-conformance/conformance/internal/bodies"
)

// Unfit says why an id must not stand in a path; "" if it may. Only unreserved characters (RFC 3986 section 2.3) name the
// same resource for the target and for every proxy in between. A request with another id is recorded and not sent.
func Unfit(id string) string {
	switch {
	case id == "":
		return "there is no id of an account to put into the path"
	case id == "." || id == "..":
		return "the id of the account cannot stand in a path: it is a dot segment"
	case len(id) > bodies.LongestID:
		return fmt.Sprintf("the id of the account cannot stand in a path: it has more than %d characters", bodies.LongestID)
	case strings.ContainsFunc(id, func(c rune) bool { return !unreserved(c) }):
		return "the id of the account cannot stand in a path: it holds other characters than letters, digits and - . _ ~"
	}
	return ""
}

func unreserved(c rune) bool {
	letter := 'a' <= c|0x20 && c|0x20 <= 'z'
	return c < 0x80 && letter || '0' <= c && c <= '9' || strings.ContainsRune("-._~", c)
}

// Canonical is one text for all spellings of an id: in another case, percent-encoded, as a URN, in braces, without dashes.
func Canonical(id string) string {
	for range 3 {
		plain, err := url.PathUnescape(id)
		if err != nil || plain == id {
			break
		}
		id = plain
	}
	id = strings.ToLower(strings.TrimSpace(id))
	bare := strings.TrimSuffix(strings.TrimPrefix(strings.TrimPrefix(id, "urn:uuid:"), "{"), "}")
	if digits := strings.ReplaceAll(bare, "-", ""); len(digits) == 32 && strings.Trim(digits, "0123456789abcdef") == "" {
		return digits
	}
	return id
}

// Plain is the path of a collection that may be listed.
var Plain = regexp.MustCompile(`^/api/v1/organizations/[0-9A-Fa-f-]{36}/serviceaccounts$`)
