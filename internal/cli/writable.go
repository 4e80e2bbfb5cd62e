package cli

import (
	"errors"
	"io/fs"
	"os"
	"syscall"
	"time"
)

// patience is how long a named pipe may take what is written to it.
const patience = 10 * time.Second

var errUnread = errors.New("nobody reads the named pipe")

// openToWrite opens a file to write. A named pipe that nobody reads is an error and blocks nothing.
func openToWrite(path string, flag int, mode fs.FileMode) (*os.File, error) {
	file, err := os.OpenFile(path, flag|os.O_WRONLY|syscall.O_NONBLOCK, mode)
	if errors.Is(err, syscall.ENXIO) {
		return nil, errUnread
	}
	if err != nil {
		return nil, err
	}
	_ = file.SetWriteDeadline(time.Now().Add(patience)) // only a pipe has one
	return file, nil
}

// writeTo writes a whole text to a file or a named pipe.
func writeTo(path string, text []byte, mode fs.FileMode) error {
	file, err := openToWrite(path, os.O_CREATE|os.O_TRUNC, mode)
	if err != nil {
		return err
	}
	_, err = file.Write(text)
	if errors.Is(err, os.ErrDeadlineExceeded) {
		err = errUnread
	}
	return errors.Join(err, file.Close())
}
