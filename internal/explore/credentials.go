package explore

import (
	"context"
	"encoding/base64"
	"net/http"
	"net/url"
	"slices"
	"strings"

	"github.com/sa-conformance/conformance/internal/jwt"
	"github.com/sa-conformance/conformance/internal/probe"
)

// credentials are the ways to present something, by name. They change a request that has the operator's credential, and
// report whether they could.
//
// With "operator:" or "account:" before it, the name of a mutation of internal/jwt damages the one token or the other.
var credentials = map[string]func(ctx context.Context, w *World, o Operation, r *probe.Request) bool{
	"none": func(_ context.Context, _ *World, _ Operation, r *probe.Request) bool {
		return present(r, probe.Nobody())
	},
	"garbage": func(_ context.Context, w *World, _ Operation, r *probe.Request) bool {
		return present(r, probe.Bearer("garbage", "this-is-no-token-"+w.s.Mark()))
	},
	"account": func(_ context.Context, w *World, o Operation, r *probe.Request) bool {
		_, text := w.Account(o.Holder)
		return present(r, probe.Bearer("account", text)) && text != ""
	},
	"rotated away": func(_ context.Context, w *World, o Operation, r *probe.Request) bool {
		text := w.first(o.Holder)
		return present(r, probe.Bearer("account, revoked by rotate", text)) && text != ""
	},
	"deleted": func(_ context.Context, w *World, o Operation, r *probe.Request) bool {
		_, text := w.Account(o.Holder)
		return present(r, probe.Bearer("account, revoked by delete", text)) && text != ""
	},
	"expired": func(_ context.Context, w *World, _ Operation, r *probe.Request) bool {
		as, ok := w.s.Expired()
		return present(r, as) && ok
	},
	"not yet valid": func(_ context.Context, w *World, _ Operation, r *probe.Request) bool {
		as, ok := w.s.NotYetValid()
		return present(r, as) && ok
	},
	// The token of the example of the API page, which anybody can read.
	"example": func(_ context.Context, _ *World, _ Operation, r *probe.Request) bool {
		return present(r, probe.Bearer("example", jwt.Example))
	},
	"basic": func(_ context.Context, w *World, _ Operation, r *probe.Request) bool {
		good := w.s.Target().Operator
		pair := base64.StdEncoding.EncodeToString([]byte(good + ":" + good))
		return present(r, probe.Header("basic", "Basic "+pair))
	},
	"basic without a pair": func(_ context.Context, w *World, _ Operation, r *probe.Request) bool {
		return present(r, probe.Header("basic", "Basic "+w.s.Target().Operator))
	},
	// What a body gave as a token.
	"given": func(_ context.Context, _ *World, _ Operation, r *probe.Request) bool {
		return present(r, probe.Bearer("given in a body", givenToken))
	},
	"without scheme": func(_ context.Context, w *World, _ Operation, r *probe.Request) bool {
		return present(r, probe.Header("without scheme", w.s.Target().Operator))
	},
	"query": func(_ context.Context, w *World, _ Operation, r *probe.Request) bool {
		r.Path += "?access_token=" + url.QueryEscape(w.s.Target().Operator)
		return present(r, probe.Nobody())
	},
	"query by other names": func(_ context.Context, w *World, _ Operation, r *probe.Request) bool {
		for i, name := range []string{"token", "auth", "bearer_token", "jwt", "api_key", "authorization"} {
			r.Path += string("?&"[min(i, 1)]) + name + "=" + url.QueryEscape(w.s.Target().Operator)
		}
		return present(r, probe.Nobody())
	},
	// A good token in a cookie or a form, the cookies that responses set, and names of users where only a proxy may put them: all in
	// one request.
	"elsewhere": func(_ context.Context, w *World, _ Operation, r *probe.Request) bool {
		good := w.s.Target().Operator
		var cookies []string
		for _, name := range []string{"access_token", "token", "Authorization", "session", "sid", "auth", "jwt", "id_token"} {
			cookies = append(cookies, name+"="+good)
		}
		cookies = append(w.cookies(), cookies...)
		if r.Body == nil && r.Method == http.MethodPost {
			mediaType := "application/x-www-form-urlencoded"
			r.Body, r.Header = []byte("access_token="+url.QueryEscape(good)), http.Header{"Accept": {"application/json"}, "Content-Type": {mediaType}}
		}
		r.Header.Set("Cookie", strings.Join(cookies, "; "))
		for _, name := range []string{"X-Api-Key", "Api-Key", "X-Auth-Token", "X-Access-Token", "X-Token"} {
			r.Header.Set(name, good)
		}
		for _, name := range identityHeaders {
			r.Header.Set(name, "admin")
		}
		for _, name := range []string{"X-Forwarded-For", "X-Real-Ip", "X-Client-Ip"} {
			r.Header.Set(name, "127.0.0.1")
		}
		r.Header.Set("Proxy-Authorization", "Bearer "+good)
		r.Header.Set("Access-Control-Request-Method", r.Method) // as a preflight has it, which needs no credentials
		r.Header.Set("User-Agent", "kube-probe/1.30 GoogleHC/1.0 ELB-HealthChecker/2.0")
		return present(r, probe.Nobody())
	},
	"scheme in lower case": func(_ context.Context, _ *World, _ Operation, r *probe.Request) bool {
		for i, value := range r.As.Authorization {
			r.As.Authorization[i] = "bearer" + strings.TrimPrefix(value, "Bearer")
		}
		return true
	},
}

