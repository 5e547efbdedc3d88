package dev.muster.lab;

import java.time.Duration;

/**
 * How fast this machine is, by what its API server took to become ready: 3 s on two free cores, 140
 * s on one that is emulated. Who waits for more waits as much longer.
 */
record Pace(Duration apiServer) {
  private static final int SHARE = 5;

  /** A limit that holds on a fast machine, for this one. */
  Duration limit(Duration usual) {
    return usual.plus(apiServer.multipliedBy(SHARE));
  }
}
