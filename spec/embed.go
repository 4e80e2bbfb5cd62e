package spec

import _ "embed"

//go:embed openapi.yaml
var openapiYAML []byte

//go:embed requirements.yaml
var requirementsYAML []byte
