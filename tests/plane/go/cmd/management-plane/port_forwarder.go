// SPDX-License-Identifier: Apache-2.0

package main

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"flag"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"strconv"
	"sync"
	"time"

	"k8s.io/cri-streaming/pkg/streaming/portforward"
)

const (
	idleTimeout     = 4 * time.Hour
	creationTimeout = 30 * time.Second
)

// dialer reaches every port of every pod at one address: that of the node, whose network its static pods share.
type dialer struct{ address string }

// PortForward copies between the stream and the port until one side ends. It may be called many times at once.
func (d dialer) PortForward(ctx context.Context, _ string, _ string, port int32, stream io.ReadWriteCloser) error {
	defer stream.Close()
	conn, err := new(net.Dialer).DialContext(ctx, "tcp", net.JoinHostPort(d.address, strconv.Itoa(int(port))))
	if err != nil {
		return err
	}
	defer conn.Close()
	var both sync.WaitGroup
	both.Go(func() {
		_, _ = io.Copy(conn, stream)
		conn.Close() // what the other direction waits for
	})
	_, _ = io.Copy(stream, conn)
	stream.Close()
	both.Wait()
	return nil
}

// runPortForwarder serves what of a kubelet's API Cluster API needs: /portForward/NAMESPACE/POD, to the cluster's own API servers only.
func runPortForwarder() int {
	flags := flag.NewFlagSet("port-forwarder", flag.ExitOnError)
	address := flags.String("address", "127.0.0.1", "where to listen, on port 10250, and where the ports of all pods are")
	cert := flags.String("tls-cert-file", "", "serving certificate")
	key := flags.String("tls-private-key-file", "", "its key")
	clientCA := flags.String("client-ca-file", "", "who vouches for those that may come")
	_ = flags.Parse(os.Args[1:])
	pem, err := os.ReadFile(*clientCA)
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		return 1
	}
	callers := x509.NewCertPool()
	callers.AppendCertsFromPEM(pem)
	mux := http.NewServeMux()
	mux.HandleFunc("/portForward/{namespace}/{pod}", func(w http.ResponseWriter, req *http.Request) {
		options, err := portforward.NewV4Options(req)
		if err != nil {
			http.Error(w, err.Error(), http.StatusBadRequest)
			return
		}
		portforward.ServePortForward(w, req, dialer{*address}, req.PathValue("pod"), "", options, idleTimeout, creationTimeout, portforward.SupportedProtocols)
	})
	server := &http.Server{
		Addr:      net.JoinHostPort(*address, "10250"),
		Handler:   mux,
		TLSConfig: &tls.Config{ClientAuth: tls.RequireAndVerifyClientCert, ClientCAs: callers},
		// Streams are SPDY's or a web socket's: both begin with HTTP/1.1.
		TLSNextProto: map[string]func(*http.Server, *tls.Conn, http.Handler){},
	}
	fmt.Fprintln(os.Stderr, server.ListenAndServeTLS(*cert, *key))
	return 1
}
