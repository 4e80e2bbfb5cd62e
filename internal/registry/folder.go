package registry

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"syscall"
)

// maxFiles is the number of files that a submission has at most: the description, the bundle and the key.
const maxFiles = 3

// folder is the directory of a submission. Nothing outside it is read: os.Root refuses links that lead out of it, and
// readRegular refuses links altogether.
type folder struct {
	root  *os.Root
	names []string
}

// openFolder opens a directory. The error is for whoever made the submission, and repeats nothing of it.
func openFolder(path string) (*folder, error) {
	path = filepath.Clean(path) // a slash at the end would follow a link
	info, err := os.Lstat(path)
	switch {
	case err != nil:
		return nil, errors.New("it cannot be read")
	case info.Mode()&fs.ModeSymlink != 0:
		return nil, errors.New("it is a symbolic link; a submission is a directory")
	case !info.IsDir():
		return nil, errors.New("it is a file; a submission is a directory")
	}
	root, err := os.OpenRoot(path)
	if err != nil {
		return nil, errors.New("it cannot be opened")
	}
	f := &folder{root: root}
	if err := f.list(info); err != nil {
		_ = root.Close() // it was only read
		return nil, err
	}
	return f, nil
}

// list reads the names in the directory, and no more of them than a submission can have.
func (f *folder) list(expected fs.FileInfo) error {
	dir, err := f.root.Open(".")
	if err != nil {
		return errors.New("it cannot be opened")
	}
	defer func() { _ = dir.Close() }() // it was only read
	if opened, err := dir.Stat(); err != nil || !os.SameFile(opened, expected) {
		return errors.New("it changed while it was opened")
	}
	names, err := dir.Readdirnames(maxFiles + 1)
	if err != nil && !errors.Is(err, io.EOF) {
		return errors.New("its files cannot be listed")
	}
	f.names = names
	return nil
}

func (f *folder) close() { _ = f.root.Close() } // it was only read

// readRegular reads a regular file of a directory. Links, pipes, devices and files longer than the limit are errors; none of
// them blocks.
func readRegular(root *os.Root, name string, limit int64) ([]byte, error) {
	info, err := root.Lstat(name)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return nil, fmt.Errorf("it is missing: %w", fs.ErrNotExist)
	case err != nil:
		return nil, errors.New("it cannot be read")
	case info.Mode()&fs.ModeSymlink != 0:
		return nil, errors.New("it is a symbolic link")
	case !info.Mode().IsRegular():
		return nil, errors.New("it is not a regular file")
	case info.Size() > limit:
		return nil, fmt.Errorf("it is longer than %d bytes", limit)
	}
	file, err := root.OpenFile(name, os.O_RDONLY|syscall.O_NONBLOCK, 0)
	if err != nil {
		return nil, errors.New("it cannot be opened")
	}
	defer func() { _ = file.Close() }() // it was only read
	if opened, err := file.Stat(); err != nil || !os.SameFile(opened, info) {
		return nil, errors.New("it changed while it was opened")
	}
	data, err := io.ReadAll(io.LimitReader(file, limit+1))
	switch {
	case err != nil:
		return nil, errors.New("it cannot be read")
	case int64(len(data)) > limit:
		return nil, fmt.Errorf("it is longer than %d bytes", limit)
	}
	return data, nil
}
