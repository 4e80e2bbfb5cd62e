package app

import (
	"slices"
	"strings"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"
)

// decisive lists the settings without which a run judges something else, or does more than was asked. They must not be
// empty by accident, as an unset secret of a CI system is. Without the others a run says more, or is stricter.
func decisive() []string {
	most := slices.DeleteFunc(AboutTarget(), func(name string) bool { return slices.Contains([]string{"insecure", "cert", "key", "ca-file"}, name) })
	return append(most, "target", "target-name", "config", "reference", "set", "contract", "only", "rerun-failed", "strict", "max-requests", "max-created", "rps", "signing-key")
}

// refuseEmpty refuses decisive flags and variables that are given and empty. A flag beats its variable, and --reference
// everything about a target.
func (a *App) refuseEmpty(cmd *cobra.Command) (refusal error) {
	reference := cmd.Flags().Lookup("reference")
	asked := reference != nil && reference.Changed && reference.Value.String() == "true"
	cmd.Flags().VisitAll(func(f *pflag.Flag) {
		name := setting(f)
		if refusal != nil || !slices.Contains(decisive(), name) || cmd.Flags().Lookup("target") == nil {
			return
		}
		switch value, present := a.Lookup(Variable(name)); {
		case f.Changed && isEmpty(f.Value) && name != "config": // --config "" leaves the file out
			refusal = Wrong("--%s is given and empty; give it a value, or leave it out", f.Name)
		case f.Changed, asked:
		case present && value == "":
			refusal = Wrong("%s is set and empty, as an unset secret of a CI system is; give it a value, or unset it", Variable(name))
		default:
			refusal = a.refuseEmptySecret(cmd, name)
		}
	})
	return refusal
}

// refuseEmptySecret refuses the variable of the secret that a flag names the file of, if it is set and empty.
func (a *App) refuseEmptySecret(cmd *cobra.Command, name string) error {
	base, ok := strings.CutSuffix(name, "-file")
	value, present := a.Lookup(Variable(base))
	switch {
	case !ok || !isToken(base) || !present || value != "":
		return nil
	case base == "token" && (cmd.Name() == "plan" || cmd.Flags().Changed("token-command") || cmd.Flags().Changed("oauth-token-url")):
		return nil // it is not needed
	}
	return Wrong("%s is set and empty, as an unset secret of a CI system is; give it a value, or unset it", Variable(base))
}

func isEmpty(value pflag.Value) bool {
	if many, ok := value.(pflag.SliceValue); ok {
		return len(many.GetSlice()) == 0
	}
	return value.String() == ""
}

// Automatic names the variable that shows that a CI system runs the command; "" if none does. Some systems do not set CI.
func (a *App) Automatic() string {
	for _, name := range []string{"CI", "TF_BUILD", "JENKINS_URL", "TEAMCITY_VERSION", "CODEBUILD_BUILD_ID"} {
		if value, _ := a.Lookup(name); value != "" && value != "0" && !strings.EqualFold(value, "false") {
			return name
		}
	}
	return ""
}
