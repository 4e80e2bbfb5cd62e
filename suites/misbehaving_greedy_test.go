package suites

import (
	"encoding/base64"
	"fmt"
	"net/http"
	"net/http/httptest"
	"regexp"
	"strings"
	"sync/atomic"
)

const million = 1_000_000

func recorded(next http.Handler, r *http.Request) *httptest.ResponseRecorder {
	recorder := httptest.NewRecorder()
	next.ServeHTTP(recorder, r)
	return recorder
}

// everywhere changes every body; inCreated, inLists and inErrors those of creates and rotations, of lists, and of errors.
func everywhere(change func(body string) string) middleware {
	return rewriting(func(_ *http.Request, _ int, _ http.Header, body string) string { return change(body) })
}

func inCreated(change func(body string) string) middleware {
	return rewriting(func(r *http.Request, status int, _ http.Header, body string) string {
		if r.Method == http.MethodPost && status/100 == 2 {
			return change(body)
		}
		return body
	})
}

func inLists(change func(body string) string) middleware {
	return rewriting(func(r *http.Request, status int, _ http.Header, body string) string {
		if r.Method == http.MethodGet && status == 200 && strings.HasSuffix(r.URL.Path, "/serviceaccounts") {
			return change(body)
		}
		return body
	})
}

func inErrors(change func(body string) string) middleware {
	return rewriting(func(_ *http.Request, status int, _ http.Header, body string) string {
		if status >= 400 {
			return change(body)
		}
		return body
	})
}

// at changes the bodies of one path.
func at(path string, change func(body string) string) middleware {
	return rewriting(func(r *http.Request, status int, _ http.Header, body string) string {
		if strings.HasSuffix(r.URL.Path, path) && status == 200 {
			return change(body)
		}
		return body
	})
}

// heads adds a field to the head of every response.
func heads(name string, values ...string) middleware {
	return rewriting(func(_ *http.Request, _ int, header http.Header, body string) string {
		header[name] = values
		return body
	})
}

// constant answers everything alike.
func constant(status int, kind, body string) middleware {
	return func(http.Handler) http.Handler {
		return http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Type", kind)
			w.WriteHeader(status)
			_, _ = w.Write([]byte(body))
		})
	}
}

// member replaces the value of a member, which is a string, wherever it stands in a body.
func member(name, value string) func(string) string {
	pattern := regexp.MustCompile(`"` + name + `":\s*"[^"]*"`)
	return func(body string) string {
		return pattern.ReplaceAllLiteralString(body, `"`+name+`":`+value)
	}
}

// begins puts text behind the first brace of a body.
func begins(text string) func(string) string {
	return func(body string) string {
		if strings.HasPrefix(body, "{}") {
			return body
		}
		return strings.Replace(body, "{", "{"+text, 1)
	}
}

// numbered repeats a text that is made of a number.
func numbered(n int, format string) string {
	var b strings.Builder
	for i := range n {
		fmt.Fprintf(&b, format, i)
	}
	return b.String()
}

func compact(header, claims string) string {
	encode := base64.RawURLEncoding.EncodeToString
	return encode([]byte(header)) + "." + encode([]byte(claims)) + "." + encode([]byte(strings.Repeat("s", 132)))
}

func inQuotes(text string) string { return `"` + text + `"` }

// greedyTargets is the whole table.
func greedyTargets() []greedy {
	return append(append(append(greedyBodies(), greedyTokens()...), greedyHeads()...), greedyLists()...)
}

