package main

import (
	"context"
	"io"
	"net"
	"net/http"
	"slices"
)

// What can happen to an answer. All but 503 come after half of its tokens.
var faults = []string{
	"truncated", // the body ends as a good one does: last chunk of the coding, connection kept
	"fin",       // the connection is closed inside the body
	"rst",       // the connection is reset inside the body
	"no-done",   // all tokens, finish_reason and usage, but no [DONE]
	"doubled",   // one token comes twice, all else is right
	"error",     // an error object and [DONE] in place of the rest, as vLLM does it
	"503",       // refused in JSON
	"stall",     // nothing more comes, and the connection stays
}

func known(fault string) bool { return slices.Contains(faults, fault) }

func refuse(w http.ResponseWriter) {
	w.Header().Set("content-type", "application/json")
	w.WriteHeader(http.StatusServiceUnavailable)
	io.WriteString(w, `{"error":{"message":"no worker is free","type":"server_busy"}}`)
}

// Does the fault to an answer that half of the tokens were sent of. False if it was its end.
func (a *answer) spoil(ctx context.Context, fault string) bool {
	switch fault {
	case "doubled":
		return a.send() == nil
	case "error":
		a.event = append(a.event[:0], `data: {"error":{"message":"the worker was lost","type":"server_error"}}`+"\n\ndata: [DONE]\n\n"...)
		a.send()
		return false
	case "fin", "rst":
		if connection, _, err := a.control.Hijack(); err == nil {
			if tcp, ok := connection.(*net.TCPConn); ok && fault == "rst" {
				tcp.SetLinger(0)
			}
			connection.Close()
		}
		return false
	case "stall":
		<-ctx.Done()
		return false
	case "truncated":
		return false
	default:
		return true
	}
}
