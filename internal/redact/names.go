package redact

import (
	"slices"
	"strings"
)

// nouns are the words by which a name says that it names a credential, and qualities what may follow them there. Another
// word after them says that the name is about a credential: token_endpoint, token_type, session_count.
var (
	nouns = []string{
		"authorization", "credential", "passphrase", "privatekey", "secretkey", "accesskey", "signingkey", "sessionid", "sessionkey",
		"assertion", "password", "passwd", "apikey", "authkey", "cookie", "secret", "session", "bearer", "token", "jwt", "pwd",
	}
	qualities = []string{"", "s", "2", "value", "values", "key", "header", "headers", "string", "data", "raw", "b64", "base64", "plain", "text", "code"}
	// identifying are words at whose end a name says that it names something that everybody may know.
	identifying = []string{
		"id", "ids", "sub", "jti", "kid", "etag", "createdby", "modifiedby", "traceparent", "trace", "requestid", "cfray", "digest",
		"checksum", "hash", "fingerprint", "thumbprint", "sha256", "revision", "commit", "nonmatch", "nonematch", "ifmatch", "name",
	}
	// published are the members of a JSON Web Key that everybody may know (RFC 7517, RFC 7518 section 6).
	published = []string{"n", "e", "x", "y", "x5c", "x5t", "x5ts256", "kid", "x5u"}
)

// normal is a name as others write it: without what parts its words, in small letters.
func normal(name string) string {
	if strings.ContainsAny(name, marksOfEscapes) {
		var v view
		if v.undo([]byte(name), marksOfEscapes) {
			name = string(v.text)
		}
	}
	return strings.Map(func(c rune) rune {
		switch {
		case 'A' <= c && c <= 'Z':
			return c | 0x20
		case 'a' <= c && c <= 'z', '0' <= c && c <= '9':
			return c
		}
		return -1
	}, name)
}

// longestName is the length up to which a text is taken for a name.
const longestName = 128

// Credential reports whether the name of a header, member, parameter or cookie says that its value is a credential.
func Credential(name string) bool {
	if len(name) < 3 || len(name) > longestName {
		return false
	}
	return credential(normal(name))
}

func credential(name string) bool {
	if strings.HasPrefix(name, "accesscontrol") || strings.HasPrefix(name, "clearsite") {
		return false
	}
	if name == "auth" || name == "xauth" || name == "basicauth" {
		return true
	}
	for _, noun := range nouns {
		if at := strings.LastIndex(name, noun); at >= 0 && slices.Contains(qualities, name[at+len(noun):]) {
			return true
		}
	}
	return false
}

// identifies reports whether a name says that its value identifies something.
func identifies(name string) bool {
	return slices.ContainsFunc(identifying, func(word string) bool { return strings.HasSuffix(name, word) })
}

// namesValue and holdsValue are the names of a pair that says what another member of it holds: {"name": …, "value": …}.
func namesValue(name string) bool {
	return name == "name" || name == "key" || name == "field" || name == "header" || name == "property"
}

func holdsValue(name string) bool { return name == "value" || name == "content" || name == "val" }
