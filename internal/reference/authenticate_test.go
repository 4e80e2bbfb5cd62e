package reference

import (
	"net/http"
	"strings"
	"testing"
)

const (
	metadataHint = `resource_metadata="` + baseURL + `/.well-known/openid-protected-resource"`
	bareHint     = `Bearer realm="identity", ` + metadataHint
)

func TestAuthorizationHeader(t *testing.T) {
	r := newRig(t, Config{})
	token := r.creds.Token
	for name, c := range map[string]struct {
		values []string
		status int
		bare   bool // a challenge without an error code
	}{
		"plain":            {[]string{"Bearer " + token}, 200, false},
		"lower case":       {[]string{"bearer " + token}, 200, false},
		"upper case":       {[]string{"BEARER " + token}, 200, false},
		"spaces":           {[]string{"Bearer   " + token}, 200, false},
		"none":             {nil, 401, true},
		"empty":            {[]string{""}, 401, true},
		"another scheme":   {[]string{"Basic " + token}, 401, true},
		"no scheme":        {[]string{token}, 401, true},
		"scheme only":      {[]string{"Bearer"}, 401, false},
		"tab":              {[]string{"Bearer\t" + token}, 401, false},
		"quoted":           {[]string{`Bearer "` + token + `"`}, 401, false},
		"two tokens":       {[]string{"Bearer " + token + " " + token}, 401, false},
		"a list":           {[]string{"Bearer " + token + ", Basic abc"}, 401, false},
		"two headers":      {[]string{"Bearer " + token, "Bearer " + token}, 401, false},
		"garbage":          {[]string{"Bearer garbage"}, 401, false},
		"huge":             {[]string{"Bearer " + strings.Repeat("a", maxToken+1)}, 401, false},
		"a character more": {[]string{"Bearer " + token + "A"}, 401, false},
		"padded":           {[]string{"Bearer " + token + "="}, 401, false},
		"a character less": {[]string{"Bearer " + token[:len(token)-1]}, 401, false},
		"signature gone":   {[]string{"Bearer " + token[:strings.LastIndex(token, ".")+1]}, 401, false},
		"expired":          {[]string{"Bearer " + r.creds.ExpiredToken}, 401, false},
		"not yet valid":    {[]string{"Bearer " + r.creds.NotYetValidToken}, 401, false},
	} {
		t.Run(name, func(t *testing.T) {
			r := &rig{T: t, server: r.server, creds: r.creds}
			q := r.request("GET", r.collection(), "", "")
			q.Header["Authorization"] = c.values
			a := r.send(q)
			r.want(a, c.status)
			if c.status == http.StatusOK {
				return
			}
			challenge := a.header.Get("WWW-Authenticate")
			if c.bare != (challenge == bareHint) || !strings.HasSuffix(challenge, metadataHint) {
				t.Errorf("challenge %q", challenge)
			}
			if !c.bare && !strings.HasPrefix(challenge, `Bearer realm="identity", error="invalid_token", error_description="`) {
				t.Errorf("challenge %q names no error", challenge)
			}
			if strings.Contains(challenge+a.text, token[:20]) {
				t.Error("the response repeats the token")
			}
		})
	}
}

// The last character of an unpadded segment may have bits that decoders ignore.
func TestTokensAreNotMalleable(t *testing.T) {
	for _, kind := range []Kind{JWS, JWE} {
		r := newRig(t, Config{Tokens: kind})
		last := r.creds.Token[len(r.creds.Token)-1]
		for _, c := range "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_" {
			if byte(c) != last {
				r.want(r.do("GET", userinfoPath, r.creds.Token[:len(r.creds.Token)-1]+string(c), ""), http.StatusUnauthorized)
			}
		}
	}
}

func TestTokenOnlyInTheHeader(t *testing.T) {
	r := newRig(t, Config{})
	a := r.do("GET", r.collection()+"?access_token="+r.creds.Token, "", "")
	r.want(a, http.StatusUnauthorized)
	if a.header.Get("WWW-Authenticate") != bareHint {
		t.Errorf("challenge %q", a.header.Get("WWW-Authenticate"))
	}
	q := r.request("POST", r.collection(), "", "access_token="+r.creds.Token)
	q.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	r.want(r.send(q), http.StatusUnauthorized)
	r.want(r.do("GET", r.collection()+"?access_token=x", r.creds.Token, ""), http.StatusBadRequest)
}

func TestTokenOfAnotherServer(t *testing.T) {
	r, other := newRig(t, Config{}), newRig(t, Config{})
	r.want(r.do("GET", userinfoPath, other.creds.Token, ""), http.StatusUnauthorized)
}
