package spec

import (
	"regexp"
	"strings"
	"testing"
)

func TestCheckUUID(t *testing.T) {
	good := []string{
		"ee45f34b-9685-40d8-8724-23c31252ca46", "EE45F34B-9685-70D8-8724-23C31252CA46",
		"00000000-0000-0000-0000-000000000000", "ffffffff-ffff-ffff-ffff-ffffffffffff",
	}
	for _, s := range good {
		if err := CheckUUID(s); err != nil {
			t.Errorf("CheckUUID(%q) = %v", s, err)
		}
	}
	bad := map[string]string{
		"": "36", "{ee45f34b-9685-40d8-8724-23c31252ca46}": "36", "urn:uuid:ee45f34b-9685-40d8-8724-23c31252ca46": "36",
		"ee45f34b968540d8872423c31252ca46": "36", "ee45f34b9-685-40d8-8724-23c31252ca46": "hyphen at position 8",
		"ee45f34b-9685-40d8-8724-23c31252ca4g": "hexadecimal", "ee45f34b-9685-40d8-872--23c31252ca46": "hexadecimal",
		"ee45f34b-9685-40d8-8724-23c31252ca4\x01": "hexadecimal", "éé45f34b-9685-40d8-8724-23c31252ca": "hexadecimal",
	}
	for s, want := range bad {
		if err := CheckUUID(s); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("CheckUUID(%q) = %v, want an error about %q", s, err, want)
		}
	}
}

// FuzzCheckUUID compares the check with the grammar of RFC 9562 section 4, written as an expression.
func FuzzCheckUUID(f *testing.F) {
	grammar := regexp.MustCompile(`^[0-9A-Fa-f]{8}(-[0-9A-Fa-f]{4}){3}-[0-9A-Fa-f]{12}$`)
	for _, s := range []string{
		"", "ee45f34b-9685-40d8-8724-23c31252ca46", "{ee45f34b-9685-40d8-8724-23c31252ca46}", "ee45f34b-9685-40d8-8724-23c31252ca4g",
		"ee45f34b-9685-40d8-8724-23c31252ca4\n", "ee45f34b-9685-40d8-8724-23c31252caé", "------------------------------------",
	} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		if err := CheckUUID(s); (err == nil) != (grammar.MatchString(s) && !strings.HasSuffix(s, "\n")) {
			t.Errorf("CheckUUID(%q) = %v", s, err)
		}
	})
}
