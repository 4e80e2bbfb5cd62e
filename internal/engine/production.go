package engine

import (
	"net/url"
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

// Guard refuses a target that is known to be in production, unless the operator means it. The error is a *ConfigError.
func (c Config) Guard() error {
	address, err := url.Parse(c.Target)
	if err != nil || c.Production || !inProduction(address.Hostname()) {
		return nil // what is no address is refused elsewhere
	}
	return newConfigError("%s is in production and nothing was sent; judge a staging system, or say --i-know-this-is-production", address.Hostname())
}

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
