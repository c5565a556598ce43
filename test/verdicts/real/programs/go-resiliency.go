// What stands before a link for the defences of eapache/go-resiliency: its breaker (3 errors, open for 250 ms, closed by one success) or its retrier
// (again after 40 ms, 80 ms, 160 ms). It says on standard output, a JSON object a line, what they did and when, by CLOCK_MONOTONIC. The breaker has
// no events: what it says is whether it ran the call or answered ErrBreakerOpen.
package main

import (
	"fmt"
	"net/http"
	"os"
	"strconv"
	"sync"
	"time"

	"golang.org/x/sys/unix"
	"gopkg.in/eapache/go-resiliency.v1/breaker"
	"gopkg.in/eapache/go-resiliency.v1/retrier"
)

var saying sync.Mutex

func nowMs() float64 {
	var now unix.Timespec
	unix.ClockGettime(unix.CLOCK_MONOTONIC, &now)
	return float64(now.Sec)*1e3 + float64(now.Nsec)/1e6
}

func say(says string, of string) {
	saying.Lock()
	defer saying.Unlock()
	fmt.Printf("{\"says\":%q,\"of\":%q,\"atMs\":%f}\n", says, of, nowMs())
}

func call(link string, path string, token string) error {
	request, _ := http.NewRequest("GET", "http://127.0.0.1:"+link+path, nil)
	request.Header.Set("x-request-id", token)
	request.Close = true
	answer, err := http.DefaultClient.Do(request)
	if err != nil {
		return err
	}
	answer.Body.Close()
	if answer.StatusCode >= 500 {
		return fmt.Errorf("status %d", answer.StatusCode)
	}
	return nil
}

// By the breaker's own answers: open once it refuses, half-open once it runs a call after that, closed when that succeeds.
type told struct {
	lock  sync.Mutex
	state string
}

func (t *told) turn(from string, to string) {
	t.lock.Lock()
	defer t.lock.Unlock()
	if t.state == from {
		t.state = to
		say(to, "")
	}
}

func guardedByBreaker(link string) func(path string, token string) error {
	guard := breaker.New(3, 1, 250*time.Millisecond)
	seen := &told{state: "closed"}
	return func(path string, token string) error {
		err := guard.Run(func() error {
			seen.turn("open", "halfOpen")
			return call(link, path, token)
		})
		switch err {
		case nil:
			seen.turn("halfOpen", "closed")
		case breaker.ErrBreakerOpen:
			seen.turn("closed", "open")
			seen.turn("halfOpen", "open")
		}
		return err
	}
}

func guardedByRetrier(link string, retries int) func(path string, token string) error {
	return func(path string, token string) error {
		again := retrier.New(retrier.ExponentialBackoff(retries, 40*time.Millisecond), nil)
		return again.Run(func() error {
			say("attempt", token)
			return call(link, path, token)
		})
	}
}

func main() {
	port, link := os.Args[1], os.Args[2]
	guarded := guardedByBreaker(link)
	if len(os.Args) > 3 {
		retries, _ := strconv.Atoi(os.Args[3])
		guarded = guardedByRetrier(link, retries)
	}
	http.HandleFunc("/", func(response http.ResponseWriter, request *http.Request) {
		if guarded(request.URL.Path, request.Header.Get("x-request-id")) != nil {
			response.WriteHeader(503)
		}
	})
	http.ListenAndServe("127.0.0.1:"+port, nil)
}
