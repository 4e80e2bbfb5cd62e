package cli

import (
	"context"
	"errors"
	"fmt"
	"os"
	"strings"

	"github.com/spf13/cobra"

	"github.com/sa-conformance/conformance/internal/cli/app"
	"github.com/sa-conformance/conformance/internal/cli/settings"
	"github.com/sa-conformance/conformance/internal/mutant"
	"github.com/sa-conformance/conformance/internal/reference"
	"github.com/sa-conformance/conformance/internal/reference/listen"
)

// serveFlags are the flags of "conformance serve".
type serveFlags struct {
	addr, prefix, tokenKind, caOut string
	defect, variant                string
	tls, list                      bool
}

func serveCommand(a *app.App) *cobra.Command {
	var f serveFlags
	cmd := &cobra.Command{
		Use:   "serve",
		Short: "Run the reference implementation as a server",
		Long: `Runs the reference implementation, in memory, until a signal stops it. Prints the environment in which
"conformance run" judges it, ready to paste; these tokens are valid for this server only.`,
		Example: `  conformance serve --addr 127.0.0.1:8080
  conformance serve --tls --token-kind jwe`,
		Args: app.NoArguments,
		RunE: func(cmd *cobra.Command, _ []string) error {
			if f.list {
				return a.Written(settings.ListLayers(a.Out))
			}
			return runServe(cmd.Context(), a, f)
		},
	}
	s := cmd.Flags()
	s.SortFlags = false
	s.StringVar(&f.addr, "addr", "127.0.0.1:8080", "`ADDRESS` to listen on; port 0 picks a free one")
	s.BoolVar(&f.tls, "tls", false, "serve https with a new self-signed certificate")
	s.StringVar(&f.caOut, "ca-out", "", "`FILE` for the certificate of --tls (default: a temporary one)")
	s.StringVar(&f.tokenKind, "token-kind", "jws", "`KIND` of access tokens: jws or jwe")
	s.StringVar(&f.prefix, "prefix", "", "`PATH` before every path of the API, such as /identity")
	s.StringVar(&f.defect, "defect", "", "`NAME` of a defect, for trying the suite")
	s.StringVar(&f.variant, "variant", "", "`NAME` of a legal variant")
	s.BoolVar(&f.list, "list", false, "list the defects and the variants, and serve nothing")
	return cmd
}

func runServe(ctx context.Context, a *app.App, f serveFlags) (err error) {
	kinds := map[string]reference.Kind{"jws": reference.JWS, "jwe": reference.JWE}
	kind, ok := kinds[f.tokenKind]
	if !ok {
		return app.Wrong("%s: %s is neither jws nor jwe", a.Source("token-kind"), app.Shown(f.tokenKind))
	}
	if f.caOut != "" && !f.tls {
		return app.Wrong("%s has no meaning without --tls", a.Source("ca-out"))
	}
	layer, err := settings.FindLayer(a, f.defect, f.variant)
	if err != nil {
		return err
	}
	prefix := f.prefix + layer.Prefix
	handler, server, err := mutant.Chain(&mutant.Layer{
		Prefix: f.prefix, Plain: !f.tls, Configure: func(c *reference.Config) { c.Tokens = kind },
	}, layer).Build()
	if err != nil {
		return app.Wrong("%s: %s is not an absolute path; write one such as /identity", a.Source("prefix"), app.Shown(f.prefix))
	}
	// The listener outlives the signal until the certificate is gone and its requests are answered.
	listener, err := listen.Listen(context.WithoutCancel(ctx), f.addr, f.tls, handler)
	if err != nil {
		return app.Wrong("%s: cannot listen on %s: %s; choose another address, or port 0 for a free one",
			a.Source("addr"), app.Shown(f.addr), app.Cause(err))
	}
	defer func() { err = errors.Join(err, listener.Close()) }()
	target := listener.URL + strings.TrimSuffix(prefix, "/")
	server.SetBaseURL(target)
	certificate, remove, err := writeCertificate(f.caOut, listener.CertificatePEM)
	if err != nil {
		return app.Wrong("%s: the certificate cannot be written: %s; name a file that can", a.Source("ca-out"), app.Cause(err))
	}
	defer remove()
	if err := printEnvironment(a, target, certificate, server.Credentials()); err != nil {
		return app.Broken("writing to standard output: %s", app.Cause(err))
	}
	a.PrintErr("conformance: serving %s until interrupted\n", target)
	select {
	case <-ctx.Done():
		return nil
	case <-listener.Done():
		return app.Broken("the server stopped: %v", listener.Err())
	}
}

// writeCertificate writes the certificate that clients must trust, if there is one, and returns the file's name and
// what takes a temporary file away.
func writeCertificate(path string, pem []byte) (name string, remove func(), err error) {
	remove = func() {}
	if pem == nil {
		return "", remove, nil
	}
	if path != "" {
		return path, remove, app.WriteTo(path, pem, 0o644)
	}
	file, err := os.CreateTemp("", "conformance-ca-*.pem")
	if err != nil {
		return "", remove, err
	}
	_, err = file.Write(pem)
	return file.Name(), func() { _ = os.Remove(file.Name()) }, errors.Join(err, file.Close())
}

// printEnvironment prints shell lines, tokens included: they are what the operator asked for.
func printEnvironment(a *app.App, target, certificate string, c reference.Credentials) error {
	var b strings.Builder
	for _, v := range []struct{ name, value string }{
		{"TARGET", target},
		{"ORGANIZATION", c.Organization},
		{"OTHER_ORGANIZATION", c.OtherOrganization},
		{"GROUP", strings.Join(c.Groups, ",")},
		{"TOKEN", c.Token},
		{"RESTRICTED_TOKEN", c.RestrictedToken},
		{"EXPIRED_TOKEN", c.ExpiredToken},
		{"NOT_YET_VALID_TOKEN", c.NotYetValidToken},
		{"CA_FILE", certificate},
	} {
		if v.value != "" {
			fmt.Fprintf(&b, "export CONFORMANCE_%s='%s'\n", v.name, strings.ReplaceAll(v.value, "'", `'\''`))
		}
	}
	_, err := a.Out.Write([]byte(b.String()))
	return err
}
