package cli

import "github.com/spf13/cobra"

func (a *app) matrixCommand() *cobra.Command { return &cobra.Command{Use: "matrix", Hidden: true} }
