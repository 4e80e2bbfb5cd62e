package suites

import (
	"bytes"
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"html"
	"maps"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/sa-conformance/conformance/internal/raced"
	"github.com/sa-conformance/conformance/internal/reference"
)

// TestNoTokenIsWritten judges a target that repeats the credentials that it gets, and the tokens that it hands out, in
// every form that a text can have, and searches all that is written for them.
func TestNoTokenIsWritten(t *testing.T) {
	raced.Rotate(t)
	t.Parallel()
	var issued, answered atomic.Int64
	served := reference.Config{Hooks: reference.Hooks{Sign: func(string) string {
		return fmt.Sprintf(`canary-issued-%03d+/="<&>\?~0123456789`, issued.Add(1))
	}}}
	cfg, server := serve(t, served, spoiling(func(r *http.Request, header http.Header, body []byte) []byte {
		_, credential, _ := strings.Cut(r.Header.Get("Authorization"), " ")
		var account struct{ Status struct{ AccessToken string } }
		_ = json.Unmarshal(body, &account)
		for _, secret := range []string{credential, account.Status.AccessToken} {
			if !strings.HasPrefix(secret, "canary") && !strings.HasPrefix(secret, "ey") {
				continue
			}
			header.Add("X-Echo", secret)
			header.Add("WWW-Authenticate", `Bearer error_description="`+base64.StdEncoding.EncodeToString([]byte("Bearer "+secret))+`"`)
			header.Set("Location", "/?token="+url.QueryEscape(secret))
			body = echoed(body, secret, int(answered.Add(1)))
		}
		return body
	}))
	cfg.RestrictedToken = `canary-restricted+/="<&>\?~0123456789`
	cfg.ExpiredToken = `canary-expired+/="<&>\?~0123456789`
	cfg.NotYetValidToken = `canary-not-yet+/="<&>\?~0123456789`
	result := judged(t, t.Context(), hasty(cfg))
	nothingLeft(t, server, cfg)

	secrets := []string{cfg.Token, cfg.RestrictedToken, cfg.ExpiredToken, cfg.NotYetValidToken}
	for _, e := range result.Recording.All() {
		if token := e.AccessToken(); token != "" && !slices.Contains(secrets, token) {
			secrets = append(secrets, token)
		}
	}
	if len(secrets) < 20 {
		t.Errorf("only %d tokens are known", len(secrets))
	}
	written := renderings(t, result)
	if !bytes.Contains(written["report.json"], []byte("redacted")) || !bytes.Contains(written["report.json"], []byte("X-Echo")) {
		t.Error("the echo did not arrive")
	}
	for where, data := range written {
		for _, secret := range secrets {
			for form, text := range forms(secret) {
				if bytes.Contains(data, []byte(text)) {
					t.Errorf("%s holds %s as %s", where, secret, form)
				}
			}
		}
	}
}

// echoed puts a secret into a JSON object, in one of its forms; other bodies stay as they are.
func echoed(body []byte, secret string, turn int) []byte {
	var document map[string]any
	if json.Unmarshal(body, &document) != nil {
		return body
	}
	distinct := slices.Compact(slices.Sorted(maps.Values(forms(secret)))) // tokens in base64url have few
	document["echo "+secret] = "and " + distinct[turn%len(distinct)]
	if _, ok := document["error_description"]; ok {
		document["error_description"] = "no " + distinct[turn%len(distinct)]
	}
	text, _ := json.Marshal(document)
	return text
}

// forms are the ways in which a secret can be written; of base64, what is common to all surroundings.
func forms(secret string) map[string]string {
	quoted, _ := json.Marshal(secret)
	inner := strings.Trim(string(quoted), `"`)
	found := map[string]string{
		"itself": secret, "query": url.QueryEscape(secret), "path": url.PathEscape(secret), "JSON": inner,
		"JSON in JSON": strings.ReplaceAll(inner, `\`, `\\`), "HTML": html.EscapeString(secret), "hexadecimal": hex.EncodeToString([]byte(secret)),
	}
	for shift := range 3 {
		padded := append(make([]byte, shift), secret...)
		for name, e := range map[string]*base64.Encoding{"base64": base64.RawStdEncoding, "base64url": base64.RawURLEncoding} {
			found[fmt.Sprintf("%s, shifted by %d", name, shift)] = e.EncodeToString(padded)[(shift*8+5)/6 : len(padded)*8/6]
		}
	}
	return found
}
