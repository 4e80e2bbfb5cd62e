// Package own is a package of a Go user's, in a module of its own, whose Ginkgo suite has the requirements of the conformance
// suite, two of its own, and a spec that looks at what was recorded.
package own

import (
	"context"
	"net/http"
	"os"
	"strings"
	"testing"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"

	"github.com/sa-conformance/conformance/suites"
	"github.com/sa-conformance/conformance/suites/matcher"
)

const requirements = `
- id: acme.names.short
  level: MUST
  statement: The name of an account that was created has at most 63 characters.
  citation: Acme handbook, section 3
- id: acme.tags.kept
  level: MUST
  statement: Tags are shown in the list as they were sent.
  citation: Acme handbook, section 7
`

// handbook creates an account with a tag, and reads the list.
func handbook(s *suites.Suite) {
	scenario := suites.Scenario{Name: "acme.tagged", Run: func(ctx context.Context, s *suites.Session) {
		created := s.Create(ctx, "create", []byte(`{"metadata":{"name":"`+s.Name("acme")+`","tags":[{"name":"team","value":"acme"}]},"spec":{"groupIDs":[]}}`))
		if created.AccountID() == "" {
			s.GiveUp("no account was created")
			return
		}
		s.ListWith(ctx, "list", created.AccountID())
	}}
	s.Section("Acme's handbook", scenario, func() {
		s.Must("acme.names.short", func(ev *suites.Evidence) {
			suites.Expect(ev.At("create")).To(matcher.HaveStatus(http.StatusCreated))
			suites.Expect(len(ev.At("create").Text("/metadata/name"))).To(BeNumerically("<=", 63))
		})
		s.Must("acme.tags.kept", func(ev *suites.Evidence) {
			suites.Expect(string(ev.At("list").Response.Body)).To(ContainSubstring(os.Getenv("OWN_TAG")))
		})
	})
}

func config() suites.Config {
	return suites.Config{
		Target: os.Getenv("USER_TARGET"), Organization: os.Getenv("USER_ORGANIZATION"), Token: os.Getenv("USER_TOKEN"),
		Groups: strings.Split(os.Getenv("USER_GROUPS"), ","), Focus: `^(Creating a|List|Acme)`, AcceptIncomplete: true, Once: true,
		Own: []suites.Own{{Name: "acme", Requirements: []byte(requirements), Sections: []func(*suites.Suite){handbook}}},
	}
}

var _ = Describe("The identity service", func() {
	specs := suites.Describe(config())

	Describe("of Acme", Serial, func() {
		It("answers the handbook's create within a second", func(ctx SpecContext) {
			Expect(specs.Evidence(ctx, "acme.tagged").At("create").Timings.Total.Seconds()).To(BeNumerically("<", 60))
		})
	})
})

var _ = Describe("Something else", func() {
	for i := range 4 {
		It("is judged beside it, in any process", func() { Expect(i).To(BeNumerically("<", 4)) })
	}
})

func TestOwn(t *testing.T) {
	RegisterFailHandler(Fail)
	RunSpecs(t, "Acme")
}

// TestRun judges the same as a test.
func TestRun(t *testing.T) { suites.Run(t, config()) }
