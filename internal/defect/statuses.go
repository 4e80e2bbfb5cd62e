package defect

import "net/http"

// statuses answer with another status than the promised one.
func statuses() []Defect {
	const family = "status codes"
	status := func(code int) func(*http.Request, *answer) {
		return func(_ *http.Request, a *answer) { a.status = code }
	}
	return []Defect{
		{
			Name: "create-200", Family: family, Description: "answers a create with 200 OK",
			Effect: "clients that wait for 201 treat a success as a failure and create again",
			Breaks: []string{"create.status.created"}, Layer: onSuccess(status(http.StatusOK), create),
		},
	}
}
