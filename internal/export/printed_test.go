package export

import "testing"

func TestPrinted(t *testing.T) {
	for curl, want := range map[string]struct {
		body       string
		binary, ok bool
	}{
		"curl -sS":                              {"", false, true},
		`printf 'a%%b\\\377\047c' | curl -sS`:   {"", false, false},
		`printf 'a%%b\134\377\047c' | curl -sS`: {"a%b\\\xff'c", true, true},
		`printf 'a' ; rm | curl`:                {"a", true, false},
		"{ printf 'x'; } | curl":                {"", false, false},
		"curl --data-binary @body # 1":          {"", false, false},
	} {
		body, binary, ok := printed(curl)
		if string(body) != want.body || binary != want.binary || ok != want.ok {
			t.Errorf("%s: %q %t %t", curl, body, binary, ok)
		}
	}
}
