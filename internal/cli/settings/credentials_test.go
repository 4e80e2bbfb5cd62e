package settings

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/sa-conformance/conformance/internal/cli/app"
)

func TestReadSecret(t *testing.T) {
	for name, test := range map[string]struct{ content, token, wrong string }{
		"plain":             {content: "abc.def.ghi", token: "abc.def.ghi"},
		"trimmed":           {content: "\n abc.def.ghi\r\n\n", token: "abc.def.ghi"},
		"empty":             {content: " \n", wrong: "is empty"},
		"two lines":         {content: "abc\ndef", wrong: "several lines"},
		"carriage return":   {content: "abc\rdef", wrong: "several lines"},
		"space within":      {content: "abc def", wrong: "white space"},
		"control":           {content: "abc\x00def", wrong: "control characters"},
		"beyond ASCII":      {content: "abcdéf", wrong: "beyond ASCII"},
		"byte order mark":   {content: "\ufeffabc", wrong: "beyond ASCII"},
		"with its scheme":   {content: "bearer abc", wrong: "write the token alone"},
		"as long as can be": {content: strings.Repeat("a", app.MaxToken), token: strings.Repeat("a", app.MaxToken)},
		"longer":            {content: strings.Repeat("a", app.MaxToken+1), wrong: "is longer than 65536 bytes"},
	} {
		t.Run(name, func(t *testing.T) {
			path := filepath.Join(t.TempDir(), "token")
			if err := os.WriteFile(path, []byte(test.content), 0o600); err != nil {
				t.Fatal(err)
			}
			var stderr bytes.Buffer
			a := &app.App{Err: &app.Gate{W: &stderr}}
			token, err := readSecret(a, "--token-file", path, CheckToken)
			switch {
			case test.wrong == "" && (err != nil || token != test.token):
				t.Errorf("got %d bytes, %v", len(token), err)
			case test.wrong != "" && (err == nil || !strings.Contains(err.Error(), test.wrong)):
				t.Errorf("got %v, want an error with %q", err, test.wrong)
			case err != nil && (strings.Contains(err.Error(), "abc") || strings.Contains(err.Error(), "aaa")):
				t.Errorf("the error echoes the token: %v", err)
			}
			if stderr.Len() > 0 {
				t.Errorf("warned: %s", &stderr)
			}
		})
	}
}
