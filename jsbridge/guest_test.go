//go:build js && wasm

package jsbridge

import (
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
)

func TestExports(t *testing.T) {
	for _, test := range []struct{ statement, want string }{
		{`guest.handleDisconnect(1, 7)`, "1 disconnect ref 7"},
		{`guest.handleKey(1, 4, 9)`, "1 key attempt 4, ref 9"},
		{`guest.handleKeyError(1, 4, "No key.")`, "1 key error attempt 4, No key."},
		{`guest.handleAuth(1, 4, 9)`, "1 auth attempt 4, ref 9"},
		{`guest.handleAnswer(1, 4, 9, 2)`, "1 answer call 4, ref 9, attachments 2"},
		{
			`guest.handleAnswerError(1, 4, {message: "größer", name: "", type: "t", code: "-3", codeIsNumber: true})`,
			`1 answer error call 4, "größer" "" "t" "-3", number true`,
		},
		{`guest.handleOpen(2)`, "2 open"},
		{`guest.handleHead(1, "42[1]", 3)`, "1 head 42[1], more false, size 5, ref 3"},
		{`guest.handleHead(1, "", 3)`, "1 head , more false, size 0, ref 3"},
		{`guest.handleBinaryHead(1, 4, 1001)`, "1 binary type 4, size 1001"},
		{`guest.handleBinaryHead(1, undefined, 0)`, "1 binary type 0, size 0"},
		{`guest.handleMalformed(1, "Not text.")`, "1 malformed Not text."},
		{`guest.handleClose(1, 1006, "")`, "1 close 1006 "},
		{`guest.handleClose(1, 65535, "größer")`, "1 close 65535 größer"},
		{`guest.heard(1, 1234567890123)`, "1 heard 1234567890123"},
		{`guest.rawBinary(1)`, "1 raw binary"},
		{`guest.suspend(1)`, "1 suspend"},
		{`guest.resume(1)`, "1 resume"},
		{`guest.advance(4294967295)`, "4294967295 advance"},
	} {
		begin(t)
		run(t, test.statement)
		assert.Equal(t, []string{test.want}, goSide.take(), test.statement)
		assert.Empty(t, takeImports(t), "nothing was reported")
	}
}

func TestExportsTellTheTime(t *testing.T) {
	for _, statement := range []string{
		`guest.handleConnect(0, 1, true, {}, [])`,
		`guest.handleDisconnect(0, 1)`,
		`guest.handleEmit(0, 1, 0, {type: "a", message: "b"}, null, "")`,
		`guest.handleEmit(0, 1, 0, {}, null, "")`,
		`guest.handleAuth(0, 1, 1)`,
		`guest.handleAnswer(0, 1, 1, 0)`,
		`guest.handleAnswerError(0, 1, {message: "", name: "", type: "", code: "", codeIsNumber: false})`,
		`guest.suspend(0)`,
		`guest.resume(0)`,
		`guest.handleKey(0, 1, 1)`,
		`guest.handleKeyError(0, 1, "")`,
		`guest.handleOpen(0)`,
		`guest.handleHead(0, "2", 1)`,
		`guest.handleBinaryHead(0, 4, 1)`,
		`guest.handleClose(0, 1000, "")`,
		`guest.advance(0)`,
	} {
		begin(t)
		run(t, statement)
		assert.WithinDuration(t, time.Now(), time.UnixMilli(goSide.now), 10*time.Second, statement)
	}
}

func TestExportedTexts(t *testing.T) {
	for name, text := range texts {
		begin(t)
		quoted := quote(t, text)
		run(t, `guest.handleKeyError(0, 1, `+quoted+`)`)
		assert.Equal(t, text, goSide.message, name)
		run(t, `guest.handleMalformed(0, `+quoted+`)`)
		assert.Equal(t, text, goSide.message, name)
		run(t, `guest.handleAnswerError(0, 1, {message: `+quoted+`, name: "n", type: `+quoted+`, code: "c", codeIsNumber: false})`)
		assert.Equal(t, text, goSide.message, name)
		run(t, `guest.handleEmit(0, 1, 0, {type: `+quoted+`, message: `+quoted+`}, null, "")`)
		assert.Equal(t, text, strings.Clone(goSide.emit.Message.Text), name)
		run(t, `guest.handleClose(0, 1000, `+quoted+`)`)
		assert.Equal(t, text, goSide.message, name)
		run(t, `guest.handleEmit(0, 1, 0, {type: 5, message: `+quoted+`}, null, `+quoted+`)`)
		assert.Equal(t, text, goSide.emit.Message.Text, name)
		assert.Equal(t, text, goSide.emit.Problem, name)
		run(t, `guest.handleConnect(0, 1, true, {host: `+quoted+`}, [{event: `+quoted+`, actionType: `+quoted+`}])`)
		assert.Equal(t, text, goSide.connect.Host.Text, name)
		assert.Equal(t, text, goSide.listeners[0].Event.Text, name)
		assert.Equal(t, text, goSide.listeners[0].ActionType.Text, name)
	}
}

