package suites

import (
	"slices"
	"strings"
)

// productionHosts are known to serve customers, and productionDomains all hosts below which do, but for those with one
// of the trialWords in their name. The public server of spec/openapi.yaml is among them.
var (
	productionHosts   = []string{"identity.nks.europe-west4.nscale.com"}
	productionDomains = []string{"nscale.com"}
	trialWords        = []string{"dev", "staging", "stage", "stg", "test", "testing", "uat", "qa", "sandbox", "preprod", "preview"}
)

// inProduction reports whether a host is known to serve customers.
func inProduction(host string) bool {
	host = strings.TrimSuffix(strings.ToLower(host), ".")
	if slices.Contains(productionHosts, host) {
		return true
	}
	trial := slices.ContainsFunc(strings.FieldsFunc(host, func(c rune) bool { return c == '.' || c == '-' }), func(part string) bool {
		return slices.Contains(trialWords, part)
	})
	return !trial && slices.ContainsFunc(productionDomains, func(domain string) bool {
		return host == domain || strings.HasSuffix(host, "."+domain)
	})
}
