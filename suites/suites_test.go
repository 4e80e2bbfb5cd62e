package suites_test

import (
	"crypto/x509"
	"fmt"
	"os"
	"strings"
	"testing"

	_ "github.com/onsi/ginkgo/v2" // the ginkgo command keeps its flags from packages without it

	"github.com/sa-conformance/conformance/internal/engine"
	"github.com/sa-conformance/conformance/suites"
)

// TestConformance judges the target that the environment names, or the reference.
func TestConformance(t *testing.T) {
	cfg, err := fromEnvironment(os.LookupEnv)
	if err != nil {
		t.Fatal(err)
	}
	suites.Run(t, cfg)
}

// fromEnvironment reads a configuration from the variables of the command line. Without CONFORMANCE_TARGET it is the
// reference that is judged; where CI is set, only if CONFORMANCE_REFERENCE is true. A variable that is set and empty, as an
// unset secret is, is refused.
func fromEnvironment(lookup func(string) (string, bool)) (cfg engine.Config, err error) {
	read := func(name string) string {
		value, present := lookup("CONFORMANCE_" + name)
		if present && value == "" && err == nil {
			err = fmt.Errorf("CONFORMANCE_%s is set and empty; give it a value, or unset it", name)
		}
		return value
	}
	cfg = engine.Config{
		Target: read("TARGET"), Organization: read("ORGANIZATION"), OtherOrganization: read("OTHER_ORGANIZATION"),
		Reference: read("REFERENCE") == "true", AcceptIncomplete: read("ACCEPT_INCOMPLETE") == "true",
	}
	token, groups := read("TOKEN"), read("GROUP")
	restricted, expired, early, authorities := read("RESTRICTED_TOKEN"), read("EXPIRED_TOKEN"), read("NOT_YET_VALID_TOKEN"), read("CA_FILE")
	if err != nil {
		return cfg, err
	}
	if cfg.Target == "" {
		if ci, _ := lookup("CI"); ci != "" && ci != "false" && !cfg.Reference {
			return cfg, fmt.Errorf("CI is set and no target is named: set CONFORMANCE_TARGET, or judge the built-in reference with CONFORMANCE_REFERENCE=true")
		}
		cfg.Reference, cfg.Organization, cfg.OtherOrganization = true, "", ""
		return cfg, nil
	}
	cfg.Token, cfg.RestrictedToken, cfg.ExpiredToken, cfg.NotYetValidToken = token, restricted, expired, early
	if groups != "" {
		cfg.Groups = strings.Split(groups, ",")
	}
	if authorities != "" {
		certificates, err := os.ReadFile(authorities)
		if err != nil {
			return cfg, fmt.Errorf("reading CONFORMANCE_CA_FILE: %w", err)
		}
		cfg.RootCAs = x509.NewCertPool()
		cfg.RootCAs.AppendCertsFromPEM(certificates)
	}
	return cfg, nil
}

// An environment that names no target by accident judges nothing.
func TestFromEnvironment(t *testing.T) {
	for name, test := range map[string]struct {
		environment map[string]string
		reference   bool
		refusal     string
	}{
		"nothing":                   {nil, true, ""},
		"a target":                  {map[string]string{"CONFORMANCE_TARGET": "https://x.example", "CI": "true"}, false, ""},
		"an empty target":           {map[string]string{"CONFORMANCE_TARGET": ""}, false, "CONFORMANCE_TARGET is set and empty"},
		"an empty token":            {map[string]string{"CONFORMANCE_TARGET": "https://x.example", "CONFORMANCE_TOKEN": ""}, false, "CONFORMANCE_TOKEN is set and empty"},
		"CI, and nothing":           {map[string]string{"CI": "true"}, false, "CI is set and no target is named"},
		"CI, and the reference":     {map[string]string{"CI": "true", "CONFORMANCE_REFERENCE": "true"}, true, ""},
		"the target, and reference": {map[string]string{"CONFORMANCE_TARGET": "https://x.example", "CONFORMANCE_REFERENCE": "true"}, true, ""}, // Run refuses both
	} {
		cfg, err := fromEnvironment(func(name string) (string, bool) {
			value, ok := test.environment[name]
			return value, ok
		})
		if test.refusal == "" && (err != nil || cfg.Reference != test.reference) || test.refusal != "" && (err == nil || !strings.Contains(err.Error(), test.refusal)) {
			t.Errorf("%s: reference %v, %v", name, cfg.Reference, err)
		}
	}
	for _, cfg := range []engine.Config{{Plain: true}, {Plain: true, Reference: true, Target: "https://x.example"}} {
		if _, err := suites.Judge(t.Context(), cfg); err == nil || !strings.Contains(err.Error(), "Config.Target") {
			t.Errorf("%q, %v: %v", cfg.Target, cfg.Reference, err)
		}
	}
}
