package form_test

import (
	"testing"

	"github.com/sa-conformance/conformance/internal/ui/form"
)

func TestWords(t *testing.T) {
	t.Parallel()
	for message, want := range map[string][2]string{
		"--organization is given and empty; give it a value, or leave it out":                               {"“Organization” is empty: fill it in", "organization"},
		"the token of the run is missing; set CONFORMANCE_TOKEN or add --token-file FILE":                   {"“Access token” is missing: type the token of an account that may manage service accounts", "token"},
		"name one that exists and is closed to the token with --other-organization":                         {"name one that exists and is closed to the token with “Another organization”", "other-organization"},
		"--concurrency: \"many\" is not a whole number":                                                     {"“Conversations at a time”: \"many\" is not a whole number", "concurrency"},
		"get one that is valid for longer, or use --token-command, which is run again":                      {"get one that is valid for longer, or use --token-command, which is run again", ""},
		"identity.example.com is in production; judge a staging system, or say --i-know-this-is-production": {"identity.example.com is in production; judge a staging system, or say “I know that the target may be in production”", "production"},
	} {
		if text, id := form.Words(message); text != want[0] || id != want[1] {
			t.Errorf("%q became %q of %q", message, text, id)
		}
	}
}

func TestBase(t *testing.T) {
	t.Parallel()
	const org = "8f0a6bd2-4b52-4f0e-9d3c-0d5a1f2e3c4b"
	for address, want := range map[string]string{
		"https://a.example/api/v1/organizations/" + org + "/serviceaccounts":      "https://a.example " + org,
		"https://a.example/x/api/v1/organizations/" + org + "/serviceaccounts/1":  "https://a.example/x " + org,
		"https://a.example/api/v1/organizations/{organizationID}/serviceaccounts": "https://a.example ",
		"https://a.example/api/v1/organizations/" + org + "/?x=1":                 "https://a.example " + org,
		"https://a.example/api/v1/organizations":                                  "https://a.example ",
		"https://a.example/prefix/":                                               "https://a.example/prefix/ ",
		"https://user:secret@a.example/api/v1/organizations/" + org:               "https://user:secret@a.example/api/v1/organizations/" + org + " ",
		"a.example": "a.example ",
		"":          " ",
	} {
		if base, organization := form.Base(address); base+" "+organization != want {
			t.Errorf("%q became %q and %q", address, base, organization)
		}
	}
	for typed, want := range map[string]string{"Bearer abc": "abc", "bearer  abc ": "abc", "abc": "abc", "Bearer": "Bearer", "": ""} {
		if got := form.Token(typed); got != want {
			t.Errorf("%q became %q", typed, got)
		}
	}
}
