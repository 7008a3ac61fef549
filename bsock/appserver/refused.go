package appserver

import "net/http"

// Requests that do not become a connection: from a page of another origin, in a
// version that is not spoken, one more than there may be. Whoever runs the server
// wonders first of all about the first, so it is logged, with what the page's
// browser has said of itself and nothing of what it may have meant for us alone.

// A witness notes what a request was answered with.
type witness struct {
	http.ResponseWriter
	status int
}

// WriteHeader implements http.ResponseWriter.
func (w *witness) WriteHeader(status int) {
	w.status = status
	w.ResponseWriter.WriteHeader(status)
}

// Unwrap is for http.ResponseController, which takes the connection over.
func (w *witness) Unwrap() http.ResponseWriter { return w.ResponseWriter }

// logRefusal logs a request that was refused.
func (s *Server) logRefusal(r *http.Request, status int) {
	if status >= http.StatusBadRequest {
		s.config.Log.Info("browser is not let in", "remote", r.RemoteAddr,
			"origin", clip(r.Header.Get("Origin")), "host", clip(r.Host), "status", status)
	}
}
