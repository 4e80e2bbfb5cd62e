package architecture

import (
	"bytes"
	"go/format"
	"os"
	"path/filepath"
	"testing"

	"github.com/valyala/quicktemplate/parser"
)

// TestTemplatesAreCurrent compiles every template again: the code beside it is what comes of it.
func TestTemplatesAreCurrent(t *testing.T) {
	files, err := filepath.Glob("../*/*.qtpl")
	if err != nil || len(files) == 0 {
		t.Fatalf("there is no template: %v", err)
	}
	for _, file := range files {
		template, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		var code bytes.Buffer
		if err := parser.ParseNoLineComments(&code, bytes.NewReader(template), file, filepath.Base(filepath.Dir(file))); err != nil {
			t.Errorf("%s: %v", file, err)
			continue
		}
		want, err := format.Source(code.Bytes())
		if err != nil {
			t.Errorf("%s: %v", file, err)
			continue
		}
		if got, err := os.ReadFile(file + ".go"); err != nil || !bytes.Equal(got, want) {
			t.Errorf("%s.go is not what comes of the template (%v): make docs writes it", file, err)
		}
	}
}
