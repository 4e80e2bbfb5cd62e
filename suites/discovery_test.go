package suites

import (
	"testing"

	"github.com/sa-conformance/conformance/internal/discovery"
)

func TestBelow(t *testing.T) {
	for _, test := range []struct{ base, issuer, address, want string }{
		{"https://a.example", "", "https://a.example/jwks", "/jwks"},
		{"https://a.example", "", "HTTPS://A.example:443/jwks?x=1#f", "/jwks?x=1"},
		{"https://a.example/p", "", "https://a.example/p/jwks", "/jwks"},
		{"https://a.example/p", "", "https://a.example/pq/jwks", ""},
		{"https://a.example/p", "", "https://a.example/jwks", ""},
		{"https://a.example/p", "", "https://a.example/p/../q/jwks", ""},
		{"https://a.example/p", "", "https://a.example/p/%2e%2e/jwks", ""},
		{"https://a.example", "", "https://a.example", ""},
		{"https://a.example", "", "http://a.example/jwks", ""},
		{"https://a.example", "", "https://a.example:8443/jwks", ""},
		{"https://a.example", "", "https://a.example@b.example/jwks", ""},
		{"https://a.example", "", "https://a.example.b.example/jwks", ""},
		{"http://127.0.0.1:8080", "https://a.example/p/", "https://a.example/p/jwks", "/jwks"},
		{"http://127.0.0.1:8080", "https://a.example", "https://keys.example/jwks", ""},
		{"http://127.0.0.1:8080", "", "", ""},
		{"http://127.0.0.1:8080", "/", "/jwks", ""},
	} {
		if got, ok := discovery.Below(test.base, test.issuer, test.address); got != test.want || ok != (test.want != "") {
			t.Errorf("%s below %s or %s: %q, %v", test.address, test.base, test.issuer, got, ok)
		}
	}
}
