package simnode

import (
	"context"
	"errors"
	"net"
	"net/http"
	"sync"
	"time"
)

// Running is a simulated node that listens and mines.
type Running struct {
	*Sim
	NodeURL   string
	WalletURL string

	servers []*http.Server
	stop    context.CancelFunc
	serving sync.WaitGroup
}

// Listen starts a simulated node on two addresses, of which "" stands for a free
// port on the loopback interface. It runs until [Running.Close].
func Listen(config Config, nodeAddr, walletAddr string) (*Running, error) {
	node, err := listen(nodeAddr)
	if err != nil {
		return nil, err
	}
	wallet, err := listen(walletAddr)
	if err != nil {
		node.Close()
		return nil, err
	}
	r := &Running{
		Sim:       New(config),
		NodeURL:   "http://" + node.Addr().String(),
		WalletURL: "http://" + wallet.Addr().String(),
	}
	ctx, cancel := context.WithCancel(context.Background())
	r.stop = cancel
	r.serving.Go(func() { r.Run(ctx) })
	r.serve(node, r.Node())
	r.serve(wallet, r.Wallet())
	return r, nil
}

func listen(addr string) (net.Listener, error) {
	if addr == "" {
		addr = "127.0.0.1:0"
	}
	return net.Listen("tcp", addr)
}

func (r *Running) serve(l net.Listener, handler http.Handler) {
	server := &http.Server{Handler: handler, ReadHeaderTimeout: 10 * time.Second}
	r.servers = append(r.servers, server)
	r.serving.Go(func() {
		if err := server.Serve(l); !errors.Is(err, http.ErrServerClosed) {
			r.config.Log.Error("simulated node has stopped listening", "err", err)
		}
	})
}

// Close stops mining and listening, closes all connections and waits until
// everything has ended.
func (r *Running) Close() error {
	r.stop()
	ctx, cancel := context.WithTimeout(context.Background(), 5*time.Second)
	defer cancel()
	err := r.Shutdown(ctx)
	for _, server := range r.servers {
		err = errors.Join(err, server.Close())
	}
	r.serving.Wait()
	return err
}
