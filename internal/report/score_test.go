package report

import "testing"

// Every report says by which proof the suite is backed, and whether it is of the catalogue that was judged by.
func TestScoreNamesItsProof(t *testing.T) {
	p := Proof{Defects: 7, Killed: 7, Variants: 3, Spared: 3}
	for want, proof := range map[string]Proof{
		"7 of 7 defects killed, 3 of 3 legal variants spared, of another catalogue": p,
		"7 of 7 defects killed, 3 of 3 legal variants spared; by suite v1.2.3 on 2026-12-31, of this catalogue": {
			Version: "v1.2.3", Date: "2026-12-31", Catalogue: "sha256:0123456789abcdef", Defects: 7, Killed: 7, Variants: 3, Spared: 3, Current: true,
		},
		"7 of 7 defects killed, 3 of 3 legal variants spared; by suite v1.2.3 on 2026-12-31, of another catalogue: sha256:0123456789ab": {
			Version: "v1.2.3", Date: "2026-12-31", Catalogue: "sha256:0123456789abcdef", Defects: 7, Killed: 7, Variants: 3, Spared: 3,
		},
	} {
		if got := ProofLine(proof); got != want {
			t.Errorf("%s, want %s", got, want)
		}
	}
}
