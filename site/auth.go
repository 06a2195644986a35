package site

import (
	"crypto/rand"
	"crypto/subtle"
	"encoding/base64"
	"net"
	"net/http"
	"net/url"
	"sync"
)

// door lets in only who came with the token: it is spent once, for a cookie.
type door struct {
	mu     sync.Mutex
	token  string // "" when spent
	cookie string
	hosts  map[string]bool // as they stand in requests
}

const cookieName = "fathom-session"

func secret() string {
	b := make([]byte, 32)
	rand.Read(b) // never fails
	return base64.RawURLEncoding.EncodeToString(b)
}

func newDoor(hosts ...string) *door {
	d := &door{token: secret(), cookie: secret(), hosts: map[string]bool{}}
	for _, h := range hosts {
		d.hosts[h] = true
	}
	return d
}

func same(a, b string) bool { return subtle.ConstantTimeCompare([]byte(a), []byte(b)) == 1 }

// enter spends the token.
func (d *door) enter(token string) bool {
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.token == "" || !same(token, d.token) {
		return false
	}
	d.token = ""
	return true
}

// guard refuses requests of other sites and other users.
func (d *door) guard(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		h := w.Header()
		h.Set("Content-Security-Policy", "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'")
		h.Set("Referrer-Policy", "no-referrer")
		h.Set("X-Content-Type-Options", "nosniff")
		h.Set("Cross-Origin-Opener-Policy", "same-origin")
		h.Set("Cross-Origin-Resource-Policy", "same-origin")
		h.Set("Cache-Control", "no-store")
		if !d.hosts[r.Host] {
			http.Error(w, "this address is not mine", http.StatusMisdirectedRequest)
			return
		}
		if o := r.Header.Get("Origin"); o != "" && !d.own(o) {
			http.Error(w, "requests of other sites are refused", http.StatusForbidden)
			return
		}
		if site := r.Header.Get("Sec-Fetch-Site"); site == "cross-site" && r.Method != http.MethodGet {
			http.Error(w, "requests of other sites are refused", http.StatusForbidden)
			return
		}
		if r.URL.Path == "/enter" && r.Method == http.MethodGet {
			if !d.enter(r.URL.Query().Get("token")) {
				http.Error(w, "the token is wrong or was used: start fathom serve again, or use the window that it opened", http.StatusForbidden)
				return
			}
			http.SetCookie(w, &http.Cookie{Name: cookieName, Value: d.cookie, Path: "/", HttpOnly: true, SameSite: http.SameSiteStrictMode})
			http.Redirect(w, r, "/", http.StatusSeeOther)
			return
		}
		if c, err := r.Cookie(cookieName); err != nil || !same(c.Value, d.cookie) {
			http.Error(w, "open the address that fathom serve printed, with its token", http.StatusUnauthorized)
			return
		}
		next.ServeHTTP(w, r)
	})
}

// own says whether an origin is this server.
func (d *door) own(origin string) bool {
	u, err := url.Parse(origin)
	return err == nil && u.Scheme == "http" && d.hosts[u.Host]
}

// loopback says whether an address is reached from this machine alone.
func loopback(addr string) bool {
	host, _, err := net.SplitHostPort(addr)
	if err != nil {
		return false
	}
	if host == "localhost" {
		return true
	}
	ip := net.ParseIP(host)
	return ip != nil && ip.IsLoopback()
}
