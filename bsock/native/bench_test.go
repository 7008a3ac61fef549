package native_test

import (
	"context"
	"fmt"
	"net/http/httptest"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/bsock-wasm/bsock-wasm/bsock/native"
)

// Over a real loopback socket, both ends in this process.

func benchWorld(b *testing.B, onSocket func(*native.Socket)) (*native.Server, func() *native.Client) {
	server := native.NewServer(&native.ServerOptions{OnSocket: onSocket})
	web := httptest.NewServer(server)
	ctx := context.Background()
	b.Cleanup(func() {
		require.NoError(b, server.Shutdown(ctx))
		web.Close()
	})
	return server, func() *native.Client {
		c, err := native.Dial(ctx, web.URL, nil)
		require.NoError(b, err)
		b.Cleanup(func() { _ = c.Close(); <-c.Done() })
		return c
	}
}

// sample is an event of 75 bytes, as a wallet sends it.
var sample = map[string]any{"account": -1, "tx": 11, "coin": 22, "unconfirmed": 105}

func BenchmarkClientFire(b *testing.B) {
	for _, size := range []struct {
		name string
		arg  any
	}{{"75B", sample}, {"10KB", strings.Repeat("0123456789abcdef", 10<<10/16)}, {"binary1KB", make([]byte, 1<<10)}} {
		b.Run(size.name, func(b *testing.B) {
			var n atomic.Int64
			done := make(chan struct{}, 1)
			_, dial := benchWorld(b, func(s *native.Socket) {
				_, err := s.Bind("tx", func(native.Args) {
					if n.Add(1) == int64(b.N) {
						done <- struct{}{}
					}
				})
				require.NoError(b, err)
			})
			c := dial()
			ctx := context.Background()
			b.ReportAllocs()
			b.ResetTimer()
			for range b.N {
				require.NoError(b, c.Fire(ctx, "tx", size.arg))
			}
			<-done
			b.StopTimer()
		})
	}
}

func BenchmarkCall(b *testing.B) {
	_, dial := benchWorld(b, func(s *native.Socket) {
		require.NoError(b, s.Hook("echo", func(_ context.Context, args native.Args) (any, error) { return args.Value(0), nil }))
	})
	ctx := context.Background()
	b.Run("one", func(b *testing.B) {
		c := dial()
		b.ReportAllocs()
		for b.Loop() {
			_, err := c.Call(ctx, "echo", sample)
			require.NoError(b, err)
		}
	})
	b.Run("parallel", func(b *testing.B) {
		c := dial()
		b.ReportAllocs()
		b.SetParallelism(16)
		b.RunParallel(func(pb *testing.PB) {
			for pb.Next() {
				_, err := c.Call(ctx, "echo", sample)
				require.NoError(b, err)
			}
		})
	})
}

func BenchmarkBroadcast(b *testing.B) {
	for _, conns := range []int{1, 100, 1000} {
		b.Run(fmt.Sprint(conns), func(b *testing.B) {
			server, dial := benchWorld(b, func(s *native.Socket) { s.Join("room") })
			var n atomic.Int64
			for range conns {
				_, err := dial().Bind("tx", func(native.Args) { n.Add(1) })
				require.NoError(b, err)
			}
			b.ReportAllocs()
			want := int64(0)
			for b.Loop() {
				require.NoError(b, server.To("room", "tx", sample))
				want += int64(conns)
				for n.Load() < want-int64(conns)*1000 { // stay within the queues
					time.Sleep(time.Millisecond)
				}
			}
			for n.Load() < want {
				time.Sleep(100 * time.Microsecond)
			}
			b.ReportMetric(float64(want)/b.Elapsed().Seconds(), "deliveries/s")
		})
	}
}
