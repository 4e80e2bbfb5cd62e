package export

import "errors"

// Format writes a script as files.
type Format struct {
	Name, Help string
	// File is the name of the only file; "" for a format that needs a directory.
	File  string
	Write func(*Script) (map[string][]byte, error)
}

// Formats lists the formats by name.
func Formats() []Format {
	return []Format{
		{"bruno", "collection for Bruno: with --out a directory", "", Bruno},
		{"go", "a Go program without dependencies", "main.go", Go},
		{"hurl", "file for Hurl", "failure.hurl", Hurl},
		{"postman", "collection for Postman and Newman (v2.1)", "failure.postman_collection.json", Postman},
	}
}

// errBytes says that a format has no way to write a body.
var errBytes = errors.New("the body of a request is no text, which this format cannot hold; take hurl or go")
