package probe

import (
	"net/http"
	"net/url"
	"strings"
	"testing"

	"github.com/sa-conformance/conformance/internal/exchange"
	"github.com/sa-conformance/conformance/internal/wire"
)

// A proxy that refuses is named with its status, and what it refuses never reached the target: no create is in doubt.
func TestProxyRefuses(t *testing.T) {
	for target, status := range map[string]int{"http://target.example": 407, "https://target.example": 407, "https://other.example": 503} {
		proxy, err := url.Parse(serve(t, func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(status) }))
		if err != nil {
			t.Fatal(err)
		}
		s := newRun(t, target, func(r *Run) {
			r.target.Client = wire.NewClient(nil, false, 1)
			r.target.Client.Transport.(*http.Transport).Proxy = http.ProxyURL(proxy)
		}).session("p")
		e := s.Create(t.Context(), "create", []byte(`{"metadata":{"name":"`+s.Name("x")+`"}}`))
		if kindOf(e) != exchange.Proxy || !strings.Contains(e.Failure.Message, "proxy") || !strings.Contains(e.Failure.Message, map[int]string{407: "407", 503: "503"}[status]) {
			t.Errorf("%s: %+v", target, e.Failure)
		}
		if e.Answered() || ambiguous(e) || s.run.tracker.Unclear() {
			t.Errorf("%s: the target is said to have seen the create", target)
		}
	}
}
