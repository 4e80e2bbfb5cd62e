// Command generate writes catalogue.json from requirements.yaml, both in the directory that it is given. It checks every
// entry first, and writes nothing where one is wrong.
package main

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"

	"github.com/sa-conformance/conformance/spec"
)

func main() {
	if err := generate(os.Args[1:]); err != nil {
		fmt.Fprintln(os.Stderr, "generate: "+err.Error())
		os.Exit(1)
	}
}

func generate(args []string) error {
	if len(args) != 1 {
		return errors.New("say in which directory: go run ./spec/generate spec")
	}
	contract, err := spec.LoadContract()
	if err != nil {
		return fmt.Errorf("loading the contract: %w", err)
	}
	data, err := os.ReadFile(filepath.Join(args[0], "requirements.yaml"))
	if err != nil {
		return fmt.Errorf("reading the catalogue: %w", err)
	}
	catalogue, err := spec.ParseCatalogue(data, contract)
	if err != nil {
		return err
	}
	stored, err := catalogue.Stored()
	if err != nil {
		return err
	}
	if err := os.WriteFile(filepath.Join(args[0], "catalogue.json"), stored, 0o600); err != nil {
		return fmt.Errorf("writing the catalogue: %w", err)
	}
	return nil
}
