package suites

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
	"time"

	"github.com/sa-conformance/conformance/internal/measure"
	"github.com/sa-conformance/conformance/internal/raced"
	"github.com/sa-conformance/conformance/internal/reference"
)

// sillyTokens are texts that somebody may give as a token by mistake.
var sillyTokens = map[string]string{
	"a character": "a", "a space": " ", "a line end": "\n", "spaces": "two words here", "lines": "one\ntwo", "a line end behind": "behind-which-a-line-ends\n",
	"quotes": `"quoted" and 'quoted'`, "a placeholder": "[redacted:token-1]", "a word of a recording": "redacted-43-abcdefgh", "a hint": "<operator token>",
	"a label": "restricted-token", "a word": "create", "a member": "accessToken", "a header": "Bearer", "a scheme": "Bearer abcdefghijkl",
	"a media type": "application/json", "JSON": `{"a":["b"]}`, "escapes": `%41\u0041&amp;`, "not ASCII": "tökén-ünd-größe-日本語", "not UTF-8": "token-\xff\xfe-token-token",
	"controls": "tok\x1b[2Jen\x07-control", "dots": "a.b.c", "a UUID": "8f0a6bd2-4b52-4f0e-9d3c-0d5a1f2e3c4b", "digits": "0000000000000000", "long": strings.Repeat("long-token-", 6000),
}

// TestSillyTokens gives tokens that are none: a run says in one line what is wrong with them, or judges.
func TestSillyTokens(t *testing.T) {
	t.Parallel()
	binary, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	places := make(chan struct{}, max(runtime.GOMAXPROCS(0), 2))
	for name, silly := range sillyTokens {
		for _, given := range []string{"token", "others", "file", "configuration"} {
			if !raced.Tried(name + given) {
				continue
			}
			t.Run(given+", "+name, func(t *testing.T) {
				t.Parallel()
				places <- struct{}{}
				defer func() { <-places }()
				served, _ := serve(t, reference.Config{Signing: reference.ES256}, nil)
				dir := t.TempDir()
				ctx, cancel := context.WithTimeout(t.Context(), 2*time.Minute)
				defer cancel()
				run := exec.CommandContext(ctx, binary, "run", "--out", dir, "--quiet", "--profile", "core", "--no-preflight", "--await", "200ms")
				run.Dir = dir
				run.Env = append(os.Environ(), "CONFORMANCE_TEST_CHILD=1", "CONFORMANCE_REFERENCE=false", "CONFORMANCE_ORGANIZATION="+served.Organization,
					"CONFORMANCE_GROUP="+strings.Join(served.Groups, ","), "CONFORMANCE_JOURNAL="+filepath.Join(dir, "journal.jsonl"))
				file := filepath.Join(dir, "token")
				if err := os.WriteFile(file, []byte(silly), 0o600); err != nil {
					t.Fatal(err)
				}
				switch given {
				case "token":
					run.Env = append(run.Env, "CONFORMANCE_TARGET="+served.Target, "CONFORMANCE_TOKEN="+silly)
				case "others":
					run.Env = append(run.Env, "CONFORMANCE_TARGET="+served.Target, "CONFORMANCE_TOKEN="+served.Token, "CONFORMANCE_RESTRICTED_TOKEN="+silly,
						"CONFORMANCE_EXPIRED_TOKEN="+silly, "CONFORMANCE_NOT_YET_VALID_TOKEN="+silly)
				case "file":
					run.Env = append(run.Env, "CONFORMANCE_TARGET="+served.Target)
					run.Args = append(run.Args, "--token-file", file)
				case "configuration":
					text := fmt.Sprintf("targets:\n  silly:\n    url: %s\n    organization: %s\n    token: {file: token}\n", served.Target, served.Organization)
					if err := os.WriteFile(filepath.Join(dir, "conformance.yaml"), []byte(text), 0o600); err != nil {
						t.Fatal(err)
					}
					run.Args = append(run.Args, "--target-name", "silly")
				}
				printed, _ := measure.Run(t, run)
				code := run.ProcessState.ExitCode()
				lines := strings.Split(strings.TrimSpace(printed), "\n")
				if code < 0 || code > 3 || code == 2 && (len(lines) > 1 || len(printed) > 500) {
					t.Errorf("exit code %d:\n%.2000s", code, printed)
				}
				t.Logf("%d: %.200q", code, lines[0])
			})
		}
	}
}
