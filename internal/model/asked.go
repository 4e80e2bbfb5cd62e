package model

import (
	"bytes"
	"encoding/json"
	"mime"
	"net/http"
	"net/url"
	gopath "path"
	"regexp"
	"slices"
	"strings"

	"github.com/sa-conformance/conformance/internal/exchange"
	"github.com/sa-conformance/conformance/spec"
)

// kind is what a request asks for, told by its method and its path.
type kind int

const (
	other kind = iota // nothing that the contract has, or something that is public
	creation
	listing
	updating
	rotation
	deletion
	userinfo
	undeclared // a method that the contract does not have, on a resource that it has
)

// place says whether a request names the organization of the run, or an account, and how.
type place int

const (
	strange   place = iota // another one, an unknown one, or no id at all
	spelled                // the same in another spelling, which a target may refuse
	canonical              // as the contract writes it
)

// asked is what one request asks for.
type asked struct {
	kind         kind
	organization place
	account      string // in lower case; "" for none
	written      place  // how the account is spelled
	// plain is set if nothing about the request is unusual: no query, and no headers but the usual ones.
	plain bool
	body  body
}

// body says what a request carries if the contract wants an account.
type body int

const (
	unclear body = iota // what a lenient target may repair, or what the contract leaves open
	valid
	invalid // a target refuses it
)

// isUUID reports whether a text is a UUID in lower case, as RFC 9562 section 4 writes it.
func isUUID(text string) bool {
	if len(text) != len("00000000-0000-0000-0000-000000000000") {
		return false
	}
	for i := range len(text) {
		switch c := text[i]; i {
		case 8, 13, 18, 23:
			if c != '-' {
				return false
			}
		default:
			if (c < '0' || c > '9') && (c < 'a' || c > 'f') {
				return false
			}
		}
	}
	return true
}

// read tells what a request asks for.
func (m *Model) read(e *exchange.Exchange) asked { return m.readAt(e, e.Request.URL) }

// readAt is read for another address than that of the request.
func (m *Model) readAt(e *exchange.Exchange, text string) asked {
	address, err := url.Parse(text)
	base, baseErr := url.Parse(m.facts.BaseURL)
	if err != nil || baseErr != nil {
		return asked{}
	}
	path, below := strings.CutPrefix(address.EscapedPath(), strings.TrimRight(base.EscapedPath(), "/"))
	a := asked{plain: address.RawQuery == "" && usual(e.Request.Header)}
	if !below {
		return asked{}
	}
	if path == "/oauth2/v2/userinfo" {
		a.organization = canonical
		switch e.Request.Method {
		case http.MethodGet, http.MethodPost: // OpenID Connect Core section 5.3.1
			a.kind = userinfo
		}
		return a
	}
	rest, found := strings.CutPrefix(path, "/api/v1/organizations/")
	parts := strings.Split(rest, "/")
	if !found || text == e.Request.URL && e.Rewritten() || len(parts) < 2 || len(parts) > 4 || parts[1] != "serviceaccounts" || len(parts) == 4 && parts[3] != "rotate" {
		return asked{}
	}
	a.kind = kindOf(e.Request.Method, len(parts))
	a.organization, _ = spelling(parts[0], strings.ToLower(m.facts.Organization))
	if len(parts) > 2 {
		a.written, a.account = spelling(parts[2], "")
	}
	if a.kind == creation || a.kind == updating {
		a.body = bodyOf(e)
	}
	return a
}

func kindOf(method string, parts int) kind {
	switch {
	case parts == 2 && method == http.MethodPost:
		return creation
	case parts == 2 && method == http.MethodGet:
		return listing
	case parts == 3 && method == http.MethodPut:
		return updating
	case parts == 3 && method == http.MethodDelete:
		return deletion
	case parts == 4 && method == http.MethodPost:
		return rotation
	case method == http.MethodHead || method == http.MethodOptions || method == http.MethodTrace:
		return other
	}
	return undeclared
}

// spelling compares an id of a path with the one that is wanted, "" for any, and returns its usual form.
func spelling(text, want string) (place, string) {
	plain := strings.ToLower(text)
	is := isUUID(plain)
	switch bare := strings.Trim(strings.TrimPrefix(plain, "urn:uuid:"), "{}"); {
	case !is && isUUID(bare) && (want == "" || bare == want):
		return spelled, bare
	case !is || want != "" && plain != want:
		return strange, plain
	case text != plain && want != strings.ToLower(want), text != plain:
		return spelled, plain
	}
	return canonical, plain
}

