package config

import _ "embed"

// Example is a configuration file to begin with, comments included.
//
//go:embed example.yaml
var Example string

// Schema is the JSON Schema of the file, without the flags that its sections "run" can hold.
//
//go:embed schema.json
var Schema []byte
