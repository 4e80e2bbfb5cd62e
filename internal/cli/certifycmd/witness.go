package certifycmd

import (
	"cmp"
	"context"
	"crypto/tls"
	"net"
	"net/http"
	"slices"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"github.com/sa-conformance/conformance/internal/certificate"
	"github.com/sa-conformance/conformance/internal/cli/app"
	"github.com/sa-conformance/conformance/internal/cli/settings"
	"github.com/sa-conformance/conformance/internal/report"
	"github.com/sa-conformance/conformance/internal/witness"
)

// witnessServeFlags are the flags of "conformance witness".
type witnessServeFlags struct {
	addr, key, token, vantage string
	cert, certKey, ca         string
	elsewhere                 []string
	counts                    string
	allowPrivate, holdRuns    bool
	sessions                  int
	sessionTime, timeout      time.Duration
}

func WitnessCommand(a *app.App) *cobra.Command {
	var f witnessServeFlags
	cmd := &cobra.Command{
		Use:   "witness",
		Short: "Send the requests of other people's runs, and sign what was seen",
		Long: `Serves as a witness for "conformance certify --witness": the requests of a vendor's run go through it, it connects to the
target itself, and it signs the digest of every exchange. It is run by whoever gives certificates, and not by the vendor. It keeps
no credential, it writes no file but that of --counts, and it runs until a signal stops it.

It is no open proxy: a session needs the token of --token-file and is for one target, which must be https and have a public
address (--allow-private lifts that), and the witness sends nothing that could change an account that the session did not make.
docs/witness.md says what its signature proves.`,
		Example: `  conformance keygen --out witness
  conformance witness --addr 0.0.0.0:8443 --cert tls.pem --cert-key tls.key --key witness.key.pem --token-file token`,
		Args: app.NoArguments,
		RunE: func(cmd *cobra.Command, _ []string) error { return runWitness(cmd.Context(), a, f) },
	}
	s := cmd.Flags()
	s.SortFlags = false
	s.StringVar(&f.addr, "addr", "127.0.0.1:8443", "`ADDRESS` to listen on; port 0 picks a free one")
	s.StringVar(&f.key, "key", "", "PEM `FILE` of the private key that signs (conformance keygen makes one; variable CONFORMANCE_SIGNING_KEY)")
	_ = s.SetAnnotation("key", app.Elsewhere, []string{"signing-key"}) // of a flag that is there
	s.StringVar(&f.token, "token-file", "", "`FILE` of the token that vendors need")
	s.StringVar(&f.cert, "cert", "", "PEM `FILE` of the certificate of this server; without it, it serves http on this machine alone")
	s.StringVar(&f.certKey, "cert-key", "", "PEM `FILE` of the key of --cert")
	s.StringVar(&f.ca, "ca-file", "", "PEM `FILE` of authorities of targets to trust beside the system's; what is signed shows that")
	s.StringVar(&f.vantage, "vantage", "", "`TEXT` that says where this witness stands, such as: Frankfurt, certifier.example")
	s.StringVar(&f.counts, "counts", "", "`FILE` in which the runs against each target are counted; without it they are counted from the start")
	s.BoolVar(&f.allowPrivate, "allow-private", false, "let targets have addresses of private networks and of this machine")
	s.BoolVar(&f.holdRuns, "hold-runs", false, "hold the runs of vendors who ask for it (certify --witness-runs), with tokens that stay in memory")
	s.StringArrayVar(&f.elsewhere, "repeat-from", nil, "`HOST:PORT` of a SOCKS5 server at another place, from which some repeats are sent (repeatable)")
	s.IntVar(&f.sessions, "max-sessions", 10, "`NUMBER` of runs at a time")
	s.DurationVar(&f.sessionTime, "max-time", time.Hour, "`DURATION` of one run at most")
	s.DurationVar(&f.timeout, "timeout", 30*time.Second, "`DURATION` of one exchange at most")
	return cmd
}

