package report_test

import (
	"testing"

	"github.com/sa-conformance/conformance/internal/report"
)

func TestPrintable(t *testing.T) {
	for in, want := range map[string]string{
		"plain text, ünï, 日本, 😀": "plain text, ünï, 日本, 😀",
		"a\x1b[31mb":             `a\x1b[31mb`,
		"\x00\x7f\t\r\n":         `\x00\x7f\t\r\n`,
		"\u009b\u202e\u2028":     `\u009b\u202e\u2028`,
		"\u00a0\ufeff\u200b":     `\u00a0\ufeff\u200b`,
		"\U000e0041":             `\U000e0041`,
		"\xff\xed\xa0\x80":       `\xff\xed\xa0\x80`,
		"\ufffd":                 "\ufffd",
	} {
		if got := report.Printable(in); got != want {
			t.Errorf("Printable(%q) = %s, want %s", in, got, want)
		}
	}
}
