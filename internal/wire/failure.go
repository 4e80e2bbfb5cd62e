package wire

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"io"
	"net"
	"net/url"
	"strings"
	"syscall"
	"time"

	"github.com/sa-conformance/conformance/internal/bodies"
	"github.com/sa-conformance/conformance/internal/exchange"
)

const (
	unacceptable = "the certificate or the TLS handshake is not acceptable"
	StreamReset  = "the stream was reset before the response was complete"
)

// Classify turns an error of net/http into a failure whose message holds nothing that was sent.
func Classify(ctx context.Context, err error, limit time.Duration) *exchange.Failure {
	failure := func(kind exchange.Kind, message string) *exchange.Failure {
		return &exchange.Failure{Kind: kind, Message: message}
	}
	var (
		dns         *net.DNSError
		netErr      net.Error
		verify      *tls.CertificateVerificationError
		unknownCA   x509.UnknownAuthorityError
		hostname    x509.HostnameError
		invalid     x509.CertificateInvalidError
		recordError tls.RecordHeaderError
		proxy       *ProxyRefusal
		unsent      *UnsentError
		op          *net.OpError
	)
	var outer *url.Error
	if errors.As(err, &outer) {
		err = outer.Err // without the address, the words of which are ours
	}
	switch {
	case ctx.Err() != nil:
		return failure(exchange.Canceled, Why(ctx))
	case exhausted(err):
		return failure(exchange.Local, "this machine has no file descriptors left for another connection (too many open files); "+
			"raise the limit (ulimit -n), or lower --concurrency")
	case errors.As(err, &unsent):
		return failure(exchange.Local, unsent.Reason)
	case errors.As(err, &proxy):
		return failure(exchange.Proxy, proxy.Error())
	case errors.As(err, &op) && op.Op == "proxyconnect":
		return failure(exchange.Proxy, "the proxy that HTTP_PROXY or HTTPS_PROXY names cannot be reached")
	case errors.As(err, &unknownCA):
		return failure(exchange.TLS, "the certificate is signed by an authority that is not trusted here")
	case errors.As(err, &hostname):
		return failure(exchange.TLS, "the certificate is for another host name")
	case errors.As(err, &invalid) && invalid.Reason == x509.Expired:
		return failure(exchange.TLS, "the certificate has expired or is not yet valid")
	case errors.As(err, &invalid), errors.As(err, &verify):
		return failure(exchange.TLS, unacceptable)
	case errors.As(err, &recordError), strings.Contains(err.Error(), "server gave HTTP response to HTTPS client"):
		return failure(exchange.TLS, "the target does not speak TLS on this port")
	case errors.As(err, &dns):
		return failure(exchange.DNS, "the host name has no address")
	case errors.Is(err, syscall.ECONNREFUSED):
		return failure(exchange.Refused, "the connection was refused")
	case errors.Is(err, context.DeadlineExceeded), errors.As(err, &netErr) && netErr.Timeout():
		return failure(exchange.Timeout, "no complete response within "+limit.String())
	case strings.Contains(err.Error(), "net/http: invalid header field"):
		return failure(exchange.Other, "the request cannot be formed")
	case strings.Contains(err.Error(), "response headers exceeded"), strings.Contains(err.Error(), "header list"):
		return failure(exchange.Other, fmt.Sprintf("the header of the response is longer than %d KiB; this is a limit of the suite", bodies.FieldBytes>>10))
	case strings.Contains(err.Error(), "malformed HTTP "): // response, version or status code: the first line
		return failure(exchange.Malformed, exchange.NotHTTP)
	case malformed(err):
		return failure(exchange.Malformed, "what arrived is not a well-formed HTTP answer")
	case strings.Contains(err.Error(), "tls: certificate required"), strings.Contains(err.Error(), "tls: bad certificate"):
		return failure(exchange.TLS, "the target wants a certificate of the client, or another one")
	case strings.Contains(err.Error(), "protocol version"):
		return failure(exchange.TLS, "the target speaks another version of TLS than 1.2 and 1.3")
	case strings.HasPrefix(err.Error(), "tls: "), strings.Contains(err.Error(), " error: tls: "): // alerts have no type
		return failure(exchange.TLS, unacceptable)
	case strings.Contains(err.Error(), "stream error"):
		return failure(exchange.Dropped, StreamReset)
	case dropped(err):
		return failure(exchange.Dropped, "the connection was closed before the response was complete")
	case errors.Is(err, syscall.EHOSTUNREACH), errors.Is(err, syscall.ENETUNREACH):
		return failure(exchange.Refused, "the host cannot be reached")
	default:
		return failure(exchange.Other, "the exchange failed below HTTP")
	}
}

// malformed reports whether net/http could not read what arrived; it has no types for these errors.
func malformed(err error) bool {
	for _, words := range []string{
		"malformed", "invalid header", "invalid byte in chunk", "chunk length", "bad Content-Length", "Content-Length headers",
		"invalid Content-Length", "transfer encoding", "message cannot contain", "bare LF",
	} {
		if strings.Contains(err.Error(), words) {
			return true
		}
	}
	return false
}

func dropped(err error) bool {
	return errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) ||
		errors.Is(err, syscall.ECONNRESET) || errors.Is(err, syscall.EPIPE) || errors.Is(err, net.ErrClosed) ||
		strings.Contains(err.Error(), "connection reset") || strings.Contains(err.Error(), "server closed") ||
		strings.Contains(err.Error(), "GOAWAY")
}