func runWitness(ctx context.Context, a *app.App, f witnessServeFlags) error {
	server, err := witnessServer(a, f)
	if err != nil {
		return err
	}
	https := &http.Server{
		Handler: server.Handler(), ReadHeaderTimeout: 10 * time.Second, ReadTimeout: time.Minute, IdleTimeout: time.Minute,
	}
	socket, err := new(net.ListenConfig).Listen(ctx, "tcp", f.addr)
	if err != nil {
		return app.Wrong("%s: cannot listen on %s: %s; choose another address, or port 0 for a free one", a.Source("addr"), app.Shown(f.addr), app.Cause(err))
	}
	defer func() { _ = socket.Close() }() // of a server that ends
	scheme := "http"
	serve := func() error { return https.Serve(socket) }
	if f.cert != "" {
		pair, err := tls.LoadX509KeyPair(f.cert, f.certKey)
		if err != nil {
			return app.Wrong("%s: certificate and key cannot be used together: %s", a.Source("cert"), report.Printable(err.Error()))
		}
		https.TLSConfig = &tls.Config{Certificates: []tls.Certificate{pair}, MinVersion: tls.VersionTLS12}
		scheme, serve = "https", func() error { return https.ServeTLS(socket, "", "") }
	}
	done := make(chan error, 1)
	go func() { done <- serve() }()
	a.PrintErr("conformance: witnessing on %s://%s until interrupted\n", scheme, socket.Addr())
	select {
	case <-ctx.Done():
		return https.Close()
	case err := <-done:
		return app.Broken("the server stopped: %v", err)
	}
}

// witnessServer reads the flags.
func witnessServer(a *app.App, f witnessServeFlags) (*witness.Server, error) {
	switch host, _, err := net.SplitHostPort(f.addr); {
	case f.key == "":
		return nil, app.Wrong("a witness signs; add --key FILE (conformance keygen makes one)")
	case f.token == "":
		return nil, app.Wrong("a witness is not for everybody; add --token-file FILE, with the token that vendors need")
	case (f.cert == "") != (f.certKey == ""):
		return nil, app.Wrong("a certificate needs its key; give both --cert FILE and --cert-key FILE")
	case err != nil:
		return nil, app.Wrong("%s: %s is not an address and a port, such as 127.0.0.1:8443", a.Source("addr"), app.Shown(f.addr))
	case f.cert == "" && !settings.Loopback(host):
		return nil, app.Wrong("%s: credentials of vendors go through a witness; add --cert and --cert-key, or listen on 127.0.0.1", a.Source("addr"))
	case slices.ContainsFunc(f.elsewhere, func(text string) bool { _, port, err := net.SplitHostPort(text); return err != nil || port == "" }):
		return nil, app.Wrong("%s: it is not a host and a port, such as 127.0.0.1:1080 of: ssh -D 1080 other.example", a.Source("repeat-from"))
	case f.sessions < 1 || f.sessionTime <= 0 || f.timeout <= 0:
		return nil, app.Wrong("--max-sessions, --max-time and --timeout must be positive")
	case len(f.vantage) > 200 || report.Printable(f.vantage) != f.vantage:
		return nil, app.Wrong("%s: it has up to 200 characters that can be printed", a.Source("vantage"))
	}
	text, err := a.ReadPrivate(a.Source("key"), f.key)
	if err != nil {
		return nil, err
	}
	signer, err := certificate.ParseSigner(text)
	if err != nil {
		return nil, app.Wrong("%s: %s cannot sign: %s", a.Source("key"), app.Shown(f.key), err)
	}
	token, err := readWitnessToken(a, "token-file", f.token)
	if err != nil {
		return nil, err
	}
	roots, err := settings.Authorities(a, "ca-file", f.ca)
	if err != nil {
		return nil, err
	}
	counter, err := witness.NewCounter(f.counts)
	if err != nil {
		return nil, app.Wrong("%s: %s cannot be used: %s", a.Source("counts"), app.Shown(f.counts), app.Cause(err))
	}
	host, _, _ := strings.Cut(f.addr, ":")
	server := &witness.Server{
		Counter: counter,
		Token:   token, Vantage: cmp.Or(f.vantage, host), Roots: roots, AllowPrivate: f.allowPrivate,
		Elsewhere: f.elsewhere, Sessions: f.sessions, SessionTime: f.sessionTime, Timeout: f.timeout, Now: time.Now, Sign: signer.Sign,
		Seal: func(ctx context.Context, statement []byte) ([]byte, error) {
			return certificate.Seal(ctx, statement, signer)
		},
	}
	if f.holdRuns {
		server.Run = func(ctx context.Context, c witness.Commission, nonce string, through http.RoundTripper) (witness.Ran, error) {
			return holdRun(ctx, a, c, nonce, through)
		}
	}
	return server, nil
}

// readWitnessToken reads the token by which a witness knows its vendors.
func readWitnessToken(a *app.App, flag, path string) (string, error) {
	text, err := a.ReadPrivate(a.Source(flag), path)
	if err != nil {
		return "", err
	}
	token := strings.TrimSpace(string(text))
	const shortest = 16
	if len(token) < shortest {
		return "", app.Wrong("%s: %s holds a token that can be guessed; take one of at least %d characters, such as the output of: openssl rand -hex 16",
			a.Source(flag), app.Shown(path), shortest)
	}
	return token, settings.CheckToken(a.Source(flag), token)
}
