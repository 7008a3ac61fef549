package native

import (
	"bytes"
	"encoding/base64"
)

// base64Codec is the base64 of binary frames that are sent as text. It reads
// them without padding too, as bsock does.
// bsock: lib/frame.js fromString
type base64Codec struct{}

// AppendEncode implements bsock.Base64.
func (base64Codec) AppendEncode(dst, src []byte) []byte {
	return base64.StdEncoding.AppendEncode(dst, src)
}

// AppendDecode implements bsock.Base64.
func (base64Codec) AppendDecode(dst, src []byte) ([]byte, error) {
	return base64.RawStdEncoding.AppendDecode(dst, bytes.TrimRight(src, "="))
}
