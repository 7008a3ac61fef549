//go:build js && wasm

package main

import (
	"fmt"
	"math"
	"slices"
	"strings"
	"time"

	"github.com/hack-pad/safejs"

	"github.com/bsock-wasm/bsock-wasm/middleware"
)

// readOptions reads the options of a store. The listeners are not among them:
// plugins may add to those until the store connects, so JavaScript reads them
// then.
func readOptions(object safejs.Value) (o middleware.Options, err error) {
	if object.IsUndefined() || object.IsNull() {
		return o, nil
	}
	if object.Type() != safejs.TypeObject {
		return o, fmt.Errorf("the options must be an object, got a %v", object.Type())
	}
	r := reader{object: object}
	o.Debug = r.truthy("debug")
	o.DisconnectedAction = r.truthy("disconnectedAction")
	o.AckTimeout = r.milliseconds("ackTimeout")
	o.AuthTimeout = r.milliseconds("authTimeout")
	o.ConnectTimeout = r.milliseconds("connectTimeout")
	o.QueueLimit = int(r.number("queueLimit", 1))
	o.QueueTimeout = r.milliseconds("queueTimeout")
	o.DropOldest = r.oneOf("queueFull", "refuse", "dropOldest") == "dropOldest"
	o.Offline, _ = middleware.ParseOffline(r.oneOf("offline", "queue", "fail", "drop"))
	readBackoff(&r, &o)
	r.function("binary") // JavaScript's own, as are plainErrors and Buffer
	return o, r.err
}

func readBackoff(r *reader, o *middleware.Options) {
	v, ok := r.get("reconnect")
	switch {
	case !ok:
		return
	case v.Type() == safejs.TypeBoolean:
		o.Reconnect.Off = !r.truthy("reconnect")
		return
	case v.Type() != safejs.TypeObject:
		r.fail("reconnect", "false, or an object of min, max, factor, limit and stable")
		return
	}
	inner := reader{object: v, prefix: "reconnect."}
	o.Reconnect.Min = inner.milliseconds("min")
	o.Reconnect.Max = inner.milliseconds("max")
	o.Reconnect.Factor = inner.number("factor", 1)
	o.Reconnect.Limit = int(inner.number("limit", 1))
	o.Reconnect.Stable = inner.milliseconds("stable")
	if r.err == nil {
		r.err = inner.err
	}
}

// A reader reads the properties of an object, and keeps the first error.
type reader struct {
	object safejs.Value
	prefix string
	err    error
}

// get returns a property; ok is false if it is undefined or null.
func (r *reader) get(name string) (v safejs.Value, ok bool) {
	v, err := r.object.Get(name)
	if err != nil {
		r.fail(name, "readable")
		return v, false
	}
	return v, !v.IsUndefined() && !v.IsNull()
}

func (r *reader) fail(name, want string) {
	if r.err == nil {
		r.err = fmt.Errorf("the option %s%s must be %s", r.prefix, name, want)
	}
}

// function sees to it that a property is a function, if it is there.
func (r *reader) function(name string) {
	if v, ok := r.get(name); ok && v.Type() != safejs.TypeFunction {
		r.fail(name, "a function")
	}
}

func (r *reader) truthy(name string) bool {
	v, ok := r.get(name)
	if !ok {
		return false
	}
	truthy, err := v.Truthy()
	return err == nil && truthy
}

// number returns a number of at least least, 0 if there is none.
func (r *reader) number(name string, least float64) float64 {
	v, ok := r.get(name)
	if !ok {
		return 0
	}
	n, err := v.Float()
	if err != nil || !(n >= least) || math.IsInf(n, 1) {
		r.fail(name, fmt.Sprintf("a number of at least %v", least))
		return 0
	}
	return min(n, math.MaxInt32)
}

// oneOf returns which of the names a property is, "" if it is not there.
func (r *reader) oneOf(name string, names ...string) string {
	v, ok := r.get(name)
	if !ok {
		return ""
	}
	given, err := v.String()
	if err != nil || !slices.Contains(names, given) {
		r.fail(name, `"`+strings.Join(names, `" or "`)+`"`)
		return ""
	}
	return given
}

// milliseconds returns a length of time above 0, 0 if there is none.
func (r *reader) milliseconds(name string) time.Duration {
	return time.Duration(r.number(name, 1) * float64(time.Millisecond))
}
