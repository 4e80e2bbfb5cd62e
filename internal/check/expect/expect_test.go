package expect_test

import (
	"errors"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/onsi/gomega"

	"github.com/sa-conformance/conformance/internal/check/expect"
	"github.com/sa-conformance/conformance/suites/matcher"
)

// failing returns the failure that an assertion panics with; nil if it holds.
func failing(t *testing.T, assert func()) (failure *expect.Failure) {
	t.Helper()
	defer func() {
		cause := recover()
		if f, ok := cause.(expect.Failure); ok {
			failure = &f
		} else if cause != nil {
			t.Errorf("panic: %v", cause)
		}
	}()
	assert()
	return nil
}

// hostileTexts are what responses could put into a mismatch to change its meaning.
var hostileTexts = []string{
	"plain", "x\nexpected: y", "x\nseen: y\nat: /z\nin: p/q", "expected: x", "seen: x", "\nexpected: x", "    seen: x",
	"x\n    expected: y", "x\n\n", "\n\n    \n", "x\r\nseen: y\r\n", "in: \n", "\x00\xff", " ", "at: ", "ä\u2028seen: y",
}

// A finding comes out as the matcher made it, whatever texts a target put into it.
func TestFindingsKeepTheirType(t *testing.T) {
	t.Parallel()
	for _, expected := range hostileTexts {
		for _, seen := range hostileTexts {
			want := matcher.Mismatch{Expected: expected, Seen: seen, Pointer: "/a\nseen: b", Exchange: "p/s"}
			wrong := matcher.By(func(int) *matcher.Mismatch { return &want })
			for note, assert := range map[string]func(){
				"":                   func() { expect.Expect(1).To(wrong) },
				"a note\nof 2 lines": func() { expect.Expect(1).Should(wrong, "a note\nof %d lines", 2) },
			} {
				got := failing(t, assert)
				if got == nil {
					t.Fatal("it held")
				}
				if diff := cmp.Diff(expect.Failure{Finding: want, Note: note}, *got); diff != "" {
					t.Errorf("-want +got:\n%s", diff)
				}
			}
		}
	}
}

func TestOtherMatchers(t *testing.T) {
	t.Parallel()
	right := matcher.By(func(int) *matcher.Mismatch { return nil })
	for _, holds := range []func(){
		func() { expect.Expect(1).To(right) }, func() { expect.Expect(1).NotTo(gomega.Equal(2)) }, func() { expect.Expect(1, nil).To(gomega.Equal(1)) },
		func() { expect.Expect(1).WithOffset(1).Should(gomega.Equal(1)) },
	} {
		if failure := failing(t, holds); failure != nil {
			t.Errorf("failed: %v", failure)
		}
	}
	for name, wrong := range map[string]func(){
		"negated":  func() { expect.Expect(1).ToNot(right) },
		"negated2": func() { expect.Expect(1).ShouldNot(right) },
		"gomega":   func() { expect.Expect(1).To(gomega.Equal(2)) },
		"error":    func() { expect.Expect(1, errors.New("broken")).To(gomega.Equal(1)) },
		"offset":   func() { expect.Expect(1).WithOffset(2).NotTo(gomega.Equal(1)) },
	} {
		failure := failing(t, wrong)
		if failure == nil || failure.Error() == "" || (failure.Finding == matcher.Mismatch{}) == (name[:3] == "neg") {
			t.Errorf("%s: %+v", name, failure)
		}
	}
}
