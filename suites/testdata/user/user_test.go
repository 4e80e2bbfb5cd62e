// Package user is a package of a Go user's, in a module of its own, which judges a target in every way that one may think of.
package user

import (
	"os"
	"strings"
	"sync"
	"testing"

	. "github.com/onsi/ginkgo/v2"
	"github.com/onsi/gomega"

	"github.com/sa-conformance/conformance/suites"
)

func config() suites.Config {
	return suites.Config{
		Target: os.Getenv("USER_TARGET"), Organization: os.Getenv("USER_ORGANIZATION"), Token: os.Getenv("USER_TOKEN"),
		Groups: strings.Split(os.Getenv("USER_GROUPS"), ","), Focus: os.Getenv("USER_FOCUS"), Journal: os.Getenv("USER_JOURNAL"),
		AcceptIncomplete: true, Once: true,
	}
}

func TestRun(t *testing.T) { suites.Run(t, config()) }

func TestTwice(t *testing.T) {
	suites.Run(t, config())
	t.Run("again", func(t *testing.T) { suites.Run(t, config()) })
}

func TestPlain(t *testing.T) {
	cfg := config()
	cfg.Plain = true
	suites.Run(t, cfg)
}

func TestJudge(t *testing.T) {
	for range 2 {
		result, err := suites.Judge(t.Context(), config())
		if err != nil {
			t.Fatal(err)
		}
		t.Log(result.Report.Verdict, result.Report.Warnings)
	}
}

func TestParallel(t *testing.T) {
	for range 3 {
		t.Run("", func(t *testing.T) {
			t.Parallel()
			suites.Run(t, config())
			gomega.NewWithT(t).Expect(1).To(gomega.Equal(1))
		})
	}
}

// TestSpecs runs a Ginkgo suite of the user's, which judges inside a spec, and judges before or after it.
func TestSpecs(t *testing.T) {
	gomega.RegisterFailHandler(Fail)
	if os.Getenv("USER_WHEN") == "before" {
		suites.Run(t, config())
	}
	ran := 0
	Describe("something of the user's", func() {
		It("is judged", func() {
			ran++
			if os.Getenv("USER_WHEN") == "inside" {
				suites.Run(t, config())
			}
			gomega.Expect(gomega.InterceptGomegaFailure(func() { gomega.Expect(1).To(gomega.Equal(2)) })).To(gomega.HaveOccurred())
		})
	})
	if !RunSpecs(t, "the user's") || ran != 1 {
		t.Errorf("the user's spec ran %d times", ran)
	}
	if os.Getenv("USER_WHEN") == "after" {
		suites.Run(t, config())
	}
}

// happening does something of the user's once, when the first conversation is over.
type happening struct {
	once sync.Once
	what func()
}

func (h *happening) Answered(string)   { h.once.Do(h.what) }
func (*happening) Started(int, int)    {}
func (*happening) Judged(string, bool) {}
func (*happening) Cleaning(int)        {}
func (*happening) Finished()           {}

// TestHappening lets something happen in the middle of a run.
func TestHappening(t *testing.T) {
	cfg := config()
	happenings := map[string]func(){
		"panic elsewhere": func() { go panic("a panic of the user's"); select {} },
		"panic":           func() { panic("a panic of the user's") },
		"fatal":           func() { t.Fatal("a failure of the user's") },
	}
	cfg.Progress = &happening{what: happenings[os.Getenv("USER_WHEN")]}
	suites.Run(t, cfg)
}
