package matcher

import "testing"

func TestHaveWellFormedFields(t *testing.T) {
	m := HaveWellFormedFields()
	date := "Sat, 28 Nov 2026 12:00:00 GMT"
	accepts(t, "none", m, answer(200, ""))
	accepts(t, "all", m, answer(
		200, "", "Content-Type", "application/json; charset=utf-8", "ETag", `W/"5c,1f"`, "Last-Modified", date, "Date", date, "Location", "/a?b=c#d", "Retry-After", "120",
	))
	accepts(t, "other forms", m, answer(503, "", "ETag", `""`, "Location", "https://host/a%20b", "Retry-After", date))
	accepts(t, "a gateway that dates by its own clock", m, answer(200, "", "Date", "Sat, 28 Nov 2026 12:00:00 GMT", "Last-Modified", "Sat, 28 Nov 2026 12:00:30 GMT"))
	accepts(t, "an old form of a time", m, answer(200, "", "Last-Modified", "Saturday, 28-Nov-26 12:00:00 GMT"))
	refuses(t, "twice", m, answer(200, "", "Content-Type", "application/json", "Content-Type", "text/plain"),
		"expected: one field Content-Type | seen: 2 headers Content-Type | in: p/s")
	refuses(t, "an entity tag without marks", m, answer(200, "", "ETag", "5c1f"), `expected: Etag: an entity tag in quotation marks | seen: Etag: "5c1f" | in: p/s`)
	refuses(t, "a time in words", m, answer(429, "", "Retry-After", "soon"), `expected: Retry-After: seconds or a time of HTTP | seen: Retry-After: "soon" | in: p/s`)
	refuses(t, "a blank", m, answer(201, "", "Location", "/a b"), `expected: Location: a reference to a resource | seen: Location: "/a b" | in: p/s`)
	refuses(t, "tomorrow", m, answer(200, "", "Date", date, "Last-Modified", "Sun, 29 Nov 2026 12:00:00 GMT"),
		`expected: a Last-Modified that is not later than Date | seen: Last-Modified: "Sun, 29 Nov 2026 12:00:00 GMT" | in: p/s`)
}
