//go:build linux

// The WebSocket module is what native is built on: all of it is marked deprecated
// in favour of its continuation.
//
//lint:file-ignore SA1019 it is measured because native uses it

package main

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"time"

	"nhooyr.io/websocket"
)

// A bare client only takes messages off a WebSocket and sends them: what native
// could do if it had nothing to do.
type bare struct{ ws *websocket.Conn }

func (b *bare) do(cmd *command) (any, error) {
	ctx, cancel := context.WithTimeout(context.Background(), patience)
	defer cancel()
	begin := time.Now()
	var err error
	switch cmd.Do {
	case "connect":
		b.ws, _, err = websocket.Dial(ctx, cmd.URL+"/socket.io/?transport=websocket", &websocket.DialOptions{CompressionMode: websocket.CompressionDisabled})
		if err != nil {
			return nil, err
		}
		b.ws.SetReadLimit(-1)
		return nil, b.receive(2) // the greeting
	case "receive":
		if err = b.send(fmt.Sprintf(`42["send",%d,%d]`, cmd.Count, cmd.Size)); err == nil {
			err = b.receive(cmd.Count)
		}
	case "fire":
		err = b.fire(cmd.Count)
	default:
		err = unknown(cmd)
	}
	return time.Since(begin).Seconds(), err
}

func (b *bare) send(text string) error {
	return b.ws.Write(context.Background(), websocket.MessageText, []byte(text))
}

func (b *bare) receive(count int) error {
	var buf bytes.Buffer
	for range count {
		_, r, err := b.ws.Reader(context.Background())
		if err != nil {
			return err
		}
		buf.Reset()
		if _, err := io.Copy(&buf, r); err != nil {
			return err
		}
	}
	return nil
}

func (b *bare) fire(count int) error {
	text := textOf(clock(), smallEvent)
	for range count {
		if err := b.send(text); err != nil {
			return err
		}
	}
	if err := b.send(`421["echo"]`); err != nil {
		return err
	}
	return b.receive(1)
}
