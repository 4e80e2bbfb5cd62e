// Package har writes a recording as an HAR file that can be judged again, and reads such files. It judges nothing.
package har

import (
	"encoding/json"

	"github.com/sa-conformance/conformance/internal/exchange"
)

// harVersion is the version of the HTTP Archive format; harFormat that of the members that this package adds to it, under
// the name _conformance: a reader takes additions as they come, and refuses a higher number.
const (
	harVersion = "1.2"
	harFormat  = 1
)

type harFile struct {
	Log harLog `json:"log"`
}

type harLog struct {
	Version string     `json:"version"`
	Creator harName    `json:"creator"`
	Pages   []harPage  `json:"pages"`
	Entries []harEntry `json:"entries"`
	Comment string     `json:"comment,omitempty"`
	Own     *harOwn    `json:"_conformance"`
}

type harName struct {
	Name    string `json:"name"`
	Version string `json:"version"`
}

// harPage is a conversation, so that a browser's network panel groups by it.
type harPage struct {
	Started string         `json:"startedDateTime"`
	ID      string         `json:"id"`
	Title   string         `json:"title"`
	Timings harPageTimings `json:"pageTimings"`
}

type harPageTimings struct {
	OnContentLoad int `json:"onContentLoad"`
	OnLoad        int `json:"onLoad"`
}

// harOwn is what the format has no place for, about the whole recording.
type harOwn struct {
	Format        int                     `json:"format"`
	Suite         string                  `json:"suite"`
	Facts         harFacts                `json:"facts"`
	Supplied      []string                `json:"supplied"`
	Conversations []exchange.Conversation `json:"conversations"`
	Head          json.RawMessage         `json:"head,omitempty"`
	Digests       []string                `json:"digests"`
}

type harFacts struct {
	Organization      string   `json:"organization"`
	OtherOrganization string   `json:"otherOrganization,omitempty"`
	Groups            []string `json:"groups"`
	Prefix            string   `json:"prefix"`
	Disguise          string   `json:"disguise,omitempty"`
	BaseURL           string   `json:"baseURL"`
}

type harEntry struct {
	Page     string       `json:"pageref"`
	Started  string       `json:"startedDateTime"`
	Time     float64      `json:"time"`
	Request  harRequest   `json:"request"`
	Response harResponse  `json:"response"`
	Cache    struct{}     `json:"cache"`
	Timings  harTimings   `json:"timings"`
	Error    string       `json:"_error,omitempty"` // of Chrome's, which shows it
	Own      *harExchange `json:"_conformance"`
}

// harExchange is what the format has no place for, about one exchange. Durations are in nanoseconds.
type harExchange struct {
	ID               string      `json:"id"`
	Probe            string      `json:"probe"`
	Step             string      `json:"step"`
	Operation        string      `json:"operation,omitempty"`
	Identity         string      `json:"identity"`
	Started          string      `json:"startedAt"`
	Connect          int64       `json:"connect"`
	Wait             int64       `json:"wait"`
	Receive          int64       `json:"receive"`
	Total            int64       `json:"total"`
	Chunked          bool        `json:"chunked,omitempty"`
	Old              bool        `json:"old,omitempty"`
	Failure          *harFailure `json:"failure,omitempty"`
	Foreign          string      `json:"foreign,omitempty"`
	Answered         bool        `json:"answered"` // a status line arrived
	Truncated        bool        `json:"truncated,omitempty"`
	ContentLength    int64       `json:"contentLength"`
	TransferEncoding []string    `json:"transferEncoding,omitempty"`
	HeaderCut        bool        `json:"headerCut,omitempty"`
	// Reduction is what was left out of a long list.
	Reduction *exchange.Reduction `json:"reduction,omitempty"`
	// Arrived is the length of the response's body before placeholders, 0 if they changed nothing.
	Arrived int `json:"arrived,omitempty"`
	// Apart is set for what is no evidence of everything, see Archive.
	Apart bool `json:"apart,omitempty"`
	// URL is the address in base64 if it is not UTF-8.
	URL []byte `json:"url,omitempty"`
}

type harFailure struct {
	Kind    exchange.Kind `json:"kind"`
	Message string        `json:"message"`
}

type harRequest struct {
	Method      string    `json:"method"`
	URL         string    `json:"url"`
	HTTPVersion string    `json:"httpVersion"`
	Cookies     []harPair `json:"cookies"`
	Headers     []harPair `json:"headers"`
	Query       []harPair `json:"queryString"`
	PostData    *harBody  `json:"postData,omitempty"`
	HeadersSize int       `json:"headersSize"`
	BodySize    int       `json:"bodySize"`
}

type harResponse struct {
	Status      int       `json:"status"`
	StatusText  string    `json:"statusText"`
	HTTPVersion string    `json:"httpVersion"`
	Cookies     []harPair `json:"cookies"`
	Headers     []harPair `json:"headers"`
	Content     harBody   `json:"content"`
	RedirectURL string    `json:"redirectURL"`
	HeadersSize int       `json:"headersSize"`
	BodySize    int       `json:"bodySize"`
}

// harPair is a header, or a parameter of a query. Raw is the value in base64 if it is not UTF-8.
type harPair struct {
	Name  string `json:"name"`
	Value string `json:"value"`
	Raw   []byte `json:"_base64,omitempty"`
}

// harBody is the content of a response, or the postData of a request, which has no encoding of its own.
type harBody struct {
	Size     *int   `json:"size,omitempty"`
	MimeType string `json:"mimeType"`
	Text     string `json:"text"`
	Encoding string `json:"encoding,omitempty"`
	// RequestEncoding is "base64" if the text of a postData is.
	RequestEncoding string `json:"_encoding,omitempty"`
	// Packed holds the body where Text shows it in short.
	Packed []harPiece `json:"_packed,omitempty"`
}

// harPiece is some bytes of a body, or one byte many times.
type harPiece struct {
	Bytes []byte `json:"base64,omitempty"`
	Byte  byte   `json:"byte,omitempty"`
	Times int    `json:"times,omitempty"`
}

type harTimings struct {
	Blocked float64 `json:"blocked"`
	DNS     float64 `json:"dns"`
	Connect float64 `json:"connect"`
	Send    float64 `json:"send"`
	Wait    float64 `json:"wait"`
	Receive float64 `json:"receive"`
	SSL     float64 `json:"ssl"`
}
