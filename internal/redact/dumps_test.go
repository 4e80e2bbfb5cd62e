package redact

import (
	"encoding/json"
	"fmt"
	"net/url"
	"strings"
	"testing"
)

// A secret that is written as the numbers of its bytes is hidden, and so is one with what nobody sees in between.
func TestConcealDumps(t *testing.T) {
	t.Parallel()
	const secret = "q8Zr4TkPz0LmX2vYb7NsWd3HfJ9cGa5eUi1oKtRx"
	r := New()
	r.AddOperator("token-1", secret)
	each := func(format string) string {
		var b strings.Builder
		for _, c := range []byte(secret) {
			fmt.Fprintf(&b, format, c)
		}
		return b.String()
	}
	for name, text := range map[string]string{
		"hexadecimal, with plus":    strings.TrimSuffix(each("%02x+"), "+"),
		"hexadecimal, lines":        strings.TrimSuffix(each("%02X\n"), "\n"),
		"with 0x":                   strings.TrimSuffix(each("0x%02x, "), ", "),
		"code points":               strings.TrimSuffix(each("U+%04X "), " "),
		"CSS":                       strings.TrimSuffix(each(`\%x `), " "),
		"quoted-printable, escaped": url.QueryEscape(each("=%02X")),
		"decimal":                   strings.TrimSuffix(each("%d, "), ", "),
		"zero width":                strings.Join(strings.Split(secret, ""), "\u200b"),
		"soft hyphens":              secret[:8] + "\u00ad" + secret[8:20] + "\u00ad" + secret[20:],
		"colors":                    secret[:8] + "\x1b[0m" + secret[8:14] + "\x1b[1;31m" + secret[14:],
		"full width":                strings.Map(func(c rune) rune { return c + 0xfee0 }, secret),
	} {
		for _, in := range []string{text, "it is " + text + " here"} {
			quoted, _ := json.Marshal(map[string]string{"note": in})
			for _, body := range []string{in, string(quoted)} {
				if got := r.Conceal(body); !strings.Contains(got, "redacted") || strings.Contains(got, text[len(text)/2:]) || strings.Contains(got, text[:len(text)/2]) {
					t.Errorf("%s: %s", name, got)
				}
			}
		}
	}
	numbers := strings.TrimSuffix(each("%d,"), ",")
	const want = `{"type":"Buffer","data":[0],"others":[1,2,3,4,5,6,7,8,9,10,11,12]}`
	if got := r.Conceal(`{"type":"Buffer","data":[` + numbers + `],"others":[1,2,3,4,5,6,7,8,9,10,11,12]}`); got != want {
		t.Errorf("an array of numbers: %s", got)
	}
}

// Without knowing the secret, the short last line of a text in base64 is hidden with the lines before it.
func TestMaskLines(t *testing.T) {
	t.Parallel()
	const lines = `cThacjRUa1B6MExtWDJ2\nWWI3TnNXZDNIZko5Y0dh\nNWVVaTFvS3RSeEI0cw==`
	for _, text := range []string{strings.ReplaceAll(lines, `\n`, "\n"), lines, fmt.Sprintf("%q", lines), fmt.Sprintf("it is %q\nand more", lines)} {
		if got := Mask(text); strings.Contains(got, "NWVVa") {
			t.Errorf("%s: %s", text, got)
		}
	}
	const words = "[a2b4c6d8e1f3A5B7C9D2E4F6]\nand more words\nof a text"
	if got := Mask(words); !strings.Contains(got, "and more words\nof a text") {
		t.Errorf("%s: %s", words, got)
	}
}
