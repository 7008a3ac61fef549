package bsock_test

import (
	"flag"
	"fmt"
	"os"
	"runtime"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/bsock-wasm/bsock-wasm/bsock"
)

// The model test: a client and a server, in either version, over a link that
// is slow, silent or cut at random, with random events, calls, namespaces and
// time. The laws are the sentences that broken is given. For millions of steps:
//
//	go test ./bsock -run TestModel -rapid.checks=100000 -rapid.steps=100
//
// model_link_test.go is the link, model_news_test.go what the ends may tell,
// model_actions_test.go what may happen.

// modelTime is how long the test looks for a failure when nobody says how often
// it is to try.
const modelTime = 5 * time.Second

// steps counts what has happened, for who wonders how much that is.
var steps int

func TestModel(t *testing.T) {
	defer func() { t.Logf("%d steps", steps) }()
	require.NoError(t, flag.Set("rapid.nofailfile", "true"), "the seed is enough")
	_, asked := os.LookupEnv("RAPID_CHECKS")
	flag.Visit(func(f *flag.Flag) { asked = asked || f.Name == "rapid.checks" || f.Name == "rapid.seed" })
	for end := time.Now().Add(modelTime); ; {
		rapid.Check(t, modelCheck)
		if asked || testing.Short() || runtime.GOOS == "js" || t.Failed() || time.Now().After(end) {
			return
		}
	}
}

func modelCheck(t *rapid.T) {
	m := newPairModel(t)
	t.Repeat(m.actions())
	m.finish()
}

// A pairModel is a client, the servers it has had, and what is known of them.
type pairModel struct {
	t      *rapid.T
	now    time.Time
	client *bsock.Conn
	wire   *wire // the client's, or the last it had
	wires  []*wire

	clientConfig, serverConfig bsock.Config
	plain                      bool // acks
	shy                        bool // the server does not say that it may be of Version4

	dials, ends int
	redialAt    time.Time // no attempt is made before
	over        bool      // no attempt follows
	suspended   bool

	number   uint32 // of events and calls
	calls    map[uint32]*pairCall
	open     []*pairCall // that are not settled
	asked    []*pairCall // that are not answered
	askers   []joinRequest
	admits   admission
	advanced bool      // everybody has just been told the time
	slept    time.Time // when somebody was last told too late
}

// A pairCall is a call from one end to the other.
type pairCall struct {
	number   uint32 // and tag
	wire     *wire
	from     int
	nsp      string
	deadline time.Time
	id       bsock.CallID // as the other end knows it

	replied, refused, settled bool
}

// admission is what the server does with who wants to join a namespace.
type admission uint8

const (
	admitsAtOnce admission = iota
	admitsLater
	deniesAtOnce
)

type joinRequest struct {
	wire *wire
	nsp  string
}

func newPairModel(t *rapid.T) *pairModel {
	m := &pairModel{t: t, now: time.Unix(1000, 0), calls: make(map[uint32]*pairCall)}
	version := rapid.SampledFrom([]bsock.Version{bsock.Version3, bsock.Version4}).Draw(t, "version")
	m.plain = rapid.Bool().Draw(t, "plain acks")
	m.serverConfig = bsock.Config{
		Version: version, PlainAcks: m.plain, PingInterval: 25 * time.Second, PingTimeout: 20 * time.Second,
		AskJoin: rapid.IntRange(0, 2).Draw(t, "ask join") == 2,
	}
	m.clientConfig = bsock.Config{
		URL: "ws://there", Version: version, PlainAcks: m.plain, AskAuth: rapid.Bool().Draw(t, "ask auth"),
		RefusedDelay: time.Minute,
		Reconnect: bsock.Backoff{
			Off:   rapid.IntRange(0, 6).Draw(t, "reconnect off") == 6,
			Limit: rapid.SampledFrom([]int{0, 0, 2}).Draw(t, "limit"),
		},
	}
	if rapid.Bool().Draw(t, "finds out") {
		m.clientConfig.Version = bsock.VersionAny
	}
	m.shy = rapid.Bool().Draw(t, "shy")
	m.client = bsock.NewClient(m.clientConfig)
	m.client.Open(m.now)
	m.drain(nil, client)
	return m
}

// broken ends the test: law does not hold.
func (m *pairModel) broken(law string, args ...any) {
	m.t.Helper()
	m.t.Fatalf("BROKEN: "+law, args...)
}

// payload returns what number says, with attachments of its own.
func (m *pairModel) payload(open string, number uint32, attachments int, nsp string) bsock.Payload {
	p := bsock.Payload{Count: attachments, Namespace: nsp}
	p.JSON = fmt.Appendf(nil, "%s%d", open, number)
	for i := range attachments {
		p.JSON = fmt.Appendf(p.JSON, `,{"_placeholder":true,"num":%d}`, i)
		p.Attachments = append(p.Attachments, []byte{byte(number), byte(i)})
	}
	p.JSON = append(p.JSON, ']')
	return p
}
