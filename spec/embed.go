package spec

import _ "embed"

//go:embed openapi.yaml
var openapiYAML []byte

//go:embed openapi.json
var openapiJSON []byte

//go:embed catalogue.json
var catalogueJSON []byte
