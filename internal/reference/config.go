package reference

import (
	"fmt"
	"net/url"
	"strings"
	"time"
)

// Kind is the form of the access tokens: both are JWTs (RFC 7519 section 3).
type Kind int

const (
	// JWS is a signed token of three segments (RFC 7515 section 7.1).
	JWS Kind = iota
	// JWE is a signed token inside an encrypted one, of five segments (RFC 7516 section 7.1).
	JWE
)

// Config says how a server behaves. The zero value is a conforming server.
type Config struct {
	Now      func() time.Time // nil: time.Now
	Tokens   Kind             // zero: JWS
	Lifetime time.Duration    // of the tokens that are issued; zero: 90 days; at least one second
	Prefix   string           // before every path, such as "/identity"; "": none
	Hooks    Hooks            // zero: none
	Signing  Algorithm        // zero: ES512
}

// Algorithm is what tokens are signed by (RFC 7518 section 3.4).
type Algorithm int

// The real service signs by ES512. ES256 costs a twentieth of the work, for trials in which the signature does not matter.
const (
	ES512 Algorithm = iota
	ES256
)

// Hooks are the seams for defects that no middleware can reach. They see the tokens of create and rotate, never
// those of [Credentials]. The server knows its tokens by their bytes, whatever a
// hook did to them, and honours expiry, rotation and deletion as recorded.
type Hooks struct {
	// Claims changes the claims before they are signed. The userinfo endpoint reveals the changed claims.
	Claims func(map[string]any)
	// Header changes the header that a client can read: of the JWS, or of the JWE around it.
	Header func(map[string]any)
	// Input changes the two encoded segments that are about to be signed, which may be what no encoder writes.
	Input func(string) string
	// Sign turns the finished compact token into the one that is handed out.
	Sign func(string) string
}

// Credentials are what an operator would hand to the suite.
type Credentials struct {
	Organization      string   // the UUID that the tokens belong to
	OtherOrganization string   // an existing one, in which they may do nothing
	Groups            []string // two harmless groups of Organization; the first is the default
	Token             string   // may do everything in Organization
	RestrictedToken   string   // of a service account without groups; may not create
	ExpiredToken      string   // correctly issued and signed, and an hour past its expiry
	NotYetValidToken  string   // the same but for iat and nbf, a day in the future; may then do what Token may
}

const (
	defaultLifetime = 90 * 24 * time.Hour
	maxBody         = 1 << 20 // larger request bodies are refused with 413
	maxDrain        = 8 << 20 // of a refused body, so that the client reads the response and sees no reset
	maxDepth        = 64      // of nested JSON
	maxToken        = 16 << 10
)

func (c Config) complete() (Config, error) {
	if c.Now == nil {
		c.Now = time.Now
	}
	if c.Lifetime == 0 {
		c.Lifetime = defaultLifetime
	}
	if c.Lifetime < time.Second {
		return c, fmt.Errorf("checking lifetime: %v is shorter than a second", c.Lifetime)
	}
	if c.Tokens != JWS && c.Tokens != JWE {
		return c, fmt.Errorf("checking token kind: %d is neither JWS nor JWE", c.Tokens)
	}
	c.Prefix = strings.TrimSuffix(c.Prefix, "/")
	if c.Prefix == "" {
		return c, nil
	}
	u, err := url.Parse(c.Prefix)
	if err != nil || u.EscapedPath() != c.Prefix || !strings.HasPrefix(c.Prefix, "/") || strings.Contains(c.Prefix, "//") {
		return c, fmt.Errorf("checking prefix: %q is not an absolute path", c.Prefix)
	}
	return c, nil
}
