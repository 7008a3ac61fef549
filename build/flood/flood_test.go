package flood

import (
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/bsock-wasm/bsock-wasm/bsock/appserver"
	"github.com/bsock-wasm/bsock-wasm/bsock/native"
)

// A flood as `go run ./build flood` lets it loose, on a scale for every day.
func TestFlood(t *testing.T) {
	report, err := Run(t.Context(), Config{
		Citizens: 200, Deaf: 5, Asking: 5, Strangers: 20, Rush: 50,
		Quiet: 5, Attack: 20, Every: 50 * time.Millisecond, Patience: time.Minute,
		Limits: appserver.Config{AuthTimeout: 2 * time.Second, WriteTimeout: 2 * time.Second},
	})
	require.NoError(t, err)
	var printed strings.Builder
	report.Print(&printed)
	t.Log("\n" + printed.String())
	assert.Empty(t, report.Wrong(), "those who behave notice nothing")
	assert.Equal(t, 25*200, report.Heard.Blocks, "each block comes to each of them")
	assert.Equal(t, 5*200, report.Quiet.Count)
	assert.Equal(t, 20*200, report.Attack.Count)
	for _, from := range []string{deafAddress, askingAddress} {
		assert.Equal(t, 5, cutOff(t, report.Cut(from)), "those who do not read are cut off, %s", from)
	}
	require.Len(t, report.Strangers, 20)
	for _, departure := range report.Strangers {
		assert.Equal(t, `closed with 1008 "Authentication timed out."`, departure.Farewell)
	}
	assert.NotZero(t, report.Rushed)
	assert.Less(t, report.RushRefused, report.Rushed/10, "a rush is let in, but for what a busy machine is too slow for")
}

// cutOff returns how many were cut off for not reading. Whether what waits for
// one fills its queue before a write has taken too long is up to the machine.
func cutOff(t *testing.T, cuts []Cut) (count int) {
	for _, c := range cuts {
		assert.Contains(t, []string{native.ErrSlowConsumer.Error(), native.ErrWriteTimeout.Error()}, c.Why)
		count += c.Count
	}
	return count
}

// The process of its own says the same as the server in this one.
func TestQuestions(t *testing.T) {
	var answers strings.Builder
	require.NoError(t, Serve(appserver.Config{}, strings.NewReader("mine\nstats\n"), &answers))
	lines := strings.Split(strings.TrimSpace(answers.String()), "\n")
	require.Len(t, lines, 3)
	assert.Regexp(t, `^"127\.0\.0\.1:\d+"$`, lines[0])
	assert.Regexp(t, `^{"Height":201,`, lines[1])
	assert.Regexp(t, `"Sockets":0,`, lines[2])
	assert.ErrorContains(t, Serve(appserver.Config{}, strings.NewReader("what\n"), &answers), "not known")
}

func TestWhatIsWrongIsSaid(t *testing.T) {
	at := time.Unix(0, 0)
	blocks := []Block{{1, at}, {2, at}, {3, at}}
	r := Report{Config: Config{Citizens: 1}, LostCitizens: 2, Lost: "why"}
	r.Heard.add([]arrival{{1, at}, {3, at}, {1, at}}, blocks)
	r.After = Stats{Sockets: 5, Missed: "gone"}
	assert.Equal(t, Heard{Blocks: 3, Missing: 1, Twice: 1, Unordered: 1}, r.Heard)
	assert.Len(t, r.Wrong(), 6)
	var printed strings.Builder
	r.Print(&printed)
	assert.Equal(t, 6, strings.Count(printed.String(), "WRONG"))
}
