package suites

import (
	"context"
	"errors"
	"strings"
	"testing"
)

func TestInProduction(t *testing.T) {
	for host, want := range map[string]bool{
		"identity.nks.europe-west4.nscale.com": true, "Identity.NKS.europe-west4.nscale.com.": true, "nscale.com": true,
		"identity.glo1.nscale.com": true, "identity.staging.nscale.com": false, "identity-dev.nks.nscale.com": false,
		"nscale.com.example.org": false, "notnscale.com": false, "127.0.0.1": false, "": false,
		"contest.nscale.com": true, // a word within a word is none
	} {
		if got := inProduction(host); got != want {
			t.Errorf("%s: %v", host, got)
		}
	}
}

// A host in production is refused by runs and by sweeps, unless the operator says that it is meant.
func TestGuard(t *testing.T) {
	cfg := Config{Target: "https://identity.nks.europe-west4.nscale.com:443/", Organization: "d4600d6e-e965-4b44-a808-84fb2fa36702", Token: "x", Plain: true}
	_, judged := Judge(context.Background(), cfg)
	_, swept := Sweep(context.Background(), cfg, true)
	for _, err := range []error{judged, swept} {
		var mistake *ConfigError
		if !errors.As(err, &mistake) || !strings.Contains(err.Error(), "is in production and nothing was sent") {
			t.Errorf("the error is %v", err)
		}
	}
	cfg.Production = true
	if _, _, err := cfg.complete(context.Background()); err != nil {
		t.Error(err)
	}
}
