package middleware_test

import (
	"encoding/json"
	"fmt"
	"strconv"
	"strings"

	"github.com/stretchr/testify/require"

	"github.com/bsock-wasm/bsock-wasm/middleware"
)

// The actions of a transcript, as JavaScript hands them over: the fields in the
// order in which they are written.

func (p *page) object(dec *json.Decoder) []property {
	var all []property
	_, err := dec.Token()
	require.NoError(p.t, err)
	for dec.More() {
		key, err := dec.Token()
		require.NoError(p.t, err)
		var value any
		require.NoError(p.t, dec.Decode(&value))
		all = append(all, property{key.(string), value})
	}
	_, err = dec.Token()
	require.NoError(p.t, err)
	return all
}

func (p *page) action(rest string) {
	actionType, objects, _ := strings.Cut(rest, " ")
	if objects == "" {
		objects = "{}"
	}
	dec := json.NewDecoder(strings.NewReader(objects))
	fields := p.object(dec)
	var meta []property
	if dec.More() {
		meta = p.object(dec)
	}
	p.emits++
	b := &body{number: p.emits}
	ref := p.host.keep(b)
	switch actionType {
	case "CONNECT_SOCKET":
		p.connect(fields, ref)
	case "DISCONNECT_SOCKET":
		p.m.HandleDisconnect(p.now, ref)
	case "EMIT_SOCKET":
		p.emit(fields, meta, ref, b)
	default:
		p.t.Fatalf("unknown action %q", actionType)
	}
}

func (p *page) connect(fields []property, ref uint32) {
	a := middleware.ConnectAction{Ref: ref}
	var key any
	for _, f := range fields {
		switch f.key {
		case "port":
			a.Port = value(f.value)
		case "host":
			a.Host = value(f.value)
		case "ssl":
			a.SSL = value(f.value)
		case "namespace":
			a.Namespace = value(f.value)
		case "protocols":
			a.Protocols = protocols(f.value)
		case "protocol":
			a.Protocol = value(f.value)
			p.host.plain = strings.HasPrefix(a.Protocol.Text, "socket.io")
		case "nsps":
			a.Nsps = protocols(f.value)
		case "apiKey":
			key = f.value
		}
	}
	if key != nil {
		text, _ := json.Marshal(key)
		p.host.key = string(text)
	}
	a.NewKey, p.lastKey, a.Asks = key != p.lastKey, key, key == "@function"
	lent := func(v any) middleware.Value {
		got := value(v)
		got.Text = p.host.lend(got.Text)
		return got
	}
	for _, l := range p.host.listeners {
		a.Hear(&middleware.Listener{
			Event: lent(l.Event), ActionType: lent(l.ActionType), Ack: lent(l.Ack), Nsp: lent(l.Nsp),
			Throttle: lent(l.Throttle), Latest: lent(l.Latest), Batch: lent(l.Batch), Filter: lent(l.Filter), Map: lent(l.Map),
		})
		p.host.takeBack()
	}
	p.m.HandleConnect(p.now, &a)
}

func protocols(v any) middleware.Value {
	list, ok := v.([]any)
	if !ok {
		got := value(v)
		if got.Kind == middleware.String {
			got.Kind, got.Text = middleware.Object, `"`+got.Text+`"`
		}
		return got
	}
	var names []string
	for _, name := range list {
		names = append(names, fmt.Sprint(name))
	}
	return middleware.Value{Kind: middleware.String, Text: strings.Join(names, ",")}
}

func (p *page) emit(fields, meta []property, ref uint32, b *body) {
	said := &middleware.EmitMeta{}
	a := middleware.EmitAction{Ref: ref, Meta: said}
	var name, message any
	var rest []any
	for _, f := range fields {
		switch f.key {
		case "type":
			a.Type, name = value(f.value), f.value
			a.Type.Text = p.host.lend(a.Type.Text)
		case "message":
			a.Message, message = value(f.value), f.value
			a.Message.Text = p.host.lend(a.Message.Text)
		case "acknowledge":
			a.Acknowledge = value(f.value)
		default:
			rest = append(rest, p.attach(f.value, b))
		}
	}
	for _, f := range meta {
		switch f.key {
		case "timeout":
			said.Timeout = value(f.value)
		case "nsp":
			said.Nsp = value(f.value)
		case "queue":
			said.Queue = value(f.value)
		case "ttl":
			said.TTL = value(f.value)
		case "persist":
			said.Persist = value(f.value)
		case "forget":
			said.Forget = value(f.value)
		case "ack":
			said.Ack = value(f.value)
			b.ack, _ = f.value.(string)
		}
	}
	text, err := json.Marshal(append([]any{name, message}, rest...))
	require.NoError(p.t, err)
	b.text, a.Attachments = string(text), uint32(len(b.attachments))
	if !p.m.HandleEmit(p.now, &a) {
		p.host.say("next")
		p.host.Drop(ref)
	}
}

// attach turns "@0badc0de" into an attachment.
func (p *page) attach(v any, b *body) any {
	s, ok := v.(string)
	if !ok || !strings.HasPrefix(s, "@") {
		return v
	}
	b.attachments = append(b.attachments, p.unhex(s[1:]))
	return json.RawMessage(fmt.Sprintf(`{"_placeholder":true,"num":%d}`, len(b.attachments)-1))
}

// value describes a value of a transcript's JSON as the page's JavaScript
// describes one of its own.
func value(v any) middleware.Value {
	switch v := v.(type) {
	case nil:
		return middleware.Value{Kind: middleware.Null, Text: "null"}
	case bool:
		n := map[bool]float64{true: 1}[v]
		return middleware.Value{Kind: middleware.Bool, Number: n, Text: strconv.FormatBool(v)}
	case float64:
		return middleware.Value{Kind: middleware.Number, Number: v, Text: strconv.FormatFloat(v, 'g', -1, 64)}
	case string:
		if strings.HasPrefix(v, "@function") {
			return middleware.Value{Kind: middleware.Function}
		}
		return middleware.Value{Kind: middleware.String, Text: v}
	}
	text, _ := json.Marshal(v)
	return middleware.Value{Kind: middleware.Object, Text: string(text)}
}
