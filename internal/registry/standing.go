package registry

import "strings"

// Standing is what the public pages say of a certificate.
type Standing string

// The standings. What is refused is shown with the reasons, and without what it claims.
const (
	Valid   Standing = "valid"
	Expired Standing = "expired"
	Revoked Standing = "revoked"
	Refused Standing = "refused"
)

// Standing of a review at the time of its options.
func (r *Review) Standing() Standing {
	v := r.Verification
	switch {
	case r.Accepted():
		return Valid
	case v == nil || v.Claims == nil || len(r.failed(CheckDate, CheckAge, CheckRevocation)) > 0:
		return Refused
	case r.Revoked != nil:
		return Revoked
	case strings.HasPrefix(v.Date, "it is not valid before"):
		return Refused
	}
	return Expired
}

// Reasons are why the certificate is not valid.
func (r *Review) Reasons() []string {
	var reasons []string
	for _, c := range r.failed() {
		reasons = append(reasons, c.Name+": "+c.Found)
	}
	return reasons
}
