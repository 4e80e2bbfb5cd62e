package registry

import (
	"fmt"
	"io"
	"strings"

	"github.com/sa-conformance/conformance/internal/report"
)

// longestFound is the number of characters up to which a text is shown.
const longestFound = 400

// Markdown writes the reviews for a pull request. Texts of submissions are shown as code unless they are plain words: nothing of
// them is markup. They stand in lists, since a table would read a bar in them as the end of a cell.
func Markdown(w io.Writer, reviews []*Review) error {
	accepted := 0
	for _, r := range reviews {
		if r.Accepted() {
			accepted++
		}
	}
	var b strings.Builder
	fmt.Fprintf(&b, "# Review: %d of %s accepted\n", accepted, report.Plural(len(reviews), "submission", "submissions"))
	for _, r := range reviews {
		r.markdown(&b)
	}
	b.WriteString("\nA signature proves what was recorded, and not who answered. Before a merge a person confirms that the key is the " +
		"vendor's, and that the target is.\n")
	if _, err := io.WriteString(w, b.String()); err != nil {
		return fmt.Errorf("writing the review: %w", err)
	}
	return nil
}

func (r *Review) markdown(b *strings.Builder) {
	result := "accepted"
	if !r.Accepted() {
		result = "not accepted"
	}
	fmt.Fprintf(b, "\n## %s: %s\n\n", report.CodeSpan(short(r.Name)), result)
	if s := r.Submission; s != nil {
		fmt.Fprintf(b, "%s %s of %s, contact %s\n\n", prose(s.Product), prose(s.Version), prose(s.Vendor), prose(s.Contact))
	}
	sign := map[State]string{Met: "✓", Failed: "✗", Noted: "!"}
	for _, c := range r.Checks {
		fmt.Fprintf(b, "- %s **%s**: %s\n", sign[c.State], c.Name, prose(c.Found))
	}
	v := r.Verification
	if v == nil {
		return
	}
	var look []string
	for _, note := range v.Notes {
		look = append(look, prose(note))
	}
	for _, u := range v.NotRejudgeable {
		look = append(look, "on the signer's word: "+prose(u.ID)+": "+prose(u.Reason))
	}
	if c := v.Claims; c != nil {
		for _, n := range c.NotOffered {
			look = append(look, "not offered: "+prose(string(n.Need)))
		}
	}
	for _, a := range v.Appeals {
		look = append(look, "appeal on "+prose(a.Requirement)+": "+prose(a.Reading))
	}
	if len(look) > 0 {
		fmt.Fprintf(b, "\nTo look at:\n\n")
		for _, line := range look {
			fmt.Fprintf(b, "- %s\n", line)
		}
	}
	if v.Claims != nil {
		fmt.Fprintf(b, "\nTo revoke it: key `%s`, certificate `%s`, run %s\n", r.KeyID(), v.SHA256, report.CodeSpan(short(v.Claims.RunID)))
	}
}

func short(text string) string { return report.Shorten(report.Printable(text), longestFound) }

func prose(text string) string { return report.Prose(short(text)) }
