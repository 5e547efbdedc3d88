package main

import (
	"bufio"
	"encoding/json"
	"os"
	"sync"
)

// One request as the server saw it, in nanoseconds of the wall clock; 0 where it did not come to that.
type record struct {
	ID     string `json:"id"`
	Read   int64  `json:"read"`
	First  int64  `json:"first"` // taken before the write, as the client may have the token before the write returns
	Last   int64  `json:"last"`
	Tokens int    `json:"tokens"`
	Fault  string `json:"fault,omitempty"`
	Whole  bool   `json:"whole"` // all was written, and nothing was spoilt
}

// A file of records. Safe for use by many goroutines.
type journal struct {
	lock   sync.Mutex
	file   *os.File
	buffer *bufio.Writer
	lines  *json.Encoder
}

func openJournal(path string) (*journal, error) {
	file, err := os.Create(path)
	if err != nil {
		return nil, err
	}
	buffer := bufio.NewWriterSize(file, 1<<20)
	return &journal{file: file, buffer: buffer, lines: json.NewEncoder(buffer)}, nil
}

func (j *journal) add(r *record) {
	j.lock.Lock()
	defer j.lock.Unlock()
	j.lines.Encode(r) // an error stays in the buffer, and close tells it
}

func (j *journal) close() error {
	j.lock.Lock()
	defer j.lock.Unlock()
	if err := j.buffer.Flush(); err != nil {
		return err
	}
	return j.file.Close()
}
