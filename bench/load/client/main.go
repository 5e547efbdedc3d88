// The client that bench/load compares with: what one writes in an hour for lack of a tool. Open loop; a request is complete
// if its status is 200 and [DONE] came.
package main

import (
	"encoding/json"
	"flag"
	"log"
	"net/http"
	"os"
	"slices"
	"sync"
	"syscall"
	"time"
)

func main() {
	url := flag.String("url", "", "of the API, without /chat/completions")
	rate := flag.Float64("rate", 10, "requests a second")
	burst := flag.Int("burst", 1, "so many of them at a time")
	tokens := flag.Int("tokens", 100, "max_tokens")
	duration := flag.Duration("duration", 10*time.Second, "requests are sent for so long")
	warmup := flag.Duration("warmup", 0, "figures but requests, outcomes and events are of the window after it")
	window := flag.Duration("window", 10*time.Second, "how long that is")
	timeout := flag.Duration("timeout", 2*time.Minute, "of a whole request")
	file := flag.String("rows", os.DevNull, "JSON lines, one for each request")
	flag.Parse()

	chat := &chat{
		url: *url + "/chat/completions", tokens: *tokens,
		http: &http.Client{Timeout: *timeout, Transport: &http.Transport{MaxIdleConnsPerHost: 20_000}},
	}
	begin := time.Now()
	var cpu float64
	time.AfterFunc(*warmup, func() { cpu -= cpuSeconds() })
	time.AfterFunc(*warmup+*window, func() { cpu += cpuSeconds() })
	var lock sync.Mutex
	var rows []row
	var running sync.WaitGroup
	for i := 0; ; i++ {
		offset := time.Duration(float64(i / *burst * *burst) / *rate * float64(time.Second))
		if offset >= *duration {
			break
		}
		time.Sleep(time.Until(begin.Add(offset)))
		running.Go(func() {
			r := chat.do(i, begin.Add(offset))
			lock.Lock()
			defer lock.Unlock()
			rows = append(rows, r)
		})
	}
	running.Wait()
	if err := write(*file, rows); err != nil {
		log.Fatal(err)
	}
	from := begin.Add(*warmup).UnixNano()
	tell(rows, from, from+window.Nanoseconds(), cpu)
}

func tell(rows []row, from, to int64, cpu float64) {
	outcomes := map[string]int{}
	events := 0
	var lags, ttfts []float64
	for _, r := range rows {
		outcomes[r.Outcome]++
		events += r.Events
		if from <= r.Intended && r.Intended < to {
			lags = append(lags, float64(r.Sent-r.Intended)/1e6)
			if r.First != 0 {
				ttfts = append(ttfts, float64(r.First-r.Intended)/1e6)
			}
		}
	}
	var usage syscall.Rusage
	syscall.Getrusage(syscall.RUSAGE_SELF, &usage)
	json.NewEncoder(os.Stdout).Encode(map[string]any{
		"requests": len(rows), "outcomes": outcomes, "complete": outcomes["complete"], "events": events, "cpuSeconds": cpu,
		"sendLagMillis": spread(lags), "ttftMillis": spread(ttfts), "peakMemoryMiB": usage.Maxrss >> 10,
	})
}

func cpuSeconds() float64 {
	var usage syscall.Rusage
	syscall.Getrusage(syscall.RUSAGE_SELF, &usage)
	return float64(usage.Utime.Nano()+usage.Stime.Nano()) / 1e9
}

func spread(values []float64) map[string]float64 {
	if len(values) == 0 {
		return nil
	}
	slices.Sort(values)
	last := len(values) - 1
	return map[string]float64{"p50": values[last/2], "p99": values[last*99/100], "max": values[last]}
}

func write(path string, rows []row) error {
	file, err := os.Create(path)
	if err != nil {
		return err
	}
	defer file.Close()
	lines := json.NewEncoder(file)
	for _, r := range rows {
		if err := lines.Encode(r); err != nil {
			return err
		}
	}
	return nil
}
