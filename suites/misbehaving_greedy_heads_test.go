package suites

import (
	"encoding/base64"
	"fmt"
	"io"
	"net/http"
	"strings"
	"sync/atomic"
	"time"
)

func greedyTokens() []greedy {
	token := func(value string) middleware { return inCreated(member("accessToken", inQuotes(value))) }
	const header = `{"alg":"ES512","typ":"JWT","kid":"k"}`
	encode := base64.RawURLEncoding.EncodeToString
	var issued atomic.Int64
	key := func(more string) string {
		return `{"kty":"RSA","kid":"k","alg":"RS256","e":"AQAB","n":"` + strings.Repeat("w", 340) + `w"` + more + `},`
	}
	keys := func(n int, one string) middleware {
		return at("/jwks", func(string) string { return `{"keys":[` + strings.TrimSuffix(strings.Repeat(one, n), ",") + `]}` })
	}
	modulus := strings.Repeat("w", 2731)
	rs := func(next middleware) middleware {
		signed := token(compact(`{"alg":"RS256","typ":"JWT","kid":"k"}`, `{"sub":"x","exp":4000000000}`))
		return func(handler http.Handler) http.Handler { return signed(next(handler)) }
	}
	return []greedy{
		{name: "a token of a megabyte", wrap: token(compact(header, `{"sub":"`+strings.Repeat("x", 700_000)+`"}`))},
		{name: "a token of 50 kB", wrap: token(compact(header, `{"sub":"`+strings.Repeat("x", 37_000)+`"}`))},
		{name: "a token of a million dots", wrap: token(strings.Repeat("a.", million/2))},
		{name: "a signature of a megabyte", wrap: token(compact(header, `{}`) + strings.Repeat("s", million))},
		{name: "a token of a megabyte without segments", wrap: token(strings.Repeat("t", million))},
		{name: "100,000 critical headers", wrap: token(compact(`{"alg":"ES512","crit":[`+strings.TrimSuffix(numbered(50_000, `"c%d",`), ",")+`]}`, `{}`))},
		{name: "3,000 critical headers", wrap: token(compact(`{"alg":"ES512","crit":[`+strings.TrimSuffix(numbered(3000, `"c%d",`), ",")+`]}`, `{}`))},
		{name: "50,000 claims", wrap: token(compact(header, `{`+strings.TrimSuffix(numbered(50_000, `"c%d":0,`), ",")+`}`))},
		{name: "3,000 claims", wrap: token(compact(header, `{`+strings.TrimSuffix(numbered(3000, `"c%d":0,`), ",")+`}`))},
		{name: "50,000 duplicate claims", wrap: token(compact(header, `{`+strings.TrimSuffix(strings.Repeat(`"c":0,`, 50_000), ",")+`}`))},
		{name: "claims 9,000 deep", wrap: token(compact(header, `{"c":`+strings.Repeat("[", 9000)+strings.Repeat("]", 9000)+`}`))},
		{name: "an exp of 30,000 digits", wrap: token(compact(header, `{"exp":1`+strings.Repeat("7", 30_000)+`}`))},
		{name: "claims that are numbers of 9,000 digits", wrap: token(compact(header, `{"exp":1`+strings.Repeat("7", 9000)+`,"iat":0.`+strings.Repeat("3", 9000)+`,"nbf":`+strings.Repeat("1", 9000)+`,"x":`+strings.Repeat("2", 9000)+`}`))},
		{name: "an exp of a million digits", wrap: token(compact(header, `{"exp":1`+strings.Repeat("7", 700_000)+`}`))},
		{name: "an exp with an exponent of a billion", wrap: token(compact(header, `{"exp":1e1000000000,"iat":1e-1000000000,"nbf":1e999999999}`))},
		{name: "a JWE of a megabyte", wrap: token(encode([]byte(`{"alg":"A256GCMKW","enc":"A256GCM","cty":"JWT","iv":"`+strings.Repeat("A", 500_000)+`","tag":"AA"}`)) + ".AAAA.AAAA." + strings.Repeat("A", 400_000) + ".AAAA")},
		{name: "a JWE of 10,000,000 rounds", wrap: token(encode([]byte(`{"alg":"PBES2-HS256+A128KW","enc":"A256GCM","p2c":10000000,"p2s":"AAAAAAAAAAAA"}`)) + ".AAAA.AAAA.AAAA.AAAA")},
		{name: "other tokens in every response", wrap: everywhere(func(body string) string {
			return begins(fmt.Sprintf(`"accessToken":"%s",`, compact(header, fmt.Sprintf(`{"jti":%d}`, issued.Add(1)))))(body)
		})},
		{name: "a thousand tokens in every response", wrap: everywhere(func(body string) string {
			n := issued.Add(1)
			return begins(`"d":"` + numbered(1000, fmt.Sprintf("eyJhbGciOiJIUzI1NiJ9.eyJqdGkiOiJ%d-%%d.c2lnbmF0dXJl-c2ln-%%[1]d ", n)) + `",`)(body)
		}), lost: true},
		{name: "ten thousand tokens in every error", wrap: inErrors(func(body string) string {
			n := issued.Add(1)
			return begins(`"d":[` + numbered(10_000, fmt.Sprintf(`{"accessToken":"opaque-token-%d-%%d"},`, n)) + `0],`)(body)
		})},
		{name: "a thousand keys of one kid", wrap: rs(keys(1000, key("")))},
		{name: "a thousand RSA keys of 16,384 bits", wrap: rs(keys(1000, `{"kty":"RSA","kid":"k","e":"AQAB","n":"`+modulus+`"},`))},
		{name: "RSA keys with an exponent of 16,384 bits", wrap: rs(keys(100, `{"kty":"RSA","kid":"k","e":"`+modulus+`","n":"`+modulus+`"},`))},
		{name: "RSA keys of a million bits", wrap: rs(keys(10, `{"kty":"RSA","kid":"k","e":"AQAB","n":"`+strings.Repeat("w", 170_000)+`"},`))},
		{name: "EC keys with coordinates of a megabyte", wrap: keys(2, `{"kty":"EC","kid":"k","crv":"P-521","x":"`+strings.Repeat("w", 500_000)+`","y":"AA"},`)},
		{name: "50,000 keys without a kind", wrap: keys(50_000, `{"kty":"x","kid":"k"},`)},
		{name: "10,000 certificates with a key", wrap: rs(keys(1, key(`,"x5c":[`+strings.TrimSuffix(strings.Repeat(`"MIIB",`, 10_000), ",")+`]`)))},
	}
}

