package doctor

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"time"

	"github.com/sa-conformance/conformance/internal/exchange"
	"github.com/sa-conformance/conformance/internal/preflight"
	"github.com/sa-conformance/conformance/internal/probe"
	"github.com/sa-conformance/conformance/suites/matcher"
)

// soon is how near the end of a certificate is worth a word.
const soon = 14 * 24 * time.Hour

// reach asks for the list without credentials, and looks at the way there.
func (d *doctor) reach(ctx context.Context, s *probe.Session) bool {
	request := s.ListRequest()
	request.As = probe.Nobody()
	e, way := s.Reach(ctx, "reach", request)
	address, _ := url.Parse(d.cfg.Target)
	if len(way.Resolved) > 0 {
		d.say("host", OK, address.Hostname()+" is "+strings.Join(way.Resolved, ", "), "")
	}
	if way.Connected != "" {
		d.say("connection", OK, "connected to "+way.Connected, "")
	}
	d.certificate(address, way)
	if e.Response == nil {
		d.unreachable(e.Failure)
		return false
	}
	d.say("http", OK, e.Response.Proto, "")
	d.clock(e)
	switch e.Status() {
	case http.StatusUnauthorized, http.StatusForbidden, http.StatusBadRequest:
		d.say("anonymous", OK, fmt.Sprintf("a request without credentials returns %d", e.Status()), "")
	case http.StatusProxyAuthRequired:
		d.say("proxy", Fail, "a proxy on the way asks for credentials of its own (407 Proxy Authentication Required)", preflight.ProxyAdvice)
	case http.StatusOK:
		d.say("anonymous", Fail, "the list of accounts is open to anybody", "check that --target is the right server, and what stands before it")
	default:
		d.say("anonymous", Warn, fmt.Sprintf("a list without credentials gets %d", e.Status()), "check the path prefix of --target")
	}
	return true
}

func (d *doctor) unreachable(failure *exchange.Failure) {
	name := "connection"
	switch failure.Kind {
	case exchange.DNS:
		name = "host"
	case exchange.TLS:
		name = "tls"
	case exchange.Proxy:
		name = "proxy"
	}
	m, ok := preflight.MistakeBelow(failure)
	if !ok {
		m = preflight.Mistake{Found: failure.Message, Do: "check --target, and that the target is running and open to this machine"}
	}
	d.say(name, Fail, m.Found, m.Do)
}

func (d *doctor) certificate(address *url.URL, way probe.Reached) {
	if address.Scheme == "http" {
		d.say("tls", Warn, "the target is not https: tokens go over the network in clear text", "use https, unless the target is on this machine")
		return
	}
	shown := func(c *x509.Certificate) (text string, left time.Duration) {
		left = time.Until(c.NotAfter)
		return fmt.Sprintf("its certificate ends on %s (in %s)", c.NotAfter.UTC().Format(time.DateOnly), inWords(left)), left
	}
	switch {
	case way.TLS == nil && way.Certificate != nil:
		text, _ := shown(way.Certificate)
		d.say("certificate", Warn, text, "")
	case way.TLS == nil || way.Certificate == nil:
	case d.cfg.Insecure:
		d.say("tls", Warn, tls.VersionName(way.TLS.Version)+", and the certificate is not verified", "name its authority with --ca-file in the place of --insecure")
	default:
		text, left := shown(way.Certificate)
		health, do := OK, ""
		if left < soon && !d.cfg.Embedded() {
			health, do = Warn, "renew the certificate"
		}
		d.say("tls", health, tls.VersionName(way.TLS.Version)+"; "+text, do)
	}
}

// clock compares the Date of a response, which is exact to the second, with the middle of the exchange.
func (d *doctor) clock(e *exchange.Exchange) {
	date, err := http.ParseTime(e.Response.Header.Get("Date"))
	if err != nil {
		d.say("clock", Warn, "the target does not tell the time (Date)", "")
		return
	}
	middle := e.StartedAt.Add(e.Timings.Total / 2)
	skew := date.Sub(middle.Truncate(time.Second)).Round(time.Second)
	switch size := skew.Abs(); {
	case size > matcher.ClockTolerance:
		d.say("clock", Fail, fmt.Sprintf("the target's clock differs by %s; the checks of times bear %s", skew, matcher.ClockTolerance), "set the clock of this machine or of the target")
	case size > matcher.ClockTolerance/12:
		d.say("clock", Warn, fmt.Sprintf("the target's clock differs by %s", skew), "set the clock of this machine or of the target")
	default:
		d.say("clock", OK, "the clocks agree to within some seconds", "")
	}
}

func counted(n int, what string) string {
	if n == 1 {
		return "1 " + what
	}
	return fmt.Sprintf("%d %ss", n, what)
}

func inBrackets(items []string) string {
	if len(items) == 0 {
		return ""
	}
	return " (" + strings.Join(items[:min(len(items), 6)], "; ") + ")"
}
