package explore

import "testing"

// Every operation meets every credential that is none, and every body that violates the schema meets create and update.
func TestCellsAreExhaustive(t *testing.T) {
	type cell struct{ kind, of string }
	seen, names := map[cell]bool{}, map[string]bool{}
	for _, c := range Deep() {
		if names[c.Name] {
			t.Errorf("two conversations are called %s", c.Name)
		}
		names[c.Name] = true
		for _, o := range append(c.Cells, c.Chain...) {
			for _, of := range []string{o.As, o.Body, o.Target, o.Header, o.Organization} {
				seen[cell{o.Kind, of}] = true
			}
			if !o.known() {
				t.Errorf("%s: the operation %+v is in no table", c.Name, o)
			}
		}
	}
	for _, kind := range strangerKinds() {
		for _, as := range append(credentialNames(), "rotated away", "deleted") {
			if !seen[cell{kind, as}] {
				t.Errorf("%s never comes with the credential %s", kind, as)
			}
		}
	}
	for _, body := range BodyNames() {
		for _, kind := range []string{Create, Update} {
			if !seen[cell{kind, body}] {
				t.Errorf("%s never comes with the body %s", kind, body)
			}
		}
	}
	for _, header := range HeaderNames() {
		if !seen[cell{Update, header}] {
			t.Errorf("no update comes with the header %s", header)
		}
	}
}
