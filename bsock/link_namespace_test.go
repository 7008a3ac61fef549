package bsock_test

import (
	"fmt"
	"math/rand/v2"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/bsock-wasm/bsock-wasm/bsock"
	"github.com/bsock-wasm/bsock-wasm/bsock/bsocktest"
)

var namespaces = []string{"/a", "/b", "/c"}

// However joins, leaves, refusals and calls of both ends cross on the way, every
// call is settled once and by its own namespace, and in the end both ends agree
// on who is where.
func TestLinkNamespaces(t *testing.T) {
	answered := 0
	for client, server := range pairs() {
		for seed := range uint64(100) {
			w := &namespaceWalk{
				Link: bsocktest.NewLink(client, server),
				r:    rand.New(rand.NewPCG(seed, 1)),
				made: make(map[*bsocktest.End]int),
				news: make(map[*bsocktest.End][]bsock.Event),
			}
			w.Connect()
			w.Sleep(time.Second) // a client that finds out has done so
			w.Settle()
			for range 200 {
				w.step()
			}
			answered += w.end(t)
		}
	}
	assert.Greater(t, answered, 1000, "the walks lead somewhere")
}

// A namespaceWalk is two ends that do what comes to their minds.
type namespaceWalk struct {
	*bsocktest.Link
	r     *rand.Rand
	made  map[*bsocktest.End]int           // calls
	news  map[*bsocktest.End][]bsock.Event // all that was heard
	asked []question
}

// A question is a call, or a wish to join, that awaits its answer.
type question struct {
	at *bsocktest.End
	ev bsock.Event
}

func (w *namespaceWalk) step() {
	end := []*bsocktest.End{w.Client, w.Server}[w.r.IntN(2)]
	namespace := namespaces[w.r.IntN(len(namespaces))]
	switch n := w.r.IntN(30); {
	case n < 2:
		_ = w.Client.Join(w.Now, namespace, bsock.Payload{}) // the connection is up
	case n < 3:
		_ = end.Leave(namespace) // it may not have been joined
	case n < 8:
		w.call(end, namespace)
	case n < 14:
		w.answer()
	default:
		w.Step(end)
	}
	w.hear()
}

func (w *namespaceWalk) call(end *bsocktest.End, namespace string) {
	tag := w.made[end]
	p := bsock.Payload{JSON: fmt.Appendf(nil, `["q",%d,%q]`, tag, namespace), Namespace: namespace}
	if _, err := end.Call(w.Now.Add(time.Hour), "q", p, uint32(tag)); err == nil {
		w.made[end]++
	}
}

// hear takes what the ends were told.
func (w *namespaceWalk) hear() {
	for _, end := range []*bsocktest.End{w.Client, w.Server} {
		for _, ev := range end.Events {
			if ev.Kind == bsock.EventCall || ev.Kind == bsock.EventJoin {
				w.asked = append(w.asked, question{end, ev})
			}
		}
		w.news[end] = append(w.news[end], end.Events...)
		end.Events = nil
	}
}

// answer answers any question: those of one namespace overtake another's.
func (w *namespaceWalk) answer() {
	if len(w.asked) == 0 {
		return
	}
	i := w.r.IntN(len(w.asked))
	q := w.asked[i]
	w.asked = append(w.asked[:i], w.asked[i+1:]...)
	switch namespace := q.ev.Payload.Namespace; {
	case q.ev.Kind == bsock.EventCall:
		answer(q.at, q.ev)
	case w.r.IntN(4) == 0:
		_ = q.at.Deny(namespace, &bsock.RemoteError{Message: "no"}) // it is still wanted
	default:
		_ = q.at.Admit(namespace)
	}
}

// end lets everything arrive, and holds what was heard to the laws. It returns
// how many calls were answered.
func (w *namespaceWalk) end(t *testing.T) (answered int) {
	for w.Settle(); ; w.Settle() {
		if w.hear(); len(w.asked) == 0 {
			break
		}
		w.answer()
	}
	for _, namespace := range namespaces {
		p := bsock.Payload{JSON: []byte(`["e"]`), Namespace: namespace}
		require.Equal(t, w.Client.Fire("e", p), w.Server.Fire("e", p), "both ends agree on who is in %s", namespace)
	}
	w.Client.Close(w.Now, bsock.CloseNormal, "")
	w.Server.HandleClose(w.Now, bsock.CloseNormal, "")
	w.Settle()
	w.hear()
	for end, news := range w.news {
		answered += assertSettled(t, news, w.made[end], func(ev bsock.Event) string {
			return fmt.Sprintf(`[null,["q",%d,%q]]`, ev.Tag, ev.Payload.Namespace)
		})
	}
	return answered
}
