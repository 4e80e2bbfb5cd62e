package matcher

import "testing"

func TestHaveHeader(t *testing.T) {
	m := HaveHeader("Allow")
	accepts(t, "there", m, answer(405, "", "Allow", "GET"))
	accepts(t, "void", m, answer(405, "", "Allow", ""))
	refuses(t, "absent", m, answer(405, ""), "expected: a header Allow | seen: status 405 Method Not Allowed without it | in: p/s")
	lacks(t, "no response", m, dropped("s"), "p/s was not answered: closed")
}

func TestHaveDirective(t *testing.T) {
	m := HaveDirective("Cache-Control", "no-store")
	accepts(t, "alone", m, answer(201, "", "Cache-Control", "no-store"))
	accepts(t, "any case", m, answer(201, "", "Cache-Control", "No-Store"))
	accepts(t, "among others", m, answer(201, "", "Cache-Control", "no-cache, no-store ,max-age=0"))
	accepts(t, "in the second header", m, answer(201, "", "Cache-Control", "no-cache", "Cache-Control", "no-store"))
	refuses(t, "another", m, answer(201, "", "Cache-Control", "no-cache"), `expected: Cache-Control: no-store | seen: Cache-Control: "no-cache" | in: p/s`)
	refuses(t, "part of another", m, answer(201, "", "Cache-Control", "x-no-store"), `expected: Cache-Control: no-store | seen: Cache-Control: "x-no-store" | in: p/s`)
	refuses(t, "absent", m, answer(201, ""), "expected: Cache-Control: no-store | seen: no header Cache-Control | in: p/s")
	lacks(t, "no response", m, dropped("s"), "p/s was not answered: closed")
}

func TestHaveNoBody(t *testing.T) {
	accepts(t, "none", HaveNoBody(), answer(200, ""))
	refuses(t, "one", HaveNoBody(), answer(200, jws[:5]), "expected: no body | seen: a body of 5 bytes | in: p/s")
	lacks(t, "no response", HaveNoBody(), dropped("s"), "p/s was not answered: closed")
}
