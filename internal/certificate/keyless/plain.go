package keyless

import "strings"

// explanations are for errors of the library that only its authors understand, by a part of them.
var explanations = []struct{ part, text string }{
	{"calculated root", "the proof of inclusion is of another entry"},
	{"not enough verified log entries", "the log did not sign this entry with this number and time"},
	{"signature does not match", "it is of another signature"},
	{"certificate does not match", "it is of another certificate"},
	{"payload hash", "it is of another statement"},
	{"threshold not met", "neither the log nor a timestamp authority of the trusted root says when it was made"},
	{"leaf certificate verification failed", "the certificate of who signed is of no authority of the trusted root, or is not for signing"},
	{"no Subject Alternative Name", "the certificate of who signed has no name"},
	{"could not verify envelope", "it is not of this statement, or not by this certificate"},
	{"SCT entries", "no log of certificates that the trusted root names has the certificate of who signed"},
}

// plain is an error of the library in plain words.
func plain(err error) string {
	for _, e := range explanations {
		if strings.Contains(err.Error(), e.part) {
			return e.text
		}
	}
	return line(err)
}
