package main

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"net"
	"net/http"
	"strings"
	"time"
)

// One request, in nanoseconds of the wall clock; 0 where it did not come to that.
type row struct {
	ID       string `json:"id"`
	Intended int64  `json:"intended"`
	Sent     int64  `json:"sent"`
	First    int64  `json:"first"` // token
	Last     int64  `json:"last"`
	Events   int    `json:"events"`
	Outcome  string `json:"outcome"`
}

type chat struct {
	url    string
	tokens int
	http   *http.Client
}

func (c *chat) do(number int, intended time.Time) (r row) {
	r = row{ID: fmt.Sprintf("go-%d", number), Intended: intended.UnixNano()}
	body := fmt.Sprintf(`{"model":"bench","messages":[{"role":"user","content":"Request %s. %s"}],"stream":true,"stream_options":{"include_usage":true},"max_tokens":%d}`,
		r.ID, strings.Repeat("Tell what each ship of the convoy carries. ", 7), c.tokens)
	request, err := http.NewRequest("POST", c.url, strings.NewReader(body))
	if err != nil {
		r.Outcome = err.Error()
		return r
	}
	request.Header.Set("content-type", "application/json")
	request.Header.Set("x-request-id", r.ID)
	r.Sent = time.Now().UnixNano()
	response, err := c.http.Do(request)
	if err != nil {
		r.Outcome = name(err, "not connected")
		return r
	}
	defer response.Body.Close()
	if response.StatusCode != http.StatusOK {
		r.Outcome = fmt.Sprint("HTTP ", response.StatusCode)
		return r
	}
	r.Outcome = c.read(response, &r)
	return r
}

func (c *chat) read(response *http.Response, r *row) string {
	lines := bufio.NewScanner(response.Body)
	done := false
	var at int64 // of the last event; the one before it has the last token if this one has finish_reason
	for lines.Scan() {
		if !bytes.HasPrefix(lines.Bytes(), []byte("data: ")) {
			continue
		}
		if string(lines.Bytes()) == "data: [DONE]" {
			done = true
			continue
		}
		r.Last = at
		at = time.Now().UnixNano()
		r.Events++
		if r.First == 0 {
			r.First = at
		}
	}
	if err := lines.Err(); err != nil {
		return name(err, "broken")
	}
	if !done {
		return "no [DONE]"
	}
	return "complete"
}

func name(err error, other string) string {
	if network, ok := errors.AsType[net.Error](err); ok && network.Timeout() {
		return "timeout"
	}
	return other
}
