package main

import (
	"fmt"
	"net"
	"net/http"
	"net/netip"
	"path"
	"slices"
	"strings"
)

// A page may connect if it comes from the very server it connects to: its
// Origin and the Host it asks for agree. They also agree for a page of a
// stranger's whose name was pointed at this machine once the page was there
// (DNS rebinding). Such a page can ask for no host but its own, so without a key
// to tell visitors apart the names that are not known to be ours are refused.

// guardHosts lets pass what asks for a host of ours.
func guardHosts(s settings, next http.Handler) http.Handler {
	if s.apiKey != "" {
		return next
	}
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if !s.isOwnHost(r.Host) {
			http.Error(w, fmt.Sprintf("%q is not known to be this server: add it to ORIGINS, or set API_KEY.", r.Host), http.StatusForbidden)
			return
		}
		next.ServeHTTP(w, r)
	})
}

// isOwnHost reports whether host, with or without a port, is a name by which
// only this server can be meant: an address, which nobody can point elsewhere,
// this machine's own name for itself, or one of the settings.
func (s settings) isOwnHost(host string) bool {
	name := hostName(host)
	_, err := netip.ParseAddr(name)
	return err == nil ||
		name == "localhost" || strings.HasSuffix(name, ".localhost") ||
		name == hostName(s.addr) ||
		slices.ContainsFunc(s.origins, func(pattern string) bool { return hostMatches(pattern, host) })
}

func hostName(host string) string {
	if name, _, err := net.SplitHostPort(host); err == nil {
		host = name
	}
	return strings.ToLower(strings.Trim(host, "[]"))
}

// hostMatches compares as the WebSocket module compares origins.
func hostMatches(pattern, host string) bool {
	matched, err := path.Match(strings.ToLower(pattern), strings.ToLower(host))
	return matched && err == nil
}

// readOrigins takes apart the list of hosts whose pages may connect.
func readOrigins(list string) ([]string, error) {
	origins := strings.FieldsFunc(list, func(r rune) bool { return r == ',' || r == ' ' })
	for _, origin := range origins {
		if _, err := path.Match(origin, ""); err != nil || strings.Contains(origin, "/") {
			return nil, fmt.Errorf("ORIGINS: %q is not a host such as localhost:3000 or *.example.com, without http:// and path", origin)
		}
	}
	return origins, nil
}
