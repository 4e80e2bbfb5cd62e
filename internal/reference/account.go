package reference

import "time"

// account is a service account, or the operator. It is a value: its slices are never changed in place.
type account struct {
	order         int // of creation
	id            string
	organization  string
	administrator bool // the operator: a user, and so in no list of service accounts
	seed          bool // not made over HTTP

	content
	created    time.Time
	createdBy  string
	modified   time.Time // zero: never
	modifiedBy string
	generation int

	token issued // the current one
}

// content is what a client writes.
type content struct {
	name        string
	description string
	tags        []tag
	groups      []string
}

type tag struct {
	Name  string `json:"name"`
	Value string `json:"value"`
}
