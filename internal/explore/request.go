package explore

import (
	"bytes"
	"compress/gzip"
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
	"unknown":   func(string) string { return Nowhere },
	"malformed": func(string) string { return "not-a-uuid" },
	"one digit": func(id string) string { // beside the account
		if strings.HasSuffix(id, "0") {
			return id[:max(len(id)-1, 0)] + "1"
		}
		return id[:max(len(id)-1, 0)] + "0"
	},
	"nil":        func(string) string { return "00000000-0000-0000-0000-000000000000" },
	"number":     func(string) string { return "1" },
	"long":       func(string) string { return strings.Repeat("a", 300) },
	"upper case": strings.ToUpper,
	"braces":     func(id string) string { return "{" + id + "}" },
	"urn":        func(id string) string { return "urn:uuid:" + id },
	"no dashes":  func(id string) string { return strings.ReplaceAll(id, "-", "") },
}

// nobodys are the targets that are no account.
var nobodys = []string{"unknown", "malformed", "one digit", "nil", "number", "long"}

// organizations are other ways to name the organization.
var organizations = map[string]func(w *World) string{
	"unknown":    func(w *World) string { return w.s.Invented(Nowhere) },
	"other":      func(w *World) string { return w.s.Target().OtherOrganization },
	"upper case": func(w *World) string { return strings.ToUpper(w.s.Target().Organization) },
	"nil":        func(w *World) string { return w.s.Invented("00000000-0000-0000-0000-000000000000") },
	"malformed":  func(w *World) string { return w.s.Invented("not-a-uuid") },
}

