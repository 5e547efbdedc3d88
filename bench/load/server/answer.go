package main

import (
	"context"
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"strconv"
	"time"
)

type question struct {
	MaxTokens int `json:"max_tokens"`
	Messages  []struct {
		Role    string `json:"role"`
		Content string `json:"content"`
	} `json:"messages"`
}

// The answer to one request, in the making.
type answer struct {
	http.ResponseWriter
	control      *http.ResponseController
	before, then string // of a token's text in its event
	hash         [sha256.Size]byte
	event        []byte
}

func (s *server) chat(w http.ResponseWriter, r *http.Request) {
	number := s.requests.Add(1)
	defer s.opened()()
	var q question
	if err := json.NewDecoder(r.Body).Decode(&q); err != nil || q.MaxTokens < 1 {
		http.Error(w, `{"error":{"message":"a JSON object with max_tokens is needed","type":"invalid_request_error"}}`, 400)
		return
	}
	io.Copy(io.Discard, r.Body) // read to its end, or the connection is not used again
	seen := &record{ID: r.Header.Get("x-request-id"), Read: time.Now().UnixNano()}
	if s.fault != "" && number%s.every == 0 {
		seen.Fault = s.fault
		s.spoilt.Add(1)
	}
	defer s.journal.add(seen)
	if seen.Fault == "503" {
		refuse(w)
		return
	}
	w.Header().Set("content-type", "text/event-stream")
	created := time.Now().Unix()
	a := &answer{
		ResponseWriter: w,
		control:        http.NewResponseController(w),
		before:         fmt.Sprintf(`data: {"id":"chat-%d","object":"chat.completion.chunk","created":%d,"model":"bench","choices":[{"index":0,"delta":{"content":"`, number, created),
		then:           `"},"logprobs":null,"finish_reason":null}],"usage":null}` + "\n\n",
		hash:           sha256.Sum256([]byte(lastOfUser(q))),
	}
	if !s.tokens(r.Context(), a, q.MaxTokens, seen) {
		return
	}
	if a.finish(number, created, q.MaxTokens, seen.Fault != "no-done") == nil && seen.Fault == "" {
		seen.Whole = true
		s.whole.Add(1)
	}
}

// Writes the tokens at their times. False if that was the end: the client went, or a fault ended it.
func (s *server) tokens(ctx context.Context, a *answer, total int, seen *record) bool {
	begin := time.Now().Add(s.first)
	timer := time.NewTimer(s.first)
	defer timer.Stop()
	for i := range total {
		select {
		case <-timer.C:
		case <-ctx.Done():
			return false
		}
		a.next(i + 1)
		now := time.Now()
		if a.send() != nil {
			return false
		}
		s.chunks.Add(1)
		if i == 0 {
			seen.First = now.UnixNano()
		}
		seen.Last = now.UnixNano()
		seen.Tokens = i + 1
		if seen.Fault != "" && i+1 == (total+1)/2 && !a.spoil(ctx, seen.Fault) {
			return false
		}
		// from the beginning, not from the last token, so that a late one delays no other
		timer.Reset(time.Until(begin.Add(time.Duration(i+1) * s.interval)))
	}
	return true
}

// Makes the event of token i. Its text is what Muster's reference service answers: the number, and digits that depend on the
// prompt and on all tokens before, so that one that is lost, doubled or of another request is noticed by who looks.
func (a *answer) next(i int) {
	var number [4]byte
	binary.BigEndian.PutUint32(number[:], uint32(i))
	a.hash = sha256.Sum256(append(a.hash[:], number[:]...))
	a.event = append(a.event[:0], a.before...)
	a.event = strconv.AppendInt(a.event, int64(i), 10)
	a.event = append(a.event, '.')
	a.event = hex.AppendEncode(a.event, a.hash[:4])
	a.event = append(a.event, ' ')
	a.event = append(a.event, a.then...)
}

// Writes the event and sends it off.
func (a *answer) send() error {
	if _, err := a.Write(a.event); err != nil {
		return err
	}
	return a.control.Flush()
}

func (a *answer) finish(number, created int64, tokens int, done bool) error {
	a.event = fmt.Appendf(a.event[:0], `data: {"id":"chat-%d","object":"chat.completion.chunk","created":%d,"model":"bench",`+
		`"choices":[{"index":0,"delta":{"content":""},"logprobs":null,"finish_reason":"length"}],`+
		`"usage":{"prompt_tokens":100,"completion_tokens":%d,"total_tokens":%d}}`+"\n\n", number, created, tokens, tokens+100)
	if done {
		a.event = append(a.event, "data: [DONE]\n\n"...)
	}
	return a.send()
}

func lastOfUser(q question) string {
	for i := len(q.Messages) - 1; i >= 0; i-- {
		if q.Messages[i].Role == "user" {
			return q.Messages[i].Content
		}
	}
	return ""
}
