package main

import (
	"archive/tar"
	"archive/zip"
	"bytes"
	"compress/gzip"
	"io"
	"os"
	"strings"
	"testing"
	"time"
)

func TestNotes(t *testing.T) {
	const log = "# Changelog\n\nWords.\n\n## Unreleased\n\n- next\n\n## v1.1.0 (2027-01-02)\n\n- new\n- newer\n\n## [1.0.0] - 2026-01-02\n\n- first\n\n## v0.9.0\n\n"
	for version, want := range map[string]string{
		"v1.2.0": "# v1.2.0\n\n- next\n", "v1.1.0": "# v1.1.0\n\n- new\n- newer\n", "v1.0.0": "# v1.0.0\n\n- first\n",
	} {
		if got, err := notes(log, version); err != nil || got != want {
			t.Errorf("%s: %q, %v; want %q", version, got, err, want)
		}
	}
	for text, version := range map[string]string{log: "v0.9.0", "# Changelog\n": "v1.0.0"} {
		if got, err := notes(text, version); err == nil {
			t.Errorf("%s: %q", version, got)
		}
	}
}

func TestArchives(t *testing.T) {
	files := []file{{"conformance", []byte("binary"), 0o755}, {"man/conformance.1", []byte("page"), 0o644}}
	when := time.Date(2026, 12, 1, 2, 3, 4, 0, time.FixedZone("east", 3600))
	packed, err := tarGzip("top", files, when)
	if err != nil {
		t.Fatal(err)
	}
	again, err := tarGzip("top", files, when.UTC())
	if err != nil || !bytes.Equal(packed, again) {
		t.Errorf("the zone of this machine is in the archive: %v", err)
	}
	z, err := gzip.NewReader(bytes.NewReader(packed))
	if err != nil {
		t.Fatal(err)
	}
	header, err := tar.NewReader(z).Next()
	if err != nil || header.Name != "top/conformance" || header.Mode != 0o755 || header.Uid != 0 || header.Uname != "" || !header.ModTime.Equal(when) {
		t.Errorf("%+v: %v", header, err)
	}
	if packed, err = zipped("top", files, when); err != nil {
		t.Fatal(err)
	}
	if again, err = zipped("top", files, when.UTC()); err != nil || !bytes.Equal(packed, again) {
		t.Errorf("the zone of this machine is in the ZIP file: %v", err)
	}
	r, err := zip.NewReader(bytes.NewReader(packed), int64(len(packed)))
	if err != nil {
		t.Fatal(err)
	}
	page, err := r.Open("top/man/conformance.1")
	if err != nil {
		t.Fatal(err)
	}
	if text, err := io.ReadAll(page); err != nil || string(text) != "page" {
		t.Errorf("%q, %v", text, err)
	}
}

func TestArguments(t *testing.T) {
	full := t.TempDir()
	if err := os.WriteFile(full+"/x", nil, 0o600); err != nil {
		t.Fatal(err)
	}
	for _, test := range []struct {
		args []string
		want string
	}{
		{nil, "make release VERSION=v1.2.3"},
		{[]string{"-version", "1.2.3"}, "make release VERSION=v1.2.3"},
		{[]string{"-version", "v1.2.3", "-out", full}, "is not empty"},
	} {
		if err := run(test.args); err == nil || !strings.Contains(err.Error(), test.want) {
			t.Errorf("%v: %v, want %q", test.args, err, test.want)
		}
	}
}

// TestGoInstall holds what "go install PATH@VERSION" needs: a go.mod without replace and exclude directives.
func TestGoInstall(t *testing.T) {
	text, err := os.ReadFile("../../go.mod")
	if err != nil {
		t.Fatal(err)
	}
	for line := range strings.Lines(string(text)) {
		if word := strings.Fields(line + " x")[0]; word == "replace" || word == "exclude" {
			t.Errorf("go.mod has the directive %s", strings.TrimSpace(line))
		}
	}
}