// headers are classes of header fields, each lawful, and none a reason to refuse the request.
var headers = map[string]func(r *probe.Request){
	"accept anything": func(r *probe.Request) { header(r, "Accept", "*/*") },
	"accept nothing":  func(r *probe.Request) { r.Header.Del("Accept") },
	"accept several":  func(r *probe.Request) { header(r, "Accept", "text/html, application/json;q=0.9, */*;q=0.1") },
	"charset":         func(r *probe.Request) { mediaType(r, "application/json; charset=utf-8") },
	"chunked":         func(r *probe.Request) { r.Chunked = r.Body != nil },
	"method override": func(r *probe.Request) { override(r, http.MethodDelete) },
	"language":        func(r *probe.Request) { header(r, "Accept-Language", "tr-TR, de;q=0.5") },
	"return minimal":  func(r *probe.Request) { header(r, "Prefer", "return=minimal") },
	"forwarded":       func(r *probe.Request) { header(r, "X-Forwarded-Host", "elsewhere.invalid") },
	"other address": func(r *probe.Request) { // fields by which proxies name another address, or another caller
		for _, name := range []string{"X-Original-Url", "X-Rewrite-Url", "X-Forwarded-Prefix"} {
			header(r, name, "/healthz")
		}
		for _, name := range []string{"X-Forwarded-For", "X-Real-Ip", "Forwarded"} {
			header(r, name, "127.0.0.1")
		}
	},
	"accept charset":     func(r *probe.Request) { header(r, "Accept", "application/json; charset=utf-8") },
	"accept json last":   func(r *probe.Request) { header(r, "Accept", "application/xml;q=0.1, application/json") },
	"gzip":               func(r *probe.Request) { header(r, "Accept-Encoding", "gzip") },
	"coding of any kind": func(r *probe.Request) { header(r, "Accept-Encoding", "br;q=1.0, gzip;q=0.8, *;q=0.1") },
	"cookie":             func(r *probe.Request) { header(r, "Cookie", "theme=dark; session=0") },
	"request id":         func(r *probe.Request) { header(r, "X-Request-Id", "request-1") },
	"no cache":           func(r *probe.Request) { header(r, "Cache-Control", "no-cache"); header(r, "Pragma", "no-cache") },
	"other agent":        func(r *probe.Request) { header(r, "User-Agent", "curl/8.5.0") },
	"close":              func(r *probe.Request) { header(r, "Connection", "close") },
	// Other ways to say that JSON is sent and wanted, two in each request.
	"spelled in capitals":  spelled("Application/JSON", "application/*"),
	"spelled close":        spelled("application/json;charset=utf-8", "*/*"),
	"spelled in quotes":    spelled(`application/json; charset="UTF-8"`, "text/html, application/json;q=0.9, */*;q=0.1"),
	"spelled with charset": spelled("application/json; charset=UTF-8", "application/json; q=1.0"),
	"spelled with gzip": func(r *probe.Request) {
		mediaType(r, "application/json; charset=utf-8")
		header(r, "Accept-Encoding", "gzip")
	},
	// Fields that mean nothing to a write, all in one request.
	"many fields": func(r *probe.Request) {
		for name, value := range map[string]string{
			"Range": "bytes=0-9", "Accept-Language": "tr-TR, de;q=0.5", "Accept-Charset": "utf-8", "Cookie": "theme=dark; session=0", "X-Request-Id": "request-1",
			"Cache-Control": "no-cache", "Referer": "https://console.invalid/accounts?id=1", "Tracestate": "a=1", "Baggage": "user=me", "Priority": "u=1",
			"Dnt": "1", "Upgrade-Insecure-Requests": "1", "Sec-Fetch-Mode": "cors", "Te": "trailers", "Max-Forwards": "3",
		} {
			header(r, name, value)
		}
	},
	// The method of another operation where some frameworks look for it. It is a good update all the same.
	"method in the query": func(r *probe.Request) {
		if r.Method == http.MethodPut { // of a collection it could delete all
			r.Path += "?_method=DELETE&method=DELETE&x-http-method-override=DELETE"
		}
	},
	// A rotation needs no body (contract section 3), and passes over one or refuses it.
	"with a body": func(r *probe.Request) {
		if r.Body == nil && r.Method == http.MethodPost {
			r.Body = []byte("{}")
			mediaType(r, "application/json")
		}
	},
	"as text": func(r *probe.Request) { mediaType(r, "text/plain") },
	// A content coding that a target need not know (RFC 9110 section 15.5.16).
	"body in gzip": func(r *probe.Request) {
		if r.Body == nil {
			return
		}
		var packed bytes.Buffer
		w := gzip.NewWriter(&packed)
		_, _ = w.Write(r.Body) // a buffer takes everything
		_ = w.Close()
		r.Body = packed.Bytes()
		header(r, "Content-Encoding", "gzip")
	},
	"media in capitals": func(r *probe.Request) { mediaType(r, "Application/JSON") },
	"charset in quotes": func(r *probe.Request) { mediaType(r, `application/json;charset="UTF-8"`) },
	"if match any":      func(r *probe.Request) { header(r, "If-Match", "*") },
	"if none match":     func(r *probe.Request) { header(r, "If-None-Match", `"no-such-version"`) },
	"referer":           func(r *probe.Request) { header(r, "Referer", "https://console.invalid/accounts?id=1") },
	"expect":            func(r *probe.Request) { expect(r) },
	"trace state":       func(r *probe.Request) { header(r, "Tracestate", "a=1"); header(r, "Baggage", "user=me") },
	"not if unchanged":  func(r *probe.Request) { header(r, "If-Modified-Since", "Fri, 01 Jan 2100 00:00:00 GMT") },
}

func spelled(sent, wanted string) func(*probe.Request) {
	return func(r *probe.Request) {
		mediaType(r, sent)
		header(r, "Accept", wanted)
	}
}

// mediaType names the media type of a request that has a body.
func mediaType(r *probe.Request, value string) {
	if r.Body != nil {
		header(r, "Content-Type", value)
	}
}

// expect lets the target say whether it wants the body (RFC 9110 section 10.1.1).
func expect(r *probe.Request) {
	if r.Body != nil {
		header(r, "Expect", "100-continue")
	}
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
	a := w.known(o.Account)
	id := ""
	if o.Target != "" || o.needsAccount() {
		if a == nil && !slices.Contains(nobodys, o.Target) {
			return r, wanted, false
		}
		if a != nil {
			id = a.id
		}
		if o.Target != "" {
			id = targets[o.Target](id)
			if slices.Contains(nobodys, o.Target) {
				w.s.Invented(id)
			}
		}
	}
	if o.carries() {
		wanted = w.wanted(o, a)
	}
	body, err := o.body(wanted)
	if err != nil {
		return r, wanted, false
	}
	if other := w.another(o.Account); o.Body == "read-only members" && other != "" { // which must not be written instead
		body = bytes.Replace(body, []byte(`"id":"`+Nowhere), []byte(`"id":"`+other), 1)
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
	if o.carries() {
		r.Header, r.Body = probe.JSON(), body
	}
	return r
}

// body is the text that an operation sends.
func (o Operation) body(c content) ([]byte, error) {
	if !o.carries() {
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
