package cli

import (
	"errors"
	"io/fs"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"github.com/sa-conformance/conformance/internal/certificate"
	"github.com/sa-conformance/conformance/internal/registry"
	"github.com/sa-conformance/conformance/internal/report"
)

func (a *app) registryCommand() *cobra.Command {
	cmd := &cobra.Command{
		Use:   "registry",
		Short: "Review certificates that vendors submit, and publish those that are accepted",
		Long: `A registry is a directory of a certifier, usually a repository: registry.yaml says what is demanded, revoked.yaml what was
taken back, keys/ has the public keys that the certifier confirmed, and submissions/ one directory for each certificate.
See docs/certification.md; deploy/registry is a template.`,
		Args: cobra.ArbitraryArgs,
		RunE: func(cmd *cobra.Command, args []string) error {
			if len(args) == 0 {
				return wrong(`"conformance registry" takes a command: %s`, strings.Join(subcommands(cmd), ", "))
			}
			return wrong(`"conformance registry" has no command %s; there are: %s`, shown(args[0]), strings.Join(subcommands(cmd), ", "))
		},
	}
	cmd.AddCommand(a.registryCheckCommand(), a.registryBuildCommand(), a.registrySchemaCommand())
	return cmd
}

func subcommands(cmd *cobra.Command) (names []string) {
	for _, c := range cmd.Commands() {
		names = append(names, c.Name())
	}
	return names
}

func (a *app) registrySchemaCommand() *cobra.Command {
	return &cobra.Command{
		Use:       "schema " + strings.ToUpper(strings.Join(registry.Schemas(), "|")),
		Short:     "Print the JSON Schema of a file of a registry",
		Example:   `  conformance registry schema submission > submission.schema.json`,
		ValidArgs: registry.Schemas(),
		Args:      oneArgument("schema"),
		RunE: func(_ *cobra.Command, args []string) error {
			text, err := registry.Schema(args[0])
			if errors.Is(err, fs.ErrNotExist) {
				return wrong("there is no schema %s; there are: %s", shown(args[0]), strings.Join(registry.Schemas(), ", "))
			} else if err != nil {
				return broken("%v", err)
			}
			_, err = a.out.Write(text)
			return a.written(err)
		},
	}
}

// openRegistry reads the directory of a certifier.
func (a *app) openRegistry(source, dir string) (*registry.Registry, error) {
	defer a.reads()()
	r, err := registry.Open(dir)
	if err != nil {
		return nil, wrong("%s%s: %s; name the directory of a registry, with %s", source, shown(dir), registryCause(err), registry.RulesFile)
	}
	return r, nil
}

// registryCause is what is wrong with a registry, on one line. It keeps the name of the file, and shows no control character.
func registryCause(err error) string {
	var path *fs.PathError
	if errors.As(err, &path) {
		return rootCause(err)
	}
	return report.Printable(err.Error())
}

// registryOptions are how a registry verifies at a time; "" is now.
func (a *app) registryOptions(at, challenge string) (o certificate.Options, err error) {
	if o, err = a.verification(verifyFlags{at: at}); err != nil {
		return o, err
	}
	if o.Challenge = challenge; challenge != "" {
		if err := certificate.CheckChallenge(challenge); err != nil {
			return o, wrong("%s: %s", a.source("challenge"), err)
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
