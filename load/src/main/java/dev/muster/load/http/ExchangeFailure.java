package dev.muster.load.http;

/** Why an exchange got no whole response. */
public enum ExchangeFailure {
  /** The host's name has no address. */
  UNRESOLVED,
  /** Nobody listens there. */
  REFUSED,
  /** The network does not get there. */
  UNREACHABLE,
  /** Not connected, handshake of TLS included, in the time for it. */
  NOT_CONNECTED,
  /** Handshake or certificate. */
  TLS,
  /** By the peer, with RST. */
  RESET,
  /** By the peer, with FIN, before the response was whole. */
  CLOSED,
  /** The exchange's own time was over. */
  TIMED_OUT,
  /** Nothing came for too long. */
  SILENT,
  /** By {@link Exchange#cut}. */
  CUT,
  /** What came is no HTTP/1.1. */
  PROTOCOL,
  /** A fault of this client, which says nothing about the peer. */
  OURS
}
