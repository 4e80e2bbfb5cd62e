package ui_test

import (
	"context"
	"crypto/rand"
	"encoding/pem"
	"net/http/httptest"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/sa-conformance/conformance/internal/cli"
	"github.com/sa-conformance/conformance/internal/cli/app"
	"github.com/sa-conformance/conformance/internal/raced"
	"github.com/sa-conformance/conformance/internal/tsa/tsatest"
)

// witness starts "conformance witness" and returns its address. It is stopped at the end of the test.
func witness(t *testing.T, args ...string) (address string) {
	t.Helper()
	said := &output{}
	signals, code := make(chan os.Signal, 1), make(chan int, 1)
	go func() {
		code <- cli.Run(context.WithoutCancel(t.Context()), app.Process{
			Args: append([]string{"witness", "--addr", "127.0.0.1:0", "--allow-private"}, args...), Stdin: strings.NewReader(""), Stdout: said, Stderr: said,
			Lookup: func(string) (string, bool) { return "", false }, Signals: signals, Build: app.Build{Version: "devel"},
		})
	}()
	t.Cleanup(func() {
		signals <- os.Interrupt
		<-code
	})
	for limit := time.Now().Add(time.Minute); time.Now().Before(limit); time.Sleep(10 * time.Millisecond) {
		if found := regexp.MustCompile(`http://\S+`).FindString(said.String()); found != "" {
			return found
		}
	}
	t.Fatalf("the witness does not serve: %s", said)
	return ""
}

// TestBackedCertificate certifies a run behind which there are a nonce, a witness, a chain of runs and a disguise, has it timestamped,
// and verifies it by what a reader demands.
func TestBackedCertificate(t *testing.T) {
	raced.Rotate(t)
	t.Parallel()
	dir := t.TempDir()
	in := func(name string) string { return filepath.Join(dir, name) }
	if err := os.WriteFile(in("token"), []byte(rand.Text()), 0o600); err != nil {
		t.Fatal(err)
	}
	good := target(t, "", true, nil)
	authority := tsatest.New(t, nil)
	stamping := httptest.NewServer(authority)
	t.Cleanup(stamping.Close)
	if err := os.WriteFile(in("tsa.pem"), pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: authority.Root.Raw}), 0o600); err != nil {
		t.Fatal(err)
	}
	address, _, _ := serve(t, dir)
	c := newClient(t, address)
	for _, name := range []string{"vendor", "viewer"} {
		if _, page := c.post("/certify/key", map[string]string{"prefix": in(name)}); !strings.Contains(page, "The key is made") {
			t.Fatal(page)
		}
	}
	fields := good.fields()
	fields["profile"], fields["challenge"] = "core", "NOT A NONCE"
	if _, page := c.post("/runs", fields); !strings.Contains(page, "“Nonce of the certifier”: ") {
		t.Errorf("a nonce of another form: %s", page)
	}
	fields["challenge"], fields["target-version"], fields["runs"], fields["disguise"] = "0123456789abcdef0123", "7.1", in("runs.jsonl"), "1"
	fields["witness"], fields["witness-token-file"] = witness(t, "--key", in("viewer.key.pem"), "--token-file", in("token"), "--ca-file", good.ca), in("token")
	if _, page := c.post("/runs", fields); !strings.Contains(page, `class="verdict conformant"`) {
		t.Fatalf("the run: %s", page)
	}
	_, page := c.read(c.Get(c.base + "/certify"))
	for _, part := range []string{
		"Nothing is missing.", "the nonce 0123456789abcdef0123 is in the name of every account", "signed what it saw", "the run is in the chain of runs", `name="target-version" value="7.1"`,
	} {
		if !strings.Contains(page, part) {
			t.Errorf("the page lacks %q: %s", part, page)
		}
	}
	order := map[string]string{"key": in("vendor.key.pem"), "bundle": in("certificate.zip"), "valid-for": "90d", "target-version": "7.1", "tsa": stamping.URL, "tsa-cert": in("tsa.pem")}
	if _, page := c.post("/certify/make", order); !strings.Contains(page, "is written, valid until") {
		t.Fatalf("no certificate: %s", page)
	}
	verified := map[string]string{"bundle": in("certificate.zip"), "public": in("vendor.pub.pem"), "witness-key": in("viewer.pub.pem"), "demand-tsa-cert": in("tsa.pem")}
	if _, page := c.post("/certify/verify", verified); !strings.Contains(page, "The certificate is valid.") || !strings.Contains(page, "saw what the recording says") ||
		!strings.Contains(page, "number 1 of the vendor") || !strings.Contains(page, "by CN=") {
		t.Errorf("verified: %s", page)
	}
	verified["witness-key"] = in("vendor.pub.pem")
	if _, page := c.post("/certify/verify", verified); !strings.Contains(page, "The certificate is not valid.") {
		t.Errorf("another witness is demanded: %s", page)
	}
}