func greedyBodies() []greedy {
	long, longer := strings.Repeat("x", million), strings.Repeat("x", 4*million)
	objects := "[" + strings.Repeat("{},", 1_300_000) + "{}]"
	nested := func(n int) string { return strings.Repeat("[", n) + strings.Repeat("]", n) }
	digits := "1" + strings.Repeat("7", million)
	texts := atomic.Int64{}
	return []greedy{
		{name: "a description of a megabyte", wrap: inCreated(begins(`"d":"` + long + `",`))},
		{name: "4 MB of a string in every response", wrap: everywhere(begins(`"d":"` + longer + `",`))},
		{name: "4 MB of escapes in every response", wrap: everywhere(begins(`"d":"` + strings.Repeat(`\u0041`, 660_000) + `",`))},
		{name: "4 MB of escaped quotes in every response", wrap: everywhere(begins(`"d":"` + strings.Repeat(`\"`, 2*million) + `",`))},
		{name: "4 MB of backslashes in every response", wrap: everywhere(begins(`"d":"` + strings.Repeat(`\\`, 2*million) + `",`))},
		{name: "4 MB of percent signs in every response", wrap: everywhere(begins(`"d":"` + strings.Repeat(`%41`, million) + `",`))},
		{name: "4 MB of entities in every response", wrap: everywhere(begins(`"d":"` + strings.Repeat(`&amp;`, 800_000) + `",`))},
		{name: "an error text of a megabyte", wrap: inErrors(member("error_description", inQuotes(long)))},
		{name: "an error text of 60 kB", wrap: inErrors(member("error_description", inQuotes(long[:60_000])))},
		{name: "an error code of 60 kB", wrap: inErrors(member("error", inQuotes(long[:60_000])))},
		{name: "a trace id of 60 kB", wrap: inErrors(member("trace_id", inQuotes(long[:60_000])))},
		{name: "an error text of 60,000 lines", wrap: inErrors(member("error_description", inQuotes(strings.Repeat(`\n`, 60_000))))},
		{name: "250,000 members in an account", wrap: inCreated(begins(numbered(250_000, `"m%d":0,`)))},
		{name: "250,000 members in every response", wrap: everywhere(begins(numbered(250_000, `"m%d":0,`)))},
		{name: "250,000 duplicate members in an account", wrap: inCreated(begins(strings.Repeat(`"m":0,`, 250_000)))},
		{name: "250,000 duplicate members in every response", wrap: everywhere(begins(strings.Repeat(`"m":0,`, 250_000)))},
		{name: "5,000 members in every response", wrap: everywhere(begins(numbered(5000, `"m%d":0,`)))},
		{name: "250,000 objects in every response", wrap: everywhere(begins(numbered(250_000, `"m%d":{},`)))},
		{name: "a duplicated metadata, 10,000 times", wrap: inCreated(begins(strings.Repeat(`"metadata":{},`, 10_000)))},
		{name: "100,000 tags", wrap: inCreated(member("id", `"ee45f34b-9685-40d8-8724-23c31252ca46","tags":[`+strings.TrimSuffix(strings.Repeat(`{"name":"a","value":"b"},`, 100_000), ",")+"]")), lost: true},
		{name: "200,000 groups", wrap: inCreated(func(body string) string {
			return regexp.MustCompile(`"groupIDs":\s*\[[^\]]*\]`).ReplaceAllLiteralString(body, `"groupIDs":[`+strings.TrimSuffix(strings.Repeat(`"g",`, 200_000), ",")+"]")
		})},
		{name: "a number of a million digits", wrap: inCreated(begins(`"n":` + digits + `,`))},
		{name: "a number of a million digits for every status", wrap: everywhere(member("healthStatus", digits))},
		{name: "a fraction of a million digits for every status", wrap: everywhere(member("provisioningStatus", "0."+digits+"e-1"))},
		{name: "numbers with an exponent of a billion", wrap: everywhere(member("creationTime", "1e1000000000"))},
		{name: "a million digits of a second", wrap: everywhere(member("creationTime", inQuotes("2024-05-31T14:11:00."+strings.Repeat("0", million)+"Z"))), lost: true},
		{name: "50,000 digits of an expiry", wrap: everywhere(member("expiry", inQuotes("2034-05-31T14:11:00."+strings.Repeat("0", 50_000)+"Z")))},
		{name: "arrays 9,000 deep in an account", wrap: inCreated(begins(`"n":` + nested(9000) + `,`))},
		{name: "arrays a million deep in every response", wrap: everywhere(begins(`"n":` + nested(million) + `,`))},
		{name: "objects 9,000 deep in every response", wrap: everywhere(begins(`"n":` + strings.Repeat(`{"a":`, 9000) + "0" + strings.Repeat("}", 9000) + `,`))},
		{name: "objects 60 deep, 10,000 times", wrap: everywhere(begins(`"n":[` + strings.TrimSuffix(strings.Repeat(strings.Repeat(`{"a":`, 60)+"0"+strings.Repeat("}", 60)+",", 10_000), ",") + `],`)), lost: true},
		{name: "a million empty objects to everything", wrap: constant(200, "application/json", objects)},
		{name: "a million numbers to everything", wrap: constant(201, "application/json", "["+strings.Repeat("0,", 2*million)+"0]")},
		{name: "60 kB of empty objects to everything", wrap: constant(200, "application/json", objects[:60_000]+"0]")},
		{name: "4 kB of empty objects to everything", wrap: constant(201, "application/json", objects[:4_000]+"0]")},
		{name: "500 kB of objects in every response", wrap: everywhere(begins(`"n":` + objects[:500_001] + `0],`))},
		{name: "4 MB of white space and a text", wrap: everywhere(func(body string) string { return strings.Repeat(" ", 4*million) + body })},
		{name: "4 MB of white space in a text", wrap: everywhere(begins(strings.Repeat(" ", 4*million)))},
		{name: "2 MB that are not UTF-8", wrap: everywhere(begins(`"d":"` + strings.Repeat("\xff", 2*million) + `",`))},
		{name: "60 kB that are not UTF-8", wrap: everywhere(begins(`"d":"` + strings.Repeat("\xff\xfe", 30_000) + `",`))},
		{name: "a page of 4 MB", wrap: constant(500, "text/html", strings.Repeat("<p>an error</p>", 270_000))},
		{name: "a page of 60 kB", wrap: constant(500, "text/html", strings.Repeat("<p>an error</p>\n", 4000))},
		{name: "60 kB of stack frames", wrap: inErrors(member("error_description", inQuotes(strings.Repeat(`at a.b.c.d.e.f(`, 4000))))},
		{name: "60 kB of SELECT", wrap: inErrors(member("error_description", inQuotes(strings.Repeat(`SELECT `, 8500))))},
		{name: "60 kB of a path", wrap: inErrors(member("error_description", inQuotes(strings.Repeat(`/a`, 30_000)+`.go.`)))},
		{name: "terminal escapes, 60 kB", wrap: inErrors(member("error_description", inQuotes(strings.Repeat(`\u001b[2J`, 6000))))},
		{name: "other text in every response", wrap: everywhere(func(body string) string {
			return begins(fmt.Sprintf(`"d":"%s",`, strings.Repeat(fmt.Sprint(texts.Add(1)), 10_000)))(body)
		})},
		{name: "a name of a megabyte", wrap: everywhere(member("name", inQuotes(long))), lost: true},
		{name: "an organization of a megabyte", wrap: everywhere(member("organizationId", inQuotes(long)))},
		{name: "an id of a megabyte", wrap: everywhere(member("id", inQuotes(long))), lost: true},
		{name: "an id of 50,000 characters", wrap: everywhere(member("id", inQuotes(long[:50_000]))), lost: true},
		{name: "creators of a megabyte", wrap: everywhere(member("createdBy", inQuotes(long)))},
		{name: "a health of 60 kB", wrap: everywhere(member("healthStatus", inQuotes(long[:60_000])))},
		{name: "a discovery document of 4 MB", wrap: at("/openid-configuration", begins(`"d":"`+longer+`",`))},
		{name: "a jwks_uri of a megabyte", wrap: at("/openid-configuration", member("jwks_uri", inQuotes("https://localhost/"+long)))},
		{name: "an issuer of a megabyte", wrap: at("/openid-configuration", member("issuer", inQuotes("https://localhost/"+long)))},
		{name: "a sub of a megabyte", wrap: at("/userinfo", member("sub", inQuotes(long)))},
	}
}
