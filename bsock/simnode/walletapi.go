package simnode

import (
	"context"

	"github.com/bsock-wasm/bsock-wasm/bsock/native"
)

// The wallet server's hooks and events. As in hsd without wallet-auth, who knows
// the API key may join any wallet, and needs no token.
// hsd: lib/wallet/http.js handleAuth, initSockets.

// everyWallet is the name under which one joins all wallets.
const everyWallet = "*"

// A walletClient is one connection to the wallet server. Its fields are guarded
// by the Sim's mu.
type walletClient struct {
	ear
	authed bool
	joined map[string]struct{}
}

// What one client can make the server remember: so many ids, each so long. hsd
// has no bounds here; its own ids have at most 40 bytes.
const (
	maxJoined   = 10_000
	maxWalletID = 256
)

func (s *Sim) acceptWallet(socket *native.Socket) {
	c := &walletClient{ear: newEar(s, s.wallet, socket), joined: make(map[string]struct{})}
	hook(socket, "auth", c.auth)
}

func (c *walletClient) auth(_ context.Context, p params) (any, error) {
	c.sim.mu.Lock()
	defer c.sim.mu.Unlock()
	if c.authed {
		return nil, errAuthed
	}
	if err := checkKey(c.sim.config.WalletKey, p); err != nil {
		return nil, err
	}
	c.authed = true
	hook(c.socket, "join", c.join)
	hook(c.socket, "leave", c.part)
	c.sim.wallets[c] = struct{}{}
	context.AfterFunc(c.socket.Context(), c.leave)
	return nil, nil
}

func (c *walletClient) leave() {
	c.sim.mu.Lock()
	defer c.sim.mu.Unlock()
	delete(c.sim.wallets, c)
}

func (c *walletClient) join(_ context.Context, p params) (any, error) {
	id, err := walletID(p)
	if err != nil {
		return nil, err
	}
	c.sim.mu.Lock()
	defer c.sim.mu.Unlock()
	if len(c.joined) >= maxJoined {
		return nil, errParameter
	}
	c.joined[id] = struct{}{}
	return nil, nil
}

func (c *walletClient) part(_ context.Context, p params) (any, error) {
	id, err := walletID(p)
	if err != nil {
		return nil, err
	}
	c.sim.mu.Lock()
	defer c.sim.mu.Unlock()
	delete(c.joined, id)
	return nil, nil
}

func walletID(p params) (string, error) {
	id, err := p.text(0)
	if err == nil && (id == "" || len(id) > maxWalletID) {
		err = errParameter
	}
	return id, err
}

// tellWallet tells those who joined a wallet what happened to it. Who joined it
// and every wallet as well is told twice, as by hsd.
func (s *Sim) tellWallet(e event) {
	for _, name := range []string{e.wallet, everyWallet} {
		for c := range s.wallets {
			if _, ok := c.joined[name]; ok {
				c.tell(e.name, e.wallet, e.value)
			}
		}
	}
}
