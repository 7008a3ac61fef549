package native_test

import (
	"bytes"
	"context"
	"fmt"
	"strings"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/bsock-wasm/bsock-wasm/bsock"
	"github.com/bsock-wasm/bsock-wasm/bsock/native"
)

// Nothing grows without bound, and each bound has its policy. The network of
// these tests has no buffers: a peer that does not read is felt at once.

func TestQueueFull(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t, native.ServerOptions{Limits: native.Limits{MaxQueue: 3}})
		p := w.rawDial()
		s := w.socket()
		for i := range 4 { // one is being written
			require.NoError(t, s.Fire(w.ctx, "n", i), "there is room for event %d", i)
			synctest.Wait()
		}
		ctx, cancel := context.WithTimeout(w.ctx, time.Second)
		defer cancel()
		err := s.Fire(ctx, "late")
		assert.ErrorIs(t, err, native.ErrQueueFull, "an event waits for room")
		assert.ErrorIs(t, err, context.DeadlineExceeded, "until its context ends")
		assert.EqualError(t, err, "Outgoing queue is full. Gave up waiting: context deadline exceeded.")
		_, err = s.Call(ctx, "late")
		assert.ErrorIs(t, err, context.DeadlineExceeded, "a context that has ended is not waited for")

		sent := make(chan error, 1)
		go func() { sent <- s.Fire(w.ctx, "n", 4) }()
		synctest.Wait()
		for i := range 5 {
			assert.Equal(t, fmt.Sprintf(`42["n",%d]`, i), p.wantText(), "what was let in arrives in order, and nothing of what was not")
		}
		assert.NoError(t, receive(t, sent, "the event that waited"))
	})
}

func TestQueueIsBoundedInBytes(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t, native.ServerOptions{Limits: native.Limits{MaxQueueBytes: 1000}})
		p := w.rawDial()
		s := w.socket()
		ctx, cancel := context.WithTimeout(w.ctx, time.Second)
		defer cancel()
		require.NoError(t, s.Fire(ctx, "small")) // is being written
		synctest.Wait()
		require.NoError(t, s.Fire(ctx, "large", strings.Repeat("x", 5000)), "a message above the bound has the queue to itself")
		assert.ErrorIs(t, s.Fire(ctx, "small"), native.ErrQueueFull)
		assert.Equal(t, `42["small"]`, p.wantText())
		assert.Len(t, p.wantText(), len(`42["large",""]`)+5000)
	})
}

func TestCallThatIsStillQueuedIsNotSent(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t, native.ServerOptions{Limits: native.Limits{MaxQueue: 2}})
		p := w.rawDial()
		s := w.socket()
		require.NoError(t, s.Fire(w.ctx, "first")) // is being written
		synctest.Wait()
		ctx, cancel := context.WithTimeout(w.ctx, time.Second)
		defer cancel()
		_, err := s.Call(ctx, "pay", []byte("coins"))
		require.ErrorIs(t, err, context.DeadlineExceeded)
		require.NoError(t, s.Fire(w.ctx, "second"), "its place in the queue is free")
		require.NoError(t, s.Fire(w.ctx, "third"))
		for _, want := range []string{"first", "second", "third"} {
			assert.Equal(t, `42["`+want+`"]`, p.wantText(), "the call is never sent")
		}
	})
}

func TestCallThatTimesOutInTheQueueIsNotSent(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t, native.ServerOptions{Limits: native.Limits{CallTimeout: time.Second}})
		p := w.rawDial()
		s := w.socket()
		require.NoError(t, s.Fire(w.ctx, "first")) // is being written
		synctest.Wait()
		_, err := s.Call(w.ctx, "pay", []byte("coins"))
		require.ErrorIs(t, err, native.ErrTimeout)
		require.NoError(t, s.Fire(w.ctx, "second"))
		assert.Equal(t, `42["first"]`, p.wantText())
		assert.Equal(t, `42["second"]`, p.wantText(), "the call is never sent")
	})
}

func TestCallThatIsAnsweredTooLate(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		errs := make(chan error, 10)
		w := newWorld(t, native.ServerOptions{
			Limits:  native.Limits{CallTimeout: time.Minute},
			OnError: func(_ *native.Socket, err error) { errs <- err },
		})
		p := w.rawDial()
		s := w.socket()
		got := make(chan error, 1)
		go func() { _, err := s.Call(w.ctx, "slow"); got <- err }()
		assert.Equal(t, `420["slow"]`, p.wantText())
		go func() { // the peer lives, though it does not answer
			for range 3 {
				time.Sleep(15 * time.Second)
				p.text("2")
				p.wantText()
			}
		}()
		start := time.Now()
		assert.ErrorIs(t, receiveWithin(t, got, 2*time.Minute), native.ErrTimeout)
		assert.Equal(t, time.Minute, time.Since(start), "CallTimeout bounds a call")

		ctx, cancel := context.WithCancel(w.ctx)
		go func() { _, err := s.Call(ctx, "slow"); got <- err }()
		assert.Equal(t, `421["slow"]`, p.wantText())
		cancel()
		assert.ErrorIs(t, receive(t, got, "the call"), context.Canceled, "and so does its context")

		p.text(`430[null,"late"]`)
		p.text(`431[null,"late"]`)
		synctest.Wait()
		assert.Empty(t, errs, "a late answer is no error")
		p.text(`431[null,"again"]`)
		assert.EqualError(t, receive(t, errs, "the report"), "Job not found for 1.", "a second one is")
	})
}

