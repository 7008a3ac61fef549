package main

import (
	"bufio"
	"context"
	"encoding/json"
	"io"
	"log/slog"
	"net"
	"net/http"
	"os"
	"os/exec"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/bsock-wasm/bsock-wasm/bsock/native"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// A served is the serve verb at work in a program of its own.
type served struct {
	cmd    *exec.Cmd
	url    string
	output *bufio.Reader
}

var printedURL = regexp.MustCompile(`http://[0-9.:]+`)

// startServe runs the verb on a free port, until the test ends.
func startServe(t *testing.T, p *project, env ...string) *served {
	t.Helper()
	s := &served{cmd: exec.CommandContext(context.WithoutCancel(t.Context()), self(t), "serve")}
	s.cmd.Dir = p.root
	s.cmd.Env = append(os.Environ(), append(env, asTool+"=1", "ADDR=127.0.0.1:0")...)
	s.cmd.Stderr = t.Output()
	out, err := s.cmd.StdoutPipe()
	require.NoError(t, err)
	require.NoError(t, s.cmd.Start())
	t.Cleanup(func() { s.cmd.Process.Kill() })
	s.output = bufio.NewReader(out)
	for s.url == "" {
		line, err := s.output.ReadString('\n')
		require.NoError(t, err, "the URL is printed before the output ends")
		s.url = printedURL.FindString(line)
	}
	return s
}

func (s *served) get(t *testing.T, path string) (*http.Response, string) {
	t.Helper()
	answer, err := http.Get(s.url + path)
	require.NoError(t, err)
	defer answer.Body.Close()
	body, err := io.ReadAll(answer.Body)
	require.NoError(t, err)
	return answer, string(body)
}

// interrupt does what Ctrl-C does, and returns what was printed after it.
func (s *served) interrupt(t *testing.T) string {
	t.Helper()
	require.NoError(t, s.cmd.Process.Signal(os.Interrupt))
	rest, err := io.ReadAll(s.output)
	require.NoError(t, err)
	require.NoError(t, s.cmd.Wait(), "it ends without an error")
	return string(rest)
}

func TestServe(t *testing.T) {
	s := startServe(t, builtPage(t))

	_, body := s.get(t, "/")
	assert.Contains(t, body, "<title>A page</title>")
	answer, _ := s.get(t, "/bsock.wasm")
	assert.Equal(t, "application/wasm", answer.Header.Get("Content-Type"))

	_, body = s.get(t, "/config.json")
	var config struct {
		Node, Label, Network string
		Clients              []string
		APIKeyRequired       *bool
	}
	require.NoError(t, json.Unmarshal([]byte(body), &config))
	assert.Equal(t, "simulated", config.Node)
	assert.Contains(t, config.Label, "simulated", "it is called so wherever it shows")
	assert.Equal(t, "regtest", config.Network)
	assert.Equal(t, []string{clientID}, config.Clients)
	assert.Equal(t, new(bool), config.APIKeyRequired)

	answer, _ = s.get(t, "/"+strings.Repeat("x", 2*maxHeader))
	assert.Equal(t, http.StatusRequestHeaderFieldsTooLarge, answer.StatusCode)

	rest := s.interrupt(t)
	assert.True(t, strings.HasSuffix(rest, "\nStopping.\n"), "%q", rest)
}

func TestServeReachesTheNode(t *testing.T) {
	s := startServe(t, builtPage(t), "API_KEY=a key")
	for _, namespace := range []string{"/socket.io/", "/" + clientID + "/"} {
		client, err := native.Dial(t.Context(), s.url+namespace, &native.DialOptions{
			OnConnect: func(ctx context.Context, c *native.Client) error {
				_, err := c.Call(ctx, "auth", "a key")
				return err
			},
		})
		require.NoError(t, err, "%s leads to the node", namespace)
		defer client.Close()
		for _, message := range []string{"get tip", "wallet join"} {
			require.EventuallyWithT(t, func(c *assert.CollectT) {
				_, err := client.Call(t.Context(), "dispatch", message, "primary", "")
				assert.NoError(c, err)
			}, 10*time.Second, 50*time.Millisecond, "%s is answered", message)
		}
	}
	s.interrupt(t)
}

// A browser that sleeps answers nothing, and must neither keep the server from
// ending nor be its failure.
func TestServeStopsWithoutAnAnswer(t *testing.T) {
	s := startServe(t, builtPage(t))
	host := strings.TrimPrefix(s.url, "http://")
	for _, request := range []string{
		"GET /node/ HTTP/1.1\r\nHost: " + host + "\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n" +
			"Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n",
		"GET / HTTP/1.1\r\nHo",
	} {
		conn, err := net.Dial("tcp", host)
		require.NoError(t, err)
		defer conn.Close()
		_, err = io.WriteString(conn, request)
		require.NoError(t, err)
		if strings.Contains(request, "Upgrade") {
			_, err = http.ReadResponse(bufio.NewReader(conn), nil)
			require.NoError(t, err, "it is connected")
		}
	}
	began := time.Now()
	s.interrupt(t)
	assert.Less(t, time.Since(began), stopTimeout+2*time.Second)
}

func TestServeErrors(t *testing.T) {
	p := builtPage(t)
	quiet := slog.New(slog.DiscardHandler)
	taken, err := listen("127.0.0.1:0")
	require.NoError(t, err)
	defer taken.Close()

	err = serve(t.Context(), p, settings{addr: taken.Addr().String()}, quiet)
	assert.ErrorContains(t, err, "is in use by another program")

	err = serve(t.Context(), newProject(t), settings{addr: "127.0.0.1:0"}, quiet)
	assert.ErrorContains(t, err, "the page is not built")

	err = serve(t.Context(), p, settings{addr: "127.0.0.1:0", node: "hsd"}, quiet)
	assert.ErrorContains(t, err, "npm's hsd is not installed")
}
