package config

import (
	"time"

	yaml "github.com/oasdiff/yaml3"
)

// Waiver is an entry of a file of waivers: a failure that is known, and that somebody answers for until a day.
type Waiver struct {
	// Requirement is an id. Message is a part of what the failure says; "" for any failure of the requirement.
	Requirement, Message  string
	Reason, Owner, Ticket string
	// Intermittent says that the failure comes and goes; WithFollowers, that what follows from it is waived with it.
	Intermittent, WithFollowers bool
	// Expires is the last day on which the waiver holds, at midnight UTC.
	Expires time.Time
	Line    int
}

// ParseWaivers reads a file of waivers: a list, of which every entry has requirement, reason, owner and expires, and may
// have message, ticket, intermittent and with-followers. Its errors are of type *Error wherever there is a line to tell.
func ParseWaivers(data []byte) ([]Waiver, error) {
	root, err := document(data)
	if root == nil || err != nil || root.Kind == yaml.ScalarNode && root.Tag == "!!null" {
		return nil, err
	}
	if root.Kind != yaml.SequenceNode {
		return nil, wrong(root.Line, "this is not a list of waivers; write - requirement: ID, and below it reason, owner and expires")
	}
	var all []Waiver
	for _, node := range root.Content {
		w, err := waiver(node)
		if err != nil {
			return nil, err
		}
		for _, other := range all {
			if other.Requirement == w.Requirement && other.Message == w.Message {
				return nil, wrong(w.Line, "the waiver of line %d is for the same failure; keep one of them", other.Line)
			}
		}
		all = append(all, w)
	}
	return all, nil
}

func waiver(node *yaml.Node) (Waiver, error) {
	w := Waiver{Line: node.Line}
	filled := map[string]string{}
	read := func(key string) member {
		return func(n *yaml.Node) (err error) {
			if key == "ticket" && n.Tag == "!!null" { // left as it was printed
				return nil
			}
			filled[key], err = text(n, "a waiver, "+key)
			return err
		}
	}
	order := []string{"requirement", "message", "reason", "owner", "ticket", "expires", "intermittent", "with-followers"}
	members := map[string]member{}
	for _, key := range order {
		members[key] = read(key)
	}
	for key, flag := range map[string]*bool{"intermittent": &w.Intermittent, "with-followers": &w.WithFollowers} {
		members[key] = func(n *yaml.Node) error {
			if n.Kind != yaml.ScalarNode || n.Tag != "!!bool" {
				return wrong(n.Line, "a waiver, %s: write true or false", key)
			}
			return n.Decode(flag)
		}
	}
	members["expires"] = func(n *yaml.Node) (err error) {
		if filled["expires"], err = text(n, "a waiver, expires"); err != nil {
			return err
		}
		if w.Expires, err = time.Parse(time.DateOnly, n.Value); err != nil {
			return wrong(n.Line, "a waiver, expires: this is not a day; write 2027-01-31")
		}
		return nil
	}
	if err := mapping(node, "a waiver", members, order...); err != nil {
		return w, err
	}
	for _, key := range []string{"requirement", "reason", "owner", "expires"} {
		if filled[key] == "" {
			return w, wrong(node.Line, "a waiver has no %s", key)
		}
	}
	w.Requirement, w.Message = filled["requirement"], filled["message"]
	w.Reason, w.Owner, w.Ticket = filled["reason"], filled["owner"], filled["ticket"]
	return w, nil
}
