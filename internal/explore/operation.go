// Package explore makes conversations out of operations: each is one request to a target as data, which tables, a covering
// array or a seed choose. It sends by a probe.Session alone, under all of its rules. It judges nothing.
package explore

import "strings"

// Operation is one request as data. Every member but Kind may be empty, which is the usual: the operator's credential, the
// account itself, a good body, no further headers.
type Operation struct {
	// Kind is create, list, update, rotate, delete, userinfo, or METHOD and the place that it is aimed at: "PATCH account".
	Kind string `json:"kind"`
	// Account is the number of the account that is created, or that the request is aimed at.
	Account int `json:"account,omitempty"`
	// Target says how the account is named, if it is not by its own id: see targets.
	Target string `json:"target,omitempty"`
	// As is the credential, see credentials, and Holder the number of the account whose token it is made of.
	As     string `json:"as,omitempty"`
	Holder int    `json:"holder,omitempty"`
	// Organization says how the organization is named, see organizations.
	Organization string `json:"organization,omitempty"`
	// Name, Description, Tags and Groups are classes of content.
	Name        string `json:"name,omitempty"`
	Description string `json:"description,omitempty"`
	Tags        string `json:"tags,omitempty"`
	Groups      string `json:"groups,omitempty"`
	// Body says what is wrong with the body, see bodies.
	Body string `json:"body,omitempty"`
	// Header is a class of header fields, see headers.
	Header string `json:"header,omitempty"`
}

// The kinds of operation that the contract has.
const (
	Create   = "create"
	List     = "list"
	Update   = "update"
	Rotate   = "rotate"
	Delete   = "delete"
	Userinfo = "userinfo"
)

// Step is the name of the operation as a step of a conversation: what is unusual about it.
func (o Operation) Step() string {
	parts := []string{strings.ReplaceAll(strings.ToLower(o.Kind), " ", "-")}
	for _, part := range []string{o.Target, o.As, o.Organization, o.Name, o.Description, o.Tags, o.Groups, o.Body, o.Header} {
		if part != "" {
			parts = append(parts, strings.NewReplacer(":", "-", " ", "-").Replace(part))
		}
	}
	return strings.Join(parts, ".")
}

// writes reports whether an operation makes or changes an account, and carries whether it sends one.
func (o Operation) writes() bool  { return o.Kind == Create || o.Kind == Update }
func (o Operation) carries() bool { return o.writes() || o.Kind == "PATCH account" }
