package bsock

// Complain tells the peer of an error that belongs to no call, such as an event
// that could not be acted on. In Version4 there is no packet to say it with, and
// nothing is sent.
// bsock: lib/socket.js handleEvent
func (c *Conn) Complain(e *RemoteError) error {
	if _, err := c.maySend(&Payload{}); err != nil {
		return err
	}
	c.sendError(e)
	return nil
}
