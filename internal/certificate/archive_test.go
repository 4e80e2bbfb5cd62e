package certificate

import (
	"archive/zip"
	"bytes"
	"errors"
	"io"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// small is a bundle in form, with members of a few bytes.
func small(t *testing.T) []byte {
	t.Helper()
	var members []Member
	for _, s := range slots {
		if s.name != StatementFile && s.name != SigstoreFile && s.name != AppealFile {
			members = append(members, Member{s.name, []byte("content of " + s.name)})
		}
	}
	var b bytes.Buffer
	if err := Pack(&b, members); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// Others read it as a ZIP file.
func TestPackIsZIP(t *testing.T) {
	data := small(t)
	r, err := zip.NewReader(bytes.NewReader(data), int64(len(data)))
	if err != nil {
		t.Fatal(err)
	}
	var names []string
	for _, f := range r.File {
		names = append(names, f.Name)
		file, err := f.Open()
		if err != nil {
			t.Fatal(err)
		}
		content, err := io.ReadAll(file)
		if err != nil || string(content) != "content of "+f.Name || f.Mode() != 0o644 {
			t.Errorf("%s: %q, %v, mode %s", f.Name, content, err, f.Mode())
		}
	}
	want := []string{EnvelopeFile, ReportFile, RecordingFile, SetFile, ContractFile, ConfigurationFile, BadgeFile, WitnessFile, RunsFile, TimestampFile}
	if diff := cmp.Diff(want, names); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

// Every byte of the file counts, those of its form too.
func TestReadFindsEveryByte(t *testing.T) {
	data := small(t)
	if b, err := Read(bytes.NewReader(data)); err != nil || len(b.Damage) > 0 {
		t.Fatalf("%v, %v", err, b.Damage)
	}
	for i := range data {
		for _, flip := range []byte{1, 0x80} {
			changed := bytes.Clone(data)
			changed[i] ^= flip
			if b, err := Read(bytes.NewReader(changed)); err == nil && len(b.Damage) == 0 {
				t.Errorf("byte %d changed, and nothing was found", i)
			}
		}
		if b, err := Read(bytes.NewReader(data[:i])); err == nil && len(b.Damage) == 0 {
			t.Errorf("cut at %d, and nothing was found", i)
		}
		longer := append(bytes.Clone(data[:i]), append([]byte{0}, data[i:]...)...)
		if b, err := Read(bytes.NewReader(longer)); err == nil && len(b.Damage) == 0 {
			t.Errorf("a byte more at %d, and nothing was found", i)
		}
	}
}

func TestReadNames(t *testing.T) {
	data := small(t)
	at := func(text string) int { return bytes.Index(data, []byte(text)) }
	for name, test := range map[string]struct {
		data []byte
		want string
	}{
		"the content of a member": {replaced(data, at("content of "+SetFile), "C"), "in the header of " + SetFile},
		"the time in a header":    {replaced(data, at(localMark)+10, "\x01"), "in the header of " + EnvelopeFile},
		"an entry of the directory": {
			replaced(data, at(centralMark)+38, "\x01"), "in the directory's entry of " + EnvelopeFile,
		},
		"a comment":          {replaced(data, len(data)-2, "\x01"), "in the end of the archive"},
		"trailing bytes":     {append(bytes.Clone(data), "more"...), "something follows its end"},
		"a name":             {replaced(data, at(ReportFile), "R"), `a member that does not belong: "Report.json"`},
		"a path":             {replaced(data, at(BadgeFile), "../.svg\n"), `a member that does not belong: "../.svg\n`},
		"a member twice":     {archived(Member{ReportFile, []byte("1")}, Member{ReportFile, []byte("2")}), "it is there twice"},
		"another order":      {archived(Member{SetFile, nil}, Member{ReportFile, nil}), "it is not in its place"},
		"two statements":     {archived(Member{EnvelopeFile, []byte("{}")}, Member{StatementFile, []byte("{}")}), "it is there beside"},
		"a member too large": {archived(Member{BadgeFile, make([]byte, 65<<10)}), "it is longer than 65536 bytes"},
		"too many members":   {archived(make([]Member, maxMembers+1)...), "is not of a bundle's form"},
		"a length that lies": {replaced(data, at(localMark)+18, "\xff\xff\xff\x7f\xff\xff\xff\x7f"), "the header of its first member is damaged"},
	} {
		b, err := Read(bytes.NewReader(test.data))
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		var found strings.Builder
		for _, p := range b.Damage {
			found.WriteString(p.String() + "\n")
		}
		if !strings.Contains(found.String(), test.want) && name != "too many members" || len(b.Damage) == 0 {
			t.Errorf("%s: %q, want %q", name, found.String(), test.want)
		}
	}
	for _, text := range []string{"", "hello", "\x1f\x8b\x08 a gzip file"} {
		if _, err := Read(strings.NewReader(text)); !errors.Is(err, ErrNotBundle) {
			t.Errorf("%q: %v", text, err)
		}
	}
}

func archived(members ...Member) []byte {
	data, _ := encode(members)
	return data
}

func replaced(data []byte, at int, by string) []byte {
	changed := bytes.Clone(data)
	copy(changed[at:], by)
	return changed
}