func TestExportReplacesHalfALetter(t *testing.T) {
	begin(t)
	run(t, `guest.handleMalformed(0, "a\ud83dz")`)
	assert.Equal(t, "a\ufffdz", goSide.message)
}

func TestHandleConnect(t *testing.T) {
	const none = ", listeners []"
	for _, test := range []struct{ fields, want string }{
		{
			`{port: 5000, host: "::1", ssl: true, namespace: "node", protocols: ["a", "b"], protocol: "socket.io", nsps: ["/a", "/b"]}, []`,
			", port number 5000 5000, host string 0 ::1, ssl bool 1 true, namespace string 0 node, protocols string 0 a,b, " +
				"protocol string 0 socket.io, nsps string 0 /a,/b" + none,
		},
		{`{}, []`, none},
		{`{port: null}, []`, ", port null 0 null" + none},
		{`{port: -0.5}, []`, ", port number -0.5 -0.5" + none},
		{`{port: NaN}, []`, ", port number NaN NaN" + none},
		{`{port: 5n}, []`, ", port object 0 5n" + none},
		{`{port: Symbol("s")}, []`, ", port object 0 Symbol(s)" + none},
		{`{port() {}}, []`, ", port function 0 " + none},
		{`{port: {a: [1]}}, []`, `, port object 0 {"a":[1]}` + none},
		{`{protocols: "one", nsps: "/a"}, []`, `, protocols object 0 the string "one", nsps object 0 the string "/a"` + none},
		{`{protocols: ["a,b"], nsps: [1]}, []`, `, protocols object 0 ["a,b"], nsps object 0 [1]` + none},
		{
			`{}, [{event: "e", actionType: "A"}, {event: "f", actionType: "B", ack: "ok"}, {event: "g", actionType: "C", ack: 5}, {ack: [1n]}, {ack() {}}]`,
			", listeners [{event string 0 e, type string 0 A} {event string 0 f, type string 0 B, ack string 0 bytes} " +
				"{event string 0 g, type string 0 C, ack number 5 5} {ack object 0 an object} {ack function 0 }]",
		},
		{
			`{}, [{nsp: "/a", throttle: 1, latest: 2, batch: "3", filter() {}, map: null}]`,
			", listeners [{nsp string 0 /a, throttle number 1 1, latest number 2 2, batch string 0 3, filter function 0 , map null 0 null}]",
		},
	} {
		begin(t)
		run(t, `guest.handleConnect(1, 7, false, `+test.fields+`)`)
		assert.Equal(t, []string{"1 connect ref 7, new key false" + test.want}, goSide.take(), test.fields)
	}
}

func TestHandleConnectCarriesNothingOver(t *testing.T) {
	begin(t)
	run(t, `guest.handleConnect(0, 1, true, {port: 1, host: "h", protocols: ["p"]}, [{event: "e", actionType: "A"}])`)
	run(t, `guest.handleConnect(0, 2, false, {}, [])`)
	assert.Equal(t, Connect{Ref: 2}, goSide.connect)
}

func TestHandleConnectWithAFieldThatThrows(t *testing.T) {
	begin(t)
	const second = `[{event: "e", actionType: "A"}, {get event() { throw new Error("no event") }}]`
	_, err := try(`guest.handleConnect(0, 1, true, {port: 1}, ` + second + `)`)
	assert.ErrorContains(t, err, "no event")
	run(t, `guest.handleConnect(0, 2, false, {}, [])`)
	assert.Equal(t, Connect{Ref: 2}, goSide.connect, "nothing is left of the one that failed")
	assert.Equal(t, "false", text(t, "guest.busy"))
}

