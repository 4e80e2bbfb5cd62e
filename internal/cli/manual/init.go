package manual

import (
	"encoding/json"
	"errors"
	"io/fs"
	"os"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"github.com/sa-conformance/conformance/internal/cli/app"
	"github.com/sa-conformance/conformance/internal/config"
)

func InitCommand(a *app.App) *cobra.Command {
	var (
		path          string
		force, schema bool
	)
	cmd := &cobra.Command{
		Use:   "init",
		Short: "Write a configuration file to begin with",
		Long: `Writes conformance.yaml, with a comment on everything that it can hold. "conformance run" and "conformance doctor" read
it from the working directory, or from the file that --config names.`,
		Args: app.NoArguments,
		RunE: func(*cobra.Command, []string) error {
			if schema {
				return a.PrintJSON(configSchema(a.OfRun()))
			}
			return runInit(a, path, force)
		},
	}
	cmd.Flags().StringVar(&path, "config", app.ConfigName, "`FILE` to write")
	cmd.Flags().BoolVar(&force, "force", false, "overwrite an existing file")
	cmd.Flags().BoolVar(&schema, "schema", false, "print the JSON Schema of the file, for editors, and write nothing")
	return cmd
}

func runInit(a *app.App, path string, force bool) error {
	mode := os.O_CREATE | os.O_TRUNC
	if !force {
		mode |= os.O_EXCL
	}
	file, err := app.OpenToWrite(path, mode, 0o644)
	if errors.Is(err, fs.ErrExist) {
		return app.Wrong("%s: %s is there already; add --force to write over it", a.Source("config"), app.Shown(path))
	}
	if err == nil {
		_, err = file.WriteString(config.Example)
		err = errors.Join(err, file.Close())
	}
	if err != nil {
		return app.Wrong("%s: %s cannot be written: %s", a.Source("config"), app.Shown(path), app.Cause(err))
	}
	a.PrintErr("conformance: wrote %s; name the target in it, and try it with: conformance doctor\n", path)
	return nil
}

// configSchema is the JSON Schema of the configuration file, with the flags that may stand in it.
func configSchema(flags *pflag.FlagSet) map[string]any {
	var schema map[string]any
	if err := json.Unmarshal(config.Schema, &schema); err != nil {
		panic(err) // it is built in, and tested
	}
	properties := map[string]any{}
	flags.VisitAll(func(f *pflag.Flag) {
		if !app.RunKey(flags, f.Name) {
			return
		}
		_, words := pflag.UnquoteUsage(f)
		property := map[string]any{"description": words}
		switch f.Value.Type() {
		case "bool":
			property["type"] = "boolean"
		case "int":
			property["type"] = "integer"
		case "float64":
			property["type"] = "number"
		case "duration":
			property["type"], property["pattern"] = "string", `^([0-9]+(\.[0-9]+)?(ns|us|µs|ms|s|m|h))+$`
		case "stringSlice", "stringArray":
			property["$ref"] = "#/$defs/words"
		default:
			property["$ref"] = "#/$defs/word"
		}
		properties[f.Name] = property
	})
	schema["$defs"].(map[string]any)["run"].(map[string]any)["properties"] = properties
	return schema
}
