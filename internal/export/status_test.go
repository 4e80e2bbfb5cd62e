package export

import (
	"strings"
	"testing"
)

// What the suite expects of a status is tested by what is exported, however it is worded.
func TestSpansOf(t *testing.T) {
	t.Parallel()
	for expected, want := range map[string]string{
		"status 201 Created":                         "201",
		"status 401 Unauthorized or 400 Bad Request": "400 or 401",
		"status 400 Bad Request, 415 Unsupported Media Type or 422 Unprocessable Entity":  "400 or 415 or 422",
		"status 201 Created, or as a refusal 400 Bad Request or 422 Unprocessable Entity": "201 or 400 or 422",
		"status 201 Created or a 4xx": "201 or 400 to 499",
		"a 4xx, or 501":               "400 to 499 or 501",
		"a status of 200 to 299":      "200 to 299",
		"a status below 500":          "100 to 499",
		`"a response that is no server error", as of auth.refused/garbage#3`: "100 to 499",
		`"200, 404 or 409", as of life.x/rotate`:                             "200 or 404 or 409",
		"status 201 Created in one response at least":                        "",
		"a 4xx, or 201 with one reading of the body":                         "",
		"one status for all":                                                 "",
		"2027-02-26T18:43:36Z":                                               "",
		"a string":                                                           "",
		"":                                                                   "",
	} {
		if got := inWords(spansOf(expected)); got != want {
			t.Errorf("%s: %s, want %s", expected, got, want)
		}
	}
}

func TestHurlStatus(t *testing.T) {
	t.Parallel()
	for expected, want := range map[string]string{
		"status 201 Created":                         "status == 201",
		"status 401 Unauthorized or 400 Bad Request": "status >= 400 status <= 401",
		"status 404 Not Found or 401 Unauthorized":   "status >= 401 status <= 404 status != 402 status != 403",
		"status 201 Created or a 4xx":                "status >= 201 status <= 499 status != 302",
	} {
		if got := strings.Join(hurlStatus(spansOf(expected), 302), " "); got != want {
			t.Errorf("%s: %s, want %s", expected, got, want)
		}
	}
}
