package bsock

import (
	"strconv"
	"strings"
)

// DefaultNamespace is the path of a bsock server that serves but one.
const DefaultNamespace = "socket.io"

// An Endpoint names a server to connect to.
type Endpoint struct {
	Host      string // a name or an address; 127.0.0.1 if empty
	Port      uint16
	TLS       bool
	Namespace string // the path, by which an app server tells its nodes apart; socket.io if empty
	Version   Version
}

// URL returns what to dial. The query begins with the transport, and holds
// nothing else if Version3 is spoken, because bPanel's server takes the path
// apart by this very ending. Servers of Version3 pass over an EIO of 4: bsock
// does not look at it, and neither does engine.io before 4.
// bsock: lib/socket.js connect. Engine.IO 4 protocol: "HTTP".
func (e Endpoint) URL() string {
	scheme := "ws://"
	if e.TLS {
		scheme = "wss://"
	}
	namespace := strings.Trim(e.Namespace, "/")
	if namespace == "" {
		namespace = DefaultNamespace
	}
	port := strconv.Itoa(int(e.Port))
	url := scheme + e.hostname() + ":" + port + "/" + escapePath(namespace) + "/?transport=websocket"
	if e.Version != Version3 {
		url += "&EIO=4"
	}
	return url
}

func (e Endpoint) hostname() string {
	switch {
	case e.Host == "":
		return "127.0.0.1"
	case strings.Contains(e.Host, ":") && e.Host[0] != '[':
		return "[" + e.Host + "]"
	}
	return e.Host
}

// ValidHost reports whether host can stand in a URL: a name, an IPv4 address,
// or an IPv6 address with or without brackets.
func ValidHost(host string) bool {
	bare, bracketed := strings.CutPrefix(host, "[")
	if bracketed {
		if bare, bracketed = strings.CutSuffix(bare, "]"); !bracketed {
			return false
		}
	}
	for i := range len(bare) {
		if c := bare[i]; c <= ' ' || c == 0x7f || strings.IndexByte(forbiddenInHost, c) >= 0 {
			return false
		}
	}
	if bracketed || strings.Contains(bare, ":") {
		return isIPv6(bare)
	}
	return bare != ""
}

// isIPv6 tells an IPv6 address from a name with a port, no more.
func isIPv6(host string) bool {
	return strings.Count(host, ":") > 1 && strings.Trim(host, "0123456789abcdefABCDEF:.") == ""
}

// forbiddenInHost are the characters that end a host in a URL, or break it,
// besides spaces and what cannot be seen.
const forbiddenInHost = "/\\?#@[]<>^|%\"`"

// escapePath returns path with all but what RFC 3986 allows in one escaped.
func escapePath(path string) string {
	var b []byte
	for i := range len(path) {
		c := path[i]
		if isPathChar(c) {
			b = append(b, c)
		} else {
			b = append(b, '%', upperHex[c>>4], upperHex[c&15])
		}
	}
	return string(b)
}

const upperHex = "0123456789ABCDEF"

// isPathChar reports whether c is a pchar or the slash.
// RFC 3986, section 3.3
func isPathChar(c byte) bool {
	switch {
	case 'a' <= c && c <= 'z', 'A' <= c && c <= 'Z', '0' <= c && c <= '9':
		return true
	}
	return strings.IndexByte("-._~!$&'()*+,;=:@/", c) >= 0
}
