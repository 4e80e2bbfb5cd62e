package html

import (
	"net/http"
	"slices"
	"strconv"
	"strings"

	"github.com/sa-conformance/conformance/internal/report"
)

// pageExchange is a request and its response on a page.
type pageExchange struct {
	Anchor   string // the fragment that leads to it
	Name     string // its id where it stands alone, its step among its own conversation
	Identity string
	Took     string
	Method   string
	Request  pageMessage
	Answered bool
	Status   string
	Class    string // of the status: "s2", "s4", …, or "s0" if there is no response
	Response pageMessage
	Failure  string
	Curl     string
	// Variables says what the variables in the line stand for, on the card of a failure.
	Variables string
	// Marked says which member of the response is marked.
	Marked string
}

// pageMessage is a request or a response on a page.
type pageMessage struct {
	Start   string
	Headers string
	Body    []bodyPart
	Note    string
}

func itoa(n int) string { return strconv.Itoa(n) }

func anchor(index int) string { return "x" + itoa(index+1) }

// exchange shows an exchange, alone or among its own conversation, where it leaves out the headers that are told once
// for all of them. Of pointers, those that name members of the response are marked.
func (m *pageMaker) exchange(index int, d detail, pointers []string, alone bool) pageExchange {
	e := &m.report.Exchanges[index]
	x := pageExchange{
		Anchor:   anchor(index),
		Name:     report.Shorten(report.Printable(choose(alone, e.ID, e.Step)), d.line),
		Identity: report.Shorten(report.Printable(e.Identity), d.line),
		Took:     took(e.Seconds),
		Method:   report.Shorten(report.Printable(e.Request.Method), d.line),
		Failure:  report.Shorten(report.Printable(e.Failure), d.text),
		Status:   "no response",
		Class:    "s0",
	}
	address := report.Printable(e.Request.URL)
	var omit, omitAnswer []string
	if !alone {
		address = strings.TrimPrefix(address, m.base)
		omit, omitAnswer = m.everyRequest, m.everyAnswer
	}
	x.Request = showMessage(&e.Request, x.Method+" "+report.Shorten(address, d.line), m.laid[index].request, nil, omit, d)
	if e.Response != nil {
		var lit map[int]bool
		x.Answered, x.Class = true, "s"+itoa(e.Response.Status/100)
		x.Status = itoa(e.Response.Status)
		x.Marked, lit = mark(m.laid[index].response, pointers)
		start := strings.TrimSpace(report.Printable(e.Response.Proto) + " " + x.Status + " " + http.StatusText(e.Response.Status))
		x.Response = showMessage(e.Response, start, m.laid[index].response, lit, omitAnswer, d)
	}
	if lines := report.PrintableLines(e.Curl); (alone || len(m.failing[index]) > 0) && len(e.Curl) <= d.curl {
		x.Curl = strings.Join(lines, "\n")
		if alone {
			x.Variables = report.Printable(strings.Join(report.CurlVariables(*e), "; "))
		}
	}
	return x
}

// mark finds what pointers name in a body, and says in words what it found.
func mark(lines []bodyLine, pointers []string) (told string, lit map[int]bool) {
	lit = map[int]bool{}
	var notes []string
	for _, pointer := range pointers {
		found, these, ok := marked(lines, pointer)
		if !ok || pointer == "" {
			continue
		}
		for i := range these {
			lit[i] = true
		}
		switch found {
		case pointer:
			notes = append(notes, report.Printable(pointer))
		case "":
			notes = append(notes, "the whole, for "+report.Printable(pointer)+" is not there")
		default:
			notes = append(notes, report.Printable(found)+", for "+report.Printable(pointer)+" is not there")
		}
	}
	slices.Sort(notes)
	return strings.Join(slices.Compact(notes), "; "), lit
}

// showMessage shows a request or a response, without the headers to omit.
func showMessage(msg *report.Message, start string, lines []bodyLine, lit map[int]bool, omit []string, d detail) pageMessage {
	p := pageMessage{Start: start}
	var headers []string
	for i, header := range msg.Headers {
		if slices.Contains(omit, header) {
			continue
		}
		if len(headers) == d.header {
			headers = append(headers, "… "+report.Plural(len(msg.Headers)-i, "header", "headers")+" left out")
			break
		}
		headers = append(headers, report.Shorten(report.Printable(header), d.line))
	}
	p.Headers = strings.Join(headers, "\n")
	if msg.Body == "" {
		return p
	}
	p.Body = parts(lines, lit, d.body, d.line)
	if msg.BodyTruncated {
		p.Note = "The body is cut here; it has " + report.Plural(msg.BodyBytes, "byte", "bytes") + "."
	}
	return p
}

// took says how long something lasted.
func took(seconds float64) string {
	switch ms := seconds * thousand; {
	case ms < 10:
		return strconv.FormatFloat(max(0, ms), 'f', 1, 64) + " ms"
	case ms < thousand:
		return strconv.FormatFloat(ms, 'f', 0, 64) + " ms"
	default:
		return strconv.FormatFloat(seconds, 'f', 2, 64) + " s"
	}
}

// everywhere lists the header lines that all of some messages carry.
func everywhere(messages []*report.Message) []string {
	var lines []string
	for i, msg := range messages {
		if i == 0 {
			lines = slices.Clone(msg.Headers)
		}
		lines = slices.DeleteFunc(lines, func(line string) bool { return !slices.Contains(msg.Headers, line) })
	}
	if len(messages) < 2 {
		return nil
	}
	return lines
}
