package preflight

import (
	"bytes"
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"path"
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
	case status == http.StatusUnauthorized && otherScheme(e.Response) != "":
		return Mistake{
			fmt.Sprintf("something before the service asks for other credentials than a token (401 with the scheme %.40q alone)", otherScheme(e.Response)),
			"check --target, and let the way to it through there",
		}, true
	case status == http.StatusUnauthorized:
		return Mistake{"the token of the run is refused (401)", "get a fresh token for this target; its issuer and audience must be this target's"}, true
	case status == http.StatusForbidden && isPage(e.Response):
		return Mistake{"the list gets 403 and an HTML page, as a proxy or a firewall on the way sends", letThrough}, true
	case status == http.StatusForbidden && len(e.Response.Body) > 0 && !json.Valid(e.Response.Body):
		return Mistake{"the list gets 403 and no JSON, as a proxy or a firewall on the way sends", letThrough}, true
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
	case status/100 == 4 && isPage(e.Response):
		return Mistake{
			fmt.Sprintf("the list gets %d and an HTML page, as a proxy or a web server sends", status), "check --target, and what stands before it",
		}, true
	}
	found, ok := elsewhere()[e.Status()]
	return found, ok
}

// elsewhere maps statuses that say nothing of the service to what they say.
func elsewhere() map[int]Mistake {
	const address = "check --target: its host, its port and its path prefix"
	return map[int]Mistake{
		http.StatusPaymentRequired:             {"the account with the provider is not paid (402)", "ask the operators of the target"},
		http.StatusMethodNotAllowed:            {"what answers there has no list (405)", address},
		http.StatusGone:                        {"what was there is gone (410)", address},
		http.StatusMisdirectedRequest:          {"the host that answers does not serve that name (421)", address},
		http.StatusUpgradeRequired:             {"another protocol is spoken there (426)", address},
		http.StatusRequestHeaderFieldsTooLarge: {"a gateway or the target refuses so long a header (431)", "get a shorter token, or raise the limit of the gateway"},
		http.StatusUnavailableForLegalReasons:  {"access is blocked for legal reasons (451)", "run from another place, or ask the operators of the target"},
	}
}

// otherScheme is the scheme that a 401 asks for if that is not Bearer; "" if it asks for a token, or for nothing.
func otherScheme(r *exchange.Response) string {
	asked := strings.Join(r.Header.Values("WWW-Authenticate"), ", ")
	if strings.Contains(strings.ToLower(asked), "bearer") {
		return ""
	}
	scheme, _, _ := strings.Cut(strings.TrimSpace(asked), " ")
	return strings.TrimSuffix(scheme, ",")
}

// ProxyAdvice spells no credentials, not even as an example: they would be hidden in every output.
const ProxyAdvice = "put the proxy's user and password into the URL in HTTPS_PROXY or HTTP_PROXY, or name the target's host in NO_PROXY"

const letThrough = "let the way to --target through there, or name the target's host in NO_PROXY if a proxy is set"

// noService reports whether a gateway answered because nothing answered the gateway (RFC 9110 sections 15.6.3 and 15.6.5). A
// content delivery network has statuses of its own for that, from 520 to 530.
func noService(e *exchange.Exchange) bool {
	status := e.Status()
	return status == http.StatusBadGateway || status == http.StatusGatewayTimeout || status >= 520 && status <= 530
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
	case strings.Contains(message, "certificate of the client"):
		return "name one with --cert and --key"
	}
	return "check the URL and the certificate of the target, and name --cert and --key if it asks for a certificate"
}

// loginPath is what the addresses of login pages look like.
var loginPath = regexp.MustCompile(`(?i)log-?in|sign-?in|\bsso\b|portal|\boauth2?\b|openid-connect|\bauth(orize)?\b`)

// redirected reads a redirect: to https, to another host, to a login page, or to another path than the one that was asked
// for. A redirect to another collection of accounts, or to one with a slash at its end, is the target's own doing. Of the
// address it shows no path but a prefix.
func redirected(e *exchange.Exchange) (Mistake, bool) {
	from, _ := url.Parse(e.Request.URL)
	to, err := url.Parse(e.Response.Header.Get("Location"))
	if err != nil || from == nil || to.String() == "" {
		return Mistake{}, false
	}
	to = from.ResolveReference(to)
	const page = "check --target, and whether a login page or a captive portal stands before it"
	asked, led := strings.TrimRight(from.Path, "/"), strings.TrimRight(to.Path, "/")
	prefix, below := strings.CutSuffix(led, asked)
	switch same := strings.EqualFold(from.Hostname(), to.Hostname()); {
	case same && from.Scheme == "http" && to.Scheme == "https":
		return Mistake{fmt.Sprintf("the target redirects http to https (%d)", e.Status()), "give --target as https://"}, true
	case !same || from.Port() != to.Port():
		return Mistake{fmt.Sprintf("the list is answered with a redirect (%d) to another host, %.100q", e.Status(), to.Host), page}, true
	case loginPath.MatchString(to.Path):
		return Mistake{fmt.Sprintf("the list is answered with a redirect (%d) to a login page", e.Status()), page}, true
	case below && prefix != "":
		return Mistake{fmt.Sprintf("the list is answered with a redirect (%d) to the same path behind %.100q", e.Status(), prefix), "check the path prefix of --target"}, true
	case !strings.EqualFold(path.Base(asked), path.Base(led)):
		return Mistake{fmt.Sprintf("the list is answered with a redirect (%d) to another page", e.Status()), page}, true
	}
	return Mistake{}, false
}

// isPage reports whether a response is a page for a browser.
func isPage(r *exchange.Response) bool {
	start := bytes.ToLower(bytes.TrimSpace(r.Body[:min(len(r.Body), 2048)]))
	for _, word := range []string{"<?xml", "<!--"} { // may stand before the page
		if bytes.HasPrefix(start, []byte(word)) {
			if at := bytes.Index(start, []byte("<html")); at >= 0 {
				start = start[at:]
			}
		}
	}
	kind := strings.ToLower(r.Header.Get("Content-Type"))
	return strings.HasPrefix(kind, "text/html") || strings.HasPrefix(kind, "application/xhtml") ||
		bytes.HasPrefix(start, []byte("<!doctype html")) || bytes.HasPrefix(start, []byte("<html"))
}
