package certificate

import (
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"hash/crc32"
)

// The archive is a ZIP file (APPNOTE.TXT 6.3) of one form alone: members in a fixed order, stored and not compressed, of
// one time, without comments, extra fields or anything between and after them. So the same members give the same bytes
// with every version of every library, and a file of another form is not a bundle.
const (
	localMark   = "PK\x03\x04"
	centralMark = "PK\x01\x02"
	endMark     = "PK\x05\x06"

	localSize = 30
	// version 2.0, made on a system with Unix modes.
	neededVersion = 20
	madeBy        = 3<<8 | neededVersion
	// date is 1 January 1980, the first that the format knows.
	date = 1<<5 | 1
	// mode is that of a regular file that everybody may read.
	mode = 0o100644 << 16
)

// Member is a file of a bundle.
type Member struct {
	Name string
	Data []byte
}

// region is a stretch of an archive, with its name for people.
type region struct {
	end  int
	name string
}

// encode writes members in the order given, and tells what is where.
func encode(members []Member) (data []byte, regions []region) {
	var b, central bytes.Buffer
	var directory []region
	put := func(w *bytes.Buffer, values ...any) {
		for _, v := range values {
			_ = binary.Write(w, binary.LittleEndian, v) // of numbers, into memory
		}
	}
	for _, m := range members {
		offset := uint32(b.Len())
		sum, size, length := crc32.ChecksumIEEE(m.Data), uint32(len(m.Data)), uint16(len(m.Name))
		b.WriteString(localMark)
		put(&b, uint16(neededVersion), uint16(0), uint16(0), uint16(0), uint16(date), sum, size, size, length, uint16(0))
		b.WriteString(m.Name)
		regions = append(regions, region{b.Len(), "the header of " + m.Name})
		b.Write(m.Data)
		regions = append(regions, region{b.Len(), m.Name})
		central.WriteString(centralMark)
		put(&central, uint16(madeBy), uint16(neededVersion), uint16(0), uint16(0), uint16(0), uint16(date), sum, size, size, length,
			uint16(0), uint16(0), uint16(0), uint16(0), uint32(mode), offset)
		central.WriteString(m.Name)
		directory = append(directory, region{central.Len(), "the directory's entry of " + m.Name})
	}
	start := b.Len()
	for _, r := range directory {
		regions = append(regions, region{start + r.end, r.name})
	}
	b.Write(central.Bytes())
	b.WriteString(endMark)
	put(&b, uint16(0), uint16(0), uint16(len(members)), uint16(len(members)), uint32(central.Len()), uint32(start), uint16(0))
	regions = append(regions, region{b.Len(), "the end of the archive"})
	return b.Bytes(), regions
}

// decode reads members until there is no more that can be read as one.
func decode(data []byte) (members []Member, err error) {
	for rest := data; ; {
		switch {
		case bytes.HasPrefix(rest, []byte(centralMark)), bytes.HasPrefix(rest, []byte(endMark)):
			return members, nil
		case len(rest) < localSize || !bytes.HasPrefix(rest, []byte(localMark)):
			return members, errors.New("what follows " + last(members) + " cannot be read")
		case len(members) == maxMembers:
			return members, errors.New("it has too many members")
		}
		number := func(at int) uint32 { return binary.LittleEndian.Uint32(rest[at:]) }
		half := func(at int) int { return int(binary.LittleEndian.Uint16(rest[at:])) }
		size, length, extra := number(22), half(26), half(28)
		if half(8) != 0 || number(18) != size || extra != 0 || length == 0 || length > longestName {
			return members, errors.New("the header of what follows " + last(members) + " is not of a bundle's form")
		}
		if uint64(len(rest)) < uint64(localSize+length)+uint64(size) {
			return members, fmt.Errorf("what follows %s is longer than the file", last(members))
		}
		name, body := string(rest[localSize:localSize+length]), rest[localSize+length:]
		members = append(members, Member{name, body[:size]})
		rest = body[size:]
	}
}

func last(members []Member) string {
	if len(members) == 0 {
		return "the beginning"
	}
	return named(members[len(members)-1].Name)
}

// difference tells where a file first differs from the archive of its own members; "" where it does not.
func difference(data []byte, members []Member) string {
	want, regions := encode(members)
	if bytes.Equal(data, want) {
		return ""
	}
	at := 0
	for at < len(data) && at < len(want) && data[at] == want[at] {
		at++
	}
	if at == len(want) {
		return fmt.Sprintf("something follows its end at byte %d", at)
	}
	for _, r := range regions {
		if at < r.end {
			return fmt.Sprintf("byte %d, in %s, is not as a bundle has it", at, r.name)
		}
	}
	return "it is not of a bundle's form"
}
