package bsock_test

import (
	"net/url"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/bsock-wasm/bsock-wasm/bsock"
)

func TestEndpointURL(t *testing.T) {
	for _, test := range []struct {
		endpoint bsock.Endpoint
		want     string
	}{
		{bsock.Endpoint{Port: 5000}, "ws://127.0.0.1:5000/socket.io/?transport=websocket"},
		{bsock.Endpoint{Host: "node.example", Port: 443, TLS: true}, "wss://node.example:443/socket.io/?transport=websocket"},
		{bsock.Endpoint{Host: "::1", Port: 80}, "ws://[::1]:80/socket.io/?transport=websocket"},
		{bsock.Endpoint{Host: "[::1]", Port: 80}, "ws://[::1]:80/socket.io/?transport=websocket"},
		{bsock.Endpoint{Host: "h", Port: 1, Namespace: "my-node"}, "ws://h:1/my-node/?transport=websocket"},
		{bsock.Endpoint{Host: "h", Port: 1, Namespace: "/a/b/"}, "ws://h:1/a/b/?transport=websocket"},
		{bsock.Endpoint{Host: "h", Port: 1, Namespace: "ü ?#%"}, "ws://h:1/%C3%BC%20%3F%23%25/?transport=websocket"},
		{bsock.Endpoint{Host: "h", Port: 1, Version: bsock.Version4}, "ws://h:1/socket.io/?transport=websocket&EIO=4"},
		{bsock.Endpoint{Host: "h", Port: 1, Version: bsock.VersionAny}, "ws://h:1/socket.io/?transport=websocket&EIO=4"},
	} {
		got := test.endpoint.URL()
		assert.Equal(t, test.want, got)
		_, err := url.Parse(got)
		require.NoError(t, err, "it is a URL")
	}
}

func TestValidHost(t *testing.T) {
	for _, host := range []string{"localhost", "127.0.0.1", "::1", "[::1]", "nöde.example", "::ffff:127.0.0.1", "FE80::a"} {
		assert.True(t, bsock.ValidHost(host), host)
	}
	for _, host := range []string{"", "[]", "[::1", "a/b", "a b", "u@h", "h?x", "h#x", "h\n", "[a]b]", "localhost:80", "a:1", "[a]", "[1]"} {
		assert.False(t, bsock.ValidHost(host), host)
	}
}
