package main

import (
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
)

// infoServer answers as a node does that is asked what it is.
func infoServer(t *testing.T, status int, text string) string {
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if _, key, _ := r.BasicAuth(); key != "k" {
			status = http.StatusUnauthorized
		}
		w.WriteHeader(status)
		io.WriteString(w, text)
	}))
	t.Cleanup(server.Close)
	return server.URL
}

func TestAskNode(t *testing.T) {
	for _, test := range []struct {
		name   string
		status int
		text   string
		want   nodeInfo
	}{
		{
			"hsd", 200, `{"version":"8.0.0","network":"regtest","pool":{"agent":"/hsd:8.0.0/"}}`,
			nodeInfo{"hsd", "hsd 8.0.0", "regtest"},
		},
		{
			"bcoin", 200, `{"version":"v2.2.0","network":"main","pool":{"agent":"/bcoin:v2.2.0/"}}`,
			nodeInfo{"bcoin", "bcoin v2.2.0", "main"},
		},
		{"another", 200, `{"network":"testnet"}`, nodeInfo{"other", "node at HOST", "testnet"}},
		{"one that refuses", 401, `{"network":"main"}`, nodeInfo{"other", "node at HOST", ""}},
		{"one that says something else", 200, `<html>`, nodeInfo{"other", "node at HOST", ""}},
	} {
		t.Run(test.name, func(t *testing.T) {
			url := infoServer(t, test.status, test.text)
			test.want.Label = strings.ReplaceAll(test.want.Label, "HOST", hostOf(url))
			assert.Equal(t, test.want, askNode(t.Context(), url, "k"))
			assert.Equal(t, test.want, askNode(t.Context(), "ws"+strings.TrimPrefix(url, "http"), "k"))
		})
	}
	assert.Equal(t, nodeInfo{"other", "node at 127.0.0.1:1", ""}, askNode(t.Context(), "http://127.0.0.1:1", "k"), "a node that is away")
}

func TestNodeInfoIsToldInWords(t *testing.T) {
	assert.Equal(t, "hsd 8.0.0 (regtest)", nodeInfo{"hsd", "hsd 8.0.0", "regtest"}.String())
	assert.Equal(t, "node at 10.0.0.1:1, which has not said what it is", nodeInfo{"other", "node at 10.0.0.1:1", ""}.String())
}
