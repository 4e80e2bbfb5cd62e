package scenario

import (
	"context"
	"crypto/rand"
	"fmt"
	"net/http"
	"strings"

	"github.com/sa-conformance/conformance/fixtures"
	"github.com/sa-conformance/conformance/internal/exchange"
	"github.com/sa-conformance/conformance/internal/probe"
)

// UnauthorizedLabel begins the name of every account that would have to be created without permission.
const UnauthorizedLabel = "unauthorized-"

const RestrictedProbe = "authz.restricted"

// RestrictedCreate asks with a good credential that may not create.
func RestrictedCreate() probe.Probe {
	return probe.Probe{Name: RestrictedProbe, Run: func(ctx context.Context, s *probe.Session) {
		restricted, ok := s.Restricted(ctx)
		if !ok {
			return
		}
		// The credential may have been made a moment ago, and not be known everywhere.
		known := func(e *exchange.Exchange) bool { return e.Status() != http.StatusUnauthorized }
		alone := createAs(s, restricted, UnauthorizedLabel+"restricted")
		alone.Body = richBody(s, UnauthorizedLabel+"restricted", nil)
		s.Await(ctx, "restricted", alone, known)
		if groups := s.Target().Groups; len(groups) > 0 {
			grouped := createAs(s, restricted, UnauthorizedLabel+"grouped")
			grouped.Body = fixtures.Fill("good/grouped.json", fixtures.Values{Name: s.Name(UnauthorizedLabel + "grouped"), Groups: groups[:1]})
			s.Send(ctx, "restricted-grouped", grouped)
		}
		s.Send(ctx, "broken-body", notJSONAs(s, restricted, UnauthorizedLabel+"broken-body"))
	}}
}

// StrangeOrganizations asks for accounts in organizations that are closed, or none, or written in another way.
func StrangeOrganizations() probe.Probe {
	return probe.Probe{Name: "authz.organization", Run: func(ctx context.Context, s *probe.Session) {
		own := s.Target().Organization
		attempts := []attempt{
			{"unknown-organization", createIn(s, randomUUID(), UnauthorizedLabel+"unknown-organization")},
			{"malformed-word", createIn(s, "not-a-uuid", UnauthorizedLabel+"malformed-word")},
			{"malformed-300-characters", createIn(s, strings.Repeat("a", 300), UnauthorizedLabel+"malformed-long")},
			{"malformed-wrong-digit", createIn(s, own[:len(own)-1]+"g", UnauthorizedLabel+"malformed-wrong-digit")},
			// A target that reads these has not been talked into anything: the caller may create there.
			{"form-without-dashes", createIn(s, strings.ReplaceAll(own, "-", ""), "form-without-dashes")},
			{"form-in-braces", createIn(s, "%7B"+own+"%7D", "form-in-braces")},
			{"form-urn", createIn(s, "urn:uuid:"+own, "form-urn")},
			{"upper-case", createIn(s, strings.ToUpper(own), "organization-in-upper-case")},
		}
		if other := s.Target().OtherOrganization; other != "" {
			attempts = append(attempts, attempt{"other-organization", createIn(s, other, UnauthorizedLabel+"other-organization")})
		}
		sendAll(ctx, s, attempts)
	}}
}

// TrickyPaths asks under paths that some routers and proxies take for others.
func TrickyPaths() probe.Probe {
	return probe.Probe{Name: "authz.paths", Run: func(ctx context.Context, s *probe.Session) {
		own := s.Target().Organization
		var attempts []attempt
		for _, trick := range []struct{ step, organization string }{
			{"path-empty-segment", ""},
			{"path-parent", ".."},
			{"path-escaped-parent", "%2e%2e"},
			{"path-escaped-slash", own + "%2F" + own},
		} {
			attempts = append(attempts, attempt{trick.step, createIn(s, trick.organization, UnauthorizedLabel+trick.step)})
		}
		sendAll(ctx, s, attempts)
	}}
}

// randomUUID is of version 4 (RFC 9562 section 5.4).
func randomUUID() string {
	var b [16]byte
	_, _ = rand.Read(b[:]) // never fails: see crypto/rand
	b[6], b[8] = b[6]&0x0f|0x40, b[8]&0x3f|0x80
	return fmt.Sprintf("%x-%x-%x-%x-%x", b[:4], b[4:6], b[6:8], b[8:10], b[10:])
}
