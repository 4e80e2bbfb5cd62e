// Command generate writes openapi.json from openapi.yaml and catalogue.json from requirements.yaml, all in the directory
// that it is given. It checks everything first, and writes nothing where something is wrong.
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
	document, err := os.ReadFile(filepath.Join(args[0], spec.File))
	if err != nil {
		return fmt.Errorf("reading the contract: %w", err)
	}
	contract, err := spec.ParseContract(document)
	if err != nil {
		return fmt.Errorf("loading the contract: %w", err)
	}
	storedContract, err := contract.Stored()
	if err != nil {
		return err
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
	if err := os.WriteFile(filepath.Join(args[0], "openapi.json"), storedContract, 0o600); err != nil {
		return fmt.Errorf("writing the contract: %w", err)
	}
	if err := os.WriteFile(filepath.Join(args[0], "catalogue.json"), stored, 0o600); err != nil {
		return fmt.Errorf("writing the catalogue: %w", err)
	}
	return nil
}