func receiveWithin(t *testing.T, ch <-chan error, d time.Duration) error {
	t.Helper()
	select {
	case err := <-ch:
		return err
	case <-time.After(d):
		require.FailNow(t, "waited too long")
		return nil
	}
}

func TestPeerThatStopsReading(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t, native.ServerOptions{Limits: native.Limits{WriteTimeout: 7 * time.Second}})
		w.rawDial()
		s := w.socket()
		start := time.Now()
		require.NoError(t, s.Fire(w.ctx, "never read"))
		<-s.Done()
		assert.Equal(t, 7*time.Second, time.Since(start), "it is cut off after WriteTimeout")
		assert.ErrorIs(t, context.Cause(s.Context()), native.ErrWriteTimeout)
		err := s.Fire(w.ctx, "more")
		assert.ErrorIs(t, err, native.ErrClosed, "nothing more can be sent")
		assert.ErrorIs(t, err, native.ErrWriteTimeout, "and the error says why")
	})
}

func TestFloodOfPings(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t, native.ServerOptions{})
		p := w.rawDial()
		s := w.socket()
		sent := make(chan int, 1)
		go func() {
			n := 0
			for p.tryText("2") {
				n++
			}
			sent <- n
		}()
		<-s.Done()
		assert.ErrorIs(t, context.Cause(s.Context()), native.ErrWriteTimeout, "who does not read is cut off")
		assert.Less(t, receive(t, sent, "the flood"), 300, "and is not read from meanwhile")
	})
}

func TestSlowHandlerHoldsUpThePeer(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		release := make(chan struct{})
		var handled atomic.Int32
		w := newWorld(t, native.ServerOptions{Limits: native.Limits{MaxInbox: 5}, OnSocket: func(s *native.Socket) {
			_, err := s.Bind("work", func(native.Args) { <-release; handled.Add(1) })
			require.NoError(t, err)
		}})
		p := w.rawDial()
		var sent atomic.Int32
		go func() {
			for range 50 {
				p.text(`42["work"]`)
				sent.Add(1)
			}
		}()
		synctest.Wait()
		assert.Less(t, sent.Load(), int32(10), "a peer cannot send far ahead of the handlers")
		assert.Zero(t, handled.Load())
		close(release)
		synctest.Wait()
		assert.Equal(t, int32(50), handled.Load(), "and loses nothing by it")
	})
}

func TestHandlerThatNeverReturns(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		release := make(chan struct{})
		w := newWorld(t, native.ServerOptions{
			Limits: native.Limits{MaxInbox: 5}, PingInterval: 2 * time.Second, PingTimeout: time.Second,
			OnSocket: func(s *native.Socket) {
				_, err := s.Bind("work", func(native.Args) { <-release })
				require.NoError(t, err)
			},
		})
		p := w.rawDial()
		s := w.socket()
		go func() {
			for p.tryText(`42["work"]`) {
			}
		}()
		start := time.Now()
		<-s.Context().Done()
		assert.Equal(t, 3*time.Second, time.Since(start), "a connection on which nothing moves ends with its heartbeat")
		close(release)
		p.conn.Close()
	})
}

func TestInboxIsBoundedInBytes(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		release := make(chan struct{})
		w := newWorld(t, native.ServerOptions{Limits: native.Limits{MaxInboxBytes: 10_000}, OnSocket: func(s *native.Socket) {
			_, err := s.Bind("work", func(native.Args) { <-release })
			require.NoError(t, err)
		}})
		p := w.rawDial()
		var sent atomic.Int32
		go func() {
			for range 50 {
				p.text(`42["work","` + strings.Repeat("x", 4000) + `"]`)
				sent.Add(1)
			}
		}()
		synctest.Wait()
		assert.Less(t, sent.Load(), int32(8))
		close(release)
		synctest.Wait()
		assert.Equal(t, int32(50), sent.Load())
	})
}

