package flood

import (
	"cmp"
	"fmt"
	"io"
	"maps"
	"slices"
	"time"
)

// A Report is what came of a flood.
type Report struct {
	Config    Config
	Gathering time.Duration
	AttackAt  time.Time

	// Before there was anybody, with those who behave, in the middle of the
	// attack, after it.
	Before, Gathered, Attacked, After Stats

	// How long blocks took to those who behave, alone and among the others.
	Quiet, Attack Delays
	Heard         Heard
	// LostCitizens is how many of those who behave were cut off, and Lost what
	// the first of them was told.
	LostCitizens int
	Lost         string

	Strangers           []Departure
	Rushed, RushRefused int
}

// A Departure is how a browser was shown the door.
type Departure struct {
	Farewell string
	After    time.Duration
}

// Delays are from before a block was mined to its arrival at each browser.
type Delays struct {
	Count                   int
	Median, P99, P999, Most time.Duration
}

// delays can be asked for while nothing is under way.
func (f *run) delays(blocks []Block) Delays {
	mined := map[int]time.Time{}
	for _, b := range blocks {
		mined[b.Height] = b.At
	}
	var all []time.Duration
	for _, c := range f.citizens {
		c.heard.Load() // what came before it is seen
		for _, a := range c.came {
			if at, ok := mined[a.height]; ok {
				all = append(all, a.at.Sub(at))
			}
		}
	}
	if len(all) == 0 {
		return Delays{}
	}
	slices.Sort(all)
	at := func(share float64) time.Duration { return all[int(share*float64(len(all)-1))] }
	return Delays{Count: len(all), Median: at(0.5), P99: at(0.99), P999: at(0.999), Most: at(1)}
}

// Heard counts what came to those who behave.
type Heard struct {
	Blocks    int // that came in all
	Missing   int // that did not come
	Twice     int // that came again
	Unordered int // that came before an older one
}

func (h *Heard) add(came []arrival, blocks []Block) {
	h.Blocks += len(came)
	times := map[int]int{}
	for i, a := range came {
		if times[a.height]++; times[a.height] > 1 {
			h.Twice++
		}
		if i > 0 && a.height < came[i-1].height {
			h.Unordered++
		}
	}
	for _, b := range blocks {
		if times[b.Height] == 0 {
			h.Missing++
		}
	}
}

// Wrong returns what the server did wrong by those who behave.
func (r *Report) Wrong() (wrong []string) {
	add := func(is bool, format string, args ...any) {
		if is {
			wrong = append(wrong, fmt.Sprintf(format, args...))
		}
	}
	add(r.LostCitizens > 0, "%d browsers that behave were cut off: %s", r.LostCitizens, r.Lost)
	add(r.Heard.Missing > 0, "%d blocks did not come", r.Heard.Missing)
	add(r.Heard.Twice > 0, "%d blocks came twice", r.Heard.Twice)
	add(r.Heard.Unordered > 0, "%d blocks came out of order", r.Heard.Unordered)
	add(r.After.Missed != "", "the app server itself has lost the node: %s", r.After.Missed)
	add(r.After.Sockets > r.Config.Citizens, "%d browsers that misbehave are still there", r.After.Sockets-r.Config.Citizens)
	return wrong
}

// Cut returns how those from an address were cut off by the server, the most
// frequent reason first.
func (r *Report) Cut(from string) []Cut {
	var cuts []Cut
	for why, left := range r.After.Left[from] {
		cuts = append(cuts, Cut{why, left.Count, left.First.Sub(r.AttackAt), left.Last.Sub(r.AttackAt)})
	}
	slices.SortFunc(cuts, func(a, b Cut) int {
		return cmp.Or(cmp.Compare(b.Count, a.Count), cmp.Compare(a.Why, b.Why))
	})
	return cuts
}

// A Cut is why browsers were cut off, how many, and when since the attack began.
type Cut struct {
	Why         string
	Count       int
	First, Last time.Duration
}

// Print writes the report for a person.
func (r *Report) Print(w io.Writer) {
	say := func(format string, args ...any) { fmt.Fprintf(w, format+"\n", args...) }
	c := r.Config
	say("%d browsers that behave, let in within %.1f s", c.Citizens, r.Gathering.Seconds())
	per := func(after, before uint64) float64 {
		return (float64(after) - float64(before)) / float64(max(c.Citizens, 1)) / 1024
	}
	say("  memory of each          %.1f KB resident, of it %.1f heap and %.1f stacks; %.1f goroutines",
		per(r.Gathered.Resident, r.Before.Resident), per(r.Gathered.Heap, r.Before.Heap), per(r.Gathered.Stacks, r.Before.Stacks),
		float64(r.Gathered.Goroutines-r.Before.Goroutines)/float64(max(c.Citizens, 1)))
	say("  a block to all of them  %s, alone", r.Quiet)
	say("                          %s, among the others", r.Attack)
	say("  nothing lost            %d of %d blocks came, %d missing, %d twice, %d out of order, %d browsers cut off",
		r.Heard.Blocks, (c.Quiet+c.Attack)*c.Citizens, r.Heard.Missing, r.Heard.Twice, r.Heard.Unordered, r.LostCitizens)
	say("Memory of the server      %d MB before, %d with them, %d in the attack, %d after it; TCP in the kernel %d, %d, %d, %d",
		r.Before.Resident>>20, r.Gathered.Resident>>20, r.Attacked.Resident>>20, r.After.Resident>>20,
		r.Before.Kernel>>20, r.Gathered.Kernel>>20, r.Attacked.Kernel>>20, r.After.Kernel>>20)
	for _, group := range []struct{ name, from string }{{"deaf", deafAddress}, {"asking", askingAddress}} {
		for _, cut := range r.Cut(group.from) {
			say("%5d %-8s cut off    after %.1f to %.1f s: %s", cut.Count, group.name, cut.First.Seconds(), cut.Last.Seconds(), cut.Why)
		}
	}
	r.printStrangers(say)
	say("%5d connections came and went, %d were not let in", r.Rushed, r.RushRefused)
	for _, wrong := range r.Wrong() {
		say("WRONG: %s", wrong)
	}
}

func (r *Report) printStrangers(say func(string, ...any)) {
	byFarewell := map[string][]time.Duration{}
	for _, d := range r.Strangers {
		byFarewell[d.Farewell] = append(byFarewell[d.Farewell], d.After)
	}
	for _, farewell := range slices.Sorted(maps.Keys(byFarewell)) {
		after := byFarewell[farewell]
		say("%5d strangers           after %.1f to %.1f s: %s", len(after), slices.Min(after).Seconds(), slices.Max(after).Seconds(), farewell)
	}
}

// String returns the delays for a person.
func (d Delays) String() string {
	ms := func(d time.Duration) float64 { return float64(d.Microseconds()) / 1000 }
	return fmt.Sprintf("p50 %.0f ms, p99 %.0f ms, p99.9 %.0f ms, most %.0f ms", ms(d.Median), ms(d.P99), ms(d.P999), ms(d.Most))
}
