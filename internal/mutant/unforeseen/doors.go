package unforeseen

import (
	"net/http"
	"net/url"
	"strings"

	"github.com/golang-jwt/jwt/v5"

	"github.com/sa-conformance/conformance/internal/mutant"
	"github.com/sa-conformance/conformance/internal/reference"
)

// doors let somebody in who has no good credential.
func doors() []*mutant.Defect {
	const inside, guarded = "whoever reaches the service is inside", "state.credential.refused"
	type guest = func(known reference.Credentials, r *http.Request) bool
	open := func(is guest, operations ...mutant.Operation) *mutant.Layer {
		return mutant.OnRequest(func(known reference.Credentials, r *http.Request) *http.Request {
			if r.Header.Get("Authorization") != "" || !is(known, r) {
				return r
			}
			return mutant.WithBearer(r, known.Token)
		}, operations...)
	}
	// moved lets in whoever asks for a path that is moved to another one.
	moved := func(to func(r *http.Request) string) *mutant.Layer {
		return mutant.OnRequest(func(known reference.Credentials, r *http.Request) *http.Request {
			path := to(r)
			if r.Header.Get("Authorization") != "" || r.Method != http.MethodGet || path == "" {
				return r
			}
			return mutant.WithBearer(mutant.WithPath(r, path), known.Token)
		})
	}
	as := func(method, suffix string) guest { // a request that is served as a GET
		return func(_ reference.Credentials, r *http.Request) bool {
			if r.Method != method || !strings.HasSuffix(r.URL.Path, suffix) {
				return false
			}
			r.Method = http.MethodGet
			return true
		}
	}
	const collection = "/serviceaccounts"
	return []*mutant.Defect{
		mutant.Defective("empty-secret", "verifies HS256 with an empty secret where accounts are deleted", "anybody can make a token", signedBy("", mutant.Remove), guarded),
		mutant.Defective("known-secret", "verifies HS256 with the secret of a tutorial where accounts are listed", "anybody can make a token", signedBy("secret", mutant.List), guarded),
		mutant.Defective("original-url", "serves the path that X-Original-URL names, and looks at the credentials for the one that was asked for", inside,
			moved(func(r *http.Request) string { return r.Header.Get("X-Original-Url") }), guarded),
		mutant.Defective("suffix-open", "serves a list under .json to everybody", inside, moved(func(r *http.Request) string {
			before, found := strings.CutSuffix(r.URL.Path, collection+".json")
			if !found {
				return ""
			}
			return before + collection
		}), guarded),
		mutant.Defective("escape-open", "lists for everybody who escapes a letter of the path", inside, moved(func(r *http.Request) string {
			if strings.HasSuffix(r.URL.Path, collection) && !strings.HasSuffix(r.URL.EscapedPath(), collection) {
				return r.URL.Path
			}
			return ""
		}), guarded),
		mutant.Defective("capitals-open", "lists for everybody who writes the path in capitals", inside, moved(func(r *http.Request) string {
			if path := strings.ToLower(r.URL.Path); path != r.URL.Path && strings.HasSuffix(path, collection) {
				return path
			}
			return ""
		}), guarded),
		mutant.Defective("options-open", "answers OPTIONS with the list, to everybody", inside, open(as(http.MethodOptions, collection)), guarded),
		mutant.Defective("userinfo-post-open", "answers POST at userinfo to everybody, as the operator", inside, open(as(http.MethodPost, "/userinfo")), guarded),
		mutant.Defective("preflight-open", "lists for everybody who says Access-Control-Request-Method", inside,
			open(func(_ reference.Credentials, r *http.Request) bool {
				return r.Header.Get("Access-Control-Request-Method") != ""
			}, mutant.List), guarded),
		mutant.Defective("probe-open", "lists for whoever is called kube-probe", inside,
			open(func(_ reference.Credentials, r *http.Request) bool {
				return strings.HasPrefix(r.UserAgent(), "kube-probe")
			}, mutant.List), guarded),
		mutant.Defective("query-token", "takes a token from the query under the name token", "tokens stand in the logs of every proxy",
			open(func(known reference.Credentials, r *http.Request) bool {
				query, _ := url.ParseQuery(r.URL.RawQuery)
				return query.Get("token") == known.Token
			}), guarded),
		mutant.Defective("proxy-token", "takes a token from Proxy-Authorization", "a proxy that passes its own credentials on lets in whoever uses it",
			open(func(known reference.Credentials, r *http.Request) bool {
				return strings.HasSuffix(r.Header.Get("Proxy-Authorization"), known.Token)
			}), guarded),
	}
}

// signedBy serves tokens that are signed by HMAC with a secret as the operator's.
func signedBy(secret string, operations ...mutant.Operation) *mutant.Layer {
	parser := jwt.NewParser(jwt.WithoutClaimsValidation(), jwt.WithValidMethods([]string{"HS256"}))
	return mutant.Admitting(func(r *http.Request) bool {
		_, err := parser.Parse(mutant.BearerOf(r), func(*jwt.Token) (any, error) { return []byte(secret), nil })
		return err == nil
	}, operations...)
}