// usual reports whether the header fields of a request are such that no target has a reason to refuse it for them.
func usual(header http.Header) bool {
	for name, values := range header {
		value := strings.Join(values, ", ")
		switch name {
		case "Authorization", "Traceparent", "User-Agent", "Accept-Encoding":
		case "If-None-Match": // which no version of anything fits
			if value != `"no-such-version"` {
				return false
			}
		case "Accept":
			if !strings.Contains(value, "application/json") && !strings.Contains(value, "*/*") && !strings.Contains(value, "application/*") {
				return false
			}
		case "Content-Type":
			if !isJSON(value) {
				return false
			}
		default:
			return false
		}
	}
	return true
}

// isJSON reports whether a media type is that of JSON, with or without its charset, in any of the spellings that mean the same
// (RFC 9110 section 8.3.1).
func isJSON(text string) bool {
	mediaType, parameters, err := mime.ParseMediaType(text)
	if err != nil || mediaType != "application/json" || len(parameters) > 1 {
		return false
	}
	charset, named := parameters["charset"]
	return len(parameters) == 0 || named && strings.EqualFold(charset, "utf-8")
}

// bodyOf tells whether the contract lets a target take a body. A body that is JSON of another schema is refused; one that is
// no JSON text is too, unless a lenient parser may read it (RFC 8259 section 9).
func bodyOf(e *exchange.Exchange) body {
	text := e.Request.Body
	if !isJSON(strings.Join(e.Request.Header.Values("Content-Type"), ",")) || len(text) > largest {
		return unclear
	}
	trimmed := bytes.TrimSpace(text)
	if len(trimmed) == 0 {
		return invalid
	}
	is := sentIn(e)
	if !is.clean || !is.valid {
		return unclear
	}
	switch {
	case conforms(is.document):
		return valid
	case conforms(folded(is.document)): // letter case of members is what lenient parsers pass over
		return unclear
	}
	return invalid
}

// sentBody is the body of a request.
type sentBody struct {
	document any
	// valid is set if it is one JSON text, and clean if a strict parser has nothing against that.
	valid, clean bool
}

func sentIn(e *exchange.Exchange) sentBody {
	return exchange.Sent(e, func(body []byte) (is sentBody) {
		is.valid = json.Unmarshal(body, &is.document) == nil
		is.clean = len(spec.LintJSON(body)) == 0
		return is
	})
}

// firstSent is the first JSON text of a body, whatever follows it. Its numbers are floats if it is the only one.
func firstSent(e *exchange.Exchange) (document any, ok bool) {
	if is := sentIn(e); is.valid {
		return is.document, true
	}
	return decoded(e.Request.Body)
}

// largest is the length in bytes up to which no target has a reason to refuse a body for its length.
const largest = 16 << 10

var namePattern = regexp.MustCompile(`^[0-9A-Za-z](?:[0-9A-Za-z\-_.]{0,61}[0-9A-Za-z])?$`)

// conforms reports whether a document is a serviceAccountWrite.
func conforms(document any) bool {
	root, isObject := document.(map[string]any)
	metadata, hasMetadata := root["metadata"].(map[string]any)
	account, hasSpec := root["spec"].(map[string]any)
	if !isObject || !hasMetadata || !hasSpec {
		return false
	}
	name, isText := metadata["name"].(string)
	if !isText || !namePattern.MatchString(name) {
		return false
	}
	if description, there := metadata["description"]; there && !isTextual(description) {
		return false
	}
	groups, isArray := account["groupIDs"].([]any)
	if !isArray || slices.ContainsFunc(groups, func(g any) bool { return !isTextual(g) }) {
		return false
	}
	all, there := metadata["tags"]
	if !there {
		return true
	}
	items, isArray := all.([]any)
	return isArray && !slices.ContainsFunc(items, func(item any) bool {
		tag, isObject := item.(map[string]any)
		return !isObject || !isTextual(tag["name"]) || !isTextual(tag["value"])
	})
}

func isTextual(value any) bool {
	_, ok := value.(string)
	return ok
}

// folded is a document with the names of its members as the contract writes them.
func folded(value any) any {
	switch v := value.(type) {
	case []any:
		all := make([]any, len(v))
		for i, item := range v {
			all[i] = folded(item)
		}
		return all
	case map[string]any:
		all := map[string]any{}
		for name, member := range v {
			for _, known := range []string{"metadata", "spec", "name", "value", "description", "tags", "groupIDs"} {
				if strings.EqualFold(name, known) {
					name = known
				}
			}
			all[name] = folded(member)
		}
		return all
	}
	return value
}

// straight is an address without doubled slashes, dots, parameters of a segment and a slash at its end, as a server may read it.
func straight(text string) string {
	address, err := url.Parse(text)
	if err != nil {
		return text
	}
	var parts []string
	for part := range strings.SplitSeq(address.Path, "/") {
		name, _, _ := strings.Cut(part, ";")
		parts = append(parts, name)
	}
	address.Path, address.RawPath = gopath.Clean("/"+strings.Join(parts, "/")), ""
	return address.String()
}