func TestHandleEmit(t *testing.T) {
	const usual = "type string 0 a, message string 0 b, "
	for _, test := range []struct{ arguments, want string }{
		{`{type: "a", message: "b"}, null, ""`, usual + `acknowledge absent 0 , problem ""`},
		{`{type: "a", message: "b", acknowledge() {}}, null, ""`, usual + `acknowledge function 0 , problem ""`},
		{`{type: "größer", message: "東京"}, null, ""`, `type string 0 größer, message string 0 東京, acknowledge absent 0 , problem ""`},
		{`{type: "a", message: "b"}, {timeout: 500}, ""`, usual + `acknowledge absent 0 , timeout number 500 500, problem ""`},
		{`{type: "a", message: "b", acknowledge: true}, null, ""`, usual + `acknowledge bool 1 true, problem ""`},
		{
			`{type: null, message: ["b"], acknowledge: null}, {timeout: "soon"}, ""`,
			`type null 0 null, message object 0 ["b"], acknowledge null 0 null, timeout string 0 soon, problem ""`,
		},
		{`{type: "a", message: "b"}, null, "It is circular."`, usual + `acknowledge absent 0 , problem "It is circular."`},
		{`{type: "a", message: "b"}, {ack: "TIP"}, ""`, usual + `acknowledge absent 0 , ack string 0 TIP, problem ""`},
		{
			`{type: "a", message: "b"}, {nsp: "/n", queue: "drop", ttl: 5, persist: true, forget: "name"}, ""`,
			usual + `acknowledge absent 0 , nsp string 0 /n, queue string 0 drop, ttl number 5 5, persist bool 1 true, forget string 0 name, problem ""`,
		},
	} {
		for _, consumed := range []bool{true, false} {
			begin(t)
			goSide.consumed = consumed
			got := run(t, `return guest.handleEmit(1, 7, 2, `+test.arguments+`)`)
			assert.Equal(t, []string{"1 emit ref 7, attachments 2, " + test.want}, goSide.take(), test.arguments)
			returned, err := got.Bool()
			assert.NoError(t, err)
			assert.Equal(t, consumed, returned, test.arguments)
		}
	}
}

func TestLease(t *testing.T) {
	begin(t)
	run(t, `guest.handleSent(3, 1234567890123, 4294967295, 7)`)
	assert.Equal(t, int64(1234567890123), goSide.now)
	run(t, `guest.endLease(3, 4294967294)`)
	assert.Equal(t, []string{"3 sent id 4294967295, ref 7", "3 end lease, id 4294967294"}, goSide.take())
}

func TestAgain(t *testing.T) {
	begin(t)
	assert.Equal(t, "2", text(t, `guest.again(3, 4294967295)`))
	run(t, `guest.handleSaid(3, 4294967294)`)
	assert.Equal(t, []string{"3 again 4294967295", "3 said 4294967294"}, goSide.take())
}

func TestHandleEmitCarriesNothingOver(t *testing.T) {
	begin(t)
	run(t, `guest.handleEmit(0, 1, 3, {type: 1, message: 2, acknowledge() {}}, {timeout: 9, ack: "ACK", persist: true}, "p")`)
	run(t, `guest.handleEmit(0, 2, 0, {}, null, "")`)
	assert.Equal(t, Emit{Ref: 2}, goSide.emit)
	run(t, `guest.handleEmit(0, 3, 1, {type: "t", message: "m", acknowledge() {}}, null, "")`)
	run(t, `guest.handleEmit(0, 4, 0, {type: "u", message: "m"}, null, "")`)
	assert.Equal(t, Emit{Ref: 4, Type: Value{KindString, 0, "u"}, Message: Value{KindString, 0, "m"}, Usual: true}, goSide.emit)
}

func TestHandleHeadShowsTheHead(t *testing.T) {
	begin(t)
	run(t, `guest.handleHead(0, "4".repeat(32), 1)`)
	run(t, `guest.handleHead(0, "4".repeat(129), 1)`)
	head := strings.Repeat("4", 32)
	assert.Equal(t, []string{
		"0 head " + head + ", more false, size 32, ref 1",
		"0 head " + head + ", more true, size 129, ref 1",
	}, goSide.take())
}

func TestHandleHeadShowsAllThatIsAskedFor(t *testing.T) {
	const readMore = 2
	begin(t)
	goSide.reading = readMore
	assert.Equal(t, readMore, number(t, `guest.handleHead(0, "ö".repeat(5000), 1)`), "who has seen all cannot ask for more")
	assert.Equal(t, []string{
		"0 head " + strings.Repeat("ö", 32) + ", more true, size 5000, ref 1",
		"0 head " + strings.Repeat("ö", 5000) + ", more false, size 5000, ref 1",
	}, goSide.take())
}

func TestHandleHeadReturnsTheReading(t *testing.T) {
	for reading := uint8(0); reading < 5; reading++ {
		begin(t)
		goSide.reading = reading
		assert.EqualValues(t, reading, number(t, `guest.handleHead(0, "2", 1)`))
		assert.EqualValues(t, reading, number(t, `guest.handleBinaryHead(0, 4, 1)`))
	}
}