func greedyHeads() []greedy {
	const most = 50_000
	field := func(text string) string { return strings.Repeat(text, most/len(text)) }
	fields := func(n int, value string) middleware {
		return rewriting(func(_ *http.Request, _ int, header http.Header, body string) string {
			for i := range n {
				header.Set(fmt.Sprintf("X-Field-%d", i), value)
			}
			return body
		})
	}
	challenge := func(text string) middleware { return heads("Www-Authenticate", text) }
	return []greedy{
		{name: "50 kB of escaped quotes in a field", wrap: heads("X-Field", field(`\"`)), lawful: true},
		{name: "50 kB of backslashes in a field", wrap: heads("X-Field", field(`\`)), lawful: true},
		{name: "50 kB of percent signs in a field", wrap: heads("X-Field", field(`%41`)), lawful: true},
		{name: "50 kB of entities in a field", wrap: heads("X-Field", field(`&quot;`)), lawful: true},
		{name: "190 fields of 250 bytes", wrap: fields(180, strings.Repeat("x", 250)), lawful: true},
		{name: "180 fields of 250 escapes", wrap: fields(180, strings.Repeat(`\"`, 125)), lawful: true},
		{name: "300 fields", wrap: fields(300, "x"), lawful: true},
		{name: "50 kB of commas in a challenge", wrap: challenge(field(","))},
		{name: "10,000 challenges in a field", wrap: challenge(field("a,"))},
		{name: "4,000 challenges with parameters", wrap: challenge(field(`Bearer a="b",`))},
		{name: "10,000 parameters of a challenge", wrap: challenge("Bearer " + numbered(6000, `a%d=b,`))},
		{name: "50 kB of spaces in a challenge", wrap: challenge("Bearer" + field(" ,") + "x=y")},
		{name: "a string of 50 kB in a challenge", wrap: challenge(`Bearer realm="` + field(`\"`))},
		{name: "50 kB of Content-Type", wrap: heads("Content-Type", "application/json"+field(`;a=b`))},
		{name: "50 kB of Cache-Control", wrap: heads("Cache-Control", field("no-store, "))},
		{name: "50 kB of Allow", wrap: heads("Allow", field("GET, ")), lawful: true},
		{name: "50 kB of Set-Cookie", wrap: heads("Set-Cookie", "a="+field("b")), lawful: true},
		{name: "50 kB of Date", wrap: heads("Date", field("Mon"))},
		{name: "50 kB of Location", wrap: heads("Location", "/"+field("x/")), lawful: true},
		{name: "50 kB of Retry-After", wrap: heads("Retry-After", field("1")), lawful: true},
		{name: "150 codings", wrap: heads("Content-Encoding", strings.TrimSuffix(strings.Repeat("identity, ", 150), ", ")), lawful: true},
		{name: "a byte at a time", wrap: func(next http.Handler) http.Handler {
			return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
				a := recorded(next, r)
				for name, values := range a.Header() {
					w.Header()[name] = values
				}
				w.Header().Del("Content-Length")
				w.WriteHeader(a.Code)
				for _, b := range a.Body.Bytes() {
					_, _ = w.Write([]byte{b})
					w.(http.Flusher).Flush()
				}
			})
		}, lawful: true},
		{name: "10,000 trailers", wrap: func(next http.Handler) http.Handler {
			return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
				a := recorded(next, r)
				for name, values := range a.Header() {
					w.Header()[name] = values
				}
				w.Header().Del("Content-Length")
				w.WriteHeader(a.Code)
				_, _ = io.Copy(w, a.Body)
				for i := range 1000 {
					w.Header().Set(fmt.Sprintf("%sX-Trailer-%d", http.TrailerPrefix, i), "x")
				}
			})
		}},
		{name: "a second for each response", wrap: func(next http.Handler) http.Handler {
			return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
				time.Sleep(time.Second / 4)
				next.ServeHTTP(w, r)
			})
		}, lawful: true},
	}
}

