// Members of a hashicorp/memberlist, and a balancer that sends requests only to those that it holds alive. Both say what they have to on standard
// output, a JSON object a line, with when, by CLOCK_MONOTONIC; of the balancer that is memberlist's own events.
//
//	PORT member NAME           answers 200; tells its gossip port to who asks for /gossip
//	PORT balancer {NAME: PORT} joins those members, whose gossip ports it asks for; with one more argument it sends to all, alive or not
package main

import (
	"encoding/json"
	"fmt"
	"io/ioutil"
	"log"
	"net/http"
	"os"
	"strings"
	"sync"
	"time"

	"github.com/hashicorp/memberlist"
	"golang.org/x/sys/unix"
)

const timeout = 400 * time.Millisecond

func say(says string, of string) {
	var now unix.Timespec
	unix.ClockGettime(unix.CLOCK_MONOTONIC, &now)
	fmt.Printf("{\"says\":%q,\"of\":%q,\"atMs\":%f}\n", says, of, float64(now.Sec)*1e3+float64(now.Nsec)/1e6)
}

func create(name string, events memberlist.EventDelegate) *memberlist.Memberlist {
	config := memberlist.DefaultLocalConfig()
	config.Name = name
	config.BindAddr = "127.0.0.1"
	config.BindPort = 0
	config.AdvertisePort = 0
	config.ProbeInterval = 200 * time.Millisecond
	config.ProbeTimeout = 100 * time.Millisecond
	config.SuspicionMult = 2
	config.SuspicionMaxTimeoutMult = 2
	config.Events = events
	config.Logger = log.New(ioutil.Discard, "", 0)
	list, err := memberlist.Create(config)
	if err != nil {
		log.Fatal(err)
	}
	return list
}

// The instances that it holds alive, told of when that changes.
type instances struct {
	lock  sync.Mutex
	names []string
	links map[string]int
	alive map[string]bool
	toAll bool
	turn  int
}

func (i *instances) set(name string, isAlive bool) {
	i.lock.Lock()
	defer i.lock.Unlock()
	if _, isOurs := i.links[name]; !isOurs || i.alive[name] == isAlive {
		return
	}
	i.alive[name] = isAlive
	if isAlive {
		say("in", name)
	} else {
		say("out", name)
	}
}

func (i *instances) NotifyJoin(node *memberlist.Node)   { i.set(node.Name, true) }
func (i *instances) NotifyLeave(node *memberlist.Node)  { i.set(node.Name, false) }
func (i *instances) NotifyUpdate(node *memberlist.Node) {}

// In turn; 0 if none is alive.
func (i *instances) next() int {
	i.lock.Lock()
	defer i.lock.Unlock()
	for range i.names {
		name := i.names[i.turn%len(i.names)]
		i.turn++
		if i.toAll || i.alive[name] {
			return i.links[name]
		}
	}
	return 0
}

func get(port int, path string, token string) (string, error) {
	request, _ := http.NewRequest("GET", fmt.Sprintf("http://127.0.0.1:%d%s", port, path), nil)
	request.Header.Set("x-request-id", token)
	request.Close = true
	client := http.Client{Timeout: timeout}
	answer, err := client.Do(request)
	if err != nil {
		return "", err
	}
	defer answer.Body.Close()
	body, err := ioutil.ReadAll(answer.Body)
	if err == nil && answer.StatusCode >= 500 {
		err = fmt.Errorf("status %d", answer.StatusCode)
	}
	return string(body), err
}

func balance(links map[string]int, toAll bool) {
	all := &instances{links: links, alive: map[string]bool{}, toAll: toAll}
	list := create(fmt.Sprintf("balancer-%d", os.Getpid()), all)
	for name, link := range links {
		all.names = append(all.names, name)
		gossip, err := get(link, "/gossip", "gossip")
		if err != nil {
			log.Fatal(err)
		}
		if _, err := list.Join([]string{"127.0.0.1:" + gossip}); err != nil {
			log.Fatal(err)
		}
	}
	http.HandleFunc("/", func(response http.ResponseWriter, request *http.Request) {
		link := all.next()
		if link != 0 {
			if _, err := get(link, request.URL.Path, request.Header.Get("x-request-id")); err == nil {
				return
			}
		}
		response.WriteHeader(503)
	})
}

func main() {
	port, role, given := os.Args[1], os.Args[2], os.Args[3]
	if role == "member" {
		list := create(given, nil)
		http.HandleFunc("/", func(response http.ResponseWriter, request *http.Request) {
			if strings.HasPrefix(request.URL.Path, "/gossip") {
				fmt.Fprint(response, list.LocalNode().Port)
			}
		})
	} else {
		links := map[string]int{}
		json.Unmarshal([]byte(given), &links)
		balance(links, len(os.Args) > 4)
	}
	log.Fatal(http.ListenAndServe("127.0.0.1:"+port, nil))
}
