package certifycmd

import (
	"errors"
	"io/fs"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"github.com/sa-conformance/conformance/internal/certificate"
	"github.com/sa-conformance/conformance/internal/cli/app"
	"github.com/sa-conformance/conformance/internal/registry"
	"github.com/sa-conformance/conformance/internal/report"
)

func RegistryCommand(a *app.App) *cobra.Command {
	cmd := &cobra.Command{
		Use:   "registry",
		Short: "Review certificates that vendors submit, and publish those that are accepted",
		Long: `A registry is a directory of a certifier, usually a repository: registry.yaml says what is demanded, revoked.yaml what was
taken back, keys/ has the public keys that the certifier confirmed, and submissions/ one directory for each certificate.
See docs/certification.md; deploy/registry is a template.`,
		Args: cobra.ArbitraryArgs,
		RunE: func(cmd *cobra.Command, args []string) error {
			if len(args) == 0 {
				return app.Wrong(`"conformance registry" takes a command: %s`, strings.Join(subcommands(cmd), ", "))
			}
			return app.Wrong(`"conformance registry" has no command %s; there are: %s`, app.Shown(args[0]), strings.Join(subcommands(cmd), ", "))
		},
	}
	cmd.AddCommand(registryCheckCommand(a), registryBuildCommand(a), registrySchemaCommand(a))
	return cmd
}

func subcommands(cmd *cobra.Command) (names []string) {
	for _, c := range cmd.Commands() {
		names = append(names, c.Name())
	}
	return names
}

func registrySchemaCommand(a *app.App) *cobra.Command {
	return &cobra.Command{
		Use:       "schema " + strings.ToUpper(strings.Join(registry.Schemas(), "|")),
		Short:     "Print the JSON Schema of a file of a registry",
		Example:   `  conformance registry schema submission > submission.schema.json`,
		ValidArgs: registry.Schemas(),
		Args:      app.OneArgument("schema"),
		RunE: func(_ *cobra.Command, args []string) error {
			text, err := registry.Schema(args[0])
			if errors.Is(err, fs.ErrNotExist) {
				return app.Wrong("there is no schema %s; there are: %s", app.Shown(args[0]), strings.Join(registry.Schemas(), ", "))
			} else if err != nil {
				return app.Broken("%v", err)
			}
			_, err = a.Out.Write(text)
			return a.Written(err)
		},
	}
}

// openRegistry reads the directory of a certifier.
func openRegistry(a *app.App, source, dir string) (*registry.Registry, error) {
	defer a.Reads()()
	r, err := registry.Open(dir)
	if err != nil {
		return nil, app.Wrong("%s%s: %s; name the directory of a registry, with %s", source, app.Shown(dir), registryCause(err), registry.RulesFile)
	}
	return r, nil
}

// registryCause is what is wrong with a registry, on one line. It keeps the name of the file, and shows no control character.
func registryCause(err error) string {
	var path *fs.PathError
	if errors.As(err, &path) {
		return app.RootCause(err)
	}
	return report.Printable(err.Error())
}

// registryOptions are how a registry verifies at a time; "" is now.
func registryOptions(a *app.App, at, challenge string) (o certificate.Options, err error) {
	if o, err = Verification(a, VerifyFlags{at: at}); err != nil {
		return o, err
	}
	if o.Challenge = challenge; challenge != "" {
		if err := certificate.CheckChallenge(challenge); err != nil {
			return o, app.Wrong("%s: %s", a.Source("challenge"), err)
		}
	}
	return o, nil
}

// notAccepted names the submissions that are not accepted.
func notAccepted(reviews []*registry.Review) (names []string) {
	for _, r := range reviews {
		if !r.Accepted() {
			names = append(names, report.Printable(r.Name))
		}
	}
	slices.Sort(names)
	return names
}
