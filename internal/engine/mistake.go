package engine

import (
	"bytes"
	"fmt"
	"net/http"
	"net/url"
	"regexp"
	"strings"

	"github.com/sa-conformance/conformance/internal/exchange"
)

// Mistake is what an exchange shows of a mistake of the operator's, or of something between this machine and the target:
// what was found, and what to do about it.
type Mistake struct{ Found, Do string }

// MistakeOf reads one exchange with the operator's credential; false if it shows nothing of the kind.
func MistakeOf(e *exchange.Exchange) (m Mistake, ok bool) {
	if e.Response == nil {
		return MistakeBelow(e.Failure)
	}
	switch status := e.Status(); {
	case status == http.StatusUnauthorized:
		return Mistake{"the token of the run is refused (401)", "get a fresh token for this target; its issuer and audience must be this target's"}, true
	case status == http.StatusForbidden && isPage(e.Response):
		return Mistake{
			"the list gets 403 and an HTML page, as a proxy or a firewall on the way sends",
			"let the way to --target through there, or name the target's host in NO_PROXY if a proxy is set",
		}, true
	case status == http.StatusForbidden:
		return Mistake{
			"the token is known, and may not list the organization (403)",
			"give its owner a role in the organization that may manage service accounts, or check --organization",
		}, true
	case status == http.StatusNotFound:
		return Mistake{"there is no such organization, or no such path (404)", "check --organization, and the path prefix of --target"}, true
	case status == http.StatusProxyAuthRequired:
		return Mistake{"a proxy on the way asks for credentials of its own (407 Proxy Authentication Required)", ProxyAdvice}, true
	case status == http.StatusNetworkAuthenticationRequired:
		return Mistake{"the network asks for a login first (511 Network Authentication Required)", "log in to the network, or run elsewhere"}, true
	case noService(e):
		return Mistake{
			fmt.Sprintf("a gateway or a proxy on the way gets no response from the service (%d %s)", status, http.StatusText(status)),
			"check --target, that the service is running, and, if HTTP_PROXY is set, that the proxy reaches it",
		}, true
	case status/100 == 3:
		return redirected(e)
	case status/100 == 2 && isPage(e.Response):
		return Mistake{
			fmt.Sprintf("the list gets %d and an HTML page, no JSON array", status),
			"check --target, and whether a login page or a captive portal stands before it",
		}, true
	}
	return Mistake{}, false
}

// ProxyAdvice spells no credentials, not even as an example: they would be hidden in every output.
const ProxyAdvice = "put the proxy's user and password into the URL in HTTPS_PROXY or HTTP_PROXY, or name the target's host in NO_PROXY"

// noService reports whether a gateway answered because nothing answered the gateway (RFC 9110 sections 15.6.3 and 15.6.5).
func noService(e *exchange.Exchange) bool {
	return e.Status() == http.StatusBadGateway || e.Status() == http.StatusGatewayTimeout
}

// MistakeBelow reads a failure below HTTP. One that a target can cause by itself, such as a timeout, shows nothing.
func MistakeBelow(failure *exchange.Failure) (Mistake, bool) {
	if failure == nil {
		return Mistake{}, false
	}
	switch failure.Kind {
	case exchange.DNS:
		return Mistake{failure.Message, "check the host name of --target, and the resolver of this machine"}, true
	case exchange.Refused:
		return Mistake{failure.Message, "check --target, and that the target is running and open to this machine"}, true
	case exchange.TLS:
		return Mistake{failure.Message, tlsAdvice(failure.Message)}, true
	case exchange.Proxy:
		if strings.Contains(failure.Message, "407") {
			return Mistake{failure.Message, ProxyAdvice}, true
		}
		return Mistake{failure.Message, "check HTTPS_PROXY and HTTP_PROXY, or name the target's host in NO_PROXY"}, true
	case exchange.Local:
		return Mistake{failure.Message, "then run again"}, true
	}
	return Mistake{}, false
}

func tlsAdvice(message string) string {
	switch {
	case strings.Contains(message, "does not speak TLS"):
		return "check the port of --target, or write http:// if it is not https"
	case strings.Contains(message, "authority"):
		return "name its authority with --ca-file"
	}
	return "check the URL and the certificate of the target, and name --cert and --key if it asks for a certificate"
}

// loginPath is what the addresses of login pages look like.
var loginPath = regexp.MustCompile(`(?i)log-?in|sign-?in|\bsso\b|portal`)

// redirected reads a redirect: to https, to another host, or to a login page. A redirect to another path of the target is
// the target's own doing. Of the address it shows the host alone.
func redirected(e *exchange.Exchange) (Mistake, bool) {
	from, _ := url.Parse(e.Request.URL)
	to, err := url.Parse(e.Response.Header.Get("Location"))
	if err != nil || from == nil || to.String() == "" {
		return Mistake{}, false
	}
	to = from.ResolveReference(to)
	const page = "check --target, and whether a login page or a captive portal stands before it"
	switch same := strings.EqualFold(from.Hostname(), to.Hostname()); {
	case same && from.Scheme == "http" && to.Scheme == "https":
		return Mistake{fmt.Sprintf("the target redirects http to https (%d)", e.Status()), "give --target as https://"}, true
	case !same:
		return Mistake{fmt.Sprintf("the list is answered with a redirect (%d) to another host, %.100q", e.Status(), to.Host), page}, true
	case loginPath.MatchString(to.Path):
		return Mistake{fmt.Sprintf("the list is answered with a redirect (%d) to a login page", e.Status()), page}, true
	}
	return Mistake{}, false
}

// isPage reports whether a response is a page for a browser.
func isPage(r *exchange.Response) bool {
	start := bytes.ToLower(bytes.TrimSpace(r.Body[:min(len(r.Body), 512)]))
	return strings.HasPrefix(strings.ToLower(r.Header.Get("Content-Type")), "text/html") ||
		bytes.HasPrefix(start, []byte("<!doctype html")) || bytes.HasPrefix(start, []byte("<html"))
}
