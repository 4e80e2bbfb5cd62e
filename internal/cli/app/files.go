package app

import (
	"io"
	"os"
	"runtime"
)

const maxPublic = 4 << 20

// ReadPublic reads a file of certificates or keys that holds nothing secret.
func (a *App) ReadPublic(source, path string) ([]byte, error) {
	data, err := a.ReadBounded(path, maxPublic)
	if err != nil {
		return nil, Wrong("%s: %s cannot be read: %s", source, Shown(path), Cause(err))
	}
	if len(data) > maxPublic {
		return nil, Wrong("%s: %s is longer than %d bytes; name a file that holds certificates or a key and nothing else",
			source, Shown(path), maxPublic)
	}
	return data, nil
}

// ReadBounded reads a file, but not more than one byte beyond the limit.
func (a *App) ReadBounded(path string, limit int64) ([]byte, error) {
	defer a.Reads()()
	file, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer func() { _ = file.Close() }()
	return io.ReadAll(io.LimitReader(file, limit+1))
}

// ReadLimited reads a whole file of at most maxConfig bytes.
func (a *App) ReadLimited(flag, path string) ([]byte, error) {
	defer a.Reads()()
	file, err := os.Open(path)
	if err != nil {
		return nil, Wrong("%s: %s cannot be read: %s", a.Source(flag), Shown(path), Cause(err))
	}
	defer func() { _ = file.Close() }()
	data, err := io.ReadAll(io.LimitReader(file, maxConfig+1))
	switch {
	case err != nil:
		return nil, Wrong("%s: %s cannot be read: %s", a.Source(flag), Shown(path), Cause(err))
	case len(data) > maxConfig:
		return nil, Wrong("%s: %s is longer than %d bytes", a.Source(flag), Shown(path), maxConfig)
	}
	return data, nil
}

// ReadPrivate reads the beginning of a file that others should not be able to read.
func (a *App) ReadPrivate(source, path string) ([]byte, error) {
	defer a.Reads()()
	file, err := os.Open(path)
	if err != nil {
		return nil, Wrong("%s: %s cannot be read: %s", source, Shown(path), Cause(err))
	}
	defer func() { _ = file.Close() }()
	info, err := file.Stat()
	if err != nil {
		return nil, Wrong("%s: %s cannot be read: %s", source, Shown(path), Cause(err))
	}
	if info.IsDir() {
		return nil, Wrong("%s: %s is a directory; name the file that holds the token", source, Shown(path))
	}
	if info.Mode().IsRegular() && info.Mode().Perm()&0o044 != 0 && runtime.GOOS != "windows" {
		a.Warn("%s can be read by others; run: chmod 600 %s", path, path)
	}
	data, err := io.ReadAll(io.LimitReader(file, MaxToken+1))
	if err != nil {
		return nil, Wrong("%s: %s cannot be read: %s", source, Shown(path), Cause(err))
	}
	return data, nil
}

// MaxToken is the longest token file that is read, in bytes. No server takes a header of that length.
const MaxToken = 64 << 10
