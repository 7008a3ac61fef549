package native

import (
	"context"
)

// Complain tells the client that an event of its could not be acted on; a call
// is better refused by its hook. The client is told the message of err, and more
// only if it is a [bsock.RemoteError]. Socket.IO 3 and 4 have no way to say it:
// their clients are told nothing.
func (s *Socket) Complain(ctx context.Context, err error) error {
	remote := remoteError(err)
	_, err = s.driver.submit(ctx, sending{
		kind:   sendComplaint,
		remote: remote,
		size:   headSize + len(remote.Message),
		space:  s.space,
	})
	return err
}
