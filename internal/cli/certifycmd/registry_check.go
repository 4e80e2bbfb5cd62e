package certifycmd

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"github.com/spf13/cobra"

	"github.com/sa-conformance/conformance/internal/cli/app"
	"github.com/sa-conformance/conformance/internal/cli/outcome"
	"github.com/sa-conformance/conformance/internal/redact"
	"github.com/sa-conformance/conformance/internal/registry"
)

// registryCheckFlags are the flags of "conformance registry check".
type registryCheckFlags struct {
	registry, challenge, at, out, root string
}

func registryCheckCommand(a *app.App) *cobra.Command {
	var f registryCheckFlags
	cmd := &cobra.Command{
		Use:   "check SUBMISSION...",
		Short: "Review submissions, and print the review as Markdown",
		Long: `Reviews submissions. Each is a directory with submission.yaml, the bundle that "conformance certify" wrote, and the public key, unless an identity signed. It
checks the structure of the directory, key, signature, evidence, verdict, set, profiles, target, version, challenge, dates, the
revocation list and duplicates, and prints the review as Markdown. Nothing is sent, and nothing outside the directories is read.

Without --registry there are no rules, no revocations and no confirmed keys. On a pull request name the registry of the base branch: the
rules do not come from who submits.

Exit codes: 0 every submission is accepted; 1 one is not; 2 the command or the registry is wrong.`,
		Example: `  conformance registry check submissions/acme --registry .
  conformance registry check pull-request/submissions/acme --registry base --out review.md`,
		Args: func(cmd *cobra.Command, args []string) error {
			if len(args) == 0 || len(args) > registry.MaxSubmissions {
				return app.Wrong(`"%s" takes 1 to %d directories of submissions, and got %d; see "%s --help"`, cmd.CommandPath(), registry.MaxSubmissions, len(args), cmd.CommandPath())
			}
			return nil
		},
		RunE: func(cmd *cobra.Command, args []string) error {
			for _, flag := range []string{"registry", "challenge"} { // without either, less is demanded
				if given := cmd.Flags().Lookup(flag); given.Changed && given.Value.String() == "" {
					return app.Wrong("--%s is given and empty; give it a value, or leave it out", flag)
				}
			}
			return registryCheck(cmd.Context(), a, f, args)
		},
	}
	s := cmd.Flags()
	s.SortFlags = false
	s.StringVar(&f.registry, "registry", "", "`DIR` of the registry: rules, revocations, confirmed keys and other submissions")
	s.StringVar(&f.challenge, "challenge", "", "`NONCE` that the certifier gave, instead of that of registry.yaml; for one submission")
	s.StringVar(&f.root, "trusted-root", "", "`FILE` of the trusted root of sigstore, if there is no registry whose policy names one")
	s.StringVar(&f.at, "at", "", "`TIME` at which it is to be valid (RFC 3339; default: now)")
	s.StringVar(&f.out, "out", "", "`FILE` to write instead of standard output")
	_ = s.SetAnnotation("out", app.Elsewhere, []string{"registry-out"}) // of a flag that is there
	return cmd
}

func registryCheck(ctx context.Context, a *app.App, f registryCheckFlags, paths []string) error {
	if f.challenge != "" && len(paths) > 1 {
		return app.Wrong("%s: a challenge is for one submission, and there are %d; write challenges to %s", a.Source("challenge"), len(paths), registry.RulesFile)
	}
	o, err := registryOptions(a, f.at, f.challenge)
	if err != nil {
		return err
	}
	if f.root != "" {
		if o.Root, err = trustedRoot(a, a.Source("trusted-root"), f.root); err != nil {
			return err
		}
	}
	r := &registry.Registry{}
	if f.registry != "" {
		if r, err = openRegistry(a, a.Source("registry")+": ", f.registry); err != nil {
			return err
		}
	}
	names := map[string]bool{}
	var reviews []*registry.Review
	for _, path := range paths {
		if _, err := os.Lstat(filepath.Clean(path)); errors.Is(err, fs.ErrNotExist) {
			return app.Wrong("%s is not there; name the directory of a submission", app.Shown(path))
		}
		review, err := r.Review(ctx, path, o)
		switch {
		case ctx.Err() != nil:
			return app.Stopped(ctx)
		case err != nil:
			return app.Broken("%v", err)
		case names[review.Name]:
			return app.Wrong("two submissions are named %s; check them one by one", app.Shown(review.Name))
		}
		names[review.Name] = true
		reviews = append(reviews, review)
	}
	others, err := r.Others(ctx, reviews, o)
	switch {
	case ctx.Err() != nil:
		return app.Stopped(ctx)
	case err != nil:
		return app.Wrong("%s: %s: %s", a.Source("registry"), app.Shown(f.registry), registryCause(err))
	}
	registry.Compare(reviews, others)
	return reviewed(a, f.out, reviews)
}

// reviewed prints reviews, and sets the exit code.
func reviewed(a *app.App, out string, reviews []*registry.Review) error {
	c := outcome.Conclusion{Code: app.ExitConformant, Text: app.Count(len(reviews), "submission") + " accepted"}
	if names := notAccepted(reviews); len(names) > 0 {
		c = outcome.Conclusion{Code: app.ExitNonConformant, Text: "not accepted: " + strings.Join(names, ", ")}
	}
	var page bytes.Buffer
	if err := registry.Markdown(&page, reviews); err != nil {
		return app.Broken("%v", err)
	}
	a.Code = c.Code
	if out != "" {
		if err := outcome.WriteFile(out, redact.New(), page.Bytes()); err != nil {
			return app.Wrong("%s: %s cannot be written: %s", a.Source("out"), app.Shown(out), app.Cause(err))
		}
		_, err := fmt.Fprint(a.Out, c.Line())
		return a.Written(err)
	}
	fmt.Fprintf(&page, "\n%s", c.Line())
	_, err := a.Out.Write(page.Bytes())
	return a.Written(err)
}
