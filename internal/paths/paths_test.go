package paths

import (
	"path/filepath"
	"strings"
	"testing"
)

// A name in a file is about the directory of the file, on every system.
func TestBeside(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		system           System
		file, name, want string
	}{
		{Slashes, "conformance.yaml", "eu.token", "eu.token"},
		{Slashes, "dir/conformance.yaml", "eu.token", "dir/eu.token"},
		{Slashes, "/dir/conformance.yaml", "../eu.token", "/eu.token"},
		{Slashes, "dir/conformance.yaml", "/etc/eu.token", "/etc/eu.token"},
		{Slashes, "dir/conformance.yaml", `C:\eu.token`, `dir/C:\eu.token`},
		{Slashes, "dir/conformance.yaml", `a\b`, `dir/a\b`},
		{Volumes, "conformance.yaml", "eu.token", "eu.token"},
		{Volumes, `dir\conformance.yaml`, "eu.token", `dir\eu.token`},
		{Volumes, `dir/conformance.yaml`, "keys/eu.token", `dir\keys\eu.token`},
		{Volumes, `C:\dir\conformance.yaml`, `..\eu.token`, `C:\eu.token`},
		{Volumes, `C:conformance.yaml`, `eu.token`, `C:eu.token`},
		{Volumes, `\\host\share\conformance.yaml`, `eu.token`, `\\host\share\eu.token`},
		{Volumes, `dir\conformance.yaml`, `D:\eu.token`, `D:\eu.token`},
		{Volumes, `dir\conformance.yaml`, `d:eu.token`, `d:eu.token`},
		{Volumes, `dir\conformance.yaml`, `/etc/eu.token`, `/etc/eu.token`},
		{Volumes, `dir\conformance.yaml`, `\eu.token`, `\eu.token`},
		{Volumes, `dir\conformance.yaml`, `\\host\share\eu.token`, `\\host\share\eu.token`},
	} {
		if got := test.system.Beside(test.file, test.name); got != test.want {
			t.Errorf("%q beside %q on %d: %q, want %q", test.name, test.file, test.system, got, test.want)
		}
	}
}

// On the system of this process it is what the library says.
func TestBesideHere(t *testing.T) {
	t.Parallel()
	for _, file := range []string{"f", "a/f", "/a/f", "../f", "a//b/../f"} {
		for _, name := range []string{"x", "x/y", "../x", "./x", "x/"} {
			file, name := filepath.FromSlash(file), filepath.FromSlash(name)
			if got, want := Here().Beside(file, name), filepath.Join(filepath.Dir(file), name); got != want {
				t.Errorf("%q beside %q: %q, want %q", name, file, got, want)
			}
		}
	}
}

func TestPortable(t *testing.T) {
	t.Parallel()
	for _, name := range []string{"eu", "EU-1", "a.b_c", "console", "com", "com10", "lpt", "nullable.json", strings.Repeat("a", 100)} {
		if !Portable(name) {
			t.Errorf("%q is refused", name)
		}
	}
	for _, name := range []string{
		"", ".", "..", ".a", "a.", "a b", "a/b", `a\b`, "a:b", "é", "a\x1b", "con", "CON", "Aux.json", "nul.tar.gz", "com1", "LPT9.x", "prn", strings.Repeat("a", 101),
	} {
		if Portable(name) {
			t.Errorf("%q is taken", name)
		}
	}
}

func TestSame(t *testing.T) {
	t.Parallel()
	if !Same("EU", "eu") || Same("eu", "us") {
		t.Error("letter case")
	}
}
