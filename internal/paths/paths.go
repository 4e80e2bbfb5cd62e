// Package paths holds what the suite decides about names of files, told the system: so tests try it for every system on one. It touches
// no file.
package paths

import (
	"path"
	"path/filepath"
	"strings"
)

// System is what names of files mean.
type System int

// The systems.
const (
	// Slashes is that of Unix: a slash separates, and begins an absolute name.
	Slashes System = iota
	// Volumes is that of Windows: a slash or a backslash separates, and a name may begin with a volume.
	Volumes
)

// Here is the system of this process.
func Here() System {
	if filepath.Separator == '\\' {
		return Volumes
	}
	return Slashes
}

// Rooted reports whether a name leads to one place wherever a process works: it is not put behind a directory. On Windows a name that
// begins with a separator or a volume is one, even if a part of the place is that of the process.
func (s System) Rooted(name string) bool {
	if s == Slashes {
		return strings.HasPrefix(name, "/")
	}
	return strings.HasPrefix(name, "/") || strings.HasPrefix(name, `\`) || volume(name) != ""
}

// volume is the letter of a drive with its colon at the beginning of a name; "" for none.
func volume(name string) string {
	if len(name) >= 2 && name[1] == ':' && ('a' <= name[0]|0x20 && name[0]|0x20 <= 'z') {
		return name[:2]
	}
	return ""
}

// Beside is a name that stands in a file: if it is not rooted, it is about the directory of the file.
func (s System) Beside(file, name string) string {
	if s.Rooted(name) {
		return name
	}
	if s == Slashes {
		return path.Join(path.Dir(file), name)
	}
	slashed := func(text string) string { return strings.ReplaceAll(text, `\`, "/") }
	drive := volume(file)
	dir := slashed(strings.TrimPrefix(file, drive))
	share := ""
	if strings.HasPrefix(dir, "//") { // the name of a host stays
		share, dir = "/", dir[1:]
	}
	return drive + strings.ReplaceAll(share+path.Join(path.Dir(dir), slashed(name)), "/", `\`)
}

// Portable reports whether every system takes a name for that of one file or directory: letters, digits, dashes, underscores and
// periods, neither a period at an end nor one of the names that Windows keeps for devices.
func Portable(name string) bool {
	const longest = 100
	if name == "" || len(name) > longest || name[0] == '.' || name[len(name)-1] == '.' {
		return false
	}
	for _, c := range name {
		if c != '-' && c != '_' && c != '.' && (c < '0' || c > '9') && (c < 'A' || c > 'Z') && (c < 'a' || c > 'z') {
			return false
		}
	}
	return !device(name)
}

// device reports whether Windows keeps a name for a device, with any extension.
func device(name string) bool {
	stem, _, _ := strings.Cut(strings.ToLower(name), ".")
	switch stem {
	case "con", "prn", "aux", "nul":
		return true
	}
	number, isPort := strings.CutPrefix(stem, "com")
	if !isPort {
		number, isPort = strings.CutPrefix(stem, "lpt")
	}
	return isPort && len(number) == 1 && '0' <= number[0] && number[0] <= '9'
}

// Same reports whether some system takes two names for one: Windows and macOS do not tell letter case.
func Same(a, b string) bool { return strings.EqualFold(a, b) }
