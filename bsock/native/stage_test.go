package native

import (
	"net"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// A Conn of the module's is made once, when it is asked for, and not for a
// connection that is over: nobody would end its goroutine.
func TestConnIsMadeWhenItIsNeeded(t *testing.T) {
	here, there := net.Pipe()
	defer there.Close()
	ws := &webSocket{wire: newWire(here, true)}
	assert.Nil(t, ws.conn)
	conn, err := ws.module()
	require.NoError(t, err)
	again, err := ws.module()
	require.NoError(t, err)
	assert.Same(t, conn, again)
	ws.abort()
	_, err = ws.module()
	require.ErrorIs(t, err, net.ErrClosed)

	here, there = net.Pipe()
	defer there.Close()
	ws = &webSocket{wire: newWire(here, true)}
	ws.abort()
	_, err = ws.module()
	require.ErrorIs(t, err, net.ErrClosed)
	_, err = here.Write([]byte("x"))
	require.Error(t, err, "the connection is closed")
}
