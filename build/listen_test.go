package main

import (
	"net"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestListenErrors(t *testing.T) {
	taken, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	defer taken.Close()
	addr := taken.Addr().String()

	for _, test := range []struct{ addr, want string }{
		{addr, addr + " is in use by another program: stop that, or choose another address, such as ADDR=127.0.0.1:0 for any free port"},
		{"5000", "ADDR=5000 is not HOST:PORT, such as 127.0.0.1:5000"},
		{"127.0.0.1:http", `ADDR=127.0.0.1:http: "http" is not a port from 1 to 65535, nor 0 for any that is free`},
		{"127.0.0.1:65536", `ADDR=127.0.0.1:65536: "65536" is not a port from 1 to 65535, nor 0 for any that is free`},
		{"192.0.2.1:5000", "192.0.2.1:5000 is no address of this machine: choose another with ADDR="},
	} {
		_, err := listen(test.addr)
		assert.EqualError(t, err, test.want)
	}
}

func TestPageURL(t *testing.T) {
	for _, addr := range []string{"127.0.0.1:0", ":0", "0.0.0.0:0"} {
		listener, err := listen(addr)
		require.NoError(t, err)
		defer listener.Close()
		url := pageURL(listener)
		assert.True(t, strings.HasPrefix(url, "http://127.0.0.1:"), "%s can be opened here", url)
		assert.NotContains(t, url, ":0")
	}
}
