package native_test

import (
	"bufio"
	"context"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/bsock-wasm/bsock-wasm/bsock/native"
)

// What a message costs at one end, over a real loopback socket. The other end is
// bare, and allocates nothing.

type sampleEvent struct {
	Height int    `json:"height"`
	At     int64  `json:"at"`
	Hash   string `json:"hash"`
}

// sample makes an event of 75 bytes, on the wire.
var sample = sampleEvent{200000, 12345678901234, "000000000000000000"}

const sampleText = `42["tip",{"height":200000,"at":12345678901234,"hash":"000000000000000000"}]`

// benchClient connects a client to a bare end.
func benchClient(b *testing.B, bare func(conn net.Conn)) *native.Client {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(b, err)
	go func() {
		conn, err := listener.Accept()
		if err != nil {
			return // the test has failed
		}
		defer conn.Close()
		if acceptBare(conn) == nil {
			bare(conn)
		}
	}()
	c, err := native.Dial(b.Context(), "ws://"+listener.Addr().String(), nil)
	require.NoError(b, err)
	b.Cleanup(func() { listener.Close(); _ = c.Close(); <-c.Done() })
	return c
}

func acceptBare(conn net.Conn) error {
	r, err := http.ReadRequest(bufio.NewReader(conn))
	if err != nil {
		return err
	}
	head := "HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Accept: " +
		acceptKey(r) + "\r\n\r\n"
	_, err = conn.Write(append(append([]byte(head), bareFrame(hello)...), bareFrame("40")...))
	return err
}

// bareFrame is a short text as a server sends it.
func bareFrame(text string) []byte {
	return append([]byte{0x81, byte(len(text))}, text...)
}

func BenchmarkReceive(b *testing.B) {
	for name, handler := range map[string]func(*testing.B, native.Args){
		"unbound": nil,
		"bound":   func(*testing.B, native.Args) {},
		"decoded": func(b *testing.B, args native.Args) {
			var ev sampleEvent
			require.NoError(b, args.Decode(0, &ev))
		},
	} {
		b.Run(name, func(b *testing.B) {
			begin, done := make(chan int), make(chan struct{})
			defer close(begin)
			c := benchClient(b, func(conn net.Conn) {
				for n := range begin {
					sendBare(conn, n)
				}
			})
			_, err := c.Bind("end", func(native.Args) { done <- struct{}{} })
			require.NoError(b, err)
			if handler != nil {
				_, err := c.Bind("tip", func(args native.Args) { handler(b, args) })
				require.NoError(b, err)
			}
			b.ReportAllocs()
			b.ResetTimer()
			begin <- b.N
			<-done
			b.StopTimer()
		})
	}
}

// sendBare sends n samples, many at a time, and the end.
func sendBare(conn net.Conn, n int) {
	const most = 500
	var piece []byte
	for range most {
		piece = append(piece, bareFrame(sampleText)...)
	}
	for ; n > 0; n -= most {
		if _, err := conn.Write(piece[:min(n, most)*len(piece)/most]); err != nil {
			return // the test has failed
		}
	}
	_, _ = conn.Write(bareFrame(`42["end"]`)) // if it has not failed before
}

func BenchmarkFire(b *testing.B) {
	c := benchClient(b, func(conn net.Conn) { _, _ = io.Copy(io.Discard, conn) }) // until it is closed
	ctx := context.Background()
	b.ReportAllocs()
	for b.Loop() {
		require.NoError(b, c.Fire(ctx, "tip", sample))
	}
}

func BenchmarkCall(b *testing.B) {
	c := benchClient(b, answerBare)
	ctx := context.Background()
	b.ReportAllocs()
	for b.Loop() {
		_, err := c.Call(ctx, "echo", sample)
		require.NoError(b, err)
	}
}

// answerBare answers calls that come one after the other, with true.
func answerBare(conn net.Conn) {
	var in [256]byte
	out := make([]byte, 0, 64)
	for {
		n, err := conn.Read(in[:])
		if err != nil || n < 6 {
			return
		}
		// A frame's head is 2 bytes, or 4, and its key 4 more.
		head := 2
		if in[1]&0x7f == 126 {
			head = 4
		}
		key, text := in[head:head+4], in[head+4:n]
		out = append(out[:0], 0x81, 0, '4', '3')
		for i := 2; i < len(text) && text[i]^key[i%4] != '['; i++ {
			out = append(out, text[i]^key[i%4])
		}
		out = append(out, "[null,true]"...)
		out[1] = byte(len(out) - 2)
		if _, err := conn.Write(out); err != nil {
			return
		}
	}
}

// A broadcast is so many messages as there are connections.
func BenchmarkBroadcast(b *testing.B) {
	const conns = 1000
	server := native.NewServer(&native.ServerOptions{
		OnSocket: func(s *native.Socket) { s.Join("room") },
		Limits:   native.Limits{MaxQueue: 1 << 20},
	})
	web := httptest.NewServer(server)
	b.Cleanup(func() { _ = server.Shutdown(context.Background()); web.Close() })
	for range conns {
		conn, err := net.Dial("tcp", web.Listener.Addr().String())
		require.NoError(b, err)
		defer conn.Close()
		_, err = io.WriteString(conn, "GET /?transport=websocket HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n"+
			"Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\n\r\n")
		require.NoError(b, err)
		go func() { _, _ = io.Copy(io.Discard, conn) }() // until it is closed
	}
	require.Eventually(b, func() bool { return server.Members("room") == conns }, time.Minute, time.Millisecond)
	b.ReportAllocs()
	b.ResetTimer()
	for n := 0; n < b.N; n += conns {
		require.NoError(b, server.To("room", "tip", sample))
	}
	b.StopTimer()
}
