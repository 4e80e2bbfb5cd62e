package spec

import (
	"errors"
	"fmt"
)

// uuidLength is the length of the textual form: 32 digits and 4 hyphens.
const uuidLength = 36

// CheckUUID tells what keeps a string from being the textual form of a UUID (RFC 9562 section 4): 8-4-4-4-12
// hexadecimal digits of either case. Any version and variant is one, the nil and max UUIDs too. Errors do not hold
// the string.
func CheckUUID(s string) error {
	if len(s) != uuidLength {
		return fmt.Errorf("not %d characters long", uuidLength)
	}
	for i := range len(s) {
		switch i {
		case 8, 13, 18, 23:
			if s[i] != '-' {
				return fmt.Errorf("no hyphen at position %d", i)
			}
		default:
			if !isHex(s[i]) {
				return errors.New("a character that is no hexadecimal digit where one belongs")
			}
		}
	}
	return nil
}

func isHex(b byte) bool {
	return isDigit(b) || 'a' <= b|0x20 && b|0x20 <= 'f'
}

func isDigit(b byte) bool { return '0' <= b && b <= '9' }
