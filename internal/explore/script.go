package explore

import (
	"bytes"
	"encoding/json"
	"fmt"
	"slices"
)

// Script is a conversation that can be held again.
type Script struct {
	// Version is 1.
	Version int `json:"version"`
	// Requirement is the one that failed, "" for none, and Seed what chose the operations.
	Requirement string      `json:"requirement,omitempty"`
	Seed        uint64      `json:"seed"`
	Operations  []Operation `json:"operations"`
}

// Encode is the script as a file.
func (s Script) Encode() ([]byte, error) {
	s.Version = 1
	text, err := json.MarshalIndent(s, "", "  ")
	if err != nil {
		return nil, fmt.Errorf("encoding the script: %w", err)
	}
	return append(text, '\n'), nil
}

// ParseScript reads a file.
func ParseScript(text []byte) (Script, error) {
	var s Script
	decoder := json.NewDecoder(bytes.NewReader(text))
	decoder.DisallowUnknownFields()
	if err := decoder.Decode(&s); err != nil {
		return s, fmt.Errorf("reading the script: %w", err)
	}
	if s.Version != 1 || len(s.Operations) == 0 {
		return s, fmt.Errorf("it is no script of version 1 with operations")
	}
	for i, o := range s.Operations {
		if !o.known() {
			return s, fmt.Errorf("operation %d is not one that this version knows", i+1)
		}
	}
	return s, nil
}

// known reports whether an operation names nothing that is in no table.
func (o Operation) known() bool {
	_, name := names[o.Name]
	_, target := targets[o.Target]
	_, organization := organizations[o.Organization]
	_, header := headers[o.Header]
	_, breaks := Bodies[o.Body]
	_, adds := additions[o.Body]
	kinds := append([]string{Create, List, Update, Rotate, Delete, Userinfo, Settle, Refused, Wait}, undeclaredKinds...)
	return slices.Contains(kinds, o.Kind) && (name || slices.Contains(alike, o.Name)) && (target || o.Target == "") && (organization || o.Organization == "") &&
		(header || o.Header == "") && (breaks || adds || o.Body == "") && o.Holder >= 0
}
