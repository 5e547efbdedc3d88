// The service that bench/load asks: it streams numbered tokens at a set pace, writes down when it did, and breaks every nth
// answer in one set way.
package main

import (
	"context"
	"encoding/json"
	"flag"
	"fmt"
	"log"
	"net"
	"net/http"
	"os"
	"os/signal"
	"strings"
	"sync/atomic"
	"syscall"
	"time"
)

type server struct {
	first, interval time.Duration
	fault           string
	every           int64
	journal         *journal

	requests, open, maxOpen, chunks, whole, spoilt atomic.Int64
}

func main() {
	listen := flag.String("listen", "127.0.0.1:0", "address; what it became is the one line of stdout")
	first := flag.Duration("first", 20*time.Millisecond, "from the request to the first token")
	interval := flag.Duration("interval", 20*time.Millisecond, "from one token to the next")
	fault := flag.String("fault", "", "what happens to every nth answer: "+strings.Join(faults, ", "))
	every := flag.Int64("every", 5, "n of the fault")
	file := flag.String("journal", os.DevNull, "JSON lines, one for each request")
	flag.Parse()
	if *fault != "" && !known(*fault) {
		log.Fatalf("-fault %s: there are %s", *fault, strings.Join(faults, ", "))
	}
	journal, err := openJournal(*file)
	if err != nil {
		log.Fatal(err)
	}
	s := &server{first: *first, interval: *interval, fault: *fault, every: *every, journal: journal}
	mux := http.NewServeMux()
	mux.HandleFunc("POST /chat/completions", s.chat)
	mux.HandleFunc("POST /v1/chat/completions", s.chat)
	mux.HandleFunc("GET /stats", s.stats)
	listener, err := net.Listen("tcp", *listen)
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(listener.Addr())
	stop, _ := signal.NotifyContext(context.Background(), syscall.SIGTERM, syscall.SIGINT)
	web := &http.Server{Handler: mux}
	go web.Serve(listener)
	<-stop.Done()
	// streams whose clients have just gone come into the journal too
	within, cancel := context.WithTimeout(context.Background(), 2*time.Second)
	defer cancel()
	web.Shutdown(within)
	if err := journal.close(); err != nil {
		log.Fatal(err)
	}
}

func (s *server) stats(w http.ResponseWriter, _ *http.Request) {
	json.NewEncoder(w).Encode(map[string]int64{
		"requests": s.requests.Load(), "open": s.open.Load(), "maxOpen": s.maxOpen.Load(),
		"chunks": s.chunks.Load(), "whole": s.whole.Load(), "spoilt": s.spoilt.Load(),
	})
}

// Counts a stream in; what it returns counts it out.
func (s *server) opened() func() {
	now := s.open.Add(1)
	for most := s.maxOpen.Load(); now > most && !s.maxOpen.CompareAndSwap(most, now); most = s.maxOpen.Load() {
	}
	return func() { s.open.Add(-1) }
}
