// Package prose renders sections of the contract for pages. It renders nothing that a target or an operator wrote.
package prose

import (
	"bytes"
	"fmt"
	"html/template"
	"strings"
	"sync"

	"github.com/yuin/goldmark"
	"github.com/yuin/goldmark/extension"

	"github.com/sa-conformance/conformance/spec"
)

// Renderer renders each section once. It is safe for concurrent use.
type Renderer struct{ sections sync.Map }

// HTML is the section of the contract that a citation such as "contract section 3" names; "" if it names none. Markup in the text
// is left out, and a table can be scrolled by keys.
func (r *Renderer) HTML(citation string) (template.HTML, error) {
	if done, ok := r.sections.Load(citation); ok {
		return done.(template.HTML), nil
	}
	text := spec.ProseText(citation)
	if text == "" {
		return "", nil
	}
	var b bytes.Buffer
	if err := goldmark.New(goldmark.WithExtensions(extension.Table)).Convert([]byte(text), &b); err != nil {
		return "", fmt.Errorf("rendering %s: %w", citation, err)
	}
	parts := strings.Split(b.String(), "<table>")
	for i := range parts[1:] {
		parts[i+1] = fmt.Sprintf(`<div class="wide" role="region" tabindex="0" aria-label="Table %d of %s"><table>`, i+1, citation) + parts[i+1]
	}
	done := template.HTML(strings.ReplaceAll(strings.Join(parts, ""), "</table>", "</table></div>")) //nolint:gosec // a text of ours
	r.sections.Store(citation, done)
	return done, nil
}
