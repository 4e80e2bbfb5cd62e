package matcher

import (
	"fmt"
	"net/http"
	"slices"

	"github.com/onsi/gomega/types"

	"github.com/sa-conformance/conformance/internal/exchange"
	"github.com/sa-conformance/conformance/spec"
)

// codes pairs each status of the common error body with the error codes that fit it (contract: the error schema's
// pairs; for 401 also the codes of RFC 6750 section 3.1, a contested point).
func codes(status int) []string {
	switch status {
	case http.StatusBadRequest:
		return []string{"invalid_request"}
	case http.StatusUnauthorized:
		return []string{"access_denied", "invalid_token", "invalid_request", "insufficient_scope"}
	case http.StatusForbidden:
		return []string{"forbidden", "insufficient_scope"}
	case http.StatusNotFound:
		return []string{"not_found"}
	case http.StatusMethodNotAllowed:
		return []string{"method_not_allowed"}
	case http.StatusConflict:
		return []string{"conflict"}
	case http.StatusRequestEntityTooLarge:
		return []string{"request_entity_too_large"}
	case http.StatusUnsupportedMediaType:
		return []string{"unsupported_media_type"}
	case http.StatusUnprocessableEntity:
		return []string{"unprocessable_content"}
	}
	if status/100 == 5 {
		return []string{"server_error"}
	}
	return nil
}

// HasErrorCode reports whether the error schema has a code for a status. It has none for 408, 411, 414, 429 and 431, which
// servers and gateways send in place of the service.
func HasErrorCode(status int) bool { return codes(status) != nil }

// HaveErrorBody accepts a response whose body is an instance of the common error schema.
func HaveErrorBody(c *spec.Contract) types.GomegaMatcher {
	return onBody(func(e *exchange.Exchange) *Mismatch {
		findings := c.CheckSchema("error", e.Response.Body)
		if e.Status() == http.StatusUnauthorized || e.Status() == http.StatusForbidden {
			// The codes of RFC 6750 section 3.1 are not in the document's enum; no reading of that fails a target.
			if slices.Contains(codes(e.Status()), e.Text("/error")) {
				findings = slices.DeleteFunc(findings, func(f spec.Finding) bool {
					return f.Pointer == "/error" && f.Keyword == "enum"
				})
			}
		}
		return Findings("the common error body", findings)
	})
}

// HaveFittingErrorCode accepts a response whose body's error code fits its status.
func HaveFittingErrorCode() types.GomegaMatcher {
	return onBody(func(e *exchange.Exchange) *Mismatch {
		fitting := codes(e.Status())
		code, ok := e.Member("/error")
		if !ok {
			return &Mismatch{Expected: "a member /error", Seen: missing(e), Pointer: "/error"}
		}
		if text, ok := code.(string); ok && (fitting == nil || slices.Contains(fitting, text)) {
			return nil
		}
		expected := "an error code"
		if fitting != nil {
			expected = fmt.Sprintf("for status %d the error code %s", e.Status(), orList(fitting))
		}
		return &Mismatch{Expected: expected, Seen: Show(code), Pointer: "/error"}
	})
}

// BeRefused accepts a response with one of the given statuses, the common error body, and an error code that fits.
func BeRefused(c *spec.Contract, statuses ...int) types.GomegaMatcher {
	return All(HaveStatus(statuses...), HaveErrorBody(c), HaveFittingErrorCode())
}
