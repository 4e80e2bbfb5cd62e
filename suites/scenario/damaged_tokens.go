package scenario

import (
	"context"
	"crypto/rand"
	"net/http"
	"strings"

	"github.com/sa-conformance/conformance/internal/jwt"
	"github.com/sa-conformance/conformance/internal/probe"
)

// DamagedTokens presents the operator's token with something wrong about it. A target that overlooks the damage knows
// the token's owner, who may create.
func DamagedTokens() probe.Probe {
	return probe.Probe{Name: "auth.damaged", Run: func(ctx context.Context, s *probe.Session) {
		operator := s.Target().Operator
		mutations := jwt.Mutations(operator)
		if !strings.Contains(operator, ".") { // an opaque token has no segments to lose
			mutations = append(mutations, jwt.Mutation{Name: "cut-in-half", Token: operator[:len(operator)/2]})
		}
		var attempts []attempt
		for _, m := range mutations {
			attempts = append(attempts, presenting(s, family(m.Name)+m.Name, m))
		}
		sendAll(ctx, s, attempts)
	}}
}

// family is the beginning of the names of the steps that one requirement is judged by.
func family(mutation string) string {
	verb, _, _ := strings.Cut(mutation, "-")
	switch verb {
	case "flip", "respace":
		return "altered-"
	case "remove", "strip", "zero", "cut":
		return "shortened-"
	case "append":
		return "extended-"
	default:
		return "recased-"
	}
}

// ForgedTokens presents tokens that say what the operator's says and that the target never issued.
func ForgedTokens() probe.Probe {
	return probe.Probe{Name: "auth.forged", Run: func(ctx context.Context, s *probe.Session) {
		issuer, keys := published(ctx, s)
		operator, minted := s.Target().Operator, map[string]any(nil)
		if jwt.Inspect(operator).Claims == "" { // then forgeries need claims of our own
			minted = claims(issuer, ownSubject(ctx, s))
		}
		unsigned, err := jwt.Unsigned(operator, minted)
		if err != nil {
			s.GiveUp("the tokens could not be made: %v", err)
			return
		}
		forged, err := jwt.Forged(rand.Reader, operator, minted, keys)
		if err != nil {
			s.GiveUp("the tokens could not be made: %v", err)
			return
		}
		var attempts []attempt
		for _, m := range unsigned {
			if m.Name == "alg-None" { // who takes it takes the other spellings
				continue
			}
			attempts = append(attempts, presenting(s, "unsigned-"+m.Name, m))
		}
		for _, m := range forged {
			step := m.Name
			if step == "forged-HS512-jwk" { // the published form is tried with the other algorithm
				continue
			}
			if kind, secret := strings.CutPrefix(step, "forged-HS"); secret {
				step = "confused-HS" + kind
			}
			attempts = append(attempts, presenting(s, step, m))
		}
		sendAll(ctx, s, attempts)
	}}
}

func presenting(s *probe.Session, step string, m jwt.Mutation) attempt {
	return attempt{step, createAs(s, probe.Bearer(m.Name, m.Token), UnauthenticatedLabel+step)}
}

// published is what discovery says of the issuer, and the key set; without credentials. The issuer is the target's address
// and the keys are nil if they are not published.
func published(ctx context.Context, s *probe.Session) (issuer string, keys []byte) {
	base := s.Target().BaseURL
	discovery := s.Send(ctx, "discovery", open("/.well-known/openid-configuration"))
	if issuer = discovery.Text("/issuer"); !discovery.Success() || issuer == "" {
		issuer = base
	}
	address := discovery.Text("/jwks_uri")
	path, below := strings.CutPrefix(address, base)
	if !below { // the target may be reached by another name than its own
		path, below = strings.CutPrefix(address, strings.TrimSuffix(issuer, "/"))
	}
	if !discovery.Success() || !below || !strings.HasPrefix(path, "/") {
		return issuer, nil
	}
	set := s.Send(ctx, "keys", open(path))
	if !set.Success() {
		return issuer, nil
	}
	return issuer, set.Response.Body
}

// ownSubject is the operator's, by the target's own word where it gives it.
func ownSubject(ctx context.Context, s *probe.Session) string {
	request := open("/oauth2/v2/userinfo")
	request.As = s.Operator()
	if sub := s.Send(ctx, "userinfo", request).Text("/sub"); sub != "" {
		return sub
	}
	return s.Mark()
}

// open is a request for a document that anybody may read.
func open(path string) probe.Request {
	return probe.Request{Method: http.MethodGet, Path: path, As: probe.Nobody(), Header: http.Header{"Accept": {"application/json"}}}
}

// DatedTokens presents tokens whose time is over, or has not come.
func DatedTokens() probe.Probe {
	return probe.Probe{Name: "auth.dated", Run: func(ctx context.Context, s *probe.Session) {
		if expired, ok := s.Expired(); ok {
			s.Send(ctx, "expired", createAs(s, expired, UnauthenticatedLabel+"expired"))
		}
		if early, ok := s.NotYetValid(); ok {
			s.Send(ctx, "not-yet-valid", createAs(s, early, UnauthenticatedLabel+"not-yet-valid"))
		}
	}}
}
