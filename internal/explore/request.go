package explore

import (
	"context"
	"encoding/json"
	"net/http"
	"net/url"
	"slices"
	"strings"

	"github.com/sa-conformance/conformance/internal/probe"
)

// Nowhere is the id of no account.
const Nowhere = "3d1b6a0e-52f7-4c44-9d2a-7c0b9e8f6a15"

// targets are other ways to name an account, by what they make of its id.
var targets = map[string]func(id string) string{
	"unknown":    func(string) string { return Nowhere },
	"malformed":  func(string) string { return "not-a-uuid" },
	"upper case": strings.ToUpper,
	"braces":     func(id string) string { return "{" + id + "}" },
	"urn":        func(id string) string { return "urn:uuid:" + id },
	"no dashes":  func(id string) string { return strings.ReplaceAll(id, "-", "") },
}

// organizations are other ways to name the organization.
var organizations = map[string]func(w *World) string{
	"unknown":    func(w *World) string { return w.s.Invented(Nowhere) },
	"other":      func(w *World) string { return w.s.Target().OtherOrganization },
	"upper case": func(w *World) string { return strings.ToUpper(w.s.Target().Organization) },
}

// headers are classes of header fields, each lawful, and none a reason to refuse the request.
var headers = map[string]func(r *probe.Request){
	"accept anything":  func(r *probe.Request) { header(r, "Accept", "*/*") },
	"accept nothing":   func(r *probe.Request) { r.Header.Del("Accept") },
	"accept several":   func(r *probe.Request) { header(r, "Accept", "text/html, application/json;q=0.9, */*;q=0.1") },
	"charset":          func(r *probe.Request) { header(r, "Content-Type", "application/json; charset=utf-8") },
	"chunked":          func(r *probe.Request) { r.Chunked = r.Body != nil },
	"method override":  func(r *probe.Request) { override(r, http.MethodDelete) },
	"language":         func(r *probe.Request) { header(r, "Accept-Language", "tr-TR, de;q=0.5") },
	"return minimal":   func(r *probe.Request) { header(r, "Prefer", "return=minimal") },
	"forwarded":        func(r *probe.Request) { header(r, "X-Forwarded-Host", "elsewhere.invalid") },
	"not if unchanged": func(r *probe.Request) { header(r, "If-Modified-Since", "Fri, 01 Jan 2100 00:00:00 GMT") },
}

func override(r *probe.Request, method string) {
	for _, name := range []string{"X-HTTP-Method-Override", "X-HTTP-Method", "X-Method-Override"} {
		header(r, name, method)
	}
}

// request builds the request of an operation. It is not ok if something that the operation needs is not there.
func (w *World) request(ctx context.Context, o Operation) (r probe.Request, wanted content, ok bool) {
	organization := w.s.Target().Organization
	if name, known := organizations[o.Organization]; o.Organization != "" {
		if !known || name(w) == "" {
			return r, wanted, false
		}
		organization = name(w)
	}
	w.mu.Lock()
	a := w.accounts[o.Account]
	w.mu.Unlock()
	id := ""
	if o.Target != "" || o.needsAccount() {
		if a == nil && o.Target != "unknown" && o.Target != "malformed" {
			return r, wanted, false
		}
		if a != nil {
			id = a.id
		}
		if o.Target != "" {
			id = targets[o.Target](id)
			if o.Target == "unknown" || o.Target == "malformed" {
				w.s.Invented(id)
			}
		}
	}
	if o.writes() {
		wanted = w.wanted(o, a)
	}
	body, err := o.body(wanted)
	if err != nil {
		return r, wanted, false
	}
	r = w.plain(o, organization, id, body)
	if change := headers[o.Header]; change != nil {
		change(&r)
	}
	return r, wanted, w.credential(ctx, o, &r)
}

func (o Operation) needsAccount() bool {
	return slices.Contains([]string{Update, Rotate, Delete}, o.Kind) || strings.HasSuffix(o.Kind, " account") || strings.HasSuffix(o.Kind, " rotate")
}

// plain is the request of an operation with the operator's credential.
func (w *World) plain(o Operation, organization, id string, body []byte) probe.Request {
	r := probe.Request{As: w.s.Operator(), Header: http.Header{"Accept": {"application/json"}}, Method: http.MethodGet}
	r.As.Authorization = slices.Clone(r.As.Authorization)
	collection := probe.Accounts(organization)
	one := probe.Account(organization, url.PathEscape(id))
	method, place, undeclared := strings.Cut(o.Kind, " ")
	switch {
	case o.Kind == Create:
		r.Method, r.Path, r.Operation = http.MethodPost, collection, probe.CreateOperation
	case o.Kind == List:
		r.Path, r.Operation = collection, probe.ListOperation
	case o.Kind == Update:
		r.Method, r.Path, r.Operation = http.MethodPut, one, probe.UpdateOperation
	case o.Kind == Rotate:
		r.Method, r.Path, r.Operation = http.MethodPost, one+"/rotate", probe.RotateOperation
	case o.Kind == Delete:
		r.Method, r.Path, r.Operation = http.MethodDelete, one, probe.DeleteOperation
	case o.Kind == Userinfo:
		r.Path = "/oauth2/v2/userinfo"
	case undeclared:
		r.Method = method
		r.Path = map[string]string{"account": one, "rotate": one + "/rotate", "userinfo": "/oauth2/v2/userinfo", "collection": collection}[place]
	}
	if o.writes() {
		r.Header, r.Body = probe.JSON(), body
	}
	return r
}

// body is the text that an operation sends.
func (o Operation) body(c content) ([]byte, error) {
	if !o.writes() {
		return nil, nil
	}
	document := c.document()
	for _, changes := range []map[string]breaking{Bodies, additions} {
		if change := changes[o.Body]; change != nil {
			return change(document)
		}
	}
	return json.Marshal(document)
}
