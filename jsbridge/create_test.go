//go:build js && wasm

package jsbridge

import (
	"errors"
	"testing"

	"github.com/hack-pad/safejs"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// A store gets its number only if its options are in order, so that both sides
// go on counting alike.

func TestCreate(t *testing.T) {
	begin(t)
	var hosts []Host
	var kinds []safejs.Type
	problem := error(nil)
	creating = func(h *Host, options safejs.Value) error {
		hosts = append(hosts, *h)
		kinds = append(kinds, options.Type())
		return problem
	}
	assert.Equal(t, "null", text(t, `createStore({debug: true})`))
	assert.Equal(t, "null", text(t, `createStore(undefined)`))
	assert.Equal(t, "null", text(t, `createStore()`))

	problem = errors.New("the option größe must be small")
	assert.Equal(t, "the option größe must be small", text(t, `createStore(null)`))
	problem = nil
	assert.Equal(t, "null", text(t, `createStore([])`))

	first := hosts[0]
	assert.Equal(t, []Host{first, first + 1, first + 2, first + 3, first + 3}, hosts, "who was refused has not taken a number")
	assert.Equal(t, []safejs.Type{
		safejs.TypeObject, safejs.TypeUndefined, safejs.TypeUndefined, safejs.TypeNull, safejs.TypeObject,
	}, kinds)
}

func TestCreateThatPanics(t *testing.T) {
	begin(t)
	var hosts []Host
	creating = func(h *Host, _ safejs.Value) error {
		hosts = append(hosts, *h)
		if len(hosts) == 1 {
			panic("a getter of the page's, for one")
		}
		return nil
	}
	assert.Equal(t, "The options could not be read.", text(t, `createStore({})`))
	assert.Equal(t, "null", text(t, `createStore({})`))
	require.Len(t, hosts, 2)
	assert.Equal(t, hosts[0], hosts[1])
}
