package app

import "github.com/spf13/cobra"

// NoArguments refuses arguments without echoing them: one of them may be a token.
func NoArguments(cmd *cobra.Command, args []string) error {
	if len(args) > 0 {
		return Wrong("%q takes flags and no arguments, and got %d; see \"%s --help\"",
			cmd.CommandPath(), len(args), cmd.CommandPath())
	}
	return nil
}

// OneArgument wants the name of one thing, without echoing what else it got.
func OneArgument(what string) cobra.PositionalArgs {
	return func(cmd *cobra.Command, args []string) error {
		if len(args) != 1 {
			return Wrong(`"%s" takes the name of one %s, and got %d arguments; see "%s --help"`, cmd.CommandPath(), what, len(args), cmd.CommandPath())
		}
		return nil
	}
}

// Complete lets shells complete the value of a flag.
func Complete(cmd *cobra.Command, flag string, choices []string) {
	if err := cmd.RegisterFlagCompletionFunc(flag, cobra.FixedCompletions(choices, cobra.ShellCompDirectiveNoFileComp)); err != nil {
		panic(err) // the flag does not exist, or has completions already
	}
}
