package main

import (
	"testing"

	"github.com/stretchr/testify/assert"
)

func TestSettings(t *testing.T) {
	const url = "http://127.0.0.1:14037"
	for _, test := range []struct {
		name string
		node string
		env  map[string]string
		want string
	}{
		{"nothing", "", nil, ""},
		{"a node", "", map[string]string{"NODE_URL": url, "NODE_API_KEY": "k", "WALLET_URL": "wss://wallet.example"}, ""},
		{"hsd with keys of its own", "hsd", map[string]string{"NODE_API_KEY": "k", "WALLET_API_KEY": "k"}, ""},
		{
			"an unknown node", "bcoin", nil,
			"-node bcoin is not known: leave it out for the simulated node, or say -node hsd for a real one",
		},
		{
			"two nodes", "hsd", map[string]string{"NODE_URL": url},
			"-node hsd starts a node of its own, but NODE_URL names another: leave one of them out",
		},
		{
			"a key for nobody", "", map[string]string{"NODE_API_KEY": "k"},
			"NODE_API_KEY is set, but NODE_URL is not: say where the node is, such as NODE_URL=http://127.0.0.1:14037",
		},
		{
			"an origin that is an address", "", map[string]string{"ORIGINS": "http://localhost:3000"},
			`ORIGINS: "http://localhost:3000" is not a host such as localhost:3000 or *.example.com, without http:// and path`,
		},
		{
			"no scheme", "", map[string]string{"NODE_URL": "127.0.0.1:14037"},
			"NODE_URL is not an address such as http://127.0.0.1:14037 (http, https, ws and wss are known)",
		},
		{
			"another scheme", "", map[string]string{"NODE_URL": url, "WALLET_URL": "ftp://127.0.0.1"},
			"WALLET_URL is not an address such as http://127.0.0.1:14037 (http, https, ws and wss are known)",
		},
		{
			"a key in the address", "", map[string]string{"NODE_URL": "http://x:secret@127.0.0.1:14037"},
			"NODE_URL has a password in it: put the key into NODE_API_KEY instead",
		},
	} {
		t.Run(test.name, func(t *testing.T) {
			for _, name := range []string{"ADDR", "API_KEY", "ORIGINS", "NODE_URL", "NODE_API_KEY", "WALLET_URL", "WALLET_API_KEY"} {
				t.Setenv(name, test.env[name])
			}
			s, err := readSettings(test.node)
			if test.want != "" {
				assert.EqualError(t, err, test.want)
				return
			}
			assert.NoError(t, err)
			assert.Equal(t, defaultAddr, s.addr)
			assert.Equal(t, test.env["NODE_URL"], s.nodeURL)
		})
	}
}
