package native

import (
	"sync"
	"time"
)

// A relief lets the readers of a server's connections run hooks themselves. To
// wake another goroutine for a call that comes alone takes longer than all the
// rest of it: with 1 call in flight a processor answers 58,000 a second, in place
// of 30,000.
//
// A hook may wait, and then somebody must read on, tell what else has come, and
// write what others have answered. So while there are calls the relief looks
// every reliefTime who has been running hooks since it last looked, and starts
// another reader in place of each. Then other goroutines run the hooks of that
// connection for some time.
type relief struct {
	mu     sync.Mutex
	timer  *time.Timer
	armed  bool
	active bool      // somebody has come since it last looked
	last   time.Time // when somebody did
	round  uint      // counts the looks
	out    []*onDuty // who run hooks
}

const (
	// reliefTime is how long, once or twice, a connection stands still if a hook
	// waits. Calls that are further apart are not worth the looking.
	reliefTime = time.Millisecond
	// restTime is how long a reader that was relieved runs no hooks.
	restTime = time.Second
)

// An onDuty is a reader as its relief sees it. It is guarded by the relief's mutex.
type onDuty struct {
	link   *link
	driver *driver
	place  int // in out; -1 if it is not, or not any more
	round  uint
	rests  time.Time // until then
}

// enter reports whether the reader may run the hooks that were called now.
func (r *relief) enter(o *onDuty, now time.Time) bool {
	if !r.mu.TryLock() {
		return false // with so many calls other goroutines are awake
	}
	defer r.mu.Unlock()
	often := now.Sub(r.last) < reliefTime
	r.last = now
	if !often || now.Before(o.rests) {
		return false
	}
	r.active = true
	o.place, o.round = len(r.out), r.round
	r.out = append(r.out, o)
	r.arm()
	return true
}

func (r *relief) arm() {
	switch {
	case r.armed:
		return
	case r.timer == nil:
		r.timer = time.AfterFunc(reliefTime, r.look)
	default:
		r.timer.Reset(reliefTime)
	}
	r.armed = true
}

// leave says that a reader is back, and reports whether it has been relieved.
func (r *relief) leave(o *onDuty) (relieved bool) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if o.place < 0 {
		return true
	}
	r.remove(o)
	return false
}

func (r *relief) remove(o *onDuty) {
	last := len(r.out) - 1
	r.out[o.place] = r.out[last]
	r.out[o.place].place = o.place
	r.out[last] = nil
	r.out, o.place = r.out[:last], -1
}

// look relieves those who were there when it last looked.
func (r *relief) look() {
	r.mu.Lock()
	defer r.mu.Unlock()
	rests := time.Now().Add(restTime)
	for i := len(r.out) - 1; i >= 0; i-- {
		if o := r.out[i]; o.round != r.round {
			o.rests = rests
			r.remove(o)
			o.driver.running.Add(1) // run, which is counted, is not over
			go o.readOn()
		}
	}
	r.round++
	r.armed = false
	if r.active || len(r.out) > 0 {
		r.arm()
	}
	r.active = false
}

// run is the dispatcher, in the goroutine of a reader that has entered. It reports
// whether that is to read on.
func (r *relief) run(o *onDuty) (on bool) {
	d := o.driver
	d.running.Add(1) // besides the dispatcher, which may end before it has left
	returned := false
	defer func() {
		on = !r.leave(o)
		if on && !returned { // a hook has ended the goroutine
			go o.readOn()
			return
		}
		if on {
			d.locked(d.offDuty)
		}
		d.running.Done()
	}()
	d.dispatch()
	returned = true
	return
}

// readOn is a reader that takes another's place.
func (o *onDuty) readOn() {
	defer o.driver.running.Done()
	o.driver.locked(o.driver.offDuty)
	o.link.read(o.driver)
}

// offDuty has others tell and write what the reader has not.
func (d *driver) offDuty() {
	d.onDuty = false
	d.appoint()
	if d.link != nil && d.link.out.packets.len() > 0 {
		d.link.stir(d)
	}
}
