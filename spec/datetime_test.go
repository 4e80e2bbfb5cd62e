package spec

import (
	"strings"
	"testing"
	"time"
)

func TestParseDateTime(t *testing.T) {
	tests := map[string]string{
		"2024-05-31T14:11:00Z":                  "2024-05-31T14:11:00Z",
		"2024-05-31t14:11:00z":                  "2024-05-31T14:11:00Z",
		"2024-05-31T14:11:00.5Z":                "2024-05-31T14:11:00.5Z",
		"2024-05-31T14:11:00.1234567899999999Z": "2024-05-31T14:11:00.123456789Z",
		"2024-05-31T14:11:00+02:00":             "2024-05-31T12:11:00Z",
		"2024-05-31T14:11:00-23:59":             "2024-06-01T14:10:00Z",
		"2024-05-31T14:11:00-00:00":             "2024-05-31T14:11:00Z",
		"2024-02-29T00:00:00Z":                  "2024-02-29T00:00:00Z",
		"0000-01-01T00:00:00Z":                  "0000-01-01T00:00:00Z",
		"9999-12-31T23:59:59.999Z":              "9999-12-31T23:59:59.999Z",
		"2016-12-31T23:59:60Z":                  "2017-01-01T00:00:00Z",
		"1990-12-31T15:59:60-08:00":             "1991-01-01T00:00:00Z",
		"2015-07-01T01:59:60.25+02:00":          "2015-07-01T00:00:00Z",
	}
	for s, want := range tests {
		got, err := ParseDateTime(s)
		if err != nil || got.UTC().Format(time.RFC3339Nano) != want {
			t.Errorf("ParseDateTime(%q) = %v, %v, want %s", s, got.UTC(), err, want)
		}
	}
}

func TestParseDateTimeRefuses(t *testing.T) {
	tests := map[string]string{
		"":                                  "shorter than",
		"2024-05-31":                        "shorter than",
		"2024-05-31T14:11Z":                 "shorter than",
		"2024-05-31 14:11:00Z":              "no T",
		"2024_05-31T14:11:00Z":              "no '-' at position 4",
		"2024-05-31T14.11:00Z":              "no ':' at position 13",
		"2O24-05-31T14:11:00Z":              "no digit at position 1",
		"２０２４-05-31T14:11:00Z":              "no digit at position 0",
		"2024-00-31T14:11:00Z":              "month",
		"2024-13-31T14:11:00Z":              "month",
		"2024-05-00T14:11:00Z":              "day",
		"2024-04-31T14:11:00Z":              "day",
		"2023-02-29T14:11:00Z":              "day",
		"1900-02-29T14:11:00Z":              "day",
		"2024-12-32T14:11:00Z":              "day",
		"2024-05-31T24:00:00Z":              "hour",
		"2024-05-31T14:60:00Z":              "minute",
		"2024-05-31T14:11:61Z":              "second",
		"2024-05-31T14:11:60Z":              "leap second",
		"2024-05-30T23:59:60Z":              "leap second",
		"2024-12-31T23:59:60+01:00":         "leap second",
		"2024-05-31T14:11:00":               "no Z",
		"2024-05-31T14:11:00.":              "after the decimal point",
		"2024-05-31T14:11:00.Z":             "after the decimal point",
		"2024-05-31T14:11:00,5Z":            "something other",
		"2024-05-31T14:11:00 Z":             "something other",
		"2024-05-31T14:11:00ZZ":             "something other",
		"2024-05-31T14:11:00Z\n":            "something other",
		"2024-05-31T14:11:00UTC":            "something other",
		"2024-05-31T14:11:00+2:00":          "two digits",
		"2024-05-31T14:11:00+0200":          "two digits",
		"2024-05-31T14:11:00+02":            "two digits",
		"2024-05-31T14:11:00+aa:bb":         "two digits",
		"2024-05-31T14:11:00+24:00":         "offset outside",
		"2024-05-31T14:11:00+23:60":         "offset outside",
		"2024-05-31T14:11:00.123+99:99":     "offset outside",
		"2024-05-31T14:11:00Z[Europe/Kiev]": "something other",
	}
	for s, want := range tests {
		got, err := ParseDateTime(s)
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("ParseDateTime(%q) = %v, %v, want an error about %q", s, got, err, want)
		}
	}
}

// What we take and the standard library refuses is lower case or a leap second; the two agree on every instant.
func FuzzParseDateTime(f *testing.F) {
	for _, seed := range []string{"2024-05-31T14:11:00Z", "2016-12-31t23:59:60.1-00:00", "2024-02-30T24:00:00+24:60"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, s string) {
		got, err := ParseDateTime(s)
		want, wantErr := time.Parse(time.RFC3339Nano, strings.ToUpper(s))
		switch {
		case err == nil && wantErr == nil && !got.Equal(want):
			t.Errorf("%q is %v, want %v", s, got, want)
		case err == nil && wantErr != nil && !strings.Contains(s, ":60"):
			t.Errorf("%q was taken: %v", s, wantErr)
		case err != nil && len(s) > 6 && len(s) < 100 && strings.Contains(err.Error(), s):
			t.Errorf("%q is in the error", s)
		}
	})
}
