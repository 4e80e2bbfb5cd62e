package jwt

import "testing"

func BenchmarkInspect(b *testing.B) {
	for _, sample := range []struct{ name, raw string }{
		{"JWS", `eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9.eyJzdWIiOiIxIn0.SflKxwRJSMeKKF2QT4fwpMeJf36POk6yJV_adQssw5c`},
		{"JWE", `eyJhbGciOiJBMjU2R0NNS1ciLCJlbmMiOiJBMjU2R0NNIiwiY3R5IjoiSldUIn0.c2VjcmV0c2VjcmV0.aXZpdml2aXZpdml2.Y2lwaGVydGV4dA.dGFndGFndGFndGFndGFndA`},
	} {
		b.Run(sample.name, func(b *testing.B) {
			for b.Loop() {
				Inspect(sample.raw)
			}
		})
	}
}
