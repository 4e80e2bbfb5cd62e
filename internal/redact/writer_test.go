package redact_test

import (
	"bytes"
	"errors"
	"strings"
	"testing"

	"github.com/sa-conformance/conformance/internal/redact"
)

func TestWriterFindsSplitSecrets(t *testing.T) {
	text := "one " + jws + " two\r" + encodings["json units"](jws) + "\nthree " + jwe
	for size := 1; size < 40; size++ {
		r := redact.New()
		r.Add("token", jws)
		r.Add("token", jwe)
		var out bytes.Buffer
		w := r.Writer(&out)
		for rest := text; rest != ""; {
			n := min(size, len(rest))
			if written, err := w.Write([]byte(rest[:n])); err != nil || written != n {
				t.Fatalf("Write = %d, %v", written, err)
			}
			rest = rest[n:]
		}
		if err := w.Close(); err != nil {
			t.Fatal(err)
		}
		want := "one [redacted:token-1] two\r[redacted:token-1]\nthree [redacted:token-2]"
		if out.String() != want {
			t.Fatalf("in pieces of %d: %q", size, out.String())
		}
	}
}

func TestWriterPassesLinesAtOnce(t *testing.T) {
	var out bytes.Buffer
	w := redact.New().Writer(&out)
	_, _ = w.Write([]byte("a line\nand a half"))
	if out.String() != "a line\n" {
		t.Errorf("before Flush: %q", out.String())
	}
	if err := w.Flush(); err != nil || out.String() != "a line\nand a half" {
		t.Errorf("after Flush: %q, %v", out.String(), err)
	}
}

func TestWriterPassesLongLinesOn(t *testing.T) {
	r := redact.New()
	r.Add("token", jwe)
	var out bytes.Buffer
	w := r.Writer(&out)
	text := strings.Repeat(strings.Repeat("x", 1000)+jwe, 1200)
	for rest := text; rest != ""; {
		n := min(100_003, len(rest))
		if _, err := w.Write([]byte(rest[:n])); err != nil {
			t.Fatal(err)
		}
		rest = rest[n:]
	}
	if out.Len() == 0 {
		t.Error("nothing was passed on before the end of the line")
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	if want := strings.Repeat(strings.Repeat("x", 1000)+"[redacted:token-1]", 1200); out.String() != want {
		t.Errorf("%d bytes were written, want %d", out.Len(), len(want))
	}
}

func TestWriterReturnsErrors(t *testing.T) {
	broken := errors.New("broken")
	w := redact.New().Writer(writerFunc(func([]byte) (int, error) { return 0, broken }))
	if _, err := w.Write([]byte("line\n")); !errors.Is(err, broken) {
		t.Errorf("Write: %v", err)
	}
	if _, err := w.Write(make([]byte, 2<<20)); !errors.Is(err, broken) {
		t.Errorf("Write of a long line: %v", err)
	}
	if _, err := w.Write([]byte("rest")); err != nil {
		t.Errorf("Write that is kept: %v", err)
	}
	if err := w.Flush(); !errors.Is(err, broken) {
		t.Errorf("Flush: %v", err)
	}
}

type writerFunc func([]byte) (int, error)

func (f writerFunc) Write(b []byte) (int, error) { return f(b) }

func FuzzWriter(f *testing.F) {
	f.Add("hunter22hunter22", uint8(3), "before\nafter")
	f.Fuzz(func(t *testing.T, value string, size uint8, around string) {
		if len(value) < 8 || strings.ContainsAny(value, "[]\r\n") || strings.Contains("redacted:token-1", value) {
			t.Skip()
		}
		r := redact.New()
		r.Add("token", value)
		var out bytes.Buffer
		w := r.Writer(&out)
		for rest := around + " " + value + " " + around; rest != ""; {
			n := min(int(size)+1, len(rest))
			_, _ = w.Write([]byte(rest[:n]))
			rest = rest[n:]
		}
		_ = w.Close()
		if strings.Contains(out.String(), value) {
			t.Errorf("%q is in %q", value, out.String())
		}
	})
}
