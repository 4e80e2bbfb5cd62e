package redact

import "bytes"

const (
	// marksOfDumps part the numbers of a dump, and mostMarks is how many of them stand between two.
	marksOfDumps, mostMarks = " \t\r\n,;:-._+|/", 3
	// mostDigits is how many digits a number of a dump has, zeros before it included.
	mostDigits = 6
)

// dumps calls visit with the place of every dump of bytes, a list of numbers with marks between them, and with the bytes:
// 71:38:5a, 0x71, 0x38, U+0071 U+0038, \71 \38 and 113,56,90. Numbers without a prefix are read as two hexadecimal digits and as
// decimal.
func dumps(text []byte, visit func(start, end int, plain []byte)) {
	for at := 0; at < len(text); at++ {
		if c := text[at]; !isHexDigit(c) && c != '\\' && c|0x20 != 'u' || at > 0 && class(text[at-1]) != other {
			continue
		}
		hexadecimal, decimal, end := dump(text[at:])
		for _, plain := range [][]byte{hexadecimal, decimal} {
			if len(plain) >= shortest {
				visit(at, at+end, plain)
			}
		}
		if end > 0 {
			at += end - 1
		}
	}
}

// dump reads the dump that a text begins with; nil for a reading that some number of it has not. End is where it ends.
func dump(text []byte) (hexadecimal, decimal []byte, end int) {
	prefix := prefixOf(text)
	if prefix == "" && len(text) > 3 && isHexDigit(text[1]) && isHexDigit(text[2]) && isHexDigit(text[3]) { // no byte has so many digits
		return nil, nil, 0
	}
	isHex, isDecimal := true, prefix == ""
	for at := 0; ; {
		if len(text)-at <= len(prefix) || !bytes.EqualFold(text[at:at+len(prefix)], []byte(prefix)) {
			break
		}
		first := at + len(prefix)
		last := first
		for last < len(text) && last-first < mostDigits && isHexDigit(text[last]) {
			last++
		}
		digits := text[first:last]
		if len(digits) == 0 || last < len(text) && class(text[last]) != other {
			break
		}
		const most = 0xff
		hexByte, _ := number(digits, 16)
		byTen, inDigits := number(digits, 10)
		isHex = isHex && hexByte <= most && (prefix != "" || len(digits) == 2)
		isDecimal = isDecimal && inDigits && byTen <= most
		if !isHex && !isDecimal {
			break
		}
		hexadecimal, decimal, end = append(hexadecimal, byte(hexByte)), append(decimal, byte(byTen)), last
		at = last
		for at < len(text) && at-last < mostMarks && bytes.IndexByte([]byte(marksOfDumps), text[at]) >= 0 {
			at++
		}
		if at == last {
			break
		}
	}
	if !isHex {
		hexadecimal = nil
	}
	if !isDecimal {
		decimal = nil
	}
	return hexadecimal, decimal, end
}

// prefixOf is what a text begins with before the digits of a number; "" for nothing.
func prefixOf(text []byte) string {
	for _, prefix := range []string{"0x", "U+", `\`} {
		if len(text) > len(prefix) && bytes.EqualFold(text[:len(prefix)], []byte(prefix)) {
			return prefix
		}
	}
	return ""
}

func isHexDigit(c byte) bool {
	return class(c) == digit || 'a' <= c|0x20 && c|0x20 <= 'f'
}

// figures looks for a dump in the numbers of a JSON array.
func (f *finder) figures(text []byte, offset int) {
	if f.registry == nil {
		return
	}
	dumps(text, func(start, end int, plain []byte) {
		if known, _ := f.index.search(plain, nil); len(known) > 0 {
			f.found = append(f.found, span{start: offset + start, end: offset + end, kind: figure})
		}
	})
}
