package reportcmd

import "testing"

// TestRepositoryPath takes paths as systems with other separators have them.
func TestRepositoryPath(t *testing.T) {
	for _, test := range []struct {
		text      string
		separator rune
		want      string
	}{
		{"", '/', ""},
		{".github/workflows/ci.yaml", '/', ".github/workflows/ci.yaml"},
		{`.github\workflows\ci.yaml`, '\\', ".github/workflows/ci.yaml"},
		{"./ci.yaml", '/', "ci.yaml"},
		{`.\ci.yaml`, '\\', "ci.yaml"},
		{"ci/with space.yaml", '\\', "ci/with space.yaml"},
	} {
		if got, ok := repositoryPath(test.text, test.separator); !ok || got != test.want {
			t.Errorf("%q: %q, %v; want %q", test.text, got, ok, test.want)
		}
	}
	for _, text := range []string{"/etc/passwd", "../x", "a/../../x", `C:\x`, `\\host\x`, `..\x`, "a//b", ".", "https://x.example/y", "a\x1bb"} {
		if got, ok := repositoryPath(text, '\\'); ok {
			t.Errorf("%q is taken for %q", text, got)
		}
	}
}
