package manual

import "testing"

func TestQuotation(t *testing.T) {
	for text, want := range map[string]string{
		"": "", " \n": "", "prose": "    prose\n", "type: string\nformat: uuid": "    type: string\n    format: uuid\n",
	} {
		if got := quotation(text); got != want {
			t.Errorf("%q: got %q, want %q", text, got, want)
		}
	}
}
