package certificate

import (
	"strings"
	"testing"
)

// What is odd about how whoever answered was reached is noted, and nothing else; certificates without it have no notes.
func TestConnectionNotes(t *testing.T) {
	chain := func(issuer string, names ...string) []PeerCertificate {
		return []PeerCertificate{{Subject: "CN=a", Issuer: issuer, Names: names}}
	}
	good := chain("CN=Public CA", "identity.example.com")
	for name, test := range map[string]struct {
		c    *Connection
		want string
	}{
		"older suite":    {nil, ""},
		"good":           {&Connection{Address: "203.0.113.7", Chain: good}, ""},
		"wildcard":       {&Connection{Address: "203.0.113.7", Chain: chain("CN=Public CA", "*.example.com")}, ""},
		"proxy":          {&Connection{Address: "203.0.113.7", Proxy: true, Chain: good}, "a proxy was between"},
		"loopback":       {&Connection{Address: "127.0.0.1", Chain: good}, "the signer's own machine"},
		"loopback, IPv6": {&Connection{Address: "::1", Chain: good}, "the signer's own machine"},
		"private":        {&Connection{Address: "10.0.0.1", Chain: good}, "of a private network"},
		"no certificate": {&Connection{Address: "203.0.113.7"}, "no certificate of the target"},
		"another host":   {&Connection{Address: "203.0.113.7", Chain: chain("CN=Public CA", "example.com", "*.a.example.com")}, "not for identity.example.com"},
		"self-signed":    {&Connection{Address: "203.0.113.7", Chain: chain("CN=a", "identity.example.com")}, "self-signed"},
		"named":          {&Connection{Address: "203.0.113.7", NamedCA: true, Chain: good}, "(--ca-file); the issuer is CN=Public CA"},
	} {
		notes := test.c.notes("https://identity.example.com/v1")
		if test.want == "" && len(notes) > 0 || test.want != "" && (len(notes) != 1 || !strings.Contains(notes[0], test.want)) {
			t.Errorf("%s: %q", name, notes)
		}
	}
}
