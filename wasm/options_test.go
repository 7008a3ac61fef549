//go:build js && wasm

package main

import (
	"math"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"

	"github.com/bsock-wasm/bsock-wasm/bsock"
	"github.com/bsock-wasm/bsock-wasm/middleware"
)

func TestOptions(t *testing.T) {
	const most = math.MaxInt32
	for expression, want := range map[string]middleware.Options{
		`undefined`:                             {},
		`null`:                                  {},
		`{}`:                                    {},
		`{listeners: 5, Buffer: 5, unknown: 5}`: {},
		`{debug: true, disconnectedAction: {type: "AWAY"}}`: {Debug: true, DisconnectedAction: true},
		`{debug: "yes"}`:                                     {Debug: true},
		`{debug: 0, disconnectedAction: ""}`:                 {},
		`{debug: null, ackTimeout: null, reconnect: null}`:   {},
		`{ackTimeout: 1, authTimeout: 2.5}`:                  {AckTimeout: time.Millisecond, AuthTimeout: 2500 * time.Microsecond},
		`{connectTimeout: 3e99}`:                             {ConnectTimeout: most * time.Millisecond},
		`{queueLimit: 1}`:                                    {QueueLimit: 1},
		`{queueLimit: 7.9}`:                                  {QueueLimit: 7},
		`{queueTimeout: 9}`:                                  {QueueTimeout: 9 * time.Millisecond},
		`{queueFull: "dropOldest"}`:                          {DropOldest: true},
		`{queueFull: "refuse", offline: "queue"}`:            {},
		`{offline: "fail"}`:                                  {Offline: middleware.OfflineFail},
		`{offline: "drop"}`:                                  {Offline: middleware.OfflineDrop},
		`{reconnect: {stable: 7}}`:                           {Reconnect: bsock.Backoff{Stable: 7 * time.Millisecond}},
		`{reconnect: false}`:                                 {Reconnect: bsock.Backoff{Off: true}},
		`{reconnect: true}`:                                  {},
		`{reconnect: {}}`:                                    {},
		`{reconnect: {min: 5, max: 6, factor: 1, limit: 3}}`: {Reconnect: bsock.Backoff{Min: 5 * time.Millisecond, Max: 6 * time.Millisecond, Factor: 1, Limit: 3}},
		`Object.create({queueLimit: 3})`:                     {QueueLimit: 3},
	} {
		got, err := readOptions(run(t, `return `+expression))
		assert.NoError(t, err, expression)
		assert.Equal(t, want, got, expression)
	}
}

func TestOptionsThatAreWrong(t *testing.T) {
	const atLeast1 = " must be a number of at least 1"
	for expression, want := range map[string]string{
		`5`:                              "the options must be an object, got a number",
		`"debug"`:                        "the options must be an object, got a string",
		`() => {}`:                       "the options must be an object, got a function",
		`{ackTimeout: 0}`:                "the option ackTimeout" + atLeast1,
		`{ackTimeout: -1}`:               "the option ackTimeout" + atLeast1,
		`{authTimeout: NaN}`:             "the option authTimeout" + atLeast1,
		`{authTimeout: "500"}`:           "the option authTimeout" + atLeast1,
		`{connectTimeout: Infinity}`:     "the option connectTimeout" + atLeast1,
		`{connectTimeout: 10n}`:          "the option connectTimeout" + atLeast1,
		`{offline: "wait"}`:              `the option offline must be "queue" or "fail" or "drop"`,
		`{offline: true}`:                `the option offline must be "queue" or "fail" or "drop"`,
		`{queueFull: "dropNewest"}`:      `the option queueFull must be "refuse" or "dropOldest"`,
		`{queueTimeout: 0}`:              "the option queueTimeout" + atLeast1,
		`{reconnect: {stable: 0}}`:       "the option reconnect.stable" + atLeast1,
		`{queueLimit: 0.5}`:              "the option queueLimit" + atLeast1,
		`{queueLimit: {}}`:               "the option queueLimit" + atLeast1,
		`{queueLimit: 0, ackTimeout: 0}`: "the option ackTimeout" + atLeast1,
		`{reconnect: 5}`:                 "the option reconnect must be false, or an object of min, max, factor, limit and stable",
		`{reconnect: "no"}`:              "the option reconnect must be false, or an object of min, max, factor, limit and stable",
		`{reconnect: {min: 0}}`:          "the option reconnect.min" + atLeast1,
		`{reconnect: {max: "1"}}`:        "the option reconnect.max" + atLeast1,
		`{reconnect: {factor: 0.9}}`:     "the option reconnect.factor" + atLeast1,
		`{reconnect: {limit: -1}}`:       "the option reconnect.limit" + atLeast1,
	} {
		_, err := readOptions(run(t, `return `+expression))
		assert.EqualError(t, err, want, expression)
	}
}
