// Package probe sends the requests of a run to the target and records the exchanges. It holds retries, throttling, credentials
// and limits, tracks the accounts that were created, and deletes them. It is the only package that sends HTTP to a target, and
// it judges nothing.
package probe

import (
	"crypto/tls"
	"crypto/x509"
	"github.com/sa-conformance/conformance/internal/bodies"
	"net/http"
	"strings"
	"time"
)

// Target is what a run talks to.
type Target struct {
	// BaseURL has no trailing slash.
	BaseURL           string
	Organization      string
	OtherOrganization string
	Groups            []string
	// Operator is the credential of the run. The others are "" if the operator supplied none.
	Operator, Restricted, Expired, NotYetValid string
	// Renew gives another token of the operator's when one expires in mid-run; nil if there is only the one. The first
	// one ends at OperatorExpires, the zero time if that is not known.
	Renew           Source
	OperatorExpires time.Time
	Client          *http.Client
}

// AtOnce is how many requests may be under way where so many conversations are, each of which may send several at once.
func AtOnce(conversations int) int { return 4 * max(conversations, 1) }

// NewClient makes the client of a run. It follows no redirect, so that a token never reaches another host, undoes no
// compression, and drops idle connections before a target does that closes them after a second. It keeps as many idle as it
// is told: fewer than there are requests at once, and every burst of them makes new ones. The certificates are for targets
// that ask for one.
func NewClient(roots *x509.CertPool, insecure bool, connections int, certificates ...tls.Certificate) *http.Client {
	return &http.Client{
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
		Transport: &http.Transport{
			Proxy:                  http.ProxyFromEnvironment,
			OnProxyConnectResponse: tunnelled,
			TLSClientConfig:        &tls.Config{RootCAs: roots, InsecureSkipVerify: insecure, MinVersion: tls.VersionTLS12, Certificates: certificates},
			ForceAttemptHTTP2:      true,
			DisableCompression:     true,
			MaxIdleConnsPerHost:    connections,
			IdleConnTimeout:        700 * time.Millisecond,
			MaxResponseHeaderBytes: bodies.FieldBytes,
			ExpectContinueTimeout:  time.Second, // for requests with Expect alone
		},
	}
}

// NewClientThrough makes the client of a run whose requests somebody else sends. If it has a method Alone, that sends each request
// on a connection of its own.
func NewClientThrough(sender http.RoundTripper) *http.Client {
	return &http.Client{
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
		Transport:     sender,
	}
}

// UnsentError is the error of a request that the one who sends for a run did not send.
type UnsentError struct{ Reason string }

func (u *UnsentError) Error() string { return u.Reason }

// alone is a client like the given one whose every request has a connection of its own.
func alone(client *http.Client) *http.Client {
	if client == nil { // a run that sends nothing
		return nil
	}
	if through, ok := client.Transport.(interface{ Alone() http.RoundTripper }); ok {
		return &http.Client{CheckRedirect: client.CheckRedirect, Transport: through.Alone()}
	}
	transport, ok := client.Transport.(*http.Transport)
	if !ok {
		return client
	}
	transport = transport.Clone()
	transport.DisableKeepAlives = true
	return &http.Client{CheckRedirect: client.CheckRedirect, Transport: transport}
}

// Accounts is the path of the service accounts of an organization, which is taken as it stands.
func Accounts(organization string) string {
	return "/api/v1/organizations/" + organization + "/serviceaccounts"
}

// Account is the path of one service account.
func Account(organization, id string) string {
	return Accounts(organization) + "/" + id
}

// Identity is what a request carries to say who sends it.
type Identity struct {
	// Name says in words whose credential it is; reports show it.
	Name string
	// Authorization holds the values of the Authorization header; none for an anonymous request.
	Authorization []string

	renewable string // the token in it that is to be replaced when another one takes its place; "" for none
}

// Nobody sends no credentials.
func Nobody() Identity { return Identity{Name: "none"} }

// Bearer presents a token in the usual way (RFC 6750 section 2.1).
func Bearer(name, token string) Identity {
	return Identity{Name: name, Authorization: []string{"Bearer " + token}}
}

// Header presents an Authorization header as it stands.
func Header(name string, values ...string) Identity {
	return Identity{Name: name, Authorization: values}
}

// secretParts are the parts of the header values that must never be shown.
func (i Identity) secretParts() []string {
	var parts []string
	for _, value := range i.Authorization {
		if _, after, found := strings.Cut(strings.TrimSpace(value), " "); found {
			parts = append(parts, strings.TrimSpace(after))
		} else {
			parts = append(parts, value)
		}
	}
	return parts
}