func greedyLists() []greedy {
	account := func(i int, more string) string {
		return fmt.Sprintf(`{"metadata":{"id":"%08x-0000-4000-8000-000000000000"%s},"spec":{"groupIDs":[]},"status":{"expiry":"2034-05-31T14:11:00Z"}}`, i, more)
	}
	joined := func(body string, items func(add func(string))) string {
		var b strings.Builder
		b.WriteString(strings.TrimSuffix(strings.TrimSpace(body), "]"))
		first := b.Len() == 1
		items(func(item string) {
			if !first {
				b.WriteByte(',')
			}
			first = false
			b.WriteString(item)
		})
		return b.String() + "]"
	}
	add := func(n int, item func(i int) string) middleware {
		return inLists(func(body string) string {
			return joined(body, func(add func(string)) {
				for i := range n {
					add(item(i))
				}
			})
		})
	}
	var changing atomic.Int64
	ours := func(body string) string {
		if _, after, ok := strings.Cut(body, `"name":"conf-`); ok {
			return "conf-" + after[:9]
		}
		return "none"
	}
	return []greedy{
		{name: "a list of 200,000 empty objects", wrap: add(200_000, func(int) string { return "{}" })},
		{name: "a list of 300,000 empty objects", wrap: add(300_000, func(int) string { return "{}" })},
		{name: "a list of 30,000 accounts without names", wrap: add(30_000, func(i int) string { return account(i, "") })},
		{name: "a list of 20,000 other accounts each time", wrap: inLists(func(body string) string {
			n := int(changing.Add(1))
			return joined(body, func(add func(string)) {
				for i := range 20_000 {
					add(account(20_000*n+i, `,"name":"x"`))
				}
			})
		})},
		{name: "a list of 5,000 accounts that look like ours", wrap: inLists(func(body string) string {
			prefix := ours(body)
			return joined(body, func(add func(string)) {
				for i := range 5000 {
					add(account(i, `,"name":"`+prefix+`x","creationTime":"2020-01-01T00:00:00Z"`))
				}
			})
		}), lost: true},
		{name: "a list of accounts of 400 kB", wrap: add(20, func(i int) string { return account(i, `,"d":"`+strings.Repeat("x", 400_000)+`"`) })},
		{name: "a list of one account of 4 MB", wrap: add(1, func(i int) string { return account(i, `,"d":"`+strings.Repeat("x", 4*million)+`"`) })},
		{name: "a list of 100 MB", wrap: inLists(func(body string) string {
			return joined(body, func(add func(string)) { add(strings.Repeat("0,", 50*million) + "0") })
		})},
		{name: "a list of lists a million deep", wrap: add(1, func(int) string { return strings.Repeat("[", million) + strings.Repeat("]", million) })},
		{name: "a list of 50,000 copies of one account", wrap: inLists(func(body string) string {
			return joined(body, func(add func(string)) {
				for range 50_000 {
					add(account(1, `,"name":"x"`))
				}
			})
		})},
	}
}
