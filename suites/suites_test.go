package suites_test

import (
	"crypto/x509"
	"os"
	"strings"
	"testing"

	"github.com/sa-conformance/conformance/suites"
)

// TestConformance judges the target that the environment names, or the reference where it names none.
func TestConformance(t *testing.T) {
	cfg := suites.Config{
		Target:            os.Getenv("CONFORMANCE_TARGET"),
		Organization:      os.Getenv("CONFORMANCE_ORGANIZATION"),
		OtherOrganization: os.Getenv("CONFORMANCE_OTHER_ORGANIZATION"),
		AcceptIncomplete:  os.Getenv("CONFORMANCE_ACCEPT_INCOMPLETE") == "true",
	}
	if cfg.Target != "" {
		cfg.Token = os.Getenv("CONFORMANCE_TOKEN")
		cfg.RestrictedToken = os.Getenv("CONFORMANCE_RESTRICTED_TOKEN")
		cfg.ExpiredToken = os.Getenv("CONFORMANCE_EXPIRED_TOKEN")
		cfg.NotYetValidToken = os.Getenv("CONFORMANCE_NOT_YET_VALID_TOKEN")
		if groups := os.Getenv("CONFORMANCE_GROUP"); groups != "" {
			cfg.Groups = strings.Split(groups, ",")
		}
		if file := os.Getenv("CONFORMANCE_CA_FILE"); file != "" {
			certificates, err := os.ReadFile(file)
			if err != nil {
				t.Fatalf("reading CONFORMANCE_CA_FILE: %v", err)
			}
			cfg.RootCAs = x509.NewCertPool()
			cfg.RootCAs.AppendCertsFromPEM(certificates)
		}
	}
	suites.Run(t, cfg)
}