// cookies are those that the target set in the run so far, as name=value.
func (w *World) cookies() (all []string) {
	for _, e := range w.s.Exchanges() {
		if e.Response == nil || len(e.Response.Header["Set-Cookie"]) == 0 || len(all) >= mostCookies {
			continue
		}
		for _, c := range (&http.Response{Header: e.Response.Header}).Cookies() {
			if pair := c.Name + "=" + c.Value; !slices.Contains(all, pair) {
				all = append(all, pair)
			}
		}
	}
	return all
}

// mostCookies bounds how many cookies one request sends.
const mostCookies = 20

// identityHeaders are fields by which proxies tell a service behind them who the caller is.
var identityHeaders = []string{
	"X-Forwarded-User", "X-Remote-User", "Remote-User", "X-Auth-Request-User", "X-Forwarded-Preferred-Username", "X-User-Id", "X-User",
	"X-Webauth-User", "X-Original-User", "X-Principal", "X-Client-Verify",
}

func present(r *probe.Request, as probe.Identity) bool {
	r.As = as
	return true
}

// credential puts the credential of an operation into its request.
func (w *World) credential(ctx context.Context, o Operation, r *probe.Request) bool {
	if o.As == "" {
		return true
	}
	whose, mutation, damaged := strings.Cut(o.As, ":")
	if !damaged {
		change, known := credentials[o.As]
		return known && change(ctx, w, o, r)
	}
	good := w.s.Target().Operator
	if whose == "account" {
		_, good = w.Account(o.Holder)
	}
	all := jwt.Mutations(good)
	if strings.HasPrefix(mutation, "weak-") {
		weak, err := jwt.Weak(good, map[string]any{"sub": w.s.Mark()})
		if err != nil {
			return false
		}
		all = weak
	}
	if strings.HasPrefix(mutation, "alg-") {
		unsigned, err := jwt.Unsigned(good, map[string]any{"sub": w.s.Mark()})
		if err != nil {
			return false
		}
		all = unsigned
	}
	for _, m := range all {
		if m.Name == mutation {
			return present(r, probe.Bearer(whose+"'s, "+m.Name, m.Token))
		}
	}
	return false
}

func header(r *probe.Request, name, value string) {
	if r.Header == nil {
		r.Header = http.Header{}
	}
	r.Header.Set(name, value)
}
