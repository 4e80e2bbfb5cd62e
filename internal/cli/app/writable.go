package app

import (
	"errors"
	"io/fs"
	"os"
	"syscall"
	"time"
)

// patience is how long a named pipe may take what is written to it.
const patience = 10 * time.Second

var ErrUnread = errors.New("nobody reads the named pipe")

// OpenToWrite opens a file to write. A named pipe that nobody reads is an error and blocks nothing.
func OpenToWrite(path string, flag int, mode fs.FileMode) (*os.File, error) {
	file, err := os.OpenFile(path, flag|os.O_WRONLY|syscall.O_NONBLOCK, mode)
	if errors.Is(err, syscall.ENXIO) {
		return nil, ErrUnread
	}
	if err != nil {
		return nil, err
	}
	_ = file.SetWriteDeadline(time.Now().Add(patience)) // only a pipe has one
	return file, nil
}

// WriteTo writes a whole text to a file or a named pipe.
func WriteTo(path string, text []byte, mode fs.FileMode) error {
	file, err := OpenToWrite(path, os.O_CREATE|os.O_TRUNC, mode)
	if err != nil {
		return err
	}
	_, err = file.Write(text)
	if errors.Is(err, os.ErrDeadlineExceeded) {
		err = ErrUnread
	}
	return errors.Join(err, file.Close())
}
