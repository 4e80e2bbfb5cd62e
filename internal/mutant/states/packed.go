package states

import (
	"net/http"
	"strings"
	"time"

	"github.com/sa-conformance/conformance/internal/mutant"
	"github.com/sa-conformance/conformance/internal/mutant/generate"
	"github.com/sa-conformance/conformance/internal/reference"
)

// Packed are defects that show in one place of a request that is sent for something else.
func Packed() []*mutant.Defect {
	const inside = "whoever reaches the service is inside"
	opening := func(is func(known reference.Credentials, r *http.Request) bool, change func(path string) string) *mutant.Layer {
		return mutant.OnRequest(func(known reference.Credentials, r *http.Request) *http.Request {
			if mutant.BearerOf(r) != "" || !is(known, r) {
				return r
			}
			return mutant.WithBearer(mutant.WithPath(r, change(r.URL.Path)), known.Token)
		})
	}
	holding := func(text string) func(reference.Credentials, *http.Request) bool {
		return func(_ reference.Credentials, r *http.Request) bool { return strings.Contains(r.URL.Path, text) }
	}
	same := func(path string) string { return path }
	return mutant.Prefixed("packed-", "in one place of many",
		mutant.Defective("dot-open", "lists for everybody whose path has a dot segment", inside,
			opening(holding("/./"), func(path string) string { return strings.ReplaceAll(path, "/./", "/") }), "state.credential.refused"),
		mutant.Defective("parameter-open", "lists for everybody whose path ends in a parameter", inside,
			opening(holding(";"), func(path string) string { before, _, _ := strings.Cut(path, ";"); return before }), "state.credential.refused"),
		mutant.Defective("first-slash-open", "lists for everybody whose path begins with two slashes", inside,
			opening(func(_ reference.Credentials, r *http.Request) bool { return strings.HasPrefix(r.URL.Path, "//") }, func(path string) string { return path[1:] }), "state.credential.refused"),
		mutant.Defective("basic-token-open", "takes what stands behind Basic for a token", inside, opening(func(known reference.Credentials, r *http.Request) bool {
			return r.Header.Get("Authorization") == "Basic "+known.Token
		}, same), "state.credential.refused"),
		mutant.Defective("form-rotates", "takes the token of a form for a rotation", "a page that somebody visits renews tokens in their name", mutant.OnRequest(func(known reference.Credentials, r *http.Request) *http.Request {
			if mutant.BearerOf(r) == "" && strings.Contains(string(mutant.BodyOf(r)), "access_token="+known.Token) {
				return mutant.WithBearer(r, known.Token)
			}
			return r
		}, mutant.Rotate), "state.credential.refused"),
		mutant.Defective("session-open", "sets a cookie with each create that is as good as a token", inside, sessions(), "state.credential.refused"),
		mutant.Defective("recased-unchanged", "takes an update that changes nothing but letter case for none", "a name that was misspelled stays so",
			recasedUnchanged(), "state.write.echoed"),
		mutant.Defective("nul-cuts", "cuts a description at its first NUL", "the end of a text is lost", mutant.OnDocument(func(document map[string]any) {
			if text, _ := mutant.Lookup(document, "/metadata/description").(string); strings.Contains(text, "\x00") {
				before, _, _ := strings.Cut(text, "\x00")
				mutant.Edited(document, "/metadata/description", mutant.Always(before))
			}
		}, mutant.Update), "state.write.echoed"),
		mutant.Defective("long-tags-cut", "cuts values of tags at 63 characters", "the end of a value is lost", mutant.OnDocument(func(document map[string]any) {
			tags, _ := mutant.Lookup(document, "/metadata/tags").([]any)
			for _, tag := range tags {
				if text, _ := mutant.Lookup(tag, "/value").(string); len(text) > 63 {
					mutant.Edited(tag, "/value", mutant.Always(text[:63]))
				}
			}
		}, mutant.Update), "state.write.echoed"),
		mutant.Defective("rotations-both-good", "lets the tokens of two rotations live if one follows the other soon", "a token that leaked stays good", rotationsBothGood(), "rotate.together.one-token"),
		mutant.Defective("update-revives", "lets the first token of an account live again after an update that follows a rotation", "a token that was taken away is good again", mutant.Memory(func() *mutant.Layer {
			var updated mutant.Store[bool]
			return mutant.Chain(
				mutant.OnSuccess(func(r *http.Request, _ *mutant.Response) { updated.Put(mutant.AccountOf(r), true) }, mutant.Update),
				mutant.OnSuccess(func(r *http.Request, _ *mutant.Response) { updated.Put(mutant.AccountOf(r), false) }, mutant.Rotate),
				mutant.OnDead(mutant.Rotate, func(u mutant.TokenUse, next http.Handler) *mutant.Response {
					if again, _ := updated.Get(u.Account); again && u.Turn == 0 {
						return mutant.Alive(u, next)
					}
					return nil
				}),
			)
		}), "state.credential.refused"),
	)
}

// sessions sets a cookie with each create, and takes it for the operator's token.
func sessions() *mutant.Layer {
	const name, value = "session", "c2Vzc2lvbi1vZi10aGUtb3BlcmF0b3I"
	return mutant.Chain(
		mutant.OnSuccess(func(_ *http.Request, a *mutant.Response) {
			a.Fields.Set("Set-Cookie", name+"="+value+"; Path=/; HttpOnly")
		}, mutant.Create),
		mutant.OnRequest(func(known reference.Credentials, r *http.Request) *http.Request {
			if c, err := r.Cookie(name); err == nil && c.Value == value && r.Header.Get("Authorization") == "" {
				return mutant.WithBearer(r, known.Token)
			}
			return r
		}),
	)
}

// recasedUnchanged answers an update that differs from what is stored in letter case alone with what is stored.
func recasedUnchanged() *mutant.Layer {
	return mutant.Around(func(known reference.Credentials, next http.Handler, r *http.Request) *mutant.Response {
		document, ok := generate.DocumentOf(r)
		stored := mutant.Stored(next, known, r)
		name, _ := mutant.Lookup(document, "/metadata/name").(string)
		before, _ := mutant.Lookup(stored, "/metadata/name").(string)
		if !ok || stored == nil || name == before || !strings.EqualFold(name, before) || mutant.BearerOf(r) != known.Token {
			return mutant.Ask(next, r)
		}
		mutant.Edited(document, "/metadata/name", mutant.Always(before))
		return mutant.Forward(next, known, r, http.MethodPut, r.URL.Path, document)
	}, mutant.Update)
}

// rotationsBothGood keeps the token of a rotation that another one follows soon.
func rotationsBothGood() *mutant.Layer {
	return mutant.OnDead(mutant.Rotate, func(u mutant.TokenUse, next http.Handler) *mutant.Response {
		if u.Turn == 0 || u.Age-u.Lost > 10*time.Second {
			return nil
		}
		return mutant.Alive(u, next)
	})
}