func TestHooksAreBounded(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		release := make(chan struct{})
		var running, most atomic.Int32
		w := newWorld(t, native.ServerOptions{Limits: native.Limits{MaxHooks: 3}, OnSocket: func(s *native.Socket) {
			require.NoError(t, s.Hook("work", func(_ context.Context, args native.Args) (any, error) {
				most.Store(max(most.Load(), running.Add(1)))
				defer running.Add(-1)
				<-release
				return args.Value(0), nil
			}))
		}})
		c, _ := w.dial(native.DialOptions{})
		answers := make(chan native.Value, 20)
		for i := range 20 {
			go func() {
				v, err := c.Call(w.ctx, "work", i)
				assert.NoError(t, err)
				answers <- v
			}()
		}
		synctest.Wait()
		assert.Equal(t, int32(3), running.Load(), "no more hooks run than are allowed, and no fewer")
		close(release)
		for range 20 {
			receive(t, answers, "an answer")
		}
		assert.Equal(t, int32(3), most.Load())
	})
}

func TestHookEndsWithItsConnection(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		ended := make(chan error, 1)
		w := newWorld(t, native.ServerOptions{OnSocket: func(s *native.Socket) {
			require.NoError(t, s.Hook("wait", func(ctx context.Context, _ native.Args) (any, error) {
				<-ctx.Done()
				ended <- context.Cause(ctx)
				return nil, nil
			}))
		}})
		c, s := w.dial(native.DialOptions{})
		got := make(chan error, 1)
		go func() { _, err := c.Call(w.ctx, "wait"); got <- err }()
		synctest.Wait()
		require.NoError(t, c.Close())
		assert.ErrorIs(t, receive(t, got, "the call"), native.ErrClosed, "a call ends with this end's Close")
		assert.Equal(t, &bsock.CloseError{Code: bsock.CloseNormal}, receive(t, ended, "the hook"), "the hook's context says why")
		<-s.Done()
	})
}

func TestSlowConsumerIsCutOff(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		errs, gone := make(chan error, 10), make(chan error, 10)
		w := newWorld(t, native.ServerOptions{
			Limits:       native.Limits{MaxQueue: 2},
			OnError:      func(_ *native.Socket, err error) { errs <- err },
			OnDisconnect: func(_ *native.Socket, err error) { gone <- err },
		})
		slow := w.rawDial()
		s := w.socket()
		c, _ := w.dial(native.DialOptions{})
		got := inbox(t, c, "block")
		for i := range 10 {
			require.NoError(t, w.server.All("block", i))
			synctest.Wait()
		}
		for i := range 10 {
			assert.Equal(t, fmt.Sprint(i), string(receive(t, got, "a block").Raw(0)), "the others get everything")
		}
		assert.Equal(t, native.ErrSlowConsumer, receive(t, errs, "the report"))
		assert.Equal(t, native.ErrSlowConsumer, receive(t, gone, "the end"))
		assert.Equal(t, native.ErrSlowConsumer, context.Cause(s.Context()))
		assert.Equal(t, 1, w.server.Sockets(), "it is gone at once")
		assert.Equal(t, `42["block",0]`, slow.wantText(), "what was being written is whole")
		assert.Equal(t, "1013 Peer reads too slowly.", slow.wantClose())
		assert.Empty(t, errs)
	})
}

func TestSlowConsumerMissesMessages(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t, native.ServerOptions{Limits: native.Limits{MaxQueue: 2}, SlowPolicy: native.SlowDrop})
		slow := w.rawDial()
		s := w.socket()
		for i := range 10 {
			require.NoError(t, w.server.All("block", i))
			synctest.Wait()
		}
		assert.Equal(t, uint64(7), s.Dropped(), "what is dropped is counted")
		for i := range 3 {
			assert.Equal(t, fmt.Sprintf(`42["block",%d]`, i), slow.wantText())
		}
		synctest.Wait()
		require.NoError(t, w.server.All("block", 10))
		assert.Equal(t, `42["block",10]`, slow.wantText(), "and then it goes on")
	})
}

// Who has waited for room asks for the time again, or what came meanwhile would
// seem to have come before: the heartbeat would end a connection on which there
// is more than the application can take.
func TestHeartbeatOfABusyApplication(t *testing.T) {
	opts := native.ServerOptions{PingInterval: 200 * time.Millisecond, PingTimeout: 200 * time.Millisecond, Limits: native.Limits{MaxInbox: 16}}
	opts.OnSocket = func(s *native.Socket) {
		_, err := s.Bind("slow", func(native.Args) { time.Sleep(20 * time.Millisecond) })
		assert.NoError(t, err)
	}
	w := newWorld(t, opts)
	p := w.rawDial()
	s := w.socket()
	_, err := p.conn.Write(bytes.Repeat(rawFrame(final|opText, `42["slow"]`), 60)) // all of them come together
	require.NoError(t, err)
	for begin := time.Now(); time.Since(begin) < 900*time.Millisecond; time.Sleep(50 * time.Millisecond) {
		p.text("2")
		require.NoError(t, context.Cause(s.Context()))
	}
}
