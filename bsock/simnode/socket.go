package simnode

import (
	"context"
	"fmt"

	"github.com/bsock-wasm/bsock-wasm/bsock/native"
)

// hook has answer answer the calls of one name, its arguments read as JSON.
func hook(socket *native.Socket, name string, answer func(context.Context, params) (any, error)) {
	err := socket.Hook(name, func(ctx context.Context, args native.Args) (any, error) {
		p := make(params, args.Len())
		for i := range p {
			if err := args.Decode(i, &p[i]); err != nil {
				return nil, err
			}
		}
		return answer(ctx, p)
	})
	if err != nil {
		panic("simnode: " + err.Error()) // a name is reserved, or hooked twice
	}
}

// An ear is a socket that is told what happens. It has a room to itself, since
// what is sent to a room never waits: one client that does not read is cut off
// before it holds up the chain.
type ear struct {
	sim    *Sim
	server *native.Server
	socket *native.Socket
	room   string
}

func newEar(sim *Sim, server *native.Server, socket *native.Socket) ear {
	e := ear{sim, server, socket, fmt.Sprintf("%p", socket)}
	socket.Join(e.room)
	return e
}

func (e *ear) tell(event string, args ...any) {
	if err := e.server.To(e.room, event, args...); err != nil {
		e.sim.config.Log.Error("simulated node cannot tell", "event", event, "err", err)
	}
}
