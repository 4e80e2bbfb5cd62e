package witness

import (
	"context"
	"crypto/tls"
	"errors"
	"io"
	"net"
	"strings"
	"syscall"
)

// failure is the kind of a failure below HTTP. The client makes an error of it by which the run tells what happened.
type failure string

const (
	none      failure = ""
	refused   failure = "refused"
	noAddress failure = "dns"
	timeout   failure = "timeout"
	badTLS    failure = "tls"
	malformed failure = "malformed"
	dropped   failure = "dropped"
)

// failureOf tells the kind of an error of net/http.
func failureOf(err error) failure {
	var dns *net.DNSError
	var certificate *tls.CertificateVerificationError
	var timed net.Error
	switch {
	case err == nil:
		return none
	case errors.As(err, &dns):
		return noAddress
	case errors.As(err, &certificate), strings.Contains(err.Error(), "tls: "):
		return badTLS
	case errors.Is(err, syscall.ECONNREFUSED), errors.Is(err, errPrivate):
		return refused
	case errors.Is(err, context.DeadlineExceeded), errors.As(err, &timed) && timed.Timeout():
		return timeout
	case strings.Contains(err.Error(), "malformed"), strings.Contains(err.Error(), "invalid"), strings.Contains(err.Error(), "transfer encoding"):
		return malformed
	}
	return dropped
}

// err is an error of that kind, in the words by which internal/probe classifies those of net/http.
func (f failure) err() error {
	switch f {
	case none:
		return nil
	case refused:
		return &net.OpError{Op: "dial", Net: "tcp", Err: syscall.ECONNREFUSED}
	case noAddress:
		return &net.DNSError{Err: "no such host", IsNotFound: true}
	case timeout:
		return context.DeadlineExceeded
	case badTLS:
		return errors.New("tls: the witness does not accept the certificate or the handshake of the target")
	case malformed:
		return errors.New("malformed HTTP response")
	}
	return io.ErrUnexpectedEOF
}
