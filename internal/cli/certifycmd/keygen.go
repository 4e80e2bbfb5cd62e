package certifycmd

import (
	"errors"
	"io/fs"
	"os"

	"github.com/spf13/cobra"

	"github.com/sa-conformance/conformance/internal/certificate"
	"github.com/sa-conformance/conformance/internal/cli/app"
)

func KeygenCommand(a *app.App) *cobra.Command {
	var out, kind string
	cmd := &cobra.Command{
		Use:   "keygen",
		Short: "Make a key for \"conformance certify\"",
		Long: `Makes a key: PREFIX.key.pem is the private half, readable by its owner alone and without a passphrase, and PREFIX.pub.pem
the public half, for those who verify. It never overwrites a file.`,
		Example: `  conformance keygen --out vendor`,
		Args:    app.NoArguments,
		RunE:    func(*cobra.Command, []string) error { return RunKeygen(a, out, kind) },
	}
	cmd.Flags().SortFlags = false
	cmd.Flags().StringVar(&out, "out", "", "`PREFIX` of the two files")
	cmd.Flags().StringVar(&kind, "type", certificate.Ed25519, "`KIND` of key: ed25519 or ecdsa (P-256)")
	return cmd
}

func RunKeygen(a *app.App, out, kind string) error {
	switch {
	case out == "":
		return app.Wrong("the prefix of the files is missing; add --out PREFIX")
	case kind != certificate.Ed25519 && kind != certificate.ECDSA:
		return app.Wrong("%s: %s is neither ed25519 nor ecdsa", a.Source("type"), app.Shown(kind))
	}
	private, public, err := certificate.GenerateKey(kind)
	if err != nil {
		return app.Broken("%v", err)
	}
	key, err := certificate.ParsePublicKey(public)
	if err != nil {
		return app.Broken("%v", err)
	}
	id, err := key.KeyID()
	if err != nil {
		return app.Broken("%v", err)
	}
	secret, open := out+".key.pem", out+".pub.pem"
	if _, err := os.Lstat(open); !errors.Is(err, fs.ErrNotExist) {
		return app.Wrong("%s: %s is there already; name another prefix", a.Source("out"), app.Shown(open))
	}
	if err := create(secret, private, 0o600); err != nil {
		return uncreated(a, secret, err)
	}
	if err := create(open, public, 0o644); err != nil {
		_ = os.Remove(secret) // half a key is none
		return uncreated(a, open, err)
	}
	_, err = a.Out.Write([]byte("private key " + secret + " (keep it to yourself)\npublic key  " + open + "\nkey id      " + id + "\n"))
	return a.Written(err)
}

func uncreated(a *app.App, path string, err error) error {
	if errors.Is(err, fs.ErrExist) {
		return app.Wrong("%s: %s is there already; name another prefix", a.Source("out"), app.Shown(path))
	}
	return app.Wrong("%s: %s cannot be written: %s", a.Source("out"), app.Shown(path), app.Cause(err))
}

// create writes a file that does not exist.
func create(path string, data []byte, mode os.FileMode) error {
	file, err := os.OpenFile(path, os.O_WRONLY|os.O_CREATE|os.O_EXCL, mode)
	if err != nil {
		return err
	}
	_, err = file.Write(data)
	if err = errors.Join(err, file.Sync(), file.Close()); err != nil {
		_ = os.Remove(path)
	}
	return err
}
