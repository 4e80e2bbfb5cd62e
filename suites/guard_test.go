package suites

import (
	"context"
	"errors"
	"strings"
	"testing"

	"github.com/sa-conformance/conformance/internal/engine"
)

// A host in production is refused by runs and by sweeps, unless the operator says that it is meant.
func TestGuard(t *testing.T) {
	cfg := engine.Config{Target: "https://identity.nks.europe-west4.nscale.com:443/", Organization: "d4600d6e-e965-4b44-a808-84fb2fa36702", Token: "x", Plain: true}
	_, judged := Judge(context.Background(), cfg)
	_, swept := engine.Sweep(context.Background(), cfg, true)
	for _, err := range []error{judged, swept} {
		var mistake *engine.ConfigError
		if !errors.As(err, &mistake) || !strings.Contains(err.Error(), "is in production and nothing was sent") {
			t.Errorf("the error is %v", err)
		}
	}
	cfg.Production = true
	if c, err := engine.Connect(context.Background(), cfg); err != nil {
		t.Error(err)
	} else {
		c.Close()
	}
}
