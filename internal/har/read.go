package har

import (
	"bytes"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"time"
	"unicode/utf8"

	"github.com/sa-conformance/conformance/internal/exchange"
)

// The sizes up to which a recording is read: the file, one body once it is unpacked, and all bodies together.
const (
	MaxHAR      = 128 << 20
	maxUnpacked = 32 << 20
	maxBodies   = 512 << 20
)

// ErrNotRecording tells that a file is no recording of this suite.
var ErrNotRecording = errors.New("this is not a recording of the suite")

// Read reads what WriteHAR wrote, also an earlier version of it; members that it does not know are ignored. It takes
// nothing for granted: the file may come from anybody. Facts.Recorded is set in what it returns.
func Read(r io.Reader) (*exchange.Archive, error) {
	text, err := io.ReadAll(io.LimitReader(r, MaxHAR+1))
	switch {
	case err != nil:
		return nil, fmt.Errorf("reading the recording: %w", err)
	case len(text) > MaxHAR:
		return nil, fmt.Errorf("%w: it is longer than %d MiB", ErrNotRecording, MaxHAR>>20)
	case len(bytes.TrimSpace(text)) == 0:
		return nil, fmt.Errorf("%w: it is empty", ErrNotRecording)
	}
	var file harFile
	if err := json.Unmarshal(text, &file); err != nil {
		return nil, fmt.Errorf("%w: %s", ErrNotRecording, notJSON(err))
	}
	own := file.Log.Own
	switch {
	case own == nil && file.Log.Version == "":
		return nil, fmt.Errorf("%w: it is no HAR file", ErrNotRecording)
	case own == nil:
		return nil, fmt.Errorf("%w: it is a HAR file that something else wrote", ErrNotRecording)
	case own.Format < 1 || own.Format > harFormat:
		return nil, fmt.Errorf("%w: its format is %d, and this version of the suite reads up to %d", ErrNotRecording, own.Format, harFormat)
	case len(file.Log.Entries) == 0 && len(own.Conversations) == 0:
		return nil, fmt.Errorf("%w: it holds no exchange", ErrNotRecording)
	}
	a := &exchange.Archive{
		Apart: map[string]bool{},
		Suite: own.Suite, Supplied: own.Supplied, Head: own.Head, Conversations: own.Conversations, Digests: own.Digests,
		Facts: exchange.Facts{
			Organization: own.Facts.Organization, OtherOrganization: own.Facts.OtherOrganization, Groups: own.Facts.Groups,
			Prefix: own.Facts.Prefix, Disguise: own.Facts.Disguise, BaseURL: own.Facts.BaseURL, Recorded: true, Digests: own.Digests,
		},
	}
	u := unpacker{left: maxBodies, recording: &exchange.Recording{}}
	ids := map[string]bool{}
	for i, entry := range file.Log.Entries {
		e, err := u.exchange(entry)
		if err == nil && ids[e.ID] {
			err = errors.New("its id is that of another")
		}
		if err != nil {
			return nil, fmt.Errorf("%w: entry %d: %w", ErrNotRecording, i+1, err)
		}
		ids[e.ID] = true
		if entry.Own.Apart {
			a.Apart[e.ID] = true
		}
		a.Exchanges = append(a.Exchanges, e)
	}
	return a, nil
}

func notJSON(err error) string {
	var syntax *json.SyntaxError
	var mistyped *json.UnmarshalTypeError
	switch {
	case errors.As(err, &syntax) && syntax.Error() == "unexpected end of JSON input":
		return "it breaks off"
	case errors.As(err, &mistyped):
		return "a member is not of the type that HAR gives it"
	}
	return "it is not JSON"
}

// unpacker turns entries into exchanges. It stops at a number of bytes, for a small file can hold large bodies.
type unpacker struct {
	left      int
	recording *exchange.Recording // keeps some of the bodies decoded
}

func (u *unpacker) exchange(entry harEntry) (*exchange.Exchange, error) {
	own := entry.Own
	if own == nil || own.ID == "" || own.Probe == "" || own.Step == "" {
		return nil, errors.New("it has no id, probe and step")
	}
	started, err := time.Parse(time.RFC3339Nano, own.Started)
	if err != nil {
		return nil, errors.New("its startedAt is no date-time")
	}
	if own.Connect < 0 || own.Wait < 0 || own.Receive < 0 || own.Total < 0 {
		return nil, errors.New("a duration is negative")
	}
	e := &exchange.Exchange{
		ID: own.ID, Probe: own.Probe, Step: own.Step, Operation: own.Operation, Identity: own.Identity, Foreign: own.Foreign, StartedAt: started.UTC(),
		Timings: exchange.Timings{
			Connect: time.Duration(own.Connect), Wait: time.Duration(own.Wait), Receive: time.Duration(own.Receive),
			Total: time.Duration(own.Total),
		},
		Request: exchange.Request{Method: entry.Request.Method, URL: entry.Request.URL, Header: headerOf(entry.Request.Headers), Chunked: own.Chunked, Old: own.Old},
	}
	if own.URL != nil {
		e.Request.URL = string(own.URL)
	}
	if data := entry.Request.PostData; data != nil {
		data.Encoding = data.RequestEncoding
		if e.Request.Body, err = u.body(*data); err != nil {
			return nil, err
		}
	}
	if own.Failure != nil {
		e.Failure = &exchange.Failure{Kind: own.Failure.Kind, Message: own.Failure.Message}
	}
	u.recording.Add(e)
	if !own.Answered {
		return e, nil
	}
	answer := entry.Response
	if answer.Status < 100 || answer.Status > 999 {
		return nil, fmt.Errorf("its status is %d", answer.Status)
	}
	e.Response = &exchange.Response{
		Status: answer.Status, Proto: answer.HTTPVersion, Header: headerOf(answer.Headers), Truncated: own.Truncated,
		ContentLength: own.ContentLength, TransferEncoding: own.TransferEncoding, Arrived: max(own.Arrived, 0), Reduction: own.Reduction, HeaderCut: own.HeaderCut,
	}
	e.Response.Body, err = u.body(answer.Content)
	return e, err
}

func headerOf(pairs []harPair) http.Header {
	header := http.Header{}
	for _, pair := range pairs {
		value := pair.Value
		if pair.Raw != nil {
			value = string(pair.Raw)
		}
		header[pair.Name] = append(header[pair.Name], value)
	}
	return header
}

func (u *unpacker) body(b harBody) ([]byte, error) {
	body := []byte(b.Text)
	switch {
	case b.Packed != nil:
		size := 0
		for _, piece := range b.Packed {
			if piece.Times < 0 || piece.Times > maxUnpacked || len(piece.Bytes) > maxUnpacked {
				return nil, errors.New("a body is too long")
			}
			if size += piece.Times + len(piece.Bytes); size > min(maxUnpacked, u.left) {
				return nil, errors.New("a body is too long")
			}
		}
		body = make([]byte, 0, size)
		for _, piece := range b.Packed {
			body = append(body, piece.Bytes...)
			body = append(body, bytes.Repeat([]byte{piece.Byte}, piece.Times)...)
		}
	case b.Encoding == "base64":
		var err error
		if body, err = base64.StdEncoding.DecodeString(b.Text); err != nil {
			return nil, errors.New("a body is not base64")
		}
	case b.Encoding != "" || !utf8.ValidString(b.Text):
		return nil, errors.New("a body has an unknown encoding")
	}
	if u.left -= len(body); u.left < 0 {
		return nil, errors.New("the bodies are too long")
	}
	return body, nil
}
